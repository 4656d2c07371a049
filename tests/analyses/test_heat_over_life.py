"""The heat curve and the time to cool of hand-made lives, and of random ones against plain loops."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from analytics.analyses.history.heat_over_life import heat_curve, time_to_cool
from tests.analyses.test_lives import by_hour
from tests.corpora import article, corpus_of
from tests.histories import Life, life, random_lives, told


def rising(number: int, peak: int, back: int, **fields: str) -> Life:
    """Seen at hour 1, warm from hour 3, back at the given hour."""
    path = f"{number}.md"
    return life(path, (1, 72, 72), (4, 72, 72 + peak), (1 + back, 72, 72), **fields)


def test_the_curve_of_three_lives_of_which_one_never_rose():
    data = told(rising(1, 2, 10), rising(2, 6, 20), life("c.md", (1, 72, 72)), until=100)
    table = heat_curve(data, reach=3).set_index("hours")
    assert list(table.loc[[0, 2, 3, 9, 10, 19, 20], "median"]) == [0, 0, 4, 4, 3, 3, 0]
    assert list(table.loc[[3, 10], "q25"]) == [3, 1.5]
    assert list(table.loc[[0, 3, 10, 20], "above"]) == [0, 2, 1, 0]
    assert set(table["n"]) == {2}
    assert (table["rose"].iloc[0], table["total"].iloc[0]) == (2, 3)
    assert set(heat_curve(data, reach=3, which="all")["n"]) == {3}


def test_lives_leave_the_risk_when_no_more_is_seen_of_them():
    data = told(rising(1, 2, 10), life("b.md", (50, 72, 73)), until=60)
    table = heat_curve(data, reach=3).set_index("hours")
    assert list(table.loc[[9, 10, 11, 58, 59, 60], "n"]) == [2, 1, 1, 1, 0, 0]
    assert pd.isna(table.loc[60, "median"])
    unranked = told(life("a.md", (1, 72, 75), (11, 72, -1)), until=100)
    table = heat_curve(unranked, reach=3).set_index("hours")
    assert list(table.loc[[9, 10], "n"]) == [1, 0]
    assert list(table.loc[[9, 10], "unknown"]) == [0, 1]


def test_lives_that_were_there_from_the_start_are_left_out():
    assert heat_curve(told(life("a.md", (0, 72, 72), (5, 72, 75)), until=50)).empty


def test_an_umbrella_topic_is_left_out_and_a_life_counts_under_each_of_its_topics():
    corpus = corpus_of([article(topics=["Site"])] * 3)
    lives = [rising(n, 2, 10, topics=topics) for n, topics in enumerate(("Site; AI; Law", "Site; AI", "Site"))]
    table = heat_curve(told(*lives, corpus=corpus, until=50), by="topic", reach=3)
    assert list(table.drop_duplicates("group")["group"]) == ["AI", "Law"]
    assert list(table.drop_duplicates("group")["total"]) == [2, 1]


def test_the_finding_of_the_curve():
    lives = [rising(number, 3, 10) for number in range(10)]
    said = heat_curve.finding(heat_curve(told(*lives, life("x.md", (1, 72, 72)), until=50)))
    assert said == (
        "10 of 11 lives ever rose above their quality; the median is highest from 3 hours to 9 hours after first "
        "seen: +3 points, middle half +3 to +3; 10 of 10 above quality (100% [72, 100]) at the first."
    )
    few = heat_curve.finding(heat_curve(told(*lives[:2], until=50)))
    assert few == "Too few lives for a statement, which needs 10: of at most 2 in a group 2 rose."


@pytest.mark.slow
@given(random_lives(most=4))
def test_the_curve_agrees_with_plain_loops(found: list[Life]):
    table = heat_curve(told(*found, until=400), reach=3, which="all")
    begun = [by_hour(one, 400) for one in found if one.steps[0][0] > 0]
    if not begun:
        assert table.empty
        return
    for row in table.to_dict("records"):
        there = [hours[row["hours"]] for hours in begun if row["hours"] < len(hours)]
        known = [lift for lift in there if lift is not None]
        assert (row["n"], row["above"]) == (len(known), sum(lift > 0 for lift in known))
        if known:
            expected = np.quantile(known, [0.25, 0.5, 0.75])
            np.testing.assert_allclose([row[name] for name in ("q25", "median", "q75")], expected)


def test_time_to_cool_of_four_lives_one_of_them_still_warm():
    data = told(rising(1, 2, 13), rising(2, 2, 23), rising(3, 2, 23), life("d.md", (1, 72, 80)), until=41)
    table = time_to_cool(data)
    assert list(table["hours"]) == [0, 10, 20, 40]
    assert list(table["at_risk"]) == [4, 4, 3, 1]
    assert list(table["cooled"]) == [0, 1, 2, 0]
    assert list(table["censored"]) == [0, 0, 0, 1]
    assert list(table["share"]) == [1, 0.75, 0.25, 0.25]
    assert time_to_cool.finding(table) == (
        "Of 4 lives whose heat rose above quality, half are back after 20 hours [10, open]; 1 was not seen back."
    )


def test_groups_are_compared_with_all_others():
    slow = [rising(number, 2, 43 + number, provider="Slow") for number in range(10)]
    fast = [rising(10 + number, 2, 13 + number, provider="Fast") for number in range(12)]
    table = time_to_cool(told(*slow, *fast, until=200), by="provider").drop_duplicates("group").set_index("group")
    assert list(table.index) == ["Fast", "Slow"]
    assert table.loc["Fast", "p"] == table.loc["Slow", "p"] < 0.001
    assert list(table["median"]) == [15, 44]
    said = time_to_cool.finding(table.reset_index())
    assert "Fast 15 hours [11, 19], n = 12; Slow 44 hours" in said
    assert said.endswith("Fast differs beyond chance (log-rank p < 0.001).")


def test_too_few_lives_are_not_compared():
    table = time_to_cool(told(rising(1, 2, 10, provider="A"), rising(2, 2, 20, provider="B"), until=90), by="provider")
    assert table["p"].isna().all()
    assert time_to_cool.finding(table) == "None of 2 groups has the 10 lives that a statement needs."
