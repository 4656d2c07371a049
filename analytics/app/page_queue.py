"""A queue for pages: a few are drawn at once, and the other readers wait for their turn.

Dozens of threads that draw at once wait for each other's locks more than they draw, and all end late.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from analytics.worker_pool import processors

AT_ONCE = min(processors(), 4) + 1
"""So many pages are drawn at once. Python draws one at a time; the others wait for answers of workers."""

LONGEST_WAIT = 10.0
"""Seconds after which a page is drawn out of turn, whatever the others do so long."""

_turns = threading.BoundedSemaphore(AT_ONCE)
_mine = threading.local()


@contextmanager
def wait_for_turn(on_wait: Callable[[], None]) -> Iterator[None]:
    """Wait until this reader's page may be drawn; the callback is called when there is a wait."""
    _mine.held = _turns.acquire(blocking=False)
    if not _mine.held:
        on_wait()
        _mine.held = _turns.acquire(timeout=LONGEST_WAIT)
    try:
        yield
    finally:
        give_up_turn()


def give_up_turn() -> None:
    """Let another reader draw; call it before what takes seconds. The rest of this page is drawn out of turn."""
    if getattr(_mine, "held", False):
        _mine.held = False
        _turns.release()
