"""What the articles are about."""

from collections.abc import Sequence

import pandas as pd

from analytics.analyses.time import PERIOD_COLUMNS, by_period, crossed, period_name
from analytics.engine.coded import NONE, OTHER
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, wilson

UMBRELLA_SHARE = 0.9
"""A topic on at least this share of the whole corpus says nothing about an article."""

TOPICS_OVER_TIME = Table(
    "topics_over_time",
    "one row per period and topic; the topics that are not shown by name are pooled as All others",
    (
        *PERIOD_COLUMNS,
        Column("topic", "text", "topic, All others, or (none) for articles without a topic"),
        Column("n", "whole", "articles with the topic; an article counts under each of its topics", "articles"),
        Column("total", "whole", "all articles of the period", "articles"),
        Column("share", "share", "articles with the topic, of all articles of the period"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
    ),
)


def umbrella_topics(part: Slice) -> list[str]:
    """Topics that are on nearly every article of the whole corpus, whatever is selected."""
    whole = Slice(part.corpus)
    counts = whole.tally("topic")
    return counts.loc[(counts["n"] >= UMBRELLA_SHARE * whole.n) & (counts["topic"] != NONE), "topic"].tolist()


def top_labels(part: Slice, key: str, top: int | None = None, left_out: Sequence[str] = ()) -> list[str]:
    """The labels of a key (topic, provider) in a slice, most frequent first, ties in alphabetical order."""
    counts = part.tally(key)
    counts = counts[~counts[key].isin([*left_out, NONE])]
    return counts.sort_values(["n", key], ascending=[False, True])[key].head(top or len(counts)).tolist()


def topics_over_time(part: Slice, *, grain: str = AUTO, top: int = 7, umbrella: str = "left out") -> pd.DataFrame:
    """How many articles of each period are about each topic, by name for the `top` most frequent of the slice.

    Umbrella topics (on at least 90 % of the whole corpus) are left out unless `umbrella` is "shown".
    """
    left_out = umbrella_topics(part) if umbrella == "left out" else []
    shown = top_labels(part, "topic", top, left_out)
    counts = by_period(part, "topic", grain=grain, keep_topics=[*shown, *left_out])
    counts = counts[~counts["topic"].isin(left_out)]
    rest = [label for label in (OTHER, NONE) if label in set(counts["topic"])]
    table = crossed(part, grain, "topic", [*shown, *rest])
    table = table.merge(counts, on=["period", "topic"], how="left")
    totals = by_period(part, grain=grain).rename(columns={"n": "total"})
    table = table.merge(totals, on="period", how="left").fillna({"n": 0, "total": 0})
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return TOPICS_OVER_TIME.of(table)


def topics_over_time_finding(table: pd.DataFrame) -> str:
    """The topic whose share moved most between the first and the last third of the complete periods."""
    known = table[table["complete"] & ~table["topic"].isin([OTHER, NONE])]
    periods = known["period"].unique()
    if len(periods) < 3 or known["n"].sum() == 0:
        return f"{table['topic'].nunique()} topics." if len(table) else "No article has both a date and a topic."
    third = max(len(periods) // 3, 1)
    early, late = (_shares(known[known["period"].isin(part)]) for part in (periods[:third], periods[-third:]))
    enough = (early["total"] >= SMALL_N) & (late["total"] >= SMALL_N)
    apart = enough & ((early["low"] > late["high"]) | (late["low"] > early["high"]))
    change = (late["share"] - early["share"]).where(apart).astype("float64").dropna()
    first, last = known.iloc[0], known.iloc[-1]
    spans = f"the first and the last {third} complete periods ({period_name(first)} to {period_name(last)})"
    if change.empty:
        return f"No topic's share moved beyond chance between {spans}."
    topic = change.abs().sort_values(ascending=False, kind="stable").index.astype("str")[0]
    verb = "rose" if change[topic] > 0 else "fell"
    was, now = (f"{side.loc[topic, 'share']:.0%} (n = {side.loc[topic, 'n']:,})" for side in (early, late))
    return f"{topic} {verb} from {was} to {now} of the articles between {spans}."


def _shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of each topic over several periods, as a ratio of sums, with its interval."""
    sums = rows.groupby("topic")[["n", "total"]].sum()
    return sums.join(wilson(sums["n"], sums["total"]))
