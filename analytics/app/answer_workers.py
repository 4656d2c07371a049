"""Worker processes that compute answers: a server that many read at once has more than one processor to think with.

One reader alone is served by the server's own process. When several wait (`turns`), workers start in the background,
with the corpus and its history as they are, and end when nothing has been asked for a while. What a worker cannot do,
or does not end because it was killed, the server's process does.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import wait
from contextlib import ExitStack, suppress
from functools import lru_cache
from typing import Any

from analytics.app.computed import Result, Task
from analytics.corpus.loader import Corpus
from analytics.engine.side_data import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice, warm_up
from analytics.history.as_of import corpus_for
from analytics.history.history_tables import History
from analytics.selection.selection import Selection
from analytics.worker_pool import worker_pool

MAX_ARTICLES = 50_000
"""Up to this many articles a corpus is copied into workers; of a larger one each copy would cost too much memory."""

MAX_WORKERS = 4
IDLE_SECONDS = 120.0


class AnswerWorkers:
    """The workers of one corpus and its history."""

    def __init__(self, corpus: Corpus, history: History) -> None:
        self.corpus, self.history = corpus, history
        self._lock = threading.Lock()
        self._pool, self._closed = ExitStack(), False
        self._submit: Callable[..., Any] | None = None
        self._started = len(corpus.articles) > MAX_ARTICLES or (os.cpu_count() or 1) < 2

    @property
    def ready(self) -> bool:
        """Whether there are workers."""
        return self._submit is not None

    def compute(self, task: Task[Result], selection: Selection, known: SideData) -> Result:
        """What `task` gives for the slice of a selection, with the side data that it may need."""
        if self._submit is not None and known.reviewed is None and selection.as_of is None:
            with suppress(Exception):  # the same here, where an error is one of this process
                result: Result = self._submit(_compute, task, selection, history=known.history is not None).result()
                return result
        return task(slice_of(self.corpus, selection, known))

    def start(self) -> None:
        """Start the workers in the background, once; until they are ready this process computes."""
        with self._lock:
            begin, self._started = not self._started, True
        if begin:
            threading.Thread(target=self._start, daemon=True).start()

    def close(self) -> None:
        """End the workers; what they were computing is computed in this process."""
        self._submit, self._started, self._closed = None, True, True
        self._pool.close()

    def _start(self) -> None:
        warm_up(self.corpus)  # what is ready here is sent along
        workers = min(os.cpu_count() or 1, MAX_WORKERS)
        executor = self._pool.enter_context(
            worker_pool(workers, _prepare, self.corpus, self.history, idle_seconds=IDLE_SECONDS)
        )
        with suppress(Exception):  # a worker that cannot start is told by the first task
            wait([executor.submit(_count_articles) for _ in range(workers)])
        self._submit = executor.submit
        if self._closed:
            self.close()


def slice_of(opened: Corpus, selection: Selection, known: SideData = NO_SIDE_DATA) -> Slice:
    """A corpus seen through a selection, as it was on the day that the selection asks for."""
    return Slice(corpus_for(opened, selection), selection, known)


_prepared: tuple[Corpus, SideData]
"""In a worker: the corpus and its history."""


def _prepare(corpus: Corpus, history: History) -> None:
    global _prepared
    if hasattr(os, "nice"):
        os.nice(5)  # who draws a page goes first
    _prepared = corpus, SideData(history=history)


def _count_articles() -> int:
    """What a worker can say as soon as it is ready."""
    return len(_prepared[0].articles)


def _compute(task: Task[Result], selection: Selection, *, history: bool) -> Result:
    return task(_prepared_slice(selection, history=history))


@lru_cache(maxsize=8)
def _prepared_slice(selection: Selection, *, history: bool) -> Slice:
    """The slice of a selection; the cards of a page ask for the same one."""
    corpus, known = _prepared
    return slice_of(corpus, selection, known if history else NO_SIDE_DATA)
