"""What several commands take: a corpus, the parts of a selection, a view, a day; and how they say how far they are."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

import analytics
from analytics.errors import AnalyticsError, ViewError
from analytics.selection.fields import FILTER_FIELDS
from analytics.selection.selection import Selection, from_pairs
from analytics.settings import corpus_path


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


Command = Callable[..., Any]

DAY = click.DateTime(["%Y-%m-%d"])


def corpus_argument(command: Command) -> Command:
    """The corpus, which need not be named."""
    return click.argument("corpus", required=False, type=click.Path(path_type=Path))(command)


def selection_options(command: Command) -> Command:
    """An option for each part of a selection, named as its parameter in a link, and one for a saved selection."""
    kinds: dict[str, dict[str, Any]] = {
        "day": {"type": DAY},
        "labels": {"multiple": True},
        "number": {},
        "flag": {"is_flag": True},
        "words": {"default": ""},
        "choice": {},
    }
    for field in reversed(FILTER_FIELDS):
        extra: dict[str, Any] = {"type": click.Choice(field.choices)} if field.choices else {}
        if field.kind == "number":
            extra = {"type": click.IntRange(*field.bounds)}
        name = f"--{field.parameter.replace('_', '-')}"
        help_text = f"{field.meaning[0].upper()}{field.meaning[1:]}."
        command = click.option(name, field.attribute, help=help_text, **(kinds[field.kind] | extra))(command)
    saved = "Start from this saved selection; each option given replaces the saved part of the same name."
    return click.option("--selection", "saved", metavar="NAME", help=saved)(command)


def selection_of(given: dict[str, Any]) -> Selection:
    """The parts given as options, over those of the saved selection that is named."""
    saved = given.pop("saved")
    for name in (field.attribute for field in FILTER_FIELDS if field.kind == "day"):
        given[name] = given[name].date() if given[name] else None
    selection = Selection(**given)
    if saved is None:
        return selection
    from analytics.userdata.selections import find

    replaced = {parameter for parameter, _ in selection.pairs()}
    return from_pairs([*(pair for pair in find(saved).pairs() if pair[0] not in replaced), *selection.pairs()])


def load(corpus: Path | None) -> Any:
    """The corpus, with a progress bar while it loads."""
    from analytics.corpus.loader import load_corpus

    with counted("Loading") as show:
        return load_corpus(corpus_path(corpus), progress=show)


def store_option(command: Command) -> Command:
    """The store of reviews, which need not be named."""
    help_text = "The store of reviews; ARTICLE_ANALYTICS_REVIEWS if not given, else a file of the data folder."
    return click.option("--store", metavar="URL", help=help_text)(command)


def beside_for(views: Iterable[Any] | None, corpus: Any, store: str | None) -> Any:
    """What the views, all of the catalog if none are named, need beside the articles of a corpus, where it is there."""
    from analytics.catalog import VIEWS
    from analytics.engine.side_data import SideData as Beside
    from analytics.reviews.store.lookup import reviewed_of

    requires = {view.requires for view in (VIEWS.values() if views is None else views)}
    return Beside(
        history=_history(corpus) if "history" in requires else None,
        reviewed=reviewed_of(corpus, store) if "reviewed" in requires else None,
    )


def _history(corpus: Any) -> Any:
    from analytics.history.loader import history_of

    with counted("Reading the history") as show:
        return history_of(corpus, progress=show)


@contextmanager
def counted(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar that is told how many are done of how many."""
    with progress_bar(0, label) as bar:

        def show(done: int, total: int) -> None:
            if done < bar.pos:
                bar.finished, bar.pos = False, 0
            bar.length = total
            bar.update(done - bar.pos)

        yield show


@contextmanager
def stepped(label: str, steps: int) -> Iterator[Callable[[str], None]]:
    """A progress bar that is told the name of each step when it is done."""
    with progress_bar(steps, label) as bar:
        yield lambda _: bar.update(1)


def progress_bar(length: int, label: str) -> Any:
    """A progress bar on standard error, which stays silent when nobody watches."""
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


def view_of(slug: str) -> Any:
    """The view of a name. Raises ViewError, with the name that was meant."""
    from analytics.catalog import VIEWS
    from analytics.userdata.validation import did_you_mean

    if slug not in VIEWS:
        raise ViewError(f"There is no view {slug!r}.{did_you_mean(slug, VIEWS)} `article-analytics views` lists them.")
    return VIEWS[slug]


def today(day: datetime | None) -> date:
    """The day given, else this one (UTC)."""
    return (day or datetime.now(UTC)).date()
