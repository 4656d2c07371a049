"""A corpus at the end of an earlier day, kept for the next question about it."""

import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import date
from pathlib import Path

from analytics.corpus import git
from analytics.corpus.git_tree import tree_at
from analytics.corpus.history_origin import Origin, origin_of
from analytics.corpus.history_source import history_source
from analytics.corpus.loader import Corpus, load_source
from analytics.errors import CorpusError

KEPT = 4
"""So many earlier states are kept."""

_FIRST, _LAST = date(1970, 1, 2), date(2099, 12, 31)
"""The days that every git can tell apart."""

_LOCK = threading.Lock()
_STATES: OrderedDict[tuple[str, str, date], Corpus] = OrderedDict()


def corpus_as_of(corpus: Corpus, day: date) -> Corpus:
    """The corpus as its history (`history_source`) had it when a day ended, at midnight UTC.

    That is its last commit, on the chain of first parents, that is not later. Raises CorpusError when the corpus has no
    history or that begins later.
    """
    origin = origin_of(history_source(corpus))
    key = (origin.key, origin.head, day)
    with _LOCK:
        if key not in _STATES:
            _STATES[key] = replace(_read(origin, day), name=corpus.name)
        _STATES.move_to_end(key)
        while len(_STATES) > KEPT:
            _STATES.popitem(last=False)
        return _STATES[key]


def _read(origin: Origin, day: date) -> Corpus:
    with origin.repository() as folder:
        commit = _commit(origin, folder, day) if day >= _FIRST else ""
        if not commit:
            raise CorpusError(
                f"The history in {origin.path} has no commit from before the end of {day}. Choose a later day."
                f" {origin.missing}".rstrip()
            )
        return load_source(tree_at(folder, commit), f"{origin.path}@{commit}", cache=False)


def _commit(origin: Origin, folder: Path, day: date) -> str:
    moment = f"{min(day, _LAST)}T23:59:59+00:00"  # a commit at just that second is still of the day
    return git.run(folder, "rev-list", "-1", "--first-parent", f"--before={moment}", origin.head).strip()
