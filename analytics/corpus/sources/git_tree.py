"""A revision of a git repository as a source of a corpus, read without a checkout."""

import errno
import functools
import os
import posixpath
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from analytics.corpus import git
from analytics.corpus.limits import MAX_FILE_BYTES, UnreadableFileError
from analytics.corpus.sources.base import Role, SourceFile, escaped_path, is_there, role, symlink_role
from analytics.errors import CorpusError
from analytics.settings import expand_home_or_file_url

LINK, SUBMODULE = "120000", "160000"
"""Modes of what is in a tree and no file of its own."""

REFUSED = {LINK: "link_left_out", SUBMODULE: "submodule_left_out"}
"""Why they are not read."""

MAX_FILES = 2_000_000
"""The most files of a revision, as of an archive."""

_NUMBER_DIGITS = 15
"""So many of a blob's hexadecimal digits fit into the number of an entry."""


@dataclass(frozen=True)
class GitTree:
    """The files below a folder of a repository as they were at a commit."""

    folder: Path
    commit: str
    tree: str
    prefix: str

    @property
    def name(self) -> str:
        """Name of the folder and the start of the commit's id."""
        top = self.folder.name.removesuffix(".git") or str(self.folder)
        return f"{escaped_path(top)}@{self.commit[:10]}"

    @property
    def key(self) -> str:
        """The folder: what was parsed of one revision holds for the same files of another."""
        return f"{self.folder}@"

    @property
    def version(self) -> str:
        """The commit."""
        return self.commit

    def entries(self) -> list[SourceFile]:
        """The files to read, sorted by path; links among them, as in a folder. Raises CorpusError."""
        return sorted(item.entry for item in _contents(self.folder, self.tree).files.values())

    def read(self, path: str) -> bytes:
        """Bytes of one file, no more of them than tell that it is too large. Raises OSError and UnreadableFileError."""
        contents = _contents(self.folder, self.tree)
        item = contents.files.get(path)
        if item is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if item.mode in REFUSED:
            raise UnreadableFileError(REFUSED[item.mode])
        if item.entry.size > MAX_FILE_BYTES:  # git would hold all of it in memory
            raise UnreadableFileError("too_large", value=f"more than {MAX_FILE_BYTES} bytes")
        try:
            return contents.blobs.read(item.blob, MAX_FILE_BYTES + 1)
        except git.MissingBlobError:
            raise FileNotFoundError(
                errno.ENOENT, "the clone lacks it (git fetch --refetch --no-filter)", path
            ) from None


def tree_at(folder: Path, revision: str) -> GitTree:
    """The folder as it was at a revision. Raises CorpusError when there is no such revision or it was not there."""
    where = git.location_in_repository(folder)
    commit = git.commit_of(folder, revision)
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    tree = git.run(folder, *asked, f"{commit}:{where.prefix}", default="").strip()
    if not tree:
        raise CorpusError(
            f"{folder} was not in its git repository at commit {commit[:10]}: it came later, or git does not track it. "
            "Choose a later day."
        )
    source = GitTree(folder.resolve(), commit, tree, where.prefix)
    weakref.finalize(source, _contents.cache_clear)
    return source


def named_tree(named: str) -> GitTree | None:
    """The tree that `FOLDER@REVISION` names; None when nothing exists at the part before an `@`. Raises CorpusError."""
    split = split_revision(named)
    return None if split is None else tree_at(*split)


def split_revision(named: str) -> tuple[Path, str] | None:
    """`PATH@REVISION` as path and revision, at the last `@` before which the path exists; None without one."""
    at = named.rfind("@")
    while at > 0:
        place = expand_home_or_file_url(named[:at])
        if at + 1 < len(named) and is_there(place):
            return place, named[at + 1 :]
        at = named.rfind("@", 0, at)
    return None


class _Item(NamedTuple):
    entry: SourceFile
    blob: str
    mode: str


@dataclass(frozen=True, eq=False)
class _Contents:
    files: dict[str, _Item]
    blobs: git.Blobs


@functools.lru_cache(maxsize=4)
def _contents(folder: Path, tree: str) -> _Contents:
    """The files of a tree and the git that reads them, once in each process."""
    return _Contents({item.entry.path: item for item in _items(folder, tree)}, git.Blobs(folder))


def _items(folder: Path, tree: str) -> Iterator[_Item]:
    words = ("ls-tree", "-r", "-z", "--long", "--full-tree", tree)
    for _ in git.nul_separated_output(folder, *words, error_above=MAX_FILES):
        pass  # counted before any is kept
    for line in git.nul_separated_output(folder, *words, error_above=MAX_FILES):
        facts, tab, path = os.fsdecode(line).partition("\t")
        if not tab:
            continue
        mode, _, blob, size = facts.split()
        kind = _role(folder, tree, path, mode)
        if kind is not None:
            number = int(blob[:_NUMBER_DIGITS], 16)
            length = int(size) if size.isdecimal() else 0  # "-" of a submodule, "BAD" of a blob that is missing
            yield _Item(SourceFile(escaped_path(path), kind, length, 0, 0, number), blob, mode)


def _role(folder: Path, tree: str, path: str, mode: str) -> Role | None:
    """What an entry of a tree is, or would be if it were read, to the corpus."""
    if mode == LINK:
        return _link_role(folder, tree, path)
    return symlink_role(path, folder=True) if mode == SUBMODULE else role(path)


def _link_role(folder: Path, tree: str, path: str) -> Role | None:
    """What a link in a tree would be to the corpus, as `sources.symlink_role` has it."""
    as_folder, as_file = symlink_role(path, folder=True), symlink_role(path, folder=False)
    return as_folder if as_folder != as_file and _leads_to_folder(folder, tree, path) else as_file


def _leads_to_folder(folder: Path, tree: str, path: str) -> bool:
    """Whether a link leads to a folder of the same tree, through other links or not."""
    if "\n" in path:
        return False
    asked = os.fsencode(f"{tree}:{posixpath.normpath(path)}\n")
    found = git.run(folder, "cat-file", "--batch-check", "--follow-symlinks", stdin_bytes=asked, default="")
    return " tree " in found.partition("\n")[0]
