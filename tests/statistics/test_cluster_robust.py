"""Means of values that belong together, against statsmodels and Student."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp
from statsmodels.regression.linear_model import OLS

from analytics.statistics.cluster_robust import clustered_means

values = st.lists(st.tuples(st.integers(0, 4), st.integers(-20, 20)), min_size=2, max_size=12)


def found_in(rows: list[tuple[int, int | None]]) -> pd.Series:
    frame = pd.DataFrame(rows, columns=["item", "away"]).astype("Int64").assign(group="a")
    return clustered_means(frame, ["group"], "away", "item").iloc[0]


def test_two_items_by_hand() -> None:
    """Mean 2; the residuals of the items add up to -4 and 4: an error of sqrt(2 · 32) / 4, 1 degree of freedom."""
    row = found_in([(1, 0), (1, 0), (2, 4), (2, 4), (3, None)])
    assert row[["n", "clusters", "mean"]].tolist() == [4, 2, 2.0]
    assert row["high"] - row["mean"] == pytest.approx(12.7062 * 2, abs=1e-3)


@given(values)
def test_the_interval_is_that_of_a_regression_with_clustered_errors(rows: list[tuple[int, int]]) -> None:
    items, away = np.array(rows).T
    assume(len(set(items)) > 1 and len(set(away)) > 1)
    fit = OLS(away, np.ones(len(away))).fit(cov_type="cluster", cov_kwds={"groups": items}, use_t=True)
    row = found_in(rows)
    low, high = fit.conf_int()[0]
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((fit.params[0], low, high), abs=1e-9)
    assert (row["n"], row["clusters"]) == (len(rows), len(set(items)))


@given(st.lists(st.integers(-20, 20), min_size=2, max_size=12))
def test_one_value_an_item_gives_students_interval(away: list[int]) -> None:
    assume(len(set(away)) > 1)
    row = found_in(list(enumerate(away)))
    interval = ttest_1samp(away, 0).confidence_interval()
    assert (row["low"], row["high"]) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert row["sd"] == pytest.approx(np.std(away, ddof=1))


def test_one_item_has_a_mean_and_no_interval() -> None:
    row = found_in([(1, 2), (1, 4)])
    assert (row["mean"], row["clusters"]) == (3.0, 1)
    assert row[["low", "high"]].isna().all()
