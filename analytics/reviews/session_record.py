"""The record of a session: everything that was judged and decided in it, and where each item stands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from analytics.corpus.loader import Corpus
from analytics.review_table_contracts import ReviewTables
from analytics.reviews.article_matching import match_articles
from analytics.reviews.models import Decision, Item, Judgement, Participant, Session, Settlement
from analytics.reviews.store.store import Store

Status = Literal["settled", "another look", "reopened", "disputed", "undecided", "not judged"]
"""The outcome of an item's decision; without one: verdicts differ (disputed), agree (undecided), or there are none."""

LATER: dict[Status, int] = {"another look": 1, "settled": 2}
"""The statuses that come last in the order of settling."""

READ_ATTEMPTS = 5
"""How often a session is read anew when others write to it meanwhile."""


@dataclass(frozen=True)
class ReviewedItem:
    """An item, the latest judgement of each person who gave it a verdict, and the latest decision."""

    item: Item
    judgements: tuple[Judgement, ...]
    decision: Decision | None

    @property
    def verdict_counts(self) -> Counter[str]:
        """How many people gave each verdict, in the order in which the verdicts first come."""
        return Counter(each.opinion.verdict for each in self.judgements if each.opinion.verdict is not None)

    @property
    def disputed(self) -> bool:
        """Whether people gave different verdicts."""
        return len(self.verdict_counts) > 1

    @property
    def status(self) -> Status:
        """The status of the item."""
        if self.decision is not None:
            return self.decision.settlement.outcome
        return "disputed" if self.disputed else "undecided" if self.judgements else "not judged"

    @property
    def common_verdict(self) -> str | None:
        """The verdict that all gave; None when they differ or nobody gave one."""
        return None if self.disputed else next(iter(self.verdict_counts), None)

    @property
    def common_quality(self) -> int | None:
        """The quality that all suggested; None when they differ or nobody suggested one."""
        suggested = {each.opinion.quality for each in self.judgements}
        return suggested.pop() if len(suggested) == 1 else None

    def common_settlement(self, present: Sequence[str]) -> Settlement:
        """The settlement that all agree on. Its token is that of the judgements, so that it is stored once."""
        token = f"agreed-{self.item.number}-{max(each.number for each in self.judgements)}"
        return Settlement("settled", self.common_verdict, self.common_quality, present=tuple(present), token=token)


@dataclass(frozen=True, eq=False)
class SessionRecord:
    """A session: its agenda, the latest judgement of each person and item, the latest decisions, and who took part.

    `tables` holds everything ever judged and decided in the session.
    """

    session: Session
    items: tuple[Item, ...]
    judgements: tuple[Judgement, ...]
    decisions: Mapping[int, Decision]
    participants: tuple[Participant, ...]
    tables: ReviewTables

    @cached_property
    def reviewed_items(self) -> tuple[ReviewedItem, ...]:
        """The items in the order of the agenda, each with its judgements by the name of the person."""
        judgements: dict[int, list[Judgement]] = {}
        for judgement in sorted(self.judgements, key=lambda each: each.person):
            if judgement.opinion.verdict is not None:
                judgements.setdefault(judgement.item, []).append(judgement)
        return tuple(
            ReviewedItem(item, tuple(judgements.get(item.number, ())), self.decisions.get(item.number))
            for item in self.items
        )

    @cached_property
    def status_counts(self) -> Counter[Status]:
        """How many items have each status."""
        return Counter(each.status for each in self.reviewed_items)

    @property
    def settling_order(self) -> list[ReviewedItem]:
        """The items in the order in which a group settles them: the most disputed first, decided ones last."""
        return sorted(
            self.reviewed_items,
            key=lambda each: (LATER.get(each.status, 0), -len(each.verdict_counts), each.item.position),
        )

    @property
    def unanimous(self) -> list[ReviewedItem]:
        """The undecided items to which two or more people gave the same verdict, in the order of settling."""
        return [each for each in self.settling_order if each.status == "undecided" and len(each.judgements) > 1]


def read_session_record(store: Store, number: int) -> SessionRecord:
    """The record of a session, read anew when others write to it meanwhile. Raises ReviewError."""
    for _ in range(READ_ATTEMPTS):
        stamp = store.stamp(number)
        record = SessionRecord(
            store.session(number),
            tuple(store.items(number)),
            tuple(store.judgements(number)),
            store.decisions(number),
            tuple(store.participants(number)),
            store.snapshot(number),
        )
        if store.stamp(number) == stamp:
            break
    return record


def with_matched_tables(record: SessionRecord, corpus: Corpus) -> SessionRecord:
    """The same record whose `tables` have the paths of a corpus (`article_matching.match_articles`)."""
    return replace(record, tables=match_articles(record.tables, corpus))
