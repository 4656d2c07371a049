"""Histories that were read before, in Parquet in the cache folder: one folder a history, replaced whole or not at all.

`facts.json` comes last and names the other files with their checksums: without it they are nothing, and it is replaced
in one step. What is damaged, foreign or written by other code is passed over and written anew. Only what the tables
hold is in it; `secured` and `featuredContent` never are.
"""

import hashlib
import json
import logging
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.corpus import cache
from analytics.history.lives import COUNTED, LIVES, ROWS
from analytics.settings import cache_folder

FACTS = "facts.json"

COMMITS = pa.schema(
    {"commit": pa.large_string(), "committed_at": pa.timestamp("us", "UTC")} | dict.fromkeys(COUNTED, pa.int64())
)
"""The commits of a history in its order."""

_SCHEMAS = {"rows": ROWS, "lives": LIVES, "commits": COMMITS}

log = logging.getLogger(__name__)


class HistoryTables(NamedTuple):
    """A history up to the last of its commits, as tables: rows by their lives, and the commits."""

    rows: pa.Table
    lives: pa.Table
    commits: pa.Table

    @property
    def head(self) -> str:
        """The last commit."""
        return str(self.commits["commit"][-1])


def folder_of(key: str) -> Path:
    """The folder that keeps a history, known by its key."""
    return cache_folder() / f"history-{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}"


def load(key: str) -> HistoryTables | None:
    """What is kept of a history; None when there is nothing that can be trusted."""
    where = folder_of(key)
    try:
        facts = json.loads((where / FACTS).read_bytes())
        if (facts["key"], facts["reader"]) != (key, cache.reader_version()):
            return None
        return HistoryTables(*(_read(where, facts[name], schema) for name, schema in _SCHEMAS.items()))
    except FileNotFoundError:
        return None
    except Exception as error:  # whatever is wrong with what is kept, the repository is still there
        log.warning("The cache %s is damaged (%s): the history is read anew.", where, type(error).__name__)
        return None


def save(key: str, kept: HistoryTables) -> None:
    """Keep a history. What cannot be written is a warning, never an error: the load goes on."""
    where = folder_of(key)
    facts: dict[str, object] = {"key": key, "reader": cache.reader_version()}
    try:
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=where) as scratch:
            for name in _SCHEMAS:
                facts[name] = _write(Path(scratch), where, name, getattr(kept, name))
            written = Path(scratch) / FACTS
            written.write_text(json.dumps(facts))
            written.replace(where / FACTS)
        _sweep(where, facts)
    except OSError as error:
        log.warning("The cache %s was not written (%s): the next start reads everything anew.", where, error.strerror)


def _read(where: Path, named: tuple[str, str], schema: pa.Schema) -> pa.Table:
    name, digest = named
    data = (where / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(name)
    return pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False).cast(schema)


def _write(scratch: Path, where: Path, name: str, table: pa.Table) -> tuple[str, str]:
    """Write a table; the file's name and its digest, of which the name is a part."""
    written = scratch / name
    pq.write_table(table, written, compression="lz4")
    digest = hashlib.sha256(written.read_bytes()).hexdigest()
    target = f"{name}-{digest[:16]}.parquet"
    written.replace(where / target)
    return target, digest


def _sweep(where: Path, facts: dict[str, object]) -> None:
    """Take away what earlier histories and loads that were killed have left."""
    current = {FACTS, *(str(kept[0]) for kept in facts.values() if isinstance(kept, tuple))}
    for path in where.iterdir():
        if path.name not in current:
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
