"""Kaplan-Meier, its median, log-rank and Holm on a published example, and against scipy and statsmodels."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf
from statsmodels.duration.survfunc import survdiff
from statsmodels.stats.multitest import multipletests

from analytics.statistics.survival import holm, kaplan_meier, log_rank, median

REMISSION = {
    "6-MP": ([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]),
    "placebo": ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], []),
}
"""Weeks of remission, ended and censored: Freireich et al. 1963, Blood 21; as in Cox 1972."""

lasting = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=30)


def columns(ended: list[int], censored: list[int]) -> tuple[pd.Series, pd.Series]:
    hours = pd.Series([*ended, *censored], dtype="float64")
    return hours, pd.Series([True] * len(ended) + [False] * len(censored))


def test_remission_of_leukaemia() -> None:
    curve = kaplan_meier(*columns(*REMISSION["6-MP"])).set_index("hours")
    shares = curve.loc[[6, 7, 10, 13, 16, 22, 23], "share"]
    assert list(shares.round(3)) == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert list(curve.loc[[0, 6, 10], "at_risk"]) == [21, 21, 15]
    assert median(curve.reset_index()) == (23, 13, None)
    assert median(kaplan_meier(*columns(*REMISSION["placebo"]))) == (8, 4, 11)


def test_remission_differs_beyond_chance() -> None:
    sides = [columns(*found) for found in REMISSION.values()]
    hours, ended = (pd.concat(parts, ignore_index=True) for parts in zip(*sides, strict=True))
    p = log_rank(hours, ended, pd.Series(np.arange(42) < 21))
    assert p == pytest.approx(4.17e-5, rel=0.01)


@given(lasting)
def test_curve_agrees_with_scipy(found: list[tuple[int, bool]]):
    hours, ended = pd.Series([time for time, _ in found], dtype="float64"), pd.Series([end for _, end in found])
    curve = kaplan_meier(hours, ended)
    if not ended.any():
        assert curve["share"].eq(1).all()
        return
    expected = ecdf(CensoredData(uncensored=hours[ended].to_numpy(), right=hours[~ended].to_numpy())).sf
    np.testing.assert_allclose(curve["share"].iloc[1:], expected.probabilities)
    inside = curve[(curve["share"] > 0) & (curve["share"] < 1)]
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore", category=RuntimeWarning):
        ends = expected.confidence_interval(0.95, method="log-log")
    for name, side in (("low", ends.low), ("high", ends.high)):
        np.testing.assert_allclose(inside[name], side.evaluate(inside["hours"].to_numpy()))
    half, below = median(curve), curve.loc[curve["share"].round(12) <= 0.5, "hours"]
    assert half.hours == (None if below.empty else below.min())


@given(lasting, lasting)
def test_log_rank_agrees_with_statsmodels(one: list[tuple[int, bool]], other: list[tuple[int, bool]]):
    hours = pd.Series([time for time, _ in one + other], dtype="float64")
    ended = pd.Series([end for _, end in one + other])
    inside = pd.Series(np.arange(len(hours)) < len(one))
    p = log_rank(hours, ended, inside)
    if comparable(hours, ended, inside):
        assert p == pytest.approx(survdiff(hours, ended.astype(int), inside)[1], abs=1e-9)
    else:
        assert p is None


def comparable(hours: pd.Series, ended: pd.Series, inside: pd.Series) -> bool:
    """Whether some but not all of both groups' members end at a time when both have some."""
    at_risk = [(hours >= time, ((hours == time) & ended).sum()) for time in hours[ended].unique()]
    return any(inside[there].nunique() == 2 and ends < there.sum() for there, ends in at_risk)


@pytest.mark.slow
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_agrees_with_statsmodels(found: list[float]):
    expected = multipletests(found, method="holm")[1]
    np.testing.assert_allclose(holm(pd.Series(found, dtype="Float64")).astype("float64"), expected)


def test_holm_passes_over_what_was_not_tested() -> None:
    raised = holm(pd.Series([0.02, None, 0.04], index=["a", "b", "c"], dtype="Float64"))
    assert list(raised.fillna(-1)) == [0.04, -1, 0.04]
    assert list(raised.index) == ["a", "b", "c"]
