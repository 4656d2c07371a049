"""Worker processes that compute answers, so that a server with many readers uses more than one processor.

One reader alone is served by the server's own process. When several wait (`turns`), workers start in the background,
with a copy of the corpus and its history, and end when nothing has been asked for a while. What a worker cannot do, or
does not end because it was killed, the server's process does.
"""

import gc
import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, wait
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

from analytics.app.answer_computations import Result, Task
from analytics.app.page_queue import give_up_turn
from analytics.corpus.loader import Corpus
from analytics.engine import slice_of as slices
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice, warm_up
from analytics.history.history_tables import History
from analytics.selection.selection import Selection
from analytics.worker_pool import processors, worker_pool

MAX_ARTICLES, MAX_CHANGES = 50_000, 500_000
"""Up to so many articles, and changes in its history, a corpus is copied into workers; a copy of more would cost too
much memory."""

MAX_WORKERS = 4

IDLE_SECONDS = 120.0
"""After so long without work a worker ends; a little earlier nothing more is given to them, since another one would
have to start first."""

log = logging.getLogger(__name__)


class AnswerWorkers:
    """The workers of one corpus and its history."""

    def __init__(self, corpus: Corpus, history: History) -> None:
        self.corpus, self.history = corpus, history
        self._lock = threading.Lock()
        self._pool = ExitStack()
        self._submit: Callable[..., Any] | None = None
        self._used_at = 0.0
        self._started = self._closed = False
        self._fits = len(corpus.articles) <= MAX_ARTICLES and len(history.changes) <= MAX_CHANGES

    @property
    def ready(self) -> bool:
        """Whether there are workers."""
        return self._submit is not None

    def compute(self, task: Task[Result], selection: Selection, known: SideData) -> Result:
        """The result of `task` for the slice of a selection with side data; computed here where no worker can."""
        submit = self._submit_in_use()
        if submit is not None and known.reviewed is None and selection.as_of is None:
            try:
                result: Result = submit(_compute, task, selection, history=known.history is not None).result()
            except BrokenExecutor as error:
                log.warning("A worker that computes answers has ended (%s); the server computes them itself.", error)
                self._end()
            except Exception:
                log.debug("A worker did not compute an answer.", exc_info=True)
            else:
                return result
        return task(slice_of(self.corpus, selection, known))

    def start(self) -> None:
        """Start the workers in the background, unless they are; until they are ready this process computes."""
        with self._lock:
            begin = self._fits and processors() > 1 and not (self._started or self._closed)
            self._started = self._started or begin
        if begin:
            threading.Thread(target=self._start, daemon=True).start()

    def close(self) -> None:
        """End the workers for good; what they were computing is computed in this process."""
        self._closed = True
        self._end()

    def _start(self) -> None:
        workers = min(processors(), MAX_WORKERS)
        copies = replace(self.corpus), replace(self.history)  # without what other threads are adding to them
        pool = ExitStack()
        try:
            executor = pool.enter_context(worker_pool(workers, _prepare, *copies, idle_seconds=IDLE_SECONDS))
            wait([executor.submit(_count_articles) for _ in range(workers)])
        except Exception:
            log.exception("No worker could be started; the server computes all answers itself.")
            pool.close()
            return
        with self._lock:
            self._pool, self._used_at, self._submit = pool, time.monotonic(), executor.submit
        if self._closed:
            self._end()

    def _submit_in_use(self) -> Callable[..., Any] | None:
        """How to give a worker a task; None without workers. Those that have idled long are ended."""
        with self._lock:
            now, before = time.monotonic(), self._used_at
            self._used_at = now
            idle = self._submit is not None and now - before > IDLE_SECONDS * 0.9
        if idle:
            self._end()
        return self._submit

    def _end(self) -> None:
        with self._lock:
            pool, self._pool, self._submit, self._started = self._pool, ExitStack(), None, False
        with suppress(Exception):  # workers that are gone already
            pool.close()


def slice_of(opened: Corpus, selection: Selection, side_data: SideData = NO_SIDE_DATA) -> Slice:
    """The slice of the opened corpus for a selection (`engine.slice_of`); gives up the turn before it reads history."""
    if selection.as_of is not None:
        give_up_turn()  # that state may have to be read first
    return slices.slice_of(opened, selection, side_data)


_prepared: tuple[Corpus, SideData]
"""In a worker: the corpus and its history."""


def _prepare(corpus: Corpus, history: History) -> None:
    global _prepared
    if hasattr(os, "nice"):
        os.nice(5)  # who draws a page goes first
    warm_up(slices.slice_of(corpus).corpus)
    _prepared = corpus, SideData(history=history)
    gc.freeze()  # no collection looks through them again


def _count_articles() -> int:
    """The number of articles; a task that ends as soon as the worker is ready."""
    return len(_prepared[0].articles)


def _compute(task: Task[Result], selection: Selection, *, history: bool) -> Result:
    return task(_prepared_slice(selection, history=history))


@lru_cache(maxsize=8)
def _prepared_slice(selection: Selection, *, history: bool) -> Slice:
    """The slice of a selection; the cards of a page ask for the same one."""
    corpus, known = _prepared
    return slice_of(corpus, selection, known if history else NO_SIDE_DATA)
