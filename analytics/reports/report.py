"""What a report says, before it takes a form: cover, summary, notes, and an answer for each view."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

import analytics
from analytics.analyses.topics import top_labels
from analytics.catalog import VIEWS
from analytics.charts.theme import COLOURS, Look, palette
from analytics.corpus.commit import commit
from analytics.corpus.loader import Corpus
from analytics.engine.beside import NOTHING, Beside
from analytics.engine.slice import Slice
from analytics.reports.needs import Chosen, chosen
from analytics.reports.summary import summary
from analytics.selection import Selection
from analytics.view import Value, View

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    """A view's answer for the selection: its options, its table, and how its chart looks."""

    view: View
    options: dict[str, Value]
    table: pd.DataFrame
    look: Look

    @property
    def finding(self) -> str:
        """The answer in a sentence."""
        return self.view.finding(self.table)


@dataclass(frozen=True)
class Report:
    """A report's content. `made` is the day it was made, given by the caller, so that a report can be made again.

    `notes` are days and text; `problems` counts by kind what is wrong with the files, whichever views were chosen;
    `left_out` says which views lacked what they need.
    """

    title: str
    made: date
    cover: dict[str, str]
    summary: list[str]
    answers: list[Answer]
    problems: Answer
    notes: list[tuple[str, str]]
    left_out: list[str]


def write_up(
    corpus: Corpus,
    selection: Selection,
    *,
    made: date,
    title: str = "Article report",
    views: Sequence[View] | Chosen | None = None,
    options: Mapping[str, Mapping[str, Value]] | None = None,
    notes: pd.DataFrame | None = None,
    beside: Beside = NOTHING,
    progress: Progress | None = None,
) -> Report:
    """The report of a selection: all views of the catalog or those that are named, in the order given.

    `options` are by view and name; others stay as they start. `notes` (day, last_day, text) stand in a list and on the
    time axes of the charts. What views need `beside` the articles is given; views of the catalog that lack it are left
    out. Raises ViewError when one that is named lacks it.
    """
    shown = views if isinstance(views, Chosen) else chosen(views, beside)
    part = Slice(corpus, selection, beside)
    dated = pd.DataFrame() if notes is None else notes
    answers = []
    asked = [*shown.views, VIEWS["problems_by_code"]]
    for answer in answered(part, asked, options or {}, dated):
        answers.append(answer)
        if progress is not None and len(answers) < len(asked):
            progress(answer.view.slug)
    problems = answers.pop()
    cover = _cover(part, made)
    return Report(title, made, cover, summary(part), answers, problems, _told(dated), shown.told())


def answered(
    part: Slice, views: Iterable[View], options: Mapping[str, Mapping[str, Value]], notes: pd.DataFrame
) -> Iterator[Answer]:
    """The views' answers one after the other, all in the same colours."""
    colours = palette(*(top_labels(part.whole, key, len(COLOURS)) for key in ("topic", "provider")))
    for view in views:
        chosen = view.defaults() | dict(options.get(view.slug, {}))
        yield Answer(view, chosen, view.answer(part, chosen), Look(chosen, colours, notes))


def _told(notes: pd.DataFrame) -> list[tuple[str, str]]:
    """The day or days of each note, and what it says."""
    rows = notes.to_dict("records")
    days = [[f"{row[name]:%Y-%m-%d}" for name in ("day", "last_day")] for row in rows]
    return [(" to ".join(dict.fromkeys(ends)), row["text"]) for ends, row in zip(days, rows, strict=True)]


def _cover(part: Slice, made: date) -> dict[str, str]:
    corpus = part.corpus
    facts = {
        "Selection": part.selection.in_words(),
        "Selection as link": part.selection.text or "(everything)",
        "Articles": f"{part.n:,} of {len(corpus.articles):,}",
        "Days": _days(part),
        "Corpus": corpus.name,
        "Fingerprint": corpus.fingerprint,
        "Commit": commit(corpus) or "not in git",
        "Made": f"{made} by article-analytics {analytics.__version__}",
    }
    compared = part.compared
    if compared is not None:
        days = compared.selection
        facts["Compared with"] = f"{days.start} to {days.end} (n = {compared.n:,})"
    elif part.selection.compare is not None:
        facts["Compared with"] = "nothing: a comparison needs a selection with a first day"
    return facts


def _days(part: Slice) -> str:
    span = part.span
    if span is None:
        return "no article has a date"
    beyond = f"; the newest article of the corpus is of {span.known_to}" if span.end > span.known_to else ""
    return f"{span.start} to {span.end} (UTC){beyond}"
