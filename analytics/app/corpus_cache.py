"""The corpora that the server has loaded, shared by all its readers."""

import gc
import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary, ref

import streamlit as st

from analytics.app.answer_workers import AnswerWorkers
from analytics.app.escaping import escaped
from analytics.app.page_queue import give_up_turn
from analytics.corpus.loader import Corpus, current_day, listing_stamp, load_corpus
from analytics.engine.slice import warm_up
from analytics.engine.slice_of import slice_of
from analytics.errors import CorpusError
from analytics.history.history_tables import History
from analytics.history.loader import history_of
from analytics.progress import Progress
from analytics.settings import profile_path

WATCHED_FILES = 200_000
"""Up to this many files a changed folder is noticed by itself; beyond, looking would cost more than it gives."""


FREEING_SECONDS = 300
"""Between two tries to free corpora that have been replaced: each takes some tenths of a second."""

SETTLING = (0.0, 1.0, 2.0, 4.0)
"""Seconds before each try to read files that have changed: the next one only where they change meanwhile."""

log = logging.getLogger(__name__)

Made = TypeVar("Made")


class CorpusCache:
    """The corpus of a path, loaded once for all readers, with its history and its workers.

    When its files have changed, the new state is read in the background and then replaces it (`reload_in_background`).
    """

    def __init__(self) -> None:
        self.lock, self.reading = threading.Lock(), threading.Lock()
        self.corpora: dict[str, Corpus] = {}
        self.histories: WeakKeyDictionary[Corpus, History] = WeakKeyDictionary()
        """Corpus → its history, as long as the corpus is shown to anyone."""
        self.workers: AnswerWorkers | None = None
        """The workers of the corpus whose history was read last."""
        self.workers_called = False
        self.unread_on: dict[str, date] = {}
        """Path → the day on which its corpus could not be read anew."""
        self.starting = threading.Lock()
        self.beside: threading.Thread | None = None
        """What reads the changed files of a corpus, or has read them last."""
        self.replaced: list[ref[Corpus]] = []
        """Corpora that a newer state has replaced, until nobody shows them any more and they are freed."""
        self.freed_at = 0.0

    def corpus(self, path: str) -> Corpus:
        """The corpus of a path as of today (UTC); the first reader of a day sees its load's progress, others wait.

        One that cannot be read on a new day stays as it was on the day before.
        """
        today = current_day()
        found = self.corpora.get(path)
        if found is not None and today in (found.today, self.unread_on.get(path)):
            return found
        give_up_turn()
        with self.lock:
            found = self.corpora.get(path)
            if found is not None and today in (found.today, self.unread_on.get(path)):
                return found
            return self._read(path, today, found)

    def _read(self, path: str, today: date, before: Corpus | None) -> Corpus:
        try:
            loaded = _load(path, today)
        except CorpusError:
            if before is None:
                raise
            self.unread_on[path] = today
            return before
        self._take(path, loaded)
        threading.Thread(target=_warm_up, args=(loaded,), daemon=True).start()
        return loaded

    def _take(self, path: str, loaded: Corpus) -> None:
        self.replaced += map(ref, self.corpora.values())
        self.corpora = {path: loaded}
        self._renew_workers(None)
        self._collect()

    def _collect(self) -> None:
        """Free corpora that nobody shows any more; what stays loaded is exempt from later garbage collections."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self.freed_at = time.monotonic()
        self.replaced = [each for each in self.replaced if each() is not None]

    def free_replaced(self) -> None:
        """Free replaced corpora that no page shows any more; at most once in FREEING_SECONDS."""
        if self.replaced and time.monotonic() - self.freed_at > FREEING_SECONDS and self.lock.acquire(blocking=False):
            try:
                self._collect()
            finally:
                self.lock.release()

    def reload_in_background(self, path: str, shown: Corpus) -> None:
        """Start to read the changed files of a corpus in the background, unless that is running or done."""
        with self.starting:
            busy = self.beside is not None and self.beside.is_alive()
            if busy or self.corpora.get(path) is not shown:
                return
            self.beside = threading.Thread(target=self._read_beside, args=(path, shown), daemon=True)
            self.beside.start()

    def _read_beside(self, path: str, shown: Corpus) -> None:
        try:
            loaded = _settled(path)
            _warm_up(loaded)
        except CorpusError:
            return  # `on_disk` tells why
        except Exception:
            log.exception("The changed files of %s could not be read; what was loaded before is shown.", path)
            return
        with self.lock:
            if self.corpora.get(path) is shown:
                self._take(path, loaded)

    def wait_for_new(self, path: str, shown: Corpus) -> None:
        """Wait until the changed files of a corpus are read; forget the old corpus where they could not be read."""
        if self.beside is not None:
            self.beside.join()
        if self.corpora.get(path) is shown:
            self.forget(path)

    def history(self, path: str, shown: Corpus | None = None) -> History:
        """The git history of the corpus `shown`, else of that of the path; read once, while other readers wait."""
        corpus = shown or self.corpus(path)
        if corpus not in self.histories:
            give_up_turn()
        with self.reading:
            history = self.histories.get(corpus)
            if history is None:
                history = _told(f"Reading the history of {escaped(corpus.name)}…", partial(history_of, corpus))
                self.histories[corpus] = history
                if self.corpora.get(path) is corpus:
                    self._renew_workers(AnswerWorkers(corpus, history))
            return history

    def start_workers(self) -> None:
        """Start the workers, or note to start them as soon as the history is read. Called when readers wait."""
        if self.workers is not None:
            self.workers.start()
        else:
            self.workers_called = True

    def _renew_workers(self, workers: AnswerWorkers | None) -> None:
        before, self.workers = self.workers, workers
        if before is not None:
            before.close()
        if workers is not None and self.workers_called:
            self.workers_called = False
            workers.start()

    def forget(self, path: str) -> None:
        """Forget a corpus and its history: the next reader loads them anew."""
        self.corpora.pop(path, None)
        self.unread_on.pop(path, None)


@st.cache_resource(show_spinner=False)
def shared_cache() -> CorpusCache:
    """The cache of the server, shared by all its readers."""
    return CorpusCache()


class FileCheck(NamedTuple):
    """Whether the files of a corpus have changed since it was loaded, or why they cannot be read (`away`)."""

    changed: bool
    away: str = ""


@st.cache_resource(ttl=30, show_spinner=False)
def check_for_changes(path: str, stamp: str) -> FileCheck:
    """Whether the files of a corpus have changed since `stamp`; cached for 30 seconds."""
    try:
        return FileCheck(listing_stamp(path, profile_path(None)) != stamp)
    except CorpusError as error:
        return FileCheck(changed=False, away=str(error))


def _warm_up(corpus: Corpus) -> None:
    """Build the indexes of the default collections, so that readers do not wait for them."""
    warm_up(slice_of(corpus).corpus)


def _settled(path: str) -> Corpus:
    """The corpus of a path, read again while its files change during the reading. Raises CorpusError."""
    for wait in SETTLING:
        time.sleep(wait)
        loaded = load_corpus(path, profile=profile_path(None), today=current_day())
        if listing_stamp(path, profile_path(None)) == loaded.stamp:
            break
    return loaded


def _load(path: str, today: date) -> Corpus:
    load = partial(load_corpus, path, profile=profile_path(None), today=today)
    return _told(f"Looking for articles in {escaped(Path(path).name)}…", load)


def _told(words: str, work: Callable[..., Made]) -> Made:
    """The result of long work, with a progress bar for the reader while it runs."""
    place = st.empty()
    bar = place.progress(0.0, words)

    def show(done: int, total: int, _label: str = "") -> None:
        bar.progress(done / total if total else 1.0, f"{words} {done:,} of {total:,}")

    progress: Progress = show
    try:
        return work(progress=progress)
    finally:
        place.empty()
