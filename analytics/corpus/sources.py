"""Where articles come from: what files a source holds, and their bytes."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple, Protocol

from analytics.corpus.front_matter import MAX_FILE_BYTES, FrontMatterError
from analytics.errors import CorpusError

ARTICLE_SUFFIXES = frozenset({".md", ".markdown", ".html"})
LEFT_OUT = frozenset({"_site", "node_modules", "vendor", "assets"})

_LARGEST_NUMBER = 2**63 - 1
_USUAL_BYTES = 64 * 1024
"""Room for nearly every article: to make room for the largest each time takes longer than to read one."""

Role = Literal["article", "topic", "organisation"]


class Entry(NamedTuple):
    """One file that the program reads; the two times, of its content and of the file itself, tell when it changed, and
    its number in the file system that another file of the same time and size has come in its place."""

    path: str
    role: Role
    size: int
    modified_ns: int
    changed_ns: int
    number: int = 0


class Source(Protocol):
    """A place that holds files; cheap to pickle, so that worker processes read from it themselves."""

    @property
    def name(self) -> str:
        """What a person calls the source."""

    @property
    def key(self) -> str:
        """What tells this source from any other: its cache goes by it."""

    def entries(self) -> list[Entry]:
        """The files to read, sorted by path; with those that are refused, so that reading one tells why."""

    def read(self, path: str) -> bytes:
        """Bytes of one file. Raises OSError, and FrontMatterError for one that is listed but never read."""


def role(path: str) -> Role | None:
    """What a file is to the corpus: an article, a part of the taxonomy, or nothing that is read."""
    folder, _, name = path.rpartition("/")
    _, dot, suffix = name.rpartition(".")
    if not dot or name.startswith("."):
        return None
    read = _read_in(folder)
    return read[0] if read and f".{suffix.lower()}" in read[1] else None


@lru_cache(maxsize=1024)
def _read_in(folder: str) -> tuple[Role, frozenset[str]] | None:
    """What the files in a folder are to the corpus, and the suffixes of those that are read."""
    folders = PurePosixPath(folder).parts
    if any(part in LEFT_OUT or part.startswith(".") for part in folders):
        return None
    if "_data" not in folders:
        return "article", ARTICLE_SUFFIXES
    kind = folders[folders.index("_data") + 1 : folders.index("_data") + 2]
    if kind == ("topics",):
        return "topic", frozenset({".yaml", ".yml"})
    if kind == ("organizations",):
        return "organisation", frozenset({".md", ".markdown", ".yaml", ".yml"})
    return None


def link_role(path: str, *, folder: bool) -> Role | None:
    """What a link would be to the corpus if it were followed: a file, or a `folder` that may hold some."""
    if folder and (role(f"{path}/a.md") or role(f"{path}/topics/a.yaml")):
        return "article"
    return role(path)


@dataclass(frozen=True)
class Folder:
    """A folder at any depth, or a single file in it."""

    root: Path
    only: str | None = None

    @property
    def name(self) -> str:
        """Name of the folder or of the single file."""
        return shown(self.only or self.root.name or str(self.root))

    @property
    def key(self) -> str:
        """The absolute path."""
        return str(self.root / (self.only or ""))

    def entries(self) -> list[Entry]:
        """The files to read, sorted by path.

        A link is not followed, and a file or folder may be one that cannot be looked at: both are among them, so that
        reading tells why. Raises CorpusError when the root cannot be looked at.
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
                yield Entry(shown(prefix.rstrip("/")), "article", 0, 0, 0)
                continue
            for item in items:
                path = prefix + item.name
                if item.is_dir(follow_symlinks=False):
                    if not item.name.startswith(".") and item.name not in LEFT_OUT:
                        folders.append(path + "/")
                elif (kind := _item_role(path, item)) is not None:
                    yield _entry(path, kind, item)

    def file_of(self, path: str) -> str:
        """Where a path of the corpus is on the disk; its name may hold bytes that are not text (`shown`)."""
        file = f"{self.root}/{path}"
        return f"{self.root}/{_unshown(path)}" if "\\x" in path and not os.path.lexists(file) else file

    def read(self, path: str) -> bytes:
        """Bytes of one file, no more of them than tell that it is too large. Raises OSError and FrontMatterError."""
        file = self.file_of(path)
        if os.path.islink(file):  # noqa: PTH114 - a path object costs as much as reading the file
            raise FrontMatterError("link_left_out")
        with open(file, "rb") as opened:  # noqa: PTH123
            data = opened.read(_USUAL_BYTES)
            return data if len(data) < _USUAL_BYTES else data + opened.read(MAX_FILE_BYTES + 1 - _USUAL_BYTES)


def _entry(path: str, kind: Role, file: Path | os.DirEntry[str]) -> Entry:
    try:
        status = file.stat(follow_symlinks=False)
    except OSError:
        return Entry(shown(path), kind, 0, 0, 0)
    return Entry(
        shown(path), kind, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _LARGEST_NUMBER
    )


def _item_role(path: str, item: os.DirEntry[str]) -> Role | None:
    if item.is_symlink():
        return link_role(path, folder=os.path.isdir(item))  # noqa: PTH112 - pathlib raises where this says no
    return role(path) if item.is_file(follow_symlinks=False) else None


def shown(path: str) -> str:
    """A path as text that tables can hold: a byte that is not UTF-8 stands as `\\xe9`."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def _unshown(path: str) -> str:
    escaped = re.sub(rb"\\x([89a-f][0-9a-f])", lambda found: bytes.fromhex(found[1].decode()), os.fsencode(path))
    return os.fsdecode(escaped)


def open_source(source: str | os.PathLike[str]) -> Source:
    """The source that a path names. Raises CorpusError when there is nothing to read there."""
    path = Path(source).expanduser()
    if path.is_dir():
        return Folder(path.resolve())
    if path.is_file():
        return _file(path.resolve())
    from analytics.corpus.git_tree import named_tree  # it imports this module

    if (tree := named_tree(os.fspath(source))) is not None:
        return tree
    raise CorpusError(f"No corpus at {path}: there is no such folder or file. Name the folder that holds the articles.")


def _file(path: Path) -> Source:
    if path.suffix.lower() not in ARTICLE_SUFFIXES:
        from analytics.corpus.archives import open_archive  # it imports this module

        archive = open_archive(path)
        if archive is not None:
            return archive
    return Folder(path.parent, only=path.name)
