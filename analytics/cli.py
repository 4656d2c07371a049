"""The command line: serve, check, views, export, sample."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

import analytics
from analytics.corpus.home import ENVIRONMENT, PACKAGE, corpus_path
from analytics.errors import AnalyticsError
from analytics.parts import PARTS
from analytics.selection import Selection

Command = Callable[..., Any]


class _Refusal(click.ClickException):
    """What the program cannot do, said in a sentence."""

    exit_code = 2


class _Group(click.Group):
    """Shows the errors that the program foresaw as a sentence and exit code 2."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except AnalyticsError as error:
            raise _Refusal(str(error)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(analytics.__version__, prog_name="article-analytics")
def main() -> None:
    """Quality, heat, topics and providers of a corpus of curated articles, over time.

    CORPUS is a folder of articles; without one, that of ARTICLE_ANALYTICS_CORPUS, else the sample.
    """


def _corpus_argument(command: Command) -> Command:
    return click.argument("corpus", required=False, type=click.Path(path_type=Path))(command)


def _selection_options(command: Command) -> Command:
    """An option for each part of a selection, named as its parameter in a link."""
    kinds: dict[str, dict[str, Any]] = {
        "day": {"type": click.DateTime(["%Y-%m-%d"])},
        "labels": {"multiple": True},
        "number": {},
        "flag": {"is_flag": True},
        "words": {"default": ""},
        "choice": {},
    }
    for part in reversed(PARTS):
        extra: dict[str, Any] = {"type": click.Choice(part.choices)} if part.choices else {}
        if part.kind == "number":
            extra = {"type": click.IntRange(*part.bounds)}
        name = f"--{part.parameter.replace('_', '-')}"
        help_text = f"{part.meaning[0].upper()}{part.meaning[1:]}."
        command = click.option(name, part.field, help=help_text, **(kinds[part.kind] | extra))(command)
    return command


def _selection(given: dict[str, Any]) -> Selection:
    for name in ("start", "end"):
        given[name] = given[name].date() if given[name] else None
    return Selection(**given)


@main.command()
@_corpus_argument
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--headless", is_flag=True, help="Do not open a browser.")
def serve(corpus: Path | None, port: int, headless: bool) -> NoReturn:
    """Open the dashboard in the browser, on this machine only."""
    path = corpus_path(corpus)
    if not path.exists():
        raise AnalyticsError(f"No corpus at {path}: there is no such folder. Name the folder that holds the articles.")
    os.environ[ENVIRONMENT] = str(path.absolute())
    flags = [f"--server.port={port}", f"--server.headless={str(headless).lower()}"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(_entry()), *flags])


def _entry() -> Path:
    """The script to run: its folder holds `.streamlit/config.toml`, in a checkout and in an installed package."""
    checkout = PACKAGE.parent / "dashboard.py"
    return checkout if checkout.is_file() else PACKAGE / "app" / "main.py"


@main.command()
@_corpus_argument
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

    found = checked(_load(corpus))
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
@_corpus_argument
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder to write; an earlier export is replaced."
)
@click.option("--view", "slugs", multiple=True, help="Only this view; repeatable.")
@click.option("--raw", is_flag=True, help="Leave text that a spreadsheet would run as a formula as it is.")
@_selection_options
def export(corpus: Path | None, out: Path, slugs: tuple[str, ...], raw: bool, **given: Any) -> None:
    """Write one CSV a view, articles.csv and manifest.json."""
    from analytics.reports.bundle import write_bundle

    chosen = [_view(slug) for slug in slugs] or None
    selection = _selection(given)
    loaded = _load(corpus)
    target = write_bundle(loaded, selection, out, views=chosen, raw=raw, progress=_say)
    click.echo(f"{target}: {selection.in_words()}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--articles", type=click.IntRange(0), default=1200, show_default=True, help="How many articles.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed gives the same bytes.")
def sample(folder: Path, articles: int, seed: int) -> None:
    """Write a fictional corpus into a new FOLDER, to try things on."""
    from analytics.corpus.sample import write_sample

    with _progress_bar(articles, "Writing") as bar:
        write_sample(folder, articles=articles, seed=seed, progress=lambda done, _: bar.update(done - bar.pos))
    click.echo(f"{folder}: {articles:,} articles")


def _load(corpus: Path | None) -> Any:
    from analytics.corpus.loader import load_corpus

    with _progress_bar(0, "Loading") as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return load_corpus(corpus_path(corpus), progress=show)


def _progress_bar(length: int, label: str) -> Any:
    """A progress bar on standard error, which stays silent when nobody watches."""
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


def _say(name: str) -> None:
    click.echo(f"  {name}.csv", err=True)


def _view(slug: str) -> Any:
    from analytics.catalog import VIEWS

    if slug not in VIEWS:
        raise AnalyticsError(f"There is no view {slug!r}. `article-analytics views` lists them.")
    return VIEWS[slug]
