"""A corpus as it was: an earlier commit of its git repository, read without touching repository or working tree."""

import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from analytics.corpus import git
from analytics.corpus.git import run
from analytics.corpus.loader import Corpus, current_day, load_source
from analytics.corpus.sources.git_tree import tree_at
from analytics.errors import CorpusError
from analytics.history.loader import history_source
from analytics.history.location import Origin, origin_of
from analytics.progress import Progress
from analytics.selection.selection import Selection
from analytics.settings import expanded


def commit_of(corpus: Corpus) -> str | None:
    """The commit of a corpus read at a revision, else the last that touched its folder; None without git."""
    if corpus.commit is not None:
        return corpus.commit
    place = expanded(corpus.source)
    folder = place if place.is_dir() else place.parent
    try:
        return run(folder, "rev-list", "-1", "HEAD", "--", ".", refused="").strip() or None
    except CorpusError:
        return None


_FIRST, _LAST = date(1970, 1, 2), date(2099, 12, 31)
"""The days that every git can tell apart."""


def commit_before(folder: Path, day: date) -> str | None:
    """The commit that a folder's repository was at when a day began, 00:00 UTC; None when there was none.

    It is looked for from HEAD backwards, always on at the newest committer date among the commits reached so far; the
    first that is not later than the moment is the answer (`git rev-list --before`). Where dates are out of order, a
    commit may so come with earlier ones that are dated later. Raises CorpusError when the folder is not in a git
    repository with commits, and when a shallow clone does not reach back that far.
    """
    shallow = _check(folder).shallow
    git.commit_of(folder)
    if day < _FIRST:
        return None
    moment = f"{min(day, _LAST)}T00:00:00+00:00"
    found = git.run(folder, "rev-list", "-1", f"--before={moment}", "HEAD").strip()
    if not found and shallow:
        raise CorpusError(
            f"The git repository of {folder} is a shallow clone whose history begins after {day}. "
            "`git fetch --unshallow` brings the rest."
        )
    return found or None


def first_day(folder: Path) -> date:
    """The day (UTC) of the first commit that HEAD comes from. Raises CorpusError as `commit_before` does."""
    _check(folder)
    roots = git.run(folder, "rev-list", "--max-parents=0", "--timestamp", "HEAD").split("\n")
    return datetime.fromtimestamp(min(int(line.split()[0]) for line in roots if line), UTC).date()


def load_revision(
    folder: Path, revision: str, *, today: date | None = None, progress: Progress | None = None
) -> Corpus:
    """The corpus of a folder at a revision of its repository, with the day that counts as today, or the current one.

    Raises CorpusError when it was not there then.
    """
    _check(folder)
    source = tree_at(folder, revision)
    return load_source(
        source, f"{folder}@{source.commit}", today=today or current_day(), cache=False, progress=progress
    )


def _check(folder: Path) -> git.Place:
    """Where a folder is in its repository. Raises CorpusError unless that has a working tree."""
    try:
        where = git.place(folder)
    except git.NoGitError as error:
        raise CorpusError(f"{error} Or hold the corpus against an earlier copy of it.") from None
    if where.bare:
        raise CorpusError(
            f"{folder} is a bare git repository or the inside of one: it holds the history and no articles of now. "
            "Clone it and name the clone."
        )
    return where


KEPT = 4
"""So many earlier states are kept."""

_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(2099, 12, 31)
"""The days that every git can tell apart."""

ONE_DAY = timedelta(days=1)

_LOCK = threading.Lock()
_STATES: OrderedDict[tuple[str, str, date, date], Corpus] = OrderedDict()


def corpus_for(corpus: Corpus, selection: Selection) -> Corpus:
    """The corpus that a selection asks for: the given one, or with `as_of` the one of that day (`corpus_as_of`)."""
    return corpus if selection.as_of is None else corpus_as_of(corpus, selection.as_of)


def corpus_as_of(corpus: Corpus, day: date) -> Corpus:
    """The corpus as its history (`history_source`) had it when a day ended, at midnight UTC.

    That is its last commit, on the chain of first parents, that is not later; today is the day that began then. Raises
    CorpusError when the corpus has no history or that begins later.
    """
    origin = origin_of(history_source(corpus))
    today = min(day, corpus.today - ONE_DAY) + ONE_DAY
    key = (origin.key, origin.head, day, today)
    with _LOCK:
        if key not in _STATES:
            _STATES[key] = replace(_read(origin, day, today), name=corpus.name, as_of=day)
        _STATES.move_to_end(key)
        while len(_STATES) > KEPT:
            _STATES.popitem(last=False)
        return _STATES[key]


def _read(origin: Origin, day: date, today: date) -> Corpus:
    with origin.repository() as folder:
        commit = _commit(origin, folder, day) if day >= _FIRST_DAY else ""
        if not commit:
            raise CorpusError(
                f"The history in {origin.path} has no commit from before the end of {day}. Choose a later day."
                f" {origin.missing}".rstrip()
            )
        return load_source(tree_at(folder, commit), f"{origin.path}@{commit}", today=today, cache=False)


def _commit(origin: Origin, folder: Path, day: date) -> str:
    moment = f"{min(day, _LAST_DAY)}T23:59:59+00:00"  # a commit at just that second is still of the day
    return git.run(folder, "rev-list", "-1", "--first-parent", f"--before={moment}", origin.head).strip()
