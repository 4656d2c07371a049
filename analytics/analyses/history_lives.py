"""The lives of the articles in the history: their versions with the heat lift that each had, and one row a life.

Heat lift is heat minus quality. It is known of a version that is there, has a quality and a heat, and is ranked; a heat
of -1, a missing score and a file that is gone are states, never a number. Time is `commits.seen_at`, which never goes
back. A life that another one takes over is gone until it returns: that is no change of its heat.
"""

import pandas as pd

from analytics.analyses.history_rules import life_class
from analytics.corpus.history_tables import History
from analytics.engine.coded import NONE
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
