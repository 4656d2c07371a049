"""Where articles come from: what files a source holds, and their bytes."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple, Protocol

from analytics.errors import CorpusError

ARTICLE_SUFFIXES = frozenset({".md", ".markdown", ".html"})
LEFT_OUT = frozenset({"_site", "node_modules", "vendor", "assets"})

Role = Literal["article", "topic", "organisation"]


class Entry(NamedTuple):
    """One file of a source that the program reads."""

    path: str
    role: Role
    size: int
    modified_ns: int


class Source(Protocol):
    """A place that holds files; cheap to pickle, so that worker processes read from it themselves."""

    @property
    def name(self) -> str:
        """What a person calls the source."""

    def entries(self) -> list[Entry]:
        """The files to read, sorted by path."""

    def read(self, path: str) -> bytes:
        """Bytes of one file. Raises OSError."""


def role(path: str) -> Role | None:
    """What a file is to the corpus: an article, a part of the taxonomy, or nothing that is read."""
    pure = PurePosixPath(path)
    folders = pure.parts[:-1]
    suffix = pure.suffix.lower()
    if "_data" in folders:
        return _taxonomy_role(folders, suffix)
    if pure.name.startswith(".") or any(part in LEFT_OUT or part.startswith(".") for part in folders):
        return None
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
        return self.only or self.root.name or str(self.root)

    def entries(self) -> list[Entry]:
        """The files to read, sorted by path; links that lead elsewhere are not followed."""
        if self.only is not None:
            found = (self.root / self.only).stat()
            return [Entry(self.only, "article", found.st_size, found.st_mtime_ns)]
        return sorted(self._walk("", str(self.root)))

    def _walk(self, prefix: str, folder: str) -> Iterator[Entry]:
        with os.scandir(folder) as found:
            for item in found:
                path = prefix + item.name
                if item.is_dir(follow_symlinks=False):
                    if not item.name.startswith(".") and item.name not in LEFT_OUT:
                        yield from self._walk(path + "/", item.path)
                elif item.is_file(follow_symlinks=False) and (kind := role(path)) is not None:
                    status = item.stat(follow_symlinks=False)
                    yield Entry(path, kind, status.st_size, status.st_mtime_ns)

    def read(self, path: str) -> bytes:
        """Bytes of one file. Raises OSError."""
        return (self.root / path).read_bytes()


def open_source(source: str | os.PathLike[str]) -> Source:
    """The source that a path names. Raises CorpusError when there is nothing to read there."""
    path = Path(source).expanduser()
    if path.is_dir():
        return Folder(path.resolve())
    if path.is_file():
        resolved = path.resolve()
        return Folder(resolved.parent, only=resolved.name)
    raise CorpusError(f"No corpus at {path}: there is no such folder or file. Name the folder that holds the articles.")
