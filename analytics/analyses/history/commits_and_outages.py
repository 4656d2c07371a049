"""The pipeline that writes the corpus: commits over time, outages, and hours from publication to first commit."""

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.columns import quantile_columns, small_n_column, wilson_columns
from analytics.analyses.common.tallies_by_period import BAND, PERIOD_COLUMNS
from analytics.analyses.common.wording import count_text, share_text
from analytics.analyses.history.lives import commit_times, hours_number_text, hours_text, in_hours
from analytics.engine import periods
from analytics.engine.periods import AUTO, Span
from analytics.engine.slice import Slice
from analytics.history.history_tables import History
from analytics.schema import Column, Table
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import SMALL_N, wilson

PIPELINE_PULSE = Table(
    "pipeline_pulse",
    "one row per period of the history",
    (
        *PERIOD_COLUMNS,
        Column("commits", "whole", "commits of the period", "commits"),
        Column("n", "whole", "gaps between two commits that end in the period", "gaps"),
        *quantile_columns(BAND, "hours that {} of the gaps do not exceed", "hours"),
        Column("touched", "whole", "article files touched, each once a commit", "files"),
        Column("noise", "whole", "of these, files in which nothing but `secured` changed", "files"),
        Column("share_noise", "share", "noise, of the files touched"),
        *wilson_columns(),
    ),
    key=("period",),
)

LAGS = {
    "before it is published": (None, 0),
    "under 6 hours": (0, 6),
    "6 to under 12 hours": (6, 12),
    "12 to under 24 hours": (12, 24),
    "1 day to under 2": (24, 48),
    "2 days to under 7": (48, 168),
    "7 days to under 30": (168, 720),
    "30 days or more": (720, None),
}
"""Hours from the publish time to the first commit: range → from (included), to (not included)."""

FIRST_COMMIT_LAG = Table(
    "first_commit_lag",
    "one row per range of hours",
    (
        Column("lag", "text", "when the article was first committed, seen from its publish time"),
        Column("hours_from", "whole", "fewest hours, included; missing when open", "hours"),
        Column("hours_to", "whole", "most hours, not included; missing when open", "hours"),
        Column("n", "whole", "lives", "articles"),
        Column("total", "whole", "lives with a publish time whose first commit was seen", "articles"),
        Column("share", "share", "n, of total"),
        *wilson_columns(),
        small_n_column("lives"),
        Column("q25", "number", "hours that a quarter of all lives do not exceed", "hours"),
        Column("median", "number", "hours that half of all lives do not exceed", "hours"),
        Column("q75", "number", "hours that three quarters of all lives do not exceed", "hours"),
    ),
    key=("lag",),
)


@analysis(PIPELINE_PULSE)
def pipeline_pulse(data: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """Quantiles of the hours between commits and the share of noise, by UTC period.

    Over all commits of the history, whatever is selected, since a commit belongs to no single article.
    """
    commits = data.history.commits
    if commits.empty:
        return PIPELINE_PULSE.empty()
    days = commits["seen_at"].dt.tz_localize(None).dt.normalize()
    first, last = days.min().date(), days.max().date()
    span = Span(first, last, first, last)
    found = periods.fitting_grain(span, grain)
    codes = periods.CODES[found]((days - pd.Timestamp(0)).dt.days)
    rows = commits.assign(
        period=periods.period_starts(codes, found), hours=in_hours(commits["seen_at"].diff()).round(3), commits=1
    )
    gaps = rows.groupby(["period", "hours"], as_index=False).size().rename(columns={"size": "n"})
    sums = rows.groupby("period", as_index=False)[["commits", "files", "noise"]].sum()
    table = periods.calendar(span, found).merge(sums.rename(columns={"files": "touched"}), on="period", how="left")
    table = table.merge(quantiles(gaps, ["period"], "hours", BAND), on="period", how="left")
    table = table.fillna(dict.fromkeys(("commits", "touched", "noise", "n"), 0))
    table[["share_noise", "low", "high"]] = wilson(table["noise"], table["touched"])
    return table


@pipeline_pulse.register_finding
def pipeline_pulse_finding(table: pd.DataFrame) -> str:
    """How many commits there are, how much of them is noise, and the range of the median gaps, in a sentence."""
    commits, touched, noise = (int(table[name].sum()) for name in ("commits", "touched", "noise"))
    if not commits:
        return "There is no history of commits."
    share = wilson(pd.Series([noise]), pd.Series([touched])).iloc[0]
    data = f" ({share_text(share)})" if touched else ""
    text = (
        f"{count_text(commits, 'commit')}; of {count_text(touched, 'touch', 'touches')} of an article file "
        f"{noise:,}{data} change only the secured field"
    )
    known = table[table["complete"].astype("bool") & (table["n"] >= SMALL_N)]
    if known["median"].nunique() < 2:
        return f"{text}."
    low, high = hours_text(known["median"].min()), hours_text(known["median"].max())
    return f"{text}. The median gap of the {len(known):,} complete periods is from {low} to {high}."


@analysis(FIRST_COMMIT_LAG)
def first_commit_lag(data: Slice) -> pd.DataFrame:
    """Lives by hours from publish time to first commit, without those of the history's first commit.

    A life of which only the day is known has no publish time.
    """
    history = data.history
    rows = history.changes[history.changes["kind"] == "appeared"]
    start = history.commits["place"].min()
    timed = rows["published_at"].notna() & ~rows["date_only"].fillna(value=False).astype("bool")
    rows = rows[timed & (rows["place"] > start)]
    if rows.empty:
        return FIRST_COMMIT_LAG.empty()
    hours = in_hours(commit_times(history, rows) - rows["published_at"])
    ranges = [
        (-float("inf") if low is None else low, float("inf") if high is None else high) for low, high in LAGS.values()
    ]
    table = pd.DataFrame(
        [
            {"lag": name, "hours_from": low, "hours_to": high, "n": int(((hours >= ends[0]) & (hours < ends[1])).sum())}
            for (name, (low, high)), ends in zip(LAGS.items(), ranges, strict=True)
        ]
    )
    table["total"] = len(hours)
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    spread = hours.quantile([0.25, 0.5, 0.75]).round(1)
    return table.assign(small=len(hours) < SMALL_N, q25=spread[0.25], median=spread[0.5], q75=spread[0.75])


@first_commit_lag.register_finding
def first_commit_lag_finding(table: pd.DataFrame) -> str:
    """Median and quartiles of the hours, and how many articles take over a week, in a sentence."""
    if table.empty:
        return "The history shows no first commit of an article with a publish time."
    first, late = table.iloc[0], int(table.loc[table["hours_from"] >= 168, "n"].sum())
    share = wilson(pd.Series([late]), pd.Series([first["total"]])).iloc[0]
    quarter, most = (hours_number_text(first[name]) for name in ("q25", "q75"))
    return (
        f"Half of {count_text(first['total'], 'article')} were committed within {hours_text(first['median'])} of their "
        f"publish time, the middle half within {quarter} to {most}; {late:,} took 7 days or more ({share_text(share)})."
    )


OUTAGE_HOURS = 6
"""Fewest hours of an outage."""

OUTAGE_TIMES_USUAL = 5
"""An outage lasts at least this many times the usual gap."""

USUAL_GAPS = 51
"""Number of gaps around a gap whose median is the usual one; fewer at the ends of the history."""

NOTED_HOURS = 24
"""Fewest hours of an outage that charts over time show."""

PIPELINE_GAPS = Table(
    "pipeline_gaps",
    "one row per outage, the longest first, then the newest",
    (
        Column("rank", "whole", "place in the list"),
        Column("from_at", "time", "commit before the outage"),
        Column("to_at", "time", "commit after it"),
        Column("hours", "number", "hours between the two", "hours"),
        Column("usual", "number", f"median of the {USUAL_GAPS} gaps around it", "hours"),
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


@analysis(PIPELINE_GAPS)
def pipeline_gaps(data: Slice) -> pd.DataFrame:
    """The outages of the whole history: gaps of at least `OUTAGE_HOURS` and `OUTAGE_TIMES_USUAL` times the usual."""
    return outages(data.history)


@pipeline_gaps.register_finding
def pipeline_gaps_finding(table: pd.DataFrame) -> str:
    """How many outages there are and the longest, in a sentence."""
    if table.empty:
        return "The history has no gap between commits that stands out."
    first = table.iloc[0]
    days = f"{first['from_at']:%-d %B %Y %H:%M} to {first['to_at']:%-d %B %Y %H:%M} UTC"
    return (
        f"{count_text(len(table), 'outage')} in {first['gaps']:,} gaps between commits, "
        f"{table['hours'].sum():,.0f} hours in all; the longest lasted {hours_text(first['hours'])} ({days}), "
        f"{first['times']:,.3g} times the usual gap."
    )


def outages(history: History) -> pd.DataFrame:
    """The outages of a history (`PIPELINE_GAPS`)."""
    commits = history.commits
    seen = commits["seen_at"]
    hours = in_hours(seen.diff()).iloc[1:]
    usual = hours.rolling(USUAL_GAPS, center=True, min_periods=1).median()
    out = hours[(hours >= OUTAGE_HOURS) & (hours >= OUTAGE_TIMES_USUAL * usual)]
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


def long_outage_notes(history: History) -> pd.DataFrame:
    """The outages of `NOTED_HOURS` or more as dated notes for charts over time."""
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
