"""Shares to expect of groups: against the closed form, by limits, and on drawn groups."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom

from analytics.statistics.shrinkage import expected_shares


def test_groups_that_are_alike_are_all_expected_at_the_common_share() -> None:
    table = expected_shares(pd.Series([5, 10, 20, 3]), pd.Series([10, 20, 40, 6]))
    assert table["share"].tolist() == pytest.approx([0.5] * 4, abs=1e-4)


def test_groups_that_have_nothing_in_common_keep_their_own_shares() -> None:
    hits, n = pd.Series([100, 0, 100, 0, 100, 0]), pd.Series([100] * 6)
    assert expected_shares(hits, n)["share"].tolist() == pytest.approx([1, 0] * 3, abs=0.01)


def test_a_group_without_cases_is_expected_at_the_mean_of_the_others() -> None:
    table = expected_shares(pd.Series([20, 30, 25, 0]), pd.Series([50, 50, 50, 0]))
    assert table["share"].iloc[3] == pytest.approx(0.5, abs=0.01)


def test_fewer_than_three_groups_tell_nothing() -> None:
    assert expected_shares(pd.Series([5, 9, 0]), pd.Series([10, 10, 0])).isna().all(axis=None)
    assert expected_shares(pd.Series([], dtype="int64"), pd.Series([], dtype="int64")).empty


def test_the_fitted_distribution_is_more_likely_than_any_on_a_grid() -> None:
    drawn = np.random.default_rng(5)
    n = drawn.integers(5, 60, 40)
    hits = drawn.binomial(n, drawn.beta(3, 7, 40))
    table = expected_shares(pd.Series(hits), pd.Series(n))
    grid = [(mean, weight) for mean in np.linspace(0.1, 0.6, 51) for weight in np.geomspace(0.5, 200, 61)]
    mean, weight = max(grid, key=lambda at: betabinom.logpmf(hits, n, at[0] * at[1], (1 - at[0]) * at[1]).sum())
    assert table["share"].to_numpy("float64") == pytest.approx((mean * weight + hits) / (weight + n), abs=0.01)


def test_intervals_hold_the_true_shares_of_drawn_groups() -> None:
    drawn = np.random.default_rng(8)
    held = []
    for _ in range(50):
        truth, n = drawn.beta(4, 6, 60), drawn.integers(1, 40, 60)
        table = expected_shares(pd.Series(drawn.binomial(n, truth)), pd.Series(n))
        held.append(table["low"].le(truth).mul(table["high"].ge(truth)).mean())
    assert 0.92 < np.mean(held) < 0.97


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=12))
def test_a_share_lies_between_the_own_one_and_the_mean_and_within_its_interval(rows: list[tuple[int, int]]) -> None:
    hits, n = pd.Series([a for a, _ in rows]), pd.Series([a + b for a, b in rows])
    table = expected_shares(hits, n)
    if (n > 0).sum() < 3:
        assert table.isna().all(axis=None)
        return
    assert table["low"].le(table["share"]).all()
    assert table["share"].le(table["high"]).all()
    assert table.stack().between(0, 1).all()
    shares = (hits / n.where(n > 0)).dropna()
    assert table["share"].between(shares.min() - 1e-3, shares.max() + 1e-3).all()
