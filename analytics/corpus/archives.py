"""Zip and tar files as sources of a corpus, told by their content.

A zip is read in place: each process opens it once and goes to each file directly.
"""

import errno
import functools
import lzma
import mmap
import os
import re
import struct
import weakref
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from stat import S_IFMT, S_ISDIR, S_ISLNK, S_ISREG

from analytics.corpus import members, tarball
from analytics.corpus.front_matter import MAX_FILE_BYTES, FrontMatterError
from analytics.corpus.members import Listing, Member
from analytics.corpus.sources import Entry, Source, shown

SUFFIXES = frozenset({".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".lzma", ".tlz"})
"""Names that promise an archive: such a file is never taken for an article."""

_ENTRY_SIGNATURE, _ENTRY_BYTES = re.compile(b"PK\x01\x02"), 46
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_BROKEN = (
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
        raise members.unreadable(path, error) from error
    if tarball.is_tar(path):
        return tarball.open_tar(path)
    if zipfile.is_zipfile(path):
        status = path.stat()
        source = Zip(path, status.st_size, status.st_mtime_ns)
        weakref.finalize(source, _contents.cache_clear)
        return source
    if path.suffix.lower() in SUFFIXES:
        raise members.damaged(path, "neither a zip nor a tar")
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
            raise members.unreadable(self.path, error) from error
        except _BROKEN as error:
            raise members.damaged(self.path, error) from error
        if members.bytes_read(found) > members.most_bytes(self.size):
            raise members.too_large(self.path)
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
        except _BROKEN as error:
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
    if size > members.MAX_MEMBERS * _ENTRY_BYTES:
        _check_count(path)
    archive = zipfile.ZipFile(path)
    listing = Listing(path)
    for info in archive.infolist():
        name = _name(info)
        listing.add(name, info.file_size, info.CRC, folder=name.endswith("/"), fault=_fault(info))
    return _Contents(archive, archive.infolist(), listing.by_path())


def _check_count(path: Path) -> None:
    """Refuse a zip with too many entries before `zipfile` makes an object of each."""
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        if sum(1 for _ in _ENTRY_SIGNATURE.finditer(mapped)) > members.MAX_MEMBERS:
            raise members.too_many(path)


def _name(info: zipfile.ZipInfo) -> str:
    """The name as UTF-8, which most programs write even where they do not say so."""
    if info.flag_bits & _UTF8_NAME:
        return info.orig_filename
    return info.orig_filename.encode("cp437").decode("utf-8", "surrogateescape")


def _fault(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if S_ISLNK(mode):
        return "link_left_out"
    if S_IFMT(mode) and not (S_ISREG(mode) or S_ISDIR(mode)):
        return "special_member"
    return "encrypted_member" if info.flag_bits & _ENCRYPTED else ""
