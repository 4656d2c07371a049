"""What to look at: a frozen value with one canonical text: URL query, cache key and line in every export."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, get_args
from urllib.parse import parse_qsl, quote

from analytics.errors import SelectionError

State = Literal["published", "unpublished", "unknown"]
STATES: tuple[State, ...] = get_args(State)
"""The three states of publication; `unknown` is an article that does not say."""

SCORE_RANGE = (0, 1000)


@dataclass(frozen=True)
class Selection:
    """Which articles to look at. Every part that is not given leaves nothing out.

    Dates are UTC days, both included, and leave out articles without a date. Within topics, providers and states any
    match counts. A quality bound, included, leaves out articles without a score. Raises SelectionError on bad values.
    """

    start: date | None = None
    end: date | None = None
    topics: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    quality_min: int | None = None
    quality_max: int | None = None

    def __post_init__(self) -> None:
        for name in ("topics", "providers", "states"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        for state in self.states:
            if state not in STATES:
                raise SelectionError(f"state={state}: there is no such state. Use {', '.join(STATES)}.")
        if "" in self.topics + self.providers:
            raise SelectionError("A topic or provider is empty. Leave the part out to select all.")
        if self.start and self.end and self.start > self.end:
            raise SelectionError(f"from={self.start} is after to={self.end}. Swap the two dates.")
        for name in ("quality_min", "quality_max"):
            bound = getattr(self, name)
            if bound is not None and not SCORE_RANGE[0] <= bound <= SCORE_RANGE[1]:
                raise SelectionError(f"{name}={bound}: scores lie between {SCORE_RANGE[0]} and {SCORE_RANGE[1]}.")
        if self.quality_min is not None and self.quality_max is not None and self.quality_min > self.quality_max:
            raise SelectionError(f"quality_min={self.quality_min} is above quality_max={self.quality_max}. Swap them.")

    @property
    def text(self) -> str:
        """The canonical text: a URL query with the parts in fixed order; empty when all is selected."""
        return "&".join(f"{name}={quote(value, safe=' ,:/()').replace(' ', '+')}" for name, value in self.pairs())

    def pairs(self) -> list[tuple[str, str]]:
        """The parts as (parameter, value), one pair a value, in canonical order."""
        found: list[tuple[str, str]] = []
        for part in fields(self):
            value = getattr(self, part.name)
            values = value if isinstance(value, tuple) else () if value is None else (value,)
            found.extend((PARAMETERS[part.name], str(item)) for item in values)
        return found

    def without(self, parameter: str, value: str | None = None) -> "Selection":
        """The selection less one part, or less one value of a part that has several."""
        left = [pair for pair in self.pairs() if pair[0] != parameter or (value is not None and pair[1] != value)]
        return from_pairs(left)

    def in_words(self) -> str:
        """The selection as a person would say it."""
        parts = [
            _days(self.start, self.end),
            *(f"{name} {' or '.join(values)}" for name, values in self._lists() if values),
        ]
        low, high = self.quality_min, self.quality_max
        if low is not None or high is not None:
            parts.append(f"quality {low if low is not None else 0} to {high if high is not None else 'any'}")
        return "; ".join(filter(None, parts)) or "all articles"

    def _lists(self) -> list[tuple[str, tuple[str, ...]]]:
        return [("topic", self.topics), ("provider", self.providers), ("state", self.states)]


PARAMETERS = {
    "start": "from",
    "end": "to",
    "topics": "topic",
    "providers": "provider",
    "states": "state",
    "quality_min": "quality_min",
    "quality_max": "quality_max",
}
"""Field of a Selection → its parameter in a link and on the command line."""

FIELDS = {parameter: name for name, parameter in PARAMETERS.items()}


def parse(text: str) -> Selection:
    """The selection of a canonical text or of a link's query. Raises SelectionError, naming the bad part."""
    pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True)
    return from_pairs(pairs)


def from_pairs(pairs: list[tuple[str, str]]) -> Selection:
    """The selection of (parameter, value) pairs. Raises SelectionError, naming the bad part."""
    values: dict[str, list[str]] = {}
    for parameter, value in pairs:
        if parameter not in FIELDS:
            raise SelectionError(f"{parameter}={value}: a selection has no such part. It has {', '.join(FIELDS)}.")
        values.setdefault(FIELDS[parameter], []).append(value)
    given: dict[str, object] = {}
    for name, found in values.items():
        if name in ("topics", "providers", "states"):
            given[name] = tuple(found)
        elif len(found) > 1:
            raise SelectionError(f"{PARAMETERS[name]} is given {len(found)} times. Give it once.")
        else:
            given[name] = _day(name, found[0]) if name in ("start", "end") else _score(name, found[0])
    return Selection(**given)  # type: ignore[arg-type]


def tolerant(pairs: list[tuple[str, str]]) -> tuple[Selection, list[str]]:
    """The selection of the parts that make sense, and a sentence for each that was passed over."""
    kept: list[tuple[str, str]] = []
    refused: list[str] = []
    selection = Selection()
    for pair in pairs:
        try:
            selection = from_pairs([*kept, pair])
        except SelectionError as error:
            refused.append(str(error))
        else:
            kept.append(pair)
    return selection, refused


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise SelectionError(f"{PARAMETERS[name]}={value} is not a day. Write it as 2024-03-31.") from None


def _score(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 6:
        raise SelectionError(f"{PARAMETERS[name]}={value} is not a score. Give a whole number such as 70.")
    return int(value)


def _days(start: date | None, end: date | None) -> str:
    if start and end:
        return f"{start} to {end}"
    return f"from {start}" if start else f"to {end}" if end else ""
