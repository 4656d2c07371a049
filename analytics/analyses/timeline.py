"""Articles over time: rolling mean, days, hours, unusual days, and days from publication to filing."""

import numpy as np
import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.columns import small_n_column, wilson_columns
from analytics.analyses.common.tallies_by_period import PERIOD_COLUMNS, on_calendar, period_name, tally_by_period
from analytics.analyses.common.wording import count_text
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.selection.fields import WEEKDAYS
from analytics.statistics import unusual_counts
from analytics.statistics.intervals import SMALL_N, wilson
from analytics.statistics.multiple_tests import is_clearly_largest

ARTICLES_SMOOTHED = Table(
    "articles_smoothed",
    "one row per period",
    (
        *PERIOD_COLUMNS,
        Column("n", "whole", "articles", "articles"),
        Column("window", "whole", "complete periods that the mean is taken over, this one the last of them", "periods"),
        Column("window_n", "whole", "articles in the window; missing until it is full", "articles"),
        Column("rolling_mean", "number", "articles per period in the window; missing until it is full", "articles"),
    ),
    key=("period",),
)

ARTICLES_BY_DAY = Table(
    "articles_by_day",
    "one row per day of the newest calendar years of the chosen range",
    (
        Column("day", "day", "day (UTC)"),
        Column("year", "whole", "calendar year"),
        Column("week", "day", "Monday of the day's week"),
        Column("weekday", "text", "Monday to Sunday"),
        Column("n", "whole", "articles", "articles"),
        Column(
            "so_far", "whole", "articles of the range up to the day, also of the years that are not shown", "articles"
        ),
    ),
    key=("day",),
)

ARTICLES_BY_HOUR = Table(
    "articles_by_hour",
    "one row per weekday and hour",
    (
        Column("weekday", "text", "Monday to Sunday (UTC)"),
        Column("hour", "whole", "hour of the day, 0 to 23 (UTC)"),
        Column("n", "whole", "articles", "articles"),
        Column("total", "whole", "all articles with a time", "articles"),
        Column("share", "share", "of all articles with a time"),
        *wilson_columns(),
    ),
    key=("weekday", "hour"),
)

UNKNOWN_LAG = "unknown"
LAGS = {
    "over 30 days before": (None, -31),
    "8 to 30 days before": (-30, -8),
    "2 to 7 days before": (-7, -2),
    "1 day before": (-1, -1),
    "same day": (0, 0),
    "1 day after": (1, 1),
    "2 to 7 days after": (2, 7),
    "8 to 30 days after": (8, 30),
    "over 30 days after": (31, None),
}
"""Ranges of days from the publish day to the date in the file name."""

PUBLISH_LAG = Table(
    "publish_lag",
    "one row per range of days; articles without one of the two dates last",
    (
        Column("lag", "text", "when the file is dated, seen from the publish day (UTC); unknown without both dates"),
        Column("days_from", "whole", "fewest days from publish day to file date; missing when open", "days"),
        Column("days_to", "whole", "most days from publish day to file date; missing when open", "days"),
        Column("n", "whole", "articles", "articles"),
        Column("total", "whole", "articles with both dates", "articles"),
        Column("share", "share", "of the articles with both dates"),
        *wilson_columns(),
        small_n_column(),
    ),
    key=("lag",),
)


@analysis(ARTICLES_SMOOTHED)
def articles_smoothed(data: Slice, *, grain: str = AUTO, window: int = 6) -> pd.DataFrame:
    """Articles by period, with the rolling mean over `window` complete periods; missing until the window is full."""
    table = on_calendar(data, grain, tally_by_period(data, grain=grain)).fillna({"n": 0})
    whole = table["n"].astype("float64").where(table["complete"].astype("bool"))
    table["window"], table["window_n"] = window, whole.rolling(window, min_periods=window).sum().round()
    return table.assign(rolling_mean=table["window_n"] / window)


@articles_smoothed.register_finding
def articles_smoothed_finding(table: pd.DataFrame) -> str:
    """The newest mean against the one a window before, and the highest, in a sentence."""
    n = int(table["n"].sum())
    if not n:
        return "No article has a date."
    known = table[table["rolling_mean"].notna()]
    window, unit = int(table["window"].iloc[0]), _period_unit(table.iloc[0])
    if known.empty:
        return (
            f"{count_text(n, 'article')}; the mean needs {window} complete periods, of {count_text(len(table), unit)}."
        )
    last, peak = known.iloc[-1], known.iloc[known["rolling_mean"].to_numpy("float64").argmax()]
    mean = f"{last['rolling_mean']:.3g}"
    text = f"{mean} {'article' if mean == '1' else 'articles'} a {unit} in the {window} to {period_name(last)}"
    text += f" (n = {last['window_n']:,})"
    if len(known) > window:
        before = known.iloc[-1 - window]
        text += f", against {before['rolling_mean']:.3g} in the {window} before (n = {before['window_n']:,})"
    return f"{text}; the highest mean was {peak['rolling_mean']:.3g}, up to {period_name(peak)}."


def _period_unit(row: pd.Series) -> str:
    """The unit of a row's period: day, week, month, quarter or year."""
    days = (row["period_end"] - row["period"]).days + 1
    return next(
        unit for unit, most in (("day", 1), ("week", 7), ("month", 31), ("quarter", 92), ("year", 366)) if days <= most
    )


@analysis(ARTICLES_BY_DAY)
def articles_by_day(data: Slice, *, years: int = 2) -> pd.DataFrame:
    """Articles by day of the newest `years` calendar years of the range."""
    span = data.span
    if span is None:
        return ARTICLES_BY_DAY.empty()
    last = max(min(span.end, data.last_day or span.end), span.start)
    first = max(span.start, last.replace(year=max(last.year - years + 1, 1), month=1, day=1))
    ends = np.datetime64(first, "D"), np.datetime64(last, "D") + np.timedelta64(1, "D")
    days = pd.Series(np.arange(*ends).astype("datetime64[us]"))
    counts = data.tally("day")
    table = pd.DataFrame({"day": days}).merge(counts[counts["day"].notna()], on="day", how="left").fillna({"n": 0})
    earlier = counts.loc[counts["day"] < pd.Timestamp(first), "n"].sum()
    number = table["day"].dt.day_of_week
    return table.assign(
        year=table["day"].dt.year,
        week=table["day"] - pd.to_timedelta(number, unit="D"),
        weekday=number.map(dict(enumerate(WEEKDAYS))),
        so_far=table["n"].cumsum() + earlier,
    )


@articles_by_day.register_finding
def articles_by_day_finding(table: pd.DataFrame) -> str:
    """The fullest day, how many are empty, and what the years before hold, in a sentence."""
    if table.empty or not table["so_far"].iloc[-1]:
        return "No article has a date."
    n, empty = int(table["n"].sum()), int((table["n"] == 0).sum())
    most = table.iloc[table["n"].to_numpy("int64").argmax()]
    earlier = int(table["so_far"].iloc[-1]) - n
    earlier_text = count_text(earlier, "earlier article of the range is", "earlier articles of the range are")
    cut = f" {earlier_text} not shown." if earlier else ""
    first = table["day"].iloc[0]
    none = f"{count_text(empty, 'day')} ({empty / len(table):.0%}) {'has' if empty == 1 else 'have'} none"
    as_full = int((table["n"] == most["n"]).sum())
    fullest = (
        f"the fullest was {most['day']:%-d %B %Y} with {most['n']:,}, and "
        if as_full == 1
        else f"the most on a day was {most['n']:,}, on {as_full:,} days, and "
        if n
        else ""
    )
    days = f"in the {len(table):,} days from {first:%-d %B %Y}"
    return f"{count_text(n, 'article')} {f'on {first:%-d %B %Y}' if len(table) == 1 else days}; {fullest}{none}.{cut}"


@analysis(ARTICLES_BY_HOUR)
def articles_by_hour(data: Slice) -> pd.DataFrame:
    """Articles by weekday and hour, of those with a time of day; those with only a date are left out."""
    counts = data.tally("weekday", "hour")
    counts = counts[counts["hour"].notna()]
    if counts.empty:
        return ARTICLES_BY_HOUR.empty()
    cells = pd.MultiIndex.from_product([WEEKDAYS, range(24)], names=["weekday", "hour"])
    table = counts.set_index(["weekday", "hour"])["n"].reindex(cells, fill_value=0).reset_index()
    table["total"] = table["n"].sum()
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return table


@articles_by_hour.register_finding
def articles_by_hour_finding(table: pd.DataFrame) -> str:
    """The busiest hour, if one clearly is, and the share of the weekend, in a sentence."""
    if table.empty:
        return "No article has a time."
    n = int(table["n"].sum())
    most = table.iloc[table["n"].to_numpy("int64").argmax()]
    weekend = _share_text(int(table.loc[table["weekday"].isin(WEEKDAYS[5:]), "n"].sum()), n)
    on_weekend = f"{weekend} {'comes' if n == 1 else 'come'} on a weekend, which has 2 of the 7 days"
    held = f"{_share_text(most['n'], n)} {'article' if n == 1 else 'articles'}"
    if is_clearly_largest(table["n"]):
        hour = f"{most['weekday']} {most['hour']:02}:00 to {most['hour'] + 1:02}:00 UTC"
        return f"The busiest hour is {hour} with {held}; {on_weekend}."
    return f"No hour of the week is clearly the busiest: the fullest has {held}; {on_weekend}."


@analysis(PUBLISH_LAG)
def publish_lag(data: Slice) -> pd.DataFrame:
    """Articles by days from publish day to the date in the file name."""
    counts = data.tally("lag")
    if counts.empty:
        return PUBLISH_LAG.empty()
    rows = [
        {"lag": name, "days_from": low, "days_to": high, "n": _count_in_range(counts, low, high)}
        for name, (low, high) in LAGS.items()
    ]
    table = pd.DataFrame(rows)
    table["total"] = table["n"].sum()
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    table["small"] = table["total"] < SMALL_N
    missing = pd.DataFrame([{"lag": UNKNOWN_LAG, "n": counts.loc[counts["lag"].isna(), "n"].sum()}])
    return pd.concat([table, missing], ignore_index=True)


def _count_in_range(counts: pd.DataFrame, low: int | None, high: int | None) -> int:
    fits = counts["lag"].notna()
    if low is not None:
        fits &= counts["lag"].ge(low).fillna(value=False)
    if high is not None:
        fits &= counts["lag"].le(high).fillna(value=False)
    return int(counts.loc[fits, "n"].sum())


@publish_lag.register_finding
def publish_lag_finding(table: pd.DataFrame) -> str:
    """The shares filed on the same day and within a day, in a sentence."""
    counts = table.set_index("lag")["n"]
    unknown = int(counts.get(UNKNOWN_LAG, 0))
    without = f" {count_text(unknown, 'lacks', 'lack')} one of the two dates." if unknown else ""
    n = int(counts.sum()) - unknown
    if not n:
        return f"No article has both a publish date and a file date.{without}"
    same = int(counts["same day"])
    near = same + int(counts["1 day before"] + counts["1 day after"])
    on_the_day, within_a_day = _share_text(same, n), _share_text(near, n)
    filed = "article is filed on its publish day" if n == 1 else "articles are filed on their publish day"
    return f"{on_the_day} {filed}, {within_a_day} within a day of it.{without}"


def _share_text(hits: int, n: int) -> str:
    """Hits of n with share and 95 % Wilson interval: `3 of 4 (75% [30, 95])`."""
    row = wilson(pd.Series([hits]), pd.Series([n])).iloc[0] * 100
    form = ".0f" if 1 <= row["low"] <= row["high"] <= 99 else ".3g"
    return f"{hits:,} of {n:,} ({row['share']:{form}}% [{row['low']:{form}}, {row['high']:{form}}])"


MORE, FEWER, NONE_AT_ALL = REASONS = "more than usual", "fewer than usual", "none at all"

_REASON_OF_SIDE = {unusual_counts.MORE: MORE, unusual_counts.FEWER: FEWER, unusual_counts.NONE: NONE_AT_ALL}

FEWEST_DAYS = 7 * SMALL_N
"""Fewest days among which any is called unusual."""

UNUSUAL_DAYS = Table(
    "unusual_days",
    "one row per unusual day or stretch of days, newest first",
    (
        Column("first_day", "day", "first day (UTC)"),
        Column("last_day", "day", "last day (UTC)"),
        Column("days", "whole", "days of the stretch", "days"),
        Column("reason", "label", ", ".join(REASONS)),
        Column("n", "whole", "articles of the stretch", "articles"),
        Column("usual", "number", "articles that its weekdays would have at the level of the weeks nearby", "articles"),
        Column("usual_from", "whole", "5 % quantile of what chance makes of that", "articles"),
        Column("usual_to", "whole", "95 % quantile of what chance makes of that", "articles"),
        Column(
            "nearby",
            "whole",
            f"days that it was judged by: of the {unusual_counts.NEARBY} weeks before and after, without its own weeks "
            "and without what stands out there",
            "days",
        ),
        Column("q", "share", "the smallest false discovery rate at which one of its days, or the empty run, is named"),
        Column("judged", "whole", "days that were judged", "days"),
    ),
    key=("first_day",),
)


@analysis(UNUSUAL_DAYS)
def unusual_days(data: Slice) -> pd.DataFrame:
    """Days with many more or fewer articles than the weeks nearby let expect, and stretches without any.

    They are improbable by chance (`unusual_runs`), at a false discovery rate of at most 10 % among all days (Benjamini,
    Hochberg 1995). The complete days that range and corpus have in common are judged, when they are at least 10 weeks.
    """
    days = _judged_days(data)
    if len(days) < FEWEST_DAYS or not days["n"].sum():
        return UNUSUAL_DAYS.empty()
    found = unusual_counts.unusual_runs(days["n"], days["day"])
    first, last = (days["day"].iloc[found[end]].reset_index(drop=True) for end in ("first", "last"))
    table = found.assign(
        first_day=first,
        last_day=last,
        days=found["last"] - found["first"] + 1,
        reason=found["side"].map(_REASON_OF_SIDE),
        judged=len(days),
    ).rename(columns={"expected": "usual", "low": "usual_from", "high": "usual_to"})
    return table[UNUSUAL_DAYS.names].sort_values("first_day", ascending=False)


def _judged_days(data: Slice) -> pd.DataFrame:
    """The days to judge: `day` and `n`."""
    calendar, whole = data.calendar("day"), data.whole.span
    if whole is None:
        return calendar.iloc[:0].rename(columns={"period": "day"})
    common = calendar["period"].between(pd.Timestamp(whole.start), pd.Timestamp(whole.end))
    days = calendar.loc[calendar["complete"] & common, ["period"]]
    days = days.rename(columns={"period": "day"}).reset_index(drop=True)
    counts = data.tally("day")
    days = days.merge(counts[counts["day"].notna()], on="day", how="left").fillna({"n": 0})
    return days.astype({"n": "int64"})


def too_few_for_unusual_days(data: Slice) -> str:
    """Why no day of a slice can be called unusual, in a sentence; empty where there are enough days."""
    n = len(_judged_days(data))
    if n >= FEWEST_DAYS:
        return ""
    return f"Too few days to tell which are unusual: {n:,}, and at least {FEWEST_DAYS} ({SMALL_N} weeks) are needed."


@unusual_days.register_finding
def unusual_days_finding(table: pd.DataFrame) -> str:
    """How many there are of each kind, and the two newest of each, in a sentence."""
    if table.empty:
        return "No day of the selection stands out."
    counts = table["reason"].astype("str").value_counts()
    kinds = [f"{counts[reason]} with {reason}" for reason in REASONS if reason in counts]
    newest = [
        _stretch_text(row) for reason in REASONS for _, row in table[table["reason"] == reason].head(2).iterrows()
    ]
    head = f"Unusual days or stretches of the selection, in {table['judged'].iloc[0]:,} days: {', '.join(kinds)}"
    return f"{head}. The newest of each: {'; '.join(newest)}."


def _stretch_text(row: pd.Series) -> str:
    first, last = row["first_day"], row["last_day"]
    when = f"{first:%-d %B %Y}" if first == last else f"{first:%-d %B %Y} to {last:%-d %B %Y}"
    usual = f"{row['usual_from']:,} to {row['usual_to']:,}" if row["usual_to"] else "none"
    return f"{when} with {row['n']:,} (usually {usual})"
