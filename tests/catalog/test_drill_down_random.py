"""The very articles behind the rows, against plain loops over random small corpora and selections."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.common.frequent_labels import umbrella_topics
from analytics.catalog import VIEWS
from analytics.catalog.view import ViewRow
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.catalog.test_drill_down import UNSAID
from tests.corpora import articles, corpus_of, selections
from tests.plain import NONE, ONE_DAY, OTHER, Record, chosen, first_day, records_of

Meant = Callable[[Record, ViewRow, Sequence[Record]], bool]
"""Whether a row counts an article, of all those that it may."""


def named(row: ViewRow, column: str) -> set[str]:
    return set(row.table[column])


def in_days(item: Record, first: pd.Timestamp, last: pd.Timestamp) -> bool:
    if pd.isna(first):
        return item.day is None
    return item.day is not None and first.date() <= item.day <= last.date()


def in_range(value: int | None, low: Any, high: Any) -> bool:
    if pd.isna(low) and pd.isna(high):
        return value is None
    return value is not None and (pd.isna(low) or value >= low) and (pd.isna(high) or value <= high)


def about(item: Record, row: ViewRow, left_out: Sequence[str] = ()) -> bool:
    if row["topic"] == NONE:
        return not item.topics
    if row["topic"] == OTHER:
        return bool(set(item.topics) - named(row, "topic") - set(left_out))
    return row["topic"] in item.topics


def pooled(value: str, row: ViewRow, column: str) -> bool:
    return value == row[column] if row[column] != OTHER else value not in named(row, column)


def heat_kind(item: Record) -> str:
    if item.lift is not None:
        return f"{'above' if item.lift > 0 else 'below' if item.lift else 'at'} quality"
    return {"missing": "no heat", "unranked": "unranked (-1)", "ranked": "ranked, no quality"}[item.heat_state]


def lacks(item: Record, field: str) -> bool:
    own = {"published_at": "at", "type": "kind"}
    return field != "title" and getattr(item, own.get(field, field), None) in (None, ())


def of_status(item: Record, row: ViewRow, records: Sequence[Record]) -> bool:
    if item.day is None or item.provider is None:
        return False
    first, last = row["period"].date(), row["period_end"].date()
    before = first_day(first - ONE_DAY, row.options["grain"])
    days = [other.day for other in records if other.provider == item.provider and other.day]
    now, just_before = (
        any(start <= day <= end for day in days) for start, end in ((first, last), (before, first - ONE_DAY))
    )
    if row["status"] == "silent":
        return before <= item.day < first and not now
    status = "staying" if just_before else "returning" if min(days) < first else "new"
    return first <= item.day <= last and status == row["status"]


def whole(selection: Selection) -> Selection:
    return selection


def any_day(selection: Selection) -> Selection:
    return replace(selection, start=None, end=None)


def from_the_first(selection: Selection) -> Selection:
    return replace(selection, start=None)


def at_score(item: Record, row: ViewRow) -> bool:
    return in_range(item.quality, row["score_from"], row["score_to"])


MEANT: dict[tuple[str, str], tuple[Callable[[Selection], Selection], Meant]] = {
    ("articles_over_time", "articles"): (
        whole,
        lambda item, row, _: in_days(item, row["period"], row["period_end"]) and item.state == row["state"],
    ),
    ("topics_ranked", "published"): (whole, lambda item, row, _: about(item, row) and item.state == "published"),
    ("topic_changes", "then"): (
        any_day,
        lambda item, row, _: (
            in_days(item, row["then_from"], row["then_to"]) and about(item, row, umbrella_topics(row.data))
        ),
    ),
    ("providers_ranked", "articles"): (whole, lambda item, row, _: pooled(item.provider or NONE, row, "provider")),
    ("provider_turnover", "articles"): (from_the_first, of_status),
    ("heat_by_state", "articles"): (whole, lambda item, row, _: heat_kind(item) == row["kind"]),
    ("quality_and_heat", "articles"): (
        whole,
        lambda item, row, _: (
            in_range(item.quality, row["quality_from"], row["quality_to"])
            and item.heat_state == row["heat_state"]
            and (pd.isna(row["heat_from"]) or in_range(item.heat, row["heat_from"], row["heat_to"]))
        ),
    ),
    ("publish_rule", "exceptions"): (
        whole,
        lambda item, row, _: (
            at_score(item, row)
            and item.quality is not None
            and pd.notna(row["cut_off"])
            and item.state == ("published" if item.quality < row["cut_off"] else "unpublished")
        ),
    ),
    ("cut_off_what_if", "no longer published"): (
        whole,
        lambda item, row, _: (
            (row["group"] == "All articles" or pooled(item.provider or NONE, row, "group"))
            and item.state == "published"
            and in_range(item.quality, None, row["other_cut_off"] - 1)
        ),
    ),
    ("publish_lag", "articles"): (whole, lambda item, row, _: in_range(item.lag, row["days_from"], row["days_to"])),
    ("completeness_by_collection", "without it"): (
        whole,
        lambda item, row, _: pooled(item.collection, row, "collection") and lacks(item, row["field"]),
    ),
}
"""View and name of a set → the selection that the row may count in, and what the row means."""

OPTIONS = {"top": 1, "by": "provider", "width": 5}
"""Options that pool much, so that the pooled rows are looked at as well."""


@pytest.mark.slow
@given(
    listed=articles(max_size=30),
    selection=st.just(Selection()) | selections(),
    compare=st.sampled_from([None, "previous"]),
)
def test_behind_a_row_are_the_very_articles_that_it_means(listed, selection, compare) -> None:
    data, records = Slice(corpus_of(listed), replace(selection, compare=compare)), records_of(listed)
    for (slug, name), (beyond, meant) in MEANT.items():
        view, candidates = VIEWS[slug], chosen(records, beyond(selection))
        options = view.defaults() | {key: value for key, value in OPTIONS.items() if key in view.defaults()}
        drill_down = next(each for each in view.drill_downs if each.name == name)
        table = view.answer(data, options)
        for _, values in table.iterrows():
            row = ViewRow(values, table, data, options)
            expected = [item.path for item in candidates if meant(item, row, candidates)]
            found = drill_down.selection(row)
            if found is None:
                assert not expected or selection.topics_beside or (slug, name) in UNSAID, (dict(values), expected)
            else:
                assert Slice(data.corpus, found).articles["path"].tolist() == expected, (dict(values), found.text)
            assert drill_down.n(row) == len(expected), (slug, dict(values))
