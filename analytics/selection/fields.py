"""The filters of a selection, each declared once: name, kind, meaning, and which articles pass it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from analytics.corpus.problem_codes import SEVERITIES
from analytics.corpus.record_fields import ALL_COLLECTIONS, PRESENCE

State = Literal["published", "unpublished", "unknown"]
STATES: tuple[State, ...] = get_args(State)
"""The three states of publication; `unknown` is an article that does not say."""

HeatState = Literal["ranked", "unranked", "missing"]
HEAT_STATES: tuple[HeatState, ...] = get_args(HeatState)
"""The three states of heat; `unranked` is a heat of -1."""

Compare = Literal["previous", "year"]
COMPARISONS: tuple[Compare, ...] = get_args(Compare)
"""What to compare with: the period before, or the same period a year before."""

Length = Literal["week", "month", "quarter", "half-year", "year"]
LENGTHS: tuple[Length, ...] = get_args(Length)
"""The lengths of days that a briefing can be about, the shortest first."""

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
HOURS = tuple(f"{hour:02}" for hour in range(24))

PRESENCE_NAMES = (*PRESENCE, "lift", "lag")
"""What an article can have or lack: a field of the record, or a number made of two. `lift` needs quality and a heat
that is ranked, `lag` a publish date and a date in the file's name."""

SCORE_RANGE = (0, 1000)
LIFT_RANGE = (-1000, 1000)
LAG_RANGE = (-100_000, 100_000)
WORDS_MAX = 200

Kind = Literal["day", "labels", "number", "flag", "choice", "words"]

Match = Literal["any", "all", "none", "other"]
"""Which articles pass a filter of several values: those with any of them, all, none, or another value."""

_CONJUNCTIONS: dict[Match, str] = {"any": " or ", "all": " and ", "none": " nor ", "other": " and "}


@dataclass(frozen=True)
class FilterField:
    """One filter of a selection: what links, command line, sentences and the engine know of it.

    `parameter` is its name in links and on the command line, `attribute` that in a Selection. `column` is what of an
    article is compared (`engine.filters`), empty for what excludes no article. For labels and words `match` says how
    several values combine; for days and numbers `end` says which end of the range it is. `choices` are the labels there
    are, none when the corpus decides; `bounds` the least and the greatest number. `phrase` stands before the values in
    a sentence; that of a flag is all that is said.
    """

    parameter: str
    attribute: str
    kind: Kind
    meaning: str
    column: str = ""
    match: Match = "any"
    end: Literal["", "low", "high"] = ""
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int] = SCORE_RANGE
    phrase: str = ""

    def in_words(self, labels: Sequence[str]) -> str:
        """The labels as a person would say them; empty without any."""
        if self.parameter == "collection" and tuple(labels) == (ALL_COLLECTIONS,):
            return "all collections"
        return f"{self.phrase or self.parameter} {_CONJUNCTIONS[self.match].join(labels)}" if labels else ""


def _range(
    column: str, lowest: str, highest: str, bounds: tuple[int, int] = SCORE_RANGE
) -> tuple[FilterField, FilterField]:
    """The two filters of a number: `column_min` and `column_max`, each with its meaning."""
    low, high = f"{column}_min", f"{column}_max"
    return (
        FilterField(low, low, "number", lowest, column, end="low", bounds=bounds),
        FilterField(high, high, "number", highest, column, end="high", bounds=bounds),
    )


FILTER_FIELDS = (
    FilterField("from", "start", "day", "first day (UTC)", "day", end="low"),
    FilterField("to", "end", "day", "last day (UTC)", "day", end="high"),
    FilterField(
        "weekday", "weekdays", "labels", "a weekday (UTC); given several times, any of them", "weekday",
        choices=WEEKDAYS,
    ),
    FilterField(
        "hour", "hours", "labels", "an hour of the day (UTC), 00 to 23; given several times, any of them", "hour",
        choices=HOURS,
    ),
    FilterField(
        "collection", "collections", "labels",
        f"a collection, or {ALL_COLLECTIONS}; given several times, any of them; without it those that count",
        "collection",
    ),
    FilterField("type", "types", "labels", "a type; given several times, any of them", "type"),
    FilterField("topic", "topics", "labels", "a topic; given several times, any of them", "topic"),
    FilterField(
        "topic_all", "topics_all", "labels", "a topic that must be there; given several times, all of them", "topic",
        match="all", phrase="topics",
    ),
    FilterField(
        "topic_none", "topics_none", "labels", "a topic that must not be there; given several times, none of them",
        "topic", match="none", phrase="not topic",
    ),
    FilterField(
        "topic_beside", "topics_beside", "labels", "there must be a topic beside this one, or beside all of these",
        "topic", match="other", phrase="a topic beside",
    ),
    FilterField(
        "subtopics", "subtopics", "flag", "what is given as topic or topic_none stands for its sub-topics as well",
        phrase="topics with their sub-topics",
    ),
    FilterField("provider", "providers", "labels", "a provider; given several times, any of them", "provider"),
    FilterField(
        "provider_none", "providers_none", "labels", "a provider that it must not be; given several times, none",
        "provider", match="none", phrase="not provider",
    ),
    FilterField(
        "state", "states", "labels", "a published state; given several times, any of them", "state", choices=STATES
    ),
    *_range(
        "quality", "lowest quality; leaves out articles without a score",
        "highest quality; leaves out articles without a score",
    ),
    *_range(
        "heat", "lowest heat; leaves out unranked articles and those without heat",
        "highest heat; leaves out unranked articles and those without heat",
    ),
    FilterField(
        "heat_state", "heat_states", "labels", "a state of heat; given several times, any of them", "heat_state",
        choices=HEAT_STATES, phrase="heat",
    ),
    *_range(
        "lift", "lowest heat minus quality; leaves out what lacks either",
        "highest heat minus quality; leaves out what lacks either", LIFT_RANGE,
    ),
    *_range("lag", "fewest days from publish date to file date", "most days from publish date to file date", LAG_RANGE),
    FilterField(
        "has", "has", "labels", "a field that must be there; given several times, all of them", "presence",
        match="all", choices=PRESENCE_NAMES, phrase="with",
    ),
    FilterField(
        "lacks", "lacks", "labels", "a field that must be missing; given several times, all of them", "absence",
        match="all", choices=PRESENCE_NAMES, phrase="without",
    ),
    FilterField(
        "problem", "problems", "labels", "a kind of problem that the article has; given several times, any of them",
        "problem",
    ),
    FilterField(
        "severity", "severities", "labels", "how grave a problem of the article is; any of those given", "severity",
        choices=SEVERITIES,
    ),
    FilterField(
        "first_of_story", "first_of_story", "flag",
        "count a story once: of its articles only the first (of equal times by path), and articles of no story; which "
        "is first is settled among all articles of the collections, before any other filter",
        "first_of_story", phrase="the first article of each story",
    ),
    FilterField(
        "words", "words", "words", 'words that title or excerpt must hold, all of them; also prefix* and "a phrase"',
        "words", match="all", phrase="with the words",
    ),
    FilterField(
        "words_any", "words_any", "words", "words of which title or excerpt must hold one at least",
        "words", phrase="with one of the words",
    ),
    FilterField(
        "words_none", "words_none", "words", "words that neither title nor excerpt may hold",
        "words", match="none", phrase="without the words",
    ),
    FilterField("as_of", "as_of", "day", "the corpus as it was when this day ended (UTC), from its git history"),
    FilterField("compare", "compare", "choice", "what to compare with", choices=COMPARISONS),
)  # fmt: skip
"""The filters of a selection in canonical order. Another one needs an entry here and an attribute in Selection; only
what no column of `engine.filters` holds yet needs a test there."""

BY_PARAMETER = {field.parameter: field for field in FILTER_FIELDS}

PARAMETERS = {field.attribute: field.parameter for field in FILTER_FIELDS}
"""Attribute of a Selection → its parameter in a link and on the command line."""

RANGES = tuple(field.column for field in FILTER_FIELDS if field.kind == "number" and field.end == "low")
"""Numbers with a lowest and a highest value: a selection has `quality_min`, `quality_max` and so on."""

MULTIVALUED = ("topic", "problem", "severity")
"""Columns of which an article can have several values."""
