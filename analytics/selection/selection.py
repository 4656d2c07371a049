"""Selections of articles: a frozen value with one canonical text, which is URL query, cache key and line in exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, quote

from analytics.corpus.problem_codes import Severity
from analytics.corpus.record_fields import ALL_COLLECTIONS
from analytics.errors import SelectionError
from analytics.selection.fields import (
    BY_PARAMETER,
    FILTER_FIELDS,
    MULTIVALUED,
    RANGES,
    SCORE_RANGE,
    WORDS_MAX,
    Compare,
    FilterField,
    HeatState,
    State,
    Weekday,
)
from analytics.text_normalisation import label_form

Pairs = Sequence[tuple[str, str]]
"""Filters as (parameter, value), one pair for each value."""

_NOTHING = (None, (), "", False)


@dataclass(frozen=True)
class Selection:
    """The filters of the articles to look at, and what to compare these with. A filter that is not set excludes none.

    What each attribute means is declared in `fields.FILTER_FIELDS`. Days are UTC; both ends of a range are included and
    leave out articles without the value. `as_of` asks for the corpus as it was when a day ended. Raises SelectionError
    on bad values.
    """

    start: date | None = None
    end: date | None = None
    weekdays: tuple[Weekday, ...] = ()
    hours: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    topics_all: tuple[str, ...] = ()
    topics_none: tuple[str, ...] = ()
    topics_beside: tuple[str, ...] = ()
    subtopics: bool = False
    providers: tuple[str, ...] = ()
    providers_none: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    quality_min: int | None = None
    quality_max: int | None = None
    heat_min: int | None = None
    heat_max: int | None = None
    heat_states: tuple[HeatState, ...] = ()
    lift_min: int | None = None
    lift_max: int | None = None
    lag_min: int | None = None
    lag_max: int | None = None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    first_of_story: bool = False
    words: str = ""
    words_any: str = ""
    words_none: str = ""
    as_of: date | None = None
    compare: Compare | None = None

    def __post_init__(self) -> None:
        for field in FILTER_FIELDS:
            value = getattr(self, field.attribute)
            if value not in _NOTHING:
                object.__setattr__(self, field.attribute, _checked(field, value))
        if self.start and self.end and self.start > self.end:
            raise SelectionError(f"from={self.start} is after to={self.end}. Swap the two dates.")
        for name in RANGES:
            low, high = self._range(name)
            if low is not None and high is not None and low > high:
                raise SelectionError(f"{name}_min={low} is above {name}_max={high}. Swap them.")

    @property
    def text(self) -> str:
        """The canonical text: a URL query with the filters in fixed order; empty when all is selected."""
        return "&".join(f"{name}={quote(value, safe=' ,:/()').replace(' ', '+')}" for name, value in self.pairs())

    @property
    def filters(self) -> "Selection":
        """The selection without `compare`: what decides which articles are selected."""
        return self.without("compare")

    @property
    def takes_all(self) -> bool:
        """Whether no filter excludes an article of the corpus, neither of now nor of the day of `as_of`."""
        left = self.filters.without("as_of")
        return not (left.without("collection") if self.in_all_collections else left).text

    @property
    def in_all_collections(self) -> bool:
        """Whether all collections are asked for by name, not only those that count."""
        return self.collections == (ALL_COLLECTIONS,)

    def _range(self, name: str) -> tuple[int | None, int | None]:
        return getattr(self, f"{name}_min"), getattr(self, f"{name}_max")

    def pairs(self) -> list[tuple[str, str]]:
        """The filters as (parameter, value), one pair a value, in canonical order."""
        return [(field.parameter, value) for field in FILTER_FIELDS for value in _texts(getattr(self, field.attribute))]

    def narrowed(self, pairs: Pairs) -> "Selection | None":
        """The selection of the articles that also pass further filters; None when no selection can express that.

        Ranges and any-of filters are intersected, the others are added. An empty intersection cannot be expressed, nor
        that of two filters which an article may pass by different values.
        """
        values, more = _by_parameter(self.pairs()), _by_parameter(pairs)
        for parameter, wanted in more.items():
            found = _both(BY_PARAMETER[parameter], values.get(parameter, []), wanted)
            if found is None:
                return None
            values[parameter] = found
        try:
            return from_pairs([(parameter, value) for parameter, found in values.items() for value in found])
        except SelectionError:
            return None

    def without(self, parameter: str, value: str | None = None) -> "Selection":
        """The selection without one filter, or without one of its values."""
        left = [pair for pair in self.pairs() if pair[0] != parameter or (value is not None and pair[1] != value)]
        return from_pairs(left)

    def in_words(self) -> str:
        """The selection as a person would say it."""
        days = _days_in_words(self.start, self.end)
        values = [(field, getattr(self, field.attribute)) for field in FILTER_FIELDS]
        labels = [field.in_words(value) for field, value in values if field.kind == "labels"]
        ranges = [_range_in_words(name, *self._range(name)) for name in RANGES]
        flags = [field.phrase for field, value in values if field.kind == "flag" and value]
        words = [f"{field.phrase} {value}" for field, value in values if field.kind == "words" and value]
        then = f"as the corpus was on {self.as_of}" if self.as_of else ""
        compared = {None: "", "previous": "against the period before", "year": "against a year before"}[self.compare]
        return "; ".join(filter(None, [days, *labels, *flags, *ranges, *words, then, compared])) or "all articles"


PROFILE = "profile"
"""The parameter of a link that names the profile by which the corpus was read; it chooses no articles."""


def query_pairs(text: str) -> Pairs:
    """The (parameter, value) pairs of a canonical text or of a link's query that can choose articles."""
    pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True)
    return [pair for pair in pairs if pair[0] != PROFILE]


def parse(text: str) -> Selection:
    """The selection of a canonical text or of a link's query. Raises SelectionError, naming the bad part."""
    return from_pairs(query_pairs(text))


def from_pairs(pairs: Pairs) -> Selection:
    """The selection of (parameter, value) pairs. Raises SelectionError, naming the bad part."""
    for parameter, value in pairs:
        if parameter not in BY_PARAMETER:
            raise SelectionError(
                f"{parameter}={value}: a selection has no such part. It has {', '.join(BY_PARAMETER)}."
            )
    values = _by_parameter(pairs).items()
    return Selection(**{BY_PARAMETER[name].attribute: _read(BY_PARAMETER[name], found) for name, found in values})


def from_valid_pairs(pairs: Pairs) -> tuple[Selection, list[str]]:
    """The selection of the valid pairs, and an error message for each of the others."""
    valid: list[tuple[str, str]] = []
    refused: list[str] = []
    selection = Selection()
    for pair in pairs:
        try:
            selection = from_pairs([*valid, pair])
        except SelectionError as error:
            refused.append(str(error))
        else:
            valid.append(pair)
    return selection, refused


def _by_parameter(pairs: Pairs) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for parameter, value in pairs:
        values.setdefault(parameter, []).append(value)
    return values


def _read(field: FilterField, values: list[str]) -> Any:
    """The value of a filter, read from the texts of a link."""
    if field.kind == "labels":
        return tuple(values)
    if len(values) > 1:
        raise SelectionError(f"{field.parameter} is given {len(values)} times. Give it once.")
    value = values[0]
    if field.kind == "day":
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise SelectionError(f"{field.parameter}={value} is not a day. Write it as 2024-03-31.") from None
    if field.kind == "number":
        digits = value.removeprefix("-") if field.bounds[0] < 0 else value
        if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
            raise SelectionError(f"{field.parameter}={value} is not {_NUMBER[field.bounds == SCORE_RANGE]}.")
        return int(value)
    if field.kind == "flag":
        if value not in ("true", "false"):
            raise SelectionError(f"{field.parameter}={value} is neither true nor false.")
        return value == "true"
    return value


def _checked(field: FilterField, value: Any) -> Any:
    """The value of a filter in its canonical form. Raises SelectionError."""
    if field.kind == "labels":
        value = tuple(sorted({label_form(each) for each in value}))
        if field.parameter == "collection" and ALL_COLLECTIONS in map(str.casefold, value):
            value = (ALL_COLLECTIONS,)
    texts = [value] if isinstance(value, str) else list(value) if isinstance(value, tuple) else []
    if "" in texts and field.kind != "words":
        raise SelectionError(f"A {field.parameter} is empty. Leave the part out to select all.")
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        raise SelectionError(f"A {field.parameter} holds bytes that are not text. Write it in UTF-8.") from None
    for text in texts:
        if field.choices and text not in field.choices:
            raise SelectionError(f"{field.parameter}={text}: there is no such choice. Use {', '.join(field.choices)}.")
    low, high = field.bounds
    if field.kind == "number" and value is not None and not low <= value <= high:
        kind = "scores" if field.bounds == SCORE_RANGE else "it must"
        raise SelectionError(f"{field.parameter}={value}: {kind} lie between {low} and {high}.")
    if field.kind == "words":
        value = " ".join(value.split())
        if len(value) > WORDS_MAX:
            raise SelectionError(f"{field.parameter} is longer than {WORDS_MAX} characters. Look for fewer words.")
    return value


def _texts(value: Any) -> list[str]:
    if value is None or value is False or value in ("", ()):
        return []
    if value is True:
        return ["true"]
    return list(value) if isinstance(value, tuple) else [str(value)]


_NUMBER = ("a whole number", "a score. Give a whole number such as 70")


def _range_in_words(name: str, low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    least = 0 if BY_PARAMETER[f"{name}_min"].bounds == SCORE_RANGE else "any"
    return f"{name.replace('_', ' ')} {least if low is None else low} to {'any' if high is None else high}"


def _both(field: FilterField, had: list[str], more: list[str]) -> list[str] | None:
    """The values of one filter that the same articles pass as two filters of its field; None when there is none."""
    if not had or field.kind in ("choice", "flag"):
        return more
    if field.parameter == "collection" and ALL_COLLECTIONS in (*had, *more):
        return had if ALL_COLLECTIONS in more else more
    if field.kind == "words":
        return None if field.match == "any" else [" ".join([*had, *more])]
    if field.kind != "labels":
        pick = max if field.end == "low" else min
        return [pick(had[0], more[0], key=int if field.kind == "number" else str)]
    if field.match in ("all", "none"):
        return [*had, *more]
    if field.match == "any" and field.column not in MULTIVALUED:
        return [value for value in had if value in more] or None
    fewer, further = sorted((had, more), key=lambda values: len(set(values)))
    if not set(fewer) <= set(further):
        return None
    return fewer if field.match == "any" else further


def _days_in_words(start: date | None, end: date | None) -> str:
    if start and end:
        return f"{start} to {end}"
    return f"from {start}" if start else f"to {end}" if end else ""
