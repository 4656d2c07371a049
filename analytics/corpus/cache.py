"""Cache of parsed tables in the user's cache folder: one file a corpus, replaced atomically.

The file is an uncompressed zip of Arrow streams (faster to read than Parquet, a third larger) and a small JSON, so
that a checksum covers every byte. A file that is damaged, foreign or written by another version of the reading code is
passed over and written anew. Only what the frames hold is in it; `secured` and `featuredContent` never are.
"""

import hashlib
import json
import logging
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from analytics import text_normalisation
from analytics.atomic_write import atomic_replace, open_new_file
from analytics.corpus.parsing.files_to_tables import SCHEMAS, Tables
from analytics.corpus.sources.base import SourceFile
from analytics.settings import cache_folder

RACY_NS = 2_000_000_000
"""A file that changed less than this before it was listed may change again without a new time: it is read again."""

STAMP = ("path", "size", "modified_ns", "changed_ns", "number")

log = logging.getLogger(__name__)


def cache_file(key: str) -> Path:
    """Path of the cache file of a source."""
    return cache_folder() / f"{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:24]}.zip"


@cache
def reader_version() -> str:
    """Digest of the code that reads articles: what older code parsed is not used."""
    digest = hashlib.sha256(f"{pa.__version__} {yaml.__version__}".encode())
    for path in (*sorted(Path(__file__).parent.rglob("*.py")), Path(text_normalisation.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def load(key: str, reading: str = "") -> tuple[Tables, int] | None:
    """Cached tables of a source and the time of its listing (ns); None when there is no valid cache.

    `reading` is the key of the reading that the tables must have been parsed under (`profile.ReadingSettings`).
    """
    try:
        with zipfile.ZipFile(cache_file(key)) as archive:
            facts = json.loads(archive.read("facts.json"))
            if facts != _facts(key, reading, facts["listed_ns"]):
                return None
            tables = {name: pa.ipc.open_stream(archive.read(name)).read_all() for name in SCHEMAS}
            if any(tables[name].schema != schema for name, schema in SCHEMAS.items()):
                return None
            return tables, int(facts["listed_ns"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except Exception as error:  # a damaged zip raises nearly anything: whatever it is, the files are all still there
        log.warning("The cache %s is damaged (%s): everything is read anew.", cache_file(key), type(error).__name__)
        return None


def _facts(key: str, reading: str, listed_ns: int) -> dict[str, object]:
    return {"key": key, "reader": reader_version(), "reading": reading, "listed_ns": listed_ns}


def save(key: str, tables: Tables, listed_ns: int, reading: str = "") -> None:
    """Write the cache of a source. What cannot be written is a warning, never an error: the load goes on."""
    target = cache_file(key)
    facts = _facts(key, reading, listed_ns)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (
            atomic_replace(target) as (new,),
            open_new_file(new, mode=0o600) as opened,
            zipfile.ZipFile(opened, "w", zipfile.ZIP_STORED) as archive,
        ):
            archive.writestr("facts.json", json.dumps(facts))
            for name, schema in SCHEMAS.items():
                with (
                    archive.open(name, "w", force_zip64=True) as member,
                    pa.ipc.new_stream(member, schema, options=_COMPRESSED) as stream,
                ):
                    stream.write_table(tables[name])
    except (FileExistsError, NotADirectoryError):
        log.warning("The cache folder %s is a file: the next start reads everything anew.", target.parent)
    except OSError as error:
        log.warning("The cache %s was not written (%s): the next start reads everything anew.", target, error.strerror)


def unchanged_mask_or_none(cached: pa.Table, listed_ns: int, entries: Sequence[SourceFile]) -> pa.ChunkedArray | None:
    """Mask over a cached `files` table: true for files that have not changed since; None when none has."""
    settled = listed_ns - RACY_NS
    now = pa.table([[entry[at] for entry in entries] for at in _STAMP_PLACES], schema=_STAMPS)
    late = pc.or_(
        pc.greater_equal(pc.max_element_wise(cached["modified_ns"], cached["changed_ns"]), settled),
        pc.equal(cached["state"], "unreadable"),
    )
    if cached.select(STAMP).equals(now) and not pc.any(late).as_py():
        return None
    stamps = {entry.path: tuple(entry[at] for at in _STAMP_PLACES[1:]) for entry in entries}
    rows = zip(*(cached[name].to_pylist() for name in STAMP), late.to_pylist(), strict=True)
    return pa.chunked_array(
        [[stamps.get(path) == tuple(stamp) and not racy for path, *stamp, racy in rows]], pa.bool_()
    )


_STAMPS = pa.schema([SCHEMAS["files"].field(name) for name in STAMP])
_STAMP_PLACES = [SourceFile._fields.index(name) for name in STAMP]
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")
