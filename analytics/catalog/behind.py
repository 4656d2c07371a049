"""How the rows of the views turn into selections of the articles behind them: clauses that the catalog combines."""

from collections.abc import Callable

import pandas as pd

from analytics.analyses.topics import umbrella_topics
from analytics.engine.coded import NONE, OTHER
from analytics.selection import Pairs
from analytics.view import Behind, Clause, Row

FIELD_OF = {"topic": "topics"}
"""Key of a tally → the field that an article lacks which has no label, when it is called otherwise."""


def articles(*clauses: Clause, count: str | Callable[[Row], int] = "n", name: str = "articles") -> Behind:
    """The articles behind a row."""
    return Behind(name, count, clauses)


def always(parameter: str, *values: str) -> Clause:
    """Parts that every row adds."""
    return lambda _: [(parameter, value) for value in values]


def topic(column: str = "topic", *, umbrella: str | bool = False) -> Clause:
    """A topic by name, without any, or all topics but those by name.

    `umbrella` says whether the umbrella topics are left out of the table, or names the option that says so.
    """

    def pairs(row: Row) -> Pairs:
        value = row[column]
        if value == NONE:
            return [("lacks", "topics")]
        if value != OTHER:
            return [("topic_all", value)]
        left_out = row.options[umbrella] == "left out" if isinstance(umbrella, str) else umbrella
        named = _named(row, column) + (umbrella_topics(row.part) if left_out else [])
        return [("topic_beside", label) for label in named]

    return pairs


def provider(column: str = "provider") -> Clause:
    """A provider by name, without any, or all but those by name."""

    def pairs(row: Row) -> Pairs:
        if row[column] == NONE:
            return [("lacks", "provider")]
        if row[column] != OTHER:
            return [("provider", row[column])]
        return [("has", "provider"), *(("provider_none", label) for label in _named(row, column))]

    return pairs


def label(parameter: str, column: str | None = None) -> Clause:
    """A label of a part that takes labels (`state`, `heat_state`, `weekday` …)."""
    return lambda row: [(parameter, str(row[column or parameter]))]


def period(first: str = "period", last: str = "period_end") -> Clause:
    """The days of a period; without one, the articles without a date."""

    def pairs(row: Row) -> Pairs:
        if pd.isna(row[first]):
            return [("lacks", "published_at")]
        return [("from", f"{row[first]:%Y-%m-%d}"), ("to", f"{row[last]:%Y-%m-%d}")]

    return pairs


def between(name: str, low: str, high: str | None = None) -> Clause:
    """A range of scores, lifts or lags (`quality_min`, `quality_max` …); without one, the articles that lack it."""

    def pairs(row: Row) -> Pairs:
        least, most = row[low], row[high or low]
        if pd.isna(least) and pd.isna(most):
            return [("lacks", name)]
        bounds = ((f"{name}_min", least), (f"{name}_max", most))
        return [(parameter, str(int(bound))) for parameter, bound in bounds if pd.notna(bound)]

    return pairs


def _named(row: Row, column: str) -> list[str]:
    labels = row.table[column]
    return sorted(set(labels[~labels.isin([OTHER, NONE])]))
