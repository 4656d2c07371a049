"""The records of a review session: frozen values that the store takes and returns.

`Session`, `Item`, `Judgement` and `Decision` also declare their database tables (`store.database_tables`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

State = Literal["judging", "settling", "closed"]
STATES: tuple[State, ...] = get_args(State)
"""The states of a session: it opens for judging, and each state can go back to an earlier one."""

Outcome = Literal["settled", "another look", "reopened"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""The outcomes of a decision: the verdict stands, the item needs another look, or its verdict is withdrawn."""


@dataclass(frozen=True)
class Verdict:
    """A verdict that people can give.

    `rank` orders verdicts from worst (1) to best, for ordinal statistics; None for a verdict outside of the order.
    `agrees` is whether the verdict confirms the recorded score (True) or contradicts it (False); None for neither.
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
    """The verdicts of a session, in the order of their keys 1 to 9, and its reasons."""

    verdicts: tuple[Verdict, ...] = VERDICTS
    reasons: tuple[str, ...] = REASONS

    def verdict(self, name: str) -> Verdict | None:
        """The verdict of this name, None when there is none."""
        return next((verdict for verdict in self.verdicts if verdict.name == name), None)


@dataclass(frozen=True)
class Reason:
    """An agenda reason that applies to an article, and its explanation for this article."""

    name: str
    why: str


@dataclass(frozen=True)
class Candidate:
    """An article for the agenda, as recorded when the agenda was made, with all reasons for it."""

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
class NewSession:
    """A session to open. `eligible` is the number of articles that the control sample was drawn from."""

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
    """A stored session. `budget` is in minutes, `selection` a canonical text, `commit` that of the corpus."""

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
    """An article on the agenda of a session. `added` marks an article that was added after the session opened."""

    number: int
    session: int
    position: int
    candidate: Candidate
    added: bool
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class Opinion:
    """A person's opinion of an item; without a verdict the person skips it.

    `token` is an idempotency key: an opinion that is sent twice with the same token is stored once.
    """

    verdict: str | None
    quality: int | None = None
    reasons: tuple[str, ...] = ()
    note: str = ""
    token: str | None = None


@dataclass(frozen=True)
class Judgement:
    """A stored opinion of one person on one item."""

    number: int
    item: int
    person: str
    opinion: Opinion
    at: datetime


@dataclass(frozen=True)
class Settlement:
    """What a group decides on an item; no verdict when the item is reopened. `token` as in `Opinion`."""

    outcome: Outcome
    verdict: str | None
    quality: int | None = None
    note: str = ""
    present: tuple[str, ...] = ()
    token: str | None = None


@dataclass(frozen=True)
class Decision:
    """A stored settlement of one item, written down by one person."""

    number: int
    item: int
    by: str
    settlement: Settlement
    at: datetime


@dataclass(frozen=True)
class Participant:
    """A participant's progress: items judged, skipped and in total, and when the person last did something."""

    person: str
    judged: int
    skipped: int
    total: int
    last_at: datetime | None
