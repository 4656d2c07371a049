"""Suggested against recorded quality, on the published example and on suggestions that a reader can add up."""

import pytest

from analytics.analyses.review.score_accuracy import suggested_quality, suggested_quality_by
from tests.corpora import article
from tests.made_reviews import Listed, Said, part_with, reviewed

LARGE = (494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
MINI = (512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)
"""Peak flow of 17 people, first readings of two meters: Bland, Altman 1986, The Lancet 327(8476), table 1."""

METERS = part_with(
    reviewed(
        [Said(1, n, "Ann", "keep", large) for n, large in enumerate(LARGE)],
        listed={(1, n): Listed(mini) for n, mini in enumerate(MINI)},
    )
)


def test_bias_and_limits_of_the_two_meters_are_the_published_ones() -> None:
    """Published: -2.1, sd 38.8, interval -22.0 to 17.8; their limits are two standard deviations away, ours 1.96."""
    row = suggested_quality_by(METERS).iloc[0]
    assert row[["n", "n_items"]].tolist() == [17, 17]
    assert row[["bias", "sd", "bias_low", "bias_high"]].round(1).tolist() == [-2.1, 38.8, -22.0, 17.8]
    first = suggested_quality(METERS).iloc[0]
    assert first[["mean", "difference"]].tolist() == [503.0, -18]
    assert first[["bias", "low_limit", "high_limit"]].tolist() == pytest.approx(
        [row["bias"], row["bias"] - 1.96 * row["sd"], row["bias"] + 1.96 * row["sd"]]
    )
    assert suggested_quality.finding(suggested_quality(METERS)) == (
        "Suggested quality is on average 2.1 points below the recorded one; 95 % of the differences are expected "
        "between -78.1 and +73.9 (17 suggestions for 17 items)."
    )


FEW = part_with(
    reviewed(
        [
            Said(1, 1, "Ann", "keep", 80),
            Said(1, 1, "Ben", "keep", 70),
            Said(1, 2, "Ann", "drop", 30),
            Said(2, 1, "Ann", "hold", 50),
            Said(2, 1, "Ben", None, 10),
            Said(2, 2, "Ann", "keep", 60),
            Said(2, 2, "Ann", "keep"),
        ],
        listed={
            (1, 1): Listed(60, provider="Alpha", topics="AI; Law"),
            (1, 2): Listed(None, provider="Beta", topics="AI"),
            (2, 1): Listed(60, provider=None),
        },
    )
)


def test_each_current_suggestion_has_a_row_and_only_those_with_a_recorded_quality_a_difference() -> None:
    table = suggested_quality(FEW)
    assert list(zip(table["path"], table["person"], table["suggested"], strict=True)) == [
        ("_news/2-1.md", "Ann", 50),
        ("_news/1-1.md", "Ann", 80),
        ("_news/1-1.md", "Ben", 70),
        ("_news/1-2.md", "Ann", 30),
    ]
    assert table["difference"].fillna(99).tolist() == [-10, 20, 10, 99]
    assert table[["n", "n_items"]].drop_duplicates().to_numpy().tolist() == [[3, 2]]
    assert table["bias"].round(3).unique().tolist() == [6.667]
    assert suggested_quality(FEW, sessions="newest")["bias"].tolist() == [-10.0]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("provider", [("Alpha", 2, 1, 15), ("(none)", 1, 1, -10)]),
        ("topic", [("AI", 2, 1, 15), ("Law", 2, 1, 15), ("(none)", 1, 1, -10)]),
        ("session", [("1. Week 1", 2, 1, 15), ("2. Week 2", 1, 1, -10)]),
        ("person", [("Ann", 2, 2, 5), ("Ben", 1, 1, 10)]),
    ],
)
def test_groups_by_hand(by: str, expected: list[tuple[str, int, int, float]]) -> None:
    table = suggested_quality_by(FEW, by=by)
    assert [tuple(row) for row in table[["group", "n", "n_items", "bias"]].itertuples(index=False)] == expected
    assert table["small"].all()


def test_an_umbrella_topic_is_left_out() -> None:
    known = reviewed([Said(1, 1, "Ann", "keep", 80)], listed={(1, 1): Listed(topics="News; AI")})
    data = part_with(known, [article(topics=["News"])])
    assert suggested_quality_by(data, by="topic")["group"].tolist() == ["AI"]


def test_the_group_that_is_farthest_off_is_named_and_chance_admitted() -> None:
    said = [Said(1, n, "Ann", "keep", 70 + (n % 2 * 8 if n < 10 else 20 + n % 2)) for n in range(20)]
    listed = {(1, n): Listed(72 if n < 10 else 70, provider="Alpha" if n < 10 else "Beta") for n in range(20)}
    data = part_with(reviewed(said, listed=listed))
    table = suggested_quality_by(data)
    assert suggested_quality_by.finding(table) == (
        "People find the recorded quality farthest off for Beta: too low by 20.5 points [+20.1, +20.9] of suggested "
        "minus recorded (10 suggestions for 10 items)."
    )
    assert suggested_quality_by.finding(table[table["group"] == "Alpha"]) == (
        "People find the recorded quality farthest off for Alpha: too low by 2.0 points [-1.0, +5.0] of suggested "
        "minus recorded (10 suggestions for 10 items), which may be chance."
    )
