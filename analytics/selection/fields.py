"""The parts that a selection can have: what each is called in links and on the command line, holds, and means."""

from dataclasses import dataclass
from typing import Literal, get_args

from analytics.corpus.problem_codes import SEVERITIES
from analytics.corpus.record import PRESENCE

State = Literal["published", "unpublished", "unknown"]
STATES: tuple[State, ...] = get_args(State)
"""The three states of publication; `unknown` is an article that does not say."""

HeatState = Literal["ranked", "unranked", "missing"]
HEAT_STATES: tuple[HeatState, ...] = get_args(HeatState)
"""The three states of heat; `unranked` is a heat of -1."""

Compare = Literal["previous", "year"]
COMPARISONS: tuple[Compare, ...] = get_args(Compare)
"""What to compare with: the period before of the same length, or the same period a year before."""

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
HOURS = tuple(f"{hour:02}" for hour in range(24))

PRESENCE_NAMES = (*PRESENCE, "lift", "lag")
"""What an article can have or lack: a field of the record, or a number from two: `lift` needs quality and a heat that is
ranked, `lag` a publish date and a date in the file's name."""

SCORE_RANGE = (0, 1000)
LIFT_RANGE = (-1000, 1000)
LAG_RANGE = (-100_000, 100_000)
WORDS_MAX = 200

Kind = Literal["day", "labels", "number", "flag", "choice", "words"]


@dataclass(frozen=True)
class FilterField:
    """One part of a selection: its parameter in links and on the command line, its field, and what it means.

    `choices` are the labels there are, none when the corpus decides; `bounds` the least and the greatest number.
    """

    parameter: str
    field: str
    kind: Kind
    meaning: str
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int] = SCORE_RANGE


FILTER_FIELDS = (
    FilterField("from", "start", "day", "first day (UTC)"),
    FilterField("to", "end", "day", "last day (UTC)"),
    FilterField("weekday", "weekdays", "labels", "a weekday (UTC); given several times, any of them", WEEKDAYS),
    FilterField(
        "hour", "hours", "labels", "an hour of the day (UTC), 00 to 23; given several times, any of them", HOURS
    ),
    FilterField("collection", "collections", "labels", "a collection; given several times, any of them"),
    FilterField("type", "types", "labels", "a type; given several times, any of them"),
    FilterField("topic", "topics", "labels", "a topic; given several times, any of them"),
    FilterField("topic_all", "topics_all", "labels", "a topic that must be there; given several times, all of them"),
    FilterField(
        "topic_none", "topics_none", "labels", "a topic that must not be there; given several times, none of them"
    ),
    FilterField(
        "topic_beside", "topics_beside", "labels", "there must be a topic beside this one, or beside all of these"
    ),
    FilterField(
        "subtopics", "subtopics", "flag", "what is given as topic or topic_none stands for its sub-topics as well"
    ),
    FilterField("provider", "providers", "labels", "a provider; given several times, any of them"),
    FilterField(
        "provider_none", "providers_none", "labels", "a provider that it must not be; given several times, none"
    ),
    FilterField("state", "states", "labels", "a published state; given several times, any of them", STATES),
    FilterField("quality_min", "quality_min", "number", "lowest quality; leaves out articles without a score"),
    FilterField("quality_max", "quality_max", "number", "highest quality; leaves out articles without a score"),
    FilterField("heat_min", "heat_min", "number", "lowest heat; leaves out unranked articles and those without heat"),
    FilterField("heat_max", "heat_max", "number", "highest heat; leaves out unranked articles and those without heat"),
    FilterField(
        "heat_state", "heat_states", "labels", "a state of heat; given several times, any of them", HEAT_STATES
    ),
    FilterField(
        "lift_min", "lift_min", "number", "lowest heat minus quality; leaves out what lacks either", (), LIFT_RANGE
    ),
    FilterField(
        "lift_max", "lift_max", "number", "highest heat minus quality; leaves out what lacks either", (), LIFT_RANGE
    ),
    FilterField("lag_min", "lag_min", "number", "fewest days from publish date to file date", (), LAG_RANGE),
    FilterField("lag_max", "lag_max", "number", "most days from publish date to file date", (), LAG_RANGE),
    FilterField("has", "has", "labels", "a field that must be there; given several times, all of them", PRESENCE_NAMES),
    FilterField(
        "lacks", "lacks", "labels", "a field that must be missing; given several times, all of them", PRESENCE_NAMES
    ),
    FilterField(
        "problem", "problems", "labels", "a kind of problem that the article has; given several times, any of them"
    ),
    FilterField(
        "severity",
        "severities",
        "labels",
        "how grave a problem of the article is; any of those given",
        SEVERITIES,
    ),
    FilterField(
        "words", "words", "words", 'words that title or excerpt must hold, all of them; also prefix* and "a phrase"'
    ),
    FilterField("words_any", "words_any", "words", "words of which title or excerpt must hold one at least"),
    FilterField("words_none", "words_none", "words", "words that neither title nor excerpt may hold"),
    FilterField("as_of", "as_of", "day", "the corpus as it was when this day ended (UTC), from its git history"),
    FilterField("compare", "compare", "choice", "what to compare with", COMPARISONS),
)
"""The parts of a selection in canonical order."""

BY_PARAMETER = {data.parameter: data for data in FILTER_FIELDS}
BY_FIELD = {data.field: data for data in FILTER_FIELDS}

PARAMETERS = {data.field: data.parameter for data in FILTER_FIELDS}
"""Field of a Selection → its parameter in a link and on the command line."""

RANGES = ("quality", "heat", "lift", "lag")
"""What has a lowest and a highest number: the parts `quality_min`, `quality_max` and so on."""
