"""The commits of a history on the chain of first parents, and the files that each of them touched, read from git."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from analytics.corpus import git
from analytics.corpus.sources.base import escaped_path, role
from analytics.corpus.sources.git_tree import LINK, SUBMODULE
from analytics.errors import CorpusError

MAX_CHANGED = 1_000_000
"""The most articles that one commit may change; they are sorted in memory."""

MAX_PIECES = 50_000_000
"""The most that `git diff-tree` may say of a history: about twice the files that all commits change."""

_LATEST = 253_402_300_799
"""The last second of the year 9999: what claims to be later counts as then."""


class Commit(NamedTuple):
    """One state: the commit, its first parent (`""` for the first of all), and when it was committed (Unix seconds)."""

    name: str
    parent: str
    seconds: int


class FileChange(NamedTuple):
    """An article file as a commit left it; `blob` is empty when it is gone, and for a `link`, which is not followed."""

    place: int
    path: str
    blob: str
    link: bool = False


def first_parent_commits(folder: Path, head: str, after: str = "") -> list[Commit] | None:
    """The commits on the chain of first parents up to `head`, oldest first; with `after`, only those that follow it.

    None when `after` is not among them: the history was rewritten since. Raises CorpusError.
    """
    words = ("rev-list", "--first-parent", "--reverse", "--parents", "--timestamp")
    if not after:
        return [_commit(line) for line in git.run(folder, *words, head).splitlines()]
    listed = git.run(folder, *words, head, f"^{after}", default="").splitlines()
    commits = [_commit(line) for line in listed]
    return commits if commits and commits[0].parent == after else None


def _commit(line: str) -> Commit:
    seconds, name, *parents = line.split()
    return Commit(name, parents[0] if parents else "", min(int(seconds), _LATEST))


def file_changes(folder: Path, prefix: str, commits: Sequence[Commit], first_place: int) -> Iterator[FileChange]:
    """The article files that each commit changed against its first parent; `first_place`: that of the first commit.

    Only those below `prefix` (`""` for all), with paths from there. Raises CorpusError.
    """
    places = {commit.name: first_place + at for at, commit in enumerate(commits)}
    place, in_commit, of_commit = first_place, 0, first_place
    tokens = _tokens(folder, prefix, commits)
    for token in tokens:
        if not token.startswith(b":"):
            place = places[token.decode()]
            continue
        _, mode, _, blob, _ = token.decode().split()
        path = escaped_path(os.fsdecode(next(tokens)).removeprefix(prefix))
        if role(path) == "article":
            in_commit, of_commit = (in_commit + 1 if place == of_commit else 1), place
            if in_commit > MAX_CHANGED:
                raise CorpusError(
                    f"The git repository of {folder} has a commit that changes over {MAX_CHANGED:,} articles: "
                    "its history is not read."
                )
            gone, link = mode in ("000000", SUBMODULE), mode == LINK
            yield FileChange(place, path, "" if gone or link else blob, link)


def _tokens(folder: Path, prefix: str, commits: Sequence[Commit]) -> Iterator[bytes]:
    """The output of `git diff-tree` for the commits, piece by piece: a commit, then facts and path of each file."""
    words = ["diff-tree", "--stdin", "--root", "-r", "-z", "--no-renames", "--no-ext-diff"]
    if prefix:
        words += ["--", f":(top,literal){prefix}"]
    with tempfile.TemporaryFile() as asked:
        asked.writelines(f"{commit.name} {commit.parent}\n".encode() for commit in commits)
        asked.seek(0)
        yield from git.nul_separated_output(folder, *words, error_above=MAX_PIECES, stdin=asked)
