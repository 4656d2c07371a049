"""How the quality scores of topics, providers, types and published states differ."""

import pandas as pd

from analytics.analyses.cut_off import CUT_OFF, cut_off_in, with_cut_off
from analytics.analyses.groups import by_group, in_order
from analytics.engine.coded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, quantiles, wilson

QUARTILES = {"q25": 0.25, "median": 0.50, "q75": 0.75}

QUALITY_CUMULATIVE = Table(
    "quality_cumulative",
    "one row per group and score that occurs, groups with most articles first",
    (
        Column("group", "text", "topic, provider, type or published state; All others, or (none) without one"),
        Column("score", "whole", "quality score", "points"),
        Column("reached", "whole", "articles of the group with this score or more", "articles"),
        Column("total", "whole", "articles of the group with a score", "articles"),
        Column("share", "share", "with this score or more, of the group's articles with a score"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
        Column("small", "flag", f"true when the group has fewer than {SMALL_N} articles with a score"),
        CUT_OFF,
    ),
    key=("group", "score"),
)


def _quartile_columns(label: str) -> tuple[Column, ...]:
    return (
        Column("rank", "whole", f"place by median among those by name with at least {SMALL_N} scored articles"),
        Column(label, "text", f"{label}, All others, or (none) for articles without one"),
        Column("n", "whole", "articles", "articles"),
        Column("scored", "whole", "articles with a quality score", "articles"),
        Column("q25", "number", "score that a quarter of the scored articles do not exceed", "points"),
        Column("median", "number", "score that half of the scored articles do not exceed", "points"),
        Column("q75", "number", "score that three quarters of the scored articles do not exceed", "points"),
        Column("small", "flag", f"true when the quartiles rest on fewer than {SMALL_N} articles"),
        CUT_OFF,
    )


_GRAIN = f"one row per {{}}, highest median first; then those with fewer than {SMALL_N} scores, All others, (none)"

QUALITY_BY_TOPIC = Table("quality_by_topic", _GRAIN.format("topic"), _quartile_columns("topic"), key=("topic",))

QUALITY_BY_PROVIDER = Table(
    "quality_by_provider", _GRAIN.format("provider"), _quartile_columns("provider"), key=("provider",)
)


def quality_cumulative(part: Slice, *, group: str = "provider", top: int = 5) -> pd.DataFrame:
    """Which share of each group's scored articles reaches each score: the cumulative curve, from the top.

    Groups as in `groups.by_group`; those without a score are left out.
    """
    counts = by_group(part, group, top, "quality")
    known = counts[counts["quality"].notna()].rename(columns={"quality": "score"})
    scores = pd.DataFrame({"score": sorted(known["score"].unique())}, dtype="Int64")
    groups = pd.DataFrame({"group": [name for name in in_order(counts) if name in set(known["group"])]}, dtype="str")
    table = groups.merge(scores, how="cross").merge(known, on=["group", "score"], how="left").fillna({"n": 0})
    sizes = table.groupby("group", sort=False)["n"]
    table["total"] = sizes.transform("sum")
    table["reached"] = table["total"] - sizes.cumsum() + table["n"]
    table[["share", "low", "high"]] = wilson(table["reached"], table["total"])
    table["small"] = table["total"] < SMALL_N
    return QUALITY_CUMULATIVE.of(with_cut_off(part, table.drop(columns="n")))


def quality_cumulative_finding(table: pd.DataFrame) -> str:
    """The groups of which most and fewest reach the cut-off, or without one the median, in a sentence."""
    named = table[~table["group"].isin([OTHER, NONE]) & ~table["small"]]
    if named.empty:
        return f"No group by name has the {SMALL_N} scored articles that a statement needs."
    threshold = cut_off_in(table)
    if threshold is None:
        threshold = int(named.loc[named["share"] >= 0.5, "score"].max())
    sizes = named.drop_duplicates("group").set_index("group")["total"]
    reached = named[named["score"] >= threshold].drop_duplicates("group").set_index("group")["reached"]
    sums = pd.DataFrame({"total": sizes, "reached": reached.reindex(sizes.index).fillna(0)})
    sums = sums.join(wilson(sums["reached"], sums["total"])).sort_values("share", ascending=False, kind="stable")
    said = [
        f"{name} ({row['share']:.0%} {interval_text(row)} of {int(row['total']):,})"
        for name, row in sums.iloc[[0, -1]].iterrows()
    ]
    if len(sums) == 1:
        return f"Share that scores {threshold} or more: {said[0]}."
    return f"{threshold} or more is scored most often in {said[0]} and least often in {said[1]}."


def quality_by_topic(part: Slice, *, top: int = 12) -> pd.DataFrame:
    """Median and quartiles of the scores of each topic; the `top` most frequent by name (0: all)."""
    return QUALITY_BY_TOPIC.of(_quartiles(part, "topic", top))


def quality_by_topic_finding(table: pd.DataFrame) -> str:
    """The topics with the highest and the lowest median in a sentence."""
    return _quartiles_finding(table, "topic")


def quality_by_provider(part: Slice, *, top: int = 12) -> pd.DataFrame:
    """Median and quartiles of the scores of each provider; the `top` most frequent by name (0: all)."""
    return QUALITY_BY_PROVIDER.of(_quartiles(part, "provider", top))


def quality_by_provider_finding(table: pd.DataFrame) -> str:
    """The providers with the highest and the lowest median in a sentence."""
    return _quartiles_finding(table, "provider")


def _quartiles(part: Slice, by: str, top: int) -> pd.DataFrame:
    counts = by_group(part, by, top, "quality")
    sizes = counts.groupby("group", as_index=False)["n"].sum()
    spread = quantiles(counts, ["group"], "quality", QUARTILES).rename(columns={"n": "scored"})
    table = sizes.merge(spread, on="group", how="left").fillna({"scored": 0})
    table = table.assign(small=table["scored"] < SMALL_N, last=table["group"].map({OTHER: 1, NONE: 2}).fillna(0))
    table = table.sort_values(["last", "small", "median", "n", "group"], ascending=[True, True, False, False, True])
    ranked = (table["last"] == 0) & ~table["small"]
    table["rank"] = ranked.cumsum().astype("Int64").where(ranked)
    return with_cut_off(part, table.drop(columns="last").rename(columns={"group": by}))


def _quartiles_finding(table: pd.DataFrame, by: str) -> str:
    ranked = table[table["rank"].notna()]
    if ranked.empty:
        return f"No {by} by name has the {SMALL_N} scored articles that a statement needs."
    said = [f"{row[by]} ({row['median']:g}, n = {row['scored']:,})" for _, row in ranked.iloc[[0, -1]].iterrows()]
    if len(ranked) == 1:
        return f"Only {said[0]} has a median that rests on at least {SMALL_N} scored articles."
    return f"The median quality is highest for {said[0]} and lowest for {said[1]}, of {len(ranked):,} {by}s by name."
