"""Which providers publish more or less than the others: by eye, by the change test of two groups, and in the sample."""

from datetime import date, timedelta

import pytest
from scipy.stats import binomtest

from analytics.analyses.common.changes import published_by_week_and_story
from analytics.analyses.providers.share_published import ALIKE, LESS, MORE, TOO_FEW, provider_triage
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.statistics.change_test import Group, change_test
from analytics.statistics.multiple_tests import adjusted
from tests.corpora import Article, article, part_of

MONDAY = date(2024, 1, 1)


def of_provider(name: str, published: int, unpublished: int) -> list[Article]:
    """Articles of a week each."""
    decisions = [True] * published + [False] * unpublished
    return [
        article(provider=name, published=state, quality=60, at=str(MONDAY + timedelta(weeks=week)))
        for week, state in enumerate(decisions)
    ]


ROWS = [
    *of_provider("Low", 2, 28),
    *of_provider("High", 29, 1),
    *of_provider("Middle", 15, 15),
    *of_provider("Small", 0, 9),
    article(provider="Undecided"),
    article(published=True),
]


def test_providers_are_told_apart_from_all_others() -> None:
    table = provider_triage(part_of(ROWS)).set_index("provider")
    assert table["standing"].astype("str").to_dict() == {"Low": LESS, "High": MORE, "Middle": ALIKE, "Small": TOO_FEW}
    low = table.loc["Low"]
    assert (low["n"], low["decided"], low["published"]) == (30, 30, 2)
    assert low["share_others"] == pytest.approx((29 + 15) / 69)
    assert low["share_all"] == pytest.approx((2 + 29 + 15) / 99)
    assert provider_triage.finding(table.reset_index()) == (
        "Of 3 providers compared: 1 published less than the others, first Low (2 of 30 published: 7% [2, 21]); 1 "
        "published more than the others, first High (29 of 30 published: 97% [83, 99])."
    )


def test_each_provider_is_tested_as_two_groups_are() -> None:
    table = provider_triage(part_of(ROWS)).set_index("provider")
    own = published_by_week_and_story(part_of(ROWS), "provider").query("n > 0 and provider != '(none)'")
    tests = {}
    for name in ("High", "Low", "Middle"):
        groups = [rows.assign(label="share") for _, rows in own.groupby(own["provider"] == name)]
        tests[name] = change_test(*(Group(rows, rows) for rows in groups)).loc["share"]
    q = adjusted([test["p"] for test in tests.values()], "fdr_bh")
    assert [table.loc[name, "q"] for name in tests] == pytest.approx(list(q))
    assert [table.loc[name, "share_others"] for name in tests] == pytest.approx(
        [t["mean_then"] for t in tests.values()]
    )


def test_copies_of_one_story_are_one_decision() -> None:
    story = "Regulator fines the northern grid operator after a winter of blackouts in eleven towns"
    copies = [
        article(title=story, provider="Copies", published=False, at=str(MONDAY + timedelta(weeks=10, days=day)))
        for day in range(12)
    ]
    alone = [article(provider="Copies", published=True, at=str(MONDAY + timedelta(weeks=week))) for week in range(4)]
    many = [row for name in "ABCDEF" for row in of_provider(name, 10, 10)]
    table = provider_triage(part_of([*copies, *alone, *many])).set_index("provider")
    assert (table.loc["Copies", "decided"], table.loc["Copies", "published"]) == (16, 4)
    assert binomtest(4, 16, 0.5).pvalue < 0.08
    assert table.loc["Copies", "standing"] == ALIKE
    assert table.loc["Copies", "q"] > 0.2


def test_the_share_to_expect_of_a_small_provider_lies_nearer_to_the_others() -> None:
    table = provider_triage(part_of(ROWS)).set_index("provider")
    small, low = table.loc["Small"], table.loc["Low"]
    assert small["share_published"] == 0
    assert 0.02 < small["expected_share"] < small["share_all"]
    assert abs(low["expected_share"] - low["share_published"]) < 0.05
    assert 0 < small["expected_low"] < small["expected_share"] < small["expected_high"] < small["share_all"]


def test_providers_that_are_alike_are_rarely_told_apart() -> None:
    table = provider_triage(part_of([row for name in "ABCDEF" for row in of_provider(name, 10, 10)]))
    assert set(table["standing"]) == {ALIKE}
    assert provider_triage.finding(table) == (
        "No provider is clearly published less or more than the others (6 providers compared)."
    )


def test_one_provider_has_no_others_and_none_says_so() -> None:
    table = provider_triage(part_of(of_provider("Only", 8, 8)))
    assert (table["standing"].iloc[0], table["share_others"].isna().iloc[0]) == (TOO_FEW, True)
    assert provider_triage.finding(table) == (
        "Only is the only provider with decided articles: there is no other to compare it with."
    )
    two = provider_triage(part_of([*of_provider("Large", 20, 20), *of_provider("Small", 1, 2)]))
    assert provider_triage.finding(two) == (
        "Too few to compare: a provider, and all others together, need 10 decided articles in two weeks."
    )
    assert provider_triage(part_of([article()])).empty
    assert provider_triage.finding(provider_triage(part_of([]))) == (
        "No article with a provider says whether it was published."
    )


def test_of_the_sample_those_far_from_the_rest_are_named(sample: Corpus) -> None:
    table = provider_triage(Slice(sample))
    least = table[table["standing"] == LESS]["provider"].tolist()
    assert least == ["Harrow Wire", "Gridfall Gazette", "wattpress.example"]
    for row in table[table["standing"] == LESS].itertuples():
        assert binomtest(row.published, row.decided, row.share_others).pvalue < 0.01
