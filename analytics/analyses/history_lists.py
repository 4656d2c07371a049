"""The lives whose heat went farthest or longest, and those that move now."""

import numpy as np
import pandas as pd

from analytics.analyses.history_lives import hours_said, in_hours, lives, versions
from analytics.analyses.listing import counted, cut_note, named
from analytics.engine.slice import Slice
from analytics.schema import Column, Table

SORTS = {
    "peak lift": "peak_lift",
    "hours to peak": "hours_to_peak",
    "hours above quality": "hours_above",
    "resets": "resets",
}
"""What lives are ranked by → its column."""

HEAT_LIVES = Table(
    "heat_lives",
    "one row per life whose heat rose above its quality, the highest of the chosen measure first, then by path",
    (
        Column("rank", "whole", "place in the list"),
        Column("title", "text", "headline of the newest version"),
        Column("provider", "text", "outlet, or (none)"),
        Column("class", "text", "class of life, or why it has none"),
        Column("peak_lift", "whole", "highest heat lift", "points"),
        Column(
            "hours_to_peak", "number", "hours from first seen to the peak; missing for an unseen beginning", "hours"
        ),
        Column("hours_above", "number", "hours with heat above quality, all together", "hours"),
        Column("resets", "whole", "times that heat came back from above quality to it, or below"),
        Column("hours_seen", "number", "hours for which it was seen", "hours"),
        Column("first_seen", "time", "commit with which it appeared"),
        Column("begun", "flag", "whether its beginning was seen"),
        Column("quality", "whole", "newest quality score", "points"),
        Column("path", "text", "file, from the corpus root: the article's id"),
        Column("life", "whole", "number of the life: several can have had one file"),
        Column("total", "whole", "lives that belong on the list, shown or not"),
    ),
    key=("life",),
)

WARMING, COOLING, COOLED = STATUSES = "warming", "cooling", "just cooled"

WARM_NOW = Table(
    "warm_now",
    "one row per article that is above its quality at the newest commit or came back to it shortly before: those that "
    "warm first, then the highest lift, the latest move, and by path",
    (
        Column("rank", "whole", "place in the list"),
        Column("status", "label", f"{', '.join(STATUSES)}: the direction of the last move, or back at quality"),
        Column("title", "text", "headline"),
        Column("provider", "text", "outlet, or (none)"),
        Column("quality", "whole", "quality score", "points"),
        Column("heat", "whole", "heat score", "points"),
        Column("lift", "whole", "heat minus quality", "points"),
        Column("peak_lift", "whole", "highest heat lift of its life", "points"),
        Column("moved_at", "time", "commit of the last move of the lift"),
        Column("hours_since", "number", "hours from then to the newest commit", "hours"),
        Column("as_of", "time", "the newest commit"),
        Column("path", "text", "file, from the corpus root: the article's id"),
    ),
    key=("path",),
)

NOW = ["path", "title", "provider", "quality", "heat", "lift", "peak_lift"]


def heat_lives(part: Slice, *, sort: str = "peak lift", limit: int = 50) -> pd.DataFrame:
    """The lives whose heat rose above quality, the highest of `sort` first, at most `limit`; missing ones last."""
    every = lives(part.history)
    rose = every[every["rises"] > 0]
    rose = rose.assign(hours_to_peak=rose["hours_to_peak"].where(rose["begun"].astype("bool")))
    ranked = rose.sort_values([SORTS[sort], "path", "life"], ascending=[False, True, True], na_position="last")
    table = ranked.head(limit).assign(rank=range(1, min(len(ranked), limit) + 1), total=len(ranked))
    hours = {name: table[name].round(1) for name in ("hours_to_peak", "hours_above", "hours_seen")}
    return HEAT_LIVES.of(table.assign(**hours)[HEAT_LIVES.names])


def heat_lives_finding(table: pd.DataFrame) -> str:
    """The first life of the list in a sentence."""
    if table.empty:
        return "The history shows no life whose heat rose above its quality."
    first, total = table.iloc[0], int(table["total"].iloc[0])
    peak = "" if pd.isna(first["hours_to_peak"]) else f" {hours_said(first['hours_to_peak'])} hours after first seen"
    return (
        f"{counted(total, 'life', 'lives')} rose above quality. First: {named(first)}, at most {first['peak_lift']:+d} "
        f"points{peak}, {hours_said(first['hours_above'])} hours above quality in all, "
        f"{counted(first['resets'], 'reset', 'resets')}.{cut_note(table)}"
    )


def warm_now(part: Slice, *, within: int = 48) -> pd.DataFrame:
    """What is above its quality at the newest commit, and what came back to it in the `within` hours before."""
    rows = versions(part.history)
    if rows.empty:
        return WARM_NOW.empty()
    as_of = part.history.commits["seen_at"].max()
    moves = rows[rows["lift"].notna() & rows["lift"].ne(rows["before"]).fillna(value=True)]
    last = moves.drop_duplicates("life", keep="last").set_index("life")
    every = lives(part.history).set_index("life")
    shown = every.loc[every["lift"].notna(), NOW]
    moved = last.loc[shown.index]
    since = in_hours(as_of - moved["at"])
    back = (moved["before"] > 0).fillna(value=False) & (shown["lift"] <= 0) & (since <= within)
    falling = (moved["before"] > moved["lift"]).fillna(value=False)
    status = np.select([shown["lift"] > 0, back], [np.where(falling, COOLING, WARMING), COOLED], "")
    table = shown.assign(status=status, moved_at=moved["at"], hours_since=since.round(1), as_of=as_of)
    table = table[table["status"] != ""].assign(place=lambda found: found["status"].map(STATUSES.index))
    table = table.sort_values(["place", "lift", "hours_since", "path"], ascending=[True, False, True, True])
    return WARM_NOW.of(table.assign(rank=range(1, len(table) + 1))[WARM_NOW.names])


def warm_now_finding(table: pd.DataFrame) -> str:
    """How many articles are warm and how many just cooled, and the warmest, in a sentence."""
    if table.empty:
        return "At the newest commit no article is above its quality, and none came back to it shortly before."
    counts = table["status"].astype("str").value_counts()
    said = ", ".join(f"{counts.get(status, 0):,} {status}" for status in STATUSES)
    first = table.iloc[0]
    lift = f"{first['lift']:+d}" if first["lift"] > 0 else "back at quality"
    return (
        f"At the newest commit ({first['as_of']:%-d %B %Y %H:%M} UTC): {said}. First: {named(first)}, {lift}, "
        f"last moved {hours_said(first['hours_since'])} hours before."
    )
