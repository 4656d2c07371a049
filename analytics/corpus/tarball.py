"""Tar files as sources of a corpus.

A compressed tar can only be read from its start, so it is read once, in one pass: the articles and taxonomy files go
into a private temporary database, from which any process then takes each file by its path. It holds nothing else of
the tar, of a file at most what tells that it is too large, and goes away with the source, also after an error and at
the end of the program; what a killed program leaves is taken away a day later. In memory there are one file at a time
and the listing.
"""

import contextlib
import errno
import functools
import lzma
import os
import shutil
import sqlite3
import struct
import tarfile
import tempfile
import time
import weakref
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from analytics.corpus import members
from analytics.corpus.forward import MOST_AT_ONCE, Forward, decompressed
from analytics.corpus.front_matter import FrontMatterError
from analytics.corpus.members import Listing, Member
from analytics.corpus.sources import Entry, shown
from analytics.errors import CorpusError

_FOLDER = "article-analytics-tar-"
_DAY = 86_400
_BROKEN = (
    tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, ValueError, ArithmeticError,
    LookupError, RuntimeError,
)  # fmt: skip
"""What `tarfile` and the decompressors raise for bytes that are not as they should be."""


@dataclass(frozen=True)
class Tar:
    """A tar file, plain or compressed, as it was at one time; `store` is the database it is unpacked to."""

    path: Path
    size: int
    changed_ns: int
    store: Path

    @property
    def name(self) -> str:
        """Name of the file."""
        return shown(self.path.name)

    @property
    def key(self) -> str:
        """The absolute path."""
        return str(self.path)

    def entries(self) -> list[Entry]:
        """The files to read, sorted by path. Raises CorpusError when the tar cannot be read to its end."""
        if not self.store.exists():
            _unpack(self)
        rows = _opened(self.store).connection.execute("SELECT * FROM names")
        return sorted(Member(*row).entry(self.changed_ns) for row in rows)

    def read(self, path: str) -> bytes:
        """Bytes of one file that `entries` named. Raises OSError and FrontMatterError."""
        query = "SELECT fault, data FROM names LEFT JOIN contents USING (place) WHERE path = ?"
        row = _opened(self.store).connection.execute(query, (path,)).fetchone()
        if row is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        fault, data = row
        if fault:
            raise FrontMatterError(fault)
        return bytes(data)


def is_tar(path: Path) -> bool:
    """Whether a file begins as a tar does, behind its compression."""
    try:
        with decompressed(path) as raw:
            _tar(Forward(raw, path, members.SMALL_BYTES)).close()
    except (*_BROKEN, CorpusError):
        return False
    return True


def open_tar(path: Path) -> Tar:
    """A tar with a temporary folder of its own, which goes when the source does."""
    with contextlib.suppress(OSError):
        for left in Path(tempfile.gettempdir()).glob(_FOLDER + "*"):
            if time.time() - left.stat().st_mtime > _DAY:
                shutil.rmtree(left, ignore_errors=True)
    status = path.stat()
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
    source = Tar(path, status.st_size, status.st_mtime_ns, folder / "unpacked.sqlite")
    weakref.finalize(source, _remove, folder)
    return source


def _remove(folder: Path) -> None:
    _opened.cache_clear()
    shutil.rmtree(folder, ignore_errors=True)


class _Store:
    """A connection that closes with the last one who holds it."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise FileNotFoundError(errno.ENOENT, "The archive is not unpacked", str(path))
        self.connection = sqlite3.connect(path, check_same_thread=False)

    def __del__(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()


@functools.lru_cache(maxsize=4)
def _opened(store: Path) -> _Store:
    return _Store(store)


def _unpack(source: Tar) -> None:
    """Read the tar once, to its end, and put what concerns the corpus into the database."""
    scratch = source.store.with_suffix(".new")
    scratch.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(scratch)) as store, decompressed(source.path) as raw:
            store.execute("PRAGMA journal_mode = OFF")
            store.execute("CREATE TABLE contents (place INTEGER PRIMARY KEY, data BLOB)")
            store.execute("CREATE TABLE names (path TEXT PRIMARY KEY, role, size, crc, place, fault) WITHOUT ROWID")
            found = _fill(store, Forward(raw, source.path, members.most_bytes(source.size)), Listing(source.path))
            store.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?)", found.by_path().values())
            store.commit()
    except sqlite3.Error as error:
        raise CorpusError(
            f"The archive {source.path} cannot be unpacked to {source.store.parent}: {error}. Free some room there, "
            "set TMPDIR to a roomier folder, or unpack it yourself and name the folder."
        ) from error
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise members.unreadable(source.path, error) from error
        raise members.damaged(source.path, error) from error
    scratch.rename(source.store)


def _fill(store: sqlite3.Connection, stream: "Forward", listing: Listing) -> Listing:
    """Put the bytes of every file that is read into `contents`, and note all members."""
    archive = _tar(stream)
    while (info := archive.next()) is not None:
        archive.members.clear()  # type: ignore[attr-defined]
        member = listing.add(info.name, info.size, 0, folder=info.isdir(), fault=_fault(info))
        if member is not None and not member.fault:
            data = stream.read(min(info.size, MOST_AT_ONCE))
            if len(data) != min(info.size, MOST_AT_ONCE):
                raise tarfile.ReadError("a file in it ends too early")
            listing.members[-1] = member._replace(crc=zlib.crc32(data))
            store.execute("INSERT INTO contents VALUES (?, ?)", (member.place, data))
    if stream.last != bytes(tarfile.BLOCKSIZE):
        raise tarfile.ReadError("its end is missing")
    while stream.read(MOST_AT_ONCE):
        pass
    return listing


def _fault(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "link_left_out"
    return "special_member" if not (info.isreg() or info.isdir()) or info.issparse() else ""


def _tar(stream: "Forward") -> tarfile.TarFile:
    return tarfile.TarFile(fileobj=cast(IO[bytes], stream), encoding="utf-8", errors="surrogateescape")
