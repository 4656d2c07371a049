"""The key figures, and what changed most, by eye and by plain loops."""

import statistics
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given

from analytics.analyses.common.frequent_labels import umbrella_topics
from analytics.analyses.overview import NOTHING_TO_COMPARE, biggest_changes, key_figures
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests import corpora
from tests.corpora import article, corpus_of, part_of, selections
from tests.plain import chosen, records_of

WEEKS = [
    *(
        article(at=f"2024-01-0{n}", quality=60, heat=60, published=False, provider="Old", topics=["A"])
        for n in (5, 6, 7)
    ),
    article(at="2024-01-08", quality=70, heat=74, published=True, provider="Old", topics=["A"]),
    article(at="2024-01-10", quality=90, heat=-1, published=True, provider="New", topics=["B"]),
]
SECOND = {"start": date(2024, 1, 8), "end": date(2024, 1, 10), "compare": "previous"}


def whole(table: pd.DataFrame) -> dict[str, tuple[object, object]]:
    rows = table[table["period"].isna()]
    return dict(zip(rows["figure"], zip(rows["value"], rows["previous"], strict=True), strict=True))


def test_figures_of_a_week_against_the_week_before() -> None:
    table = key_figures(part_of(WEEKS, **SECOND))
    assert whole(table) == {
        "articles": (2, 3),
        "articles_per_day": (pytest.approx(2 / 3), 1),
        "share_published": (1.0, 0.0),
        "median_quality": (80.0, 60.0),
        "median_heat_lift": (4.0, 0.0),
        "providers": (2, 1),
        "topics": (2, 1),
        "newest_article": (1, 4),
    }
    assert key_figures.finding(table).startswith("2 articles (against 3), 100% [34, 100] published of the 2")


def test_n_is_the_articles_that_a_figure_rests_on() -> None:
    bare = article(at="2024-01-10", topics=["A", "B"])
    table = key_figures(part_of([*WEEKS, bare, article(provider="Old")]), grain="week")
    rows = {(row.figure, str(row.period)[:10]): row.n for row in table.itertuples()}
    assert [rows[figure, "NaT"] for figure in ("articles", "providers", "topics", "newest_article")] == [7, 6, 6, 6]
    assert [rows[figure, "2024-01-08"] for figure in ("articles", "providers", "topics")] == [3, 2, 3]


def test_without_a_comparison_nothing_is_said_of_change() -> None:
    table = key_figures(part_of(WEEKS))
    assert table["previous"].isna().all()
    assert key_figures.finding(table) == "5 articles, 40% [12, 77] published of the 5 that say so."


@pytest.mark.slow
@given(corpora.articles(), selections())
def test_figures_are_those_of_a_loop(articles, selection) -> None:
    records = chosen(records_of(articles), selection)
    found = {name: value for name, (value, _) in whole(key_figures(Slice(corpus_of(articles), selection))).items()}
    decided = [item for item in records if item.published is not None]
    qualities = [item.quality for item in records if item.quality is not None]
    lifts = [item.lift for item in records if item.lift is not None]
    assert found["articles"] == len(records)
    assert found["providers"] == len({item.provider for item in records} - {None})
    assert found["topics"] == len({topic for item in records for topic in item.topics})
    for name, values in (("median_quality", qualities), ("median_heat_lift", lifts)):
        assert (pd.isna(found[name]) and not values) or found[name] == pytest.approx(statistics.median(values))
    published = [item for item in decided if item.published]
    if decided:
        assert found["share_published"] == pytest.approx(len(published) / len(decided))


@pytest.mark.slow
@given(corpora.articles())
def test_the_periods_add_up_to_the_dated_articles(articles) -> None:
    data = Slice(corpus_of(articles))
    table = key_figures(data)
    counts = table.loc[(table["figure"] == "articles") & table["period"].notna(), "value"].sum()
    assert counts == sum(item.day is not None for item in records_of(articles)) - len(data.days_outside)


def test_changes_need_a_comparison() -> None:
    table = biggest_changes(part_of(WEEKS))
    assert table.empty
    assert biggest_changes.finding(table) == NOTHING_TO_COMPARE


def test_changes_of_a_small_corpus_are_shown_and_not_called_clear() -> None:
    table = biggest_changes(part_of(WEEKS, **SECOND))
    rows = table[["kind", "label", "n", "previous_n", "change"]].values.tolist()
    assert rows == [
        ["topic", "A", 1, 3, -0.5],
        ["topic", "B", 1, 0, 0.5],
        ["provider", "New", 1, 0, 0.5],
        ["provider", "Old", 1, 3, -0.5],
    ]
    assert set(table["outcome"]) == {"too few to tell"}
    assert biggest_changes.finding(table) == (
        "Too few articles to tell (n = 3 and 2; at least 10 of a label are needed)."
    )


def months(topic: str, of: str, first: int) -> list[corpora.Article]:
    """Forty articles in four weeks from a day of 2024 on, all of a topic and half of them of a provider."""
    days = [date(2024, 1, first) + timedelta(days=7 * (n % 4)) for n in range(40)]
    return [article(at=str(day), provider=of if n % 2 else "X", topics=[topic]) for n, day in enumerate(days)]


def test_a_clear_change_is_said_with_its_family() -> None:
    data = part_of(
        [*months("A", "P", 1), *months("B", "P", 29)],
        start=date(2024, 1, 29),
        end=date(2024, 2, 25),
        compare="previous",
    )
    table = biggest_changes(data)
    assert biggest_changes.finding(table) == (
        "A fell from 100% to 0% of the articles (difference [-100, -48] points, q = 0.01; n = 30 and 40); B rose from "
        "0% to 100% of the articles (difference [+48, +100] points, q = 0.01; n = 30 and 40); 2 of 2 topics and 0 of 2 "
        "providers compared."
    )
    assert dict(zip(table["label"], table["outcome"], strict=True)) == {
        "A": "down", "B": "up", "P": "no clear change", "X": "no clear change"
    }  # fmt: skip
    assert biggest_changes.finding(table.assign(outcome="no clear change", changed=0)) == (
        "No clear change (2 topics and 2 providers compared)."
    )


def test_one_week_a_side_says_too_little() -> None:
    days = [f"2024-01-{day:02}" for day in range(1, 15)]
    articles = [article(at=day, topics=[topic]) for day in days for topic in ("A", "B")]
    data = part_of(articles, start=date(2024, 1, 8), compare="previous")
    assert biggest_changes.finding(biggest_changes(data)) == (
        "Too few weeks to tell (1 and 1; at least 2 on each side are needed)."
    )


def test_share_and_scores_are_tested_and_counts_are_not() -> None:
    now, then = ([article(at=f"2024-{month:02}-{day:02}", quality=q, published=p) for day in range(1, 29)]
                 for month, q, p in ((2, 80, True), (1, 60, False)))  # fmt: skip
    table = key_figures(part_of([*then, *now, article(at="2024-02-29")], start=date(2024, 2, 1), compare="previous"))
    rows = table[table["period"].isna()].set_index("figure")
    assert rows["outcome"].dropna().to_dict() == {
        "share_published": "up", "median_quality": "up", "median_heat_lift": "too few to tell"
    }  # fmt: skip
    assert 0 < rows["change_low"]["share_published"] < rows["change_high"]["share_published"] == 1
    assert rows["change_low"].notna().sum() == 1
    assert "published of the 28 that say so (up from 0% (n = 28): difference [" in key_figures.finding(table)


@pytest.mark.slow
@given(corpora.articles(max_size=30))
def test_changes_are_those_of_a_loop(articles) -> None:
    asked = {"start": date(2024, 1, 1), "end": date(2024, 1, 11)}
    data = Slice(corpus_of(articles), Selection(**asked, compare="previous"))
    found = {(row.kind, row.label): row for row in biggest_changes(data, top=99).itertuples()}
    if data.compared is None:
        assert not found
        return
    days = data.compared.selection
    now, then = (
        chosen(records_of(articles), Selection(start=start, end=end))
        for start, end in ((asked["start"], asked["end"]), (days.start, days.end))
    )
    umbrella = set(umbrella_topics(data))
    expected = {("provider", item.provider) for item in [*now, *then]}
    expected |= {("topic", topic) for item in [*now, *then] for topic in item.topics if topic not in umbrella}
    assert set(found) == {pair for pair in expected if pair[1] is not None}
    for (kind, label), row in found.items():
        counts = [
            sum(label in ((item.provider,), item.topics)[kind == "topic"] for item in side) for side in (now, then)
        ]
        assert (row.n, row.total, row.previous_n, row.previous_total) == (counts[0], len(now), counts[1], len(then))
        if now and then:
            assert row.change == pytest.approx(counts[0] / len(now) - counts[1] / len(then))
