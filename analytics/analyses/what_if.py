"""What another cut-off would change."""

import pandas as pd

from analytics.analyses.cut_off import CUT_OFF, cut_off_in, with_cut_off
from analytics.analyses.groups import by_group
from analytics.engine.coded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, wilson

ALL = "All articles"

CUT_OFF_WHAT_IF = Table(
    "cut_off_what_if",
    "one row for all articles, then one per topic or provider, most changes first; All others and (none) last",
    (
        Column("group", "text", "All articles, topic, provider, All others, or (none) for articles without one"),
        Column("other_cut_off", "whole", "the cut-off that is tried", "points"),
        Column("n", "whole", "articles that have a score and say whether they were published", "articles"),
        Column("published", "whole", "published articles, of these", "articles"),
        Column("would_be", "whole", "of these with a score at or above the other cut-off", "articles"),
        Column("gained", "whole", "unpublished articles at or above the other cut-off", "articles"),
        Column("lost", "whole", "published articles below the other cut-off", "articles"),
        Column("share_changed", "share", "gained or lost, of n"),
        Column("low", "share", "lower end of the 95 % Wilson interval of share_changed"),
        Column("high", "share", "upper end of the 95 % Wilson interval of share_changed"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} articles"),
        CUT_OFF,
    ),
    key=("group",),
)


def cut_off_what_if(part: Slice, *, to: int = 65, by: str = "topic", top: int = 12) -> pd.DataFrame:
    """How many articles would change their published state if everything from `to` on were published, by group.

    The state as recorded against the rule that is tried, of articles that have a score and a state. An article counts
    under each of its topics; umbrella topics are left out. The `top` most frequent groups by name (0: all).
    """
    whole = part.tally("quality", published="published", decided="decided").assign(group=ALL)
    counts = pd.concat([whole, by_group(part, by, top, "quality", published="published", decided="decided")])
    counts = counts[counts["quality"].notna() & (counts["decided"] > 0)]
    above = counts["quality"] >= to
    left = counts["decided"] - counts["published"]
    parts = {"gained": left.where(above, 0), "lost": counts["published"].where(~above, 0)}
    counts = counts.drop(columns="n").assign(**parts, would_be=counts["decided"].where(above, 0))
    sums = ["decided", "published", "would_be", "gained", "lost"]
    table = counts.groupby("group", as_index=False)[sums].sum().rename(columns={"decided": "n"})
    changed = table["gained"] + table["lost"]
    table[["share_changed", "low", "high"]] = wilson(changed, table["n"])
    place = table["group"].map({ALL: 0, OTHER: 2, NONE: 3}).fillna(1)
    table = table.assign(changed=changed, place=place, small=table["n"] < SMALL_N, other_cut_off=to)
    table = table.sort_values(["place", "changed", "n", "group"], ascending=[True, False, False, True])
    return CUT_OFF_WHAT_IF.of(with_cut_off(part, table.drop(columns=["changed", "place"])))


def cut_off_what_if_finding(table: pd.DataFrame) -> str:
    """How many articles would change either way, and where most, in a sentence."""
    if table.empty:
        return "No article has both a quality score and a published state."
    whole, threshold = table.iloc[0], cut_off_in(table)
    now = "" if threshold is None else f" instead of {threshold}"
    head = f"With a cut-off of {whole['other_cut_off']}{now}"
    changed = whole["gained"] + whole["lost"]
    if not changed:
        return f"{head} none of {whole['n']:,} articles would change."
    share = f"{whole['share_changed']:.1%} [{whole['low'] * 100:.1f}, {whole['high'] * 100:.1f}] of {whole['n']:,}"
    text = f"{head}, {whole['gained']:,} more articles would be published and {whole['lost']:,} no longer ({share})"
    named = table[~table["group"].isin([ALL, OTHER, NONE])]
    if named.empty or not (named.iloc[0]["gained"] + named.iloc[0]["lost"]):
        return f"{text}."
    most = named.iloc[0]
    return f"{text}; most in {most['group']}: {most['gained']:,} more, {most['lost']:,} no longer, of {most['n']:,}."
