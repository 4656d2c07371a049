"""How hot the articles get over time: heat lift is heat minus quality."""

import pandas as pd

from analytics.analyses.time import BAND, PERIOD_COLUMNS, by_period, on_calendar, period_name
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, quantiles, wilson

HEAT_LIFT_OVER_TIME = Table(
    "heat_lift_over_time",
    "one row per period",
    (
        *PERIOD_COLUMNS,
        Column("n", "whole", "articles", "articles"),
        Column("compared", "whole", "articles with both a heat and a quality score", "articles"),
        Column("unranked", "whole", "articles whose heat is -1", "articles"),
        Column("missing", "whole", "articles without heat", "articles"),
        Column("mean_lift", "number", "mean heat lift of the compared articles", "points"),
        *(
            Column(name, "number", f"heat lift that {probability:.0%} of the compared articles do not exceed", "points")
            for name, probability in BAND.items()
        ),
        Column("lifted", "whole", "compared articles whose heat is above their quality", "articles"),
        Column("share_unranked", "share", "unranked, of the articles that have a heat field"),
        Column("low", "share", "lower end of the 95 % Wilson interval of share_unranked"),
        Column("high", "share", "upper end of the 95 % Wilson interval of share_unranked"),
    ),
    key=("period",),
)

UNRANKED_OVER_TIME = Table(
    "unranked_over_time",
    "one row per period",
    (
        *PERIOD_COLUMNS,
        Column("n", "whole", "articles that have a heat field", "articles"),
        Column("unranked", "whole", "articles whose heat is -1", "articles"),
        Column("missing", "whole", "articles without heat", "articles"),
        Column("share_unranked", "share", "unranked, of the articles that have a heat field"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} articles"),
    ),
    key=("period",),
)


def heat_lift_over_time(part: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """How far heat lies above quality in each period, and how many articles are unranked (heat -1, never averaged)."""
    states = by_period(part, "heat_state", grain=grain).pivot(index="period", columns="heat_state", values="n")
    states = states.reindex(columns=["ranked", "unranked", "missing"]).fillna(0)
    lifts = by_period(part, "lift", grain=grain)
    lifts = lifts[lifts["lift"].notna()]
    sums = lifts.assign(total=lifts["lift"] * lifts["n"], lifted=lifts["n"].where(lifts["lift"] > 0, 0))
    sums = sums.groupby("period", as_index=False)[["total", "lifted"]].sum()
    table = on_calendar(part, grain, quantiles(lifts, ["period"], "lift", BAND).rename(columns={"n": "compared"}))
    table = table.merge(sums, on="period", how="left").merge(states.reset_index(), on="period", how="left")
    counts = ["compared", "lifted", "ranked", "unranked", "missing"]
    table = table.assign(mean_lift=table["total"] / table["compared"]).fillna(dict.fromkeys(counts, 0))
    recorded = table["ranked"] + table["unranked"]
    table["n"] = recorded + table["missing"]
    table[["share_unranked", "low", "high"]] = wilson(table["unranked"], recorded)
    return HEAT_LIFT_OVER_TIME.of(table[HEAT_LIFT_OVER_TIME.names])


def heat_lift_over_time_finding(table: pd.DataFrame) -> str:
    """Whether heat rises above quality at all, and when most, in a sentence."""
    compared, lifted = int(table["compared"].sum()), int(table["lifted"].sum())
    recorded = int((table["n"] - table["missing"]).sum())
    unranked = int(table["unranked"].sum())
    tail = f" {unranked:,} of {recorded:,} articles with a heat field are unranked (-1)." if recorded else ""
    if not compared:
        return f"No article has both a heat and a quality score.{tail}"
    if not lifted and not table["mean_lift"].fillna(0).ne(0).any():
        return f"Heat equals quality for all {compared:,} compared articles.{tail}"
    top = table.sort_values("mean_lift", ascending=False, kind="stable").iloc[0]
    head = f"Heat is above quality for {lifted:,} of {compared:,} compared articles ({lifted / compared:.0%})"
    peak = f"the mean lift was highest in {period_name(top)}: {top['mean_lift']:+.1f} (n = {top['compared']:,})"
    return f"{head}; {peak}.{tail}"


def unranked_over_time(part: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """Which share of the articles of each period is unranked (heat -1), of those that have a heat field."""
    counts = by_period(part, "heat_state", grain=grain).pivot(index="period", columns="heat_state", values="n")
    counts = counts.reindex(columns=["ranked", "unranked", "missing"]).reset_index()
    table = on_calendar(part, grain, counts).fillna({"ranked": 0, "unranked": 0, "missing": 0})
    table["n"] = table["ranked"] + table["unranked"]
    table[["share_unranked", "low", "high"]] = wilson(table["unranked"], table["n"])
    table["small"] = table["n"] < SMALL_N
    return UNRANKED_OVER_TIME.of(table.drop(columns="ranked"))


def unranked_over_time_finding(table: pd.DataFrame) -> str:
    """The share unranked in all, and the period in which it was highest, in a sentence."""
    unranked, n, missing = (int(table[name].sum()) for name in ("unranked", "n", "missing"))
    tail = f" {missing:,} have no heat field." if missing else ""
    if not n:
        return f"No article with a date has a heat field.{tail}"
    if not unranked:
        return f"All {n:,} articles with a date and a heat field are ranked; none has a heat of -1.{tail}"
    share = wilson(pd.Series([unranked]), pd.Series([n])).iloc[0]
    interval = interval_text(share)
    text = f"{unranked:,} of {n:,} articles with a heat field are unranked ({share['share']:.0%} {interval})"
    known = table[table["complete"] & ~table["small"] & (table["unranked"] > 0)]
    if known.empty:
        return f"{text}.{tail}"
    top = known.sort_values("share_unranked", ascending=False, kind="stable").iloc[0]
    return (
        f"{text}; the share was highest in {period_name(top)}: {top['share_unranked']:.0%} "
        f"({top['unranked']:,} of {top['n']:,}).{tail}"
    )
