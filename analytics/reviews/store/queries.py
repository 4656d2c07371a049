"""Queries of a store: records, and all of it as frames. They take a connection: several can share a transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, Table, func, literal, select, true

from analytics import schema
from analytics.errors import ReviewError
from analytics.review_table_contracts import (
    REVIEW_DECISIONS,
    REVIEW_ITEMS,
    REVIEW_JUDGEMENTS,
    REVIEW_SESSIONS,
    ReviewTables,
)
from analytics.reviews.models import Decision, Item, Judgement, Participant, Session
from analytics.reviews.store.database_tables import (
    ATTENDANCE,
    DECISIONS,
    ITEMS,
    JUDGEMENTS,
    PEOPLE,
    SESSIONS,
    STATES,
    Record,
    columns_labelled_by_field,
    flat,
    unflat,
)
from analytics.reviews.store.migrations import MIGRATION_LOG
from analytics.reviews.store.validation import person_key, person_name, same_person


def sessions(connection: Connection, number: ColumnElement[int] | int | None = None) -> list[Session]:
    """All sessions, newest first, or the one of a number."""
    last = select(func.max(STATES.c.number)).where(STATES.c.session == SESSIONS.c.number).correlate(SESSIONS)
    query = (
        select(*columns_labelled_by_field(SESSIONS), STATES.c.state)
        .join(STATES, STATES.c.number == last.scalar_subquery())
        .order_by(SESSIONS.c.number.desc())
    )
    return _records(connection, Session, query if number is None else query.where(SESSIONS.c.number == number))


def session_by_number(connection: Connection, number: int) -> Session:
    """One session. Raises ReviewError when there is none of that number."""
    for found in sessions(connection, number):
        return found
    raise ReviewError(f"There is no review session {number}. Choose one of the list of sessions.")


def items(connection: Connection, session: int) -> list[Item]:
    """The items of a session by position."""
    return _items(connection, ITEMS.c.session == session)


def latest_judgements(connection: Connection, session: int, *, seen_by: str | None = None) -> list[Judgement]:
    """The latest judgement of each person and item of a session, oldest first.

    With `seen_by`, what that person may see: all once the session is settling or closed; until then their own, and
    those of items on which they have given a verdict.
    """
    state = session_by_number(connection, session).state
    last = (
        select(func.max(JUDGEMENTS.c.number))
        .join(ITEMS, ITEMS.c.number == JUDGEMENTS.c.item)
        .where(ITEMS.c.session == session)
        .group_by(JUDGEMENTS.c.item, JUDGEMENTS.c.person)
    )
    by_spelling = judgements_where(connection, JUDGEMENTS.c.number.in_(last))
    latest = {(each.item, each.person): each.number for each in by_spelling}
    current = [each for each in by_spelling if latest[each.item, each.person] == each.number]
    if seen_by is None or state != "judging":
        return current
    own = items_with_verdict_of(connection, session, seen_by)
    return [each for each in current if each.item in own or same_person(each.person, seen_by)]


def items_with_verdict_of(connection: Connection, session: int, person: str) -> set[int]:
    """The items of a session on which a person ever gave a verdict."""
    query = select(JUDGEMENTS.c.item, JUDGEMENTS.c.person).join(ITEMS, ITEMS.c.number == JUDGEMENTS.c.item)
    given = query.where(ITEMS.c.session == session, JUDGEMENTS.c.verdict.is_not(None)).distinct()
    return {item for item, name in connection.execute(given) if same_person(name, person)}


def reveal_refusal(connection: Connection, session: int, person: str) -> str:
    """Why a person may not show all verdicts of a session that is being judged, in a sentence; empty if they may.

    The one who made the session may, and whoever has given a verdict on each of its items; a skip is no verdict.
    """
    owner, name = session_by_number(connection, session).made_by, shown_name(connection, person)
    own, total = len(items_with_verdict_of(connection, session, name)), _item_count(connection, session)
    if same_person(owner, name) or own == total:
        return ""
    return (
        f"Only {owner}, who made the session, or somebody with a verdict on each of its {total:,} articles can show "
        f"all verdicts. {name} has given {own:,}; a skip does not count."
    )


def judgement_history(connection: Connection, item: int) -> list[Judgement]:
    """All judgements of an item, oldest first."""
    return judgements_where(connection, JUDGEMENTS.c.item == item)


def latest_decisions(connection: Connection, session: int) -> dict[int, Decision]:
    """The latest decision of each item of a session, by the number of the item."""
    return {found.item: found for found in decisions_where(connection, ITEMS.c.session == session)}


def people(connection: Connection) -> list[str]:
    """Everyone whom the store names, each in the first spelling, in alphabetical order."""
    return _alphabetical(names_by_key(connection).values())


def names_by_key(connection: Connection) -> dict[str, str]:
    """The name of each person as it was first stored, by `validation.person_key`."""
    return {row.name_key: row.name for row in connection.execute(select(PEOPLE.c.name_key, PEOPLE.c.name))}


def shown_name(connection: Connection, typed: str) -> str:
    """The name of a person as it was first stored; of a new person as it would be stored. Raises ReviewError."""
    name = person_name(typed)
    return names_by_key(connection).get(person_key(name), name)


def participants(connection: Connection, session: int) -> list[Participant]:
    """Everyone who joined a session or judged in it, and their progress, in alphabetical order."""
    current = latest_judgements(connection, session)
    total, shown = _item_count(connection, session), _first_spelling(connection)
    joined = connection.execute(select(ATTENDANCE.c.person, ATTENDANCE.c.at).where(ATTENDANCE.c.session == session))
    times: dict[str, list[Any]] = {}
    for person, at in [*joined, *((each.person, each.at) for each in current)]:
        times.setdefault(shown(person), []).append(at)
    judged = Counter(each.person for each in current if each.opinion.verdict is not None)
    skipped = Counter(each.person for each in current if each.opinion.verdict is None)
    return [Participant(name, judged[name], skipped[name], total, max(times[name])) for name in _alphabetical(times)]


def stamp(connection: Connection, session: int | None = None) -> str:
    """A text that changes with every row that is added, to all sessions or to one; made in one query.

    It has the age of the store and the number of rows of each table: rows are only ever added.
    """
    counts = [_row_count(table, session).scalar_subquery() for table in COUNTED_TABLES]
    begun = select(MIGRATION_LOG.c.at).where(MIGRATION_LOG.c.number == 1).scalar_subquery()
    age, *found = connection.execute(select(begun, literal(session or 0), *counts)).one()
    return ".".join(str(count) for count in (int(age.timestamp() * 1_000_000), *found))


def judgements_where(connection: Connection, condition: ColumnElement[bool]) -> list[Judgement]:
    """The judgements that meet a condition on judgements and their items, oldest first."""
    query = (
        select(*columns_labelled_by_field(JUDGEMENTS)).join(ITEMS, ITEMS.c.number == JUDGEMENTS.c.item).where(condition)
    )
    return _records(connection, Judgement, query.order_by(JUDGEMENTS.c.number))


def decisions_where(connection: Connection, condition: ColumnElement[bool]) -> list[Decision]:
    """The decisions that meet a condition on decisions and their items, oldest first."""
    query = (
        select(*columns_labelled_by_field(DECISIONS)).join(ITEMS, ITEMS.c.number == DECISIONS.c.item).where(condition)
    )
    return _records(connection, Decision, query.order_by(DECISIONS.c.number))


def _items(connection: Connection, condition: ColumnElement[bool]) -> list[Item]:
    query = select(*columns_labelled_by_field(ITEMS)).where(condition).order_by(ITEMS.c.session, ITEMS.c.position)
    return _records(connection, Item, query)


def _item_count(connection: Connection, session: int) -> int:
    return int(connection.execute(select(func.count()).where(ITEMS.c.session == session)).scalar_one())


def _first_spelling(connection: Connection) -> Callable[[str], str]:
    """A function that gives the first spelling of a stored name; older programs stored each as it was typed."""
    names = names_by_key(connection)
    return lambda name: names.setdefault(person_key(name), name)


NAME_FIELDS = ("made_by", "added_by", "person", "by")
"""The fields of records that hold the name of a person."""


def _records(connection: Connection, record: type[Record], query: Select[Any]) -> list[Record]:
    """The records of a query, with each person's name in the first spelling."""
    shown = _first_spelling(connection)

    def values(row: Mapping[Any, Any]) -> dict[Any, Any]:
        of_one = {field: shown(row[field]) for field in NAME_FIELDS if field in row}
        of_several = {"present": tuple(dict.fromkeys(map(shown, row["present"])))} if "present" in row else {}
        return {**row, **of_one, **of_several}

    return [unflat(record, values(row)) for row in connection.execute(query).mappings()]


def _alphabetical(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=lambda name: (name.casefold(), name))


COUNTED_TABLES = (SESSIONS, STATES, ITEMS, ATTENDANCE, JUDGEMENTS, DECISIONS)


def _row_count(table: Table, session: int | None) -> Select[Any]:
    query = select(func.count()).select_from(table)
    if session is None:
        return query
    if table is SESSIONS:
        return query.where(SESSIONS.c.number == session)
    if table in (JUDGEMENTS, DECISIONS):
        return query.join(ITEMS, ITEMS.c.number == table.c.item).where(ITEMS.c.session == session)
    return query.where(table.c.session == session)


def snapshot(connection: Connection, session: int | None = None) -> ReviewTables:
    """All sessions, or one, as the frames of `analytics.review_table_contracts`.

    Paths are those of when the agenda was made; `article_matching.match_articles` finds the articles of a corpus.
    """
    condition = true() if session is None else ITEMS.c.session == session
    by_number = {each.number: each for each in reversed(sessions(connection, session))}
    agenda = _items(connection, condition)
    session_of = {item.number: by_number[item.session] for item in agenda}
    judged = (
        _opinion_row(each, session_of[each.item]) | {"judgement": each.number}
        for each in judgements_where(connection, condition)
    )
    decided = (
        _opinion_row(each, session_of[each.item]) | {"decision": each.number, "state": each.settlement.outcome}
        for each in decisions_where(connection, condition)
    )
    return ReviewTables(
        stamp(connection, session),
        _frame(REVIEW_SESSIONS, (flat(each) | {"session": each.number} for each in by_number.values())),
        _frame(REVIEW_ITEMS, map(_item_row, agenda)),
        _frame(REVIEW_JUDGEMENTS, judged, latest_of=["item", "person"]),
        _frame(REVIEW_DECISIONS, decided, latest_of=["item"]),
    )


def _item_row(item: Item) -> dict[str, Any]:
    reasons = item.candidate.reasons
    names, why = tuple(each.name for each in reasons), tuple(each.why for each in reasons)
    return flat(item) | {"item": item.number, "reasons": names, "why": why, "found": None}


def _opinion_row(record: Judgement | Decision, session: Session) -> dict[str, Any]:
    row = flat(record)
    verdict = session.rules.verdict(row["verdict"])
    rank, agrees = (verdict.rank, verdict.agrees) if verdict else (None, None)
    return row | {"session": session.number, "rank": rank, "agrees": agrees}


def _frame(contract: schema.Table, rows: Iterable[Mapping[str, Any]], latest_of: Sequence[str] = ()) -> pd.DataFrame:
    """The rows as a contract says, tuples of names joined; `current` marks the last row of each `latest_of`."""
    cells = [{name: _cell(row.get(name)) for name in contract.names} for row in rows]
    frame = pd.DataFrame(cells, columns=contract.names, dtype="object")
    return contract.of(frame.assign(current=~frame.duplicated(latest_of, keep="last")) if latest_of else frame)


def _cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, tuple) else value
