"""Quality: its distribution, and its quantiles over time."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.quality.scores import quality_distribution, quality_over_time, score_range_text
from analytics.engine.slice import Slice
from analytics.selection.fields import STATES
from tests.corpora import article, articles, corpus_of, grains, part_of, real_corpus, real_selections, selections
from tests.plain import calendar, chosen, first_day, grain_for, near, quantile, records_in, records_of, rows_of

BAND = {"q10": 0.1, "q25": 0.25, "median": 0.5, "q75": 0.75, "q90": 0.9}


def scores_of(table):
    """The rows without the cut-off of the whole corpus that a chart marks, which has tests of its own."""
    return rows_of(table.drop(columns="cut_off"))


def distribution_by_loop(records, selection, width):
    data = chosen(records, selection)
    scored = [item for item in data if item.quality is not None]
    rows = []
    if scored:
        start = min(item.quality for item in scored) // width * width
        while start <= max(item.quality for item in scored):
            here = [item for item in scored if start <= item.quality < start + width]
            for state in STATES:
                if any(item.state == state for item in scored):
                    n = sum(item.state == state for item in here)
                    rows.append(in_range(start, start + width - 1, state, n, n / len(scored)))
            start += width
    for state in STATES:
        n = sum(item.state == state and item.quality is None for item in data)
        if n:
            rows.append(in_range(None, None, state, n, None))
    return rows


def in_range(low, high, state, n, share):
    return {"score_from": low, "score_to": high, "state": state, "n": n, "share": share}


def over_time_by_loop(records, selection, wanted):
    data, grain = chosen(records, selection), grain_for(records, selection, wanted)
    rows = []
    for period in calendar(records, selection, grain):
        scores = [item.quality for item in data if item.day and first_day(item.day, grain) == period.first]
        known = [score for score in scores if score is not None]
        rows.append(
            {"period": period.first, "period_end": period.last, "complete": period.complete}
            | {"n": len(known), "unscored": len(scores) - len(known)}
            | {name: quantile(known, at) for name, at in BAND.items()}
        )
    return rows


@pytest.mark.slow
@given(listed=articles(), selection=selections(), width=st.sampled_from([1, 5, 10, 7]))
def test_distribution_is_that_of_a_loop(listed, selection, width):
    table = quality_distribution(Slice(corpus_of(listed), selection), width=width)
    assert scores_of(table) == near(distribution_by_loop(records_of(listed), selection, width))
    assert table["n"].sum() == len(chosen(records_of(listed), selection))


@pytest.mark.shared
@real_selections
def test_distribution_of_a_real_site_is_that_of_a_loop(shared, selection):
    folder = shared("powerapps")
    table = quality_distribution(Slice(real_corpus(folder), selection))
    assert scores_of(table) == near(distribution_by_loop(records_in(folder), selection, 5))
    assert table["n"].sum() > 50


def test_ranges_start_at_multiples_of_the_width_and_empty_ones_are_there():
    listed = [
        article(quality=69, published=False),
        article(quality=70, published=True),
        article(quality=74, published=True),
        article(quality=80, published=True),
        article(published=False),
        article(),
    ]
    assert scores_of(quality_distribution(part_of(listed))) == near(
        [
            in_range(65, 69, "published", 0, 0.0),
            in_range(65, 69, "unpublished", 1, 0.25),
            in_range(70, 74, "published", 2, 0.5),
            in_range(70, 74, "unpublished", 0, 0.0),
            in_range(75, 79, "published", 0, 0.0),
            in_range(75, 79, "unpublished", 0, 0.0),
            in_range(80, 84, "published", 1, 0.25),
            in_range(80, 84, "unpublished", 0, 0.0),
            in_range(None, None, "unpublished", 1, None),
            in_range(None, None, "unknown", 1, None),
        ]
    )


@pytest.mark.parametrize(
    ("scores", "width", "said"),
    [
        ([], 5, "No article has a quality score."),
        ([None, None], 5, "No article has a quality score. 2 articles have no score."),
        ([72], 5, "The most frequent scores are 70 to 74: 1 of 1 article (100%)."),
        ([72, 72, 37, None], 1, "The most frequent scores are 72: 2 of 3 articles (67%). 1 article has no score."),
        ([72, 37], 10, "The most frequent scores are 30 to 39: 1 of 2 articles (50%)."),
    ],
)
def test_finding_of_the_distribution(scores, width, said):
    table = quality_distribution(part_of([article(quality=score) for score in scores]), width=width)
    assert quality_distribution.finding(table) == said


def test_range_of_scores_in_words():
    assert (score_range_text(70, 70), score_range_text(70, 74)) == ("70", "70 to 74")


@pytest.mark.slow
@given(listed=articles(), selection=selections(), grain=grains)
def test_quantiles_over_time_are_those_of_a_loop(listed, selection, grain):
    table = quality_over_time(Slice(corpus_of(listed), selection), grain=grain)
    assert by_period(table) == near(over_time_by_loop(records_of(listed), selection, grain))


@pytest.mark.shared
@real_selections
def test_quantiles_of_a_real_site_are_those_of_a_loop(shared, selection):
    folder = shared("powerapps")
    table = quality_over_time(Slice(real_corpus(folder), selection))
    assert by_period(table) == near(over_time_by_loop(records_in(folder), selection, "auto"))
    assert table["n"].sum() > 50


def test_month_without_scores_has_no_quantiles():
    listed = [
        *(article(at="2024-01-01", quality=score) for score in (0, 10, 20, 30, 40)),
        article(at="2024-03-31"),
    ]
    nothing = {"n": 0} | dict.fromkeys(BAND)
    assert by_period(quality_over_time(part_of(listed), grain="month")) == near(
        [
            {"period": date(2024, 1, 1), "period_end": date(2024, 1, 31), "complete": True}
            | {"n": 5, "unscored": 0, "q10": 4.0, "q25": 10.0, "median": 20.0, "q75": 30.0, "q90": 36.0},
            {"period": date(2024, 2, 1), "period_end": date(2024, 2, 29), "complete": True, "unscored": 0} | nothing,
            {"period": date(2024, 3, 1), "period_end": date(2024, 3, 31), "complete": True, "unscored": 1} | nothing,
        ]
    )


def by_period(table):
    """The rows without the stretches, which have tests of their own."""
    return scores_of(table.drop(columns=[name for name in table if name.startswith("stretch_")]))


def weekly(*scores):
    """Three articles a week from January 2023 on, with these scores and 10 points less and more."""
    days = [date(2023, 1, 2) + timedelta(weeks=week) for week in range(len(scores))]
    return [
        article(at=str(day), quality=score + more)
        for day, score in zip(days, scores, strict=True)
        for more in (-10, 0, 10)
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No article has both a date and a quality score."),
        ([article(quality=70), article(at="2024-01-05")], "No article has both a date and a quality score."),
        (weekly(70), "The median is 70 (n = 3); 1 week with scores is too few to tell whether the level changed."),
        (
            weekly(*[70] * 15),
            "The median is 70 (n = 45); 15 weeks with scores are too few to tell whether the level changed. "
            "In March 2023 it was 70 (n = 12).",
        ),
        (weekly(*[70] * 30), "The level did not change: the median is 70 (n = 90). In June 2023 it was 70 (n = 12)."),
        (weekly(*[70] * 20, *[40] * 20), "Since May 2023 the median is 40 (n = 60); before, 70 (n = 60)."),
        (
            weekly(*[70] * 20, *[40] * 20, *[75] * 20),
            "Since October 2023 the median is 75 (n = 60); from May 2023 it was 40 (n = 60); before that 70 (n = 60).",
        ),
    ],
    ids=["nothing", "never both", "one week", "too few weeks", "steady", "one change", "fall and recovery"],
)
def test_finding_over_time(listed, said):
    assert quality_over_time.finding(quality_over_time(part_of(listed), grain="month")) == said


def test_the_fall_and_recovery_of_the_sample_is_found_without_a_filter(sample):
    assert quality_over_time.finding(quality_over_time(Slice(sample))) == (
        "Since February 2026 the median is 79 (n = 239); from October 2025 it was 72 (n = 216); from October 2024 it "
        "was 60.5 (n = 428); before that 72 (n = 247)."
    )


def test_a_period_belongs_to_the_stretch_of_its_middle():
    table = quality_over_time(part_of(weekly(*[70] * 20, *[40] * 20)), grain="month")
    assert table["stretch_median"].tolist() == [70] * 5 + [40] * 5
    assert table["stretch_weeks"].tolist() == [20] * 10
    assert set(table["stretch_from"]) == {pd.Timestamp("2023-01-02"), pd.Timestamp("2023-05-22")}
