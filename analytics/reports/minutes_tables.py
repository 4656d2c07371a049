"""A review session as tables: every judgement, every decision, the agenda, and what the decisions would change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from analytics.reviewed import ITEM, REVIEW_DECISIONS, REVIEW_ITEMS, REVIEW_JUDGEMENTS, SESSION, Reviewed
from analytics.schema import Column, Table

_ARTICLE = tuple(REVIEW_ITEMS[name] for name in ("position", "path", "url", "title"))
_RECORDED = tuple(
    replace(REVIEW_ITEMS[name], name=f"recorded_{name}") for name in ("provider", "quality", "heat", "published")
)


def _of(table: Table, *names: str) -> tuple[Column, ...]:
    return tuple(table[name] for name in names)


JUDGEMENTS = Table(
    "judgements",
    "one row per judgement ever given in the session, in the order in which they came",
    (
        *_of(REVIEW_JUDGEMENTS, "judgement", "session", "item"),
        *_ARTICLE,
        *_of(REVIEW_JUDGEMENTS, "person", "verdict", "rank", "agrees", "quality", "reasons", "note", "at", "current"),
        *_RECORDED,
    ),
    REVIEW_JUDGEMENTS.key,
)

DECISIONS = Table(
    "decisions",
    "one row per decision ever taken in the session, in the order in which they came",
    (
        *_of(REVIEW_DECISIONS, "decision", "session", "item"),
        *_ARTICLE,
        *_of(REVIEW_DECISIONS, "verdict", "rank", "agrees", "state", "quality", "note", "present", "by"),
        replace(REVIEW_DECISIONS["at"], name="decided_at"),
        REVIEW_DECISIONS["current"],
        *_RECORDED,
    ),
    REVIEW_DECISIONS.key,
)

AGENDA = Table(
    "agenda",
    "one row per item, in the order of the agenda",
    tuple(column for column in REVIEW_ITEMS.columns if column.name != "found"),
    REVIEW_ITEMS.key,
)

PROPOSED_CHANGES = Table(
    "proposed_changes",
    "one row per field that a settled decision would change, in the order of the agenda",
    (
        Column("path", "text", "file of the article"),
        Column("field", "label", "quality or published"),
        Column("from", "text", "what was recorded when the agenda was made; empty when nothing was"),
        Column("to", "text", "what the decision asks for"),
        SESSION,
        ITEM,
        Column("decided_at", "time", "when the decision was stored"),
        Column("by", "text", "who wrote it down"),
    ),
    ("path", "field"),
)

PUBLISHES = {"promote": True, "demote": False, "drop": False}
"""Verdict → what it asks of `published`; other verdicts leave it as it is."""


def judgement_rows(record: Reviewed) -> pd.DataFrame:
    """The judgements of a session (JUDGEMENTS)."""
    return JUDGEMENTS.of(_beside_articles(record.judgements, record)[JUDGEMENTS.names])


def decision_rows(record: Reviewed) -> pd.DataFrame:
    """The decisions of a session (DECISIONS)."""
    return DECISIONS.of(
        _beside_articles(record.decisions.rename(columns={"at": "decided_at"}), record)[DECISIONS.names]
    )


def agenda_rows(record: Reviewed) -> pd.DataFrame:
    """The agenda of a session (AGENDA)."""
    return AGENDA.of(record.items[AGENDA.names])


def proposed_changes(record: Reviewed) -> pd.DataFrame:
    """What the settled decisions of a session would change in its articles (PROPOSED_CHANGES).

    `quality` becomes the agreed one where that differs; `published` becomes true for an article to promote that is not
    published, and false for one to demote or drop that is. An article that is known to be gone is left alone.
    """
    settled = record.decisions[record.decisions["current"] & (record.decisions["state"] == "settled")]
    items = record.items[record.items["found"].fillna(value=True)]
    joined = items.merge(settled, on=["item", "session"], suffixes=("_recorded", "")).astype("object")
    rows = [
        {name: row[name] for name in ("path", "session", "item", "by")}
        | {"field": field, "from": old, "to": new, "decided_at": row["at"]}
        for row in joined.where(joined.notna(), None).to_dict("records")
        for field, old, new in _changed(row)
    ]
    return PROPOSED_CHANGES.of(pd.DataFrame(rows, columns=PROPOSED_CHANGES.names, dtype="object"))


def _changed(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    if row["quality"] is not None and row["quality"] != row["quality_recorded"]:
        yield "quality", _written(row["quality_recorded"]), _written(row["quality"])
    wanted = PUBLISHES.get(str(row["verdict"]))
    if wanted is not None and bool(row["published"]) != wanted:
        yield "published", _written(row["published"]), _written(wanted)


def _written(value: object) -> str:
    """A value as front matter has it; empty for none."""
    return "" if value is None else str(value).lower()


def _beside_articles(rows: pd.DataFrame, record: Reviewed) -> pd.DataFrame:
    recorded = {column.name.removeprefix("recorded_"): column.name for column in _RECORDED}
    articles = record.items[["item", *_names(_ARTICLE), *recorded]].rename(columns=recorded)
    return rows.merge(articles, on="item", validate="many_to_one")


def _names(columns: Iterable[Column]) -> list[str]:
    return [column.name for column in columns]
