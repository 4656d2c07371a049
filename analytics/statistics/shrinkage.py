"""Shares of many groups, each pulled towards what the others show: what to expect of a group with few cases."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betaincinv, betaln, expit, logit

from analytics.statistics.intervals import CONFIDENCE

FEWEST_GROUPS = 3
"""How much groups differ from each other cannot be known from fewer."""

_WEIGHTS = (0.1, 10_000.0)
"""How many cases the other groups may count for: from nearly none, where groups have little in common, to so many that
all groups are taken as alike."""


def expected_shares(successes: pd.Series, n: pd.Series) -> pd.DataFrame:
    """The share to expect of each group's further cases, with its 95 % interval: `share`, `low`, `high` in 0..1.

    Shares of the groups are taken as drawn from one beta distribution, fitted to all of them by maximum likelihood
    (empirical Bayes): a group is pulled towards the mean of all, the more the fewer cases it has and the more alike the
    groups are. The interval does not allow for what is uncertain about the distribution itself. All are missing where
    fewer than FEWEST_GROUPS groups have cases; a group without cases has the distribution's mean.
    Source: Griffin, Krutchkoff 1971, Biometrika 58(3), 599-604; Casella 1985, The American Statistician 39(2), 83-87.
    """
    hits, total = (values.to_numpy("float64") for values in (successes, n))
    table = pd.DataFrame(np.nan, successes.index, ["share", "low", "high"])
    if np.count_nonzero(total) >= FEWEST_GROUPS:
        alpha, beta = _fitted_beta(hits, total)
        after = alpha + hits, beta + total - hits
        table["share"] = after[0] / (after[0] + after[1])
        table["low"], table["high"] = (betaincinv(*after, at) for at in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return table.astype("Float64")


def _fitted_beta(hits: npt.NDArray[np.float64], total: npt.NDArray[np.float64]) -> tuple[float, float]:
    """The two parameters of the beta distribution under which the hits of all groups are most likely."""
    from scipy.optimize import minimize  # here, so that no start-up waits for it

    def unlikelihood(at: npt.NDArray[np.float64]) -> float:
        mean, weight = expit(at[0]), np.exp(at[1])
        alpha, beta = mean * weight, (1 - mean) * weight
        return float(-(betaln(alpha + hits, beta + total - hits) - betaln(alpha, beta)).sum())

    start = logit((hits.sum() + 0.5) / (total.sum() + 1)), np.log(10.0)
    bounds = (-15.0, 15.0), tuple(np.log(_WEIGHTS))
    found = minimize(unlikelihood, start, method="L-BFGS-B", bounds=bounds).x
    mean, weight = float(expit(found[0])), float(np.exp(found[1]))
    return mean * weight, (1 - mean) * weight
