"""When each topic was first and last seen."""

import pandas as pd

from analytics.analyses.topics import by_name, top_labels
from analytics.engine.coded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N

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


def topic_lifespans(part: Slice, *, top: int = 24) -> pd.DataFrame:
    """When each topic was first and last seen, and whether it has been quiet for longer than ever before.

    The `top` most frequent by name (0: all), the rest pooled; topics without a dated article come last.
    """
    labels = top_labels(part, "topic")
    shown = by_name(labels, top)
    counts = part.tally("topic", "day", keep_topics=shown)
    counts = counts[counts["topic"] != NONE].sort_values(["topic", "day"])
    counts["gap"] = counts.groupby("topic")["day"].diff().dt.days.astype("Int64")
    counts["undated"] = counts["n"].where(counts["day"].isna(), 0)
    grouped = counts.groupby("topic")
    table = grouped.agg(first=("day", "min"), last=("day", "max"), longest_gap=("gap", "max"))
    table["undated"] = grouped["undated"].sum()
    table["n"] = grouped["n"].sum() - table["undated"]
    as_of = None if part.span is None else min(part.span.end, part.span.known_to)
    table["as_of"] = pd.Series(pd.Timestamp(as_of) if as_of else pd.NaT, index=table.index, dtype="datetime64[us]")
    table["days_since"] = (table["as_of"] - table["last"]).dt.days.astype("Int64")
    quiet = (table["days_since"] > table["longest_gap"]).fillna(value=False)
    state = pd.Series("active", index=table.index).mask(quiet, "quiet").mask(table["n"] < SMALL_N, "few")
    table = table.assign(state=state, topics=1).reset_index()
    table.loc[table["topic"] == OTHER, "topics"] = len(labels) - len(shown)
    table = table.sort_values(["last", "n", "topic"], ascending=[False, False, True], na_position="last")
    return TOPIC_LIFESPANS.of(table)


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
        f"{row['topic']} (n = {row['n']:,}) has been quiet for {row['days_since']:,} days by {as_of}, longer than ever "
        f"before (at most {row['longest_gap']:,} days)"
        + (f", as have {others:,} more of {len(topics):,} topics" if others else "")
        + f". {came}"
    )
