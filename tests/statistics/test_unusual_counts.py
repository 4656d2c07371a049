"""Counts beside those of the weeks nearby."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.statistics.unusual_counts import FEWER, MORE, NONE, unusual_runs


def runs(counts: list[int]) -> pd.DataFrame:
    """The unusual runs of days that begin on a Monday."""
    return unusual_runs(pd.Series(counts), pd.Series(pd.date_range("2024-01-01", periods=len(counts))))


def told(counts: list[int]) -> list[tuple[int, int, str]]:
    return [(row.first, row.last, row.side) for row in runs(counts).itertuples()]


def steady(weeks: int = 20, **other: int) -> list[int]:
    """Four a day, or as many as `other` says (d30=0: none on day 30)."""
    return [other.get(f"d{day}", 4) for day in range(7 * weeks)]


def test_level_is_that_of_the_six_weeks_before_and_after() -> None:
    """One week before and six after: 49 days with 196 articles and half a one; the mean weekday has the share 1."""
    (row,) = runs(steady(d9=40)).itertuples()
    assert (row.first, row.last, row.side, row.n, row.nearby) == (9, 9, MORE, 40, 49)
    assert row.expected == pytest.approx(196.5 / 49, rel=1e-3)
    assert (row.low, row.high) == (1, 8)


def test_what_lies_further_away_than_six_weeks_is_no_measure() -> None:
    """Two a day for 20 weeks and 20 for as many: 20 are usual among the later, and many among the earlier."""
    early, late = [2] * 140, [20] * 140
    assert told(early + late) == []
    early[40] = 20
    (row,) = runs(early + late).itertuples()
    assert (row.first, row.side, row.nearby) == (40, MORE, 77)
    assert row.expected == pytest.approx(2, abs=0.1)


def test_a_step_makes_neither_the_days_before_it_few_nor_those_after_it_many() -> None:
    assert told([2] * 140 + [40] * 140) == []
    assert told([40] * 140 + [2] * 140) == []


def test_growth_names_nothing() -> None:
    assert told([round(4 * 10 ** (day / 727)) for day in range(728)]) == []


def test_empty_week_is_unusual_only_where_weeks_are_alike() -> None:
    alike = [0 if week == 10 else 4 for week in range(20) for _ in range(7)]
    bursts = [(0, 12, 0)[week % 3] for week in range(20) for _ in range(7)]
    assert told(alike) == [(70, 76, NONE)]
    assert told(bursts) == []


def test_one_flood_hides_neither_itself_nor_the_other_nor_a_quiet_day() -> None:
    many = [5 * n for n in steady(d71=80, d72=60, d78=80, d100=0)]
    many[100] = 2
    assert told(many) == [(71, 72, MORE), (78, 78, MORE), (100, 100, FEWER)]


def test_no_run_is_held_against_fewer_than_28_days() -> None:
    """Three weeks before an empty stretch are too few, and so are 27 days after it."""
    by_enough, by_fewer = ([20] * 21 + [0] * 28 + [20] * after for after in (28, 27))
    assert told(by_enough) == [(21, 48, NONE)]
    assert told(by_fewer) == []


@given(st.integers(0, 50), st.integers(70, 200))
def test_always_the_same_is_never_unusual(n: int, days: int) -> None:
    assert told([n] * days) == []


@given(st.lists(st.integers(0, 12), min_size=84, max_size=84), st.lists(st.integers(0, 83), max_size=3))
def test_time_backwards_names_the_same_days(counts: list[int], floods: list[int]) -> None:
    for day in floods:
        counts[day] += 60
    forwards, backwards = runs(counts), runs(counts[::-1]).iloc[::-1]
    assert (83 - backwards["last"]).tolist() == forwards["first"].tolist()
    assert (83 - backwards["first"]).tolist() == forwards["last"].tolist()
    for name in ("expected", "q", "nearby"):
        np.testing.assert_allclose(backwards[name], forwards[name], rtol=1e-6)
    assert not forwards["n"].between(forwards["low"], forwards["high"]).any()
