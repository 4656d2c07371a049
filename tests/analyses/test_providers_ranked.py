"""Providers ranked, over time and by topic."""

import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.providers.article_counts import providers_by_topic, providers_over_time, providers_ranked
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


def by_loop(records, selection, top):
    data = chosen(records, selection)
    of_label = {}
    for item in data:
        of_label.setdefault(item.provider or NONE, []).append(item)
    ranked = sorted(of_label, key=lambda label: (-len(of_label[label]), label))
    groups = {label: [label] for label in ranked}
    if top and len(ranked) > top + 1:
        groups = {label: [label] for label in ranked[:top]} | {OTHER: ranked[top:]}
    rows = []
    for rank, (label, names) in enumerate(groups.items(), start=1):
        here = [item for name in names for item in of_label[name]]
        rows.append(row(None if label == OTHER else rank, label, sum(name != NONE for name in names), here, data))
    return rows


def row(rank, label, providers, here, data):
    states = [item.state for item in here if item.state != "unknown"]
    scores = [item.quality for item in here if item.quality is not None]
    interval = wilson(states.count("published"), len(states))
    return {
        "rank": rank,
        "provider": label,
        "providers": providers,
        "n": len(here),
        "share": len(here) / len(data),
        "decided": len(states),
        "published": states.count("published"),
        **dict(zip(("share_published", "low", "high"), interval, strict=True)),
        "small": len(states) < 10,
        "scored": len(scores),
        "median_quality": statistics.median(scores) if scores else None,
    }


@pytest.mark.slow
@given(listed=articles(), selection=selections(), top=st.sampled_from([0, 1, 2, 3, 12]))
def test_table_is_that_of_a_loop(listed: list[Article], selection: Selection, top: int) -> None:
    table = providers_ranked(Slice(corpus_of(listed), selection), top=top)
    assert rows_of(table) == near(by_loop(records_of(listed), selection, top))
    assert table["n"].sum() == len(chosen(records_of(listed), selection))


@pytest.mark.shared
@real_selections
@pytest.mark.parametrize("top", [0, 6])
def test_table_of_a_real_site_is_that_of_a_loop(shared: Callable[[str], Path], selection: Selection, top: int) -> None:
    folder = shared("powerapps")
    table = providers_ranked(Slice(real_corpus(folder), selection), top=top)
    assert rows_of(table) == near(by_loop(records_in(folder), selection, top))
    assert table["n"].sum() > 50


LISTED = [
    article(provider="Beta", published=True, quality=70),
    article(provider="Beta", published=False, quality=60),
    article(provider="Beta", quality=85),
    article(provider="Alpha", published=True, quality=72),
    article(provider="Gamma"),
    article(provider="Alpha", published=True),
]
TABLE = ["rank", "provider", "providers", "n", "decided", "published", "scored", "median_quality"]


def test_most_articles_come_first_and_ties_in_alphabetical_order() -> None:
    assert list(map(list, providers_ranked(part_of(LISTED))[TABLE].to_numpy(na_value=None))) == [
        [1, "Beta", 1, 3, 2, 1, 3, 70],
        [2, "Alpha", 1, 2, 2, 2, 1, 72],
        [3, "Gamma", 1, 1, 0, 0, 0, None],
    ]


def test_the_rest_is_pooled_as_sums() -> None:
    assert list(map(list, providers_ranked(part_of(LISTED), top=1)[TABLE].to_numpy(na_value=None))) == [
        [1, "Beta", 1, 3, 2, 1, 3, 70],
        [None, OTHER, 2, 3, 2, 2, 1, 72],
    ]


def test_one_provider_alone_is_never_pooled() -> None:
    assert providers_ranked(part_of(LISTED), top=2)["provider"].tolist() == ["Beta", "Alpha", "Gamma"]


def test_articles_without_a_provider_are_a_row_and_no_provider() -> None:
    table = providers_ranked(part_of([article(), article(), article(provider="Alpha")]))
    assert table[["provider", "providers", "n"]].to_numpy().tolist() == [[NONE, 0, 2], ["Alpha", 1, 1]]


def test_a_share_of_fewer_than_ten_is_marked() -> None:
    listed = [article(provider=name, published=True) for name in ["A"] * 10 + ["B"] * 9] + [article(provider="A")] * 3
    assert providers_ranked(part_of(listed))[["provider", "small"]].to_numpy().tolist() == [["A", False], ["B", True]]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No articles."),
        ([article()], "No article names a provider."),
        ([article(provider="Alpha")], "Alpha, the only provider, has the 1 article."),
        (
            LISTED,
            "Beta has 3 of 6 articles (50%), from 3 providers; 50% [9, 91] of its 2 decided articles are published.",
        ),
        (
            [*LISTED[2:5], article(), article()],
            "Alpha has 1 of 5 articles (20%), from 3 providers; 100% [21, 100] of its 1 decided article is published.",
        ),
    ],
    ids=["nothing", "no provider", "one article", "several", "most without a provider"],
)
def test_finding(listed: list[Article], said: str) -> None:
    assert providers_ranked.finding(providers_ranked(part_of(listed))) == said


def shares(hits, n):
    return dict(zip(("share", "low", "high"), wilson(hits, n), strict=True))


def over_time_by_loop(records, selection, wanted, top):
    data, grain = chosen(records, selection), grain_for(records, selection, wanted)
    names = {item.provider for item in data if item.provider}
    shown = sorted(names, key=lambda name: (-sum(item.provider == name for item in data), name))[:top]
    dated = [(first_day(item.day, grain), label_of(item.provider, shown)) for item in data if item.day]
    labels = [*shown, *(label for label in (OTHER, NONE) if any(label == found for _, found in dated))]
    rows = []
    for first, last, complete in calendar(records, selection, grain):
        total = sum(day == first for day, _ in dated)
        for label in labels:
            n = dated.count((first, label))
            head = {"period": first, "period_end": last, "complete": complete, "provider": label}
            rows.append({**head, "n": n, "total": total, **shares(n, total)})
    return rows


def label_of(name, shown):
    return NONE if name is None else name if name in shown else OTHER


@pytest.mark.slow
@given(listed=articles(), selection=selections(), grain=grains, top=st.sampled_from([1, 2, 7]))
def test_table_over_time_is_that_of_a_loop(listed: list[Article], selection: Selection, grain: str, top: int) -> None:
    table = providers_over_time(Slice(corpus_of(listed), selection), grain=grain, top=top)
    assert rows_of(table) == near(over_time_by_loop(records_of(listed), selection, grain, top))


def year(*months):
    """Twenty articles in each month, so many of them from Alpha: the first on its first day, the others on its last."""
    days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return [
        article(
            at=f"2024-{month:02}-{days[month - 1] if place else 1:02}", provider="Alpha" if place < count else "Beta"
        )
        for month, count in enumerate(months, start=1)
        for place in range(20)
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([article(provider="Alpha"), article(at="2024-02-05")], "No article with a date names a provider."),
        (year(5), "Providers by name: 2; too few periods for a trend."),
        (
            year(5, 9, 5),
            "Too few periods to tell (1 and 1; at least 2 on each side are needed) between the first and the last "
            "complete period (January 2024 to March 2024).",
        ),
        (
            year(5, 9, 5, 9, 5, 5, 5, 5, 9, 5, 5, 9),
            "No clear change (2 providers compared) between the first and the last 4 complete periods (January 2024 to "
            "December 2024).",
        ),
        (
            year(2, 2, 2, 3, 9, 9, 9, 9, 14, 16, 15, 15),
            "Alpha rose from 11% to 75% of the articles (difference [+44, +83] points, q < 0.001; n = 80 and 80) "
            "between the first and the last 4 complete periods (January 2024 to December 2024); 2 of 2 providers "
            "compared.",
        ),
    ],
    ids=["never both", "one month", "too few months", "no change", "rise"],
)
def test_finding_over_time(listed: list[Article], said: str) -> None:
    assert providers_over_time.finding(providers_over_time(part_of(listed), grain="month")) == said


def by_topic_by_loop(records, selection, top, topics, umbrella):
    data = chosen(records, selection)
    every = {topic for item in records for topic in item.topics}
    often = {name for name in every if 10 * sum(name in item.topics for item in records) >= 9 * len(records)}
    left_out = often if umbrella == "left out" else set()
    names = ranked(data, {item.provider for item in data if item.provider}, lambda item, name: item.provider == name)
    shown = names if len(names) <= top + 1 else names[:top]
    found = {topic for item in data for topic in item.topics} - left_out
    columns = ranked(data, found, lambda item, topic: topic in item.topics)
    tests = {name: lambda item, name=name: name in item.topics for name in columns[:topics]}
    tests[OTHER] = lambda item: any(topic not in (*columns[:topics], *left_out) for topic in item.topics)
    tests[NONE] = lambda item: not item.topics
    tests = {name: test for name, test in tests.items() if name in columns[:topics] or any(map(test, data))}
    rows = []
    for provider in [*shown, OTHER, NONE]:
        here = [item for item in data if label_of(item.provider, shown) == provider]
        pooled = {OTHER: len(names) - len(shown), NONE: 0}
        for topic, test in tests.items() if here else ():
            n = sum(map(test, here))
            rows.append(
                {
                    "provider": provider,
                    "providers": pooled.get(provider, 1),
                    "topic": topic,
                    "topics": {OTHER: len(columns) - topics, NONE: 0}.get(topic, 1),
                    "n": n,
                    "total": len(here),
                    **shares(n, len(here)),
                    "share_of_all": sum(map(test, data)) / len(data),
                    "small": len(here) < 10,
                }
            )
    return rows


def ranked(data, names, test):
    return sorted(names, key=lambda name: (-sum(test(item, name) for item in data), name))


@pytest.mark.slow
@given(
    listed=articles(),
    selection=selections(),
    top=st.sampled_from([1, 2, 6]),
    topics=st.sampled_from([1, 2, 6]),
    umbrella=st.sampled_from(["left out", "shown"]),
)
def test_table_by_topic_is_that_of_a_loop(
    listed: list[Article], selection: Selection, top: int, topics: int, umbrella: str
) -> None:
    table = providers_by_topic(Slice(corpus_of(listed), selection), top=top, topics=topics, umbrella=umbrella)
    assert rows_of(table) == near(by_topic_by_loop(records_of(listed), selection, top, topics, umbrella))


@pytest.mark.shared
@real_selections
def test_table_by_topic_of_a_real_site_is_that_of_a_loop(shared: Callable[[str], Path], selection: Selection) -> None:
    folder = shared("powerapps")
    table = providers_by_topic(Slice(real_corpus(folder), selection), top=3, topics=4)
    assert rows_of(table) == near(by_topic_by_loop(records_in(folder), selection, 3, 4, "left out"))


DEVOTED = [article(provider="Alpha", topics=["AI"])] * 10 + [
    article(provider=name, topics=["Law"]) for name in "BCDEF" * 2
]


@pytest.mark.parametrize(
    ("listed", "top", "said"),
    [
        ([article(provider="Alpha")], 6, "No article has both a provider and a topic to show."),
        (DEVOTED[10:], 6, "No article has both a provider and a topic to show."),
        (
            [*DEVOTED[10:], article(topics=["AI"]), article()],
            6,
            "No provider writes clearly more often about a topic than the others (0 pairs of a provider and a topic "
            "compared).",
        ),
        (
            DEVOTED,
            3,
            "1 of 2 pairs of a provider and a topic compared stands out: the provider writes more often about the "
            "topic than the others. The largest difference: Alpha about AI, 100% [72, 100] of its 10 articles, against "
            "0% of the others'. Pooled as All others: 3 providers.",
        ),
    ],
    ids=["no topic", "umbrella only", "too few", "one"],
)
def test_finding_by_topic(listed: list[Article], top: int, said: str) -> None:
    assert providers_by_topic.finding(providers_by_topic(part_of(listed), top=top)) == said
