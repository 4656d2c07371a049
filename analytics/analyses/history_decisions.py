"""Decisions that were changed after the article had once been published."""

import pandas as pd

from analytics.analyses.history_lives import STATES, in_hours, versions
from analytics.analyses.listing import counted, named
from analytics.engine.coded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table

DECISIONS_CHANGED = Table(
    "decisions_changed",
    "one row per change of an article's published flag after it was first published, the newest first, then by path",
    (
        Column("rank", "whole", "place in the list"),
        Column("title", "text", "headline then"),
        Column("provider", "text", "outlet then, or (none)"),
        Column("changed_at", "time", "commit of the change"),
        Column("from_state", "label", "published, unpublished or unknown before"),
        Column("to_state", "label", "published, unpublished or unknown then"),
        Column("quality_before", "whole", "quality before", "points"),
        Column("quality", "whole", "quality then", "points"),
        Column("hours_after", "number", "hours since it was first published", "hours"),
        Column("path", "text", "file, from the corpus root: the article's id"),
        Column("commit", "text", "git commit"),
        Column("life", "whole", "number of the life: several can have had one file"),
        Column("published_lives", "whole", "lives of the history that were ever published"),
    ),
    key=("life", "commit"),
)


def decisions_changed(part: Slice) -> pd.DataFrame:
    """Each change of the published flag of a life that was published before; times of absence are passed over."""
    rows = versions(part.history)
    rows = rows[rows["there"]]
    published = rows["published"].fillna(value=False).astype("bool")
    first = rows[published].drop_duplicates("life").set_index("life")["at"]
    rows = rows.assign(state=rows["published"].map(STATES).astype("object").fillna("unknown"))
    before = rows.groupby("life")[["state", "quality"]].shift()
    since = pd.Series(first.reindex(rows["life"]).array, index=rows.index)
    changed = before["state"].notna() & before["state"].ne(rows["state"])
    changed &= published.groupby(rows["life"]).cummax().groupby(rows["life"]).shift().fillna(value=False).astype("bool")
    table = rows.assign(
        from_state=before["state"],
        to_state=rows["state"],
        quality_before=before["quality"],
        changed_at=rows["at"],
        hours_after=in_hours(rows["at"] - since).round(1),
        provider=rows["provider"].astype("object").fillna(NONE),
        published_lives=len(first),
    )[changed]
    table = table.sort_values(["place", "path", "life"], ascending=[False, True, True], ignore_index=True)
    return DECISIONS_CHANGED.of(table.assign(rank=range(1, len(table) + 1))[DECISIONS_CHANGED.names])


def decisions_changed_finding(table: pd.DataFrame) -> str:
    """How many decisions were changed after publication, and the newest, in a sentence."""
    if table.empty:
        return "No decision of the history was changed after an article had been published."
    first, lives = table.iloc[0], table["life"].nunique()
    back = int((table["to_state"] != "published").sum())
    return (
        f"{lives:,} of {counted(int(first['published_lives']), 'life', 'lives')} ever published had the decision "
        f"changed later, {counted(len(table), 'time', 'times')} in all: {back:,} away from published. The newest: "
        f"{named(first)}, {first['from_state']} to {first['to_state']} on {first['changed_at']:%-d %B %Y}."
    )
