"""Lives of the articles in the git history: their versions with the heat lift of each, their class, and their groups.

A life is one article over time, known by path, domain and address together. Heat lift is heat minus quality; it is
missing for a version that is unranked (heat -1), lacks a score or is gone. Time is `commits.seen_at`, which never goes
back. A life whose file another article takes over is gone until it returns; its heat does not change by that.
"""

import numpy as np
import pandas as pd

from analytics.analyses.common.frequent_labels import pool_rare, umbrella_topics
from analytics.engine.caching import cached_with_owner
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.history.history_tables import History
from analytics.schema import Column, Table

STATES = {True: "published", False: "unpublished"}

LIVES = Table(
    "lives",
    "one row per life, by its number",
    (
        Column("life", "whole", "number of the life: an article over time, known by path, domain and address together"),
        Column("path", "text", "file, from the corpus root"),
        Column("title", "text", "headline of the newest version"),
        Column("provider", "text", "outlet of the newest version, or (none)"),
        Column("type", "text", "type of the newest version, or (none)"),
        Column("state", "text", "published, unpublished or unknown, of the newest version"),
        Column("topics", "text", "topics of the newest version, joined by '; '"),
        Column("first_seen", "time", "commit with which it appeared"),
        Column("begun", "flag", "whether its beginning was seen: it appeared after the first commit of the history"),
        Column("there", "flag", "whether it is there at the newest commit"),
        Column("hours_seen", "number", "hours from its first commit to the newest one, or until it was gone", "hours"),
        Column("quality", "whole", "newest quality score", "points"),
        Column("heat", "whole", "newest heat score; -1 marks an unranked article", "points"),
        Column(
            "lift", "whole", "heat lift of the newest version; missing when it is not known or the file gone", "points"
        ),
        Column("peak_lift", "whole", "highest heat lift; missing when none was ever known", "points"),
        Column("hours_to_peak", "number", "hours from first seen to the peak; missing when never above", "hours"),
        Column("hours_above", "number", "hours with heat above quality, all together", "hours"),
        Column("above_until", "number", "hours from first seen to when it was last above; missing when never", "hours"),
        Column("rises", "whole", "times that heat rose above quality"),
        Column("resets", "whole", "times that heat came back from above quality to it, or below"),
        Column("rose_after", "number", "hours from first seen to the first rise; missing without one", "hours"),
        Column("warm_hours", "number", "hours from the first rise until heat was seen back, or was last seen", "hours"),
        Column("cooled", "flag", "whether it was seen back after the first rise; missing without one"),
        Column("class", "text", "class of life (RULES), or why it has none"),
    ),
    key=("life",),
)


@cached_with_owner
def versions_of_lives(history: History) -> pd.DataFrame:
    """The `changes` of the history by life and time, with times and heat lift.

    Added columns: `at`, `until` (time of this and of the life's next version, or of the newest commit), `hours` (from
    the life's first version to `at`), `span` (hours from `at` to `until`), `there` (the file is not gone), `lift`,
    `before` (the last known lift earlier in the life), `warm` (lift above 0). Read-only, as all of a history.
    """
    if history.whole is not None:
        rows = versions_of_lives(history.whole)
        return rows[rows["life"].isin(history.changes["life"])].reset_index(drop=True)
    rows = history.changes.sort_values(["life", "place"], kind="stable", ignore_index=True)
    lives = rows["life"].astype("int64")
    at = commit_times(history, rows)
    until = at.groupby(lives).shift(-1).fillna(history.commits["seen_at"].max())
    there = rows["kind"] != "removed"
    known = there & rows["quality"].notna() & (rows["heat"] >= 0).fillna(value=False)
    lift = (rows["heat"] - rows["quality"]).where(known)
    return rows.assign(
        at=at,
        until=until,
        hours=in_hours(at - at.groupby(lives).transform("first")),
        span=in_hours(until - at),
        there=there.astype("bool"),
        lift=lift,
        before=lift.groupby(lives).ffill().groupby(lives).shift(),
        warm=(lift > 0).fillna(value=False).astype("bool"),
    )


def commit_times(history: History, rows: pd.DataFrame) -> pd.Series:
    """The time of the commit of each row of a history."""
    seen = history.commits.set_index("place")["seen_at"].reindex(rows["place"])
    return pd.Series(seen.array, index=rows.index)


def in_hours(durations: pd.Series) -> pd.Series:
    """Lengths of time in hours."""
    hours: pd.Series = durations.dt.total_seconds() / 3600
    return hours


def hours_text(hours: float) -> str:
    """A length of time in words, with one decimal unless that is 0: `1 hour`, `2.5 hours`."""
    number = hours_number_text(hours)
    return f"{number} {'hour' if number == '1' else 'hours'}"


def hours_number_text(hours: float) -> str:
    """A number of hours, with one decimal unless that is 0."""
    return f"{hours:,.1f}".removesuffix(".0")


@cached_with_owner
def lives(history: History) -> pd.DataFrame:
    """One row a life (`LIVES`), with exact hours. Read-only, as all of a history."""
    if history.whole is not None:
        every = lives(history.whole)
        return LIVES.of(every[every["life"].isin(history.changes["life"])].reset_index(drop=True))
    rows = versions_of_lives(history)
    if rows.empty:
        return LIVES.empty()
    by_life = rows.groupby("life", sort=True)
    first, last = by_life.nth(0).set_index("life"), by_life.nth(-1).set_index("life")
    start = int(history.commits["place"].min())
    labels = last[["provider", "type"]].astype("object").fillna(NONE)
    table = last[["path", "title", "topics", "quality", "heat", "lift", "there"]].join(labels)
    table = table.assign(
        state=last["published"].map(STATES).astype("object").fillna("unknown"),
        first_seen=first["at"],
        begun=(first["kind"] == "appeared") & (first["place"] > start),
        hours_seen=last["hours"] + last["span"].where(last["there"], 0.0),
        hours_above=rows["span"].where(rows["warm"], 0.0).groupby(rows["life"]).sum(),
    )
    table = (
        table.join(_peak_lifts(rows)).join(_rises_and_resets(rows)).join(_first_warm_spell(rows, table["hours_seen"]))
    )
    return LIVES.of(table.assign(**{"class": life_class(table)}).reset_index())


def _peak_lifts(rows: pd.DataFrame) -> pd.DataFrame:
    """By life: highest lift, hours to its first peak, and hours until which heat was above quality."""
    peak = rows.groupby("life")["lift"].max()
    at_peak = rows["warm"] & (rows["lift"] == rows["life"].map(peak)).fillna(value=False)
    warm = rows[rows["warm"]]
    until = (warm["hours"] + warm["span"]).groupby(warm["life"]).last()
    first = rows[at_peak].groupby("life")["hours"].first()
    return pd.DataFrame({"peak_lift": peak, "hours_to_peak": first, "above_until": until})


def _rises_and_resets(rows: pd.DataFrame) -> pd.DataFrame:
    """By life: how often heat rose above quality and came back, between versions with a known lift."""
    above = (rows["before"] > 0).fillna(value=False)
    rose, reset = rows["warm"] & ~above, above & (rows["lift"] <= 0).fillna(value=False)
    counts = pd.DataFrame({"rises": rose, "resets": reset}).groupby(rows["life"]).sum()
    return counts.astype("Int64")


def _first_warm_spell(rows: pd.DataFrame, hours_seen: pd.Series) -> pd.DataFrame:
    """By life that was ever above quality: when that first began, hours it lasted, and whether its end was seen.

    Becoming unranked or gone ends it unseen.
    """
    began = rows["warm"].groupby(rows["life"]).cummax()
    rose = rows[rows["warm"]].groupby("life")["hours"].first()
    after = rows[began & ~rows["warm"]].drop_duplicates("life").set_index("life")
    end = after["hours"].reindex(rose.index).fillna(hours_seen)
    back = rose.index.isin(after.index[after["lift"].notna()])
    cooled = pd.Series(back, index=rose.index, dtype="boolean")
    return pd.DataFrame({"rose_after": rose, "warm_hours": end - rose, "cooled": cooled})


FLASH_HOURS = 48
"""Most hours above quality, all together, of a flash."""

SLOW_HOURS = 168
"""Fewest hours from first seen to the peak of a slow riser."""

EVERGREEN_HOURS = 720
"""Hours (30 days) after first seen at which an evergreen is still above quality. Lives seen for less have no class."""

NEVER, FLASH, WAVE, SLOW, EVERGREEN = CLASSES = "never moved", "flash", "wave", "slow riser", "evergreen"
BEGINNING_UNSEEN, SEEN_TOO_SHORT, NEVER_RANKED = UNCLASSED = "beginning not seen", "seen too short", "never ranked"

RULES = (
    f"Never moved: heat was never above quality. Evergreen: it was so {EVERGREEN_HOURS // 24} days after first seen or "
    f"later. Of the others, slow riser: peak {SLOW_HOURS // 24} days after first seen or later; flash: above quality "
    f"for at most {FLASH_HOURS} hours in all; wave: the rest."
)


def life_class(lives: pd.DataFrame) -> pd.Series:
    """The class of each life (`CLASSES`), or why it has none (`UNCLASSED`)."""
    rules = {
        BEGINNING_UNSEEN: ~lives["begun"],
        SEEN_TOO_SHORT: lives["hours_seen"] < EVERGREEN_HOURS,
        NEVER_RANKED: lives["peak_lift"].isna(),
        NEVER: (lives["peak_lift"] <= 0).fillna(value=False),
        EVERGREEN: lives["above_until"] >= EVERGREEN_HOURS,
        SLOW: lives["hours_to_peak"] >= SLOW_HOURS,
        FLASH: lives["hours_above"] <= FLASH_HOURS,
    }
    met = [rule.fillna(value=False).to_numpy(dtype="bool") for rule in rules.values()]
    return pd.Series(np.select(met, list(rules), WAVE), index=lives.index, dtype="str")


ALL = "all"
GROUPS = (ALL, "topic", "provider", "type", "state")
"""What lives can be grouped by."""

TOP = 4
"""Number of groups shown by name: as many curves as one chart can show apart."""


def life_group_pairs(data: Slice, lives: pd.DataFrame, by: str) -> pd.DataFrame:
    """The groups of each life, one row per pair of `life` and `group`.

    The `TOP` groups with most lives go by name, ties in alphabetical order, the rest are pooled as All others. A life
    is in the group of each of its topics, and once in All others; umbrella topics are left out.
    """
    pairs = _labels_of_lives(data, lives, by)
    counts = pairs.loc[pairs["group"] != NONE, "group"].value_counts().rename_axis("group").reset_index(name="n")
    ranked = counts.sort_values(["n", "group"], ascending=[False, True], ignore_index=True)["group"]
    shown = ranked[pool_rare(ranked, TOP) == ranked]
    named = pairs["group"].where(pairs["group"].isin([*shown, NONE]), OTHER)
    return pairs.assign(group=named).drop_duplicates(ignore_index=True)


def groups_by_life_count(pairs: pd.DataFrame) -> list[str]:
    """The groups of `life_group_pairs`, most lives first, ties in alphabetical order; All others and (none) last."""
    sizes = pairs["group"].value_counts().rename_axis("group").reset_index(name="n")
    sizes = sizes.assign(last=sizes["group"].map({OTHER: 1, NONE: 2}).fillna(0))
    return list(sizes.sort_values(["last", "n", "group"], ascending=[True, False, True])["group"])


def _labels_of_lives(data: Slice, lives: pd.DataFrame, by: str) -> pd.DataFrame:
    if by == ALL:
        return lives[["life"]].assign(group=pd.Series(ALL, index=lives.index, dtype="str"))
    if by != "topic":
        return pd.DataFrame({"life": lives["life"], "group": lives[by].astype("str")})
    topics = lives["topics"].fillna(NONE).str.split("; ")
    pairs = lives[["life"]].assign(group=topics).explode("group").astype({"group": "str"})
    return pairs[~pairs["group"].isin(umbrella_topics(data))]
