"""When the articles come: the trend, the days, the hours, and how long they take to be filed."""

import numpy as np
import pandas as pd

from analytics.analyses.time import PERIOD_COLUMNS, by_period, on_calendar, period_name
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.parts import WEEKDAYS
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, wilson

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
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
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
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} articles"),
    ),
    key=("lag",),
)


def articles_smoothed(part: Slice, *, grain: str = AUTO, window: int = 6) -> pd.DataFrame:
    """How many articles each period has, and the mean of it and the periods before, `window` in all.

    Incomplete periods have no mean and are in none; the first mean stands where the window is full.
    """
    table = on_calendar(part, grain, by_period(part, grain=grain)).fillna({"n": 0})
    whole = table["n"].astype("float64").where(table["complete"].astype("bool"))
    table["window"], table["window_n"] = window, whole.rolling(window, min_periods=window).sum().round()
    return ARTICLES_SMOOTHED.of(table.assign(rolling_mean=table["window_n"] / window))


def articles_smoothed_finding(table: pd.DataFrame) -> str:
    """The newest mean against the one a window before, and the highest, in a sentence."""
    n = int(table["n"].sum())
    if not n:
        return "No article has a date."
    known = table[table["rolling_mean"].notna()]
    window, unit = int(table["window"].iloc[0]), _unit(table.iloc[0])
    if known.empty:
        return f"{n:,} articles; the mean needs {window} complete periods, of {len(table):,} {unit}s."
    last, peak = known.iloc[-1], known.iloc[known["rolling_mean"].to_numpy("float64").argmax()]
    text = f"{last['rolling_mean']:.3g} articles a {unit} in the {window} to {period_name(last)}"
    text += f" (n = {last['window_n']:,})"
    if len(known) > window:
        before = known.iloc[-1 - window]
        text += f", against {before['rolling_mean']:.3g} in the {window} before (n = {before['window_n']:,})"
    return f"{text}; the highest mean was {peak['rolling_mean']:.3g}, up to {period_name(peak)}."


def _unit(row: pd.Series) -> str:
    """What kind of period a row is."""
    days = (row["period_end"] - row["period"]).days + 1
    return next(
        unit for unit, most in (("day", 1), ("week", 7), ("month", 31), ("quarter", 92), ("year", 366)) if days <= most
    )


def articles_by_day(part: Slice, *, years: int = 2) -> pd.DataFrame:
    """How many articles each day has, for the newest `years` calendar years that the range and the corpus reach."""
    span = part.span
    if span is None:
        return ARTICLES_BY_DAY.empty()
    last = max(min(span.end, span.known_to), span.start)
    first = max(span.start, last.replace(year=max(last.year - years + 1, 1), month=1, day=1))
    ends = np.datetime64(first, "D"), np.datetime64(last, "D") + 1
    days = pd.Series(np.arange(*ends).astype("datetime64[us]"))
    counts = part.tally("day")
    table = pd.DataFrame({"day": days}).merge(counts[counts["day"].notna()], on="day", how="left").fillna({"n": 0})
    earlier = counts.loc[counts["day"] < pd.Timestamp(first), "n"].sum()
    number = table["day"].dt.day_of_week
    table = table.assign(
        year=table["day"].dt.year,
        week=table["day"] - pd.to_timedelta(number, unit="D"),
        weekday=number.map(dict(enumerate(WEEKDAYS))),
        so_far=table["n"].cumsum() + earlier,
    )
    return ARTICLES_BY_DAY.of(table)


def articles_by_day_finding(table: pd.DataFrame) -> str:
    """The fullest day, how many are empty, and what the years before hold, in a sentence."""
    if table.empty or not table["so_far"].iloc[-1]:
        return "No article has a date."
    n, empty = int(table["n"].sum()), int((table["n"] == 0).sum())
    most = table.iloc[table["n"].to_numpy("int64").argmax()]
    earlier = int(table["so_far"].iloc[-1]) - n
    cut = f" {earlier:,} earlier articles of the range are not shown." if earlier else ""
    first = table["day"].iloc[0]
    return (
        f"{n:,} articles in the {len(table):,} days from {first:%-d %B %Y}; the fullest was {most['day']:%-d %B %Y} "
        f"with {most['n']:,}, and {empty:,} days ({empty / len(table):.0%}) have none.{cut}"
    )


def articles_by_hour(part: Slice) -> pd.DataFrame:
    """How many articles are published in each hour of each weekday, of all that have a time."""
    counts = part.tally("weekday", "hour")
    counts = counts[counts["hour"].notna()]
    if counts.empty:
        return ARTICLES_BY_HOUR.empty()
    cells = pd.MultiIndex.from_product([WEEKDAYS, range(24)], names=["weekday", "hour"])
    table = counts.set_index(["weekday", "hour"])["n"].reindex(cells, fill_value=0).reset_index()
    table["total"] = table["n"].sum()
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return ARTICLES_BY_HOUR.of(table)


def articles_by_hour_finding(table: pd.DataFrame) -> str:
    """The busiest hour and the shares of working days and of the middle of the day, in a sentence."""
    if table.empty:
        return "No article has a time."
    n = int(table["n"].sum())
    most = table.iloc[table["n"].to_numpy("int64").argmax()]
    weekend = _part(int(table.loc[table["weekday"].isin(WEEKDAYS[5:]), "n"].sum()), n)
    return (
        f"The busiest hour is {most['weekday']} {most['hour']:02}:00 to {most['hour'] + 1:02}:00 UTC with "
        f"{_part(most['n'], n)} articles; {weekend} come on a weekend."
    )


def publish_lag(part: Slice) -> pd.DataFrame:
    """How many days after (or before) its publish day each article is filed, by the date in its file name."""
    counts = part.tally("lag")
    if counts.empty:
        return PUBLISH_LAG.empty()
    rows = [
        {"lag": name, "days_from": low, "days_to": high, "n": _within(counts, low, high)}
        for name, (low, high) in LAGS.items()
    ]
    table = pd.DataFrame(rows)
    table["total"] = table["n"].sum()
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    table["small"] = table["total"] < SMALL_N
    missing = pd.DataFrame([{"lag": UNKNOWN_LAG, "n": counts.loc[counts["lag"].isna(), "n"].sum()}])
    return PUBLISH_LAG.of(pd.concat([table, missing], ignore_index=True))


def _within(counts: pd.DataFrame, low: int | None, high: int | None) -> int:
    fits = counts["lag"].notna()
    if low is not None:
        fits &= counts["lag"].ge(low).fillna(value=False)
    if high is not None:
        fits &= counts["lag"].le(high).fillna(value=False)
    return int(counts.loc[fits, "n"].sum())


def publish_lag_finding(table: pd.DataFrame) -> str:
    """The shares filed on the same day and within a day, in a sentence."""
    counts = table.set_index("lag")["n"]
    unknown = int(counts.get(UNKNOWN_LAG, 0))
    without = f" {unknown:,} lack one of the two dates." if unknown else ""
    n = int(counts.sum()) - unknown
    if not n:
        return f"No article has both a publish date and a file date.{without}"
    same = int(counts["same day"])
    near = same + int(counts["1 day before"] + counts["1 day after"])
    return f"{_part(same, n)} articles are filed on their publish day, {_part(near, n)} within a day of it.{without}"


def _part(hits: int, n: int) -> str:
    """A part of n with its share and 95 % interval."""
    row = wilson(pd.Series([hits]), pd.Series([n])).iloc[0] * 100
    form = ".0f" if 1 <= row["low"] <= row["high"] <= 99 else ".3g"
    return f"{hits:,} of {n:,} ({row['share']:{form}}% [{row['low']:{form}}, {row['high']:{form}}])"
