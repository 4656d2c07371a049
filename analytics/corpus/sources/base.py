"""Where articles come from: what files a source holds, and their bytes."""

import os
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple, Protocol

from analytics.corpus.site_profile import PROFILE_FILE

ARTICLE_SUFFIXES = frozenset(
    {".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".mdown", ".markdn", ".mdwn", ".mdx", ".qmd", ".rmd"}
    | {".html", ".htm", ".org", ".rst", ".adoc", ".asciidoc"}
)
"""The last four are read where they have front matter as the others do; their own kinds of it are named as unread."""

DATED_SUFFIXES = frozenset({".txt", ".text", ".textile", ".mdoc", ".mdtext", ".mdtxt", ".xhtml", ".njk", ".liquid"})
"""Files of these are read as articles where their name begins with a date; others are notes and data."""

_DATED = re.compile(r"\d{4}-\d\d-\d\d")

SECTION_PAGE = "_index"
"""The name, without its suffix, of the file that describes a section of a site of Hugo or Zola: no article."""

LEFT_OUT = frozenset({"_site", "node_modules", "vendor", "assets"})

_LOOKS_ESCAPED = re.compile(r"\\(?=x(?:[89a-f][0-9a-f]|5c))")
_ESCAPED = re.compile(rb"\\x([89a-f][0-9a-f]|5c)")

Role = Literal["article", "topic", "organisation", "profile"]


class SourceFile(NamedTuple):
    """One file that the program reads. It has changed when its size, one of its times (of content and of inode) or its
    `number` (the inode, the start of a blob id, or a checksum) has."""

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
        """Identifies the source; its cache is stored under this key."""

    @property
    def version(self) -> str | None:
        """Identifies the state of the source; None where only the listing of its files tells whether it changed."""

    def entries(self) -> list[SourceFile]:
        """The files to read, sorted by path; with those that are refused, so that reading one tells why."""

    def read(self, path: str) -> bytes:
        """Bytes of one file. Raises OSError, and UnreadableFileError for one that is listed but never read."""


def role(path: str) -> Role | None:
    """What a file is to the corpus: an article, part of the taxonomy, or its profile; None when it is not read."""
    folder, _, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if path == PROFILE_FILE:
        return "profile"
    if not dot or name.startswith(".") or stem.partition(".")[0] == SECTION_PAGE:
        return None
    read = _read_in(folder)
    if read is None:
        return None
    ending = f".{suffix.strip().lower()}"
    dated = ending in DATED_SUFFIXES and read[1] is ARTICLE_SUFFIXES and _DATED.match(name) is not None
    return read[0] if dated or ending in read[1] else None


def article_folder_and_name(path: str) -> tuple[str, str]:
    """The folder that an article lies in and its name there.

    A leaf bundle, `posts/some-title/index.md`, counts as `some-title.md` in `posts`. A folder with a leading underscore
    is a collection, and a file called `index` in it counts as any other.
    """
    folder, _, name = path.rpartition("/")
    if not name.startswith("index."):
        return folder, name
    above, _, own = folder.rpartition("/")
    return (folder, name) if not own or own.startswith("_") else (above, own + name.removeprefix("index"))


@lru_cache(maxsize=1024)
def _read_in(folder: str) -> tuple[Role, frozenset[str]] | None:
    """What the files in a folder are to the corpus, and the suffixes of those that are read."""
    folders = PurePosixPath(folder).parts
    if any(data in LEFT_OUT or data.startswith(".") for data in folders):
        return None
    if "_data" not in folders:
        return "article", ARTICLE_SUFFIXES
    kind = folders[folders.index("_data") + 1 : folders.index("_data") + 2]
    if kind == ("topics",):
        return "topic", frozenset({".yaml", ".yml"})
    if kind == ("organizations",):
        return "organisation", frozenset({".md", ".markdown", ".yaml", ".yml"})
    return None


def symlink_role(path: str, *, folder: bool) -> Role | None:
    """The `role` that a link would have if it were followed, to a file or to a `folder`."""
    if folder and (role(f"{path}/a.md") or role(f"{path}/topics/a.yaml")):
        return "article"
    return role(path)


def escaped_path(path: str) -> str:
    """A path as text that tables can hold: a byte that is not UTF-8 stands as `\\xe9`.

    A backslash before what looks so stands as `\\x5c`, so that no two paths have one text.
    """
    if "\\x" in path:
        path = _LOOKS_ESCAPED.sub(r"\\x5c", path)
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def is_there(path: Path) -> bool:
    """Whether something is at a path; nothing is at a name that no file can have, such as one that is too long."""
    return os.path.exists(path)  # noqa: PTH110 - pathlib raises for such a name


def unescaped_path(path: str) -> str:
    """The path that a text of `escaped_path` stands for."""
    escaped = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), os.fsencode(path))
    return os.fsdecode(escaped)
