"""When things happen in the sample corpus: its period, its spells and events, and the rhythm of days and hours.

Weights move by sums and products only: `exp` and its kin may differ in the last bit between systems, and the corpus has
to be the same bytes everywhere.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from random import Random

FIRST_DAY = date(2024, 1, 1)
LAST_DAY = date(2026, 6, 30)
DAY_COUNT = (LAST_DAY - FIRST_DAY).days + 1
DATES = tuple((FIRST_DAY + timedelta(days=offset)).isoformat() for offset in range(DAY_COUNT))


def day_number(year: int, month: int, day: int) -> int:
    """The place of a date in the period; 0 is its first day."""
    return (date(year, month, day) - FIRST_DAY).days


ARCHIVED = range(day_number(2024, 4, 1))
UNSCORED = range(day_number(2024, 5, 13), day_number(2024, 7, 1))
UNDECIDED = range(day_number(2024, 5, 13), day_number(2024, 6, 3))
OUTAGE = range(day_number(2025, 2, 11), day_number(2025, 2, 17))
NEWCOMER_START = day_number(2025, 4, 7)
UNRANKED_SPELL = range(day_number(2025, 9, 1), day_number(2025, 10, 6))
BURST = range(day_number(2025, 10, 21), day_number(2025, 11, 21))
RUSH = {BURST.start: 13.0, BURST.start + 1: 7.0}
SILENT_FROM = day_number(2026, 1, 29)
YOUNG = range(DAY_COUNT - 21, DAY_COUNT)

EVENT_DAYS = 3
EVENTS = (
    (day_number(2024, 9, 17), "Solar"),
    (day_number(2025, 3, 5), "Hydrogen"),
    (BURST.start, "Blackouts"),
    (day_number(2026, 2, 10), "Storage"),
    (day_number(2026, 6, 17), "Policy"),
)
EVENT_TOPICS = {start + offset: topic for start, topic in EVENTS for offset in range(EVENT_DAYS)}

DRIFT = ((0, 5), (200, 2), (430, -13), (560, -11), (760, 3), (DAY_COUNT, 8))
WEEKDAY_WEIGHTS = (1.25, 1.3, 1.3, 1.25, 1.05, 0.36, 0.3)
HOUR_WEIGHTS = (1, 1, 1, 1, 2, 4, 9, 14, 18, 17, 14, 12, 11, 15, 17, 15, 12, 9, 6, 5, 4, 3, 2, 1)
HOURS = tuple(accumulate(HOUR_WEIGHTS))


@dataclass(frozen=True, slots=True)
class Moment:
    """When a story is published: the day of the period, and minutes and seconds of that day, in UTC."""

    day: int
    minutes: int
    seconds: int

    @property
    def stamp(self) -> str:
        """The moment as front matter writes it."""
        hour, minute = divmod(self.minutes, 60)
        return f"{DATES[self.day]}T{hour:02}:{minute:02}:{self.seconds:02}Z"

    @property
    def stamp_in_summer_time(self) -> str | None:
        """The same moment two hours east of UTC; None where that lies beyond the period."""
        day, minutes = divmod(self.day * 1440 + self.minutes + 120, 1440)
        if day >= DAY_COUNT:
            return None
        hour, minute = divmod(minutes, 60)
        return f"{DATES[day]}T{hour:02}:{minute:02}:{self.seconds:02}+02:00"


def spread(rng: Random, articles: int) -> list[int]:
    """How many of the articles fall on each day; the last day always has one, so that every corpus ends there."""
    totals = list(accumulate(_day_weights()))
    counts = [0] * DAY_COUNT
    for _ in range(articles - 1):
        counts[bisect_right(totals, rng.random() * totals[-1])] += 1
    if articles:
        counts[-1] += 1
    return counts


def moments(rng: Random, day: int, count: int) -> Iterator[Moment]:
    """The moments of a day's articles, in order; more in office hours, many on a multiple of five minutes."""
    times = []
    for _ in range(count):
        hour = bisect_right(HOURS, rng.random() * HOURS[-1])
        minute = int(rng.random() * 60) if rng.random() < 0.6 else 5 * int(rng.random() * 12)
        times.append((60 * hour + minute, int(rng.random() * 60) if rng.random() < 0.4 else 0))
    for minutes, seconds in sorted(times):
        yield Moment(day, minutes, seconds)


def drift(day: int) -> float:
    """How far the scores of a day lie above or below the usual: they fall for a year and recover after it."""
    for (start, low), (end, high) in pairwise(DRIFT):
        if day < end:
            return low + (high - low) * (day - start) / (end - start)
    return DRIFT[-1][1]


def winter(day: int) -> float:
    """1 in the middle of January, falling to 0 within twelve weeks on either side."""
    day_of_year = (FIRST_DAY + timedelta(days=day)).timetuple().tm_yday
    distance = abs(day_of_year - 15)
    return max(0.0, 1 - min(distance, 365 - distance) / 84)


def _day_weights() -> list[float]:
    """The share of the articles that each day gets: slow growth, quiet weekends and holidays, an outage, a rush."""
    weights = []
    for day in range(DAY_COUNT):
        today = FIRST_DAY + timedelta(days=day)
        weight = WEEKDAY_WEIGHTS[today.weekday()] * (1 + 0.75 * day / DAY_COUNT)
        if today.month == 8:
            weight *= 0.72
        if (today.month, today.day) >= (12, 22) or (today.month, today.day) <= (1, 3):
            weight *= 0.45
        weight *= RUSH.get(day, 1.6 if day in EVENT_TOPICS else 1.0)
        weights.append(0.0 if day in OUTAGE else weight)
    return weights
