"""Commands: serve, check, init, views."""

import os
import socket
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from analytics.cli.options import (
    CORPUS_PATH,
    PATH,
    chosen_profile,
    corpus_and_profile_arguments,
    excel_option,
    load,
    main,
    progress_bar,
    today_option,
)
from analytics.settings import (
    PACKAGE,
    corpus_path,
    make_path_variables_absolute,
    set_allocator_variables,
    set_corpus_variables,
)

if TYPE_CHECKING:
    from analytics.reports import corpus_check as check_report


@main.command()
@corpus_and_profile_arguments
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--headless", is_flag=True, help="Do not open a browser.")
def serve(corpus: Path | None, port: int, headless: bool) -> NoReturn:
    """Open the dashboard in the browser, on this machine only."""
    path = corpus_path(corpus)
    if not path.exists():
        from analytics.corpus.sources.open import open_source

        open_source(path)  # the revision of a repository is no path; what is neither is refused here
    profile = chosen_profile()
    if profile is not None:
        from analytics.corpus.parsing.profile_file import load_profile

        load_profile(profile)  # what is wrong with it is said here, not in the browser
    _refuse_taken_port(port)
    set_corpus_variables(path, profile)
    flags = [*_address_flags(port), f"--server.headless={str(headless).lower()}"]
    entry = _entry()
    make_path_variables_absolute()
    set_allocator_variables()
    # neither a `streamlit.py` (-P) nor a `.streamlit/config.toml` of the current folder is what is meant
    os.chdir(entry.parent)
    click.echo(f"The dashboard is at http://127.0.0.1:{port} (Ctrl-C ends it).")
    sys.stdout.flush()
    started = PACKAGE / "app" / "__main__.py"
    os.execv(sys.executable, [sys.executable, "-P", str(started), "run", str(entry), *flags])


def _refuse_taken_port(port: int) -> None:
    """Raise UsageError where the dashboard could not listen, before it is started and called open."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.UsageError(f"Port {port} cannot be used: {error.strerror}. Name another with --port.") from None


def _address_flags(port: int) -> list[str]:
    """Flags by which Streamlit serves at just the address that is said, and the browser opens it.

    Variables like STREAMLIT_SERVER_ADDRESS and a `~/.streamlit/config.toml`, made for other dashboards, say otherwise.
    """
    return [
        f"--server.port={port}",
        "--server.address=127.0.0.1",
        "--server.baseUrlPath=",
        "--browser.serverAddress=127.0.0.1",
        f"--browser.serverPort={port}",
    ]


def _entry() -> Path:
    """The script that Streamlit runs, beside `.streamlit/config.toml`, in an installed package or in a checkout.

    What stands beside an installed package is of others, also a `dashboard.py`.
    """
    packed = PACKAGE / "app"
    return packed / "run.py" if (packed / ".streamlit").is_dir() else PACKAGE.parent / "dashboard.py"


@main.command()
@corpus_and_profile_arguments
@click.option("--format", "file_format", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="The least that makes the exit code 1.",
)
@excel_option
@today_option
def check(
    corpus: Path | None,
    file_format: "check_report.Format",
    fail_on: "check_report.Level",
    excel: bool,
    today: date | None,
) -> NoReturn:
    """Count what CORPUS holds and list every problem in it.

    Exit code 0: nothing at or above --fail-on was found; 1: something was; 2: the corpus cannot be read;
    4: the program itself failed.
    """
    from analytics.reports import corpus_check as check_report

    found = check_report.check(load(corpus, today))
    click.echo(found.render(file_format, excel=excel), nl=False)
    sys.exit(found.fails(fail_on))


@main.command()
@click.argument("corpus", required=False, type=CORPUS_PATH)
@click.option("--out", type=PATH, help="File to write, such as corpus.yml; without it, the screen.")
@click.option("--replace", is_flag=True, help="Let --out take the place of a file that is there.")
@today_option
def init(corpus: Path | None, out: Path | None, replace: bool, today: date | None) -> None:
    """Propose a corpus.yml for CORPUS: the keys found for each field, its collections, and names that may be one.

    Used as it is, the proposal reads what is read without it; what may be so as well stands in it as comments.
    """
    from analytics.reports.export_files import check_file_target, write_file_atomically
    from analytics.reports.profile_proposal import proposal

    there = out is not None and os.path.lexists(out)
    if there and not replace:
        raise click.UsageError(f"{out} is there already. Name another file, or add --replace.")
    if out is not None:
        check_file_target(out)
    with progress_bar("Loading") as progress:
        text = proposal(corpus_path(corpus), today=today, progress=progress)
    if out is None:
        click.echo(text, nl=False)
        return
    write_file_atomically(out, text.encode())
    replaced = " in place of the file that was there" if there else ""
    click.echo(f"{out}: a proposal{replaced}. Read it before you use it.")


@main.command()
def views() -> None:
    """List the views: slug, page and question."""
    from analytics.catalog import VIEWS

    width, page_width = max(map(len, VIEWS)), max(len(view.page) for view in VIEWS.values())
    for view in VIEWS.values():
        click.echo(f"{view.slug:<{width}}  {view.page:<{page_width}}  {view.question}")
