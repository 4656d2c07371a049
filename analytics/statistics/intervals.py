"""Confidence intervals of shares, of their differences, and of means of clustered values."""

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

CONFIDENCE = 0.95
"""Confidence level of every interval."""

SMALL_N = 10
"""Below this many articles a rate is marked as uncertain and no test is made."""


def wilson(successes: pd.Series, n: pd.Series, effective: pd.Series | None = None) -> pd.DataFrame:
    """Share of successes with its 95 % Wilson interval: `share`, `low`, `high` in 0..1, missing where n is 0.

    The interval is that of as many independent cases as `effective` says (`effective_n`), of n where it is not given.
    Source: Wilson 1927; recommended for small n by Brown, Cai, DasGupta 2001, Statistical Science 16(2).
    """
    hits, total, cases = (
        values.to_numpy("float64", na_value=np.nan) for values in (successes, n, n if effective is None else effective)
    )
    known = total > 0
    total, cases = np.where(known, total, np.nan), np.where(known, cases, np.nan)
    z = float(ndtri(0.5 + CONFIDENCE / 2))
    share = hits / total
    centre = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z / (1 + z * z / cases) * np.sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    low, high = np.where(hits > 0, centre - half, 0.0), np.where(hits < total, centre + half, 1.0)
    columns = {"share": share, "low": low.clip(0, 1), "high": high.clip(0, 1)}
    found = {name: pd.array(np.where(known, values, np.nan), dtype="Float64") for name, values in columns.items()}
    return pd.DataFrame(found, index=successes.index)


def effective_n(n: pd.Series, population: pd.Series) -> pd.Series:
    """How many independent cases say as much of a share as `n` drawn at random, without replacement, of `population`.

    That is n · (N - 1) / (N - n), more than n, because the variance of the share is (N - n) / (N - 1) times that of
    independent cases (the finite-population correction). It is infinite when all are drawn, and n where the population
    is missing.
    Source: Cochran 1977, Sampling Techniques, 3rd edition, section 2.6.
    """
    drawn, whole = (values.to_numpy("float64", na_value=np.nan) for values in (n, population))
    left = whole - drawn
    found = drawn * (whole - 1) / np.where(left > 0, left, np.nan)
    return pd.Series(np.select([left == 0, left > 0], [np.inf, found], drawn), index=n.index)


def newcombe(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Difference of two shares with its 95 % interval: `difference` (now minus then), `low`, `high` in -1..1.

    Both frames are as `wilson` returns them, with the same index; missing where either share is. An interval without 0
    means that the two shares differ beyond chance.
    Source: Newcombe 1998, Statistics in Medicine 17, 873-890, method 10 (hybrid score interval).
    """
    difference = now["share"] - then["share"]
    below = np.sqrt((now["share"] - now["low"]) ** 2 + (then["high"] - then["share"]) ** 2)
    above = np.sqrt((now["high"] - now["share"]) ** 2 + (then["share"] - then["low"]) ** 2)
    return pd.DataFrame({"difference": difference, "low": difference - below, "high": difference + above})


def cluster_robust_means(values: pd.DataFrame, by: list[str], value: str, cluster: str) -> pd.DataFrame:
    """Mean of `value` by group with its cluster-robust 95 % interval, for values that belong together by `cluster`.

    One row a group of `by` with `n` values, `clusters`, `mean`, `low`, `high` and `sd`, the standard deviation of the
    values; what needs two values or clusters is missing. Where each cluster has one value it is Student's interval.
    Source: cluster-robust variance of a mean with m - 1 degrees of freedom: Liang, Zeger 1986, Biometrika 73(1), 13-22;
    Cameron, Miller 2015, Journal of Human Resources 50(2), 317-372 (their CR1).
    """
    known = values[values[value].notna()].astype({value: "float64"})
    groups = known.groupby(by, sort=True)[value].agg(n="size", mean="mean", sd="std")
    residuals = known.assign(residual=known[value] - known.groupby(by)[value].transform("mean"))
    sums = residuals.groupby([*by, cluster])["residual"].sum().pow(2)
    table: pd.DataFrame = groups.join(sums.groupby(level=by).agg(clusters="size", squares="sum"))
    m = table["clusters"].where(table["clusters"] > 1).astype("float64")
    error = np.sqrt(table["squares"] * m / (m - 1)) / table["n"]
    half = pd.Series(stdtrit(m - 1, 0.5 + CONFIDENCE / 2), index=table.index) * error
    table = table.assign(low=table["mean"] - half, high=table["mean"] + half)
    return table[["n", "clusters", "mean", "low", "high", "sd"]].reset_index()
