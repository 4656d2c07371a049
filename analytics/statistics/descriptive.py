"""Descriptive statistics of small tables of counts: association, quantiles, best cut-off, concentration, spread."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import bdtr, bdtrik, ndtri

from analytics.statistics.intervals import CONFIDENCE


def npmi(joint: pd.Series, n_a: pd.Series, n_b: pd.Series, total: pd.Series) -> pd.Series:
    """Normalised pointwise mutual information of two labels: -1 never together, 0 as by chance, 1 only together.

    `joint` of `total` articles carry both labels, `n_a` and `n_b` each of them. Two labels on every article give 1.
    Source: Bouma 2009, Proceedings of GSCL, 31-40.
    """
    both, a, b, n = (counts.astype("float64") for counts in (joint, n_a, n_b, total))
    known = both.where(both > 0)
    information = pd.Series(np.log(known * n / (a * b)), index=known.index)
    largest = pd.Series(-np.log(known / n), index=known.index)
    value = (information / largest.where(largest > 0)).mask((both == n) & (n > 0), 1.0)
    value = value.mask((both == 0) & (n > 0), -1.0)
    return value.clip(-1, 1).astype("Float64")


def quantiles(counts: pd.DataFrame, by: Sequence[str], value: str, probabilities: dict[str, float]) -> pd.DataFrame:
    """Exact quantiles by group of values that come as counts.

    `counts` has the columns of `by`, the numeric `value` and `n`; missing values are left out. Returns one row a group
    of `by` that has a value, with `n` and a Float64 column for each of `probabilities` (name → probability).
    Interpolates linearly between order statistics, as numpy does (Hyndman, Fan 1996, The American Statistician 50(4),
    type 7).
    """
    known = counts[counts[value].notna() & (counts["n"] > 0)]
    if known.empty:
        dtypes = {"n": "Int64"} | dict.fromkeys(probabilities, "Float64")
        return known.reindex(columns=[*by, *dtypes]).astype(dtypes)
    ordered = _OrderStatistics(known, by, value)
    columns: dict[str, pd.api.extensions.ExtensionArray] = {"n": pd.array(ordered.n, dtype="Int64")}
    for name, probability in probabilities.items():
        columns[name] = pd.array(ordered.at((ordered.n - 1) * probability), dtype="Float64")
    return pd.concat([ordered.groups, pd.DataFrame(columns)], axis=1)


MEDIAN_INTERVAL = ("median_low", "median_high")
"""The columns of `median_intervals` beside those of the groups."""

FEWEST_FOR_MEDIAN_INTERVAL = 6
"""Of fewer values even the lowest and the highest lie on one side of the true median more often than 1 in 20."""


def median_intervals(counts: pd.DataFrame, by: Sequence[str], value: str) -> pd.DataFrame:
    """95 % intervals of the medians that `quantiles` gives: `median_low` and `median_high`, Float64, by group of `by`.

    Missing below FEWEST_FOR_MEDIAN_INTERVAL values. Without an assumption on the distribution: between two order
    statistics, interpolated so that the level is 95 %; where many values are equal, it is higher.
    Source: Hettmansperger, Sheather 1986, Statistics & Probability Letters 4(2), 75-79.
    """
    known = counts[counts[value].notna() & (counts["n"] > 0)]
    if known.empty:
        dtypes = dict.fromkeys(MEDIAN_INTERVAL, "Float64")
        return known.reindex(columns=[*by, *dtypes]).astype(dtypes)
    ordered = _OrderStatistics(known, by, value)
    enough = ordered.n >= FEWEST_FOR_MEDIAN_INTERVAL
    n = np.maximum(ordered.n, FEWEST_FOR_MEDIAN_INTERVAL)
    tail = (1 - CONFIDENCE) / 2
    depth = np.ceil(bdtrik(tail, n, 0.5))
    outer, inner = 1 - 2 * bdtr(depth - 1, n, 0.5), 1 - 2 * bdtr(depth, n, 0.5)
    part = (outer - CONFIDENCE) / (outer - inner)
    part = (n - depth) * part / (depth + (n - 2 * depth) * part)
    rank = np.where(enough, depth - 1 + part, 0.0)
    ends = (ordered.at(rank), ordered.at(ordered.n - 1 - rank))
    columns = {
        name: pd.array(np.where(enough, end, np.nan), dtype="Float64")
        for name, end in zip(MEDIAN_INTERVAL, ends, strict=True)
    }
    return pd.concat([ordered.groups, pd.DataFrame(columns)], axis=1)


class _OrderStatistics:
    """The values of each group of a table of counts, in order.

    `groups` has a row for each group, `n` its number of values.
    """

    def __init__(self, counts: pd.DataFrame, by: Sequence[str], value: str) -> None:
        grouped = counts.groupby([*by, value], sort=True, dropna=False)["n"].sum().reset_index()
        self._values = grouped[value].to_numpy("float64")
        self._ends = grouped["n"].to_numpy("int64").cumsum()
        totals = grouped.groupby(list(by), sort=True, dropna=False)["n"].sum() if by else None
        self.n = self._ends[-1:] if totals is None else totals.to_numpy("int64")
        self.groups = pd.DataFrame(index=range(1)) if totals is None else totals.index.to_frame(index=False)

    def at(self, rank: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The value at a rank of each group, from 0; between two whole ranks interpolated."""
        first = self.n.cumsum() - self.n
        below, above = np.floor(rank).astype("int64"), np.ceil(rank).astype("int64")
        low = self._values[np.searchsorted(self._ends, first + below, side="right")]
        high = self._values[np.searchsorted(self._ends, first + above, side="right")]
        found: npt.NDArray[np.float64] = low + (high - low) * (rank - below)
        return found


class CutOff(NamedTuple):
    """The score from which the answer is mostly yes, the `n` cases and the `exceptions` among them.

    `minority` is the number of cases with the rarer answer: the exceptions if the answer were the same for all.
    """

    threshold: int
    exceptions: int
    n: int
    minority: int


def cut_off(scores: pd.Series, yes: pd.Series, n: pd.Series) -> CutOff | None:
    """The score that separates yes (from it on) from no (below it) with the fewest exceptions; of equals the lowest.

    Each row stands for `n` cases of one score, `yes` of them with that answer, as in a tally; missing scores are left
    out. Only scores that occur are tried, so the cut-off is the lowest score on its side. None without both answers.
    Source: a decision stump under 0-1 loss (Iba, Langley 1992, Machine Learning Proceedings, 233-240).
    """
    counts = pd.DataFrame({"score": scores, "yes": yes, "n": n})
    counts = counts[counts["score"].notna() & (counts["n"] > 0)].groupby("score", sort=True)[["yes", "n"]].sum()
    hits, total = counts["yes"].to_numpy("int64"), counts["n"].to_numpy("int64")
    misses = total - hits
    minority = int(min(hits.sum(), misses.sum()))
    if not minority:
        return None
    exceptions = hits.cumsum() - hits + misses[::-1].cumsum()[::-1]
    best = int(exceptions.argmin())
    return CutOff(int(counts.index[best]), int(exceptions[best]), int(total.sum()), minority)


class Concentration(NamedTuple):
    """Concentration of `n` articles in `groups`.

    `hhi` (in 0..1) is the chance that two different articles are of one group: without the excess of the sum of
    squared shares, which for few articles is too high; missing for one article. `low` and `high` are the ends of its
    95 % interval. `gini` lies in 0..1; `top` is the largest count.
    """

    n: int
    groups: int
    hhi: float
    low: float
    high: float
    gini: float
    top: int


def concentration(counts: pd.Series) -> Concentration | None:
    """Concentration of counts, one a group; groups without articles are left out. None when there are no articles.

    The interval is log-normal, with the variance of a multinomial sample; without any pair of one group it ends where
    seeing none has a chance of 2.5 %, with a single group it begins where seeing only that has. Where all groups are
    equally large it is wider than it need be.
    Source: Herfindahl 1950; Hirschman 1964, American Economic Review 54(5); estimate and variance: Simpson 1949, Nature
    163, 688; Gini 1912.
    """
    known = np.sort(counts[counts > 0].to_numpy("float64"))
    if not len(known):
        return None
    total = float(known.sum())
    hhi, low, high = _pairs_of_one_group(known)
    ranks = np.arange(1, len(known) + 1)
    gini = 2 * float((ranks * known).sum()) / (len(known) * total) - (len(known) + 1) / len(known)
    return Concentration(int(total), len(known), hhi, low, high, max(gini, 0.0), int(known[-1]))


def _pairs_of_one_group(counts: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """The share of the pairs of two articles that are of one group, and its 95 % interval."""
    n = float(counts.sum())
    if n < 2:
        return np.nan, np.nan, np.nan
    tail = (1 - CONFIDENCE) / 2
    pairs = n * (n - 1)
    hhi = float((counts * (counts - 1)).sum() / pairs)
    if hhi == 0:
        return 0.0, 0.0, min(-2 * float(np.log(tail)) / pairs, 1.0)
    if len(counts) == 1:
        return 1.0, float(tail ** (2 / n)), 1.0
    squares, cubes = (float(((counts / n) ** power).sum()) for power in (2, 3))
    variance = (4 * (n - 2) * max(cubes - squares**2, 0) + 2 * (squares - squares**2)) / pairs
    factor = float(np.exp(-ndtri(tail) * np.sqrt(variance) / hhi))
    return hhi, hhi / factor, min(hhi * factor, 1.0)


MAD_TO_SD = 1.4826
"""Median absolute deviation → standard deviation of normal values."""

MEAN_AD_TO_SD = 1.253314
"""Mean absolute deviation → standard deviation of normal values."""

UNUSUAL = 3.5
"""A robust z from which a value is unusual: Iglewicz, Hoaglin 1993, How to Detect and Handle Outliers."""


def robust_centre_and_spread_of_own_group(values: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Median (`centre`) and robust `spread` of each value's group, in the order of the values.

    `spread` is the median absolute deviation, scaled to a standard deviation; where that is 0 (half of the
    values are equal) the mean absolute deviation, scaled alike; where that is 0 too, it is missing.
    Source: Iglewicz, Hoaglin 1993, How to Detect and Handle Outliers, with its rule for a deviation of 0.
    """
    centre = values.groupby(groups).transform("median")
    deviation = (values - centre).abs()
    spread = deviation.groupby(groups).transform("median") * MAD_TO_SD
    fallback = deviation.groupby(groups).transform("mean") * MEAN_AD_TO_SD
    spread = spread.where(spread > 0, fallback)
    return pd.DataFrame({"centre": centre, "spread": spread.where(spread > 0)})


FAR_DAYS = 730
"""A gap of more days than this separates outlying days from the rest."""

FEW_OF, FEWEST_DAYS = 100, 10
"""At most one of `FEW_OF` values is left out as outlying; from `FEWEST_DAYS` values on, one always may be."""


def day_range_without_outliers(days: pd.Series) -> tuple[int, int] | None:
    """First and last of some days (whole numbers), without the few that lie far from all others; None without days.

    Far is more than `FAR_DAYS` from the next one; few are at most 1 % of all, and at most one of 10 to 199.
    """
    ordered = np.sort(days.to_numpy(dtype="int64"))
    if not len(ordered):
        return None
    few = max(1, len(ordered) // FEW_OF) if len(ordered) >= FEWEST_DAYS else 0
    after_gap = np.flatnonzero(np.diff(ordered) > FAR_DAYS) + 1
    early, late = after_gap[after_gap <= few], after_gap[len(ordered) - after_gap <= few]
    return int(ordered[early[-1] if len(early) else 0]), int(ordered[late[0] - 1 if len(late) else -1])
