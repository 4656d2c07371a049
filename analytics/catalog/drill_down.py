"""How the rows of the views turn into selections of the articles behind them: clauses that the catalog combines."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analytics.analyses.common.labels import umbrella_topics
from analytics.analyses.heat.lift import HEAT_KINDS
from analytics.analyses.overview import FIGURES
from analytics.analyses.providers.turnover import provider_statuses
from analytics.catalog.view import Clause, DrillDown, ViewRow, selected
from analytics.engine.encoded import NONE, OTHER
from analytics.selection.fields import BY_PARAMETER
from analytics.selection.selection import Pairs, Selection

FIELD_OF = {"topic": "topics"}
"""Label of an article → the field that it lacks without one, when that is called otherwise."""


def articles(
    *clauses: Clause,
    count: str | Callable[[ViewRow], int] = "n",
    name: str = "articles",
    within: Callable[[ViewRow], Selection | None] = selected,
) -> DrillDown:
    """The articles behind a row."""
    return DrillDown(name, count, clauses, within)


def less(whole: str, data: str) -> Callable[[ViewRow], int]:
    """Counts what a column has beyond another."""
    return lambda row: row[whole] - row[data]


def any_day(row: ViewRow) -> Selection:
    """The selection on all days, for rows that name the days they count."""
    return replace(row.data.selection, start=None, end=None, compare=None)


def from_the_first(row: ViewRow) -> Selection:
    """The selection with all before its first day, for rows that look back."""
    return replace(row.data.selection, start=None, compare=None)


def compared(row: ViewRow) -> Selection | None:
    """The selection of the comparison period, for counts of what was before."""
    return None if row.data.compared is None else row.data.compared.selection


def always(parameter: str, *values: str) -> Clause:
    """Parts that every row adds."""
    return lambda _: [(parameter, value) for value in values]


DECIDED = always("state", "published", "unpublished")
PUBLISHED = always("state", "published")
SCORED = always("has", "quality")
UNSCORED = always("lacks", "quality")


def having(column: str, there: Clause, missing: Clause = lambda _: []) -> Clause:
    """One clause for rows that have a value in a column, another for those that have none."""
    return lambda row: (missing if pd.isna(row[column]) else there)(row)


def only(column: str, *values: str) -> Clause:
    """Rows without a value in a column, or with none of the given ones, stand for no set."""
    return lambda row: None if pd.isna(row[column]) or (values and row[column] not in values) else []


def unless(column: str, value: str, clause: Clause) -> Clause:
    """A clause for the rows that do not have a value in a column; the row that has it stands for all articles."""
    return lambda row: [] if row[column] == value else clause(row)


def topic(column: str = "topic", *, umbrella: str | bool = False) -> Clause:
    """A topic by name, without any, or all topics but those by name.

    `umbrella` says whether the umbrella topics are left out of the table, or names the option that says so.
    """

    def pairs(row: ViewRow) -> Pairs:
        if row[column] != OTHER:
            return [("topic_all", row[column]) if row[column] != NONE else _without("topic")]
        left_out = row.options[umbrella] == "left out" if isinstance(umbrella, str) else umbrella
        named = _named(row, column) + (umbrella_topics(row.data) if left_out else [])
        return [("topic_beside", label) for label in named]

    return pairs


def provider(column: str = "provider") -> Clause:
    """A provider by name, without any, or all but those by name; those without one are among them unless shown."""

    def pairs(row: ViewRow) -> Pairs:
        if row[column] != OTHER:
            return [("provider", row[column]) if row[column] != NONE else _without("provider")]
        others = [("provider_none", label) for label in _named(row, column)]
        return [*others, ("has", "provider")] if (row.table[column] == NONE).any() else others

    return pairs


def label(parameter: str, column: str | None = None) -> Clause:
    """A label of an any-of part (`state`, `collection`, `type` …), without any, or all labels but those by name."""
    name = column or parameter

    def pairs(row: ViewRow) -> Pairs:
        value = str(row[name])
        if value == NONE:
            return [_without(parameter)]
        if value != OTHER:
            return [(parameter, value)]
        labels = row.data.tally(parameter)[parameter]
        return [(parameter, each) for each in labels if each not in {NONE, *_named(row, name)}]

    return pairs


def group(option: str, column: str = "group") -> Clause:
    """A label of what the option says the rows are grouped by (`analyses.groups`)."""
    said = {
        "topic": topic(column, umbrella=True),
        "provider": provider(column),
        "type": label("type", column),
        "state": label("state", column),
    }
    return lambda row: said[str(row.options[option])](row)


def hour(column: str = "hour") -> Clause:
    """An hour of the day."""
    return lambda row: [("hour", f"{row[column]:02}")]


def period(first: str = "period", last: str = "period_end") -> Clause:
    """The days of a period; without one, the articles without a date."""

    def pairs(row: ViewRow) -> Pairs:
        if pd.isna(row[first]):
            return [("lacks", "published_at")]
        return [("from", f"{row[first]:%Y-%m-%d}"), ("to", f"{row[last]:%Y-%m-%d}")]

    return pairs


def between(name: str, low: str | None, high: str | None, *, above: int = 0) -> Clause:
    """A range of scores, lifts or lags (`quality_min`, `quality_max` …); without one, the articles that lack it.

    The columns hold its ends, or lack the one that is open; `above` is added to the upper one.
    """

    def pairs(row: ViewRow) -> Pairs:
        ends = {f"{name}_min": low and row[low], f"{name}_max": high and row[high] + above}
        known = {parameter: int(end) for parameter, end in ends.items() if pd.notna(end)}
        return [(parameter, _bounded(parameter, end)) for parameter, end in known.items()] or [("lacks", name)]

    return pairs


def field(parameter: str, column: str = "field") -> Clause:
    """The articles that have the row's field (`has`) or lack it (`lacks`)."""
    return lambda row: [(parameter, row[column])]


def _bounded(parameter: str, number: int) -> str:
    low, high = BY_PARAMETER[parameter].bounds
    return str(min(max(number, low), high))


def _without(parameter: str) -> tuple[str, str]:
    return "lacks", FIELD_OF.get(parameter, parameter)


def _named(row: ViewRow, column: str) -> list[str]:
    return sorted({*row.table[column].unique()} - {OTHER, NONE})


_KINDS: tuple[Pairs, ...] = (
    [("lift_min", "1")],
    [("lift_min", "0"), ("lift_max", "0")],
    [("lift_max", "-1")],
    [("heat_state", "ranked"), ("lacks", "quality")],
    [("heat_state", "unranked")],
    [("heat_state", "missing")],
)
_OF_KIND = dict(zip(HEAT_KINDS, _KINDS, strict=True))

_RESTS_ON: tuple[Pairs, ...] = (
    [],
    [("state", "published"), ("state", "unpublished")],
    [("has", "quality")],
    [("has", "lift")],
    [("has", "provider")],
    [("has", "topics")],
    [("has", "published_at")],
)
_OF_FIGURE = dict(zip(FIGURES, _RESTS_ON, strict=True))


def heat_kind(row: ViewRow) -> Pairs:
    """Where the heat of the articles stands to their quality, or why that cannot be said."""
    return _OF_KIND[row["kind"]]


def figure(row: ViewRow) -> Pairs:
    """The articles that a key figure rests on."""
    return _OF_FIGURE[row["figure"]]


def published_of_figure(row: ViewRow) -> int:
    """How many articles of a share are published."""
    known = row["figure"] == "share_published" and pd.notna(row["value"])
    return round(row["value"] * row["n"]) if known else 0


def exception(row: ViewRow) -> Pairs | None:
    """The wrong state on the row's side of the cut-off; None for a range on both sides, or without a cut-off."""
    if pd.isna(row["score_from"]) or pd.isna(row["cut_off"]):
        return None
    if row["score_to"] < row["cut_off"]:
        return [("state", "published")]
    return [("state", "unpublished")] if row["score_from"] >= row["cut_off"] else None


def window(row: ViewRow) -> Pairs | None:
    """The days of all periods that a rolling mean is taken over; None where it has none."""
    if pd.isna(row["window_n"]):
        return None
    periods = row.table.loc[row.table["period"] <= row["period"], "period"]
    first = periods.iloc[-int(row["window"])]
    return [("from", f"{first:%Y-%m-%d}"), ("to", f"{row['period_end']:%Y-%m-%d}")]


def scope(row: ViewRow) -> Pairs:
    """The articles that name a provider, without the one that is left out."""
    left_out = [] if pd.isna(row["left_out"]) else [("provider_none", row["left_out"])]
    return [("has", "provider"), *left_out]


def changed(row: ViewRow) -> Pairs:
    """The topic or provider of a change."""
    return [("topic_all" if row["kind"] == "topic" else "provider", row["label"])]


def status(row: ViewRow) -> Pairs | None:
    """The providers of a status, in the period or, when they fell silent, in the one before; None without one."""
    if not row["providers"]:
        return None
    rows = provider_statuses(row.data, str(row.options["grain"]))
    here = rows[(rows["period"] == row["period"]) & (rows["status"] == row["status"])]
    active = here["active"].iloc[0]
    last = row["period_end"] if active == row["period"] else row["period"] - pd.Timedelta(days=1)
    days = [("from", f"{active:%Y-%m-%d}"), ("to", f"{last:%Y-%m-%d}")]
    return [*days, *(("provider", name) for name in here["provider"])]
