"""Where a history is read: a folder in a repository, a bare repository, or a bundle, which is unpacked when needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analytics.corpus import git
from analytics.corpus.git import NoGitHistoryError
from analytics.corpus.sources.base import is_there
from analytics.corpus.sources.git_tree import split_revision
from analytics.errors import CorpusError
from analytics.scratch_folder import temporary_folder
from analytics.settings import corpus_address

SUFFIX = ".bundle"

_SHALLOW = (
    "The git repository of {folder} is a shallow clone: what came before its first commit is missing. "
    "`git fetch --unshallow` brings the rest."
)


@dataclass(frozen=True)
class HistoryLocation:
    """Where a history is read: folder or bundle, its last commit, and the folder of the articles in the repository.

    `missing` says what a shallow clone lacks.
    """

    path: Path
    head: str
    key: str
    prefix: str = ""
    missing: str = ""

    @contextmanager
    def repository(self) -> Iterator[Path]:
        """The folder in which git reads the history; a bundle is unpacked to a temporary one."""
        if self.path.is_dir():
            yield self.path
            return
        with temporary_folder() as scratch:
            kind = "sha256" if len(self.head) == 64 else "sha1"
            git.run(scratch, "init", "--quiet", "--bare", "--template=", f"--object-format={kind}", ".")
            git.run(scratch, "bundle", "unbundle", str(self.path))
            yield scratch


def locate_history(source: str | Path) -> HistoryLocation:
    """Where the history of a path is read: a folder, a bundle, or `FOLDER@REVISION` for the history up to a revision.

    Raises NoGitHistoryError when a folder has no history, and CorpusError when there is nothing at the path.
    """
    path, revision = corpus_address(source), "HEAD"
    there = is_there(path)
    if not there and (split := split_revision(str(source))) is not None:
        there, (path, revision) = True, split
    if not there:
        raise CorpusError(f"No history at {path}: there is no such folder or bundle. Name a git repository.")
    if path.is_file():
        return _bundle(path.resolve(), revision)
    where = git.location_in_repository(path)
    head = git.commit_of(path, revision)
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    if where.prefix and not git.run(path, *asked, f"{head}:{where.prefix}", default=""):
        raise NoGitHistoryError(f"{path} is in a git repository that does not track it, so it has no history.")
    key = f"{path.resolve()}@{'' if revision == 'HEAD' else revision}"
    return HistoryLocation(
        path.resolve(), head, key, where.prefix, _SHALLOW.format(folder=path) if where.shallow else ""
    )


def _bundle(path: Path, revision: str) -> HistoryLocation:
    if path.suffix != SUFFIX:
        raise NoGitHistoryError(f"{path} is a file, and of files only a git bundle ({SUFFIX}) has a history.")
    if revision != "HEAD":
        raise CorpusError(f"{path} is a bundle, whose revisions cannot be named. Clone it and name the clone.")
    listed = git.run(path.parent, "bundle", "list-heads", str(path), default="")
    heads = {name: commit for commit, _, name in (line.partition(" ") for line in listed.splitlines())}
    for name in ("HEAD", "refs/heads/main", "refs/heads/master", *heads):
        if name in heads:
            return HistoryLocation(path, heads[name], str(path))
    raise CorpusError(f"{path} cannot be read as a git bundle, or has no branch. Make it again: git bundle create.")
