"""When each topic was first and last seen."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.topics.over_time import topic_lifespans
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import Article, article, articles, corpus_of, part_of, real_corpus, real_selections, selections
from tests.plain import OTHER, chosen, main_days, records_in, records_of, rows_of


def by_loop(records, selection, top):
    data, days = chosen(records, selection), main_days(records)
    names = {topic for item in data for topic in item.topics}
    names = sorted(names, key=lambda name: (-sum(name in item.topics for item in data), name))
    shown = names[:top] if top and len(names) > top + 1 else names
    groups = {name: {name} for name in shown}
    if len(names) > len(shown):
        groups[OTHER] = set(names[len(shown) :])
    as_of = min(selection.end or days[-1], days[-1]) if days else None
    rows = [row(label, group, data, as_of) for label, group in groups.items()]
    rows.sort(key=lambda found: (-(found["last"] or date.min).toordinal(), -found["n"], found["topic"]))
    return rows


def row(label, group, data, as_of):
    here = [item for item in data if group & set(item.topics)]
    days = sorted(item.day for item in here if item.day)
    different = sorted(set(days))
    gaps = [(later - earlier).days for earlier, later in pairwise(different)]
    since, gap = (as_of - days[-1]).days if days else None, max(gaps, default=None)
    state = "few" if len(days) < 10 else "quiet" if gap is not None and since > gap else "active"
    ends = {"first": days[0] if days else None, "last": days[-1] if days else None, "as_of": as_of}
    counts = {"state": state, "n": len(days), "undated": len(here) - len(days)}
    return {"topic": label, "topics": len(group)} | ends | {"days_since": since, "longest_gap": gap} | counts


@pytest.mark.slow
@given(listed=articles(max_size=30), selection=selections(), top=st.sampled_from([0, 1, 2, 10]))
def test_table_is_that_of_a_loop(listed: list[Article], selection: Selection, top: int) -> None:
    table = topic_lifespans(Slice(corpus_of(listed), selection), top=top)
    assert rows_of(table) == by_loop(records_of(listed), selection, top)


@pytest.mark.shared
@real_selections
@pytest.mark.parametrize("top", [0, 3])
def test_table_of_a_real_site_is_that_of_a_loop(shared: Callable[[str], Path], selection: Selection, top: int) -> None:
    folder = shared("powerapps")
    table = topic_lifespans(Slice(real_corpus(folder), selection), top=top)
    assert rows_of(table) == by_loop(records_in(folder), selection, top)


def on_days(topic, *days):
    return [article(at=f"2024-01-{day:02}", topics=[topic]) for day in days]


QUIET = on_days("AI", *range(1, 11)) + on_days("Law", 1, 2, 3, 4, 5, 6, 7, 8, 9, 31) + on_days("Chips", 12)


def test_quiet_is_longer_than_ever_before_and_not_said_of_few() -> None:
    table = topic_lifespans(part_of([*QUIET, article(topics=["AI"])]))
    columns = ["topic", "days_since", "longest_gap", "state", "n", "undated"]
    assert table[columns].to_numpy(na_value=None).tolist() == [
        ["Law", 0, 22, "active", 10, 0],
        ["Chips", 19, None, "few", 1, 0],
        ["AI", 21, 1, "quiet", 10, 1],
    ]


def test_days_count_to_the_end_of_a_range_that_ends_before_the_corpus() -> None:
    table = topic_lifespans(part_of(QUIET, end=date(2024, 1, 20))).set_index("topic")
    assert table["as_of"].dt.date.unique().tolist() == [date(2024, 1, 20)]
    assert table["days_since"].to_dict() == {"Chips": 8, "AI": 10, "Law": 11}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No article with a date has a topic."),
        ([article(topics=["AI"])], "No article with a date has a topic."),
        (
            on_days("News", 4),
            "No topic with 10 articles has been quiet for longer than ever before by 4 January 2024. The newest in the "
            "selection is News, first seen on 4 January 2024 (n = 1).",
        ),
        (
            QUIET,
            "AI (n = 10) has been quiet for 21 days by 31 January 2024, longer than ever before (at most 1 day). The "
            "newest in the selection is Chips, first seen on 12 January 2024 (n = 1).",
        ),
        (
            QUIET + on_days("Space", *range(3, 14)),
            "AI (n = 10) has been quiet for 21 days by 31 January 2024, longer than ever before (at most 1 day), "
            "as have 1 more of 4 topics. The newest in the selection is Chips, first seen on 12 January 2024 (n = 1).",
        ),
    ],
    ids=["nothing", "no date", "one article", "one quiet", "two quiet"],
)
def test_finding(listed: list[Article], said: str) -> None:
    assert topic_lifespans.finding(topic_lifespans(part_of(listed))) == said
