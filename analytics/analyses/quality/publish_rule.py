"""The publish rule: whether a cut-off in quality decides what is published, and which articles are exceptions."""

import numpy as np
import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.article_list import LISTED_COLUMNS, TOTAL, ranked_article_list
from analytics.analyses.common.columns import small_column, wilson_columns
from analytics.analyses.common.frequent_labels import tally_by_group
from analytics.analyses.common.publish_cut_off import CUT_OFF, publish_cut_off, read_cut_off_column, with_cut_off
from analytics.analyses.common.wording import share_text
from analytics.analyses.quality.scores import score_range_text
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.selection.fields import SCORE_RANGE
from analytics.statistics.intervals import SMALL_N, wilson

PUBLISH_RULE = Table(
    "publish_rule",
    "one row per range of scores; decided articles without a score last, without a range",
    (
        Column("score_from", "whole", "lowest score of the range", "points"),
        Column("score_to", "whole", "highest score of the range", "points"),
        Column("decided", "whole", "articles that say whether they were published", "articles"),
        Column("published", "whole", "published articles", "articles"),
        Column("share_published", "share", "published, of the decided articles"),
        *wilson_columns("share_published"),
        small_column(),
        Column("exceptions", "whole", "unpublished at or above the cut-off, or published below it", "articles"),
        CUT_OFF,
    ),
    key=("score_from",),
)


@analysis(PUBLISH_RULE)
def publish_rule(data: Slice, *, width: int = 5) -> pd.DataFrame:
    """Share published and number of exceptions to the cut-off by range of scores.

    Ranges start at multiples of `width`; those without a decided article are left out.
    """
    counts = data.tally("quality", published="published", decided="decided")
    counts = counts[counts["decided"] > 0]
    threshold, low = publish_cut_off(data), counts["quality"] // width * width
    above = counts["quality"] >= (np.inf if threshold is None else threshold)
    wrong = counts["published"].where(~above.fillna(value=False), counts["decided"] - counts["published"])
    known = counts["quality"].notna() & (threshold is not None)
    counts = counts.assign(score_from=low, exceptions=wrong.where(known, pd.NA))
    sums = counts.groupby("score_from", dropna=False)[["decided", "published", "exceptions"]].sum(min_count=1)
    table = sums.reset_index().sort_values("score_from", na_position="last")
    table[["share_published", "low", "high"]] = wilson(table["published"], table["decided"])
    table = table.assign(score_to=table["score_from"] + width - 1, small=table["decided"] < SMALL_N)
    return with_cut_off(data, table)


@publish_rule.register_finding
def publish_rule_finding(table: pd.DataFrame) -> str:
    """Whether published is a rule without exceptions, a tendency, or neither, in a sentence."""
    scored, threshold = table[table["score_from"].notna()], read_cut_off_column(table)
    decided, published = int(scored["decided"].sum()), int(scored["published"].sum())
    left = int(table["decided"].sum()) - decided
    tail = f" {left:,} more say whether they were published but have no score." if left else ""
    if not decided:
        return f"No article has both a quality score and a published state.{tail}"
    if threshold is None:
        share = wilson(pd.Series([published]), pd.Series([decided])).iloc[0]
        whole = f"{published:,} of {decided:,} scored articles that say so are published"
        return f"No cut-off in quality tells who is published; {whole} ({share_text(share)}).{tail}"
    exceptions = int(scored["exceptions"].sum())
    follow = f"{decided - exceptions:,} of {decided:,}"
    if not exceptions:
        return f"Published is exactly quality >= {threshold}: {follow}, no exceptions.{tail}"
    share = wilson(pd.Series([decided - exceptions]), pd.Series([decided])).iloc[0]
    interval = f"[{share['low'] * 100:.1f}, {share['high'] * 100:.1f}]"
    return (
        f"Published is mostly quality >= {threshold}: {follow} decided articles follow it "
        f"({share['share']:.1%} {interval}), {exceptions:,} do not.{tail}"
    )


BEYOND = Column("beyond", "whole", "quality minus the cut-off", "points")

PUBLISH_EXCEPTIONS = Table(
    "publish_exceptions",
    "one row per article on the wrong side of the cut-off, the farthest from it first, then by path",
    (*LISTED_COLUMNS, BEYOND, CUT_OFF, TOTAL),
    key=("path",),
)

NEAR_MISSES = Table(
    "near_misses",
    "one row per article close to the cut-off, the closest first, then by path",
    (*LISTED_COLUMNS, BEYOND, CUT_OFF, TOTAL),
    key=("path",),
)

BELOW, ABOVE = SIDES = ("unpublished, just below", "published, just above")
"""The sides of the cut-off that can be listed."""


@analysis(PUBLISH_EXCEPTIONS)
def publish_exceptions(data: Slice, *, limit: int = 25) -> pd.DataFrame:
    """The first `limit` articles that are published below the cut-off or unpublished at or above it."""
    threshold = publish_cut_off(data)
    if threshold is None:
        return PUBLISH_EXCEPTIONS.empty()
    low, high = (
        data.rows(
            "quality", descending=False, limit=limit, quality=(SCORE_RANGE[0], threshold - 1), states=("published",)
        ),
        data.rows("quality", limit=limit, quality=(threshold, SCORE_RANGE[1]), states=("unpublished",)),
    )
    rows = pd.concat([some for some in (low, high) if len(some)] or [low], ignore_index=True)
    beyond = rows["quality"] - threshold
    rows = rows.assign(beyond=beyond, far=-beyond.abs()).sort_values(["far", "path"]).head(limit)
    counts = data.tally("quality", "state")
    wrong = counts["state"].eq("published") & (counts["quality"] < threshold)
    wrong |= counts["state"].eq("unpublished") & (counts["quality"] >= threshold)
    total = int(counts.loc[wrong.fillna(value=False), "n"].sum())
    return ranked_article_list(PUBLISH_EXCEPTIONS, rows.reset_index(drop=True), total, cut_off=threshold)


@publish_exceptions.register_finding
def publish_exceptions_finding(table: pd.DataFrame) -> str:
    """How many exceptions there are, and on which side of the cut-off, in a sentence."""
    if table.empty:
        return "No article stands on the wrong side of a cut-off."
    total, published = int(table["total"].iloc[0]), int(table["state"].eq("published").sum())
    noun = "article is an exception" if total == 1 else "articles are exceptions"
    sides = f"{published:,} published below it, {len(table) - published:,} unpublished at or above it"
    cut = "" if total == len(table) else f"the {len(table):,} farthest: "
    return f"{total:,} {noun} to the cut-off of {read_cut_off_column(table)}; {cut}{sides}."


@analysis(NEAR_MISSES)
def near_misses(data: Slice, *, side: str = BELOW, width: int = 5, limit: int = 25) -> pd.DataFrame:
    """The first `limit` unpublished articles up to `width` points below the cut-off, or published ones as close above.

    With a cut-off of 70 and a width of 5 these are the scores 65 to 69, or 70 to 74.
    """
    threshold = publish_cut_off(data)
    if threshold is None:
        return NEAR_MISSES.empty()
    start, state = (threshold - width, "unpublished") if side == BELOW else (threshold, "published")
    bounds = (start, start + width - 1)
    rows = data.rows("quality", descending=side == BELOW, limit=limit, quality=bounds, states=(state,))
    counts = data.tally("quality", "state")
    near = counts["state"].eq(state) & counts["quality"].between(*bounds).fillna(value=False)
    beyond = rows["quality"] - threshold
    return ranked_article_list(NEAR_MISSES, rows, int(counts.loc[near, "n"].sum()), cut_off=threshold, beyond=beyond)


@near_misses.register_finding
def near_misses_finding(table: pd.DataFrame) -> str:
    """How many articles lie close to the cut-off, and at which scores, in a sentence."""
    if table.empty:
        return "No article lies as close to a cut-off."
    total, state = int(table["total"].iloc[0]), table["state"].iloc[0]
    noun, verb = ("article", "lies") if total == 1 else ("articles", "lie")
    scores = score_range_text(int(table["quality"].min()), int(table["quality"].max()))
    where = "below" if state == "unpublished" else "above"
    shown = "at" if total == len(table) else f"the closest {len(table):,} at"
    return (
        f"{total:,} {state} {noun} {verb} just {where} the cut-off of {read_cut_off_column(table)}: {shown} {scores}."
    )


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
        *wilson_columns("share_changed"),
        small_column(),
        CUT_OFF,
    ),
    key=("group",),
)


@analysis(CUT_OFF_WHAT_IF)
def cut_off_what_if(data: Slice, *, to: int = 65, by: str = "topic", top: int = 12) -> pd.DataFrame:
    """How many articles of each group would change their state if exactly those from score `to` on were published.

    Of the articles that have a score and a state. An article counts under each of its topics; umbrella topics are left
    out. The `top` most frequent groups by name (0: all).
    """
    whole = data.tally("quality", published="published", decided="decided").assign(group=ALL)
    counts = pd.concat([whole, tally_by_group(data, by, top, "quality", published="published", decided="decided")])
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
    return with_cut_off(data, table.drop(columns=["changed", "place"]))


@cut_off_what_if.register_finding
def cut_off_what_if_finding(table: pd.DataFrame) -> str:
    """How many articles would change either way, and where most, in a sentence."""
    if table.empty:
        return "No article has both a quality score and a published state."
    whole, threshold = table.iloc[0], read_cut_off_column(table)
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
