"""The period that a chosen range is compared with."""

import calendar
from datetime import date, timedelta

from analytics.engine.periods import Span
from analytics.selection.fields import Compare


def comparison_range(
    span: Span | None, start: date | None, end: date | None, how: Compare | None
) -> tuple[date, date] | None:
    """First and last day of the comparison period; None when nothing is to be compared.

    The chosen range counts only to the last day that the corpus can speak for, so that an incomplete newest period is
    held against as many days. A range of whole months goes back by whole months: the second quarter against the first.
    Without a chosen start there is nothing before.
    """
    if how is None or span is None or start is None:
        return None
    last = min(end or span.known_to, span.known_to)
    if last < start:
        return None
    if how == "year":
        return _months_back(start, 12), _months_back(last, 12, end_of_month=_is_month_end(last))
    if start.day == 1 and _is_month_end(last):
        months = (last.year - start.year) * 12 + last.month - start.month + 1
        return _months_back(start, months), _months_back(last, months, end_of_month=True)
    days = (last - start).days + 1
    return start - timedelta(days=days), start - timedelta(days=1)


def _is_month_end(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _months_back(day: date, months: int, *, end_of_month: bool = False) -> date:
    """The same day some months before, or the month's last day where it is shorter or the last one is meant."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, length if end_of_month else min(day.day, length))
