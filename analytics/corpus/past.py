"""A corpus at the end of an earlier day, kept for the next question about it."""

import threading
from collections import OrderedDict
from datetime import date, timedelta
from pathlib import Path

from analytics.corpus.loader import Corpus
from analytics.corpus.revision import commit_before, load_revision
from analytics.errors import CorpusError

KEPT = 4
"""So many earlier states are kept."""

_LOCK = threading.Lock()
_STATES: OrderedDict[tuple[str, str], Corpus] = OrderedDict()


def corpus_as_of(corpus: Corpus, day: date) -> Corpus:
    """The corpus as its git repository had it when a day ended (UTC): at the last commit before the next began.

    Raises CorpusError when the corpus is not a folder in a git repository, or the repository has no commit so early.
    """
    folder = Path(corpus.source).expanduser().resolve()
    commit = commit_before(folder, day + timedelta(days=1)) if day < date.max else None
    if commit is None:
        raise CorpusError(
            f"The git repository of {folder} has no commit from before the end of {day}. Choose a later day."
        )
    key = (str(folder), commit)
    with _LOCK:
        if key not in _STATES:
            _STATES[key] = load_revision(folder, commit)
        _STATES.move_to_end(key)
        while len(_STATES) > KEPT:
            _STATES.popitem(last=False)
        return _STATES[key]
