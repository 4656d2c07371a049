"""The period that a chosen range is compared with."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.engine.periods import Span, comparison_range


def day(text: str) -> date:
    return date.fromisoformat(text)


def compared(start: str, end: str, how: str, known_to: str = "2030-01-01") -> tuple[str, str] | None:
    span = Span(day(start), day(end), day(known_to), cut=True)
    found = comparison_range(span, day(start), day(end), how)
    return None if found is None else (str(found[0]), str(found[1]))


@pytest.mark.parametrize(
    ("start", "end", "how", "expected"),
    [
        ("2026-04-01", "2026-06-30", "previous", ("2026-01-01", "2026-03-31")),  # a quarter against a quarter
        ("2026-03-01", "2026-03-31", "previous", ("2026-02-01", "2026-02-28")),  # a month against a shorter one
        ("2024-02-01", "2024-02-29", "year", ("2023-02-01", "2023-02-28")),  # a leap February
        ("2023-02-01", "2023-02-28", "year", ("2022-02-01", "2022-02-28")),
        ("2025-02-01", "2025-02-28", "year", ("2024-02-01", "2024-02-29")),  # whole months stay whole
        ("2026-01-10", "2026-01-19", "previous", ("2025-12-31", "2026-01-09")),  # ten days against ten days
        ("2026-01-10", "2026-01-10", "previous", ("2026-01-09", "2026-01-09")),
        ("2026-01-10", "2026-01-19", "year", ("2025-01-10", "2025-01-19")),
        ("2025-01-01", "2025-12-31", "previous", ("2024-01-01", "2024-12-31")),
    ],
)
def test_ranges(start: str, end: str, how: str, expected: tuple[str, str]) -> None:
    assert compared(start, end, how) == expected


def test_a_range_beyond_the_corpus_counts_only_to_its_last_day() -> None:
    assert compared("2026-01-01", "2026-03-31", "previous", known_to="2026-01-10") == ("2025-12-22", "2025-12-31")
    assert compared("2026-01-01", "2026-03-31", "previous", known_to="2025-12-31") is None


def test_nothing_is_compared_without_a_start_a_date_or_the_wish() -> None:
    span = Span(day("2025-01-01"), day("2025-12-31"), day("2025-12-31"))
    assert comparison_range(span, None, None, "previous") is None
    assert comparison_range(None, day("2025-01-01"), None, "previous") is None
    assert comparison_range(span, day("2025-01-01"), None, None) is None


@given(start=st.dates(date(2000, 1, 1), date(2030, 1, 1)), days=st.integers(0, 800))
def test_the_period_before_ends_the_day_before(start: date, days: int) -> None:
    end = date.fromordinal(start.toordinal() + days)
    before = comparison_range(Span(start, end, end, cut=True), start, end, "previous")
    assert before is not None
    assert before[1].toordinal() == start.toordinal() - 1
    if (start.day, date.fromordinal(end.toordinal() + 1).day) != (1, 1):
        assert (before[1] - before[0]).days == days
