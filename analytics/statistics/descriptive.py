"""Descriptive statistics of small tables of counts: association, quantiles, best cut-off, concentration, spread."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd


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
    grouped = known.groupby([*by, value], sort=True, dropna=False)["n"].sum().reset_index()
    values, weights = grouped[value].to_numpy("float64"), grouped["n"].to_numpy("int64")
    ends = weights.cumsum()
    totals = grouped.groupby(list(by), sort=True, dropna=False)["n"].sum() if by else None
    n = np.array([ends[-1]]) if totals is None else totals.to_numpy("int64")
    offsets = n.cumsum() - n
    columns = {"n": pd.array(n, dtype="Int64")}
    for name, probability in probabilities.items():
        rank = (n - 1) * probability
        below, above = np.floor(rank).astype("int64"), np.ceil(rank).astype("int64")
        low = values[np.searchsorted(ends, offsets + below, side="right")]
        high = values[np.searchsorted(ends, offsets + above, side="right")]
        columns[name] = pd.array(low + (high - low) * (rank - below), dtype="Float64")
    groups = pd.DataFrame(index=range(1)) if totals is None else totals.index.to_frame(index=False)
    return pd.concat([groups, pd.DataFrame(columns)], axis=1)


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

    `hhi` (in 1/groups..1) is the sum of the squared shares: the chance that two articles drawn with replacement are of
    one group. `effective` is 1 / hhi: how many equal groups would give the same. `gini` lies in 0..1; `top` is the
    largest count.
    """

    n: int
    groups: int
    hhi: float
    effective: float
    gini: float
    top: int


def concentration(counts: pd.Series) -> Concentration | None:
    """Concentration of counts, one a group; groups without articles are left out. None when there are no articles.

    Source: Herfindahl 1950; Hirschman 1964, American Economic Review 54(5); 1/hhi as the number of equivalents: Adelman
    1969, Review of Economics and Statistics 51(1); Gini 1912.
    """
    known = np.sort(counts[counts > 0].to_numpy("float64"))
    if not len(known):
        return None
    total = float(known.sum())
    hhi = float(((known / total) ** 2).sum())
    ranks = np.arange(1, len(known) + 1)
    gini = 2 * float((ranks * known).sum()) / (len(known) * total) - (len(known) + 1) / len(known)
    return Concentration(int(total), len(known), hhi, 1 / hhi, max(gini, 0.0), int(known[-1]))


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
