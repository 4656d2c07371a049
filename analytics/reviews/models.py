"""What a review session is made of, as values: they go into the store and come out of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

State = Literal["judging", "settling", "closed"]
STATES: tuple[State, ...] = get_args(State)
"""The states of a session. It opens for judging, and can go back from each to an earlier one."""

Outcome = Literal["settled", "another look", "reopened"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""What became of an item in the group: a verdict that stands, one with an open point, or none any more."""


@dataclass(frozen=True)
class Verdict:
    """A verdict that people can give.

    `rank` is its place from worst to best, for statistics that know an order; None for one that stands outside of it.
    `agrees` is whether it says that the recorded score is right (True) or wrong (False); None when it says neither.
    """

    name: str
    rank: int | None = None
    agrees: bool | None = None


VERDICTS = (
    Verdict("keep", 3, agrees=True),
    Verdict("promote", 4, agrees=False),
    Verdict("demote", 2, agrees=False),
    Verdict("hold"),
    Verdict("fix data"),
    Verdict("drop", 1, agrees=False),
)

REASONS = (
    "score too low",
    "score too high",
    "wrong topic",
    "duplicate",
    "out of date",
    "off our subject",
    "weak source",
    "promotional",
    "data error",
)


@dataclass(frozen=True)
class Rules:
    """What the people of a session can choose from: verdicts, in the order of their keys 1 to 9, and reasons."""

    verdicts: tuple[Verdict, ...] = VERDICTS
    reasons: tuple[str, ...] = REASONS

    def verdict(self, name: str) -> Verdict | None:
        """The verdict of a name."""
        return next((verdict for verdict in self.verdicts if verdict.name == name), None)


@dataclass(frozen=True)
class Reason:
    """Why an article is on the agenda: the name of the reason, and what it says of this article."""

    name: str
    why: str


@dataclass(frozen=True)
class Candidate:
    """An article for the agenda, as it was when the agenda was made, and all reasons for it."""

    path: str
    url: str | None
    title: str | None
    provider: str | None
    quality: int | None
    heat: int | None
    published: bool | None
    topics: tuple[str, ...]
    reasons: tuple[Reason, ...]
    control: bool = False


@dataclass(frozen=True)
class Draft:
    """A session before it opens. `eligible` is how many articles the control sample was drawn from."""

    title: str
    selection: str
    corpus: str
    fingerprint: str
    commit: str | None
    budget: int
    seed: int
    eligible: int
    candidates: tuple[Candidate, ...]
    rules: Rules = Rules()


@dataclass(frozen=True)
class Session:
    """A session as it stands in the store."""

    number: int
    title: str
    state: State
    selection: str
    corpus: str
    fingerprint: str
    commit: str | None
    budget: int
    seed: int
    eligible: int
    rules: Rules
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class Item:
    """An article on the agenda of a session. `added` marks one that came after the agenda was fixed."""

    number: int
    session: int
    position: int
    candidate: Candidate
    added: bool
    added_by: str


@dataclass(frozen=True)
class Opinion:
    """What a person says of an item. No verdict: the person skips it.

    `token` is made by who asks, once for each act: the same act sent twice is stored once.
    """

    verdict: str | None
    quality: int | None = None
    reasons: tuple[str, ...] = ()
    note: str = ""
    token: str = ""


@dataclass(frozen=True)
class Judgement:
    """An opinion in the store."""

    number: int
    item: int
    person: str
    opinion: Opinion
    at: datetime


@dataclass(frozen=True)
class Settlement:
    """What a group says of an item; no verdict when it is reopened. `token` as in an opinion."""

    outcome: Outcome
    verdict: str | None
    quality: int | None = None
    note: str = ""
    present: tuple[str, ...] = ()
    token: str = ""


@dataclass(frozen=True)
class Decision:
    """A settlement in the store."""

    number: int
    item: int
    by: str
    settlement: Settlement
    at: datetime


@dataclass(frozen=True)
class Standing:
    """How far one person is: items judged, skipped and in all, and when the person last did something."""

    person: str
    judged: int
    skipped: int
    total: int
    last_at: datetime | None
