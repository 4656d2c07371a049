"""Which label's share moved most over the time of a table, in a sentence."""

import pandas as pd

from analytics.analyses.time import period_name
from analytics.stats import SMALL_N, newcombe, wilson


def moved(known: pd.DataFrame, label: str) -> str:
    """The label whose share moved most, beyond chance, between the first and the last third of the periods.

    `known` has three complete periods or more, sorted, with `period`, `period_end`, `n` and `total` for each label.
    Shares are ratios of sums; beyond chance means that Newcombe's 95 % interval of the difference lies apart from zero
    and both thirds have enough articles.
    """
    periods = known["period"].unique()
    third = len(periods) // 3
    then, now = (_shares(known[known["period"].isin(part)], label) for part in (periods[:third], periods[-third:]))
    difference = newcombe(now, then)
    sure = (difference["low"] > 0) | (difference["high"] < 0)
    enough = (then["total"] >= SMALL_N) & (now["total"] >= SMALL_N)
    change = difference["difference"].where(sure & enough).astype("float64").dropna()
    span = f"({period_name(known.iloc[0])} to {period_name(known.iloc[-1])})"
    between = f"between the first and the last {third} complete periods {span}"
    if change.empty:
        return f"No {label}'s share moved beyond chance {between}."
    name = change.abs().round(9).sort_values(ascending=False, kind="stable").index.astype("str")[0]
    verb = "rose" if change[name] > 0 else "fell"
    return f"{name} {verb} from {_said(then.loc[name])} to {_said(now.loc[name])} of the articles {between}."


def _shares(rows: pd.DataFrame, label: str) -> pd.DataFrame:
    sums = rows.groupby(label, sort=False)[["n", "total"]].sum()
    return sums.join(wilson(sums["n"], sums["total"]))


def _said(row: pd.Series) -> str:
    return f"{row['share']:.0%} ({row['n']:,.0f} of {row['total']:,.0f})"
