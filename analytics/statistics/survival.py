"""Survival analysis: Kaplan-Meier curve, its median, log-rank test and Holm's correction."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analytics.statistics.intervals import CONFIDENCE
from analytics.statistics.multiple_tests import adjusted

if TYPE_CHECKING:  # scipy.stats takes half a second to import: no start-up waits for it
    from scipy.stats import CensoredData


class Median(NamedTuple):
    """Median survival time with its 95 % interval; None where the curve does not come down to a half."""

    hours: float | None
    low: float | None
    high: float | None


def kaplan_meier(hours: pd.Series, ended: pd.Series) -> pd.DataFrame:
    """Kaplan-Meier curve of durations; where `ended` is false a duration is right-censored.

    One row for 0 and for each time at which one ended or was last seen: `hours`, `at_risk` (those that lasted until
    then), `ended`, `censored`, `share` that lasts longer, and its 95 % interval `low`, `high`: both 1 before the first
    end, missing when all have ended.
    Source: Kaplan, Meier 1958, Journal of the American Statistical Association 53; Greenwood's variance and the
    interval on the scale of log(-log): Kalbfleisch, Prentice 2002, The Statistical Analysis of Failure Time Data.
    """
    from scipy.stats import ecdf

    counts = pd.DataFrame({"hours": hours.astype("float64"), "ended": ended.astype("int64"), "n": 1})
    counts = counts.groupby("hours").sum()
    counts = counts.reindex(counts.index.union([0.0]), fill_value=0).rename_axis("hours").reset_index()
    at_risk = counts["n"][::-1].cumsum()[::-1]
    left = at_risk - counts["ended"]
    share = pd.Series(ecdf(_censored(hours, ended.astype("bool"))).sf.evaluate(counts["hours"]))
    variance = (counts["ended"] / (at_risk * left).where(left > 0)).fillna(0.0).cumsum()
    inner = share.where((share > 0) & (share < 1))
    half_width = float(ndtri(0.5 + CONFIDENCE / 2)) * np.sqrt(variance) / -np.log(inner)
    return pd.DataFrame(
        {
            "hours": counts["hours"],
            "at_risk": at_risk,
            "ended": counts["ended"],
            "censored": counts["n"] - counts["ended"],
            "share": share,
            "low": (inner ** np.exp(half_width)).mask(share == 1, 1.0),
            "high": (inner ** np.exp(-half_width)).mask(share == 1, 1.0),
        }
    )


def median(curve: pd.DataFrame) -> Median:
    """Median survival time of a `kaplan_meier` curve.

    Source of the interval: Brookmeyer, Crowley 1982, Biometrics 38, 29-41.
    """

    def first_at_half(name: str) -> float | None:
        reached = curve.loc[curve[name] <= 0.5 + 1e-12, "hours"]
        return None if reached.empty else float(reached.iloc[0])

    return Median(first_at_half("share"), first_at_half("low"), first_at_half("high"))


def log_rank(hours: pd.Series, ended: pd.Series, in_group: pd.Series) -> float | None:
    """p-value of the log-rank test of those `in_group` a group against all others; None when nothing can be compared.

    Source: Mantel 1966, Cancer Chemotherapy Reports 50; scipy.stats.logrank.
    """
    if not ended.any() or in_group.all() or not in_group.any():
        return None
    from scipy.stats import logrank

    group, others = (_censored(hours[side], ended[side]) for side in (in_group, ~in_group))
    with np.errstate(all="ignore"):
        p = float(logrank(group, others).pvalue)
    return p if np.isfinite(p) else None


def holm(p: pd.Series) -> pd.Series:
    """p-values adjusted for multiple comparisons by Holm's method; missing ones stay missing.

    Source: Holm 1979, Scandinavian Journal of Statistics 6, 65-70.
    """
    known = p.dropna().astype("float64")
    return pd.Series(adjusted(known, "holm"), known.index).reindex(p.index).astype("Float64")


def _censored(hours: pd.Series, ended: pd.Series) -> "CensoredData":
    from scipy.stats import CensoredData

    times = hours.astype("float64")
    return CensoredData(uncensored=times[ended].to_numpy(), right=times[~ended].to_numpy())
