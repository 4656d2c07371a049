"""How long something lasts when not every end was seen: the Kaplan-Meier curve, its median, and the log-rank test."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import CensoredData, logrank

from analytics.statistics.intervals import CONFIDENCE


class Median(NamedTuple):
    """The time that half outlast, with its 95 % interval; missing where the curve does not come so low."""

    hours: float | None
    low: float | None
    high: float | None


def kaplan_meier(hours: pd.Series, ended: pd.Series) -> pd.DataFrame:
    """The share that lasts longer than each time at which one ended or was last seen (`ended` is false), and than 0.

    One row a time: `hours`, `at_risk` (those that lasted until then), `ended`, `censored`, `share`, and its 95 %
    interval `low`, `high`: both 1 before the first end, missing when all have ended.
    Source: Kaplan, Meier 1958, Journal of the American Statistical Association 53; Greenwood's variance and the
    interval on the scale of log(-log): Kalbfleisch, Prentice 2002, The Statistical Analysis of Failure Time Data.
    """
    seen = pd.DataFrame({"hours": hours.astype("float64"), "ended": ended.astype("int64"), "n": 1})
    seen = pd.concat([pd.DataFrame({"hours": [0.0], "ended": [0], "n": [0]}), seen])
    table = seen.groupby("hours", as_index=False).sum()
    at_risk = table["n"].sum() - table["n"].cumsum() + table["n"]
    left = at_risk - table["ended"]
    share = (left / at_risk.where(at_risk > 0)).fillna(1.0).cumprod()
    variance = (table["ended"] / (at_risk * left).where(left > 0)).fillna(0.0).cumsum()
    z = float(ndtri(0.5 + CONFIDENCE / 2))
    between = share.where((share > 0) & (share < 1))
    log = np.log(between)
    half = z * np.sqrt(variance) / -log
    ends = {name: between ** np.exp(sign * half) for name, sign in (("low", 1), ("high", -1))}
    return pd.DataFrame(
        {"hours": table["hours"], "at_risk": at_risk, "ended": table["ended"], "censored": table["n"] - table["ended"]}
        | {"share": share}
        | {name: end.mask(share == 1, 1.0) for name, end in ends.items()}
    )


def median(curve: pd.DataFrame) -> Median:
    """The median of a `kaplan_meier` curve.

    Source of the interval: Brookmeyer, Crowley 1982, Biometrics 38, 29-41.
    """
    return Median(*(_first_below(curve, name) for name in ("share", "low", "high")))


def log_rank(hours: pd.Series, ended: pd.Series, inside: pd.Series) -> float | None:
    """How likely two groups that last alike differ as much by chance; None when nothing can be compared.

    Source: Mantel 1966, Cancer Chemotherapy Reports 50; scipy.stats.logrank.
    """
    if not ended.any() or inside.all() or not inside.any():
        return None
    one, other = (
        CensoredData(uncensored=_floats(hours[part & ended]), right=_floats(hours[part & ~ended]))
        for part in (inside, ~inside)
    )
    with np.errstate(all="ignore"):
        p = float(logrank(one, other).pvalue)
    return p if np.isfinite(p) else None


def holm(p: pd.Series) -> pd.Series:
    """p-values of several comparisons, each raised so that all together err as rarely as one; missing ones stay so.

    Source: Holm 1979, Scandinavian Journal of Statistics 6, 65-70.
    """
    known = p.dropna().astype("float64").sort_values(kind="stable")
    raised = (known * np.arange(len(known), 0, -1)).cummax().clip(upper=1.0)
    return raised.reindex(p.index).astype("Float64")


def _first_below(curve: pd.DataFrame, name: str) -> float | None:
    reached = curve.loc[curve[name] <= 0.5 + 1e-12, "hours"]
    return None if reached.empty else float(reached.iloc[0])


def _floats(values: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return values.to_numpy(dtype="float64")
