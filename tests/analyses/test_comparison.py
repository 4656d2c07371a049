"""Several selections side by side, held against plain loops; and 2021 against 2022 in a real corpus."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from analytics.analyses.comparison.differences import SPLIT_MEASURES
from analytics.catalog.comparison import COMPARED
from analytics.corpus.loader import Corpus
from analytics.engine.comparison import Comparison, make_comparison
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection, parse
from tests.corpora import Article, article, articles, corpus_of, real_corpus, selections
from tests.plain import NONE, Record, chosen, quantile, records_in, records_of, rows_of, wilson

YEARS = [Selection(start=date(year, 1, 1), end=date(year, 12, 31)) for year in (2021, 2022)]
SCORES: dict[str, Callable[[Record], int | None]] = {
    "quality": lambda item: item.quality,
    "heat": lambda item: None if item.heat == -1 else item.heat,
    "heat_lift": lambda item: item.lift,
}


def comparison_of(corpus: Corpus, selections: Sequence[Selection], names: Sequence[str] = ()) -> Comparison:
    return make_comparison([Slice(corpus, selection) for selection in selections], names)


def answer(comparison: Comparison, slug: str, **options: Any) -> list[dict[str, Any]]:
    return rows_of(COMPARED[slug].answer(comparison, options))


def finding(comparison: Comparison, slug: str) -> str:
    return COMPARED[slug].finding(COMPARED[slug].answer(comparison))


def scores(records: Sequence[Record], name: str) -> list[int]:
    return [value for value in map(SCORES[name], records) if value is not None]


def pair() -> tuple[list[Article], Comparison]:
    """Twelve articles of Alpha and twelve of Beta in four weeks, published and good twice as often; Alpha first."""
    weeks = [f"2024-01-{1 + 7 * (place % 4):02}" for place in range(12)]
    some = [
        article(at=at, provider="Alpha", quality=60 + place, published=place < 4, topics=["AI"])
        for place, at in enumerate(weeks)
    ]
    some += [
        article(at=at, provider="Beta", quality=70 + place, published=place < 8, heat=-1)
        for place, at in enumerate(weeks)
    ]
    return some, comparison_of(corpus_of(some), [parse("provider=Alpha"), parse("provider=Beta")])


def test_figures_of_a_small_corpus() -> None:
    found = {(row["figure"], row["selection"]): row for row in answer(pair()[1], "compared_figures")}
    published = found["share_published", "provider Alpha"]
    assert (published["value"], published["n"]) == (pytest.approx(4 / 12), 12)
    assert (published["low"], published["high"]) == pytest.approx(wilson(4, 12)[1:])
    assert found["share_unranked", "provider Beta"]["value"] == 1
    assert found["share_unranked", "provider Alpha"]["value"] is None
    assert found["median_quality", "provider Beta"]["value"] == 75.5
    assert found["median_heat", "provider Beta"]["value"] is None
    assert found["topics", "provider Alpha"]["value"] == 1
    assert found["articles_per_day", "provider Alpha"]["value"] == 12 / 22


def test_differences_of_a_small_corpus() -> None:
    found = {row["measure"]: row for row in answer(pair()[1], "compared_differences")}
    published = found["share_published"]
    assert published["difference"] == pytest.approx(4 / 12)
    assert published["low"] < 0 < published["high"]
    assert published["verdict"] == "no clear difference"
    quality = found["quality_effect"]
    wins = sum((b > a) - (b < a) for a in range(60, 72) for b in range(70, 82))
    assert (quality["difference"], quality["size"], quality["verdict"]) == (
        pytest.approx(wins / 144),
        "large",
        "higher",
    )
    assert (quality["value"], quality["value_first"]) == (75.5, 65.5)
    assert found["heat_effect"]["verdict"] == "too few to tell"


def test_the_first_sentence_says_which_is_better() -> None:
    said = finding(pair()[1], "compared_differences")
    assert said.startswith("provider Beta against provider Alpha: quality is far higher (median 75.5 against 65.5")
    assert said.endswith("no clear difference of the share published (67% against 33%, n = 12 and 12).")


def test_three_articles_on_one_side_say_nothing() -> None:
    some = [article(at="2024-01-03", quality=90, published=True, provider="Alpha", topics=["AI"]) for _ in range(3)]
    some += [article(at="2025-01-03", quality=40, published=False, provider="Beta", topics=["Law"]) for _ in range(30)]
    comparison = comparison_of(corpus_of(some), [parse("from=2025-01-01"), parse("to=2024-12-31")], ["Now", "Then"])
    rows = answer(comparison, "compared_differences")
    assert {row["verdict"] for row in rows} == {"too few to tell"}
    assert all(row["low"] is row["high"] is None for row in rows)
    said = finding(comparison, "compared_differences")
    assert "too few to tell of quality (articles with a score: 3 and 30; it takes 10 in at least 2 weeks each)" in said
    assert "too few to tell of the share published (decided articles: 3 and 30;" in said
    for slug in ("compared_topics", "compared_providers"):
        assert {row["outcome"] for row in answer(comparison, slug)} == {"too few to tell"}
    assert finding(comparison, "compared_topics") == (
        "Then against Now: too few articles to tell (n = 30 and 3; at least 10 of a label are needed)."
    )
    assert "too few to split a difference" in finding(comparison, "compared_by_provider")
    assert "Then has 3 articles with a score, too few" in finding(comparison, "compared_quality")


def test_the_most_frequent_scores_are_told_with_their_share() -> None:
    some = [article(quality=score, provider="A") for score in (70, 71, 72, *range(0, 90, 10))]
    comparison = comparison_of(corpus_of([*some, article(quality=1)]), [parse("provider=A"), parse("quality_min=0")])
    assert finding(comparison, "compared_quality").startswith(
        "provider A scores 70 to 74 most often (33% of 12 scored articles); "
    )


@pytest.mark.slow
def test_a_selection_without_articles_can_be_compared() -> None:
    some = pair()[0]
    comparison = comparison_of(corpus_of(some), [parse("provider=Nobody"), parse("provider=Alpha"), parse("topic=AI")])
    for slug, view in COMPARED.items():
        table = view.answer(comparison)
        assert view.finding(table)
        assert view.chart(table).to_dict(), slug
    assert "12 in provider Alpha and topic AI" in finding(comparison, "compared_overlaps")
    assert finding(comparison, "compared_by_provider") == "No article to hold against another."


@pytest.mark.slow
@given(articles(), selections(), selections(), st.sampled_from([1, 5]))
def test_spread_of_scores(some: list[Article], one: Selection, other: Selection, width: int) -> None:
    comparison = comparison_of(corpus_of(some), [one, other])
    records = records_of(some)
    for slug in ("quality", "heat"):
        values = [scores(chosen(records, each), slug) for each in (one, other)]
        every = [value // width * width for value in values[0] + values[1]]
        rows = answer(comparison, f"compared_{slug}", width=width)
        starts = range(min(every), max(every) + 1, width) if every else ()
        assert [row["score_from"] for row in rows] == [*starts, *starts]
        for row in rows:
            own = values[comparison.names.index(row["selection"])]
            within = sum(row["score_from"] <= value <= row["score_to"] for value in own)
            reached = sum(value >= row["score_from"] for value in own)
            assert (row["n"], row["total"]) == (within, len(own))
            assert row["share"] == (pytest.approx(within / len(own)) if own else None)
            assert row["share_reached"] == (pytest.approx(reached / len(own)) if own else None)


@pytest.mark.slow
@given(
    articles(max_size=20), selections(), selections(), st.sampled_from([1, 8]), st.sampled_from(list(SPLIT_MEASURES))
)
def test_the_parts_of_the_providers_add_up(
    some: list[Article], one: Selection, other: Selection, top: int, measure: str
) -> None:
    found = answer(comparison_of(corpus_of(some), [one, other]), "compared_by_provider", top=top, measure=measure)
    sides = [_cases(chosen(records_of(some), each), measure) for each in (one, other)]
    if not all(sides):
        assert found == []
        return
    rates = [np.mean([value for _, value in side]) for side in sides]
    assert sum(row["part"] for row in found) == pytest.approx(rates[1] - rates[0])
    assert sum(row["rate_part"] for row in found) == pytest.approx(_rate_part(sides))
    assert sum(row["providers"] for row in found) == len({name for side in sides for name, _ in side})
    assert sum(row["n"] for row in found) == len(sides[1])
    assert len(found) <= top + 1


def _cases(records: Sequence[Record], measure: str) -> list[tuple[str, float]]:
    if measure == "mean quality":
        return [(item.provider or NONE, item.quality) for item in records if item.quality is not None]
    return [(item.provider or NONE, item.published) for item in records if item.published is not None]


def _rate_part(sides: list[list[tuple[str, float]]]) -> float:
    """Kitagawa's sum over the groups that both sides have: difference of the rates, weighted by the mean share."""
    whole = 0.0
    for name in {name for side in sides for name, _ in side}:
        own = [[value for each, value in side if each == name] for side in sides]
        if all(own):
            weights = [len(values) / len(side) for values, side in zip(own, sides, strict=True)]
            whole += (np.mean(own[1]) - np.mean(own[0])) * sum(weights) / 2
    return whole


@pytest.fixture(scope="module")
def years(shared: Callable[[str], Path]) -> tuple[Comparison, list[list[Record]]]:
    """2021 and 2022 of a real corpus, and their articles as PyYAML reads them."""
    folder = shared("powerapps")
    return comparison_of(real_corpus(folder), YEARS), [chosen(records_in(folder), year) for year in YEARS]


@pytest.mark.slow
def test_shares_of_2021_and_2022(years: tuple[Comparison, list[list[Record]]]) -> None:
    comparison, sides = years
    rows = {row["measure"]: row for row in answer(comparison, "compared_differences")}
    asked = {"share_published": lambda item: item.published, "share_unranked": lambda item: item.heat == -1}
    for measure, holds in asked.items():
        hits = [sum(map(holds, side)) for side in sides]
        row = rows[measure]
        assert row["difference"] == pytest.approx(hits[1] / 140 - hits[0] / 280)
        assert (row["value_first"], row["value"]) == pytest.approx((hits[0] / 280, hits[1] / 140))
        assert row["verdict"] == "no clear difference"


@pytest.mark.parametrize("name", SCORES)
def test_scores_of_2021_and_2022(name: str, years: tuple[Comparison, list[list[Record]]]) -> None:
    comparison, sides = years
    first, other = (scores(side, name) for side in sides)
    rows = {row["measure"]: row for row in answer(comparison, "compared_differences")}
    effect = rows[f"{name}_effect"]
    assert (effect["n_first"], effect["n"]) == (len(first), len(other)) == (280, 140)
    assert (effect["value_first"], effect["value"]) == (quantile(first, 0.5), quantile(other, 0.5))
    wins = sum((b > a) - (b < a) for a in first for b in other)
    assert effect["difference"] == pytest.approx(wins / (280 * 140))
    assert effect["difference"] == pytest.approx(2 * mannwhitneyu(other, first).statistic / (280 * 140) - 1)
    assert effect["verdict"] == "no clear difference"


def test_labels_of_2021_and_2022(years: tuple[Comparison, list[list[Record]]]) -> None:
    comparison, sides = years
    for key, labels in (
        ("topic", lambda item: set(item.topics)),
        ("provider", lambda item: {item.provider or item.domain}),
    ):
        counts = [Counter(label for item in side for label in labels(item) if label) for side in sides]
        rows = answer(comparison, f"compared_{key}s", top=15)
        assert rows
        for row in rows:
            hits = [count[row[key]] for count in counts]
            assert (row["first_n"], row["n"]) == tuple(hits)
            assert row["change"] == pytest.approx(hits[1] / 140 - hits[0] / 280)
            assert row["outcome"] == ("too few to tell" if sum(hits) < 10 else "no clear change")
        ranked = sorted((abs(now / 140 - then / 280) for now, then in _all(counts) if key == "provider"), reverse=True)
        if key == "provider":
            assert [abs(row["change"]) for row in rows] == pytest.approx(ranked[:15])
            assert {row["compared"] for row in rows} == {1}


def _all(counts: list[Counter[str]]) -> list[tuple[int, int]]:
    return [(counts[1][label], counts[0][label]) for label in counts[0].keys() | counts[1].keys()]


@pytest.mark.parametrize("measure", SPLIT_MEASURES)
def test_parts_of_2021_and_2022(measure: str, years: tuple[Comparison, list[list[Record]]]) -> None:
    comparison, sides = years
    cases = [_cases(side, measure) for side in sides]
    rows = answer(comparison, "compared_by_provider", measure=measure)
    whole = [np.mean([value for _, value in side]) for side in cases]
    assert sum(row["part"] for row in rows) == pytest.approx(whole[1] - whole[0])
    assert sum(row["rate_part"] for row in rows) == pytest.approx(_rate_part(cases))
    own = [[value for name, value in side if name == "Microsoft"] for side in cases]
    weights = [len(values) / len(side) for values, side in zip(own, cases, strict=True)]
    rates = [np.mean(values) for values in own]
    microsoft = next(row for row in rows if row["provider"] == "Microsoft")
    assert microsoft["rate_part"] == pytest.approx((rates[1] - rates[0]) * sum(weights) / 2)
    assert microsoft["mix_part"] == pytest.approx((weights[1] - weights[0]) * (sum(rates) - sum(whole)) / 2)


@pytest.mark.slow
def test_every_table_keeps_to_its_key_and_its_chart(years: tuple[Comparison, list[list[Record]]]) -> None:
    for view in COMPARED.values():
        table = view.answer(years[0])
        assert not table.duplicated(list(view.table.key)).any()
        assert view.chart(table).to_dict()
        assert isinstance(table, pd.DataFrame)
