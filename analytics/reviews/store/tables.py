"""The tables of a store as its queries see them; `migrations` makes them, and a test holds the two together."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, MetaData, Table, Text, TypeDecorator
from sqlalchemy.engine import Dialect

REPLACED = re.compile("[\0\ud800-\udfff]")
"""What no database keeps: NUL and halves of surrogate pairs."""


def storable(text: str) -> str:
    """A text as it is kept: U+FFFD stands for each NUL and each lone surrogate, which PostgreSQL cannot hold."""
    return REPLACED.sub("\ufffd", text)


def _storable(value: Any) -> Any:
    """The same with a list's texts, and those of the lists in it, as they are kept."""
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    return storable(value) if isinstance(value, str) else value


class Words(TypeDecorator[str]):
    """Text of any kind."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """A text on its way into the database."""
        return None if value is None else storable(value)


class Listed(TypeDecorator[list[Any]]):
    """A list of texts, numbers and lists, kept as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> str:  # noqa: ARG002
        """A list on its way into the database."""
        return json.dumps(_storable(value or []), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[Any]:  # noqa: ARG002
        """A list on its way out of it."""
        return list(json.loads(value or "[]"))


class Moment(TypeDecorator[datetime]):
    """An instant in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An instant on its way into the database; SQLite knows no zones."""
        if value is None:
            return None
        there = value.astimezone(UTC)
        return there.replace(tzinfo=None) if dialect.name == "sqlite" else there

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """An instant on its way out of it."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


METADATA = MetaData()


def _number() -> Column[int]:
    return Column("number", BigInteger, primary_key=True)


def _of(name: str) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(f"review_{name}s.number"), nullable=False)


def _said() -> list[Column[Any]]:
    """Who did something, and when."""
    return [Column("person", Words, nullable=False), Column("at", Moment, nullable=False)]


SESSIONS = Table(
    "review_sessions",
    METADATA,
    _number(),
    Column("title", Words, nullable=False),
    Column("selection", Words, nullable=False),
    Column("corpus", Words, nullable=False),
    Column("fingerprint", Words, nullable=False),
    Column("git_commit", Words),
    Column("budget", BigInteger, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("eligible", BigInteger, nullable=False),
    Column("verdicts", Listed, nullable=False),
    Column("reasons", Listed, nullable=False),
    *_said(),
    Column("token", Words),
)

STATES = Table(
    "review_states",
    METADATA,
    _number(),
    _of("session"),
    Column("state", Words, nullable=False),
    *_said(),
    Column("token", Words),
)

ITEMS = Table(
    "review_items",
    METADATA,
    _number(),
    _of("session"),
    Column("position", BigInteger, nullable=False),
    Column("path", Words, nullable=False),
    Column("url", Words),
    Column("title", Words),
    Column("provider", Words),
    Column("quality", BigInteger),
    Column("heat", BigInteger),
    Column("published", Boolean),
    Column("topics", Listed, nullable=False),
    Column("reasons", Listed, nullable=False),
    Column("control", Boolean, nullable=False),
    Column("added", Boolean, nullable=False),
    *_said(),
    Column("token", Words),
)

JUDGEMENTS = Table(
    "review_judgements",
    METADATA,
    _number(),
    _of("item"),
    Column("verdict", Words),
    Column("quality", BigInteger),
    Column("reasons", Listed, nullable=False),
    Column("note", Words, nullable=False),
    *_said(),
    Column("token", Words),
)

ATTENDANCE = Table("review_attendance", METADATA, _number(), _of("session"), *_said())

DECISIONS = Table(
    "review_decisions",
    METADATA,
    _number(),
    _of("item"),
    Column("outcome", Words, nullable=False),
    Column("verdict", Words),
    Column("quality", BigInteger),
    Column("note", Words, nullable=False),
    Column("present", Listed, nullable=False),
    *_said(),
    Column("token", Words),
)
