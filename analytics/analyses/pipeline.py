"""How the pipeline that writes the corpus beats: its commits over time, and how soon it takes an article in."""

import pandas as pd

from analytics.analyses.history_lives import hours_said, in_hours, seen_at
from analytics.analyses.time import BAND, PERIOD_COLUMNS, period_name
from analytics.engine import periods
from analytics.engine.periods import AUTO, Span
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, quantiles, wilson

PIPELINE_PULSE = Table(
    "pipeline_pulse",
    "one row per period of the history",
    (
        *PERIOD_COLUMNS,
        Column("commits", "whole", "commits of the period", "commits"),
        Column("n", "whole", "gaps between two commits that end in the period", "gaps"),
        *(
            Column(name, "number", f"hours that {probability:.0%} of the gaps do not exceed", "hours")
            for name, probability in BAND.items()
        ),
        Column("touched", "whole", "article files touched, each once a commit", "files"),
        Column("noise", "whole", "of these, files in which nothing but `secured` changed", "files"),
        Column("share_noise", "share", "noise, of the files touched"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
    ),
    key=("period",),
)

LAGS = {
    "before it is published": (None, 0),
    "under 6 hours": (0, 6),
    "6 to under 12 hours": (6, 12),
    "12 to under 24 hours": (12, 24),
    "1 day to under 2": (24, 48),
    "2 days to under 7": (48, 168),
    "7 days to under 30": (168, 720),
    "30 days or more": (720, None),
}
"""Ranges of hours from the publish time to the first commit: from, included, and to, not included."""

FIRST_COMMIT_LAG = Table(
    "first_commit_lag",
    "one row per range of hours",
    (
        Column("lag", "text", "when the article was first committed, seen from its publish time"),
        Column("hours_from", "whole", "fewest hours, included; missing when open", "hours"),
        Column("hours_to", "whole", "most hours, not included; missing when open", "hours"),
        Column("n", "whole", "lives", "articles"),
        Column("total", "whole", "lives with a publish time whose first commit was seen", "articles"),
        Column("share", "share", "n, of total"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} lives"),
        Column("q25", "number", "hours that a quarter of all lives do not exceed", "hours"),
        Column("median", "number", "hours that half of all lives do not exceed", "hours"),
        Column("q75", "number", "hours that three quarters of all lives do not exceed", "hours"),
    ),
    key=("lag",),
)


def pipeline_pulse(part: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """Hours between commits, and which part of what they touch is noise, by UTC period of the commits.

    All commits of the history, whatever is selected: a commit is of no one article.
    """
    commits = part.history.commits
    if commits.empty:
        return PIPELINE_PULSE.empty()
    days = commits["seen_at"].dt.tz_localize(None).dt.normalize()
    last = days.max().date()
    span = Span(days.min().date(), last, last)
    found = periods.fitting(span, grain)
    codes = periods.CODES[found]((days - pd.Timestamp(0)).dt.days)
    rows = commits.assign(
        period=periods.starts(codes, found), hours=in_hours(commits["seen_at"].diff()).round(3), commits=1
    )
    gaps = rows.groupby(["period", "hours"], as_index=False).size().rename(columns={"size": "n"})
    sums = rows.groupby("period", as_index=False)[["commits", "files", "noise"]].sum()
    table = periods.calendar(span, found).merge(sums.rename(columns={"files": "touched"}), on="period", how="left")
    table = table.merge(quantiles(gaps, ["period"], "hours", BAND), on="period", how="left")
    table = table.fillna(dict.fromkeys(("commits", "touched", "noise", "n"), 0))
    table[["share_noise", "low", "high"]] = wilson(table["noise"], table["touched"])
    return PIPELINE_PULSE.of(table)


def pipeline_pulse_finding(table: pd.DataFrame) -> str:
    """How many commits there are, how much of them is noise, and the slowest period, in a sentence."""
    commits, touched, noise = (int(table[name].sum()) for name in ("commits", "touched", "noise"))
    if not commits:
        return "There is no history of commits."
    share = wilson(pd.Series([noise]), pd.Series([touched])).iloc[0]
    part = f" ({share['share']:.0%} {interval_text(share)})" if touched else ""
    text = (
        f"{commits:,} commits; of {touched:,} touches of an article file {noise:,}{part} change only the secured field"
    )
    known = table[table["complete"].astype("bool") & (table["n"] >= SMALL_N)]
    if known["median"].nunique() < 2:
        return f"{text}."
    slow = known.sort_values(["median", "period"], ascending=[False, True]).iloc[0]
    fast = known.sort_values(["median", "period"]).iloc[0]
    return (
        f"{text}. The median gap was shortest in {period_name(fast)} ({hours_said(fast['median'])} hours) and longest "
        f"in {period_name(slow)} ({hours_said(slow['median'])} hours)."
    )


def first_commit_lag(part: Slice) -> pd.DataFrame:
    """Hours from the publish time to the first commit, of the lives that were not there at the history's first one."""
    history = part.history
    rows = history.changes[history.changes["kind"] == "appeared"]
    start = history.commits["place"].min()
    rows = rows[rows["published_at"].notna() & (rows["place"] > start)]
    if rows.empty:
        return FIRST_COMMIT_LAG.empty()
    hours = in_hours(seen_at(history, rows) - rows["published_at"])
    ranges = [
        (-float("inf") if low is None else low, float("inf") if high is None else high) for low, high in LAGS.values()
    ]
    table = pd.DataFrame(
        [
            {"lag": name, "hours_from": low, "hours_to": high, "n": int(((hours >= ends[0]) & (hours < ends[1])).sum())}
            for (name, (low, high)), ends in zip(LAGS.items(), ranges, strict=True)
        ]
    )
    table["total"] = len(hours)
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    spread = hours.quantile([0.25, 0.5, 0.75]).round(1)
    table = table.assign(small=len(hours) < SMALL_N, q25=spread[0.25], median=spread[0.5], q75=spread[0.75])
    return FIRST_COMMIT_LAG.of(table)


def first_commit_lag_finding(table: pd.DataFrame) -> str:
    """Median and quartiles of the hours, and how many articles take over a week, in a sentence."""
    if table.empty:
        return "The history shows no first commit of an article with a publish time."
    first, late = table.iloc[0], int(table.loc[table["hours_from"] >= 168, "n"].sum())
    share = wilson(pd.Series([late]), pd.Series([first["total"]])).iloc[0]
    half, quarter, most = (hours_said(first[name]) for name in ("median", "q25", "q75"))
    return (
        f"Half of {first['total']:,} articles were committed within {half} hours of their publish time, the middle "
        f"half within {quarter} to {most}; {late:,} took 7 days or more ({share['share']:.0%} {interval_text(share)})."
    )
