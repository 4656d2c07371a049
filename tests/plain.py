"""The answers of engine and analyses, found once more by plain loops over plain records: slow, and easy to check."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import comb
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import binomtest

from analytics.selection.selection import Selection
from tests.corpora import Article, paths_of

NONE = "(none)"
OTHER = "All others"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Record:
    """One article as its front matter says, without the package's help; the time in UTC."""

    path: str
    at: datetime | None
    quality: int | None
    heat: int | None
    published: bool | None
    provider: str | None
    domain: str | None
    topics: tuple[str, ...]
    kind: str | None
    category: str | None

    @property
    def day(self) -> date | None:
        return self.at.date() if self.at else None

    @property
    def collection(self) -> str:
        return self.path.rpartition("/")[0].replace("_", "")

    @property
    def state(self) -> str:
        return {True: "published", False: "unpublished", None: "unknown"}[self.published]

    @property
    def heat_state(self) -> str:
        return {None: "missing", -1: "unranked"}.get(self.heat, "ranked")

    @property
    def lift(self) -> int | None:
        return None if self.heat in (None, -1) or self.quality is None else self.heat - self.quality

    @property
    def lag(self) -> int | None:
        """Days from the day of publication to the date in the file's name."""
        named = re.match(r"\d{4}-\d\d-\d\d(?=-)", self.path.rpartition("/")[2])
        return (date.fromisoformat(named[0]) - self.day).days if named and self.day else None


def record(path: str, fields: dict[str, Any]) -> Record:
    """Front matter as a record."""
    at = fields.get("publishedDateTime")
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    outlet = fields.get("provider") or {}
    return Record(
        path=path,
        at=at.astimezone(UTC) if at else None,
        quality=fields.get("quality"),
        heat=fields.get("heat"),
        published=fields.get("published"),
        provider=outlet.get("name"),
        domain=outlet.get("domain"),
        topics=tuple(fields.get("topics") or ()),
        kind=fields.get("type"),
        category=fields.get("category"),
    )


def records_of(articles: Sequence[Article]) -> list[Record]:
    """Articles of a test as records, sorted by path."""
    return sorted(
        (record(path, item.fields) for path, item in zip(paths_of(articles), articles, strict=True)), key=_path
    )


@cache
def records_in(folder: Path) -> list[Record]:
    """The articles of a folder on disk, read with PyYAML alone."""
    files = [path for path in folder.rglob("*.md") if "_data" not in path.parts]
    return sorted((record(path.relative_to(folder).as_posix(), _front_matter(path)) for path in files), key=_path)


def _front_matter(path: Path) -> dict[str, Any]:
    fields: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8").split("---\n")[1], Loader=yaml.CSafeLoader)
    return fields


def _path(item: Record) -> str:
    return item.path


def chosen(records: Iterable[Record], selection: Selection) -> list[Record]:
    """The records that a selection leaves; words and sub-topics are not looked at here."""
    return [item for item in records if _is_chosen(item, selection)]


def _is_chosen(item: Record, selection: Selection) -> bool:
    ranked = None if item.heat == -1 else item.heat
    return (
        (not selection.collections or item.collection in selection.collections)
        and (not selection.types or item.kind in selection.types)
        and (not selection.topics or any(topic in selection.topics for topic in item.topics))
        and all(topic in item.topics for topic in selection.topics_all)
        and not any(topic in item.topics for topic in selection.topics_none)
        and (not selection.topics_beside or any(topic not in selection.topics_beside for topic in item.topics))
        and item.provider not in selection.providers_none
        and (not selection.weekdays or (item.day is not None and f"{item.day:%A}" in selection.weekdays))
        and (not selection.hours or (item.at is not None and f"{item.at:%H}" in selection.hours))
        and all(getattr(item, field) not in (None, ()) for field in selection.has)
        and all(getattr(item, field) in (None, ()) for field in selection.lacks)
        and (not selection.providers or item.provider in selection.providers)
        and (not selection.states or item.state in selection.states)
        and (not selection.heat_states or item.heat_state in selection.heat_states)
        and _within(item.day, selection.start, selection.end)
        and _within(item.quality, selection.quality_min, selection.quality_max)
        and _within(ranked, selection.heat_min, selection.heat_max)
        and _within(item.lift, selection.lift_min, selection.lift_max)
        and _within(item.lag, selection.lag_min, selection.lag_max)
    )


def _within(value: Any, low: Any, high: Any) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def first_day(day: date, grain: str) -> date:
    """First day of the period that a day lies in."""
    if grain == "week":
        while day.isoweekday() != 1:
            day -= ONE_DAY
    elif grain == "month":
        day = date(day.year, day.month, 1)
    elif grain == "quarter":
        day = date(day.year, {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4, 7: 7, 8: 7, 9: 7}.get(day.month, 10), 1)
    elif grain == "year":
        day = date(day.year, 1, 1)
    return day


class Period(NamedTuple):
    first: date
    last: date
    complete: bool


def first_days(start: date, end: date, grain: str) -> list[date]:
    """First days of the periods that the days of a range lie in, found day by day."""
    found, day = [], start
    while day <= end:
        if first_day(day, grain) not in found[-1:]:
            found.append(first_day(day, grain))
        day += ONE_DAY
    return found


def last_day(first: date, grain: str) -> date:
    """Last day of the period that begins on a day."""
    day = first
    while first_day(day + ONE_DAY, grain) == first:
        day += ONE_DAY
    return day


def bounds(records: Sequence[Record], selection: Selection) -> tuple[date, date] | None:
    """First and last day to show: the chosen ones, else those of the chosen articles, else of the whole corpus."""
    days = main_days(records)
    if not days:
        return None
    own = [item.day for item in chosen(records, selection) if item.day]
    own = sorted([day for day in own if days[0] <= day <= days[-1]] or own or days)
    start = selection.start or min([own[0], *filter(None, [selection.end])])
    return start, selection.end or max(own[-1], start)


def main_days(records: Sequence[Record]) -> list[date]:
    """The days of the articles in order, without one of ten or 1 % that lie over two years from all others."""
    days = sorted(item.day for item in records if item.day)
    few = 0 if len(days) < 10 else max(1, len(days) // 100)
    for n in range(few, 0, -1):
        if (days[n] - days[n - 1]).days > 730:
            days = days[n:]
            break
    for n in range(few, 0, -1):
        if (days[-n] - days[-n - 1]).days > 730:
            return days[:-n]
    return days


def grain_for(records: Sequence[Record], selection: Selection, wanted: str) -> str:
    """The grain that is shown: the wanted one, for `auto` the finest with at most 60 periods."""
    span = bounds(records, selection)
    if wanted != "auto" or span is None:
        return "day" if wanted == "auto" else wanted
    return next((grain for grain in ("day", "week", "month", "quarter") if len(first_days(*span, grain)) <= 60), "year")


def calendar(records: Sequence[Record], selection: Selection, grain: str) -> list[Period]:
    """The periods to show; complete when all their days lie in the chosen range and those of the corpus.

    Today is the day after the newest article, as in the corpora of tests.
    """
    span = bounds(records, selection)
    if span is None:
        return []
    known_from = max([main_days(records)[0], *filter(None, [selection.start])])
    known_to = min(filter(None, [max(item.day for item in records if item.day), selection.end]))
    found = []
    for first in first_days(*span, grain):
        last = last_day(first, grain)
        found.append(Period(first, last, known_from <= first and last <= known_to))
    return found


@cache
def wilson(hits: int, n: int) -> tuple[float | None, float | None, float | None]:
    """Share with its interval as scipy has it."""
    if not n:
        return None, None, None
    interval = binomtest(hits, n).proportion_ci(method="wilson")
    return hits / n, float(interval.low), float(interval.high)


def quantile(values: Sequence[float], probability: float) -> float | None:
    """Quantile as numpy has it, None of nothing."""
    return float(np.quantile(values, probability)) if len(values) else None


def median_interval(values: Sequence[float]) -> tuple[float | None, float | None]:
    """The interpolated interval between order statistics of Hettmansperger and Sheather, step by step."""
    n, ordered = len(values), sorted(values)
    levels = [1 - 2 * sum(comb(n, k) for k in range(depth)) / 2**n for depth in range(n // 2 + 1)]
    wide = [depth for depth, level in enumerate(levels) if depth and level >= 0.95]
    if not wide:
        return None, None
    depth = wide[-1]
    inner = levels[depth + 1] if depth + 1 < len(levels) else 1 - 2 * sum(comb(n, k) for k in range(depth + 1)) / 2**n
    part = (levels[depth] - 0.95) / (levels[depth] - inner)
    weight = (n - depth) * part / (depth + (n - 2 * depth) * part)
    low = (1 - weight) * ordered[depth - 1] + weight * ordered[depth]
    return low, (1 - weight) * ordered[n - depth] + weight * ordered[n - depth - 1]


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as plain rows: None for what is missing, dates for days."""
    return [{name: _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def near(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows to compare with, in which fractions need to agree to nine digits only."""
    return [
        {
            name: pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value
