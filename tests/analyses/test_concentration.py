"""Concentration over time and the Lorenz curve."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.providers.concentration import ALL, REST, concentration_over_time, providers_lorenz
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import Article, article, articles, corpus_of, part_of, real_corpus, real_selections, selections
from tests.plain import calendar, chosen, first_day, near, records_in, records_of, rows_of, wilson

grains = st.sampled_from(["week", "month", "quarter", "year"])


def largest_of(names):
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def row(period, scope, names, largest):
    """One row by loops over the providers' names, an article each."""
    names = [name for name in names if scope == ALL or name != largest]
    counts, n = Counter(names), len(names)
    first, last, complete = period or (None, None, None)
    same = sum(a == b for place, a in enumerate(names) for b in names[place + 1 :])
    hhi = same / (n * (n - 1) / 2) if n > 1 else None
    apart = sum(abs(a - b) for a in counts.values() for b in counts.values())
    top = max(counts.values(), default=0)
    return {
        "period": first,
        "period_end": last,
        "complete": complete,
        "scope": scope,
        "left_out": None if scope == ALL else largest,
        "n": n,
        "providers": len(counts),
        "hhi": hhi,
        "effective": 1 / hhi if hhi else None,
        "gini": apart / (2 * len(counts) * n) if n else None,
        "top_provider": largest_of(names),
        "top": top,
        **dict(zip(("top_share", "low", "high"), wilson(top, n), strict=True)),
        "small": n < 10,
    }


def by_loop(records, selection, grain):
    data = chosen(records, selection)
    named = [item for item in data if item.provider]
    largest = largest_of([item.provider for item in named])
    rows = []
    for period in calendar(records, selection, grain):
        here = [item.provider for item in named if item.day and first_day(item.day, grain) == period.first]
        rows += [row(period, scope, here, largest) for scope in (ALL, REST)]
    every = [item.provider for item in named]
    return rows + [row(None, scope, every, largest) for scope in (ALL, REST) if data]


INTERVALS = ["hhi_low", "hhi_high", "effective_low", "effective_high"]


@pytest.mark.slow
@given(listed=articles(), selection=selections(), grain=grains)
def test_table_is_that_of_a_loop(listed: list[Article], selection: Selection, grain: str) -> None:
    table = concentration_over_time(Slice(corpus_of(listed), selection), grain=grain).drop(columns=INTERVALS)
    assert rows_of(table) == near(by_loop(records_of(listed), selection, grain))


@pytest.mark.shared
@real_selections
def test_table_of_a_real_site_is_that_of_a_loop(shared: Callable[[str], Path], selection: Selection) -> None:
    folder = shared("powerapps")
    table = concentration_over_time(Slice(real_corpus(folder), selection), grain="quarter").drop(columns=INTERVALS)
    assert rows_of(table) == near(by_loop(records_in(folder), selection, "quarter"))


def curve(names, scope):
    """Shares by sorting the articles themselves by the size of their provider."""
    counts = Counter(names)
    ranked = sorted(counts, key=lambda name: (-counts[name], name))[::-1]
    return [
        {
            "scope": scope,
            "place": place,
            "provider": ranked[place - 1] if place else None,
            "n": counts[ranked[place - 1]] if place else 0,
            "total": len(names),
            "share_of_providers": place / len(ranked),
            "share_of_articles": sum(name in ranked[:place] for name in names) / len(names),
        }
        for place in range(len(ranked) + 1)
    ]


@pytest.mark.slow
@given(listed=articles(), selection=selections())
def test_curve_is_that_of_a_loop(listed: list[Article], selection: Selection) -> None:
    table = providers_lorenz(Slice(corpus_of(listed), selection))
    every = [item.provider for item in chosen(records_of(listed), selection) if item.provider]
    rest = [name for name in every if name != largest_of(every)]
    expected = [found for names, scope in ((every, ALL), (rest, REST)) if names for found in curve(names, scope)]
    assert rows_of(table) == near(expected)


def test_gini_is_twice_the_area_over_the_curve() -> None:
    listed = [article(provider=name) for name in "AAAAAABBBC"]
    data = part_of(listed)
    points = providers_lorenz(data).query("scope == @ALL")
    area = np.trapezoid(points["share_of_articles"].astype(float), points["share_of_providers"].astype(float))
    gini = concentration_over_time(data).iloc[0]["gini"]
    assert 1 - 2 * area == pytest.approx(gini)
    assert gini == pytest.approx(1 / 3)


LISTED = [
    *[article(at="2024-01-05", provider="Big")] * 6,
    *[article(at="2024-02-05", provider="Small"), article(at="2024-03-31", provider="Tiny")] * 2,
    article(at="2024-03-05"),
]


def test_measures_of_six_two_and_two() -> None:
    table = rows_of(concentration_over_time(part_of(LISTED), grain="quarter"))
    every, rest = table[:2]
    assert (every["n"], every["providers"], every["top_provider"], every["top"]) == (10, 3, "Big", 6)
    assert every["hhi"] == pytest.approx((6 * 5 + 2 * 1 + 2 * 1) / (10 * 9))
    assert every["effective"] == pytest.approx(90 / 34)
    assert every["effective_low"] == pytest.approx(1 / every["hhi_high"])
    assert every["effective_high"] == pytest.approx(1 / every["hhi_low"])
    assert (every["small"], rest["small"]) == (False, True)
    assert (rest["left_out"], rest["n"], rest["hhi"], rest["gini"]) == ("Big", 4, 1 / 3, 0)
    assert [row["period"] for row in table] == [date(2024, 1, 1)] * 2 + [None] * 2


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No article names a provider."),
        ([article()], "No article names a provider."),
        (
            [article(provider="A")],
            "A has 1 of 1 article (100% [21, 100]). It is the only provider.",
        ),
        (
            LISTED,
            "Big has 6 of 10 articles (60% [31, 83]). The 3 providers are as concentrated as 2.6 [1.3, 5.4] equal ones "
            "(HHI 0.38), the 2 others without it as 3.0 [1.0, 10.0] equal ones (HHI 0.33).",
        ),
        (
            [
                article(at=f"{day}T12:00:00Z", provider=name)
                for day in ("2024-01-01", "2024-06-30")
                for name in "AB" * 5
            ],
            "A has 10 of 20 articles (50% [30, 70]). The 2 providers are as concentrated as 2.1 [1.8, 2.5] equal ones "
            "(HHI 0.47). The effective number of all was 2.2 [1.6, 3.1] in quarter 1 of 2024 (n = 10) and "
            "2.2 [1.6, 3.1] in quarter 2 of 2024 (n = 10): no clear difference.",
        ),
    ],
    ids=["nothing", "no provider", "one article", "one period", "two periods"],
)
def test_finding(listed: list[Article], said: str) -> None:
    assert concentration_over_time.finding(concentration_over_time(part_of(listed))) == said


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([article()], "No article names a provider."),
        ([article(provider="A")] * 3, "A, the only provider, has all 3 articles."),
        (
            [article(provider=name) for name in "AAAAABBCCD"],
            "Half of the 10 articles come from 1 of 4 providers (Gini 0.30); without A, from 2 of 3 providers "
            "(Gini 0.13).",
        ),
    ],
    ids=["no provider", "one provider", "several"],
)
def test_finding_of_the_curve(listed: list[Article], said: str) -> None:
    assert providers_lorenz.finding(providers_lorenz(part_of(listed))) == said


@pytest.mark.shared
def test_largest_provider_of_a_real_site(shared: Callable[[str], Path]) -> None:
    table = concentration_over_time(Slice(real_corpus(shared("powerapps"))))
    last = rows_of(table)[-2]
    assert (last["top_provider"], last["top"], last["n"]) == ("Microsoft", 382, 497)
