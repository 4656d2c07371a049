"""Versions, one after another → the lives of articles: what appeared, changed, went, and came back.

A life is a path, a domain and an address together. It has one version at a time; while another life has its path, or
none, it has none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from analytics.history.history_tables import TRACKED
from analytics.history.versions import Record, Version, VersionReader, changed_fields

COUNTED = ("files", "appeared", "removed", *TRACKED, "other", "noise", "unreadable")
"""What is counted of each commit, as in `history_tables.COMMITS`."""

ROWS_AT_ONCE = 5_000

_TEXT, _WHOLE, _FLAG, _TIME = pa.large_string(), pa.int64(), pa.bool_(), pa.timestamp("us", "UTC")
_VERSION = {
    "quality": _WHOLE, "heat": _WHOLE, "published": _FLAG, "title": _TEXT, "provider": _TEXT, "topics": _TEXT,
    "type": _TEXT, "published_at": _TIME, "date_only": _FLAG,
}  # fmt: skip

ROWS = pa.schema({"life": _WHOLE, "place": _WHOLE, "kind": _TEXT, "fields": _TEXT} | _VERSION)
"""A row of `history_tables.CHANGES` without what the life and the commit know."""

LIVES = pa.schema(
    {"path": _TEXT, "domain": _TEXT, "url": _TEXT}
    | _VERSION
    | {"rest": pa.binary(16), "sure": _FLAG, "blob": _TEXT, "here": _FLAG}
)
"""Each life by its number as the history leaves it, so that it can go on."""


@dataclass(slots=True)
class Life:
    """One article over time: its number, its latest version and blob, and whether that is what stands at its path."""

    number: int
    path: str
    version: Version
    blob: str
    here: bool = True


class Lives:
    """All lives up to some commit; `take` and `gone` add what the next commits do to one file each."""

    def __init__(self, reader: VersionReader) -> None:
        self._reader = reader
        self._lives: dict[tuple[str, str | None, str | None], Life] = {}
        self._here: dict[str, Life] = {}
        self._rows: list[tuple[Any, ...]] = []
        self._tables: list[pa.Table] = []

    def last(self, path: str) -> Version | None:
        """The current version of the life at a path; None without one."""
        life = self._here.get(path)
        return life.version if life is not None else None

    def gone(self, place: int, path: str, counts: np.ndarray[Any, Any]) -> None:
        """Record that a commit removed an article's file; nothing is done where the file was no article."""
        if path in self._here:
            counts[_FILES] += 1
            self._leave(place, path, counts)

    def take(self, place: int, path: str, blob: str, version: Version, counts: np.ndarray[Any, Any]) -> None:
        """Record the version that a commit left in a file: of the life at its path, of another, or of a new one."""
        counts[_FILES] += 1
        record = version.record
        key = (path, record.domain, record.url)
        life = self._lives.get(key)
        if life is None or not life.here:
            self._leave(place, path, counts)
            counts[_APPEARED] += 1
            kind, fields = (
                ("appeared", []) if life is None else ("returned", changed_fields(life.version.record, record))
            )
            life = self._lives.setdefault(key, Life(len(self._lives), path, version, blob))
            self._here[path] = life
            self._tell(place, life, kind, fields, record, counts)
        elif fields := changed_fields(life.version.record, record):
            self._tell(place, life, "changed", fields, record, counts)
        elif life.version.rest == version.rest:
            counts[_NOISE if life.blob != blob else _OTHER] += 1
        else:
            counts[_OTHER] += 1
        life.version, life.blob, life.here = version, blob, True

    def _leave(self, place: int, path: str, counts: np.ndarray[Any, Any]) -> None:
        """Record that the life at a path, if any, is removed."""
        life = self._here.pop(path, None)
        if life is not None:
            counts[_REMOVED] += 1
            life.here = False
            self._tell(place, life, "removed", [], life.version.record, counts)

    def _tell(
        self, place: int, life: Life, kind: str, fields: list[str], record: Record, counts: np.ndarray[Any, Any]
    ) -> None:
        for name in fields:
            counts[_PLACES[name]] += 1
        self._rows.append((life.number, place, kind, "; ".join(fields), *record[_TRACKED_FROM:]))
        if len(self._rows) >= ROWS_AT_ONCE:
            self._tables.append(_arrow_table(self._rows, ROWS))
            self._rows = []

    def rows(self) -> pa.Table:
        """The changes recorded so far (ROWS)."""
        return pa.concat_tables([*self._tables, _arrow_table(self._rows, ROWS)])

    def table(self) -> pa.Table:
        """The lives (LIVES)."""
        lives = self._lives.values()
        rows = (
            (life.path, *life.version.record, life.version.rest, life.version.sure, life.blob, life.here)
            for life in lives
        )
        return _arrow_table(rows, LIVES)

    @classmethod
    def of(cls, table: pa.Table, reader: VersionReader) -> "Lives":
        """The lives stored in a table (LIVES), ready for the commits that follow."""
        lives = cls(reader)
        for number, (path, version, blob, here) in enumerate(_stored_lives(table)):
            life = Life(number, path, version, blob, here)
            lives._lives[path, version.record.domain, version.record.url] = life
            if version.sure:
                reader.remember(version.rest, version.record)
            if here:
                lives._here[path] = life
        return lives


def _stored_lives(table: pa.Table) -> Iterator[tuple[str, Version, str, bool]]:
    columns = [table[name].to_pylist() for name in LIVES.names]
    for path, *values, rest, sure, blob, here in zip(*columns, strict=True):
        yield path, Version(Record(*values), rest, sure), blob, here


def _arrow_table(rows: Iterable[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)


_PLACES = {name: place for place, name in enumerate(COUNTED)}
_FILES, _APPEARED, _REMOVED = _PLACES["files"], _PLACES["appeared"], _PLACES["removed"]
_OTHER, _NOISE = _PLACES["other"], _PLACES["noise"]
_TRACKED_FROM = Record._fields.index("quality")
