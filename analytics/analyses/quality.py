"""How good the articles are."""

import numpy as np
import pandas as pd

from analytics.analyses.cut_off import CUT_OFF, with_cut_off
from analytics.analyses.time import BAND, PERIOD_COLUMNS, by_period, on_calendar, period_name
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.parts import STATES
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, quantiles

QUALITY_DISTRIBUTION = Table(
    "quality_distribution",
    "one row per range of scores and published state; articles without a score last, without a range",
    (
        Column("score_from", "whole", "lowest score of the range", "points"),
        Column("score_to", "whole", "highest score of the range", "points"),
        Column("state", "label", "published, unpublished or unknown"),
        Column("n", "whole", "articles", "articles"),
        Column("share", "share", "of all articles with a score"),
        CUT_OFF,
    ),
    key=("score_from", "state"),
)

QUALITY_OVER_TIME = Table(
    "quality_over_time",
    "one row per period",
    (
        *PERIOD_COLUMNS,
        Column("n", "whole", "articles with a score", "articles"),
        Column("unscored", "whole", "articles without a score", "articles"),
        *(
            Column(name, "number", f"score that {probability:.0%} of the scored articles do not exceed", "points")
            for name, probability in BAND.items()
        ),
        CUT_OFF,
    ),
    key=("period",),
)


def quality_distribution(part: Slice, *, width: int = 5) -> pd.DataFrame:
    """How the quality scores spread, in ranges `width` points wide that start at multiples of it.

    Ranges between the lowest and the highest score are all there, empty ones with n 0.
    """
    counts = part.tally("quality", "state")
    low = counts["quality"] // width * width
    counts = counts.assign(score_from=low, score_to=low + width - 1)
    known, missing = counts[low.notna()], counts[low.isna()]
    if known.empty:
        return QUALITY_DISTRIBUTION.of(with_cut_off(part, missing.reindex(columns=QUALITY_DISTRIBUTION.names)))
    starts = np.arange(int(low.min()), int(low.max()) + 1, width)
    states = [state for state in STATES if state in set(known["state"])]
    ranges = pd.MultiIndex.from_product([starts, states], names=["score_from", "state"])
    table = known.groupby(["score_from", "state"])["n"].sum().reindex(ranges, fill_value=0).reset_index()
    table = table.assign(score_to=table["score_from"] + width - 1, share=table["n"] / known["n"].sum())
    table = pd.concat([table, missing[["score_from", "score_to", "state", "n"]]], ignore_index=True)
    return QUALITY_DISTRIBUTION.of(with_cut_off(part, table))


def quality_distribution_finding(table: pd.DataFrame) -> str:
    """The distribution in a sentence."""
    scored, missing = table[table["score_from"].notna()], table.loc[table["score_from"].isna(), "n"].sum()
    without = f" {missing:,} articles have no score." if missing else ""
    n = scored["n"].sum()
    if not n:
        return f"No article has a quality score.{without}"
    ranges = scored.groupby(["score_from", "score_to"])["n"].sum().reset_index()
    low, high, most = ranges.to_numpy()[ranges["n"].argmax()]
    return (
        f"The most frequent scores are {score_range(low, high)}: {most:,} of {n:,} articles ({most / n:.0%}).{without}"
    )


def quality_over_time(part: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """How the quality scores of each period spread: median and the 10, 25, 75 and 90 % quantiles."""
    counts = by_period(part, "quality", grain=grain)
    unscored = counts[counts["quality"].isna()].rename(columns={"n": "unscored"})[["period", "unscored"]]
    table = on_calendar(part, grain, quantiles(counts, ["period"], "quality", BAND))
    table = table.merge(unscored, on="period", how="left")
    return QUALITY_OVER_TIME.of(with_cut_off(part, table.fillna({"n": 0, "unscored": 0})))


def quality_over_time_finding(table: pd.DataFrame) -> str:
    """The newest complete period that has enough articles against the first such, in a sentence."""
    if not table["n"].sum():
        return "No article has both a date and a quality score."
    known = table[table["complete"] & (table["n"] >= SMALL_N)]
    if known.empty:
        return f"No complete period has the {SMALL_N} scored articles that a statement needs."
    first, last = known.iloc[0], known.iloc[-1]
    now = f"The median was {last['median']:g} in {period_name(last)} (n = {last['n']:,})"
    return (
        f"{now}."
        if len(known) == 1
        else f"{now}, against {first['median']:g} in {period_name(first)} (n = {first['n']:,})."
    )


def score_range(low: int, high: int) -> str:
    """A range of scores in words."""
    return f"{low}" if low == high else f"{low} to {high}"
