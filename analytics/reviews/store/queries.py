"""What a store holds, read as values. Each function takes a connection, so that several can see the same moment."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, literal, select, union_all

from analytics.errors import ReviewError
from analytics.reviews.models import (
    Candidate,
    Decision,
    Item,
    Judgement,
    Opinion,
    Reason,
    Rules,
    Session,
    Settlement,
    Standing,
    Verdict,
)
from analytics.reviews.store.migrations import RECORDS
from analytics.reviews.store.tables import ATTENDANCE, DECISIONS, ITEMS, JUDGEMENTS, SESSIONS, STATES
from analytics.reviews.store.validation import person_name


def sessions(connection: Connection, number: ColumnElement[int] | int | None = None) -> list[Session]:
    """The sessions, newest first, or the one of a number."""
    last = select(func.max(STATES.c.number)).where(STATES.c.session == SESSIONS.c.number).correlate(SESSIONS)
    asked = (
        select(SESSIONS, STATES.c.state)
        .join(STATES, STATES.c.number == last.scalar_subquery())
        .order_by(SESSIONS.c.number.desc())
    )
    if number is not None:
        asked = asked.where(SESSIONS.c.number == number)
    return [_session(row) for row in connection.execute(asked)]


def session(connection: Connection, number: int) -> Session:
    """One session. Raises ReviewError when there is none of that number."""
    for found in sessions(connection, number):
        return found
    raise ReviewError(f"There is no review session {number}. Choose one of the list of sessions.")


def items(connection: Connection, number: int) -> list[Item]:
    """The items of a session by their positions."""
    asked = select(ITEMS).where(ITEMS.c.session == number).order_by(ITEMS.c.position)
    return [_item(row) for row in connection.execute(asked)]


def judgements(connection: Connection, number: int, seen_by: str | None = None) -> list[Judgement]:
    """The latest judgement of each person and item, in the order in which they came.

    With `seen_by`, what that person may see: all when the session is not judging, else their own and those of items on
    which they have given a verdict.
    """
    state = session(connection, number).state
    last = (
        select(func.max(JUDGEMENTS.c.number))
        .join(ITEMS, ITEMS.c.number == JUDGEMENTS.c.item)
        .where(ITEMS.c.session == number)
        .group_by(JUDGEMENTS.c.item, JUDGEMENTS.c.person)
    )
    asked = select(JUDGEMENTS).where(JUDGEMENTS.c.number.in_(last)).order_by(JUDGEMENTS.c.number)
    if seen_by is not None and state == "judging":
        person = person_name(seen_by)
        own = select(JUDGEMENTS.c.item).where(JUDGEMENTS.c.person == person, JUDGEMENTS.c.verdict.is_not(None))
        asked = asked.where((JUDGEMENTS.c.person == person) | JUDGEMENTS.c.item.in_(own))
    return judgements_of(connection, asked)


def history(connection: Connection, item: int) -> list[Judgement]:
    """All judgements of an item, oldest first."""
    return judgements_of(connection, select(JUDGEMENTS).where(JUDGEMENTS.c.item == item).order_by(JUDGEMENTS.c.number))


def decisions(connection: Connection, number: int) -> dict[int, Decision]:
    """Item → its latest decision."""
    asked = (
        select(DECISIONS)
        .join(ITEMS, ITEMS.c.number == DECISIONS.c.item)
        .where(ITEMS.c.session == number)
        .order_by(DECISIONS.c.number)
    )
    return {found.item: found for found in decisions_of(connection, asked)}


def people(connection: Connection) -> list[str]:
    """Every name that was ever used."""
    asked = union_all(*(select(each.c.person) for each in (SESSIONS, STATES, ITEMS, JUDGEMENTS, ATTENDANCE, DECISIONS)))
    present = connection.execute(select(DECISIONS.c.present)).scalars()
    return alphabetical([*connection.execute(asked).scalars(), *(name for names in present for name in names)])


def attendance(connection: Connection, number: int) -> list[str]:
    """Who joined a session or judged in it."""
    return alphabetical(standing.person for standing in standings(connection, number))


def standings(connection: Connection, number: int) -> list[Standing]:
    """How far everyone is who joined a session or judged in it."""
    session(connection, number)
    total = connection.execute(select(func.count()).where(ITEMS.c.session == number)).scalar_one()
    joined = connection.execute(select(ATTENDANCE.c.person, ATTENDANCE.c.at).where(ATTENDANCE.c.session == number))
    came = {row.person: row.at for row in joined}
    current = judgements(connection, number)
    found = []
    for person in alphabetical([*came, *(each.person for each in current)]):
        own = [each for each in current if each.person == person]
        judged = sum(each.opinion.verdict is not None for each in own)
        times = [*(each.at for each in own), *(at for who, at in came.items() if who == person)]
        found.append(Standing(person, judged, len(own) - judged, int(total), max(times)))
    return found


def stamp(connection: Connection, number: int | None = None) -> str:
    """Counts of all rows, or of those of a session: rows are only ever added. The first is the age of the store."""
    counts = [_count(number, name).scalar_subquery() for name in COUNTED]
    begun = select(RECORDS.c.at).where(RECORDS.c.number == 1).scalar_subquery()
    age, *found = connection.execute(select(begun, literal(number or 0), *counts)).one()
    return ".".join(str(data) for data in (int(age.timestamp() * 1_000_000), *found))


def judgements_of(connection: Connection, asked: Select[Any]) -> list[Judgement]:
    """The judgements of a query."""
    return [
        Judgement(
            row.number,
            row.item,
            row.person,
            Opinion(row.verdict, row.quality, tuple(row.reasons), row.note, row.token or ""),
            row.at,
        )
        for row in connection.execute(asked)
    ]


def decisions_of(connection: Connection, asked: Select[Any]) -> list[Decision]:
    """The decisions of a query."""
    return [
        Decision(
            row.number,
            row.item,
            row.person,
            Settlement(row.outcome, row.verdict, row.quality, row.note, tuple(row.present), row.token or ""),
            row.at,
        )
        for row in connection.execute(asked)
    ]


def alphabetical(names: Iterable[str]) -> list[str]:
    """Names, each once, whatever their capitals."""
    return sorted(set(names), key=lambda name: (name.casefold(), name))


COUNTED = (SESSIONS, STATES, ITEMS, ATTENDANCE, JUDGEMENTS, DECISIONS)


def _count(number: int | None, table: Table) -> Select[Any]:
    asked = select(func.count()).select_from(table)
    if number is None:
        return asked
    if table is SESSIONS:
        return asked.where(SESSIONS.c.number == number)
    if table in (JUDGEMENTS, DECISIONS):
        return asked.join(ITEMS, ITEMS.c.number == table.c.item).where(ITEMS.c.session == number)
    return asked.where(table.c.session == number)


def _session(row: Row[Any]) -> Session:
    return Session(
        number=row.number,
        title=row.title,
        state=row.state,
        selection=row.selection,
        corpus=row.corpus,
        fingerprint=row.fingerprint,
        commit=row.git_commit,
        budget=row.budget,
        seed=row.seed,
        eligible=row.eligible,
        rules=Rules(
            tuple(Verdict(name, rank, agrees) for name, rank, agrees in row.verdicts),
            tuple(row.reasons),
        ),
        made_at=row.at,
        made_by=row.person,
    )


def _item(row: Row[Any]) -> Item:
    candidate = Candidate(
        path=row.path,
        url=row.url,
        title=row.title,
        provider=row.provider,
        quality=row.quality,
        heat=row.heat,
        published=row.published,
        topics=tuple(row.topics),
        reasons=tuple(Reason(name, why) for name, why in row.reasons),
        control=row.control,
    )
    return Item(row.number, row.session, row.position, candidate, row.added, row.person)
