"""Worker processes that parse: they start clean and lean, and end with the program that started them."""

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from multiprocessing import resource_tracker

import loky

WATCH_SECONDS = 0.5


@contextmanager
def pool(workers: int) -> Iterator[Executor]:
    """An executor over worker processes.

    loky's: a fork would copy the locks of a threaded server, and the standard library's spawn would run the caller's
    main script once more in each worker.
    """
    executor = None
    try:
        with _deaf_to_ctrl_c():
            executor = loky.ProcessPoolExecutor(workers, initializer=_begin, initargs=(os.getpid(),))
            executor.submit(os.getpid)  # the first task starts the processes
        yield executor
    finally:
        if executor is not None:
            executor.shutdown(kill_workers=True)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that start in here never hear Ctrl-C: this one does, a moment later, and ends them without a word."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows
        yield
        return
    resource_tracker.ensure_running()  # loky would start it in here, and it would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(parent: int) -> None:
    """The first thing that a worker does."""
    gc.disable()  # rows hold no cycles, and there are many of them
    sys.meta_path.insert(0, _WithoutPandas())
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


class _WithoutPandas:
    """Keeps PyArrow from importing pandas, which it does as soon as it is there: a third of a second for nothing."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def _end_with(parent: int) -> None:
    """End this process once its parent is gone: nothing else tells it when that was killed."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)
