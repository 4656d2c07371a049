"""Drill-down: from a row of a view's table to a selection of the articles that the row counts.

A catalog entry combines clauses: `articles(period(), topic(), PUBLISHED, count="published", name="published")`. Each
clause turns a row into filters (pairs of URL parameter and value); together they select the articles.
"""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analytics.analyses.common.frequent_labels import umbrella_topics
from analytics.analyses.heat import HEAT_KINDS
from analytics.analyses.overview import FIGURES
from analytics.analyses.providers.turnover import provider_statuses
from analytics.catalog.view import Clause, DrillDown, ViewRow, table_selection
from analytics.corpus.record_fields import ONLY_UMBRELLA, RESERVED_LABELS
from analytics.engine.encoded import NONE, OTHER
from analytics.selection.fields import BY_PARAMETER
from analytics.selection.selection import Pairs, Selection

FIELD_OF = {"topic": "topics"}
"""Filter → the field that an article without such a label lacks, where the two names differ."""


def articles(
    *clauses: Clause,
    count: str | Callable[[ViewRow], int] = "n",
    name: str = "articles",
    within: Callable[[ViewRow], Selection | None] = table_selection,
) -> DrillDown:
    """The drill-down to the articles that match all clauses.

    count: the column, or a function of the row, that says how many articles there are.
    name: what they are called, when a row has several such sets.
    within: the selection that the clauses narrow; by default the one that the table was computed from.
    """
    return DrillDown(name, count, clauses, within)


def difference(whole: str, part: str) -> Callable[[ViewRow], int]:
    """A count: the value of column `whole` less that of column `part`."""
    return lambda row: row[whole] - row[part]


def selection_without_days(row: ViewRow) -> Selection:
    """The selection without its date range, for rows that say themselves which days they count."""
    return replace(row.data.selection, start=None, end=None, compare=None)


def selection_without_start(row: ViewRow) -> Selection:
    """The selection without a start date, for rows that count earlier articles too."""
    return replace(row.data.selection, start=None, compare=None)


def comparison_period(row: ViewRow) -> Selection | None:
    """The selection of the comparison period; None without one."""
    return None if row.data.compared is None else row.data.compared.selection


def fixed(parameter: str, *values: str) -> Clause:
    """A filter that is the same for every row."""
    return lambda _: [(parameter, value) for value in values]


DECIDED = fixed("state", "published", "unpublished")
PUBLISHED = fixed("state", "published")
SCORED = fixed("has", "quality")
UNSCORED = fixed("lacks", "quality")


def if_known(column: str, known: Clause, missing: Clause = lambda _: []) -> Clause:
    """Clause `known` for rows that have a value in the column, `missing` (by default no filter) for the others."""
    return lambda row: (missing if pd.isna(row[column]) else known)(row)


def only_if(column: str, *values: str) -> Clause:
    """No drill-down for rows without a value in the column, or with another value than `values` if these are given."""
    return lambda row: None if pd.isna(row[column]) or (values and row[column] not in values) else []


def unless_equal(column: str, value: str, clause: Clause) -> Clause:
    """No filter for the row that has this value in the column, `clause` for the others."""
    return lambda row: [] if row[column] == value else clause(row)


def topic(column: str = "topic", *, umbrella_left_out: str | bool = False) -> Clause:
    """Articles with the row's topic.

    For (none) those without topics, for All others those with a topic that has no row, for (umbrella topics only) those
    with umbrella topics and no other.

    `umbrella_left_out` says whether umbrella topics are left out of the table, or names the option that decides it.
    """

    def pairs(row: ViewRow) -> Pairs:
        if row[column] == ONLY_UMBRELLA:
            others = set(row.data.tally("topic")["topic"]) - {NONE, *umbrella_topics(row.data)}
            return [("has", "topics"), *(("topic_none", label) for label in sorted(others))]
        if row[column] != OTHER:
            return [("topic_all", row[column]) if row[column] != NONE else _lacking("topic")]
        left_out = (
            row.options[umbrella_left_out] == "left out" if isinstance(umbrella_left_out, str) else umbrella_left_out
        )
        named = _labels_by_name(row, column) + (umbrella_topics(row.data) if left_out else [])
        return [("topic_beside", label) for label in named]

    return pairs


def provider(column: str = "provider") -> Clause:
    """Articles of the row's provider.

    For (none) those without a provider, for All others those of the providers that have no row; these include articles
    without a provider, unless (none) has a row.
    """

    def pairs(row: ViewRow) -> Pairs:
        if row[column] != OTHER:
            return [("provider", row[column]) if row[column] != NONE else _lacking("provider")]
        others = [("provider_none", label) for label in _labels_by_name(row, column)]
        return [*others, ("has", "provider")] if (row.table[column] == NONE).any() else others

    return pairs


def label(parameter: str, column: str | None = None) -> Clause:
    """Articles with the row's label of a filter (`state`, `type` …); (none) and All others as in `topic`."""
    name = column or parameter

    def pairs(row: ViewRow) -> Pairs:
        value = str(row[name])
        if value == NONE:
            return [_lacking(parameter)]
        if value != OTHER:
            return [(parameter, value)]
        labels = row.data.tally(parameter)[parameter]
        return [(parameter, each) for each in labels if each not in {NONE, *_labels_by_name(row, name)}]

    return pairs


def group(option: str, column: str = "group") -> Clause:
    """The clause of the grouping that the option names (`common.labels.GROUPS`)."""
    clauses = {
        "topic": topic(column, umbrella_left_out=True),
        "provider": provider(column),
        "type": label("type", column),
        "state": label("state", column),
    }
    return lambda row: clauses[str(row.options[option])](row)


def hour(column: str = "hour") -> Clause:
    """Articles published in the row's hour of the day (UTC)."""
    return lambda row: [("hour", f"{row[column]:02}")]


def period(first: str = "period", last: str = "period_end") -> Clause:
    """Articles from the row's first to its last day; the articles without a date for a row without days."""

    def pairs(row: ViewRow) -> Pairs:
        if pd.isna(row[first]):
            return [("lacks", "published_at")]
        return [("from", f"{row[first]:%Y-%m-%d}"), ("to", f"{row[last]:%Y-%m-%d}")]

    return pairs


def between(name: str, low: str | None, high: str | None, *, add_to_high: int = 0) -> Clause:
    """Articles whose score, lift or lag `name` lies between two columns' values; those without it when both are empty.

    A column that is None, or empty in the row, leaves its end open; `add_to_high` is added to the upper end.
    """

    def pairs(row: ViewRow) -> Pairs:
        ends = {f"{name}_min": low and row[low], f"{name}_max": high and row[high] + add_to_high}
        known = {parameter: int(end) for parameter, end in ends.items() if pd.notna(end)}
        return [(parameter, _clipped(parameter, end)) for parameter, end in known.items()] or [("lacks", name)]

    return pairs


def field_presence(has_or_lacks: str, column: str = "field") -> Clause:
    """Articles that have (`has`) or lack (`lacks`) the row's field of the record."""
    return lambda row: [(has_or_lacks, row[column])]


def _clipped(parameter: str, number: int) -> str:
    low, high = BY_PARAMETER[parameter].bounds
    return str(min(max(number, low), high))


def _lacking(parameter: str) -> tuple[str, str]:
    return "lacks", FIELD_OF.get(parameter, parameter)


def _labels_by_name(row: ViewRow, column: str) -> list[str]:
    return sorted({*row.table[column].unique()}.difference(RESERVED_LABELS))


_KIND_FILTERS: tuple[Pairs, ...] = (
    [("lift_min", "1")],
    [("lift_min", "0"), ("lift_max", "0")],
    [("lift_max", "-1")],
    [("heat_state", "ranked"), ("lacks", "quality")],
    [("heat_state", "unranked")],
    [("heat_state", "missing")],
)
_FILTERS_OF_KIND = dict(zip(HEAT_KINDS, _KIND_FILTERS, strict=True))

_FIGURE_FILTERS: tuple[Pairs, ...] = (
    [],
    [("has", "published_at")],
    [("state", "published"), ("state", "unpublished")],
    [("has", "quality")],
    [("has", "lift")],
    [("has", "provider")],
    [("has", "topics")],
    [("has", "published_at")],
)
_FILTERS_OF_FIGURE = dict(zip(FIGURES, _FIGURE_FILTERS, strict=True))


def heat_kind(row: ViewRow) -> Pairs:
    """Articles of the row's kind of heat (`HEAT_KINDS`)."""
    return _FILTERS_OF_KIND[row["kind"]]


def figure_articles(row: ViewRow) -> Pairs:
    """Articles that the row's key figure is computed from."""
    if row["figure"] == "articles_per_day" and len(row.data.days_outside):
        days = ("from", row.data.first_day), ("to", row.data.last_day)
        return [(name, str(day)) for name, day in days if day is not None]
    return _FILTERS_OF_FIGURE[row["figure"]]


def published_count_of_share_row(row: ViewRow) -> int:
    """A count: the published articles of the row that holds the share published, 0 in the others."""
    known = row["figure"] == "share_published" and pd.notna(row["value"])
    return round(row["value"] * row["n"]) if known else 0


def publish_exception(row: ViewRow) -> Pairs | None:
    """Published articles below the cut-off, unpublished above; None for a range across it, or without a cut-off."""
    if pd.isna(row["score_from"]) or pd.isna(row["cut_off"]):
        return None
    if row["score_to"] < row["cut_off"]:
        return [("state", "published")]
    return [("state", "unpublished")] if row["score_from"] >= row["cut_off"] else None


def rolling_window(row: ViewRow) -> Pairs | None:
    """Articles of all periods in the row's rolling mean; None for a row without one."""
    if pd.isna(row["window_n"]):
        return None
    periods = row.table.loc[row.table["period"] <= row["period"], "period"]
    first = periods.iloc[-int(row["window"])]
    return [("from", f"{first:%Y-%m-%d}"), ("to", f"{row['period_end']:%Y-%m-%d}")]


def any_provider_but_left_out(row: ViewRow) -> Pairs:
    """Articles with a provider other than the one that the row leaves out."""
    left_out = [] if pd.isna(row["left_out"]) else [("provider_none", row["left_out"])]
    return [("has", "provider"), *left_out]


def topic_or_provider(row: ViewRow) -> Pairs:
    """Articles with the row's topic or provider, as its `kind` says."""
    return [("topic_all" if row["kind"] == "topic" else "provider", row["label"])]


def providers_with_status(row: ViewRow) -> Pairs | None:
    """Articles of the row's providers in its period, or in the period before for those that went silent.

    None for a row without providers.
    """
    if not row["providers"]:
        return None
    rows = provider_statuses(row.data, str(row.options["grain"]))
    here = rows[(rows["period"] == row["period"]) & (rows["status"] == row["status"])]
    active = here["active"].iloc[0]
    last = row["period_end"] if active == row["period"] else row["period"] - pd.Timedelta(days=1)
    days = [("from", f"{active:%Y-%m-%d}"), ("to", f"{last:%Y-%m-%d}")]
    return [*days, *(("provider", name) for name in here["provider"])]
