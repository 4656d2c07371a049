"""The publish rule: whether a cut-off in quality decides what is published, and which articles are exceptions."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.article_list import LISTED_COLUMNS, TOTAL, ranked_article_list
from analytics.analyses.common.columns import small_n_column, wilson_columns
from analytics.analyses.common.frequent_labels import tally_by_group, umbrella_topics
from analytics.analyses.common.publish_cut_off import (
    CUT_OFF,
    FEWEST_FOR_CUT_OFF,
    publish_cut_off,
    read_cut_off_column,
    with_cut_off,
)
from analytics.analyses.common.wording import count_text, share_text
from analytics.analyses.quality.scores import score_range_text
from analytics.corpus.record_fields import ALL_ARTICLES, ONLY_UMBRELLA
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
        small_n_column(),
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
    more = (
        "1 more says whether it was published but has"
        if left == 1
        else f"{left:,} more say whether they were published but have"
    )
    tail = f" {more} no score." if left else ""
    if not decided:
        return f"No article has both a quality score and a published state.{tail}"
    if threshold is None:
        share = wilson(pd.Series([published]), pd.Series([decided])).iloc[0]
        scored_text = count_text(decided, "scored article that says", "scored articles that say")
        whole = f"{published:,} of {scored_text} so {'is' if published == 1 else 'are'} published"
        return f"No cut-off in quality tells who is published; {whole} ({share_text(share)}).{tail}"
    exceptions = int(scored["exceptions"].sum())
    follow = f"{decided - exceptions:,} of {decided:,}"
    if not exceptions and decided < FEWEST_FOR_CUT_OFF:
        follows = "the decided article follows" if decided == 1 else f"all {decided:,} decided articles follow"
        return f"The cut-off of the corpus is {threshold}; {follows} it, too few to call it exact.{tail}"
    if not exceptions:
        return f"Published is exactly quality >= {threshold}: {follow}, no exceptions.{tail}"
    share = wilson(pd.Series([decided - exceptions]), pd.Series([decided])).iloc[0]
    interval = f"[{share['low'] * 100:.1f}, {share['high'] * 100:.1f}]"
    rule = "is mostly" if 2 * exceptions < decided else "does not go by"
    return (
        f"Published {rule} quality >= {threshold}: {follow} decided articles follow it "
        f"({share['share']:.1%} {interval}), {exceptions:,} do not.{tail}"
    )


BEYOND = Column("beyond", "whole", "quality minus the cut-off", "points")

PUBLISH_EXCEPTIONS = Table(
    "publish_exceptions",
    "one row per article on the wrong side of the cut-off, the newest first, then by path",
    (*LISTED_COLUMNS, BEYOND, CUT_OFF, TOTAL),
    key=("path",),
)

NEAR_MISSES = Table(
    "near_misses",
    "one row per article close to the cut-off, the newest first, then by path",
    (*LISTED_COLUMNS, BEYOND, CUT_OFF, TOTAL),
    key=("path",),
)

BOTH, BELOW, ABOVE = SIDES = ("both", "unpublished, just below", "published, just above")
"""The sides of the cut-off that can be listed."""


@analysis(PUBLISH_EXCEPTIONS)
def publish_exceptions(data: Slice, *, limit: int = 25) -> pd.DataFrame:
    """The newest `limit` articles that are published below the cut-off or unpublished at or above it."""
    threshold = publish_cut_off(data)
    if threshold is None:
        return PUBLISH_EXCEPTIONS.empty()
    wrong = {"published": (SCORE_RANGE[0], threshold - 1), "unpublished": (threshold, SCORE_RANGE[1])}
    return _newest_by_state(PUBLISH_EXCEPTIONS, data, wrong, threshold, limit)


@publish_exceptions.register_finding
def publish_exceptions_finding(table: pd.DataFrame) -> str:
    """How many exceptions there are, and on which side of the cut-off, in a sentence."""
    if table.empty:
        return "No article with a score and a decision stands on the wrong side of a cut-off."
    total, published = int(table["total"].iloc[0]), int(table["state"].eq("published").sum())
    noun = "article is an exception" if total == 1 else "articles are exceptions"
    sides = f"{published:,} published below it, {len(table) - published:,} unpublished at or above it"
    cut = "" if total == len(table) else f"the newest {len(table):,}: "
    return f"{total:,} {noun} to the cut-off of {read_cut_off_column(table)}; {cut}{sides}."


@analysis(NEAR_MISSES)
def near_misses(data: Slice, *, side: str = BOTH, width: int = 5, limit: int = 25) -> pd.DataFrame:
    """The newest `limit` articles unpublished within `width` points below the cut-off, or published as close above.

    With a cut-off of 70 and a width of 5 these are the scores 65 to 69, and 70 to 74.
    """
    threshold = publish_cut_off(data)
    if threshold is None:
        return NEAR_MISSES.empty()
    sides = {
        BELOW: ("unpublished", (threshold - width, threshold - 1)),
        ABOVE: ("published", (threshold, threshold + width - 1)),
    }
    near = dict(sides.values() if side == BOTH else [sides[side]])
    return _newest_by_state(NEAR_MISSES, data, near, threshold, limit)


def _newest_by_state(
    table: Table, data: Slice, bounds: Mapping[str, tuple[int, int]], threshold: int, limit: int
) -> pd.DataFrame:
    """The newest `limit` articles of some states, each with a score between the bounds of its own, as a list."""
    counts, total, found = data.tally("quality", "state"), 0, []
    for state, between in bounds.items():
        found.append(data.rows("published_at", limit=limit, quality=between, states=(state,)))
        meant = counts["state"].eq(state) & counts["quality"].between(*between).fillna(value=False)
        total += int(counts.loc[meant, "n"].sum())
    rows = pd.concat([some for some in found if len(some)] or found[:1], ignore_index=True)
    rows = rows.sort_values(["published_at", "path"], ascending=[False, True]).head(limit).reset_index(drop=True)
    return ranked_article_list(table, rows.assign(beyond=rows["quality"] - threshold), total, cut_off=threshold)


@near_misses.register_finding
def near_misses_finding(table: pd.DataFrame) -> str:
    """How many articles lie close to the cut-off, on which side and at which scores, in a sentence."""
    if table.empty:
        return "No article with a score and a decision lies as close to a cut-off."
    total, threshold = int(table["total"].iloc[0]), read_cut_off_column(table)
    sides = [(where, table[table["state"] == state]) for state, where in _NEAR_SIDES.items()]
    said = [
        f"{len(rows):,} {rows['state'].iloc[0]} just {where} it, at "
        f"{score_range_text(int(rows['quality'].min()), int(rows['quality'].max()))}"
        for where, rows in sides
        if len(rows)
    ]
    near = count_text(total, "article lies", "articles lie")
    shown = "" if total == len(table) else f"the newest {len(table):,}: "
    return f"{near} close to the cut-off of {threshold}: {shown}{'; '.join(said)}."


_NEAR_SIDES = {"unpublished": "below", "published": "above"}


CUT_OFF_WHAT_IF = Table(
    "cut_off_what_if",
    "one row for all articles, then one per topic or provider, most changes first; All others, (umbrella topics only)"
    " and (none) last",
    (
        Column(
            "group",
            "text",
            "All articles, topic, provider, All others, (umbrella topics only) for articles without another topic, or "
            "(none) for articles without one",
        ),
        Column("other_cut_off", "whole", "the cut-off that is tried", "points"),
        Column("n", "whole", "articles that have a score and say whether they were published", "articles"),
        Column("published", "whole", "published articles, of these", "articles"),
        Column("would_be", "whole", "of these with a score at or above the other cut-off", "articles"),
        Column("gained", "whole", "unpublished articles at or above the other cut-off", "articles"),
        Column("lost", "whole", "published articles below the other cut-off", "articles"),
        Column("share_changed", "share", "gained or lost, of n"),
        *wilson_columns("share_changed"),
        small_n_column(),
        CUT_OFF,
    ),
    key=("group",),
)


@analysis(CUT_OFF_WHAT_IF)
def cut_off_what_if(data: Slice, *, to: int = 65, by: str = "topic", top: int = 12) -> pd.DataFrame:
    """How many articles of each group would change their state if exactly those from score `to` on were published.

    Of the articles that have a score and a state. An article counts under each of its topics; umbrella topics are left
    out, and articles without another topic are a row of their own. The `top` most frequent groups by name (0: all).
    """
    sums = {"published": "published", "decided": "decided"}
    whole = data.tally("quality", **sums).assign(group=ALL_ARTICLES)
    tallies = [whole, tally_by_group(data, by, top, "quality", **sums)]
    umbrellas = umbrella_topics(data) if by == "topic" else []
    if umbrellas:
        topics = data.tally("topic", "quality", keep_topics=umbrellas, **sums)
        others = topics[topics["topic"].isin([OTHER, NONE])].assign(group=ONLY_UMBRELLA)
        others[["published", "decided"]] *= -1  # from all articles, those with another topic or none
        tallies += [whole.assign(group=ONLY_UMBRELLA), others.drop(columns="topic")]
    counts = pd.concat(tallies).groupby(["group", "quality"], as_index=False)[list(sums)].sum()
    counts = counts[counts["decided"] > 0]
    above = counts["quality"] >= to
    left = counts["decided"] - counts["published"]
    parts = {"gained": left.where(above, 0), "lost": counts["published"].where(~above, 0)}
    counts = counts.assign(**parts, would_be=counts["decided"].where(above, 0))
    summed = ["decided", "published", "would_be", "gained", "lost"]
    table = counts.groupby("group", as_index=False)[summed].sum().rename(columns={"decided": "n"})
    changed = table["gained"] + table["lost"]
    table[["share_changed", "low", "high"]] = wilson(changed, table["n"])
    place = table["group"].map({ALL_ARTICLES: 0, OTHER: 2, ONLY_UMBRELLA: 3, NONE: 4}).fillna(1)
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
        return f"{head} none of {count_text(whole['n'], 'article')} would change."
    share = f"{whole['share_changed']:.1%} [{whole['low'] * 100:.1f}, {whole['high'] * 100:.1f}] of {whole['n']:,}"
    gained = count_text(whole["gained"], "more article")
    text = f"{head}, {gained} would be published and {whole['lost']:,} no longer ({share})"
    groups = table[~table["group"].isin([ALL_ARTICLES, OTHER, NONE]) & (table["gained"] + table["lost"] > 0)]
    if groups.empty:
        return f"{text}."
    most = groups.iloc[int((groups["gained"] + groups["lost"]).argmax())]
    name = "articles of umbrella topics only" if most["group"] == ONLY_UMBRELLA else most["group"]
    return f"{text}; most in {name}: {most['gained']:,} more, {most['lost']:,} no longer, of {most['n']:,}."
