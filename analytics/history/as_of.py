"""A corpus as it was: an earlier commit of its git repository, read without touching repository or working tree."""

import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from analytics.corpus import git
from analytics.corpus.git import run
from analytics.corpus.loader import Corpus, load_source
from analytics.corpus.site_profile import Profile
from analytics.corpus.sources.git_tree import tree_at
from analytics.errors import CorpusError
from analytics.history.loader import history_source
from analytics.history.location import HistoryLocation, locate_history
from analytics.progress import Progress
from analytics.selection.selection import Selection
from analytics.settings import expand_home_or_file_url


def last_commit_of(corpus: Corpus) -> str | None:
    """The commit of a corpus read at a revision, else the last that touched its folder before it was read; None without
    git."""
    if corpus.commit is not None:
        return corpus.commit
    place = expand_home_or_file_url(corpus.source)
    folder = place if place.is_dir() else place.parent
    try:
        return run(folder, "rev-list", "-1", corpus.head or "HEAD", "--", ".", default="").strip() or None
    except CorpusError:
        return None


KEPT = 4
"""So many earlier states are kept."""

_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(2099, 12, 31)
"""The days that every git can tell apart."""

ONE_DAY = timedelta(days=1)

_LOCK = threading.Lock()
_STATES: OrderedDict[tuple[str, str, date, date, str], Corpus] = OrderedDict()


def corpus_for(corpus: Corpus, selection: Selection) -> Corpus:
    """The corpus that a selection asks for: the given one, or with `as_of` the one of that day (`corpus_as_of`)."""
    return corpus if selection.as_of is None else corpus_as_of(corpus, selection.as_of)


def corpus_before(corpus: Corpus, day: date, *, progress: Progress | None = None) -> Corpus:
    """The corpus as its history had it when a day began, as of the day before (`corpus_as_of`); today is that of the
    corpus."""
    return corpus_as_of(corpus, max(day, _FIRST_DAY) - ONE_DAY, today=corpus.today, progress=progress)


def corpus_as_of(corpus: Corpus, day: date, *, today: date | None = None, progress: Progress | None = None) -> Corpus:
    """The corpus as its history (`history_source`) had it when a day ended, at midnight UTC.

    That is its last commit, on the chain of first parents, that is not later; today is the day that began then, unless
    it is given. It is read by the profile of the corpus now, so that what differs is the articles and not how they were
    read. `progress` follows the reading. Raises CorpusError when the corpus has no history or that begins later.
    """
    origin = locate_history(history_source(corpus))
    today = today or min(day, corpus.today - ONE_DAY) + ONE_DAY
    key = (origin.key, origin.head, day, today, corpus.profile.digest)
    with _LOCK:
        if key not in _STATES:
            _STATES[key] = replace(_read(origin, day, today, corpus.profile, progress), name=corpus.name, as_of=day)
        _STATES.move_to_end(key)
        while len(_STATES) > KEPT:
            _STATES.popitem(last=False)
        return _STATES[key]


def _read(origin: HistoryLocation, day: date, today: date, profile: Profile, progress: Progress | None) -> Corpus:
    """The state of a day; one that is kept for another day with the same last commit is not read again."""
    with origin.repository() as folder:
        commit = _commit(origin, folder, day) if day >= _FIRST_DAY else ""
        if not commit:
            raise CorpusError(
                f"The history in {origin.path} has no commit from before the end of {day}; its first is of "
                f"{_first_day(origin, folder)}. Choose a later day. {origin.missing}".rstrip()
            )
        for (place, _, _, then, _), state in _STATES.items():
            if (place, then, state.commit, state.profile) == (origin.key, today, commit, profile):
                return state
        tree = tree_at(folder, commit)
        return load_source(
            tree, f"{origin.path}@{commit}", profile=profile, today=today, cache=False, progress=progress
        )


def _first_day(origin: HistoryLocation, folder: Path) -> date:
    """The day (UTC) of the first commit of a history."""
    roots = git.run(folder, "rev-list", "--max-parents=0", "--timestamp", origin.head).splitlines()
    return datetime.fromtimestamp(min(int(line.split()[0]) for line in roots), UTC).date()


def _commit(origin: HistoryLocation, folder: Path, day: date) -> str:
    moment = f"{min(day, _LAST_DAY)}T23:59:59+00:00"  # a commit at just that second is still of the day
    return git.run(folder, "rev-list", "-1", "--first-parent", f"--before={moment}", origin.head).strip()
