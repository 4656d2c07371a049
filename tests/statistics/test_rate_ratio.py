"""Ratios of two rates: against statsmodels' quasi-Poisson regression, by hand, and on drawn days."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from analytics.statistics.rate_ratio import rate_ratio

WEEKDAY_LEVELS = np.array([1.3, 1.2, 1.2, 1.1, 1.0, 0.4, 0.3])


def days_of(first: str, counts: list[int]) -> pd.Series:
    return pd.Series(counts, index=pd.date_range(first, periods=len(counts)))


def drawn_days(random: np.random.Generator, first: str, days: int, rate: float, spread: float) -> pd.Series:
    """Counts whose weeks differ: gamma distributed with the shape `spread`."""
    index = pd.date_range(first, periods=days)
    week = pd.factorize(index.to_period("W"))[0]
    levels = random.gamma(spread, 1 / spread, week.max() + 1)[week] * rate * WEEKDAY_LEVELS[index.day_of_week]
    return pd.Series(random.poisson(levels), index=index)


def test_twice_as_many_on_each_weekday_is_a_ratio_of_two() -> None:
    found = rate_ratio(
        days_of("2024-01-01", [1, 2, 3, 4, 5, 1, 1] * 4), days_of("2024-02-05", [2, 4, 6, 8, 10, 2, 2] * 4)
    )
    assert found is not None
    assert found.ratio == pytest.approx(2)
    assert found.low < 2 < found.high


def test_a_period_with_more_sundays_is_not_quieter() -> None:
    weekdays = [10, 10, 10, 10, 10, 0, 1]
    found = rate_ratio(days_of("2024-01-01", weekdays * 2), days_of("2024-01-20", [0, 1] + weekdays * 2))
    assert found is not None
    assert found.ratio == pytest.approx(1)


@pytest.mark.parametrize("seed", range(6))
def test_ratio_and_quasi_poisson_interval_are_those_of_statsmodels(seed: int) -> None:
    random = np.random.default_rng(seed)
    then, now = drawn_days(random, "2024-01-03", 40, 3, 1e9), drawn_days(random, "2024-02-12", 60, 4, 1e9)
    then.iloc[::5] += 12
    day = then.index.append(now.index)
    terms = pd.get_dummies(day.day_of_week).astype("float64").set_axis([f"d{at}" for at in range(7)], axis=1)
    terms["now"] = np.repeat([0.0, 1.0], [len(then), len(now)])
    fit = sm.GLM(np.concatenate([then, now]), terms.to_numpy(), family=sm.families.Poisson()).fit(scale="X2")
    found = rate_ratio(then, now)
    assert found is not None
    assert np.log(found.ratio) == pytest.approx(fit.params[-1], abs=1e-6)
    weeks = len(then.index.to_period("W").unique()) + len(now.index.to_period("W").unique())
    half = stdtrit(weeks - 2, 0.975) * fit.bse[-1]
    assert np.log(found.high / found.ratio) >= half - 1e-6
    assert np.log(found.high / found.ratio) == pytest.approx(half, rel=0.3)


@pytest.mark.parametrize("spread", [8, 1e9])
@pytest.mark.parametrize("days", [28, 91])
def test_intervals_hold_a_ratio_of_one_in_drawn_periods(spread: float, days: int) -> None:
    random = np.random.default_rng(11)
    second = str((pd.Timestamp("2024-01-03") + pd.Timedelta(days=days)).date())
    held = []
    for _ in range(200):
        sides = [drawn_days(random, first, days, 4, spread) for first in ("2024-01-03", second)]
        found = rate_ratio(*sides)
        held.append(found is not None and found.low <= 1 <= found.high)
    assert np.mean(held) >= 0.92


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (days_of("2024-01-01", [1] * 9), days_of("2024-02-05", [1] * 28)),
        (days_of("2024-01-01", [9] * 7), days_of("2024-02-05", [1] * 28)),
        (days_of("2024-01-01", [1] * 28), days_of("2024-02-05", [0] * 28)),
    ],
    ids=["nine articles", "one week", "none"],
)
def test_too_little_tells_nothing(then: pd.Series, now: pd.Series) -> None:
    assert rate_ratio(then, now) is None


COUNTS = st.lists(st.integers(0, 9), min_size=8, max_size=40)


@given(COUNTS, COUNTS)
def test_the_ratio_lies_within_its_interval_and_turns_over_with_the_periods(a: list[int], b: list[int]) -> None:
    then, now = days_of("2024-01-01", a), days_of("2024-04-03", b)
    found, turned = rate_ratio(then, now), rate_ratio(now, then)
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert 0 <= found.low <= found.ratio <= found.high
        assert turned.ratio == pytest.approx(1 / found.ratio, rel=1e-4)
        assert turned.low == pytest.approx(1 / found.high, rel=1e-3)
