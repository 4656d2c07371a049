"""Topics over time: rank, median quality, first and last day."""

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.frequent_labels import shown_labels, top_labels, umbrella_topics
from analytics.analyses.common.tallies_by_period import (
    PERIOD_COLUMNS,
    period_label_grid,
    sentence_start_of_period,
    tally_by_period,
)
from analytics.analyses.common.wording import count_text
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.periods import AUTO, GRAINS, Grain, period_code_of_day
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.descriptive import median_intervals, quantiles
from analytics.statistics.intervals import SMALL_N, wilson

FEW = 16
"""Most periods of a chart that compares period with period, when the grain is chosen automatically."""

FIRSTS_MAX = 3
"""How many of the topics that came first are named."""

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
        Column("median_low", "number", "lower end of its 95 % interval; missing below 6 scores", "points"),
        Column("median_high", "number", "upper end of its 95 % interval", "points"),
        Column("small", "flag", f"true when the median rests on fewer than {SMALL_N} articles"),
    ),
    key=("topic", "period"),
)


def grain_for_few_periods(data: Slice, wanted: str) -> Grain:
    """The wanted grain; for `auto` the finest that gives at most 16 periods."""
    span = data.span
    if wanted != AUTO or span is None:
        return data.grain(wanted)
    return next(
        (
            grain
            for grain in GRAINS
            if period_code_of_day(span.end, grain) - period_code_of_day(span.start, grain) < FEW
        ),
        "year",
    )


@analysis(TOPIC_RANKS_OVER_TIME)
def topic_ranks_over_time(data: Slice, *, grain: str = AUTO, top: int = 7) -> pd.DataFrame:
    """Rank of each topic in each period, for the `top` topics with the best rank in any complete period.

    Ties go to the topic with more articles in the slice, then by name. Umbrella topics are left out of the ranking.
    """
    found = grain_for_few_periods(data, grain)
    overall = top_labels(data, "topic", left_out=umbrella_topics(data))
    place = {topic: number for number, topic in enumerate(overall)}
    counts = tally_by_period(data, "topic", grain=found)
    counts = counts[counts["topic"].isin(overall)]
    counts = counts.assign(place=counts["topic"].map(place)).sort_values(["n", "place"], ascending=[False, True])
    counts["rank"] = counts.groupby("period").cumcount() + 1
    calendar = data.calendar(found)
    whole = counts[counts["period"].isin(calendar.loc[calendar["complete"], "period"])]
    best = (counts if whole.empty else whole).groupby("topic").agg(rank=("rank", "min"), place=("place", "min"))
    highest = set(best.sort_values(["rank", "place"]).index[:top])
    shown = [topic for topic in overall if topic in highest]
    table = period_label_grid(data, found, "topic", shown).merge(counts, on=["period", "topic"], how="left")
    totals = tally_by_period(data, grain=found).rename(columns={"n": "total"})
    table = table.merge(totals, on="period", how="left").fillna({"n": 0, "total": 0})
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return table.drop(columns="place")


@topic_ranks_over_time.register_finding
def topic_ranks_over_time_finding(table: pd.DataFrame) -> str:
    """Which topics came first how often, in a sentence."""
    if not table["n"].sum():
        return "No article with a date has a topic beside the umbrella topics."
    known = table[table["complete"] & (table["total"] >= SMALL_N)]
    periods = known["period"].nunique()
    firsts = known.loc[known["rank"] == 1, "topic"].value_counts()
    if firsts.empty:
        return f"No complete period has the {SMALL_N} articles and the topics that a ranking needs."
    ordered = sorted(firsts.items(), key=lambda topic: (-topic[1], str(topic[0])))
    said = [f"{topic} {'' if place else 'came first '}in {n:,}" for place, (topic, n) in enumerate(ordered)]
    if len(said) > FIRSTS_MAX:
        rest = sum(n for _, n in ordered[FIRSTS_MAX:])
        said[FIRSTS_MAX:] = [f"{count_text(len(said) - FIRSTS_MAX, 'more topic')} in {rest:,}"]
    listed = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
    return f"{listed} of {count_text(periods, 'complete period')}."


@analysis(TOPIC_QUALITY_OVER_TIME)
def topic_quality_over_time(data: Slice, *, grain: str = AUTO, top: int = 12) -> pd.DataFrame:
    """Median quality of each topic in each period, for the `top` most frequent topics (0: all), the rest pooled.

    Umbrella topics are left out.
    """
    found, left_out = grain_for_few_periods(data, grain), umbrella_topics(data)
    shown = shown_labels(top_labels(data, "topic", left_out=left_out), top)
    counts = tally_by_period(data, "topic", "quality", grain=found, keep_topics=[*shown, *left_out])
    counts = counts[~counts["topic"].isin(left_out)]
    unscored = counts[counts["quality"].isna()].rename(columns={"n": "unscored"})[["period", "topic", "unscored"]]
    by = ["period", "topic"]
    medians = quantiles(counts, by, "quality", {"median_quality": 0.5})
    medians = medians.merge(median_intervals(counts, by, "quality"), on=by)
    rows = [label for label in (*shown, OTHER, NONE) if label in set(counts["topic"])]
    table = period_label_grid(data, found, "topic", rows)
    table = table.assign(place=table["topic"].map({label: place for place, label in enumerate(rows)}))
    table = table.merge(medians, on=["period", "topic"], how="left").merge(unscored, on=["period", "topic"], how="left")
    table = table.fillna({"n": 0, "unscored": 0}).sort_values(["place", "period"])
    return table.assign(small=table["n"] < SMALL_N).drop(columns="place")


@topic_quality_over_time.register_finding
def topic_quality_over_time_finding(table: pd.DataFrame) -> str:
    """The range of the topics' medians in the newest complete period that has two with enough articles."""
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
    high, low = newest.iloc[0], newest.iloc[-1]
    if high["median_quality"] == low["median_quality"]:
        return f"{sentence_start_of_period(high)} all {len(newest)} topics had a median of {high['median_quality']:g}."
    overlap = newest["median_low"].max() <= newest["median_high"].min()
    medians = f"the medians of {len(newest):,} topics were from {low['median_quality']:g} to {high['median_quality']:g}"
    unclear = "; their 95 % intervals all overlap" if overlap else ""
    n = f"n = {newest['n'].min():,} to {newest['n'].max():,}"
    return f"{sentence_start_of_period(high)} {medians} ({n}){unclear}."


TOPIC_LIFESPANS = Table(
    "topic_lifespans",
    "one row per topic, the last seen first; the topics that are not shown by name are pooled as All others",
    (
        Column("topic", "text", "topic, or All others"),
        Column("topics", "whole", "topics in the row: 1, or how many are pooled", "topics"),
        Column("first", "day", "day of its first article (UTC)"),
        Column("last", "day", "day of its last article (UTC)"),
        Column("as_of", "day", "last day of the corpus, or of the chosen range when that ends before"),
        Column("days_since", "whole", "days from its last article to as_of", "days"),
        Column("longest_gap", "whole", "longest time between two days with an article; none with one day", "days"),
        Column(
            "state", "text", f"quiet when days_since is over longest_gap, else active; few: under {SMALL_N} articles"
        ),
        Column("n", "whole", "articles with a date", "articles"),
        Column("undated", "whole", "articles without a date", "articles"),
    ),
    key=("topic",),
)


@analysis(TOPIC_LIFESPANS)
def topic_lifespans(data: Slice, *, top: int = 24) -> pd.DataFrame:
    """First and last day of each topic, and whether it has been quiet for longer than ever before.

    The `top` most frequent by name (0: all), the rest pooled; topics without a dated article come last.
    """
    labels = top_labels(data, "topic")
    shown = shown_labels(labels, top)
    counts = data.tally("topic", "day", keep_topics=shown)
    counts = counts[counts["topic"] != NONE].sort_values(["topic", "day"])
    counts["gap"] = counts.groupby("topic")["day"].diff().dt.days.astype("Int64")
    counts["undated"] = counts["n"].where(counts["day"].isna(), 0)
    grouped = counts.groupby("topic")
    table = grouped.agg(first=("day", "min"), last=("day", "max"), longest_gap=("gap", "max"))
    table["undated"] = grouped["undated"].sum()
    table["n"] = grouped["n"].sum() - table["undated"]
    ends = [day for day in (data.last_day, data.whole.last_day) if day is not None]
    as_of = pd.Timestamp(min(ends)) if ends else pd.NaT
    table["as_of"] = pd.Series(as_of, index=table.index, dtype="datetime64[us]")
    table["days_since"] = (table["as_of"] - table["last"]).dt.days.astype("Int64")
    quiet = (table["days_since"] > table["longest_gap"]).fillna(value=False)
    state = pd.Series("active", index=table.index).mask(quiet, "quiet").mask(table["n"] < SMALL_N, "few")
    table = table.assign(state=state, topics=1).reset_index()
    table.loc[table["topic"] == OTHER, "topics"] = len(labels) - len(shown)
    return table.sort_values(["last", "n", "topic"], ascending=[False, False, True], na_position="last")


@topic_lifespans.register_finding
def topic_lifespans_finding(table: pd.DataFrame) -> str:
    """Which topics have been quiet for longer than ever before, and the newest topic, in a sentence."""
    topics = table[(table["topic"] != OTHER) & table["last"].notna()]
    if topics.empty:
        return "No article with a date has a topic."
    as_of = f"{topics.iloc[0]['as_of']:%-d %B %Y}"
    quiet = topics[topics["state"] == "quiet"].sort_values(["days_since", "topic"], ascending=[False, True])
    newest = topics.sort_values(["first", "topic"], ascending=[False, True]).iloc[0]
    seen = f"first seen on {newest['first']:%-d %B %Y} (n = {newest['n']:,})"
    came = f"The newest in the selection is {newest['topic']}, {seen}."
    if quiet.empty:
        return f"No topic with {SMALL_N} articles has been quiet for longer than ever before by {as_of}. {came}"
    row, others = quiet.iloc[0], len(quiet) - 1
    return (
        f"{row['topic']} (n = {row['n']:,}) has been quiet for {count_text(row['days_since'], 'day')} by {as_of}, "
        f"longer than ever before (at most {count_text(row['longest_gap'], 'day')})"
        + (f", as have {others:,} more of {len(topics):,} topics" if others else "")
        + f". {came}"
    )
