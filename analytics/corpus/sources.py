"""Where articles come from: what files a source holds, and their bytes."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple, Protocol

from analytics.corpus.front_matter import MAX_FILE_BYTES
from analytics.errors import CorpusError

ARTICLE_SUFFIXES = frozenset({".md", ".markdown", ".html"})
LEFT_OUT = frozenset({"_site", "node_modules", "vendor", "assets"})

Role = Literal["article", "topic", "organisation"]


class Entry(NamedTuple):
    """One file that the program reads; the two times, of its content and of the file itself, tell when it changed."""

    path: str
    role: Role
    size: int
    modified_ns: int
    changed_ns: int


class Source(Protocol):
    """A place that holds files; cheap to pickle, so that worker processes read from it themselves."""

    @property
    def name(self) -> str:
        """What a person calls the source."""

    @property
    def key(self) -> str:
        """What tells this source from any other: its cache goes by it."""

    def entries(self) -> list[Entry]:
        """The files to read, sorted by path."""

    def read(self, path: str) -> bytes:
        """Bytes of one file. Raises OSError."""


def role(path: str) -> Role | None:
    """What a file is to the corpus: an article, a part of the taxonomy, or nothing that is read."""
    pure = PurePosixPath(path)
    folders = pure.parts[:-1]
    suffix = pure.suffix.lower()
    if pure.name.startswith(".") or any(part in LEFT_OUT or part.startswith(".") for part in folders):
        return None
    if "_data" in folders:
        return _taxonomy_role(folders, suffix)
    return "article" if suffix in ARTICLE_SUFFIXES else None


def _taxonomy_role(folders: tuple[str, ...], suffix: str) -> Role | None:
    kind = folders[folders.index("_data") + 1 : folders.index("_data") + 2]
    if kind == ("topics",) and suffix in {".yaml", ".yml"}:
        return "topic"
    if kind == ("organizations",) and suffix in {".md", ".markdown", ".yaml", ".yml"}:
        return "organisation"
    return None


@dataclass(frozen=True)
class Folder:
    """A folder at any depth, or a single file in it."""

    root: Path
    only: str | None = None

    @property
    def name(self) -> str:
        """Name of the folder or of the single file."""
        return _shown(self.only or self.root.name or str(self.root))

    @property
    def key(self) -> str:
        """The absolute path."""
        return str(self.root / (self.only or ""))

    def entries(self) -> list[Entry]:
        """The files to read, sorted by path; links that lead elsewhere are not followed.

        A file or folder that cannot be looked at is among them, so that reading it tells why. Raises CorpusError when
        that is the root.
        """
        return sorted(self._walk() if self.only is None else [_entry(self.only, "article", self.root / self.only)])

    def _walk(self) -> Iterator[Entry]:
        folders = [""]
        while folders:
            prefix = folders.pop()
            try:
                with os.scandir(self.root / prefix) as found:
                    items = list(found)
            except OSError as error:
                if not prefix:
                    raise CorpusError(f"The folder {self.root} cannot be read: {error.strerror}.") from error
                yield Entry(_shown(prefix.rstrip("/")), "article", 0, 0, 0)
                continue
            for item in items:
                path = prefix + item.name
                if item.is_dir(follow_symlinks=False):
                    if not item.name.startswith(".") and item.name not in LEFT_OUT:
                        folders.append(path + "/")
                elif item.is_file(follow_symlinks=False) and (kind := role(path)) is not None:
                    yield _entry(path, kind, item)

    def read(self, path: str) -> bytes:
        """Bytes of one file, no more of them than tell that it is too large. Raises OSError."""
        file = self.root / path
        if "\\x" in path and not file.exists():
            file = self.root / _unshown(path)
        with file.open("rb") as opened:
            return opened.read(MAX_FILE_BYTES + 1)


def _entry(path: str, kind: Role, file: Path | os.DirEntry[str]) -> Entry:
    try:
        status = file.stat(follow_symlinks=False)
    except OSError:
        return Entry(_shown(path), kind, 0, 0, 0)
    return Entry(_shown(path), kind, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _shown(path: str) -> str:
    """A path as text that tables can hold: a byte that is not UTF-8 stands as `\\xe9`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _unshown(path: str) -> str:
    escaped = re.sub(rb"\\x([89a-f][0-9a-f])", lambda found: bytes.fromhex(found[1].decode()), os.fsencode(path))
    return os.fsdecode(escaped)


def open_source(source: str | os.PathLike[str]) -> Source:
    """The source that a path names. Raises CorpusError when there is nothing to read there."""
    path = Path(source).expanduser()
    if path.is_dir():
        return Folder(path.resolve())
    if path.is_file():
        resolved = path.resolve()
        return Folder(resolved.parent, only=resolved.name)
    raise CorpusError(f"No corpus at {path}: there is no such folder or file. Name the folder that holds the articles.")
