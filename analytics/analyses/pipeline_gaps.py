"""Outages of the pipeline: gaps between two commits that are long against those around them."""

import pandas as pd

from analytics.analyses.history_lives import hours_said, in_hours
from analytics.analyses.listing import counted
from analytics.corpus.history_tables import History
from analytics.engine.slice import Slice
from analytics.schema import Column, Table

LEAST_HOURS = 6
"""A shorter gap is no outage."""

TIMES_USUAL = 5
"""A gap of fewer times the usual one is no outage."""

AROUND = 51
"""The gaps, this one in their middle, whose median is the usual one; fewer at the ends of the history."""

NOTED_HOURS = 24
"""An outage of fewer hours is not drawn on the charts over time."""

PIPELINE_GAPS = Table(
    "pipeline_gaps",
    "one row per outage, the longest first, then the newest",
    (
        Column("rank", "whole", "place in the list"),
        Column("from_at", "time", "commit before the outage"),
        Column("to_at", "time", "commit after it"),
        Column("hours", "number", "hours between the two", "hours"),
        Column("usual", "number", f"median of the {AROUND} gaps around it", "hours"),
        Column("times", "number", "hours, as a multiple of the usual"),
        Column("appeared", "whole", "articles that appeared with the commit after it", "articles"),
        Column("commit", "text", "git commit after it"),
        Column("gaps", "whole", "gaps between two commits in all"),
    ),
    key=("commit",),
)

OUTAGE_NOTES = Table(
    "outage_notes",
    "one row per outage of a day or more, by its days: the columns of dated notes",
    (
        Column("day", "day", "day of the commit before it (UTC)"),
        Column("last_day", "day", "day of the commit after it (UTC)"),
        Column("text", "text", "how long no commit came"),
        Column("file", "text", "where the note comes from: the history"),
    ),
    key=("day", "last_day", "text", "file"),
)


def pipeline_gaps(part: Slice) -> pd.DataFrame:
    """The outages of the whole history: gaps of at least `LEAST_HOURS` and `TIMES_USUAL` times the usual one."""
    return outages(part.history)


def pipeline_gaps_finding(table: pd.DataFrame) -> str:
    """How many outages there are and the longest, in a sentence."""
    if table.empty:
        return "The history has no gap between commits that stands out."
    first = table.iloc[0]
    days = f"{first['from_at']:%-d %B %Y %H:%M} to {first['to_at']:%-d %B %Y %H:%M} UTC"
    return (
        f"{counted(len(table), 'outage', 'outages')} in {first['gaps']:,} gaps between commits, "
        f"{table['hours'].sum():,.0f} hours in all; the longest lasted {hours_said(first['hours'])} hours ({days}), "
        f"{first['times']:,.3g} times the usual gap."
    )


def outages(history: History) -> pd.DataFrame:
    """The outages of a history (`PIPELINE_GAPS`)."""
    commits = history.commits
    seen = commits["seen_at"]
    hours = in_hours(seen.diff()).iloc[1:]
    usual = hours.rolling(AROUND, center=True, min_periods=1).median()
    out = hours[(hours >= LEAST_HOURS) & (hours >= TIMES_USUAL * usual)]
    table = commits.loc[out.index, ["commit", "appeared"]].assign(
        from_at=seen.shift()[out.index],
        to_at=seen[out.index],
        hours=out.round(1),
        usual=usual[out.index].round(1),
        times=(out / usual[out.index].where(usual > 0)).round(1),
        gaps=len(hours),
    )
    table = table.sort_values(["hours", "to_at"], ascending=False, kind="stable")
    return PIPELINE_GAPS.of(table.assign(rank=range(1, len(table) + 1))[PIPELINE_GAPS.names])


def outage_notes(history: History) -> pd.DataFrame:
    """The outages of a day or more (`OUTAGE_NOTES`), to be drawn as dated notes on charts over time."""
    long = outages(history)
    long = long[long["hours"] >= NOTED_HOURS].sort_values("from_at", ignore_index=True)
    days = {
        name: long[at].dt.tz_localize(None).dt.normalize() for name, at in (("day", "from_at"), ("last_day", "to_at"))
    }
    said = [
        f"No commit for {row['hours']:,.0f} hours ({row['from_at']:%-d %b %H:%M} to {row['to_at']:%-d %b %H:%M} UTC)"
        for row in long.to_dict("records")
    ]
    return OUTAGE_NOTES.of(pd.DataFrame(days | {"text": pd.Series(said, dtype="str"), "file": "history"}))
