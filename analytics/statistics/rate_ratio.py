"""How many times as many cases a day there were in one period as in another."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from analytics.statistics.change_test import FEWEST_CLUSTERS
from analytics.statistics.intervals import CONFIDENCE, SMALL_N

_WEEKDAYS = 7


class RateRatio(NamedTuple):
    """Cases a day of one period as a multiple of those of another, with its 95 % interval."""

    ratio: float
    low: float
    high: float


def rate_ratio(then: pd.Series, now: pd.Series) -> RateRatio | None:
    """The rate of `now` divided by that of `then`: counts of days, zeros included, by day (the index).

    Each weekday has a level of its own, so that a period with more Sundays is not taken for a quieter one. The variance
    is the larger of that of quasi-Poisson (days vary more than by chance) and of that by weeks, whose days may belong
    together; never smaller than Poisson. Student's t with as many degrees of freedom as the two periods have weeks,
    less two. None where a period has fewer than SMALL_N cases or FEWEST_CLUSTERS weeks.
    Source: McCullagh, Nelder 1989, Generalized Linear Models, 2nd edition, sections 6.2 and 9.2 (quasi-likelihood);
    given the cases of each weekday in both periods, those of the one are binomial (section 7.2). Variance by weeks:
    Liang, Zeger 1986, Biometrika 73(1), 13-22.
    """
    n = np.concatenate([then.to_numpy("float64"), now.to_numpy("float64")])
    day = pd.DatetimeIndex(then.index.append(now.index))
    is_now = np.arange(len(n)) >= len(then)
    week = pd.factorize(pd.MultiIndex.from_arrays([is_now, day.to_period("W")]))[0]
    weeks = [len(np.unique(week[side])) for side in (~is_now, is_now)]
    if min(then.sum(), now.sum()) < SMALL_N or min(weeks) < FEWEST_CLUSTERS:
        return None
    weekday = day.day_of_week.to_numpy()
    days = np.stack([np.bincount(weekday[side], minlength=_WEEKDAYS) for side in (~is_now, is_now)]).astype("float64")
    cases = np.bincount(weekday, n, _WEEKDAYS).astype("float64")
    ratio = _fitted(days, cases, float(now.sum()))
    in_now = ratio * days[1] / (days[0] + ratio * days[1])
    level = cases / (days[0] + ratio * days[1])
    expected = level[weekday] * np.where(is_now, ratio, 1)
    information = float((cases * in_now * (1 - in_now)).sum())
    left = (n - expected) ** 2 / np.where(expected > 0, expected, np.inf)
    dispersion = left.sum() / max(np.count_nonzero(expected) - np.count_nonzero(cases) - 1, 1)
    scores = np.bincount(week, (is_now - in_now[weekday]) * (n - expected))
    by_week = float((scores**2).sum()) / information**2 * sum(weeks) / (sum(weeks) - 2)
    error = max(max(dispersion, 1) / information, by_week) ** 0.5
    half = float(stdtrit(sum(weeks) - 2, 0.5 + CONFIDENCE / 2)) * error
    return RateRatio(ratio, *(ratio * np.exp(side * half) for side in (-1, 1)))


def _fitted(days: npt.NDArray[np.float64], cases: npt.NDArray[np.float64], now: float) -> float:
    """The ratio under which as many cases are expected in the second period as there were."""
    from scipy.optimize import brentq  # here, so that no start-up waits for it

    def too_many(log_ratio: float) -> float:
        share = np.exp(log_ratio) * days[1] / (days[0] + np.exp(log_ratio) * days[1])
        return float((cases * share).sum()) - now

    return float(np.exp(brentq(too_many, -20, 20)))
