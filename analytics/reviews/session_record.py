"""All that a session holds, read in one transaction: what its minutes are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

from analytics.corpus.loader import Corpus
from analytics.review_tables import Reviewed
from analytics.reviews.exchange import reviewed_in
from analytics.reviews.models import Decision, Item, Judgement, Session, Standing
from analytics.reviews.store.store import Store

Status = Literal["settled", "another look", "reopened", "disputed", "undecided", "not judged"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""How an item stands: as the group decided; without a decision, whether verdicts differ, are alike, or lack."""

TRIES = 5
"""How often to read a session that others change meanwhile."""


@dataclass(frozen=True)
class Matter:
    """An item with what each person last said of it, skips left out, and what the group last decided."""

    item: Item
    opinions: tuple[Judgement, ...]
    decision: Decision | None

    @property
    def disputed(self) -> bool:
        """Whether people gave different verdicts."""
        return len({judgement.opinion.verdict for judgement in self.opinions}) > 1

    @property
    def status(self) -> Status:
        """How the item stands."""
        if self.decision is not None:
            return self.decision.settlement.outcome
        return "disputed" if self.disputed else "undecided" if self.opinions else "not judged"


@dataclass(frozen=True, eq=False)
class Proceedings:
    """A session: its agenda, the latest judgement of each person and item, the latest decisions, and who took part.

    `record` holds everything ever said in the session, as frames.
    """

    session: Session
    items: tuple[Item, ...]
    judgements: tuple[Judgement, ...]
    decisions: Mapping[int, Decision]
    people: tuple[Standing, ...]
    record: Reviewed

    @cached_property
    def matters(self) -> tuple[Matter, ...]:
        """The items in the order of the agenda; of each the opinions by the name of the person."""
        said: dict[int, list[Judgement]] = {}
        for judgement in sorted(self.judgements, key=lambda each: each.person):
            if judgement.opinion.verdict is not None:
                said.setdefault(judgement.item, []).append(judgement)
        return tuple(
            Matter(item, tuple(said.get(item.number, ())), self.decisions.get(item.number)) for item in self.items
        )


def proceedings(store: Store, number: int) -> Proceedings:
    """All that the store holds of a session; read again when somebody writes meanwhile. Raises ReviewError."""
    for _ in range(TRIES):
        stamp = store.stamp(number)
        found = _read(store, number)
        if store.stamp(number) == stamp:
            break
    return found


def placed(held: Proceedings, corpus: Corpus) -> Proceedings:
    """The same with the files in `record` called as they are in a corpus now (`reviews.identity`)."""
    return replace(held, record=reviewed_in(held.record, corpus))


def _read(store: Store, number: int) -> Proceedings:
    session = store.session(number)
    return Proceedings(
        session,
        tuple(store.items(number)),
        tuple(store.judgements(number)),
        store.decisions(number),
        tuple(store.standings(number)),
        store.snapshot(number),
    )
