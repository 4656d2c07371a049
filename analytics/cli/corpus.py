"""Commands about a corpus: serve, check, views, sample."""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from analytics.cli.options import corpus_argument, load, main, progress_bar
from analytics.settings import PACKAGE, choose_corpus, corpus_path


@main.command()
@corpus_argument
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--headless", is_flag=True, help="Do not open a browser.")
def serve(corpus: Path | None, port: int, headless: bool) -> NoReturn:
    """Open the dashboard in the browser, on this machine only."""
    path = corpus_path(corpus)
    if not path.exists():
        from analytics.corpus.sources.open import open_source

        open_source(path)  # the revision of a repository is no path; what is neither is refused here
    choose_corpus(path)
    flags = [f"--server.port={port}", f"--server.headless={str(headless).lower()}"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(_entry()), *flags])


def _entry() -> Path:
    """The script to run: its folder holds `.streamlit/config.toml`, in a checkout and in an installed package."""
    checkout = PACKAGE.parent / "dashboard.py"
    return checkout if checkout.is_file() else PACKAGE / "app" / "main.py"


@main.command()
@corpus_argument
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="The least that makes the exit code 1.",
)
def check(corpus: Path | None, form: Any, fail_on: Any) -> NoReturn:
    """Count what CORPUS holds and list every problem in it.

    Exit code 0: nothing at or above --fail-on was found; 1: something was; 2: the corpus cannot be read.
    """
    from analytics.reports.check import check as checked

    found = checked(load(corpus))
    click.echo(found.written(form), nl=False)
    sys.exit(found.fails(fail_on))


@main.command()
def views() -> None:
    """List the views: slug, page and question."""
    from analytics.catalog import VIEWS

    width, page_width = max(map(len, VIEWS)), max(len(view.page) for view in VIEWS.values())
    for view in VIEWS.values():
        click.echo(f"{view.slug:<{width}}  {view.page:<{page_width}}  {view.question}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--articles", type=click.IntRange(0), default=1200, show_default=True, help="How many articles.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed gives the same bytes.")
@click.option("--history", is_flag=True, help="Also write its git history beside it, as FOLDER.bundle.")
def sample(folder: Path, articles: int, seed: int, history: bool) -> None:
    """Write a fictional corpus into a new FOLDER, to try things on."""
    from analytics.history.location import SUFFIX
    from analytics.sample.corpus import write_sample
    from analytics.sample.git_history import write_sample_history

    with progress_bar(articles, "Writing") as bar:
        write_sample(folder, articles=articles, seed=seed, progress=lambda done, _: bar.update(done - bar.pos))
    click.echo(f"{folder}: {articles:,} articles")
    if history:
        bundle = folder.resolve().with_name(f"{folder.resolve().name}{SUFFIX}")
        planted = write_sample_history(bundle, articles=articles, seed=seed)
        click.echo(f"{bundle}: {planted.commits:,} commits")
