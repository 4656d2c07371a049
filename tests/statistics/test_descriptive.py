"""Descriptive statistics against scipy, numpy and their definitions."""

from itertools import combinations, product
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import median_abs_deviation

from analytics.statistics.descriptive import (
    concentration,
    cut_off,
    day_range_without_outliers,
    median_intervals,
    npmi,
    quantiles,
    robust_centre_and_spread_of_own_group,
)
from tests.plain import median_interval, near, rows_of

BAND = {"low": 0.1, "median": 0.5, "high": 0.9}

values = st.none() | st.integers(-190, 190)
counted = st.lists(st.tuples(st.sampled_from("ab"), values, st.integers(0, 4)), max_size=12)


def frame_of(found):
    frame = pd.DataFrame(found, columns=["group", "value", "n"])
    return frame.astype({"group": "str", "value": "Int64", "n": "Int64"})


def expanded(found, group):
    return [value for label, value, n in found for _ in range(n) if value is not None and group in (label, "all")]


@given(counted)
@settings(deadline=None)
def test_quantiles_are_those_of_the_expanded_values(found):
    expected = [
        {"n": len(here)} | {name: float(np.quantile(here, at)) for name, at in BAND.items()}
        for here in [expanded(found, "all")]
        if here
    ]
    assert rows_of(quantiles(frame_of(found), [], "value", BAND)) == near(expected)


@given(counted)
@settings(deadline=None)
def test_quantiles_of_groups_are_those_of_their_expanded_values(found):
    expected = [
        {"group": group, "n": len(here)} | {name: float(np.quantile(here, at)) for name, at in BAND.items()}
        for group in "ab"
        if (here := expanded(found, group))
    ]
    assert rows_of(quantiles(frame_of(found), ["group"], "value", BAND)) == near(expected)


@pytest.mark.parametrize("found", [[], [("a", None, 3)], [("a", 5, 0)]])
def test_quantiles_of_no_values_are_an_empty_table(found):
    table = quantiles(frame_of(found), ["group"], "value", BAND)
    assert table.dtypes.astype(str).to_dict() == {"group": "str", "n": "Int64"} | dict.fromkeys(BAND, "Float64")
    assert table.empty


def test_quantiles_by_hand() -> None:
    """1 1 1 1 2 3 3 10: the median lies between the fourth (1) and the fifth (2), the 90 % quantile at place 6.3."""
    table = quantiles(frame_of([("a", 10, 1), ("a", 1, 4), ("a", 3, 2), ("a", 2, 1)]), [], "value", BAND)
    assert rows_of(table) == near([{"n": 8, "low": 1.0, "median": 1.5, "high": 5.1}])


cases = st.lists(st.tuples(st.none() | st.integers(-3, 6), st.integers(0, 4), st.integers(0, 4)), max_size=9)


def cut_off_of(found):
    """The cut-off of places (score, yes, no)."""
    frame = pd.DataFrame(found, columns=["score", "yes", "no"]).astype("Int64")
    return cut_off(frame["score"], frame["yes"], frame["yes"] + frame["no"])


@given(cases)
@settings(deadline=None)
def test_no_score_parts_better_than_the_cut_off_and_no_lower_one_as_well(found):
    answers = [
        (score, answer) for score, yes, no in found if score is not None for answer in [True] * yes + [False] * no
    ]
    n_yes = sum(answer for _, answer in answers)
    wrong = {at: sum(answer != (score >= at) for score, answer in answers) for at, _ in answers}
    result = cut_off_of(found)
    if n_yes in (0, len(answers)):
        assert result is None
    else:
        best = min(wrong.values())
        lowest = min(at for at, count in wrong.items() if count == best)
        assert result == (lowest, best, len(answers), min(n_yes, len(answers) - n_yes))


def test_cut_off_by_hand() -> None:
    """From 70 on: one yes below, two no at or above; from 60 on four no would be exceptions."""
    assert cut_off_of([(72, 9, 1), (70, 5, 1), (60, 1, 3), (50, 0, 4), (None, 7, 7)]) == (70, 3, 24, 9)


def test_cut_off_of_equals_is_the_lowest() -> None:
    assert cut_off_of([(1, 0, 5), (2, 1, 1), (3, 5, 0)]).threshold == 2


@pytest.mark.parametrize("found", [[], [(None, 3, 3)], [(5, 3, 0), (6, 2, 0)], [(5, 0, 3)], [(5, 0, 0)]])
def test_no_cut_off_without_both_answers(found):
    assert cut_off_of(found) is None


@pytest.mark.parametrize(
    ("joint", "n_a", "n_b", "total", "expected"),
    [
        (5, 5, 5, 10, 1.0),
        (1, 2, 2, 4, 0.0),
        (0, 2, 2, 4, -1.0),
        (4, 4, 4, 4, 1.0),
        (2, 4, 8, 16, 0.0),
        (4, 4, 8, 16, 0.5),
        (1, 4, 8, 16, -0.25),
        (0, 0, 0, 0, None),
    ],
)
def test_npmi_by_hand(joint, n_a, n_b, total, expected):
    """With powers of two: log2(joint · total / (n_a · n_b)) / log2(total / joint)."""
    found = npmi(*(pd.Series([count], dtype="Int64") for count in (joint, n_a, n_b, total)))
    assert rows_of(found.to_frame("npmi")) == near([{"npmi": expected}])


counts_of_groups = st.lists(st.integers(0, 400), min_size=1, max_size=12).filter(any)


@given(counts_of_groups)
@settings(deadline=None)
def test_concentration_is_that_of_the_definitions(counts):
    found = concentration(pd.Series(counts, dtype="Int64"))
    known = [count for count in counts if count]
    n, groups = sum(known), len(known)
    assert (found.n, found.groups, found.top) == (n, groups, max(known))
    apart = sum(abs(one - other) for one in known for other in known)
    assert found.gini == pytest.approx(apart / (2 * groups * n), abs=1e-12)
    if n == 1:
        assert np.isnan([found.hhi, found.low, found.high]).all()
        return
    assert found.hhi == pytest.approx(sum(count * (count - 1) for count in known) / (n * (n - 1)))
    assert 0 <= found.low <= found.hhi <= found.high <= 1


@given(st.lists(st.integers(1, 3), min_size=2, max_size=3).filter(lambda counts: max(counts) > 1))
@settings(deadline=None)
def test_the_interval_of_the_hhi_has_the_variance_of_all_samples_drawn_from_the_shares(counts):
    n = sum(counts)
    mean = square = 0.0
    for drawn in product(range(len(counts)), repeat=n):
        chance = np.prod([counts[group] / n for group in drawn])
        hhi = sum(one == other for one, other in combinations(drawn, 2)) / comb(n, 2)
        mean, square = mean + chance * hhi, square + chance * hhi**2
    found = concentration(pd.Series(counts))
    error = 1.959964 * (square - mean**2) ** 0.5 / found.hhi
    assert found.low == pytest.approx(found.hhi * np.exp(-error), rel=1e-6)
    assert found.high == pytest.approx(min(found.hhi * np.exp(error), 1), rel=1e-6)


def test_the_interval_of_the_hhi_at_its_ends() -> None:
    """No pair of one group: seen with a chance of 2.5 % at the upper end. One group only: at the lower end."""
    apart, together = concentration(pd.Series([1] * 10)), concentration(pd.Series([10]))
    assert (apart.hhi, apart.low) == (0, 0)
    assert np.exp(-apart.high * 45) == pytest.approx(0.025)
    assert (together.hhi, together.high) == (1, 1)
    assert together.low**5 == pytest.approx(0.025)


def test_concentration_of_equal_groups_of_one_and_of_none() -> None:
    equal = concentration(pd.Series([5, 5, 5, 5]))
    assert (equal.hhi, equal.gini) == (4 * 5 * 4 / (20 * 19), 0)
    assert concentration(pd.Series([7, 0])) == (7, 1, 1, pytest.approx(0.025 ** (2 / 7)), 1, 0, 7)
    assert concentration(pd.Series([0, 0])) is None
    assert concentration(pd.Series([], dtype="Int64")) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("ab")), min_size=1, max_size=15))
@settings(deadline=None)
def test_robust_spread_is_that_of_scipy(rows):
    values, groups = (pd.Series(column) for column in zip(*rows, strict=True))
    found = robust_centre_and_spread_of_own_group(values, groups)
    for group in set(groups):
        here = values[groups == group].to_numpy()
        spread = median_abs_deviation(here, scale="normal") or 1.253314 * np.abs(here - np.median(here)).mean()
        assert set(found["centre"][groups == group]) == {np.median(here)}
        expected = [spread if spread else np.nan] * len(here)
        assert found["spread"][groups == group].tolist() == pytest.approx(expected, rel=1e-4, nan_ok=True)


def test_main_days_are_those_without_a_few_far_from_all_others():
    near_by, many = list(range(20_000, 20_100)), list(range(20_000, 20_400))
    for days, expected in (
        ([], None),
        ([7], (7, 7)),
        ([0, *near_by], (20_000, 20_099)),
        ([*near_by, 30_000], (20_000, 20_099)),
        ([0, *near_by, 30_000], (20_000, 20_099)),
        ([0, 9_000, *near_by], (9_000, 20_099)),  # of 102 one is few, and two are not
        ([0, 9_000, *many], (20_000, 20_399)),
        ([0, 1, 9_000, 9_001, *many], (20_000, 20_399)),
        ([19_270, *near_by], (19_270, 20_099)),  # 730 days before
        ([19_269, *near_by], (20_000, 20_099)),
        ([0, *near_by[:9]], (20_000, 20_008)),
        ([0, *near_by[:8]], (0, 20_007)),
    ):
        assert day_range_without_outliers(pd.Series(days[::-1], dtype="int64")) == expected, days[:3]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60), st.lists(st.integers(0, 3), max_size=8))
@settings(deadline=None)
def test_median_intervals_are_those_of_the_definition(first, second):
    """By sums of binomial coefficients on the sorted values themselves."""
    values = pd.DataFrame({"group": ["a"] * len(first) + ["b"] * len(second), "score": [*first, *second]})
    counts = values.groupby(["group", "score"], as_index=False).size().rename(columns={"size": "n"})
    found = median_intervals(counts, ["group"], "score")
    expected = [
        {"group": group, **dict(zip(("median_low", "median_high"), median_interval(listed), strict=True))}
        for group, listed in (("a", first), ("b", second))
        if listed
    ]
    assert rows_of(found) == near(expected)


def test_five_values_have_no_median_interval_and_six_that_of_the_lowest_and_the_highest_nearly():
    counts = pd.DataFrame({"score": [10.0, 20, 30, 40, 50, 60], "n": 1})
    assert rows_of(median_intervals(counts.iloc[:5], [], "score")) == [{"median_low": None, "median_high": None}]
    low, high = median_intervals(counts, [], "score").iloc[0]
    assert (10 < low < 15, 55 < high < 60) == (True, True)
