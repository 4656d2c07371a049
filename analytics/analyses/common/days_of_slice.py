"""The days of a slice in words: what its calendar leaves out, what it is compared with, and how long past they are."""

from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from analytics.analyses.common.wording import count_text
from analytics.engine.slice import Slice
from analytics.statistics.rate_ratio import RateRatio, rate_ratio

LONG_PAST = 30
"""A corpus is called long past when its newest article is more days old than this."""


def days_text(start: date | None, end: date | None) -> str:
    """A range of days as people write it: `2026`, `April to June 2026`, `22 to 28 June 2026`, `all days`."""
    if start is None or end is None:
        return f"from {start:%-d %B %Y} on" if start else f"up to {end:%-d %B %Y}" if end else "all days"
    if start == end:
        return f"{end:%-d %B %Y}"
    if start.day == 1 and (end + timedelta(days=1)).day == 1:
        if (start.month, end.month, start.year) == (1, 12, end.year):
            return f"{end:%Y}"
        return _joined_days(start, end, ("%B", "%B %Y"))
    return _joined_days(start, end, ("%-d", "%-d %B", "%-d %B %Y"))


def _joined_days(start: date, end: date, forms: tuple[str, ...]) -> str:
    """Both ends of a range, where the first leaves out the year, or also the month, that it shares with the last."""
    last = end.strftime(forms[-1])
    if (start.year, start.month) == (end.year, end.month):
        return last if len(forms) == 2 else f"{start.strftime(forms[0])} to {last}"
    first = start.strftime(forms[-2] if start.year == end.year else forms[-1])
    return f"{first} to {last}"


class ArticlesOutsideCalendar(NamedTuple):
    """A sentence on articles that no calendar shows, and the filter (`parameter` and `day`) that selects them."""

    sentence: str
    parameter: str
    day: date


def articles_outside_calendar(data: Slice) -> list[ArticlesOutsideCalendar]:
    """What to say of the selected articles outside the calendar: one entry for those far before all others, one for
    those far after."""
    span, days = data.span, data.days_outside
    if span is None:
        return []
    early, late = days[days < pd.Timestamp(span.start)], days[days > pd.Timestamp(span.end)]
    found = []
    if len(early):
        found.append(_undrawn(early, f"before {span.start:%-d %B %Y}", "to", early.iloc[-1].date()))
    if len(late):
        found.append(_undrawn(late, f"after {span.end:%-d %B %Y}", "from", late.iloc[0].date()))
    return found


def _undrawn(days: pd.Series, where: str, parameter: str, day: date) -> ArticlesOutsideCalendar:
    ends = " to ".join(dict.fromkeys(f"{end:%Y-%m-%d}" for end in (days.iloc[0], days.iloc[-1])))
    verb = "is" if len(days) == 1 else "are"
    sentence = f"{count_text(len(days), 'article')} {where} {verb} not drawn: {ends} ({parameter}={day} selects)."
    return ArticlesOutsideCalendar(sentence, parameter, day)


def compared_with_text(data: Slice) -> str:
    """The comparison days in words, with their number where it differs from the selection's; or why there are none.

    Empty when no comparison is asked for.
    """
    how, start, last, oldest = data.selection.compare, data.selection.start, data.last_day, data.whole.first_day
    if how is None:
        return ""
    if start is None:
        return "nothing: a comparison needs a selection with a first day"
    if last is None or oldest is None:
        return "nothing: no article has a date"
    if data.comparison_days is None:
        return f"nothing: no day from {start} on has articles yet or is over"
    first_before, last_before = data.comparison_days
    if data.compared is None:
        return f"nothing: {first_before} to {last_before} lies before the corpus, which begins on {oldest}"
    text = f"{first_before} to {last_before}"
    days, days_before = (last - start).days + 1, (last_before - max(first_before, oldest)).days + 1
    if first_before < oldest:
        text += f", where the corpus begins only on {oldest}"
    if days != days_before:
        text += f" ({count_text(days_before, 'day')} against {days:,}: counts are compared a day)"
    return text


def age_of_newest(data: Slice) -> int | None:
    """Age in days of the newest selected article, of those that the calendar shows; None when none has a date."""
    days = data.tally("day")["day"].dropna()
    days = days[~days.isin(data.days_outside)]
    return None if days.empty else max((pd.Timestamp(data.corpus.today) - days.max()).days, 0)


def corpus_is_old_text(data: Slice) -> str:
    """Sentence saying that the newest article of the corpus is old; empty when it is not.

    Old is an age in days above the length of the chosen range, and in any case above `LONG_PAST`.
    """
    newest, selection = data.whole.last_day, data.selection
    if newest is None:
        return ""
    today = data.corpus.today
    chosen = (selection.end - selection.start).days + 1 if selection.start and selection.end else LONG_PAST
    age = (today - newest).days
    if age <= min(chosen, LONG_PAST):
        return ""
    where = ", ".join(data.corpus.collections) or "the corpus"
    return (
        f"The newest article of {where} is of {newest:%-d %B %Y}, {count_text(age, 'day')} before {today:%-d %B %Y}: "
        "long past."
    )


def dated_articles_and_mean_per_day(data: Slice) -> tuple[int, float | None]:
    """Number of dated articles and their mean per day from `first_day` to `last_day`; None without such days.

    Articles whose days lie far from all others, which these two pass over, count for neither.
    """
    first, last = data.first_day, data.last_day
    counts = data.tally("day").dropna()
    if first is None or last is None or last < first:
        return int(counts["n"].sum()), None
    n = int(counts.loc[counts["day"].between(pd.Timestamp(first), pd.Timestamp(last)), "n"].sum())
    return n, n / ((last - first).days + 1)


def ratio_of_articles_per_day(data: Slice, before: Slice) -> RateRatio | None:
    """Articles a day of a slice as a multiple of those of another; None where there are too few to tell."""
    then, now = _counts_of_days(before), _counts_of_days(data)
    return None if then is None or now is None else rate_ratio(then, now)


def _counts_of_days(data: Slice) -> pd.Series | None:
    """Number of articles of each day from `first_day` to `last_day`, by day."""
    first, last = data.first_day, data.last_day
    if first is None or last is None or last < first:
        return None
    counts = data.tally("day").dropna().set_index("day")["n"]
    return counts.reindex(pd.date_range(first, last), fill_value=0)


def equally_long(data: Slice, before: Slice) -> bool:
    """Whether two slices have equally many days from `first_day` to `last_day`; False where one has none."""
    ends = [(each.first_day, each.last_day) for each in (data, before)]
    days = [(last - first).days for first, last in ends if first is not None and last is not None]
    return len(days) == len(ends) and len({*days}) == 1


def no_data_text(data: Slice) -> str:
    """Sentence for a selection without articles: that none matches, and the days that were asked for."""
    start, end = data.selection.start, data.selection.end
    if start is None and end is None:
        return "No article matches the selection."
    days = f"from {start} to {end}" if start and end else f"from {start} on" if start else f"up to {end}"
    return f"No data: no article that matches the selection is dated {days}."
