"""Places and quality of topics over time."""

import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.topics.over_time import topic_quality_over_time, topic_ranks_over_time
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.analyses.test_topics_ranked import umbrellas_by_loop
from tests.corpora import Article, article, articles, corpus_of, part_of, real_corpus, real_selections, selections
from tests.plain import (
    NONE,
    OTHER,
    bounds,
    calendar,
    chosen,
    first_day,
    first_days,
    median_interval,
    near,
    records_in,
    records_of,
    rows_of,
    wilson,
)

grains = st.sampled_from(["auto", "month", "quarter", "year"])
SIZES = ("day", "week", "month", "quarter")


def few_periods(records, selection, wanted):
    span = bounds(records, selection)
    if wanted != "auto" or span is None:
        return "day" if wanted == "auto" else wanted
    return next((grain for grain in SIZES if len(first_days(*span, grain)) <= 16), "year")


def parts_of(records, selection, wanted):
    """Each period with its articles, and all chosen articles."""
    data, grain = chosen(records, selection), few_periods(records, selection, wanted)
    dated = [item for item in data if item.day]
    periods = calendar(records, selection, grain)
    return [(p, [item for item in dated if first_day(item.day, grain) == p.first]) for p in periods], data


def frequent(data, left_out):
    names = {topic for item in data for topic in item.topics} - left_out
    return sorted(names, key=lambda name: (-sum(name in item.topics for item in data), name))


def ranks_by_loop(records, selection, wanted, top):
    periods, data = parts_of(records, selection, wanted)
    overall = frequent(data, umbrellas_by_loop(records))
    places = []
    for _, here in periods:
        counts = {name: sum(name in item.topics for item in here) for name in overall}
        order = sorted((name for name in overall if counts[name]), key=lambda name: -counts[name])
        places.append({name: order.index(name) + 1 for name in order})
    whole = [ranks for (period, _), ranks in zip(periods, places, strict=True) if period.complete]
    if not any(whole):
        whole = places
    best = {name: min(ranks.get(name, 1e9) for ranks in whole) for name in overall if any(name in r for r in whole)}
    highest = sorted(best, key=lambda name: (best[name], overall.index(name)))[:top]
    rows = []
    for ((first, last, complete), here), ranks in zip(periods, places, strict=True):
        for name in sorted(highest, key=overall.index):
            n = sum(name in item.topics for item in here)
            row = {"period": first, "period_end": last, "complete": complete, "topic": name, "rank": ranks.get(name)}
            shares = dict(zip(("share", "low", "high"), wilson(n, len(here)), strict=True))
            rows.append(row | {"n": n, "total": len(here)} | shares)
    return rows


def quality_by_loop(records, selection, wanted, top):
    periods, data = parts_of(records, selection, wanted)
    left_out = umbrellas_by_loop(records)
    names = frequent(data, left_out)
    shown = names[:top] if top and len(names) > top + 1 else names
    tests = {name: lambda item, name=name: name in item.topics for name in shown}
    tests[OTHER] = lambda item: any(topic not in (*shown, *left_out) for topic in item.topics)
    tests[NONE] = lambda item: not item.topics
    rows = []
    for label, test in tests.items():
        if not any(map(test, [item for _, here in periods for item in here])):
            continue
        for (first, last, complete), here in periods:
            scores = [item.quality for item in here if test(item) and item.quality is not None]
            unscored = sum(test(item) and item.quality is None for item in here)
            row = {"period": first, "period_end": last, "complete": complete, "topic": label, "n": len(scores)}
            median = statistics.median(scores) if scores else None
            low, high = median_interval(scores)
            row |= {"unscored": unscored, "median_quality": median, "median_low": low, "median_high": high}
            rows.append(row | {"small": len(scores) < 10})
    return rows


@pytest.mark.slow
@given(listed=articles(), selection=selections(), grain=grains, top=st.sampled_from([1, 2, 7]))
def test_tables_are_those_of_a_loop(listed: list[Article], selection: Selection, grain: str, top: int) -> None:
    data, records = Slice(corpus_of(listed), selection), records_of(listed)
    ranks = topic_ranks_over_time(data, grain=grain, top=top)
    assert rows_of(ranks) == near(ranks_by_loop(records, selection, grain, top))
    quality = topic_quality_over_time(data, grain=grain, top=top)
    assert rows_of(quality) == near(quality_by_loop(records, selection, grain, top))


@pytest.mark.shared
@real_selections
def test_tables_of_a_real_site_are_those_of_a_loop(shared: Callable[[str], Path], selection: Selection) -> None:
    folder = shared("powerapps")
    data, records = Slice(real_corpus(folder), selection), records_in(folder)
    assert rows_of(topic_ranks_over_time(data, top=3)) == near(ranks_by_loop(records, selection, "auto", 3))
    assert rows_of(topic_quality_over_time(data, top=3)) == near(quality_by_loop(records, selection, "auto", 3))


def month(number, quality=None, **counts):
    """So many articles of a month of 2024 on each topic, the first on its first day, the others on its last."""
    days = [31, 29, 31, 30, 31][number - 1]
    return [
        article(at=f"2024-{number:02}-{days if place else 1:02}", topics=[topic], quality=quality)
        for topic, n in counts.items()
        for place in range(n)
    ]


NOTHING = "No article with a date has a topic beside the umbrella topics."
BURST = month(1, AI=6, Law=5, Chips=1) + month(2, AI=6, Law=5, Chips=12) + month(3, AI=12, Law=5)


def test_ranks_are_among_all_topics_and_missing_without_an_article() -> None:
    table = topic_ranks_over_time(part_of(BURST), grain="month", top=2)
    assert table[["topic", "rank"]].to_numpy(na_value=None).tolist() == [
        ["AI", 1],
        ["Chips", 3],
        ["AI", 2],
        ["Chips", 1],
        ["AI", 1],
        ["Chips", None],
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], NOTHING),
        ([article(at="2024-01-31", topics=["News"])] * 9, NOTHING),
        ([article(topics=["AI"]), article()], NOTHING),
        (month(1, AI=2, Law=2), "No complete period has the 10 articles and the topics that a ranking needs."),
        (month(1, AI=9, Law=6), "AI came first in 1 of 1 complete period."),
        (BURST, "AI came first in 2 and Chips in 1 of 3 complete periods."),
        (
            month(1, AI=9, Law=6)
            + month(2, Law=9, AI=6)
            + month(3, Chips=9, AI=6)
            + month(4, Bees=9, AI=6)
            + month(5, Cars=9, AI=6),
            "AI came first in 1, Bees in 1, Cars in 1 and 2 more topics in 2 of 5 complete periods.",
        ),
    ],
    ids=["nothing", "umbrella only", "no date", "few", "one period", "burst", "many"],
)
def test_ranks_finding(listed: list[Article], said: str) -> None:
    assert topic_ranks_over_time.finding(topic_ranks_over_time(part_of(listed), grain="month")) == said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No article with a date has both a quality score and a topic beside the umbrella topics."),
        (
            month(1, AI=10, Law=10),
            "No article with a date has both a quality score and a topic beside the umbrella topics.",
        ),
        (
            month(1, 70, AI=10, Law=9),
            "No complete period has two topics with the 10 scored articles that a statement needs.",
        ),
        (month(1, 70, AI=10, Law=10), "In January 2024 all 2 topics had a median of 70."),
        (
            month(1, 70, AI=10) + month(1, 64, Law=12) + month(2, 90, AI=10),
            "In January 2024 the medians of 2 topics were from 64 to 70 (n = 10 to 12).",
        ),
    ],
    ids=["nothing", "no scores", "few", "same", "apart"],
)
def test_quality_finding(listed: list[Article], said: str) -> None:
    assert topic_quality_over_time.finding(topic_quality_over_time(part_of(listed), grain="month")) == said
