"""Writes of a store. Each is part of a transaction and idempotent: the same act with the same token is stored once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Table, cast, func, select

from analytics.errors import ReviewError
from analytics.reviews import models
from analytics.reviews.models import Candidate, Decision, Judgement, NewSession, Opinion, Session, Settlement, State
from analytics.reviews.store import queries
from analytics.reviews.store.database_tables import (
    ATTENDANCE,
    DECISIONS,
    ITEMS,
    JUDGEMENTS,
    PEOPLE,
    SESSIONS,
    STATES,
    flat,
)
from analytics.reviews.store.validation import (
    person_key,
    person_name,
    same_person,
    session_title,
    validated_opinion,
    validated_settlement,
)

SESSION_LOCK = 4_702_111
"""First number of the advisory locks of sessions on PostgreSQL; the second is the number of the session."""


def create(connection: Connection, token: str, session: NewSession, by: str) -> int:
    """Add a session with its agenda, open for judging, and return its number."""
    name, title = person_name(by), session_title(session.title)
    for path, count in Counter(candidate.path for candidate in session.candidates).items():
        if count > 1:
            raise ReviewError(f"{path} stands twice on the agenda. Put each article on it once.")
    known = connection.execute(select(SESSIONS.c.number).where(SESSIONS.c.token == token)).scalar()
    if known is not None:
        return int(known)
    (person,), now = _registered(connection, name), datetime.now(UTC)
    values = _row(SESSIONS, session, title=title, made_by=person, made_at=now, token=token)
    number = _insert(connection, SESSIONS, values)
    _insert(connection, STATES, {"session": number, "state": "judging", "person": person, "at": now, "token": token})
    act = {"session": number, "added": False, "added_by": person, "added_at": now, "token": token}
    if rows := [_row(ITEMS, each, position=place, **act) for place, each in enumerate(session.candidates, 1)]:
        connection.execute(ITEMS.insert(), rows)
    return number


def add(connection: Connection, token: str, session: int, candidates: Sequence[Candidate], by: str) -> list[int]:
    """Add articles to an agenda, marked as added, and return the numbers of the new items.

    An article whose path or address is on the agenda already is passed over.
    """
    name = person_name(by)
    _require_open(_locked_session(connection, session, alone=True))
    new_items = select(ITEMS.c.number).where(ITEMS.c.token == token).order_by(ITEMS.c.position)
    if not (numbers := connection.execute(new_items).scalars().all()):
        agenda = queries.items(connection, session)
        paths, urls = {each.candidate.path for each in agenda}, {each.candidate.url for each in agenda} - {None}
        new: list[Candidate] = []
        for candidate in candidates:
            if candidate.path not in paths and candidate.url not in urls:
                new.append(candidate)
                paths.add(candidate.path)
                urls |= {candidate.url} - {None}
        if new:
            last, (person,) = max((each.position for each in agenda), default=0), _registered(connection, name)
            act = {"session": session, "added": True, "added_by": person, "added_at": datetime.now(UTC)}
            rows = [_row(ITEMS, each, position=last + n, token=token, **act) for n, each in enumerate(new, 1)]
            connection.execute(ITEMS.insert(), rows)
        numbers = connection.execute(new_items).scalars().all()
    return list(numbers)


def move(connection: Connection, token: str, session: int, state: State, by: str) -> None:
    """Put a session into a state, where it is not in it already. Raises ReviewError.

    The end of judging shows all verdicts: only a person whom `reveal_refusal` does not refuse can bring it about.
    """
    name = person_name(by)
    if state not in models.STATES:
        raise ReviewError(f"A session cannot be {state!r}; it can be {', '.join(models.STATES)}.")
    before = _locked_session(connection, session, alone=True).state
    if before == state:
        return
    if before == "judging" and (refusal := queries.reveal_refusal(connection, session, name)):
        raise ReviewError(refusal)
    (person,) = _registered(connection, name)
    values = {"session": session, "state": state, "person": person, "at": datetime.now(UTC), "token": token}
    _insert(connection, STATES, values)


def attend(connection: Connection, token: str, session: int, person: str) -> None:
    """Record that a person has joined a session, once; not when it is closed. Needs no token."""
    del token
    name = person_name(person)
    is_open = _locked_session(connection, session).state != "closed"
    joined = connection.execute(select(ATTENDANCE.c.person).where(ATTENDANCE.c.session == session)).scalars()
    if is_open and not any(same_person(each, name) for each in joined):
        (shown,) = _registered(connection, name)
        _insert(connection, ATTENDANCE, {"session": session, "person": shown, "at": datetime.now(UTC)})


def judge(connection: Connection, token: str, item: int, person: str, opinion: Opinion) -> Judgement:
    """Add a judgement, which becomes the person's current one of the item; `opinion.token` is used before `token`."""
    name, token = person_name(person), opinion.token or token
    for known in queries.judgements_where(connection, JUDGEMENTS.c.token == token):
        _require_same_act(same=known.item == item and same_person(known.person, name))
        return known
    session = _open_session_of_item(connection, item)
    valid, now = replace(validated_opinion(session.rules, opinion), token=token), datetime.now(UTC)
    (name,) = _registered(connection, name)
    number = _insert(connection, JUDGEMENTS, _row(JUDGEMENTS, valid, item=item, person=name, at=now))
    return Judgement(number, item, name, valid, now)


def settle(connection: Connection, token: str, item: int, by: str, settlement: Settlement) -> Decision:
    """Add a decision, which becomes the current one of the item; `settlement.token` is used before `token`.

    Two people who send the same token store one decision.
    """
    name, token = person_name(by), settlement.token or token
    for known in queries.decisions_where(connection, DECISIONS.c.token == token):
        _require_same_act(same=known.item == item)
        return known
    session = _open_session_of_item(connection, item)
    valid, now = replace(validated_settlement(session.rules, settlement), token=token), datetime.now(UTC)
    name, *present = _registered(connection, name, *valid.present)
    valid = replace(valid, present=tuple(present))
    number = _insert(connection, DECISIONS, _row(DECISIONS, valid, item=item, by=name, at=now))
    return Decision(number, item, name, valid, now)


def _registered(connection: Connection, *typed: str) -> list[str]:
    """The names of people as they were first stored; those of new people are stored.

    In the order of their keys, so that two writers who store the same people do not wait for each other.
    """
    keys = {person_key(name): name for name in reversed(typed)}
    known = queries.names_by_key(connection)
    for key in sorted(keys.keys() - known.keys()):
        _insert(connection, PEOPLE, {"name_key": key, "name": keys[key]})
    return [(keys | known)[person_key(name)] for name in typed]


def _row(table: Table, record: object, **more: Any) -> dict[str, Any]:
    """The values of a row: the fields of a record that the table has, and more."""
    return {name: value for name, value in (flat(record) | more).items() if name in table.c}


def _insert(connection: Connection, table: Table, values: dict[str, Any]) -> int:
    """Insert a row and return its number."""
    return int(connection.execute(table.insert().values(values).returning(table.c.number)).scalar_one())


def _lock(connection: Connection, session: ColumnElement[int] | int, *, alone: bool = False) -> None:
    """Keep others from moving a session, and with `alone` also from adding to it, until the transaction ends.

    SQLite has one writer at a time anyway. The lock comes before all reading, so that what is read is what the last
    holder left. It is not a lock of the row: many who share one at once would write it down in the row (a multixact)
    again and again.
    """
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        connection.execute(select(lock(SESSION_LOCK, cast(session, Integer))))


def _locked_session(connection: Connection, number: int, *, alone: bool = False) -> Session:
    _lock(connection, number, alone=alone)
    return queries.session_by_number(connection, number)


def _open_session_of_item(connection: Connection, item: int) -> Session:
    number = select(ITEMS.c.session).where(ITEMS.c.number == item).scalar_subquery()
    _lock(connection, number)
    for session in queries.sessions(connection, number):
        return _require_open(session)
    raise ReviewError(f"There is no item {item} on any agenda. Reload the session.")


def _require_open(session: Session) -> Session:
    if session.state == "closed":
        raise ReviewError(f"Session {session.number} ({session.title}) is closed. Reopen it to add to it.")
    return session


def _require_same_act(*, same: bool) -> None:
    if not same:
        raise ReviewError("This was sent with the mark of another act, and was not stored. Reload the page, try again.")
