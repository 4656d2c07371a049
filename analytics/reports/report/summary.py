"""A selection in a few sentences, written from the numbers of the views."""

import calendar
from collections.abc import Callable
from datetime import date

import pandas as pd

from analytics.analyses.common.changes import (
    CHANGED,
    cliffs_delta_text,
    difference_interval_text,
    figure_change,
    too_few_text,
)
from analytics.analyses.common.days_of_slice import (
    corpus_is_old_text,
    equally_long,
    no_data_text,
)
from analytics.analyses.common.wording import count_text, share_interval_text
from analytics.analyses.overview import key_figures, ratio_to_comparison_text, share_changes
from analytics.catalog import VIEWS
from analytics.charts.theme import per_cent_text
from analytics.engine.slice import Slice
from analytics.statistics.change_test import DOWN, UP
from analytics.statistics.intervals import SMALL_N

NAMED_MAX = 5
"""The most topics or providers that a sentence names."""

MONTHS = {12: "year", 3: "quarter", 1: "month"}


def summary(data: Slice) -> list[str]:
    """The summary of a selection in sentences: articles, share published, quality, changes, problems.

    The first says when the days are long past. Each carries its n, a share its 95 % Wilson interval. What is called up,
    down, rising or falling has changed by the change test (`common.changes`); numbers of articles are not tested and
    stand beside each other, by the day where the periods are unequally long.
    """
    late = corpus_is_old_text(data)
    if not data.n:
        return [f"{no_data_text(data)} {late}".strip()]
    figures = key_figures(data)
    rows = {str(row["figure"]): row for _, row in figures[figures["period"].isna()].iterrows()}
    sentences = [
        late,
        _count_sentence(data, rows["articles_per_day"]),
        _published_sentence(data, rows["share_published"]),
        _quality_sentence(data, rows["median_quality"]),
    ]
    if data.compared is not None:
        sentences += [_risers_and_fallers_sentence(data, data.compared, key) for key in ("topic", "provider")]
    listed = VIEWS["problems_listed"]
    return [sentence for sentence in [*sentences, listed.finding(listed.answer(data))] if sentence]


def comparison_period_text(data: Slice) -> str:
    """The comparison period in words: the quarter before, the 12 days before, the same days a year before."""
    before = data.compared
    assert before is not None
    assert before.selection.start is not None
    assert before.selection.end is not None
    unit = _length_in_words(before.selection.start, before.selection.end)
    if data.selection.compare == "year" and unit != "year":
        return f"the same {unit if unit in MONTHS.values() else 'days'} a year before"
    return f"the {unit} before"


def _length_in_words(start: date, end: date) -> str:
    """A range in words: year, quarter, month, `5 months`, day, `12 days`."""
    if start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        fits = months in MONTHS and (start.month - 1) % months == 0
        return MONTHS[months] if fits else f"{months} months"
    days = (end - start).days + 1
    return "day" if days == 1 else f"{days:,} days"


def _count_sentence(data: Slice, a_day: pd.Series) -> str:
    text = count_text(data.n, "article")
    if data.compared is None:
        return f"{text}."
    n, days = data.compared.n, data.compared.selection
    before = f"in {comparison_period_text(data)} ({days.start} to {days.end})"
    times = ratio_to_comparison_text(a_day)
    if equally_long(data, data.compared) or not a_day[["value", "previous"]].fillna(0).all():
        return f"{text}; {n:,} {before}{times}."
    return f"{text}, {a_day['value']:.2g} a day; {n:,}, {a_day['previous']:.2g} a day, {before}{times}."


def _published_sentence(data: Slice, row: pd.Series) -> str:
    if pd.isna(row["value"]):
        return "No article says whether it was published."
    if row["n"] < SMALL_N:
        return f"Nothing can be said about the share published, n = {row['n']:,}."
    decided = count_text(row["n"], "that says", "that say")
    text = f"Share published: {per_cent_text(row['value'])} {share_interval_text(row)} of the {decided} so"
    if data.compared is None or pd.isna(row["previous"]):
        return f"{text}."
    change = figure_change(data, data.compared, "share_published")
    before = f"{per_cent_text(row['previous'])} of {row['previous_n']:,} before"
    return f"{text}; {before}: {_outcome_text(change, difference_interval_text)}."


def _quality_sentence(data: Slice, row: pd.Series) -> str:
    if pd.isna(row["value"]) or row["n"] < SMALL_N:
        return f"Nothing can be said about quality, n = {row['n']:,} with a score."
    text = f"Median quality: {row['value']:g} (n = {row['n']:,})"
    if data.compared is None or pd.isna(row["previous"]):
        return f"{text}."
    change = figure_change(data, data.compared, "quality")
    before = f"{row['previous']:g} before (n = {row['previous_n']:,})"
    return f"{text}; {before}; scores: {_outcome_text(change, cliffs_delta_text)}."


def _outcome_text(change: pd.Series | None, test: Callable[[pd.Series], str]) -> str:
    """The outcome of a test, with its numbers where something changed."""
    assert change is not None
    return f"{change['outcome']}, {test(change)}" if change["outcome"] in CHANGED else str(change["outcome"])


def _risers_and_fallers_sentence(data: Slice, before: Slice, key: str) -> str:
    """The topics or providers that rose or fell, of how many that were compared."""
    table = share_changes(data, before, key)
    names = {"topic": "topics", "provider": "providers"}[key]
    if table.empty:
        return ""
    compared = int(table["compared"].iloc[0])
    if not compared:
        few = too_few_text((before.n, data.n), table[["previous_weeks", "weeks"]].iloc[0].tolist())
        return f"{names.capitalize()}: {few[0].lower()}{few[1:]}."
    changes = [
        f"{word}: {_shares_before_and_now(rows)}"
        for word, outcome in (("rising", UP), ("falling", DOWN))
        if len(rows := table[table["outcome"] == outcome])
    ]
    if not changes:
        return f"{names.capitalize()}: no clear change ({count_text(compared, key)} compared)."
    changed = int(table["changed"].iloc[0])
    return f"{names.capitalize()} {'; '.join(changes)}; {changed} of {count_text(compared, key)} compared."


def _shares_before_and_now(rows: pd.DataFrame) -> str:
    ordered = rows.head(NAMED_MAX)
    named = [
        f"{row['label']} ({per_cent_text(row['previous_share'])} of {row['previous_total']:,} → "
        f"{per_cent_text(row['share'])} of {row['total']:,}, {difference_interval_text(row)})"
        for _, row in ordered.iterrows()
    ]
    return ", ".join(named) + _and_more(rows, ordered)


def _and_more(rows: pd.DataFrame, named: pd.DataFrame) -> str:
    more = len(rows) - len(named)
    return f" and {more:,} more" if more else ""
