"""A folder, or a single file, as a source of a corpus."""

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from analytics.corpus.limits import MAX_FILE_BYTES, UnreadableFileError
from analytics.corpus.sources.base import LEFT_OUT, Role, SourceFile, escaped_path, role, symlink_role, unescaped_path
from analytics.errors import CorpusError

_LARGEST = 2**63 - 1
_USUAL_BYTES = 64 * 1024
"""Room for nearly every article: to make room for the largest each time takes longer than to read one."""


@dataclass(frozen=True)
class Folder:
    """A folder at any depth, or a single file in it."""

    root: Path
    only: str | None = None

    @property
    def name(self) -> str:
        """Name of the folder or of the single file."""
        return escaped_path(self.only or self.root.name or str(self.root))

    @property
    def key(self) -> str:
        """The absolute path."""
        return str(self.root / (self.only or ""))

    @property
    def version(self) -> None:
        """None: only the listing tells one state from another."""

    def entries(self) -> list[SourceFile]:
        """The files to read, sorted by path.

        A link is not followed, and a file or folder may be one that cannot be looked at: both are among them, so that
        reading tells why. Raises CorpusError when the root cannot be looked at.
        """
        return sorted(self._walk() if self.only is None else [_entry(self.only, "article", self.root / self.only)])

    def _walk(self) -> Iterator[SourceFile]:
        folders = [""]
        while folders:
            prefix = folders.pop()
            try:
                with os.scandir(self.root / prefix) as found:
                    items = list(found)
            except OSError as error:
                if not prefix:
                    raise CorpusError(f"The folder {self.root} cannot be read: {error.strerror}.") from error
                yield SourceFile(escaped_path(prefix.rstrip("/")), "article", 0, 0, 0)
                continue
            for item in items:
                path = prefix + item.name
                if item.is_dir(follow_symlinks=False):
                    if not item.name.startswith(".") and item.name not in LEFT_OUT:
                        folders.append(path + "/")
                elif (kind := _item_role(path, item)) is not None:
                    yield _entry(path, kind, item)

    def file_of(self, path: str) -> str:
        """Where a path of the corpus is on the disk; its name may hold bytes that are not text (`escaped_path`)."""
        name = unescaped_path(path) if "\\x" in path else path
        return f"{self.root}/{name}"

    def read(self, path: str) -> bytes:
        """Bytes of one file, no more of them than tell that it is too large. Raises OSError and UnreadableFileError."""
        file = self.file_of(path)
        mode = os.lstat(file).st_mode
        if not S_ISREG(mode):
            if S_ISDIR(mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            raise UnreadableFileError("link_left_out" if S_ISLNK(mode) else "special_member")
        with open(file, "rb") as opened:  # noqa: PTH123
            data = opened.read(_USUAL_BYTES)
            return data if len(data) < _USUAL_BYTES else data + opened.read(MAX_FILE_BYTES + 1 - _USUAL_BYTES)


def _entry(path: str, kind: Role, file: Path | os.DirEntry[str]) -> SourceFile:
    try:
        status = file.stat(follow_symlinks=False)
    except OSError:
        return SourceFile(escaped_path(path), kind, 0, 0, 0)
    return SourceFile(
        escaped_path(path),
        kind,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino & _LARGEST,
    )


def _item_role(path: str, item: os.DirEntry[str]) -> Role | None:
    if item.is_symlink():
        return symlink_role(path, folder=os.path.isdir(item))  # noqa: PTH112 - pathlib raises where this says no
    return role(path)
