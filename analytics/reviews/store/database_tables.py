"""The database tables of reviews, built from the records of `models`, and the conversion of records and rows.

`migrations` creates the tables; a test compares the two.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Label, MetaData, Table, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from analytics.reviews.models import Decision, Item, Judgement, Session

Record = TypeVar("Record")

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL and lone surrogates, which PostgreSQL cannot store."""


def storable(text: str) -> str:
    """A text with U+FFFD in place of each character that a database cannot store."""
    return UNSTORABLE.sub("\ufffd", text)


class StoredText(TypeDecorator[str]):
    """Text of any characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The text to store."""
        return None if value is None else storable(value)


class StoredTuple(TypeDecorator[tuple[Any, ...]]):
    """A tuple of texts or of records, stored as JSON; a record is a list of its fields."""

    impl = Text
    cache_ok = True

    def __init__(self, element: type) -> None:
        super().__init__()
        self.element = element

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002
        """The JSON to store."""
        return json.dumps([_json_value(each) for each in value or ()], ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Any, ...]:  # noqa: ARG002
        """The tuple that was stored."""
        found = json.loads(value or "[]")
        return tuple(self.element(*each) for each in found) if is_dataclass(self.element) else tuple(found)


def _json_value(value: Any) -> Any:
    if is_dataclass(value):
        return [_json_value(getattr(value, field.name)) for field in fields(value)]
    return storable(value) if isinstance(value, str) else value


class StoredTime(TypeDecorator[datetime]):
    """An instant in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant to store; SQLite has no time zones."""
        if value is None:
            return None
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The instant that was stored."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


@cache
def _field_types(record: Callable[..., Any]) -> Mapping[str, Any]:
    return get_type_hints(record)


def _is_record(kind: Any) -> bool:
    return is_dataclass(kind)


def flat(record: Any) -> dict[str, Any]:
    """The fields of a record, and of the records in it, by name."""
    values: dict[str, Any] = {}
    for name, kind in _field_types(record.__class__).items():
        value = getattr(record, name)
        values |= flat(value) if _is_record(kind) else {name: value}
    return values


def unflat(record_type: Callable[..., Record], values: Mapping[Any, Any]) -> Record:
    """The record of a type with these fields: the inverse of `flat`."""
    types = _field_types(record_type).items()
    return record_type(**{name: unflat(kind, values) if _is_record(kind) else values[name] for name, kind in types})


def columns_labelled_by_field(table: Table) -> list[Label[Any]]:
    """The columns of a table, each labelled with the name of its field, for `unflat`."""
    return [column.label(column.key) for column in table.columns]


METADATA = MetaData()


def _table(name: str, fields: Mapping[str, Any], **columns: str) -> Table:
    """A table with a column for each field of a type; `columns` names those that are not called like their field."""
    return Table(name, METADATA, *(_column(columns.get(field, field), field, kind) for field, kind in fields.items()))


def _column(name: str, field: str, kind: Any) -> Column[Any]:
    if field == "number":
        return Column(name, BigInteger, primary_key=True)
    optional = NoneType in get_args(kind)
    base = next(each for each in get_args(kind) if each is not NoneType) if optional else kind
    references = [ForeignKey(f"review_{field}s.number")] if field in ("session", "item") else []
    return Column(name, _sql_type(base), *references, key=field, nullable=optional)


def _sql_type(kind: Any) -> TypeEngine[Any]:
    if get_origin(kind) is tuple:
        return StoredTuple(get_args(kind)[0])
    simple: dict[Any, TypeEngine[Any]] = {int: BigInteger(), bool: Boolean(), datetime: StoredTime()}
    return simple.get(kind, StoredText())


def _flat_types(record: Callable[..., Any]) -> dict[str, Any]:
    """The fields that `flat` gives, with their types."""
    types: dict[str, Any] = {}
    for name, kind in _field_types(record).items():
        types |= _flat_types(kind) if _is_record(kind) else {name: kind}
    return types


TOKEN = {"token": str | None}
"""The idempotency key of acts whose record has none."""

SESSION = {name: kind for name, kind in _flat_types(Session).items() if name != "state"}
"""The fields of a session but its state, which is the last of STATES."""

SESSIONS = _table("review_sessions", SESSION | TOKEN, commit="git_commit", made_at="at", made_by="person")
STATES = _table("review_states", {"number": int, "session": int, "state": str, "person": str, "at": datetime} | TOKEN)
ITEMS = _table("review_items", _flat_types(Item) | TOKEN, added_at="at", added_by="person")
JUDGEMENTS = _table("review_judgements", _flat_types(Judgement))
PEOPLE = _table("review_people", {"number": int, "name_key": str, "name": str})
"""Everyone whom a store names: the key by which names are compared, unique, and the name as it was first stored."""

ATTENDANCE = _table("review_attendance", {"number": int, "session": int, "person": str, "at": datetime})
DECISIONS = _table("review_decisions", _flat_types(Decision), by="person")
