"""How improbable a count is beside the other counts of its group: negative binomial tails."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.statistics.change_test import FALSE_DISCOVERY_RATE
from analytics.statistics.multiple_tests import adjusted

ROUNDS = 3
"""Times that counts which stand out are set aside and the rest is estimated anew, at most."""

Numbers = npt.NDArray[np.float64]


def count_tails(n: pd.Series, group: pd.Series) -> pd.DataFrame:
    """The chance of as few or as many by the other counts of the group: `lower` P(N <= n) and `upper` P(N >= n).

    One row per count, in their order. What is expected is the mean of the group's others and half a unit (Jeffreys), so
    that nothing is impossible; counts are negative binomial with one dispersion for all groups (by moments; Poisson
    where they vary less), and the variance has that of the mean added. Counts that stand out (Benjamini-Hochberg,
    10 %) are set aside and the rest is estimated again, so that one far out does not hide itself or another; many hide.
    Source: Hilbe 2011, Negative Binomial Regression, 2nd edition, Cambridge University Press (NB2); Farrington et al.
    1996, Journal of the Royal Statistical Society A 159(3), 547-563 (setting past outbreaks aside).
    """
    usual = np.ones(len(n), dtype=bool)
    for _ in range(ROUNDS):
        lower, upper = _tails(n, group, usual)
        p = np.minimum(1, 2 * np.minimum(lower, upper))
        now = adjusted(p, "fdr_bh") > FALSE_DISCOVERY_RATE
        if (now == usual).all():
            break
        usual = now
    return pd.DataFrame({"lower": lower, "upper": upper}, index=n.index)


def _tails(n: pd.Series, group: pd.Series, usual: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    from scipy.stats import nbinom  # here, so that no start-up waits for it

    counts = n.to_numpy("float64")
    own = pd.DataFrame({"sum": np.where(usual, counts, 0.0), "n": usual.astype("float64")})
    others = own.groupby(group.to_numpy()).transform("sum") - own
    others, total = np.maximum(others["n"].to_numpy(), 1), others["sum"].to_numpy()
    mean = (total + 0.5) / others
    squares = (counts - mean) ** 2 * others / (others + 1) - mean
    dispersion = max(0.0, float(squares[usual].sum() / (mean[usual] ** 2).sum())) if usual.any() else 0.0
    variance = (mean + dispersion * mean**2) * (others + 1) / others
    size, chance = mean**2 / (variance - mean), mean / variance
    return nbinom.cdf(counts, size, chance), nbinom.sf(counts - 1, size, chance)
