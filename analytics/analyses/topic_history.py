"""How the topics' places and quality move."""

import pandas as pd

from analytics.analyses.time import PERIOD_COLUMNS, by_period, crossed, period_name
from analytics.analyses.topics import by_name, top_labels, umbrella_topics
from analytics.engine.coded import NONE, OTHER
from analytics.engine.periods import AUTO, GRAINS, Grain, code_of
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, quantiles, wilson

FEW = 16
"""Charts that compare period with period get at most so many of them when the period is chosen by itself."""

TOPIC_RANKS_OVER_TIME = Table(
    "topic_ranks_over_time",
    "one row per period and topic",
    (
        *PERIOD_COLUMNS,
        Column("topic", "text", "topic, of those that got highest in any complete period"),
        Column("rank", "whole", "place by articles among all topics of the period; none without an article"),
        Column("n", "whole", "articles with the topic; an article counts under each of its topics", "articles"),
        Column("total", "whole", "all articles of the period", "articles"),
        Column("share", "share", "articles with the topic, of all articles of the period"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
    ),
    key=("period", "topic"),
)

TOPIC_QUALITY_OVER_TIME = Table(
    "topic_quality_over_time",
    "one row per topic and period",
    (
        *PERIOD_COLUMNS,
        Column("topic", "text", "topic, All others, or (none) for articles without a topic"),
        Column("n", "whole", "articles with the topic and a quality score", "articles"),
        Column("unscored", "whole", "articles with the topic and without a quality score", "articles"),
        Column("median_quality", "number", "median quality score; none without a score", "points"),
        Column("small", "flag", f"true when the median rests on fewer than {SMALL_N} articles"),
    ),
    key=("topic", "period"),
)


def few_periods(part: Slice, wanted: str) -> Grain:
    """The wanted grain; for `auto` the finest that gives at most 16 periods."""
    span = part.span
    if wanted != AUTO or span is None:
        return part.grain(wanted)
    return next((grain for grain in GRAINS if code_of(span.end, grain) - code_of(span.start, grain) < FEW), "year")


def topic_ranks_over_time(part: Slice, *, grain: str = AUTO, top: int = 7) -> pd.DataFrame:
    """Each topic's place in each period, for the `top` topics that got highest in any complete period.

    Ties go to the topic with more articles in the slice, then by name. Umbrella topics are left out of the ranking.
    """
    found = few_periods(part, grain)
    overall = top_labels(part, "topic", left_out=umbrella_topics(part))
    place = {topic: number for number, topic in enumerate(overall)}
    counts = by_period(part, "topic", grain=found)
    counts = counts[counts["topic"].isin(overall)]
    counts = counts.assign(place=counts["topic"].map(place)).sort_values(["n", "place"], ascending=[False, True])
    counts["rank"] = counts.groupby("period").cumcount() + 1
    calendar = part.calendar(found)
    whole = counts[counts["period"].isin(calendar.loc[calendar["complete"], "period"])]
    best = (counts if whole.empty else whole).groupby("topic").agg(rank=("rank", "min"), place=("place", "min"))
    highest = set(best.sort_values(["rank", "place"]).index[:top])
    shown = [topic for topic in overall if topic in highest]
    table = crossed(part, found, "topic", shown).merge(counts, on=["period", "topic"], how="left")
    totals = by_period(part, grain=found).rename(columns={"n": "total"})
    table = table.merge(totals, on="period", how="left").fillna({"n": 0, "total": 0})
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return TOPIC_RANKS_OVER_TIME.of(table.drop(columns="place"))


def topic_ranks_over_time_finding(table: pd.DataFrame) -> str:
    """Who came first how often, and the largest climb from one period to the next, in a sentence."""
    if not table["n"].sum():
        return "No article with a date has a topic beside the umbrella topics."
    known = table[table["complete"] & (table["total"] >= SMALL_N)]
    periods = known["period"].nunique()
    firsts = known.loc[known["rank"] == 1, "topic"].value_counts()
    if firsts.empty:
        return f"No complete period has the {SMALL_N} articles and the topics that a ranking needs."
    leader = firsts[firsts == firsts.max()].index.astype("str").sort_values()[0]
    text = f"{leader} came first in {firsts.max()} of {periods} complete periods"
    before = known.groupby("topic")[["rank", "n"]].shift().add_suffix("_before")
    steps = known.join(before).assign(climb=before["rank_before"] - known["rank"])
    steps = steps[(steps["climb"] > 0).fillna(value=False) & (steps["n"] >= SMALL_N)]
    if steps.empty:
        return f"{text}."
    row = steps.sort_values(["climb", "period", "topic"], ascending=[False, False, True]).iloc[0]
    return (
        f"{text}; the largest climb from one to the next: {row['topic']} from place {row['rank_before']} "
        f"(n = {row['n_before']:,}) to place {row['rank']} in {period_name(row)} (n = {row['n']:,})."
    )


def topic_quality_over_time(part: Slice, *, grain: str = AUTO, top: int = 12) -> pd.DataFrame:
    """Median quality of each topic in each period, for the `top` most frequent topics (0: all), the rest pooled.

    Umbrella topics are left out.
    """
    found, left_out = few_periods(part, grain), umbrella_topics(part)
    shown = by_name(top_labels(part, "topic", left_out=left_out), top)
    counts = by_period(part, "topic", "quality", grain=found, keep_topics=[*shown, *left_out])
    counts = counts[~counts["topic"].isin(left_out)]
    unscored = counts[counts["quality"].isna()].rename(columns={"n": "unscored"})[["period", "topic", "unscored"]]
    medians = quantiles(counts, ["period", "topic"], "quality", {"median_quality": 0.5})
    rows = [label for label in (*shown, OTHER, NONE) if label in set(counts["topic"])]
    table = crossed(part, found, "topic", rows)
    table = table.assign(place=table["topic"].map({label: place for place, label in enumerate(rows)}))
    table = table.merge(medians, on=["period", "topic"], how="left").merge(unscored, on=["period", "topic"], how="left")
    table = table.fillna({"n": 0, "unscored": 0}).sort_values(["place", "period"])
    return TOPIC_QUALITY_OVER_TIME.of(table.assign(small=table["n"] < SMALL_N).drop(columns="place"))


def topic_quality_over_time_finding(table: pd.DataFrame) -> str:
    """The best and the worst topic of the newest complete period that has two with enough articles."""
    if not table["n"].sum():
        return "No article with a date has both a quality score and a topic beside the umbrella topics."
    known = table[table["complete"] & ~table["small"] & ~table["topic"].isin([OTHER, NONE])]
    topics = known.groupby("period")["topic"].transform("size")
    newest = known[topics >= 2]
    if newest.empty:
        return f"No complete period has two topics with the {SMALL_N} scored articles that a statement needs."
    newest = newest[newest["period"] == newest["period"].max()].sort_values(
        ["median_quality", "topic"], ascending=[False, True]
    )
    best, worst = newest.iloc[0], newest.iloc[-1]
    if best["median_quality"] == worst["median_quality"]:
        return f"In {period_name(best)} all {len(newest)} topics had a median of {best['median_quality']:g}."
    return (
        f"In {period_name(best)} the median was highest for {best['topic']} ({best['median_quality']:g}, "
        f"n = {best['n']:,}) and lowest for {worst['topic']} ({worst['median_quality']:g}, n = {worst['n']:,})."
    )
