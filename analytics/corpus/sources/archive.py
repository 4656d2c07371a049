"""Zip and tar files: what concerns the corpus is unpacked once, within limits, to a temporary folder and read there.

The folder is this process's own and ends with it, since articles hold secrets, which no cache may keep. All members go
into one data file, so that no name in an archive ever becomes the name of a file. A member that is refused stays in the
listing: reading it tells why, and it ends as a row in `problems`.
"""

import atexit
import bz2
import contextlib
import errno
import functools
import gzip
import hashlib
import itertools
import json
import lzma
import mmap
import os
import re
import shutil
import struct
import tarfile
import tempfile
import threading
import time
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from stat import S_IFMT, S_ISDIR, S_ISLNK, S_ISREG
from typing import IO, Any, NamedTuple, cast

from analytics import settings
from analytics.corpus.limits import MAX_FILE_BYTES, UnreadableFileError
from analytics.corpus.site_profile import PROFILE_FILE
from analytics.corpus.sources.base import LEFT_OUT, Role, SourceFile, escaped_path, role, symlink_role
from analytics.errors import CorpusError
from analytics.scratch_folder import temporary_folder

MAX_MEMBERS = 2_000_000
MAX_RATIO = 200
SMALL_BYTES = 100_000_000
"""How much an archive may expand to, whatever its ratio."""

MAX_READ_BYTES = MAX_FILE_BYTES + 1
"""Of a member that is too large, so much is unpacked that reading it tells so."""

SUFFIXES = frozenset({".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".lzma", ".tlz"})
"""Names that promise an archive: such a file is never taken for an article."""

UNREAD_SUFFIXES = frozenset(
    {".7z", ".rar", ".zst", ".tzst", ".z", ".lz", ".lzo", ".lz4", ".br", ".cpio", ".cab", ".ar", ".deb", ".rpm", ".dmg"}
)
"""Names of archives of kinds that are not read."""

_UNREAD_STARTS = (
    b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd", b"\x1f\x9d", b"LZIP", b"\x04\x22\x4d\x18",
    b"070701", b"070702", b"070707", b"!<arch>\n", b"MSCF", b"xar!", b"\x89LZO\0",
)  # fmt: skip
"""How files of such kinds begin, whatever they are called: 7z, rar, zst, Z, lz, lz4, cpio, ar, cab, xar, lzo."""

_PART = re.compile(r"\.(z\d\d|\d{3}|r\d\d)", re.IGNORECASE)
"""The suffix of a part of an archive that was split."""

YOUNG_NS = 2_000_000_000
"""An archive that changed less than this ago may change again without a new time: it is unpacked for this use only."""

_DATA, _INDEX = "data", "index.json"
_UNSAFE = "unsafe_name"
_DRIVE = re.compile(r"[A-Za-z]:")
_LARGEST_SIZE = 2**63 - 1
_SYSTEM_FILES = frozenset({"__MACOSX", ".DS_Store"})
_ZIP_END, _LONGEST_ZIP_END, _NUMBER_ELSEWHERE = b"PK\x05\x06", 22 + 65_535, 0xFFFF
"""How the last entry of a zip begins, its length with the longest comment, and the number of a part that a Zip64 says
elsewhere."""

_ZIP_ENTRY, _ZIP_ENTRY_BYTES = re.compile(b"PK\x01\x02"), 46
_ZIP_UTF8, _ZIP_ENCRYPTED = 0x800, 0x1
_ZIP_OF_WINDOWS = frozenset({0, 10, 14})
"""What a zip says it was made by: MS-DOS, Windows NT, VFAT."""

_ZIP_UNICODE_PATH = 0x7075
_SEPARATING_BACKSLASH = re.compile(rb"(?<![\x80-\xff])\\")
"""A backslash that is not the second half of a Japanese or Chinese sign."""

_OPENERS: dict[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
    b"\x5d\0\0": lzma.open,
}
_BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, ArithmeticError, LookupError,
    RuntimeError,
)  # fmt: skip
"""What `zipfile` raises for bytes that are not as they should be."""

_BROKEN = (*_BROKEN_ZIP, tarfile.TarError, OSError)
"""The same for tar files and their decompressors."""


class UnpackedMember(NamedTuple):
    """A member of an unpacked archive: where its bytes are in the data file, or the code of why they are not read."""

    path: str
    role: Role
    size: int
    crc: int
    offset: int
    length: int
    code: str = ""
    value: str = ""


@dataclass(frozen=True)
class Archive:
    """A zip or tar as it was at one time; `store` is the folder that it is unpacked to."""

    path: Path
    size: int
    modified_ns: int
    version: str
    store: Path

    @property
    def name(self) -> str:
        """Name of the file."""
        return escaped_path(self.path.name)

    @property
    def key(self) -> str:
        """The absolute path."""
        return str(self.path)

    def entries(self) -> list[SourceFile]:
        """The files to read, sorted by path; time of the archive and checksum tell when one changed.

        Unpacks the archive if that was not done before. Raises CorpusError when the archive as a whole is refused.
        """
        with _UNPACKING:
            if not self.store.exists():
                _unpack(self)
        members = _index(self.store).values()
        return sorted(SourceFile(m.path, m.role, m.size, self.modified_ns, self.modified_ns, m.crc) for m in members)

    def read(self, path: str) -> bytes:
        """Bytes of one file, no more of them than tell that it is too large. Raises OSError and UnreadableFileError."""
        member = _index(self.store).get(path)
        if member is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if member.code:
            raise UnreadableFileError(member.code, value=member.value)
        with (self.store / _DATA).open("rb", buffering=0) as data:
            data.seek(member.offset)
            return data.read(member.length)


def open_archive(path: Path) -> Archive | None:
    """The archive at a path; None when it is none. Raises CorpusError for one that is damaged.

    A tar is looked for first: a zip as the last file of a plain tar would make it look like a zip.
    """
    try:
        status = path.stat()
        path.open("rb").close()
    except OSError as error:
        raise _unreadable(path, error) from error
    tar = is_tar(path)
    whole = tar or zipfile.is_zipfile(path)
    if not tar and (_is_end_of_split_zip(path) if whole else _PART.fullmatch(path.suffix)):
        raise CorpusError(
            f"{path} is one part of an archive that was split. Unpack it together with its other parts, and name the "
            "folder that you get."
        )
    if not whole:
        with path.open("rb") as file:
            unread = file.read(max(map(len, _UNREAD_STARTS))).startswith(_UNREAD_STARTS)
        if unread or path.suffix.lower() in UNREAD_SUFFIXES:
            raise CorpusError(f"{path} is an archive of a kind that is not read. Unpack it, or make a zip or tar.gz.")
        if path.suffix.lower() in SUFFIXES:
            raise _damaged(path, "neither a zip nor a tar")
        return None
    version = _digest(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    young = max(status.st_mtime_ns, status.st_ctime_ns) > time.time_ns() - YOUNG_NS
    name = _digest(version, os.urandom(16)) if young else version
    opened = Archive(path, status.st_size, status.st_mtime_ns, version, _unpacked_copies(path) / name)
    return _IN_USE.setdefault(opened.store, opened)


def _is_end_of_split_zip(path: Path) -> bool:
    """Whether a file is the last part of a split zip: its end says that other parts stand before it."""
    with path.open("rb") as opened:
        opened.seek(max(path.stat().st_size - _LONGEST_ZIP_END, 0))
        _, mark, end = opened.read().rpartition(_ZIP_END)
    number = int.from_bytes(end[:2], "little")
    return bool(mark) and 0 < number < _NUMBER_ELSEWHERE


def _digest(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogateescape")).hexdigest()[:24]


_UNPACKING = threading.Lock()
_IN_USE: weakref.WeakValueDictionary[Path, Archive] = weakref.WeakValueDictionary()
"""Archives that are being read, by the folder that they are unpacked to."""


def _unpacked_copies(path: Path) -> Path:
    """The folder of the versions of an archive that this process has unpacked; it is removed when the process ends."""
    try:
        if not _process_folder().exists():  # a system may clear its temporary files
            _process_folder.cache_clear()
        return _process_folder() / _digest(path)
    except OSError as error:
        raise _no_room(path, Path(tempfile.gettempdir()), error) from error


@functools.cache
def _process_folder() -> Path:
    shutil.rmtree(settings.cache_folder() / "archives", ignore_errors=True)  # where earlier releases unpacked to
    scratch = temporary_folder()
    folder = scratch.__enter__()
    atexit.register(scratch.__exit__, None, None, None)
    return folder


@functools.lru_cache(maxsize=4)
def _index(store: Path) -> dict[str, UnpackedMember]:
    """The members of an unpacked archive by path. Raises OSError."""
    return {row[0]: UnpackedMember(*row) for row in json.loads((store / _INDEX).read_bytes())}


def _unpack(archive: Archive) -> None:
    """Read the archive once, to its end, and put what concerns the corpus into its store. Raises CorpusError."""
    copies = archive.store.parent
    new = copies / "new"
    try:
        copies.mkdir(exist_ok=True)
        for old in copies.iterdir():
            if old not in _IN_USE:
                shutil.rmtree(old)
        new.mkdir()
        with (new / _DATA).open("wb") as data, (new / _INDEX).open("w") as index:
            json.dump(_write_members(archive, data), index)
        new.rename(archive.store)
    except OSError as error:
        raise _no_room(archive.path, copies, error) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


class _Member(NamedTuple):
    """A member as its archive declares it; `read` gives at most MAX_READ_BYTES of its content."""

    name: str
    size: int
    is_folder: bool
    code: str
    crc: int | None
    read: Callable[[], bytes]
    target: str | None = None
    """The member that it is another name of (a hard link)."""


def _write_members(archive: Archive, data: IO[bytes]) -> list[UnpackedMember]:
    """Write the content of every file that is read to `data`. Raises CorpusError."""
    most, total = max(SMALL_BYTES, MAX_RATIO * archive.size), 0
    tops: set[str] = set()
    found: list[UnpackedMember] = []
    written: dict[str, UnpackedMember] = {}
    inner = ""
    for count, member in enumerate(_members(archive, most), 1):
        if count > MAX_MEMBERS:
            raise _too_many(archive.path)
        path = safe_path(member.name)
        if path and len(tops) < 2 and (top := _top(path, is_folder=member.is_folder)) is not None:
            tops.add(top)
        kind = _role(_readable(member.name) if path is None else path, "" if member.target else member.code)
        if member.is_folder or kind is None:
            if path and PurePosixPath(path).suffix.lower() in SUFFIXES | UNREAD_SUFFIXES:
                inner = inner or escaped_path(path)
            continue
        target = safe_path(member.target) if member.target else None
        if path and target in written:
            found.append(written[target]._replace(path=escaped_path(path), role=kind))
            continue
        code, value, content = _UNSAFE if path is None else member.code, "", b""
        expected = min(member.size, MAX_READ_BYTES)
        if not code:
            total += expected
            if total > most:
                raise _too_large(archive.path)
            code, value, content = _content(archive.path, member, expected)
        crc = zlib.crc32(content) if member.crc is None and not code else member.crc or 0
        size = min(max(member.size, 0), _LARGEST_SIZE)
        offset = data.tell()
        data.write(content)
        name = escaped_path(member.name if path is None else path)
        found.append(UnpackedMember(name, kind, size, crc, offset, len(content), code, value))
        if path:
            written[path] = found[-1]
    if inner and not found:
        raise CorpusError(
            f"The archive {archive.path} holds no article but another archive ({inner}): unpack it, and name that one."
        )
    return _by_path(found, tops, last_counts=is_tar(archive.path))


def _content(archive: Path, member: _Member, expected: int) -> tuple[str, str, bytes]:
    """The content of a member, or the code and the value of the problem with it."""
    try:
        with _archive_errors(archive):
            content = member.read()
    except _DamagedMemberError as error:
        return "damaged_member", str(error)[:80], b""
    if len(content) != expected:
        return "damaged_member", f"{len(content)} bytes of {member.size}", b""
    return "", "", content


def _top(path: str, *, is_folder: bool) -> str | None:
    """The first folder of a path, `""` when it is a file at the root, None for what an operating system added."""
    top, _, rest = path.partition("/")
    if top in _SYSTEM_FILES or top.startswith("._"):  # beside a folder, macOS writes what it knows of it into a tar
        return None
    return top if rest or is_folder else ""


def _by_path(members: list[UnpackedMember], tops: set[str], *, last_counts: bool) -> list[UnpackedMember]:
    """The members with their paths in the corpus.

    Of a path that stands more than once the last is read where `last_counts`, as in a tar to which files were added
    anew (`tar -r`, `tar -u`); else no copy is.

    A single top folder is no part of the paths, unless it has a meaning of its own (`_news`, `.git`, `vendor`).
    """
    (top, *others) = tops or {""}
    plain = top and not others and top[0] not in "._" and top not in LEFT_OUT
    prefix = escaped_path(top) + "/" if plain else ""
    found: dict[str, UnpackedMember] = {}
    for member in members:
        path = member.path if member.code == _UNSAFE else member.path.removeprefix(prefix)
        if _DRIVE.match(path):  # a name that is safe only in its top folder
            path, member = member.path, member._replace(code=_UNSAFE, value="")
        if path in found and not last_counts:
            found[path] = member._replace(path=path, code="repeated_member", value="")
        else:
            found[path] = member._replace(path=path)
    return [member for path, member in found.items() if member.role != "profile" or path == PROFILE_FILE]


def safe_path(name: str) -> str | None:
    """A name in an archive as a path from its root; None when it is absolute, leads out of it or has a backslash."""
    parts = [part for part in name.split("/") if part not in {"", "."}]
    path = "/".join(parts)
    unsafe = name.startswith("/") or "\\" in name or "\0" in name or _DRIVE.match(path) or ".." in parts
    return None if unsafe else path


def _readable(name: str) -> str:
    """What an unsafe name would be if it were safe, only to tell whether it is of interest."""
    parts = _DRIVE.sub("", name.replace("\\", "/")).split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def _role(path: str, code: str) -> Role | None:
    """The role of a path; a link without a suffix may stand for a folder, as nothing in the archive tells.

    A profile may lie in the top folder, which is no part of the paths if it is the only one (`_by_path`).
    """
    last = path.rpartition("/")[2]
    if last == PROFILE_FILE and path.count("/") == 1:
        return "profile"
    return symlink_role(path, folder="." not in last) if code == "link_left_out" else role(path)


def _members(archive: Archive, most: int) -> Iterator[_Member]:
    """All members in the order of the archive. Raises CorpusError when it is damaged, changed or too large."""
    with _archive_errors(archive.path):
        status = archive.path.stat()
        if (status.st_size, status.st_mtime_ns) != (archive.size, archive.modified_ns):
            raise OSError(errno.ESTALE, "The archive changed while it was being read")
        yield from _tar_members(archive.path, most) if is_tar(archive.path) else _zip_members(archive.path)


@contextlib.contextmanager
def _archive_errors(archive: Path) -> Iterator[None]:
    """Raises CorpusError for whatever the readers of archives raise."""
    try:
        yield
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise _unreadable(archive, error) from error
        raise _damaged(archive, error) from error


class _DamagedMemberError(Exception):
    """One member cannot be read, while others can."""


def _zip_members(path: Path) -> Iterator[_Member]:
    if path.stat().st_size > MAX_MEMBERS * _ZIP_ENTRY_BYTES:
        _check_zip_count(path)
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = _zip_name(info)
            read = functools.partial(_read_zip_member, archive, info)
            yield _Member(name, info.file_size, name.endswith("/"), _zip_code(info), info.CRC, read)


def _check_zip_count(path: Path) -> None:
    """Refuse a zip with too many entries before `zipfile` makes an object of each."""
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        if any(True for _ in itertools.islice(_ZIP_ENTRY.finditer(mapped), MAX_MEMBERS, None)):
            raise _too_many(path)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name with slashes: as its field of Unicode has it, else as UTF-8, which most programs write even where they
    do not say so, else in the code page of DOS where the zip is of Windows."""
    of_windows = info.create_system in _ZIP_OF_WINDOWS
    raw = info.orig_filename.encode("utf-8" if info.flag_bits & _ZIP_UTF8 else "cp437", "surrogatepass")
    raw = _unicode_path(info.extra, raw) or raw
    if of_windows:  # Windows PowerShell 5 separates folders by backslashes, which no name of a file there can hold
        raw = _SEPARATING_BACKSLASH.sub(b"/", raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437") if of_windows else raw.decode("utf-8", "surrogateescape")


def _unicode_path(extra: bytes, raw: bytes) -> bytes | None:
    """The name as UTF-8 that a field beside the name holds (Info-ZIP, 0x7075); None where it is of another name."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _ZIP_UNICODE_PATH and len(field) > 5 and struct.unpack_from("<BL", field) == (1, zlib.crc32(raw)):
            return field[5:]
    return None


def _zip_code(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if S_ISLNK(mode):
        return "link_left_out"
    if S_IFMT(mode) and not (S_ISREG(mode) or S_ISDIR(mode)):
        return "special_member"
    return "encrypted_member" if info.flag_bits & _ZIP_ENCRYPTED else ""


def _read_zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as opened:
            return opened.read(MAX_READ_BYTES)
    except OSError as error:
        if error.errno not in {None, errno.EINVAL}:
            raise
        raise _DamagedMemberError(str(error)) from None
    except _BROKEN_ZIP as error:
        raise _DamagedMemberError(str(error)) from None


def is_tar(path: Path) -> bool:
    """Whether a file begins as a tar does, behind its compression."""
    try:
        with _decompressed(path) as raw:
            _tar(BoundedStream(raw, path, SMALL_BYTES)).close()
    except (*_BROKEN, CorpusError):
        return False
    return True


def _tar_members(path: Path, most: int) -> Iterator[_Member]:
    with _decompressed(path) as raw:
        stream = BoundedStream(raw, path, most)
        archive = _tar(stream)
        while (info := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]
            yield _Member(
                info.name,
                info.size,
                info.isdir(),
                _tar_code(info),
                None,
                functools.partial(_read_tar, stream, info),
                info.linkname if info.islnk() else None,
            )
        if stream.last != bytes(tarfile.BLOCKSIZE):
            raise tarfile.ReadError("its end is missing")
        while stream.read(MAX_READ_BYTES):
            pass


def _read_tar(stream: "BoundedStream", info: tarfile.TarInfo) -> bytes:
    """The content that follows a header; it must be read before the next one."""
    expected = min(info.size, MAX_READ_BYTES)
    content = stream.read(expected)
    if len(content) != expected:
        raise tarfile.ReadError("a file in it ends too early")
    return content


def _tar_code(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "link_left_out"
    return "special_member" if not (info.isreg() or info.isdir()) or info.issparse() else ""


def _tar(stream: "BoundedStream") -> tarfile.TarFile:
    return tarfile.TarFile(fileobj=cast(IO[bytes], stream), encoding="utf-8", errors="surrogateescape")


@contextlib.contextmanager
def _decompressed(path: Path) -> Iterator[IO[bytes]]:
    """A file as it is behind its compression, which its first bytes tell."""
    with path.open("rb") as opened:
        start = opened.read(6)
    opener = next((opener for magic, opener in _OPENERS.items() if start.startswith(magic)), open)
    with opener(path, "rb") as raw:
        yield raw


class BoundedStream:
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
        if not 0 <= size <= MAX_READ_BYTES:
            raise tarfile.ReadError(f"a header of {size} bytes")
        data = self.raw.read(size)
        self.position += len(data)
        if self.position > self.most:
            raise _too_large(self.archive)
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


def _too_many(archive: Path) -> CorpusError:
    return CorpusError(
        f"The archive {archive} holds more than {MAX_MEMBERS:,} files: unpack it and name the folder of the articles."
    )


def _too_large(archive: Path) -> CorpusError:
    return CorpusError(
        f"The archive {archive} expands to more than {MAX_RATIO} times its size, as a bomb does: nothing of it was "
        "kept. If you trust it, unpack it and name the folder."
    )


def _no_room(archive: Path, folder: Path, error: OSError) -> CorpusError:
    return CorpusError(
        f"The archive {archive} cannot be unpacked to {folder}: {error.strerror or error}. Free some room there, set "
        "TMPDIR to a roomier folder, or unpack it yourself and name the folder."
    )


def _unreadable(archive: Path, error: OSError) -> CorpusError:
    return CorpusError(f"The archive {archive} cannot be read: {error.strerror or error}.")


def _damaged(archive: Path, why: object) -> CorpusError:
    return CorpusError(
        f"The archive {archive} is damaged, cut short or of an unknown kind ({str(why) or type(why).__name__}): "
        "fetch it again, or unpack what can be saved and name that folder."
    )
