"""What a store takes: names, notes, opinions and settlements, each made tidy or refused with a reason."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Table, cast, func, select

from analytics.errors import ReviewError
from analytics.reviews import models
from analytics.reviews.models import Candidate, Decision, Draft, Judgement, Opinion, Rules, Session, Settlement, State
from analytics.reviews.store import queries
from analytics.reviews.store.tables import ATTENDANCE, DECISIONS, ITEMS, JUDGEMENTS, SESSIONS, STATES
from analytics.reviews.store.validation import opinion_of, person_name, session_title, settlement_of

LOCK = 4_702_111
"""First number of the advisory locks on PostgreSQL that the sessions have; the second is that of the session."""


def create(connection: Connection, draft: Draft, by: str, token: str) -> int:
    """Add a session with its agenda, open for judging; its number. Raises ReviewError."""
    person, title = person_name(by), session_title(draft.title)
    for path, count in Counter(candidate.path for candidate in draft.candidates).items():
        if count > 1:
            raise ReviewError(f"{path} stands twice on the agenda. Put each article on it once.")
    known = connection.execute(select(SESSIONS.c.number).where(SESSIONS.c.token == token)).scalar()
    if known is not None:
        return int(known)
    now = datetime.now(UTC)
    number = _added(
        connection,
        SESSIONS,
        title=title,
        selection=draft.selection,
        corpus=draft.corpus,
        fingerprint=draft.fingerprint,
        git_commit=draft.commit,
        budget=draft.budget,
        seed=draft.seed,
        eligible=draft.eligible,
        **_rules(draft.rules),
        person=person,
        at=now,
        token=token,
    )
    _added(connection, STATES, session=number, state="judging", person=person, at=now, token=token)
    said = {"session": number, "added": False, "person": person, "at": now, "token": token}
    rows = [{**_row(each), "position": place, **said} for place, each in enumerate(draft.candidates, 1)]
    if rows:
        connection.execute(ITEMS.insert(), rows)
    return number


def add(connection: Connection, session: int, candidates: Sequence[Candidate], by: str, token: str) -> list[int]:
    """Add articles to an agenda, marked as added; the numbers of the new items. Raises ReviewError.

    An article is passed over when its path or its address is on the agenda.
    """
    person = person_name(by)
    _open(_known(connection, session, alone=True))
    if not (known := _items_of(connection, token)):
        there = [item.candidate for item in queries.items(connection, session)]
        paths, urls = {each.path for each in there}, {each.url for each in there} - {None}
        place = connection.execute(select(func.max(ITEMS.c.position)).where(ITEMS.c.session == session)).scalar() or 0
        said = {"session": session, "added": True, "person": person, "at": datetime.now(UTC), "token": token}
        for candidate in candidates:
            if candidate.path not in paths and candidate.url not in urls:
                place += 1
                connection.execute(ITEMS.insert().values(**_row(candidate), position=place, **said))
                paths.add(candidate.path)
                urls |= {candidate.url} - {None}
        known = _items_of(connection, token)
    return known


def move(connection: Connection, session: int, state: State, by: str, token: str) -> None:
    """Bring a session into a state. Raises ReviewError."""
    person = person_name(by)
    if state not in models.STATES:
        raise ReviewError(f"A session cannot be {state!r}; it can be {', '.join(models.STATES)}.")
    if _known(connection, session, alone=True).state != state:
        now = datetime.now(UTC)
        _added(connection, STATES, session=session, state=state, person=person, at=now, token=token)


def attend(connection: Connection, session: int, person: str) -> None:
    """Put down that a person has joined a session; a closed one is only looked at. Raises ReviewError."""
    name = person_name(person)
    same = (ATTENDANCE.c.session == session, ATTENDANCE.c.person == name)
    if _known(connection, session).state != "closed" and not connection.execute(select(1).where(*same)).scalar():
        _added(connection, ATTENDANCE, session=session, person=name, at=datetime.now(UTC))


def judge(connection: Connection, item: int, person: str, opinion: Opinion) -> Judgement:
    """Add a judgement; the one of the same token, when that act is stored already. Raises ReviewError."""
    name = person_name(person)
    asked = select(JUDGEMENTS).where(JUDGEMENTS.c.token == opinion.token)
    for known in queries.judgements_of(connection, asked):
        _same_act(known.item == item and known.person == name)
        return known
    session = _open_of(connection, item)
    said, now = opinion_of(session.rules, opinion), datetime.now(UTC)
    number = _added(
        connection,
        JUDGEMENTS,
        item=item,
        verdict=said.verdict,
        quality=said.quality,
        reasons=list(said.reasons),
        note=said.note,
        person=name,
        at=now,
        token=said.token,
    )
    return Judgement(number, item, name, said, now)


def settle(connection: Connection, item: int, by: str, settlement: Settlement) -> Decision:
    """Add a decision; the one of the same token, whoever sent it, when it is stored already. Raises ReviewError."""
    name = person_name(by)
    asked = select(DECISIONS).where(DECISIONS.c.token == settlement.token)
    for known in queries.decisions_of(connection, asked):
        _same_act(known.item == item)
        return known
    session = _open_of(connection, item)
    said, now = settlement_of(session.rules, settlement), datetime.now(UTC)
    number = _added(
        connection,
        DECISIONS,
        item=item,
        outcome=said.outcome,
        verdict=said.verdict,
        quality=said.quality,
        note=said.note,
        present=list(said.present),
        person=name,
        at=now,
        token=said.token,
    )
    return Decision(number, item, name, said, now)


def _added(connection: Connection, table: Table, **values: Any) -> int:
    """Insert a row; its number."""
    return int(connection.execute(table.insert().values(**values).returning(table.c.number)).scalar_one())


def _row(candidate: Candidate) -> dict[str, Any]:
    return {
        "path": candidate.path,
        "url": candidate.url,
        "title": candidate.title,
        "provider": candidate.provider,
        "quality": candidate.quality,
        "heat": candidate.heat,
        "published": candidate.published,
        "topics": list(candidate.topics),
        "reasons": [[reason.name, reason.why] for reason in candidate.reasons],
        "control": candidate.control,
    }


def _rules(rules: Rules) -> dict[str, Any]:
    return {
        "verdicts": [[each.name, each.rank, each.agrees] for each in rules.verdicts],
        "reasons": list(rules.reasons),
    }


def _items_of(connection: Connection, token: str) -> list[int]:
    asked = select(ITEMS.c.number).where(ITEMS.c.token == token).order_by(ITEMS.c.position)
    return list(connection.execute(asked).scalars())


def _locked(connection: Connection, which: ColumnElement[int] | int, *, alone: bool = False) -> Session | None:
    """A session that nobody moves, and to which nobody adds when `alone`, until the transaction ends.

    SQLite has one writer at a time anyway. The lock comes first: what is read after it is what the last holder left. It
    is not on the row, since many who share a row's lock at once write that down in it (a multixact) again and again.
    """
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        connection.execute(select(lock(LOCK, cast(which, Integer))))
    return next(iter(queries.sessions(connection, which)), None)


def _known(connection: Connection, number: int, *, alone: bool = False) -> Session:
    return _locked(connection, number, alone=alone) or queries.session(connection, number)


def _open(session: Session) -> Session:
    if session.state == "closed":
        raise ReviewError(f"Session {session.number} ({session.title}) is closed. Reopen it to add to it.")
    return session


def _open_of(connection: Connection, item: int) -> Session:
    found = _locked(connection, select(ITEMS.c.session).where(ITEMS.c.number == item).scalar_subquery())
    if found is None:
        raise ReviewError(f"There is no item {item} on any agenda. Reload the session.")
    return _open(found)


def _same_act(same: bool) -> None:  # noqa: FBT001
    if not same:
        raise ReviewError("This was sent with the mark of another act, and was not stored. Reload the page, try again.")
