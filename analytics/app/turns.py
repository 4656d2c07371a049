"""Readers take turns: a few pages are drawn at once, and the others wait in line.

Dozens of threads that draw at once wait for each other's locks more than they draw, and all end late.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from analytics.app import corpus_cache

AT_ONCE = (os.cpu_count() or 1) + 1
"""So many pages are drawn at once: one of them waits for an answer at times."""

_TURNS = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Wait until it is this reader's turn. Where one has to wait, workers are to help (`answer_workers`)."""
    if not _TURNS.acquire(blocking=False):
        corpus_cache.shared_cache().call_workers()
        _TURNS.acquire()
    try:
        yield
    finally:
        _TURNS.release()
