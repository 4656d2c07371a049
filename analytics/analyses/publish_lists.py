"""The articles that break the cut-off of publishing, and those that lie close to it."""

import pandas as pd

from analytics.analyses.cut_off import CUT_OFF, cut_off_in, publish_cut_off
from analytics.analyses.listing import LISTED_COLUMNS, TOTAL, listed
from analytics.analyses.quality import score_range
from analytics.engine.slice import Slice
from analytics.parts import SCORE_RANGE
from analytics.schema import Column, Table

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
"""The two sides of the cut-off that an editor can look at."""


def publish_exceptions(part: Slice, *, limit: int = 25) -> pd.DataFrame:
    """The articles that are published below the cut-off or unpublished at or above it, the first `limit` of them."""
    threshold = publish_cut_off(part)
    if threshold is None:
        return PUBLISH_EXCEPTIONS.empty()
    low, high = (
        part.rows(
            "quality", descending=False, limit=limit, quality=(SCORE_RANGE[0], threshold - 1), states=("published",)
        ),
        part.rows("quality", limit=limit, quality=(threshold, SCORE_RANGE[1]), states=("unpublished",)),
    )
    rows = pd.concat([some for some in (low, high) if len(some)] or [low], ignore_index=True)
    beyond = rows["quality"] - threshold
    rows = rows.assign(beyond=beyond, far=-beyond.abs()).sort_values(["far", "path"]).head(limit)
    counts = part.tally("quality", "state")
    wrong = counts["state"].eq("published") & (counts["quality"] < threshold)
    wrong |= counts["state"].eq("unpublished") & (counts["quality"] >= threshold)
    total = int(counts.loc[wrong.fillna(value=False), "n"].sum())
    return listed(PUBLISH_EXCEPTIONS, rows.reset_index(drop=True), total, cut_off=threshold)


def publish_exceptions_finding(table: pd.DataFrame) -> str:
    """How many exceptions there are, and on which side of the cut-off, in a sentence."""
    if table.empty:
        return "No article stands on the wrong side of a cut-off."
    total, published = int(table["total"].iloc[0]), int(table["state"].eq("published").sum())
    noun = "article is an exception" if total == 1 else "articles are exceptions"
    sides = f"{published:,} published below it, {len(table) - published:,} unpublished at or above it"
    cut = "" if total == len(table) else f"the {len(table):,} farthest: "
    return f"{total:,} {noun} to the cut-off of {cut_off_in(table)}; {cut}{sides}."


def near_misses(part: Slice, *, side: str = BELOW, width: int = 5, limit: int = 25) -> pd.DataFrame:
    """The unpublished articles up to `width` points below the cut-off, or the published ones as close above it.

    With a cut-off of 70 and a width of 5 these are the scores 65 to 69, or 70 to 74. The first `limit` of them.
    """
    threshold = publish_cut_off(part)
    if threshold is None:
        return NEAR_MISSES.empty()
    start, state = (threshold - width, "unpublished") if side == BELOW else (threshold, "published")
    bounds = (start, start + width - 1)
    rows = part.rows("quality", descending=side == BELOW, limit=limit, quality=bounds, states=(state,))
    counts = part.tally("quality", "state")
    near = counts["state"].eq(state) & counts["quality"].between(*bounds).fillna(value=False)
    beyond = rows["quality"] - threshold
    return listed(NEAR_MISSES, rows, int(counts.loc[near, "n"].sum()), cut_off=threshold, beyond=beyond)


def near_misses_finding(table: pd.DataFrame) -> str:
    """How many articles lie close to the cut-off, and at which scores, in a sentence."""
    if table.empty:
        return "No article lies as close to a cut-off."
    total, state = int(table["total"].iloc[0]), table["state"].iloc[0]
    noun, verb = ("article", "lies") if total == 1 else ("articles", "lie")
    scores = score_range(int(table["quality"].min()), int(table["quality"].max()))
    where = "below" if state == "unpublished" else "above"
    shown = "at" if total == len(table) else f"the closest {len(table):,} at"
    return f"{total:,} {state} {noun} {verb} just {where} the cut-off of {cut_off_in(table)}: {shown} {scores}."
