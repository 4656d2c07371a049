"""What was parsed before, kept in the user's cache folder: one file a corpus, replaced whole or not at all.

The file is an uncompressed zip of Arrow streams (faster to read than Parquet, a third larger) and a small JSON, so
that a checksum covers every byte. A file that is damaged, foreign or written by another version of the reading code is
passed over and written anew. Only what the frames hold is in it; `secured` and `featuredContent` never are.
"""

import hashlib
import json
import logging
import os
import tempfile
import time
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from analytics.corpus.parsing.chunk import SCHEMAS, Tables
from analytics.corpus.sources.base import SourceFile
from analytics.settings import cache_folder

RACY_NS = 2_000_000_000
"""A file that changed less than this before it was listed may change again without a new time: it is read again."""

STAMP = ("path", "size", "modified_ns", "changed_ns", "number")

log = logging.getLogger(__name__)


def file_of(key: str) -> Path:
    """The cache file of a source, known by its key."""
    return cache_folder() / f"{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}.zip"


@cache
def reader_version() -> str:
    """Changes whenever the code that reads articles does, so that nothing parsed by older code is used."""
    digest = hashlib.sha256(f"{pa.__version__} {yaml.__version__}".encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def load(key: str) -> tuple[Tables, int] | None:
    """The tables kept for a source and when they were listed (ns); None when there are none that can be trusted."""
    try:
        with zipfile.ZipFile(file_of(key)) as kept:
            facts = json.loads(kept.read("facts.json"))
            if facts != {"key": key, "reader": reader_version(), "listed_ns": facts["listed_ns"]}:
                return None
            tables = {name: pa.ipc.open_stream(kept.read(name)).read_all() for name in SCHEMAS}
            if any(tables[name].schema != schema for name, schema in SCHEMAS.items()):
                return None
            return tables, int(facts["listed_ns"])
    except FileNotFoundError:
        return None
    except Exception as error:  # a damaged zip raises nearly anything: whatever it is, the files are all still there
        log.warning("The cache %s is damaged (%s): everything is read anew.", file_of(key), type(error).__name__)
        return None


def save(key: str, tables: Tables, listed_ns: int) -> None:
    """Keep the tables of a source. What cannot be written is a warning, never an error: the load goes on."""
    target = file_of(key)
    scratch = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(target.parent)
        handle, name = tempfile.mkstemp(prefix=".new-", suffix=".zip", dir=target.parent)
        scratch = Path(name)
        with os.fdopen(handle, "wb") as opened, zipfile.ZipFile(opened, "w", zipfile.ZIP_STORED) as kept:
            facts = {"key": key, "reader": reader_version(), "listed_ns": listed_ns}
            kept.writestr("facts.json", json.dumps(facts))
            for table_name in SCHEMAS:
                with (
                    kept.open(table_name, "w", force_zip64=True) as member,
                    pa.ipc.new_stream(member, SCHEMAS[table_name], options=_COMPRESSED) as stream,
                ):
                    stream.write_table(tables[table_name])
        scratch.replace(target)
    except OSError as error:
        log.warning("The cache %s was not written (%s): the next start reads everything anew.", target, error.strerror)
    finally:
        if scratch is not None:
            scratch.unlink(missing_ok=True)


def unchanged(kept: pa.Table, listed_ns: int, entries: Sequence[SourceFile]) -> pa.ChunkedArray | None:
    """Which files of a kept `files` table still stand as they were read: a mask over it, or None for all of them."""
    settled = listed_ns - RACY_NS
    now = pa.table([[entry[at] for entry in entries] for at in _STAMP_PLACES], schema=_STAMPS)
    late = pc.or_(
        pc.greater_equal(pc.max_element_wise(kept["modified_ns"], kept["changed_ns"]), settled),
        pc.equal(kept["state"], "unreadable"),
    )
    if kept.select(STAMP).equals(now) and not pc.any(late).as_py():
        return None
    stamps = {entry.path: tuple(entry[at] for at in _STAMP_PLACES[1:]) for entry in entries}
    rows = zip(*(kept[name].to_pylist() for name in STAMP), late.to_pylist(), strict=True)
    return pa.chunked_array(
        [[stamps.get(path) == tuple(stamp) and not racy for path, *stamp, racy in rows]], pa.bool_()
    )


def _sweep(where: Path) -> None:
    """Take away what loads that were killed have left, once it is a day old."""
    for path in where.glob(".new-*.zip"):
        try:
            if time.time() - path.stat().st_mtime > 86_400:
                path.unlink()
        except OSError:
            continue


_STAMPS = pa.schema([SCHEMAS["files"].field(name) for name in STAMP])
_STAMP_PLACES = [SourceFile._fields.index(name) for name in STAMP]
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")
