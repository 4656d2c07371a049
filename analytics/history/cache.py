"""Cache of histories as Parquet files in the user's cache folder: one folder a history, replaced atomically.

`facts.json` holds the checksums of the other files. What is damaged, foreign or written by other code is ignored and
written anew. Only what the tables hold is in it; `secured` and `featuredContent` never are.
"""

import hashlib
import json
import logging
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.atomic_write import atomic_replace
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


class ArrowHistory(NamedTuple):
    """A history as Arrow tables: rows by life, lives, and commits."""

    rows: pa.Table
    lives: pa.Table
    commits: pa.Table

    @property
    def head(self) -> str:
        """The last commit."""
        return str(self.commits["commit"][-1])


def cache_folder_of(key: str) -> Path:
    """Path of the cache folder of a history."""
    return cache_folder() / f"history-{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}"


def load(key: str) -> ArrowHistory | None:
    """Cached history; None when there is no valid cache."""
    folder = cache_folder_of(key)
    try:
        facts = json.loads((folder / FACTS).read_bytes())
        if (facts["key"], facts["reader"]) != (key, cache.reader_version()):
            return None
        return ArrowHistory(
            *(_read(folder / f"{name}.parquet", facts[name], schema) for name, schema in _SCHEMAS.items())
        )
    except FileNotFoundError:
        return None
    except Exception as error:  # whatever is wrong with what is kept, the repository is still there
        log.warning("The cache %s is damaged (%s): the history is read anew.", folder, type(error).__name__)
        return None


def save(key: str, history: ArrowHistory) -> None:
    """Write the cache of a history. What cannot be written is a warning, never an error: the load goes on."""
    folder = cache_folder_of(key)
    facts: dict[str, str] = {"key": key, "reader": cache.reader_version()}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with atomic_replace(folder) as (new,):
            new.mkdir(mode=0o700)
            for name in _SCHEMAS:
                pq.write_table(getattr(history, name), new / f"{name}.parquet", compression="lz4")
                facts[name] = hashlib.sha256((new / f"{name}.parquet").read_bytes()).hexdigest()
            (new / FACTS).write_text(json.dumps(facts))
    except OSError as error:
        log.warning("The cache %s was not written (%s): the next start reads everything anew.", folder, error.strerror)


def _read(path: Path, digest: str, schema: pa.Schema) -> pa.Table:
    """A cached table. Raises ValueError when the file is not the one that was written."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(path.name)
    return pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False).cast(schema)
