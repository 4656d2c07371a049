"""Calendar periods in UTC: days, Monday weeks, months, quarters and years, and the period before a range."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from analytics.selection.fields import Compare, Length

Grain = Literal["day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = get_args(Grain)
AUTO = "auto"
AUTO_PERIODS = 60
MAX_PERIODS = 2_000

UNKNOWN = 0.15
"""The share of the last days of a period that may lie after the newest article of the corpus."""

_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}

_EPOCH = date(1970, 1, 1)


class Span(NamedTuple):
    """The days to show, both included, and the days of which all is known.

    These reach from the first of the corpus or of the chosen range, the later one, to the last that is over or the end
    of the chosen range, the earlier one. A period that begins before or ends after them is incomplete.
    """

    start: date
    end: date
    known_from: date
    known_to: date


def day_code(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(code: int) -> date:
    """The day of a day code."""
    return _EPOCH + timedelta(days=code)


def _months(days: pd.Series) -> pd.Series:
    as_days = days.to_numpy(dtype="int64").astype("datetime64[D]")
    return pd.Series(as_days.astype("datetime64[M]").astype("int64"), index=days.index)


CODES: dict[Grain, Callable[[pd.Series], pd.Series]] = {
    "day": lambda days: days,
    "week": lambda days: (days + 3) // 7,
    "month": _months,
    "quarter": lambda days: _months(days) // 3,
    "year": lambda days: _months(days) // 12,
}
"""Day codes → period codes; 1970-01-01 was a Thursday, so week 0 starts on 1969-12-29."""


def period_starts(period_codes: pd.Series, grain: Grain) -> pd.Series:
    """First day of each period code, as UTC days."""
    numbers = period_codes.to_numpy(dtype="int64")
    if grain in ("day", "week"):
        days = numbers if grain == "day" else numbers * 7 - 3
        return pd.Series(days.astype("datetime64[D]").astype("datetime64[us]"), index=period_codes.index)
    months = numbers * {"month": 1, "quarter": 3, "year": 12}[grain]
    return pd.Series(months.astype("datetime64[M]").astype("datetime64[us]"), index=period_codes.index)


def period_code_of_day(day: date, grain: Grain) -> int:
    """The code of the period that a day lies in."""
    return int(CODES[grain](pd.Series([day_code(day)])).iloc[0])


def fitting_grain(span: Span | None, wanted: str = AUTO) -> Grain:
    """The grain to draw: the wanted one, or the finest that gives at most 60 periods.

    A wanted grain that would give more than 2,000 periods is made coarser.
    """
    allowed = AUTO_PERIODS if wanted == AUTO else MAX_PERIODS
    candidates = GRAINS if wanted == AUTO else GRAINS[GRAINS.index(wanted) :]
    for grain in candidates:
        if span is None or period_code_of_day(span.end, grain) - period_code_of_day(span.start, grain) < allowed:
            return grain
    return "year"


def calendar(span: Span | None, grain: Grain) -> pd.DataFrame:
    """Every period of a span, also those without articles.

    One row a period: `period` and `period_end` (first and last day), `complete` (whether all of its days are known).
    """
    first_code, last_code = (
        (0, -1) if span is None else (period_code_of_day(span.start, grain), period_code_of_day(span.end, grain))
    )
    codes = pd.Series(np.arange(first_code, last_code + 1))
    first, last = period_starts(codes, grain), period_starts(codes + 1, grain) - pd.Timedelta(days=1)
    complete = pd.Series(data=True, index=codes.index)
    if span is not None:
        complete = (first >= pd.Timestamp(span.known_from)) & (last <= pd.Timestamp(span.known_to))
    return pd.DataFrame({"period": first, "period_end": last, "complete": complete.astype("boolean")})


def newest_covered_period(length: Length, newest_article_day: date, today: date) -> tuple[date, date]:
    """First and last day of the calendar period that holds `newest_article_day`, or of the one before.

    It is the one before where the former is not over by `today`, or more than UNKNOWN of its days lie after
    `newest_article_day`.
    """
    start, after = _period_with(newest_article_day, length)
    missing = (after - newest_article_day).days - 1
    if after <= today and missing <= UNKNOWN * (after - start).days:
        return start, after - timedelta(days=1)
    return _period_with(start - timedelta(days=1), length)[0], start - timedelta(days=1)


def _period_with(day: date, length: Length) -> tuple[date, date]:
    """The first day of the period that holds a day, and the first after it."""
    if length == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    months = _MONTHS[length]
    month = (day.month - 1) // months * months
    following = month + months
    return date(day.year, month + 1, 1), date(day.year + following // 12, following % 12 + 1, 1)


def comparison_range(start: date | None, last: date | None, how: Compare | None) -> tuple[date, date] | None:
    """First and last day of the period to compare a range with; None when nothing is to be compared.

    `last` is the last day of the range that counts. A range of whole months goes back by whole months, which may be
    longer or shorter: the second quarter against the first. Without a chosen start there is nothing before, nor is
    there before the year 1.
    """
    if how is None or last is None or start is None or last < start:
        return None
    try:
        return _range_before(start, last, how)
    except (ValueError, OverflowError):
        return None


def _range_before(start: date, last: date, how: Compare) -> tuple[date, date]:
    if how == "year":
        return _months_back(start, 12), _months_back(last, 12, end_of_month=_is_month_end(last))
    if start.day == 1 and _is_month_end(last):
        months = (last.year - start.year) * 12 + last.month - start.month + 1
        return _months_back(start, months), _months_back(last, months, end_of_month=True)
    days = (last - start).days + 1
    return start - timedelta(days=days), start - timedelta(days=1)


def _is_month_end(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _months_back(day: date, months: int, *, end_of_month: bool = False) -> date:
    """The same day some months before, or the month's last day where it is shorter or the last one is meant."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, length if end_of_month else min(day.day, length))
