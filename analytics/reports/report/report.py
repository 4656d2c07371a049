"""The content of a report, whatever its format: cover, summary, notes, and an answer for each view."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

import analytics
from analytics.analyses.common.days_of_slice import compared_with_text
from analytics.analyses.common.frequent_labels import top_labels
from analytics.catalog import VIEWS
from analytics.catalog.view import Value, View
from analytics.charts.theme import COLOURS, Look, palette
from analytics.corpus.loader import Corpus
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice
from analytics.engine.slice_of import left_out_collections_text, slice_of
from analytics.history.as_of import last_commit_of
from analytics.progress import Progress
from analytics.reports.available_views import AvailableViews, given_or_available_views
from analytics.reports.report.summary import summary
from analytics.selection.selection import Selection


@dataclass(frozen=True)
class Answer:
    """A view's answer for the selection: its options, its table, what it says, and how its chart looks."""

    view: View
    options: dict[str, Value]
    table: pd.DataFrame
    finding: str
    look: Look


@dataclass(frozen=True)
class Report:
    """The content of a report. The caller gives the day it was `made`, so that the same report can be made again.

    `notes` are days and text; `problems` counts the problems in the files by code, whichever views were
    chosen; `left_out` has sentences on the views without side data.
    """

    title: str
    made: date
    cover: dict[str, str]
    summary: list[str]
    answers: list[Answer]
    problems: Answer
    notes: list[tuple[str, str]]
    left_out: list[str]


def build_report(
    corpus: Corpus,
    selection: Selection,
    *,
    made: date,
    title: str = "Article report",
    views: Sequence[View] | AvailableViews | None = None,
    options: Mapping[str, Mapping[str, Value]] | None = None,
    notes: pd.DataFrame | None = None,
    side_data: SideData = NO_SIDE_DATA,
    progress: Progress | None = None,
) -> Report:
    """The report of a selection: all views of the catalog or those that are named, in the order given.

    `options` are by view and name; others have their defaults. `notes` (day, last_day, text) stand in a list and on the
    time axes of the charts. Views of the catalog without side data are left out. Raises ViewError when one of the
    `views` lacks it.
    """
    available = views if isinstance(views, AvailableViews) else given_or_available_views(views, side_data)
    data = slice_of(corpus, selection, side_data)
    dated = pd.DataFrame() if notes is None else notes
    answers = []
    asked = [*available.views, VIEWS["problems_by_code"]]
    for answer in view_answers(data, asked, options or {}, dated):
        answers.append(answer)
        if progress is not None and len(answers) < len(asked):
            progress(len(answers), len(asked) - 1, answer.view.slug)
    problems = answers.pop()
    cover = _cover_facts(data, made)
    return Report(
        title, made, cover, summary(data), answers, problems, _note_lines(dated), available.left_out_sentences()
    )


def view_answers(
    data: Slice, views: Iterable[View], options: Mapping[str, Mapping[str, Value]], notes: pd.DataFrame
) -> Iterator[Answer]:
    """The answers of views one after the other, with the same colours for topics and providers."""
    colours = palette(*(top_labels(data.whole, key, len(COLOURS)) for key in ("topic", "provider")))
    for view in views:
        chosen = view.defaults() | dict(options.get(view.slug, {}))
        table = view.answer(data, chosen)
        yield Answer(view, chosen, table, view.full_finding(data, table), view.look(chosen, colours, notes))


def _note_lines(notes: pd.DataFrame) -> list[tuple[str, str]]:
    """The day or days of each note, and what it says."""
    rows = notes.to_dict("records")
    days = [[f"{row[name]:%Y-%m-%d}" for name in ("day", "last_day")] for row in rows]
    return [(" to ".join(dict.fromkeys(ends)), row["text"]) for ends, row in zip(days, rows, strict=True)]


def _cover_facts(data: Slice, made: date) -> dict[str, str]:
    corpus = data.corpus
    facts = {
        "Selection": data.selection.in_words(),
        "Selection as link": data.selection.text or "(everything)",
        "Articles": f"{data.n:,} of {len(corpus.articles):,}",
        **({"Left out": others} if (others := left_out_collections_text(data)) else {}),
        "Days": _days_in_words(data),
        "Today": f"{corpus.today}",
        "Corpus": corpus.name,
        "Fingerprint": corpus.fingerprint,
        "Commit": last_commit_of(corpus) or "not in git",
        "Made": f"{made} by article-analytics {analytics.__version__}",
    }
    if corpus.profile.in_words:
        facts["Profile"] = corpus.profile.in_words
    if compared := compared_with_text(data):
        n = f", n = {data.compared.n:,}" if data.compared is not None else ""
        facts["Compared with"] = f"{compared}{n}"
    return facts


def _days_in_words(data: Slice) -> str:
    """The chosen days, and those of the articles where they differ."""
    chosen, own = data.selection, data.tally("day")["day"].dropna()
    if own.empty:
        asked = f"{chosen.start or '…'} to {chosen.end or '…'} (UTC): "
        return f"{asked if chosen.start or chosen.end else ''}no article has a date"
    first, last = own.min().date(), own.max().date()
    found = f"{first} to {last} (UTC)"
    asked = f"{chosen.start or first} to {chosen.end or last} (UTC)"
    return found if asked == found else f"{asked}; articles from {first} to {last}"
