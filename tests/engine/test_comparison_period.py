"""The period that a chosen range is compared with."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.engine.periods import comparison_range
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import article, corpus_of


def day(text: str) -> date:
    return date.fromisoformat(text)


def compared(start: str, last: str, how: str) -> tuple[str, str] | None:
    found = comparison_range(day(start), day(last), how)
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


def test_a_range_counts_to_the_newest_article_or_yesterday_the_later_one() -> None:
    listed = [article(at=at) for at in ("2025-12-05", "2026-01-10")]
    quarter = Selection(start=day("2026-01-01"), end=day("2026-03-31"), compare="previous")
    for today, last, expected in (
        ("2026-01-10", "2026-01-10", ("2025-12-22", "2025-12-31")),
        ("2026-02-01", "2026-01-31", ("2025-12-01", "2025-12-31")),
        ("2026-11-28", "2026-03-31", ("2025-10-01", "2025-12-31")),
    ):
        data = Slice(corpus_of(listed, today=day(today)), quarter)
        before = data.compared
        assert before is not None
        assert (str(data.last_day), str(before.selection.start), str(before.selection.end)) == (last, *expected), today


def test_nothing_is_compared_without_a_start_a_day_or_the_wish() -> None:
    first, last = day("2025-01-01"), day("2025-12-31")
    assert comparison_range(None, last, "previous") is None
    assert comparison_range(first, None, "previous") is None
    assert comparison_range(last, first, "previous") is None
    assert comparison_range(first, last, None) is None
    assert comparison_range(date.min, date(1, 1, 31), "year") is None
    assert comparison_range(date.min, date(1, 1, 20), "previous") is None


@given(start=st.dates(date(2000, 1, 1), date(2030, 1, 1)), days=st.integers(0, 800))
def test_the_period_before_ends_the_day_before(start: date, days: int) -> None:
    end = date.fromordinal(start.toordinal() + days)
    before = comparison_range(start, end, "previous")
    assert before is not None
    assert before[1].toordinal() == start.toordinal() - 1
    if (start.day, date.fromordinal(end.toordinal() + 1).day) != (1, 1):
        assert (before[1] - before[0]).days == days
