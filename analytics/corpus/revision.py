"""A corpus as it was: an earlier commit of its git repository, read without touching repository or working tree."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from analytics.corpus.intake import Progress
from analytics.corpus.loader import Corpus, load_corpus
from analytics.errors import CorpusError

SECONDS_MAX = 600

_FIRST, _LAST = date(1970, 1, 2), date(2099, 12, 31)
"""The days that every git can tell apart."""

_AS_STORED = "* -filter -text -ident !eol !working-tree-encoding\n"
"""Git attributes under which the files come out byte for byte, and no program of a filter runs."""

_KEPT = ("GIT_CONFIG_", "GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH")
"""Variables of git that a user's set-up may need; all others would name another repository."""

_NO_CONFIG = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

_SAID = {
    "not a git repository": "{folder} is not in a git repository, and only there are earlier states of a corpus. Name "
    "a folder inside one, or hold the corpus against an earlier copy of it.",
    "dubious ownership": "git does not trust the repository of {folder}, since it belongs to another user. If you do: "
    "git config --global --add safe.directory THE_REPOSITORY",
}
"""What git says → what to do about it."""


def commit_before(folder: Path, day: date) -> str | None:
    """The commit that a folder's repository was at when a day began, 00:00 UTC; None when there was none.

    It is looked for from HEAD backwards, always on at the newest committer date among the commits reached so far; the
    first that is not later than the moment is the answer (`git rev-list --before`). Where dates are out of order, a
    commit may so come with earlier ones that are dated later. Raises CorpusError when the folder is not in a git
    repository with commits, and when a shallow clone does not reach back that far.
    """
    _check(folder)
    if not _git(folder, "rev-parse", "--verify", "--quiet", "HEAD", refused="").strip():
        raise CorpusError(f"The git repository of {folder} has no commit yet, so there is no earlier state.")
    if day < _FIRST:
        return None
    moment = f"{min(day, _LAST)}T00:00:00+00:00"
    found = _git(folder, "rev-list", "-1", f"--before={moment}", "HEAD").strip()
    if not found and _git(folder, "rev-parse", "--is-shallow-repository").strip() == "true":
        raise CorpusError(
            f"The git repository of {folder} is a shallow clone whose history begins after {day}. "
            "`git fetch --unshallow` brings the rest."
        )
    return found or None


def first_day(folder: Path) -> date:
    """The day (UTC) of the first commit that HEAD comes from. Raises CorpusError as `commit_before` does."""
    _check(folder)
    roots = _git(folder, "rev-list", "--max-parents=0", "--timestamp", "HEAD").split("\n")
    return datetime.fromtimestamp(min(int(line.split()[0]) for line in roots if line), UTC).date()


def load_revision(folder: Path, revision: str, *, progress: Progress | None = None) -> Corpus:
    """The corpus of a folder at a revision of its repository. Raises CorpusError when it was not there then."""
    _check(folder)
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    commit = _git(folder, *asked, f"{revision}^{{commit}}", refused="").strip()
    if not commit.isalnum():
        raise CorpusError(f"The git repository of {folder} has no commit {revision}.")
    prefix = _git(folder, "rev-parse", "--show-prefix").removesuffix("\n")
    tree = _git(folder, *asked, f"{commit}:{prefix}", refused="").strip()
    if not tree:
        raise CorpusError(
            f"{folder} was not in its git repository at commit {commit[:10]}: it came later, or git does not track it. "
            "Choose a later day."
        )
    with _written_out(folder, tree) as copy:
        return load_corpus(copy, cache=False, progress=progress)


@contextmanager
def _written_out(folder: Path, tree: str) -> Iterator[Path]:
    """The files of a tree in a temporary folder.

    An empty repository that borrows the objects writes them: so neither the repository's hooks, filters and attributes
    nor a server that it could fetch missing objects from have a part in it, and nothing in it is changed.
    """
    objects = _git(folder, "rev-parse", "--path-format=absolute", "--git-path", "objects").removesuffix("\n")
    kind = _git(folder, "rev-parse", "--show-object-format").strip()
    with tempfile.TemporaryDirectory(prefix="article-analytics-") as scratch:
        store, copy = Path(scratch) / "git", Path(scratch) / "corpus"
        copy.mkdir()
        _git(copy, "init", "--quiet", "--bare", "--template=", f"--object-format={kind}", str(store), extra=_NO_CONFIG)
        (store / "info").mkdir()
        (store / "info" / "attributes").write_text(_AS_STORED)
        places = {"GIT_DIR": str(store), "GIT_WORK_TREE": str(copy), "GIT_OBJECT_DIRECTORY": objects}
        _git(copy, "read-tree", tree, extra=_NO_CONFIG | places)
        _git(copy, "checkout-index", "--all", "--quiet", extra=_NO_CONFIG | places)
        yield copy


def _check(folder: Path) -> None:
    """Raise CorpusError unless the folder is in the working tree of a git repository."""
    if not folder.is_dir():
        raise CorpusError(f"{folder} is not a folder, and only a folder in a git repository has earlier states.")
    if _git(folder, "rev-parse", "--is-inside-work-tree").strip() != "true":
        raise CorpusError(
            f"{folder} is a bare git repository or the inside of one: it holds the history and no articles of now. "
            "Clone it and name the clone."
        )


def _git(folder: Path, *words: str, extra: Mapping[str, str] | None = None, refused: str | None = None) -> str:
    """What git says; `refused`, if given, when it has no answer. Raises CorpusError in words of ours."""
    try:
        run = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS_MAX,
            check=False,
            env=_environment() | dict(extra or {}),
        )
    except FileNotFoundError:
        raise CorpusError("git is not installed, and an earlier state of the corpus is only in git.") from None
    except subprocess.TimeoutExpired:
        raise CorpusError(f"git did not answer within {SECONDS_MAX} seconds about {folder}.") from None
    if not run.returncode:
        return os.fsdecode(run.stdout)
    said = run.stderr.decode("utf-8", "replace").strip()
    for sign, message in _SAID.items():
        if sign in said:
            raise CorpusError(message.format(folder=folder))
    if refused is not None and run.returncode in (1, 128):
        return refused
    last = said.splitlines()[-1] if said else "no reason given"
    raise CorpusError(f"git cannot tell the earlier state of {folder}: {last}")


def _environment() -> dict[str, str]:
    """The environment without what would lead git to another repository, to a server or to another language."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return own | {"LC_ALL": "C", "LANGUAGE": "C", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}
