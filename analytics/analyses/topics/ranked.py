"""Topics by number of articles: ranked, and over time."""

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.frequent_labels import UMBRELLA_SHARE, shown_labels, top_labels, umbrella_topics
from analytics.analyses.common.tallies_by_period import (
    PERIOD_COLUMNS,
    largest_share_shift_text,
    period_label_grid,
    tally_by_period,
)
from analytics.analyses.common.wording import count_text, share_text
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import SMALL_N, wilson

TOPICS_RANKED = Table(
    "topics_ranked",
    "one row per topic, most articles first; the topics that are not shown by name are pooled as All others",
    (
        Column("rank", "whole", "place by number of articles; none for All others and (none)"),
        Column("topic", "text", "topic, All others, or (none) for articles without a topic"),
        Column("topics", "whole", "topics in the row: 1, how many are pooled, or 0 for (none)", "topics"),
        Column("umbrella", "flag", f"true for a topic on at least {UMBRELLA_SHARE:.0%} of the whole corpus"),
        Column("n", "whole", "articles; an article counts under each of its topics, in a pooled row once", "articles"),
        Column("total", "whole", "all articles", "articles"),
        Column("share", "share", "articles of the row, of all articles"),
        Column("share_low", "share", "lower end of the 95 % Wilson interval of share"),
        Column("share_high", "share", "upper end of the 95 % Wilson interval of share"),
        Column("decided", "whole", "articles that say whether they were published", "articles"),
        Column("published", "whole", "published articles", "articles"),
        Column("share_published", "share", "published, of the decided articles"),
        Column("low", "share", "lower end of the 95 % Wilson interval of share_published"),
        Column("high", "share", "upper end of the 95 % Wilson interval of share_published"),
        Column("small", "flag", f"true when share_published rests on fewer than {SMALL_N} articles"),
        Column("scored", "whole", "articles with a quality score", "articles"),
        Column("median_quality", "number", "median quality score", "points"),
    ),
    key=("topic",),
)

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
    key=("period", "topic"),
)


@analysis(TOPICS_RANKED)
def topics_ranked(data: Slice, *, top: int = 12) -> pd.DataFrame:
    """The topics by number of articles, with share published and median quality, umbrella topics marked.

    The first `top` by name (0: all), the rest pooled as one row; shares with their 95 % Wilson interval.
    """
    labels = top_labels(data, "topic")
    shown = shown_labels(labels, top)
    sums = {"published": "published", "decided": "decided", "scored": "scored"}
    counts = data.tally("topic", keep_topics=shown, **sums)
    scores = data.tally("topic", "quality", keep_topics=shown)
    medians = quantiles(scores, ["topic"], "quality", {"median_quality": 0.5}).drop(columns="n")
    rows = dict.fromkeys(shown, 1) | {OTHER: len(labels) - len(shown), NONE: 0}
    table = pd.DataFrame({"topic": pd.Series(list(rows), dtype="str"), "topics": list(rows.values())})
    table = table.merge(counts, on="topic").merge(medians, on="topic", how="left")
    table["rank"] = pd.array(range(1, len(table) + 1), dtype="Int64")
    table["rank"] = table["rank"].mask(table["topic"].isin([OTHER, NONE]))
    table["umbrella"] = table["topic"].isin(umbrella_topics(data))
    table["total"] = pd.Series(data.n, index=table.index, dtype="Int64")
    table[["share", "share_low", "share_high"]] = wilson(table["n"], table["total"])
    table[["share_published", "low", "high"]] = wilson(table["published"], table["decided"])
    table["small"] = table["decided"] < SMALL_N
    return table


@topics_ranked.register_finding
def topics_ranked_finding(table: pd.DataFrame) -> str:
    """The most frequent topic below the umbrella, and how often its articles are published, in a sentence."""
    if table.empty:
        return "No articles."
    topics = table[~table["topic"].isin([OTHER, NONE])]
    if topics.empty:
        return "No article has a topic."
    umbrellas, others = topics[topics["umbrella"]], topics[~topics["umbrella"]]
    over = "; ".join(
        f"{row['topic']} is on {_share_of_all_text(row)} and tells none apart" for _, row in umbrellas.iterrows()
    )
    if others.empty:
        return f"{over}; there is no other topic."
    first, known = others.iloc[0], int(table["topics"].sum()) - len(umbrellas)
    chosen = others[others["n"] == others["total"]]
    if len(chosen) < len(others) and len(chosen):
        first, known = others[others["n"] < others["total"]].iloc[0], known - len(chosen)
    which = "other topics" if len(chosen) else "topics"
    text = f"{first['topic']} is on {_share_of_all_text(first)}, " + (
        f"the most of {known:,} {which}" if known > 1 else "no other is"
    )
    if 0 < len(chosen) < len(others):
        text = f"All {int(first['total']):,} articles have {' and '.join(chosen['topic'])}; beside it {text}"
    if pd.notna(first["share_published"]):
        decided = count_text(first["decided"], "decided article is", "decided articles are")
        text += f"; {share_text(first, 'share_published')} of its {decided} published"
    return "; ".join(filter(None, [text, over])) + "."


def _share_of_all_text(row: pd.Series) -> str:
    share = share_text(row, "share", "share_low", "share_high")
    return f"{row['n']:,} of {count_text(row['total'], 'article')} ({share})"


@analysis(TOPICS_OVER_TIME)
def topics_over_time(data: Slice, *, grain: str = AUTO, top: int = 7, umbrella: str = "left out") -> pd.DataFrame:
    """How many articles of each period are about each topic, by name for the `top` most frequent of the slice.

    Umbrella topics (on at least 90 % of the whole corpus) are left out unless `umbrella` is "shown".
    """
    left_out = umbrella_topics(data) if umbrella == "left out" else []
    shown = top_labels(data, "topic", top, left_out)
    counts = tally_by_period(data, "topic", grain=grain, keep_topics=[*shown, *left_out])
    counts = counts[~counts["topic"].isin(left_out)]
    rest = [label for label in (OTHER, NONE) if label in set(counts["topic"])]
    table = period_label_grid(data, grain, "topic", [*shown, *rest])
    table = table.merge(counts, on=["period", "topic"], how="left")
    totals = tally_by_period(data, grain=grain).rename(columns={"n": "total"})
    table = table.merge(totals, on="period", how="left").fillna({"n": 0, "total": 0})
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return table


@topics_over_time.register_finding
def topics_over_time_finding(table: pd.DataFrame) -> str:
    """The topic whose share moved most between the first and the last third of the complete periods."""
    known = table[table["complete"] & ~table["topic"].isin([OTHER, NONE])]
    periods = known["period"].unique()
    if len(periods) < 3 or known["n"].sum() == 0:
        named = table.loc[~table["topic"].isin([OTHER, NONE]) & (table["n"] > 0), "topic"].nunique()
        nothing = "No article with a date has a topic beside the umbrella topics."
        return f"Topics by name: {named}." if named else nothing
    return largest_share_shift_text(known, "topic")
