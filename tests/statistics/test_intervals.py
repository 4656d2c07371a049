"""Confidence intervals against scipy, statsmodels and published examples."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_1samp
from statsmodels.regression.linear_model import OLS

from analytics.statistics import intervals
from analytics.statistics.intervals import cluster_robust_means, newcombe
from tests.plain import near, rows_of, wilson

rates = st.integers(0, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.lists(rates, max_size=5))
@settings(deadline=None)
def test_wilson_agrees_with_scipy(found: list[tuple[int, int]]) -> None:
    frame = pd.DataFrame(found, columns=["hits", "n"]).astype("Int64")
    expected = [dict(zip(("share", "low", "high"), wilson(hits, n), strict=True)) for hits, n in found]
    assert rows_of(intervals.wilson(frame["hits"], frame["n"])) == near(expected)


def test_wilson_without_cases_is_missing() -> None:
    table = intervals.wilson(pd.Series([0, 1]), pd.Series([0, 1]))
    assert table.isna().to_numpy().tolist() == [[True, True, True], [False, False, False]]
    assert table.dtypes.astype(str).tolist() == ["Float64"] * 3


def test_wilson_ends_exactly_at_0_and_1() -> None:
    table = intervals.wilson(pd.Series([0, 7]), pd.Series([7, 7]))
    assert (table["low"][0], table["high"][1]) == (0.0, 1.0)
    assert table["high"][0] == pytest.approx(1 - table["low"][1])


def test_wilson_keeps_the_index() -> None:
    assert intervals.wilson(pd.Series([1], index=[7]), pd.Series([2], index=[7])).index.tolist() == [7]


@pytest.mark.parametrize(
    ("now", "then", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_agrees_with_the_paper(now: tuple[int, int], then: tuple[int, int], low: float, high: float) -> None:
    """Newcombe 1998, table II, method 10."""
    shares = [intervals.wilson(pd.Series([hits]), pd.Series([n])) for hits, n in (now, then)]
    (found,) = rows_of(newcombe(*shares))
    assert found["difference"] == pytest.approx(now[0] / now[1] - then[0] / then[1])
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_newcombe_is_symmetric_and_missing_without_a_share() -> None:
    one, other, none = (intervals.wilson(pd.Series([hits]), pd.Series([n])) for hits, n in ((3, 10), (8, 9), (0, 0)))
    forth, back = newcombe(one, other).iloc[0], newcombe(other, one).iloc[0]
    assert forth.tolist() == pytest.approx([-back["difference"], -back["high"], -back["low"]])
    assert newcombe(one, none).isna().all(axis=None)


values = st.lists(st.tuples(st.integers(0, 4), st.integers(-20, 20)), min_size=2, max_size=12)


def found_in(rows: list[tuple[int, int | None]]) -> pd.Series:
    frame = pd.DataFrame(rows, columns=["item", "away"]).astype("Int64").assign(group="a")
    return cluster_robust_means(frame, ["group"], "away", "item").iloc[0]


def test_cluster_robust_mean_of_two_items_by_hand() -> None:
    """Mean 2; the residuals of the items add up to -4 and 4: an error of sqrt(2 · 32) / 4, 1 degree of freedom."""
    row = found_in([(1, 0), (1, 0), (2, 4), (2, 4), (3, None)])
    assert row[["n", "clusters", "mean"]].tolist() == [4, 2, 2.0]
    assert row["high"] - row["mean"] == pytest.approx(12.7062 * 2, abs=1e-3)


@given(values)
def test_cluster_robust_interval_is_that_of_a_regression_with_clustered_errors(rows: list[tuple[int, int]]) -> None:
    items, away = np.array(rows).T
    assume(len(set(items)) > 1 and len(set(away)) > 1)
    fit = OLS(away, np.ones(len(away))).fit(cov_type="cluster", cov_kwds={"groups": items}, use_t=True)
    row = found_in(rows)
    low, high = fit.conf_int()[0]
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((fit.params[0], low, high), abs=1e-9)
    assert (row["n"], row["clusters"]) == (len(rows), len(set(items)))


@given(st.lists(st.integers(-20, 20), min_size=2, max_size=12))
def test_one_value_a_cluster_gives_students_interval(away: list[int]) -> None:
    assume(len(set(away)) > 1)
    row = found_in(list(enumerate(away)))
    interval = ttest_1samp(away, 0).confidence_interval()
    assert (row["low"], row["high"]) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert row["sd"] == pytest.approx(np.std(away, ddof=1))


def test_one_cluster_has_a_mean_and_no_interval() -> None:
    row = found_in([(1, 2), (1, 4)])
    assert (row["mean"], row["clusters"]) == (3.0, 1)
    assert row[["low", "high"]].isna().all()
