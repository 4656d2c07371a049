"""The days that a briefing is about when nobody chose any: the shortest that hold enough to say what changed."""

from dataclasses import replace
from datetime import date, timedelta

from analytics.engine.slice import Slice
from analytics.selection.fields import COMPARISONS, LENGTHS, Length
from analytics.selection.selection import Selection

FEWEST = 100
"""Articles that the days of a briefing need, and the days that they are compared with, to be chosen by themselves."""

UNKNOWN = 0.15
"""The share of the last days of a period that may lie after the newest article of the corpus."""

_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def briefing_period(data: Slice, length: Length | None = None) -> tuple[Selection, Length | None]:
    """The selection of the slice's newest days of a length, and the length; those of a slice with days of its own stay.

    Without a length it is the shortest of which the newest days that are over have FEWEST articles, and so have the
    days before them or a year before. Where none has, the days stay open and the length is None.
    """
    chosen = data.selection
    newest = data.whole.last_day
    if chosen.start or chosen.end or newest is None:
        return chosen, None
    for each in LENGTHS if length is None else (length,):
        start, end = newest_days(each, newest, data.corpus.today)
        selection = replace(chosen, start=start, end=end)
        if length is not None or _holds_enough(data, selection):
            return selection, each
    return chosen, None


def newest_days(length: Length, newest: date, today: date) -> tuple[date, date]:
    """First and last of the newest days of a length that are over today and do not lie after the newest article.

    At most UNKNOWN of them may.
    """
    start, after = _period_with(newest, length)
    missing = (after - newest).days - 1
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


def _holds_enough(data: Slice, selection: Selection) -> bool:
    if data.through(selection).n < FEWEST:
        return False
    others = [data.through(replace(selection, compare=how)).compared for how in COMPARISONS]
    return any(other is not None and other.n >= FEWEST for other in others)
