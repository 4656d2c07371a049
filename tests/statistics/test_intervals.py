"""Confidence intervals against scipy, statsmodels and published examples."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom, ttest_1samp
from statsmodels.regression.linear_model import OLS

from analytics.statistics import intervals
from analytics.statistics.intervals import cluster_robust_means, effective_n, newcombe
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


def of_population(hits: int, n: int, population: int) -> pd.Series:
    """Share and interval of a sample of `n` drawn without replacement."""
    drawn = pd.Series([n])
    return intervals.wilson(pd.Series([hits]), drawn, effective_n(drawn, pd.Series([population]))).iloc[0]


samples = st.integers(1, 400).flatmap(
    lambda population: st.integers(1, population).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(population))
    )
)


@given(samples)
@settings(deadline=None)
def test_the_interval_of_a_sample_without_replacement_is_narrower_and_closes_when_all_are_drawn(
    sample: tuple[int, int, int],
) -> None:
    hits, n, population = sample
    share, low, high = of_population(*sample)
    plain = intervals.wilson(pd.Series([hits]), pd.Series([n])).iloc[0]
    assert share == plain["share"] == hits / n
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    if n == population:
        assert (low, high) == (pytest.approx(share, abs=1e-12), pytest.approx(share, abs=1e-12))
    elif n == 1:
        assert (low, high) == (pytest.approx(plain["low"]), pytest.approx(plain["high"]))
    else:
        assert high - low < plain["high"] - plain["low"]


def test_a_sample_without_replacement_by_hand() -> None:
    """20 of 39 are as good as 20 · 38 / 19 = 40 independent ones; where the population is not known, as 20."""
    n, population = pd.Series([20, 20, 20, 0, 1]), pd.Series([39, 20, None, 50, 1], dtype="Int64")
    assert effective_n(n, population).tolist() == [40.0, np.inf, 20.0, 0.0, np.inf]
    assert of_population(15, 20, 39).tolist() == pytest.approx(wilson(30, 40))
    assert of_population(0, 20, 20).tolist() == [0, 0, 0]
    assert of_population(20, 20, 20).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("population", "n"), [(20, 5), (20, 15), (60, 10), (60, 30), (100, 10), (100, 40), (100, 75), (12, 12)]
)
def test_how_often_it_holds_the_true_share_counted_over_all_samples(population: int, n: int) -> None:
    """Exactly, for each number of hits in the population: 95 % on average, where without correction it is too often."""
    hits, drawn = pd.Series(range(n + 1)), pd.Series([n] * (n + 1))
    corrected = intervals.wilson(hits, drawn, effective_n(drawn, pd.Series([population] * (n + 1))))
    held, held_by_plain = (
        [
            float(hypergeom(population, true, n).pmf(hits)[_inside(table, true / population)].sum())
            for true in range(population + 1)
        ]
        for table in (corrected, intervals.wilson(hits, drawn))
    )
    assert np.mean(held) == (1 if n == population else pytest.approx(0.96, abs=0.015))
    assert min(held) > 0.8
    assert np.mean(held_by_plain) > np.mean(held) or n == population


def _inside(table: pd.DataFrame, share: float) -> np.ndarray:
    return ((table["low"] <= share + 1e-9) & (table["high"] >= share - 1e-9)).to_numpy("bool")


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
