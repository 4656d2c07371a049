"""The pipeline's pulse, its outages, and how soon it takes articles in."""

import pandas as pd

from analytics.analyses.history.commits_and_outages import (
    OUTAGE_NOTES,
    first_commit_lag,
    long_outage_notes,
    pipeline_gaps,
    pipeline_pulse,
)
from analytics.history.history_tables import History
from analytics.userdata.dated_notes import NOTES
from tests.histories import history_of, life, told

STEADY = [*range(0, 100, 2), *range(140, 160, 2), *range(166, 200, 2)]
"""A commit every two hours but for one gap of 42 hours and one of 8, too short for an outage."""


def test_outages_are_gaps_that_are_long_against_those_around_them():
    table = pipeline_gaps(told(commits=STEADY))
    assert list(table["hours"]) == [42]
    row = table.iloc[0]
    assert (row["usual"], row["times"], row["gaps"]) == (2, 21, len(STEADY) - 1)
    assert pipeline_gaps.finding(table) == (
        "1 outage in 76 gaps between commits, 42 hours in all; the longest lasted 42 hours (5 January 2024 02:00 to "
        "6 January 2024 20:00 UTC), 21 times the usual gap."
    )


def test_a_slow_rhythm_is_no_outage():
    assert pipeline_gaps(told(commits=range(0, 2000, 20))).empty
    assert pipeline_gaps.finding(pipeline_gaps(told())) == "The history has no gap between commits that stands out."


def test_outages_of_a_day_become_notes():
    notes = long_outage_notes(history_of(commits=[*STEADY, 215]))
    assert list(notes["day"]) == [pd.Timestamp("2024-01-05")]
    assert list(notes["last_day"]) == [pd.Timestamp("2024-01-06")]
    assert list(notes["text"]) == ["No commit for 42 hours (5 Jan 02:00 to 6 Jan 20:00 UTC)"]
    assert [(column.name, column.kind) for column in OUTAGE_NOTES.columns] == [
        (column.name, column.kind) for column in NOTES.columns
    ]
    assert long_outage_notes(History.nothing("no git")).empty


def test_the_pulse_by_day():
    table = pipeline_pulse(told(commits=[0, 4, 10, 30, 34]), grain="day")
    assert list(table["commits"]) == [3, 2]
    assert list(table["n"]) == [2, 2]
    assert list(table["median"]) == [5, 12]
    assert list(table["complete"]) == [True, True]
    assert table["share_noise"].isna().all(), "no file was touched"


def test_noise_is_a_share_of_the_files_touched():
    history = history_of(life("a.md", (1, 72, 72)), commits=[2, 3])
    commits = history.commits.assign(files=[0, 1, 4, 5], noise=[0, 0, 4, 2])
    data = told()
    data.side_data = type(data.side_data)(History("made", history.changes, commits))
    table = pipeline_pulse(data, grain="day")
    assert (table["touched"].sum(), table["noise"].sum(), table["share_noise"].iloc[0]) == (10, 6, 0.6)


def test_hours_from_publication_to_the_first_commit():
    lives = [
        life("a.md", (8, 72, 72), (30, 72, 75), at="2024-01-01T02:00"),
        life("b.md", (28, 72, 72), at="2024-01-01T00:00"),
        life("c.md", (5, 72, 72), at="2024-01-02T00:00"),
        life("d.md", (0, 72, 72), at="2023-01-01"),
        life("e.md", (9, 72, 72)),
    ]
    table = first_commit_lag(told(*lives, until=50))
    assert list(table.loc[table["n"] > 0, "lag"]) == [
        "before it is published",
        "6 to under 12 hours",
        "1 day to under 2",
    ]
    assert set(table["total"]) == {3}
    assert first_commit_lag.finding(table) == (
        "Half of 3 articles were committed within 6 hours of their publish time, the middle half within -6.5 to 17; "
        "0 took 7 days or more (0% [0, 56])."
    )
    dated = first_commit_lag(told(*lives, life("f.md", (8, 72, 72), at="2024-01-01", date_only=True), until=50))
    assert set(dated["total"]) == {3}
