"""What the files in a zip or tar are to the corpus: safe names, places below the root, and why one is not read.

A file that is refused stays in the listing, so that reading it tells why and it ends as a row in `problems`.
"""

import bz2
import contextlib
import errno
import functools
import gzip
import lzma
import mmap
import os
import re
import shutil
import sqlite3
import struct
import tarfile
import tempfile
import time
import weakref
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IFMT, S_ISDIR, S_ISLNK, S_ISREG
from typing import IO, Any, NamedTuple, cast

from analytics.corpus.limits import MAX_FILE_BYTES, FrontMatterError
from analytics.corpus.sources.base import LEFT_OUT, Entry, Role, Source, link_role, role, shown
from analytics.errors import CorpusError

MAX_MEMBERS = 2_000_000
MAX_RATIO = 200
SMALL_BYTES = 100_000_000
"""How much an archive may expand to, whatever its ratio."""

UNSAFE = "unsafe_name"
_DRIVE = re.compile(r"[A-Za-z]:")
_LARGEST = 2**63 - 1
_JUNK = frozenset({"__MACOSX", ".DS_Store"})


class Member(NamedTuple):
    """A file of an archive that concerns the corpus: `place` is where its bytes are, `fault` why they are not read."""

    path: str
    role: Role
    size: int
    crc: int
    place: int
    fault: str = ""

    def entry(self, changed_ns: int) -> Entry:
        """As the corpus lists it: the time of the archive and the checksum tell when it changed."""
        return Entry(self.path, self.role, self.size, changed_ns, changed_ns, self.crc)


@dataclass
class Listing:
    """Gathers the members of an archive; what all of them share as their only top folder is no part of their paths.

    A folder that has a meaning of its own (`_news`, `.git`, `vendor`) always stays.
    """

    archive: Path
    count: int = 0
    tops: set[str] = field(default_factory=set)
    members: list[Member] = field(default_factory=list)

    def add(self, name: str, size: int, crc: int, *, folder: bool = False, fault: str = "") -> Member | None:
        """Note a member under its name; None when the corpus has no use for it. Raises CorpusError at the limit."""
        self.count += 1
        if self.count > MAX_MEMBERS:
            raise too_many(self.archive)
        path = safe_path(name)
        if path is not None:
            self._see(path, folder=folder)
        kind = _kind(path if path is not None else _readable(name), fault)
        if folder or kind is None:
            return None
        if path is None:
            path, fault = name, UNSAFE
        member = Member(shown(path), kind, min(max(size, 0), _LARGEST), crc, self.count - 1, fault)
        self.members.append(member)
        return member

    def _see(self, path: str, *, folder: bool) -> None:
        top, _, rest = path.partition("/")
        if top and top not in _JUNK and len(self.tops) < 2:
            self.tops.add(top if rest or folder else "")

    def by_path(self) -> dict[str, Member]:
        """The members by their paths from the root; a path that stands more than once is a fault, none is preferred."""
        (top, *others) = self.tops or {""}
        plain = top and not others and top[0] not in "._" and top not in LEFT_OUT
        prefix = shown(top) + "/" if plain else ""
        found: dict[str, Member] = {}
        for member in self.members:
            path = member.path if member.fault == UNSAFE else member.path.removeprefix(prefix)
            fault = "repeated_member" if path in found else member.fault
            found[path] = member._replace(path=path, fault=fault)
        return found


def safe_path(name: str) -> str | None:
    """A name in an archive as a path from its root; None when it is absolute, leads out of it or has a backslash."""
    if name.startswith("/") or "\\" in name or "\0" in name or _DRIVE.match(name):
        return None
    parts = [part for part in name.split("/") if part not in {"", "."}]
    return None if ".." in parts else "/".join(parts)


def _readable(name: str) -> str:
    """What an unsafe name would be if it were safe, only to tell whether it is of interest."""
    parts = _DRIVE.sub("", name.replace("\\", "/")).split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def _kind(path: str, fault: str) -> Role | None:
    """The role of a path; a link without a suffix may stand for a folder, as nothing in the archive tells."""
    last = path.rpartition("/")[2]
    return link_role(path, folder="." not in last) if fault == "link_left_out" else role(path)


def most_bytes(archive_size: int) -> int:
    """How many bytes an archive may expand to."""
    return max(SMALL_BYTES, MAX_RATIO * archive_size)


def bytes_read(members: Iterable[Member]) -> int:
    """How many bytes reading every member brings into memory, one after the other."""
    return sum(min(member.size, MAX_FILE_BYTES + 1) for member in members if not member.fault)


def too_many(archive: Path) -> CorpusError:
    """For an archive with too many members."""
    return CorpusError(
        f"The archive {archive} holds more than {MAX_MEMBERS:,} files: unpack it and name the folder of the articles."
    )


def too_large(archive: Path) -> CorpusError:
    """For an archive that expands beyond reason."""
    return CorpusError(
        f"The archive {archive} expands to more than {MAX_RATIO} times its size, as a bomb does: nothing of it was "
        "kept. If you trust it, unpack it and name the folder."
    )


def unreadable(archive: Path, error: OSError) -> CorpusError:
    """For an archive that the disk does not give."""
    return CorpusError(f"The archive {archive} cannot be read: {error.strerror or error}.")


def damaged(archive: Path, why: object) -> CorpusError:
    """For an archive that cannot be read to its end."""
    return CorpusError(
        f"The archive {archive} is damaged, cut short or of an unknown kind ({str(why) or type(why).__name__}): "
        "fetch it again, or unpack what can be saved and name that folder."
    )


MOST_AT_ONCE = MAX_FILE_BYTES + 1
_OPENERS: dict[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
    b"\x5d\0\0": lzma.open,
}


@contextlib.contextmanager
def decompressed(path: Path) -> Iterator[IO[bytes]]:
    """A file as it is behind its compression, which its first bytes tell."""
    with path.open("rb") as opened:
        start = opened.read(6)
    opener = next((opener for magic, opener in _OPENERS.items() if start.startswith(magic)), open)
    with opener(path, "rb") as raw:
        yield raw


class Forward:
    """What `tarfile` reads: the decompressed bytes, counted, only forward and never many at once.

    So neither a bomb, nor a header that claims to be huge, nor one that points back takes memory or time. `last` is
    what the last read gave.
    """

    def __init__(self, raw: IO[bytes], archive: Path, most: int) -> None:
        self.raw, self.archive, self.most = raw, archive, most
        self.position = 0
        self.last = b""

    def read(self, size: int) -> bytes:
        """The next bytes. Raises CorpusError beyond the limit of expansion."""
        if not 0 <= size <= MOST_AT_ONCE:
            raise tarfile.ReadError(f"a header of {size} bytes")
        data = self.raw.read(size)
        self.position += len(data)
        if self.position > self.most:
            raise too_large(self.archive)
        self.last = data
        return data

    def tell(self) -> int:
        """How many bytes were read."""
        return self.position

    def seek(self, position: int) -> None:
        """Read on to a position, or to the end if that comes first."""
        if position < self.position:
            raise tarfile.ReadError("a header that points back")
        while self.position < position and self.read(min(position - self.position, 1 << 16)):
            pass


_FOLDER = "article-analytics-tar-"
_DAY = 86_400
_BROKEN_TAR = (
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
            _tar(Forward(raw, path, SMALL_BYTES)).close()
    except (*_BROKEN_TAR, CorpusError):
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
            found = _fill(store, Forward(raw, source.path, most_bytes(source.size)), Listing(source.path))
            store.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?)", found.by_path().values())
            store.commit()
    except sqlite3.Error as error:
        raise CorpusError(
            f"The archive {source.path} cannot be unpacked to {source.store.parent}: {error}. Free some room there, "
            "set TMPDIR to a roomier folder, or unpack it yourself and name the folder."
        ) from error
    except _BROKEN_TAR as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise unreadable(source.path, error) from error
        raise damaged(source.path, error) from error
    scratch.rename(source.store)


def _fill(store: sqlite3.Connection, stream: "Forward", listing: Listing) -> Listing:
    """Put the bytes of every file that is read into `contents`, and note all members."""
    archive = _tar(stream)
    while (info := archive.next()) is not None:
        archive.members.clear()  # type: ignore[attr-defined]
        member = listing.add(info.name, info.size, 0, folder=info.isdir(), fault=_tar_fault(info))
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


def _tar_fault(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "link_left_out"
    return "special_member" if not (info.isreg() or info.isdir()) or info.issparse() else ""


def _tar(stream: "Forward") -> tarfile.TarFile:
    return tarfile.TarFile(fileobj=cast(IO[bytes], stream), encoding="utf-8", errors="surrogateescape")


SUFFIXES = frozenset({".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".lzma", ".tlz"})
"""Names that promise an archive: such a file is never taken for an article."""

_ENTRY_SIGNATURE, _ENTRY_BYTES = re.compile(b"PK\x01\x02"), 46
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, ArithmeticError, LookupError,
    RuntimeError,
)  # fmt: skip
"""What `zipfile` raises for bytes that are not as they should be."""


def open_archive(path: Path) -> Source | None:
    """The archive at a path; None when it is none. Raises CorpusError for one that is damaged.

    A tar is looked for first: a zip as the last file of a plain tar would make it look like a zip.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        raise unreadable(path, error) from error
    if is_tar(path):
        return open_tar(path)
    if zipfile.is_zipfile(path):
        status = path.stat()
        source = Zip(path, status.st_size, status.st_mtime_ns)
        weakref.finalize(source, _contents.cache_clear)
        return source
    if path.suffix.lower() in SUFFIXES:
        raise damaged(path, "neither a zip nor a tar")
    return None


@dataclass(frozen=True)
class Zip:
    """A zip file as it was at one time: its size and its time of change."""

    path: Path
    size: int
    changed_ns: int

    @property
    def name(self) -> str:
        """Name of the file."""
        return shown(self.path.name)

    @property
    def key(self) -> str:
        """The absolute path."""
        return str(self.path)

    def entries(self) -> list[Entry]:
        """The files to read, sorted by path. Raises CorpusError when the zip as a whole cannot be read."""
        try:
            found = _contents(self.path, self.size, self.changed_ns).members.values()
        except OSError as error:
            raise unreadable(self.path, error) from error
        except _BROKEN_ZIP as error:
            raise damaged(self.path, error) from error
        if bytes_read(found) > most_bytes(self.size):
            raise too_large(self.path)
        return sorted(member.entry(self.changed_ns) for member in found)

    def read(self, path: str) -> bytes:
        """Bytes of one file, no more of them than tell that it is too large. Raises OSError and FrontMatterError."""
        contents = _contents(self.path, self.size, self.changed_ns)
        member = contents.members.get(path)
        if member is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if member.fault:
            raise FrontMatterError(member.fault)
        try:
            with contents.archive.open(contents.infos[member.place]) as opened:
                data = opened.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            if error.errno not in {None, errno.EINVAL}:
                raise
            raise FrontMatterError("damaged_member", value=str(error)[:80]) from None
        except _BROKEN_ZIP as error:
            raise FrontMatterError("damaged_member", value=str(error)[:80]) from None
        if len(data) != min(member.size, MAX_FILE_BYTES + 1):
            raise FrontMatterError("damaged_member", value=f"{len(data)} bytes of {member.size}")
        return data


@dataclass(frozen=True, eq=False)
class _Contents:
    archive: zipfile.ZipFile
    infos: list[zipfile.ZipInfo]
    members: dict[str, Member]


@functools.lru_cache(maxsize=4)
def _contents(path: Path, size: int, changed_ns: int) -> _Contents:
    """An open zip and its files, once in each process. It closes with the last one who holds it."""
    status = path.stat()
    if (status.st_size, status.st_mtime_ns) != (size, changed_ns):
        raise OSError(errno.ESTALE, "The archive changed while it was being read")
    if size > MAX_MEMBERS * _ENTRY_BYTES:
        _check_count(path)
    archive = zipfile.ZipFile(path)
    listing = Listing(path)
    for info in archive.infolist():
        name = _name(info)
        listing.add(name, info.file_size, info.CRC, folder=name.endswith("/"), fault=_zip_fault(info))
    return _Contents(archive, archive.infolist(), listing.by_path())


def _check_count(path: Path) -> None:
    """Refuse a zip with too many entries before `zipfile` makes an object of each."""
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        if sum(1 for _ in _ENTRY_SIGNATURE.finditer(mapped)) > MAX_MEMBERS:
            raise too_many(path)


def _name(info: zipfile.ZipInfo) -> str:
    """The name as UTF-8, which most programs write even where they do not say so."""
    if info.flag_bits & _UTF8_NAME:
        return info.orig_filename
    return info.orig_filename.encode("cp437").decode("utf-8", "surrogateescape")


def _zip_fault(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if S_ISLNK(mode):
        return "link_left_out"
    if S_IFMT(mode) and not (S_ISREG(mode) or S_ISDIR(mode)):
        return "special_member"
    return "encrypted_member" if info.flag_bits & _ENCRYPTED else ""
