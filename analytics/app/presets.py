"""Ranges of dates that a reader takes with one click; they count from the corpus's last day, not from today."""

from datetime import date, timedelta

from analytics.engine.slice import Slice

PRESETS = ("Last 30 days", "Last quarter", "This year", "All")


def preset(name: str, part: Slice) -> tuple[date | None, date | None]:
    """First and last day of a preset; the last quarter is the newest that is over."""
    span = part.whole.span
    if span is None or name == "All":
        return None, None
    last = span.known_to
    if name == "Last 30 days":
        return last - timedelta(days=29), last
    if name == "This year":
        return date(last.year, 1, 1), last
    after = last + timedelta(days=1)
    start_of_next = date(after.year, (after.month - 1) // 3 * 3 + 1, 1)
    end = start_of_next - timedelta(days=1)
    return date(end.year, (end.month - 1) // 3 * 3 + 1, 1), end
