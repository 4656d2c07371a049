"""All that a store holds, as the frames of `analytics.review_tables`."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, RowMapping, select, true

from analytics.review_tables import REVIEW_DECISIONS, REVIEW_ITEMS, REVIEW_JUDGEMENTS, REVIEW_SESSIONS, Reviewed
from analytics.reviews.models import Rules, Session
from analytics.reviews.store import queries
from analytics.reviews.store.tables import DECISIONS, ITEMS, JUDGEMENTS
from analytics.schema import Table


def snapshot(connection: Connection, number: int | None = None) -> Reviewed:
    """The frames, as they are at one moment; of all sessions, or of the one of a number."""
    of = true() if number is None else ITEMS.c.session == number
    sessions = queries.sessions(connection, number)[::-1]
    items = connection.execute(select(ITEMS).where(of).order_by(ITEMS.c.session, ITEMS.c.position)).mappings().all()
    home = {row["number"]: row["session"] for row in items}
    rules = {session.number: session.rules for session in sessions}
    known = {item: rules[session] for item, session in home.items()}
    said, decided = (
        connection.execute(select(each).join(ITEMS, ITEMS.c.number == each.c.item).where(of).order_by(each.c.number))
        .mappings()
        .all()
        for each in (JUDGEMENTS, DECISIONS)
    )
    return Reviewed(
        queries.stamp(connection, number),
        _frame(REVIEW_SESSIONS, [_session(session) for session in sessions]),
        _frame(REVIEW_ITEMS, [_item(row) for row in items]),
        _current(REVIEW_JUDGEMENTS, [_judgement(row, home, known) for row in said], ["item", "person"]),
        _current(REVIEW_DECISIONS, [_decision(row, home, known) for row in decided], ["item"]),
    )


def _frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return table.of(pd.DataFrame(rows, columns=table.names, dtype="object"))


def _current(table: Table, rows: list[dict[str, Any]], of: list[str]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=table.names, dtype="object")
    return table.of(found.assign(current=~found.duplicated(of, keep="last")))


def _joined(words: Any) -> str:
    return "; ".join(words)


def _session(session: Session) -> dict[str, Any]:
    same = ("title", "state", "selection", "corpus", "fingerprint", "commit", "budget", "seed", "eligible")
    return {
        "session": session.number,
        **{name: getattr(session, name) for name in (*same, "made_at", "made_by")},
    }


def _item(row: RowMapping) -> dict[str, Any]:
    same = ("session", "position", "path", "url", "title", "provider", "quality", "heat", "published")
    return {
        "item": row["number"],
        **{name: row[name] for name in (*same, "control", "added")},
        "topics": _joined(row["topics"]),
        "reasons": _joined(name for name, _ in row["reasons"]),
        "why": _joined(why for _, why in row["reasons"]),
        "added_by": row["person"],
        "found": None,
    }


def _verdict(row: RowMapping, home: Mapping[int, int], known: Mapping[int, Rules]) -> dict[str, Any]:
    verdict = known[row["item"]].verdict(row["verdict"])
    return {
        **{name: row[name] for name in ("item", "verdict", "quality", "note", "at")},
        "session": home[row["item"]],
        "rank": verdict.rank if verdict else None,
        "agrees": verdict.agrees if verdict else None,
    }


def _judgement(row: RowMapping, home: Mapping[int, int], known: Mapping[int, Rules]) -> dict[str, Any]:
    return {
        **_verdict(row, home, known),
        "judgement": row["number"],
        "person": row["person"],
        "reasons": _joined(row["reasons"]),
    }


def _decision(row: RowMapping, home: Mapping[int, int], known: Mapping[int, Rules]) -> dict[str, Any]:
    return {
        **_verdict(row, home, known),
        "decision": row["number"],
        "state": row["outcome"],
        "present": _joined(row["present"]),
        "by": row["person"],
    }
