"""What to look at: a frozen value with one canonical text: URL query, cache key and line in every export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, quote

from analytics.errors import SelectionError

State = Literal["published", "unpublished", "unknown"]
STATES: tuple[State, ...] = get_args(State)
"""The three states of publication; `unknown` is an article that does not say."""

HeatState = Literal["ranked", "unranked", "missing"]
HEAT_STATES: tuple[HeatState, ...] = get_args(HeatState)
"""The three states of heat; `unranked` is a heat of -1."""

Compare = Literal["previous", "year"]
COMPARISONS: tuple[Compare, ...] = get_args(Compare)
"""What to compare with: the period before of the same length, or the same period a year before."""

SCORE_RANGE = (0, 1000)
WORDS_MAX = 200

Kind = Literal["day", "labels", "score", "flag", "choice", "words"]


@dataclass(frozen=True)
class Part:
    """One part of a selection: its parameter in links and on the command line, its field, and what it means."""

    parameter: str
    field: str
    kind: Kind
    meaning: str
    choices: tuple[str, ...] = ()


PARTS = (
    Part("from", "start", "day", "first day (UTC)"),
    Part("to", "end", "day", "last day (UTC)"),
    Part("collection", "collections", "labels", "a collection; given several times, any of them"),
    Part("type", "types", "labels", "a type; given several times, any of them"),
    Part("topic", "topics", "labels", "a topic; given several times, any of them"),
    Part("topic_all", "topics_all", "labels", "a topic that must be there; given several times, all of them"),
    Part("topic_none", "topics_none", "labels", "a topic that must not be there; given several times, none of them"),
    Part("subtopics", "subtopics", "flag", "a topic stands for its sub-topics in the taxonomy as well"),
    Part("provider", "providers", "labels", "a provider; given several times, any of them"),
    Part("state", "states", "labels", "a published state; given several times, any of them", STATES),
    Part("quality_min", "quality_min", "score", "lowest quality; leaves out articles without a score"),
    Part("quality_max", "quality_max", "score", "highest quality; leaves out articles without a score"),
    Part("heat_min", "heat_min", "score", "lowest heat; leaves out unranked articles and those without heat"),
    Part("heat_max", "heat_max", "score", "highest heat; leaves out unranked articles and those without heat"),
    Part("heat_state", "heat_states", "labels", "a state of heat; given several times, any of them", HEAT_STATES),
    Part("words", "words", "words", 'words that title or excerpt must hold, each of them; "a phrase" counts as one'),
    Part("compare", "compare", "choice", "what to compare with", COMPARISONS),
)
"""The parts of a selection in canonical order."""

PARAMETERS = {part.field: part.parameter for part in PARTS}
"""Field of a Selection → its parameter in a link and on the command line."""

BY_PARAMETER = {part.parameter: part for part in PARTS}
BY_FIELD = {part.field: part for part in PARTS}


@dataclass(frozen=True)
class Selection:
    """Which articles to look at, and what to compare them with. A part that is not given leaves nothing out.

    Dates are UTC days, both included, and leave out articles without a date. Within a part of several values any match
    counts, but for `topics_all` and `topics_none`. Score bounds, included, leave out articles without a score; heat
    bounds also the unranked. Words are looked for literally, whatever the case. Raises SelectionError on bad values.
    """

    start: date | None = None
    end: date | None = None
    collections: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    topics_all: tuple[str, ...] = ()
    topics_none: tuple[str, ...] = ()
    subtopics: bool = False
    providers: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    quality_min: int | None = None
    quality_max: int | None = None
    heat_min: int | None = None
    heat_max: int | None = None
    heat_states: tuple[HeatState, ...] = ()
    words: str = ""
    compare: Compare | None = None

    def __post_init__(self) -> None:
        for part in PARTS:
            object.__setattr__(self, part.field, _checked(part, getattr(self, part.field)))
        if self.start and self.end and self.start > self.end:
            raise SelectionError(f"from={self.start} is after to={self.end}. Swap the two dates.")
        for name in ("quality", "heat"):
            low, high = getattr(self, f"{name}_min"), getattr(self, f"{name}_max")
            if low is not None and high is not None and low > high:
                raise SelectionError(f"{name}_min={low} is above {name}_max={high}. Swap them.")

    @property
    def text(self) -> str:
        """The canonical text: a URL query with the parts in fixed order; empty when all is selected."""
        return "&".join(f"{name}={quote(value, safe=' ,:/()').replace(' ', '+')}" for name, value in self.pairs())

    @property
    def filters(self) -> "Selection":
        """The selection without the comparison: what decides which articles are left."""
        return self.without("compare")

    def pairs(self) -> list[tuple[str, str]]:
        """The parts as (parameter, value), one pair a value, in canonical order."""
        return [(part.parameter, value) for part in PARTS for value in _texts(getattr(self, part.field))]

    def without(self, parameter: str, value: str | None = None) -> "Selection":
        """The selection less one part, or less one value of a part that has several."""
        left = [pair for pair in self.pairs() if pair[0] != parameter or (value is not None and pair[1] != value)]
        return from_pairs(left)

    def in_words(self) -> str:
        """The selection as a person would say it."""
        days = _days(self.start, self.end)
        labels = [_said(part, getattr(self, part.field)) for part in PARTS if part.kind == "labels"]
        scores = [
            _bounds(name, getattr(self, f"{name}_min"), getattr(self, f"{name}_max")) for name in ("quality", "heat")
        ]
        words = f"with the words {self.words}" if self.words else ""
        compared = {None: "", "previous": "against the period before", "year": "against a year before"}[self.compare]
        below = "topics with their sub-topics" if self.subtopics else ""
        return "; ".join(filter(None, [days, *labels, below, *scores, words, compared])) or "all articles"


def parse(text: str) -> Selection:
    """The selection of a canonical text or of a link's query. Raises SelectionError, naming the bad part."""
    return from_pairs(parse_qsl(text.removeprefix("?"), keep_blank_values=True))


def from_pairs(pairs: Sequence[tuple[str, str]]) -> Selection:
    """The selection of (parameter, value) pairs. Raises SelectionError, naming the bad part."""
    values: dict[str, list[str]] = {}
    for parameter, value in pairs:
        if parameter not in BY_PARAMETER:
            raise SelectionError(
                f"{parameter}={value}: a selection has no such part. It has {', '.join(BY_PARAMETER)}."
            )
        values.setdefault(parameter, []).append(value)
    return Selection(**{BY_PARAMETER[name].field: _read(BY_PARAMETER[name], found) for name, found in values.items()})


def tolerant(pairs: Sequence[tuple[str, str]]) -> tuple[Selection, list[str]]:
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


def _read(part: Part, values: list[str]) -> Any:
    """Texts of one part → its value."""
    if part.kind == "labels":
        return tuple(values)
    if len(values) > 1:
        raise SelectionError(f"{part.parameter} is given {len(values)} times. Give it once.")
    value = values[0]
    if part.kind == "day":
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise SelectionError(f"{part.parameter}={value} is not a day. Write it as 2024-03-31.") from None
    if part.kind == "score":
        if not value.isascii() or not value.isdigit() or len(value) > 6:
            raise SelectionError(f"{part.parameter}={value} is not a score. Give a whole number such as 70.")
        return int(value)
    if part.kind == "flag":
        if value not in ("true", "false"):
            raise SelectionError(f"{part.parameter}={value} is neither true nor false.")
        return value == "true"
    return value


def _checked(part: Part, value: Any) -> Any:
    """The value of a part in its canonical form. Raises SelectionError."""
    if part.kind == "labels":
        value = tuple(sorted(set(value)))
    texts = [value] if isinstance(value, str) else list(value) if isinstance(value, tuple) else []
    if "" in texts and part.kind != "words":
        raise SelectionError(f"A {part.parameter} is empty. Leave the part out to select all.")
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        raise SelectionError(f"A {part.parameter} holds bytes that are not text. Write it in UTF-8.") from None
    for text in texts:
        if part.choices and text not in part.choices:
            raise SelectionError(f"{part.parameter}={text}: there is no such choice. Use {', '.join(part.choices)}.")
    if part.kind == "score" and value is not None and not SCORE_RANGE[0] <= value <= SCORE_RANGE[1]:
        raise SelectionError(f"{part.parameter}={value}: scores lie between {SCORE_RANGE[0]} and {SCORE_RANGE[1]}.")
    if part.kind == "words":
        value = " ".join(value.split())
        if len(value) > WORDS_MAX:
            raise SelectionError(f"{part.parameter} is longer than {WORDS_MAX} characters. Look for fewer words.")
    return value


def _texts(value: Any) -> list[str]:
    if value is None or value is False or value in ("", ()):
        return []
    if value is True:
        return ["true"]
    return list(value) if isinstance(value, tuple) else [str(value)]


def _said(part: Part, labels: Sequence[str]) -> str:
    joined = {"topic_all": " and ", "topic_none": " nor "}.get(part.parameter, " or ").join(labels)
    name = {"topic_all": "topics", "topic_none": "not topic", "heat_state": "heat"}.get(part.parameter, part.parameter)
    return f"{name} {joined}" if labels else ""


def _bounds(name: str, low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    return f"{name} {0 if low is None else low} to {'any' if high is None else high}"


def _days(start: date | None, end: date | None) -> str:
    if start and end:
        return f"{start} to {end}"
    return f"from {start}" if start else f"to {end}" if end else ""
