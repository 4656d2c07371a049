"""The lives of the articles in the history: their versions with the heat lift that each had, and one row a life.

Heat lift is heat minus quality. It is known of a version that is there, has a quality and a heat, and is ranked; a heat
of -1, a missing score and a file that is gone are states, never a number. Time is `commits.seen_at`, which never goes
back. A life that another one takes over is gone until it returns: that is no change of its heat.
"""

import numpy as np
import pandas as pd

from analytics.analyses.common.labels import pool_rare, umbrella_topics
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.history.tables import History
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
        Column("class", "text", "class of life (history_rules)"),
    ),
    key=("life",),
)


def versions(history: History) -> pd.DataFrame:
    """The versions of the history by life and time: its `changes`, and what each had and for how long.

    `at` and `until` are the times of its commit and of the next one, or of the newest commit of all; `hours` those from
    the first of the life to `at`, `span` those from `at` to `until`; `there` says whether the file is not gone; `lift`
    is missing where it is not known; `before` is the last one known earlier in the life.
    """
    rows = history.changes.sort_values(["life", "place"], kind="stable", ignore_index=True)
    lives = rows["life"].astype("int64")
    at = seen_at(history, rows)
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


def seen_at(history: History, rows: pd.DataFrame) -> pd.Series:
    """The time of the commit of each row of a history."""
    seen = history.commits.set_index("place")["seen_at"].reindex(rows["place"])
    return pd.Series(seen.array, index=rows.index)


def in_hours(times: pd.Series) -> pd.Series:
    """Lengths of time as numbers of hours."""
    hours: pd.Series = times.dt.total_seconds() / 3600
    return hours


def hours_said(hours: float) -> str:
    """A number of hours in a sentence, to a tenth where that says something."""
    return f"{hours:,.1f}".removesuffix(".0")


def lives(history: History) -> pd.DataFrame:
    """One row a life (`LIVES`), with exact hours."""
    rows = versions(history)
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
    table = table.join(_peaks(rows)).join(_turns(rows)).join(_first_spell(rows, table["hours_seen"]))
    return LIVES.of(table.assign(**{"class": life_class(table)}).reset_index())


def _peaks(rows: pd.DataFrame) -> pd.DataFrame:
    """The highest lift of each life, when it was first reached, and until when heat was above quality."""
    peak = rows.groupby("life")["lift"].max()
    at_peak = rows["warm"] & (rows["lift"] == rows["life"].map(peak)).fillna(value=False)
    warm = rows[rows["warm"]]
    until = (warm["hours"] + warm["span"]).groupby(warm["life"]).last()
    first = rows[at_peak].groupby("life")["hours"].first()
    return pd.DataFrame({"peak_lift": peak, "hours_to_peak": first, "above_until": until})


def _turns(rows: pd.DataFrame) -> pd.DataFrame:
    """How often each life rose above its quality and came back, between versions whose lift is known."""
    above = (rows["before"] > 0).fillna(value=False)
    rose, reset = rows["warm"] & ~above, above & (rows["lift"] <= 0).fillna(value=False)
    counts = pd.DataFrame({"rises": rose, "resets": reset}).groupby(rows["life"]).sum()
    return counts.astype("Int64")


def _first_spell(rows: pd.DataFrame, hours_seen: pd.Series) -> pd.DataFrame:
    """The first time above quality of each life that had one: when it began, how long it lasted, whether its end was
    seen. What becomes unknown (unranked, gone) ends it unseen."""
    began = rows["warm"].groupby(rows["life"]).cummax()
    rose = rows[rows["warm"]].groupby("life")["hours"].first()
    after = rows[began & ~rows["warm"]].drop_duplicates("life").set_index("life")
    end = after["hours"].reindex(rose.index).fillna(hours_seen)
    back = rose.index.isin(after.index[after["lift"].notna()])
    cooled = pd.Series(back, index=rose.index, dtype="boolean")
    return pd.DataFrame({"rose_after": rose, "warm_hours": end - rose, "cooled": cooled})


FLASH_HOURS = 48
"""A flash is above its quality for at most as long, all together."""

SLOW_HOURS = 168
"""A slow riser reaches its peak as late after it was first seen, or later."""

EVERGREEN_HOURS = 720
"""An evergreen is above its quality as late after it was first seen, or later: 30 days. Lives seen for a shorter time
have no class."""

NEVER, FLASH, WAVE, SLOW, EVERGREEN = CLASSES = "never moved", "flash", "wave", "slow riser", "evergreen"
UNSEEN, SHORT, UNKNOWN = UNCLASSED = "beginning not seen", "seen too short", "never ranked"

RULES = (
    f"Never moved: heat was never above quality. Evergreen: it was so {EVERGREEN_HOURS // 24} days after first seen or "
    f"later. Of the others, slow riser: peak {SLOW_HOURS // 24} days after first seen or later; flash: above quality "
    f"for at most {FLASH_HOURS} hours in all; wave: the rest."
)


def life_class(lives: pd.DataFrame) -> pd.Series:
    """The class of each life, of `CLASSES`; or why it has none, of `UNCLASSED`."""
    rules = {
        UNSEEN: ~lives["begun"],
        SHORT: lives["hours_seen"] < EVERGREEN_HOURS,
        UNKNOWN: lives["peak_lift"].isna(),
        NEVER: (lives["peak_lift"] <= 0).fillna(value=False),
        EVERGREEN: lives["above_until"] >= EVERGREEN_HOURS,
        SLOW: lives["hours_to_peak"] >= SLOW_HOURS,
        FLASH: lives["hours_above"] <= FLASH_HOURS,
    }
    met = [rule.fillna(value=False).to_numpy(dtype="bool") for rule in rules.values()]
    return pd.Series(np.select(met, list(rules), WAVE), index=lives.index, dtype="str")


ALL = "all"
GROUPS = (ALL, "topic", "provider", "type", "state")
"""What lives can be told apart by."""

TOP = 4
"""Groups by name: as many curves as can be told apart in one chart."""


def life_groups(data: Slice, lives: pd.DataFrame, by: str) -> pd.DataFrame:
    """Which groups each life is in: `life`, `group`, each pair once.

    The `TOP` groups with most lives go by name, ties in alphabetical order, the rest are pooled as All others. A life
    is in the group of each of its topics, and once in All others; umbrella topics are left out.
    """
    pairs = _labels(data, lives, by)
    counts = pairs.loc[pairs["group"] != NONE, "group"].value_counts().rename_axis("group").reset_index(name="n")
    ranked = counts.sort_values(["n", "group"], ascending=[False, True], ignore_index=True)["group"]
    shown = ranked[pool_rare(ranked, TOP) == ranked]
    named = pairs["group"].where(pairs["group"].isin([*shown, NONE]), OTHER)
    return pairs.assign(group=named).drop_duplicates(ignore_index=True)


def sized(pairs: pd.DataFrame) -> list[str]:
    """The groups of `life_groups`, most lives first, ties in alphabetical order; All others and (none) last."""
    sizes = pairs["group"].value_counts().rename_axis("group").reset_index(name="n")
    sizes = sizes.assign(last=sizes["group"].map({OTHER: 1, NONE: 2}).fillna(0))
    return list(sizes.sort_values(["last", "n", "group"], ascending=[True, False, True])["group"])


def _labels(data: Slice, lives: pd.DataFrame, by: str) -> pd.DataFrame:
    if by == ALL:
        return lives[["life"]].assign(group=pd.Series(ALL, index=lives.index, dtype="str"))
    if by != "topic":
        return pd.DataFrame({"life": lives["life"], "group": lives[by].astype("str")})
    topics = lives["topics"].fillna(NONE).str.split("; ")
    pairs = lives[["life"]].assign(group=topics).explode("group").astype({"group": "str"})
    return pairs[~pairs["group"].isin(umbrella_topics(data))]
