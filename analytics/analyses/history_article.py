"""The heat life of one article: each version in which something moved."""

import pandas as pd

from analytics.analyses.history_lives import hours_said, versions
from analytics.analyses.listing import counted
from analytics.corpus.history_tables import History
from analytics.engine.slice import Slice
from analytics.schema import Column, Table

HEAT_LIFE = Table(
    "heat_life",
    "one row per version of the article that changes something tracked, in the order of the history",
    (
        Column("hours", "number", "hours since first seen", "hours"),
        Column("hours_to", "number", "hours from first seen to the next version, or to the newest commit", "hours"),
        Column("at", "time", "when it was committed: never goes back along the history"),
        Column("kind", "label", "appeared, changed, removed or returned"),
        Column("quality", "whole", "quality score", "points"),
        Column("heat", "whole", "heat score; -1 marks an unranked article", "points"),
        Column("lift", "whole", "heat minus quality; missing when unranked, unscored or gone", "points"),
        Column("reset", "flag", "whether heat came back from above quality to it, or below"),
        Column("state", "text", "published, unpublished or unknown"),
        Column("fields", "text", "what moved, joined by '; '"),
        Column("commit", "text", "git commit"),
    ),
    key=("commit", "kind"),
)


def heat_life(part: Slice, path: str) -> pd.DataFrame:
    """The versions of the article at a path (HEAT_LIFE); none without a history, or when it does not know the article.

    The life is that of the article that has the file now: what others had it before is left out.
    """
    found = part.single(path).article
    history = part.whole.history
    if found.empty or history.changes.empty:
        return HEAT_LIFE.empty()
    article, changes = found.iloc[0], history.changes[history.changes["path"] == path]
    for name in ("domain", "url"):
        here = changes[name].isna() if pd.isna(article[name]) else changes[name].eq(article[name]).fillna(value=False)
        changes = changes[here.astype("bool")]
    rows = versions(History(history.stamp, changes, history.commits))
    state = rows["published"].map({True: "published", False: "unpublished"}).astype("object").fillna("unknown")
    table = rows.assign(
        hours_to=(rows["hours"] + rows["span"]).round(1),
        hours=rows["hours"].round(1),
        reset=(rows["before"] > 0).fillna(value=False) & (rows["lift"] <= 0).fillna(value=False),
        state=state,
    )
    return HEAT_LIFE.of(table[HEAT_LIFE.names])


def heat_life_finding(table: pd.DataFrame) -> str:
    """How far heat rose, when, for how long in all, and how often it came back, in a sentence."""
    if table.empty:
        return "The history does not know this article."
    known = table[table["lift"].notna()]
    if known.empty:
        return f"Heat was never ranked in {counted(len(table), 'version', 'versions')}."
    warm = known[known["lift"] > 0]
    if warm.empty:
        return f"Heat was never above quality in {counted(len(table), 'version', 'versions')}."
    peak = warm.iloc[warm["lift"].to_numpy("int64").argmax()]
    hours = float((warm["hours_to"] - warm["hours"]).sum())
    resets = int(table["reset"].sum())
    return (
        f"Heat rose at most {peak['lift']:+d} points above quality, {hours_said(peak['hours'])} hours after first "
        f"seen; it was above for {hours_said(hours)} hours in all and came back {counted(resets, 'time', 'times')}."
    )
