"""Calendars against a loop over days, and the whole-number codes behind them."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.engine.periods import (
    CODES,
    GRAINS,
    MAX_PERIODS,
    Span,
    calendar,
    day_code,
    day_of,
    fitting_grain,
    period_code_of_day,
    period_starts,
)
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import article, corpus_of, part_of
from tests.plain import first_day, first_days, last_day, rows_of

days = st.dates(date(1999, 12, 1), date(2029, 2, 1))
spans = st.builds(
    lambda first, length, late, known: Span(
        first, first + timedelta(length), first + timedelta(late), first + timedelta(known)
    ),
    days,
    st.integers(0, 130),
    st.integers(-40, 40),
    st.integers(-10, 140),
)


@pytest.mark.parametrize("grain", GRAINS)
@given(span=spans)
def test_calendar_is_that_of_a_loop_over_days(grain, span):
    expected = [
        {
            "period": first,
            "period_end": last_day(first, grain),
            "complete": span.known_from <= first and last_day(first, grain) <= span.known_to,
        }
        for first in first_days(span.start, span.end, grain)
    ]
    assert rows_of(calendar(span, grain)) == expected


@pytest.mark.parametrize("grain", GRAINS)
@given(found=st.lists(days, min_size=1, max_size=20))
def test_codes_lead_back_to_the_first_day(grain, found):
    codes = CODES[grain](pd.Series([day_code(day) for day in found]))
    assert period_starts(codes, grain).dt.date.tolist() == [first_day(day, grain) for day in found]
    assert [period_code_of_day(day, grain) for day in found] == codes.tolist()


@given(st.dates())
def test_day_codes_count_from_1970(day):
    assert day_of(day_code(day)) == day
    assert day_code(day) == day.toordinal() - date(1970, 1, 1).toordinal()


@pytest.mark.parametrize(
    ("grain", "day", "first", "last"),
    [
        ("day", date(2024, 2, 29), date(2024, 2, 29), date(2024, 2, 29)),
        ("week", date(2024, 1, 7), date(2024, 1, 1), date(2024, 1, 7)),
        ("week", date(2024, 1, 8), date(2024, 1, 8), date(2024, 1, 14)),
        ("week", date(2023, 1, 1), date(2022, 12, 26), date(2023, 1, 1)),
        ("week", date(1969, 12, 31), date(1969, 12, 29), date(1970, 1, 4)),
        ("month", date(2024, 2, 15), date(2024, 2, 1), date(2024, 2, 29)),
        ("month", date(2023, 2, 15), date(2023, 2, 1), date(2023, 2, 28)),
        ("month", date(1900, 2, 15), date(1900, 2, 1), date(1900, 2, 28)),
        ("quarter", date(2023, 12, 31), date(2023, 10, 1), date(2023, 12, 31)),
        ("quarter", date(2024, 1, 1), date(2024, 1, 1), date(2024, 3, 31)),
        ("year", date(2024, 12, 31), date(2024, 1, 1), date(2024, 12, 31)),
        ("year", date(9999, 12, 31), date(9999, 1, 1), date(9999, 12, 31)),
        ("year", date(1, 1, 1), date(1, 1, 1), date(1, 12, 31)),
    ],
)
def test_period_of_a_day(grain, day, first, last):
    whole = {"period": first, "period_end": last, "complete": True}
    assert rows_of(calendar(Span(day, day, date.min, day), grain)) == [whole | {"complete": last <= day}]
    assert rows_of(calendar(Span(day, day, day, date.max), grain)) == [whole | {"complete": first >= day}]
    assert rows_of(calendar(Span(first, last, first, last), grain)) == [whole]


def test_calendar_without_a_span_is_empty():
    table = calendar(None, "month")
    assert (len(table), list(table)) == (0, ["period", "period_end", "complete"])
    assert fitting_grain(None) == "day"


@pytest.mark.slow
@given(days, st.integers(0, 25_000))
@settings(max_examples=100)
def test_fitting_is_the_finest_grain_with_at_most_60_periods(first, length):
    span = Span(first, first + timedelta(length), first, first)
    found = fitting_grain(span)
    sizes = {grain: len(calendar(span, grain)) for grain in GRAINS}
    assert sizes[found] <= 60 or found == "year"
    assert all(sizes[finer] > 60 for finer in GRAINS[: GRAINS.index(found)])


@pytest.mark.parametrize(
    ("last", "grain"),
    [
        (date(2024, 2, 29), "day"),
        (date(2024, 3, 1), "week"),
        (date(2025, 2, 23), "week"),
        (date(2025, 2, 24), "month"),
        (date(2028, 12, 31), "month"),
        (date(2029, 1, 1), "quarter"),
        (date(2038, 12, 31), "quarter"),
        (date(2039, 1, 1), "year"),
    ],
)
def test_grain_changes_with_the_61st_period(last, grain):
    assert fitting_grain(Span(date(2024, 1, 1), last, last, last)) == grain


def test_wanted_grain_is_kept_unless_it_gives_too_many_periods():
    start = date(2000, 1, 1)
    enough, too_many = (
        Span(start, start + timedelta(count - 1), start, start) for count in (MAX_PERIODS, MAX_PERIODS + 1)
    )
    assert fitting_grain(enough, "day") == "day"
    assert fitting_grain(too_many, "day") == "week"
    assert fitting_grain(too_many, "month") == "month"
    assert fitting_grain(Span(date.min, date.max, start, start), "day") == "year"


def complete(*times, grain="month", today=None, **chosen):
    data = Slice(corpus_of([article(at=time) for time in times], today), Selection(**chosen))
    return [(str(row["period"])[:7], row["complete"]) for row in rows_of(data.calendar(grain))]


@pytest.mark.slow
def test_a_period_is_complete_when_it_is_over_whatever_came_in_it():
    times = ("2024-01-01", "2024-02-14")
    for today, over in (("2024-02-14", False), ("2024-02-29", False), ("2024-03-01", True), ("2026-11-28", True)):
        assert complete(*times, today=date.fromisoformat(today)) == [("2024-01", True), ("2024-02", over)], today


def test_a_period_in_which_the_corpus_begins_is_not_complete_and_one_in_which_a_part_of_it_begins_is():
    assert complete("2024-01-02", "2024-02-29") == [("2024-01", False), ("2024-02", True)]
    listed = [
        article(at="2024-01-02", provider="A"),
        article(at="2024-03-14", provider="B"),
        article(at="2024-03-31", provider="A"),
    ]
    march = part_of(listed, providers=("B",)).calendar("month")
    assert [(row["period"], row["complete"]) for row in rows_of(march)] == [(date(2024, 3, 1), True)]


@pytest.mark.slow
def test_period_that_the_chosen_range_cuts_is_not_complete():
    times, january, end = ("2024-01-01", "2024-12-31"), date(2024, 1, 1), date(2024, 2, 29)
    assert complete(*times, end=date(2024, 2, 28)) == [("2024-01", True), ("2024-02", False)]
    assert complete(*times, end=end) == [("2024-01", True), ("2024-02", True)]
    assert complete(*times, start=date(2024, 1, 2), end=end) == [("2024-01", False), ("2024-02", True)]
    assert complete(*times, start=january, end=end) == [("2024-01", True), ("2024-02", True)]
    assert complete(*times, start=date(2023, 12, 1), end=end)[0] == ("2023-12", False)


def test_without_any_article_the_calendar_is_that_of_the_corpus():
    times = ("2024-01-05", "2024-03-31")
    assert complete(*times, providers=("Nobody",)) == complete(*times)


def test_late_evening_of_the_last_day_of_a_year_is_of_that_year():
    assert complete("2023-01-01", "2023-12-31T23:30:00Z", grain="year") == [("2023-01", True)]


def test_time_with_an_offset_counts_in_utc():
    eastern, western = "2024-01-01T05:00:00+05:30", "2023-12-31T23:30:00-08:00"
    assert complete(eastern, grain="day") == [("2023-12", True)]
    assert complete(western, grain="day") == [("2024-01", True)]
