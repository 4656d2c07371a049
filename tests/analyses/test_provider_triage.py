"""Which providers publish more or less than the others, by eye and by Fisher's test."""

import pytest
from scipy.stats import binomtest, hypergeom

from analytics.analyses.providers.share_published import ALIKE, LESS, MORE, TOO_FEW, provider_triage
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from tests.corpora import Article, article, part_of


def of_provider(name: str, published: int, unpublished: int) -> list[Article]:
    decisions = [True] * published + [False] * unpublished
    return [article(provider=name, published=state, quality=60) for state in decisions]


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


def test_the_false_discovery_rate_is_that_of_exact_tails() -> None:
    table = provider_triage(part_of(ROWS)).set_index("provider")
    compared = table[table["q"].notna()]
    p = {}
    for name, row in compared.iterrows():
        counts = range(int(row["decided"]) + 1)
        chances = [hypergeom.pmf(k, 99, 46, row["decided"]) for k in counts]
        hits = int(row["published"])
        p[name] = min(1, 2 * min(sum(chances[: hits + 1]), sum(chances[hits:])))
    ranked = sorted(p, key=p.__getitem__)
    for place, name in enumerate(ranked):
        expected = min(p[other] * len(ranked) / (rank + 1) for rank, other in enumerate(ranked) if rank >= place)
        assert compared.loc[name, "q"] == pytest.approx(min(expected, 1))


def test_providers_that_are_alike_are_rarely_told_apart() -> None:
    table = provider_triage(part_of([row for name in "ABCDEF" for row in of_provider(name, 10, 10)]))
    assert set(table["standing"]) == {ALIKE}
    assert provider_triage.finding(table) == (
        "No provider is clearly published less or more than the others (6 providers compared)."
    )


def test_one_provider_has_no_others_and_none_says_so() -> None:
    table = provider_triage(part_of(of_provider("Only", 8, 8)))
    assert (table["standing"].iloc[0], table["share_others"].isna().iloc[0]) == (TOO_FEW, True)
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
