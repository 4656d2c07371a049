"""The mean of values of which several belong together, with an interval that knows it."""

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analytics.statistics.intervals import CONFIDENCE


def clustered_means(values: pd.DataFrame, by: list[str], value: str, cluster: str) -> pd.DataFrame:
    """The mean of `value` by group with its 95 % interval: values of one cluster, as of one item, go together.

    One row a group of `by` with `n` values, `clusters`, `mean`, `low`, `high` and `sd`, the standard deviation of the
    values; what needs two values or clusters is missing. Where each cluster has one value it is Student's interval.
    Source: cluster-robust variance of a mean with m - 1 degrees of freedom: Liang, Zeger 1986, Biometrika 73(1), 13-22;
    Cameron, Miller 2015, Journal of Human Resources 50(2), 317-372 (their CR1).
    """
    known = values[values[value].notna()].astype({value: "float64"})
    groups = known.groupby(by, sort=True)[value].agg(n="size", mean="mean", sd="std")
    away = known.assign(away=known[value] - known.groupby(by)[value].transform("mean"))
    sums = away.groupby([*by, cluster])["away"].sum().pow(2).groupby(level=by).agg(clusters="size", spread="sum")
    table: pd.DataFrame = groups.join(sums)
    m = table["clusters"].where(table["clusters"] > 1).astype("float64")
    error = np.sqrt(table["spread"] * m / (m - 1)) / table["n"]
    half = pd.Series(stdtrit(m - 1, 0.5 + CONFIDENCE / 2), index=table.index) * error
    table = table.assign(low=table["mean"] - half, high=table["mean"] + half)
    return table[["n", "clusters", "mean", "low", "high", "sd"]].reset_index()
