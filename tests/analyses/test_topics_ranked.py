"""Topics ranked and over time, and which topics are umbrellas."""

import statistics
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.common.frequent_labels import top_labels, umbrella_topics
from analytics.analyses.topics.ranked import topics_over_time, topics_ranked
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import (
    Article,
    article,
    articles,
    corpus_of,
    grains,
    part_of,
    real_corpus,
    real_selections,
    selections,
)
from tests.plain import (
    NONE,
    OTHER,
    calendar,
    chosen,
    first_day,
    grain_for,
    near,
    records_in,
    records_of,
    rows_of,
    wilson,
)


def umbrellas_by_loop(records):
    names = {topic for item in records for topic in item.topics}
    return {name for name in names if 10 * sum(name in item.topics for item in records) >= 9 * len(records)}


def by_loop(records, selection, wanted, top, umbrella):
    data, grain = chosen(records, selection), grain_for(records, selection, wanted)
    left_out = umbrellas_by_loop(records) if umbrella == "left out" else set()
    names = {topic for item in data for topic in item.topics} - left_out
    shown = sorted(names, key=lambda name: (-sum(name in item.topics for item in data), name))[:top]
    tests = {name: lambda item, name=name: name in item.topics for name in shown}
    tests[OTHER] = lambda item: any(topic not in (*shown, *left_out) for topic in item.topics)
    tests[NONE] = lambda item: not item.topics
    dated = [item for item in data if item.day]
    labels = [name for name in tests if name in shown or any(map(tests[name], dated))]
    rows = []
    for period in calendar(records, selection, grain):
        here = [item for item in dated if first_day(item.day, grain) == period.first]
        for label in labels:
            n = sum(map(tests[label], here))
            rows.append(row(period, label, n, len(here)))
    return rows


def row(period, topic, n, total):
    shares = dict(zip(("share", "low", "high"), wilson(n, total), strict=True))
    first, last, complete = period
    head = {"period": first, "period_end": last, "complete": complete}
    return head | {"topic": topic, "n": n, "total": total} | shares


@pytest.mark.slow
@given(
    listed=articles(),
    selection=selections(),
    grain=grains,
    top=st.sampled_from([1, 2, 3, 7]),
    umbrella=st.sampled_from(["left out", "shown"]),
)
def test_table_is_that_of_a_loop(
    listed: list[Article], selection: Selection, grain: str, top: int, umbrella: str
) -> None:
    data, records = Slice(corpus_of(listed), selection), records_of(listed)
    table = topics_over_time(data, grain=grain, top=top, umbrella=umbrella)
    assert rows_of(table) == near(by_loop(records, selection, grain, top, umbrella))
    assert set(umbrella_topics(data)) == umbrellas_by_loop(records)


@pytest.mark.shared
@real_selections
@pytest.mark.parametrize("umbrella", ["left out", "shown"])
def test_table_of_a_real_site_is_that_of_a_loop(
    shared: Callable[[str], Path], selection: Selection, umbrella: str
) -> None:
    folder = shared("powerapps")
    data, records = Slice(real_corpus(folder), selection), records_in(folder)
    table = topics_over_time(data, grain="quarter", top=5, umbrella=umbrella)
    assert rows_of(table) == near(by_loop(records, selection, "quarter", 5, umbrella))
    assert umbrella_topics(data) == ["Power Apps"]


def test_article_counts_under_each_topic_and_once_under_all_others() -> None:
    listed = [
        article(at="2024-01-01", topics=["AI", "Law"]),
        article(at="2024-01-06", topics=["AI", "Chips", "Space"]),
        article(at="2024-01-31", topics=["AI"]),
        article(at="2024-01-31"),
        article(topics=["AI"]),
    ]
    january = (date(2024, 1, 1), date(2024, 1, 31), True)
    assert rows_of(topics_over_time(part_of(listed), grain="month", top=1)) == near(
        [row(january, "AI", 3, 4), row(january, OTHER, 2, 4), row(january, NONE, 1, 4)]
    )
    assert rows_of(topics_over_time(part_of(listed), grain="month", top=2)) == near(
        [row(january, "AI", 3, 4), row(january, "Chips", 1, 4), row(january, OTHER, 2, 4), row(january, NONE, 1, 4)]
    )


@pytest.mark.slow
def test_umbrella_is_on_nine_of_ten_of_the_whole_corpus_whatever_is_chosen() -> None:
    listed = [article(at="2024-01-01", topics=["News", "AI"])] * 8 + [article(topics=["News"]), article(topics=["Law"])]
    assert umbrella_topics(part_of(listed)) == umbrella_topics(part_of(listed, topics=("Law",))) == ["News"]
    assert umbrella_topics(part_of([*listed, article()])) == []
    shown = topics_over_time(part_of(listed), umbrella="shown")
    assert set(topics_over_time(part_of(listed))["topic"]) == {"AI", "Law"}
    assert set(shown["topic"]) == {"News", "AI", "Law"}


def test_top_labels_are_the_most_frequent_with_ties_in_alphabetical_order() -> None:
    data = part_of([article(topics=["b", "c"]), article(topics=["c", "a"]), article()])
    assert top_labels(data, "topic") == ["c", "a", "b"]
    assert top_labels(data, "topic", 2) == ["c", "a"]
    assert top_labels(data, "topic", 2, left_out=["c"]) == ["a", "b"]
    assert top_labels(data, "provider") == []


def year(*months):
    """Ten articles in each month of 2024, so many about AI: the first on its first day, the others on its last."""
    days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return [
        article(at=f"2024-{month:02}-{days[month - 1] if place else 1:02}", topics=["AI" if place < count else "Law"])
        for month, count in enumerate(months, start=1)
        for place in range(10)
    ]


FEW = [article(at="2024-01-01", topics=["AI"]), article(at="2024-01-31", topics=["Law"]), article(at="2024-01-01")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No article with a date has a topic beside the umbrella topics."),
        ([article(at="2024-01-01", topics=["AI"])], "No article with a date has a topic beside the umbrella topics."),
        (
            [article(at="2024-01-01"), article(topics=["AI"])],
            "No article with a date has a topic beside the umbrella topics.",
        ),
        (FEW, "Topics by name: 2."),
        (
            year(5, 5, 5),
            "Too few periods to tell (1 and 1; at least 2 on each side are needed) between the first and the last "
            "complete period (January 2024 to March 2024).",
        ),
        (
            year(5, 5, 5, 6, 5, 5),
            "No clear change (2 topics compared) between the first and the last 2 complete periods (January 2024 to "
            "June 2024).",
        ),
        (
            year(1, 1, 2, 1, 5, 5, 5, 5, 9, 8, 9, 9),
            "AI rose from 12% to 88% of the articles (difference [+47, +100] points, q < 0.001; n = 40 and 40) "
            "between the "
            "first and the last 4 complete periods (January 2024 to December 2024); 2 of 2 topics compared.",
        ),
    ],
    ids=["nothing", "umbrella only", "never both", "one month", "too few months", "no change", "rise"],
)
def test_finding(listed: list[Article], said: str) -> None:
    assert topics_over_time.finding(topics_over_time(part_of(listed), grain="month")) == said


def ranked_by_loop(records, selection, top):
    data, umbrellas = chosen(records, selection), umbrellas_by_loop(records)
    names = {topic for item in data for topic in item.topics}
    names = sorted(names, key=lambda name: (-sum(name in item.topics for item in data), name))
    shown = names[:top] if top and len(names) > top + 1 else names
    groups = {name: {name} for name in shown}
    if len(names) > len(shown):
        groups[OTHER] = set(names[len(shown) :])
    rows = []
    for rank, (label, group) in enumerate(groups.items(), start=1):
        here = [item for item in data if group & set(item.topics)]
        rows.append(ranked_row(None if label == OTHER else rank, label, len(group), label in umbrellas, here, data))
    if bare := [item for item in data if not item.topics]:
        rows.append(ranked_row(None, NONE, 0, False, bare, data))
    return rows


def ranked_row(rank, label, topics, umbrella, here, data):
    states = [item.state for item in here if item.state != "unknown"]
    scores = [item.quality for item in here if item.quality is not None]
    published = states.count("published")
    return {
        "rank": rank,
        "topic": label,
        "topics": topics,
        "umbrella": umbrella,
        "n": len(here),
        "total": len(data),
        **dict(zip(("share", "share_low", "share_high"), wilson(len(here), len(data)), strict=True)),
        "decided": len(states),
        "published": published,
        **dict(zip(("share_published", "low", "high"), wilson(published, len(states)), strict=True)),
        "small": len(states) < 10,
        "scored": len(scores),
        "median_quality": statistics.median(scores) if scores else None,
    }


@pytest.mark.slow
@given(listed=articles(), selection=selections(), top=st.sampled_from([0, 1, 2, 12]))
def test_ranking_is_that_of_a_loop(listed: list[Article], selection: Selection, top: int) -> None:
    table = topics_ranked(Slice(corpus_of(listed), selection), top=top)
    assert rows_of(table) == near(ranked_by_loop(records_of(listed), selection, top))


@pytest.mark.shared
@real_selections
@pytest.mark.parametrize("top", [0, 3])
def test_ranking_of_a_real_site_is_that_of_a_loop(
    shared: Callable[[str], Path], selection: Selection, top: int
) -> None:
    folder = shared("powerapps")
    table = topics_ranked(Slice(real_corpus(folder), selection), top=top)
    assert rows_of(table) == near(ranked_by_loop(records_in(folder), selection, top))


def test_pooled_topics_count_an_article_once() -> None:
    listed = [article(topics=["AI", "Law", "Chips"]), article(topics=["AI"]), article(topics=["Law", "Space"])]
    table = topics_ranked(part_of(listed), top=1)
    assert table[["rank", "topic", "topics", "n"]].to_numpy(na_value=None).tolist() == [
        [1, "AI", 1, 2],
        [None, OTHER, 3, 2],
    ]


UNDER = [article(topics=["News"])] * 19


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No articles."),
        ([article()], "No article has a topic."),
        (UNDER, "News is on 19 of 19 articles (100% [83, 100]) and tells none apart; there is no other topic."),
        (
            [*UNDER, article(topics=["News", "AI"], published=True)],
            "AI is on 1 of 20 articles (5% [1, 24]), no other is; 100% [21, 100] of its 1 decided article is "
            "published; News is on 20 of 20 articles (100% [84, 100]) and tells none apart.",
        ),
        (
            [article(topics=["AI"]), article(topics=["AI", "Law"]), article(), article()],
            "AI is on 2 of 4 articles (50% [15, 85]), the most of 2 topics.",
        ),
    ],
    ids=["nothing", "no topic", "umbrella only", "one under it", "no umbrella"],
)
def test_ranking_finding(listed: list[Article], said: str) -> None:
    assert topics_ranked.finding(topics_ranked(part_of(listed))) == said
