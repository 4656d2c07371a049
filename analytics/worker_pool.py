"""Worker processes that end with the process that started them, and that Ctrl-C does not reach."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import FrameType

import loky

from analytics.settings import set_python_safe_path

PARENT_CHECK_SECONDS = 0.5


def processors() -> int:
    """How many processors this process may use."""
    return int(loky.cpu_count())


@contextmanager
def worker_pool(
    workers: int, prepare: Callable[..., None], *given: object, idle_seconds: float | None = None
) -> Iterator[Executor]:
    """An executor over worker processes, each of which first does `prepare(*given)`; they end with this process.

    A worker without work for `idle_seconds` ends too; new work starts another one.

    loky's: a fork would copy the locks of a threaded server, and the standard library's spawn would run the caller's
    main script once more in each worker.
    """
    executor = None
    set_python_safe_path()  # loky starts more than its workers
    try:
        with _sigint_blocked():
            executor = loky.ProcessPoolExecutor(
                workers, timeout=idle_seconds, initializer=_start_worker, initargs=(os.getpid(), prepare, *given)
            )
            executor.submit(os.getpid)  # the first task starts the processes
        yield executor
    finally:
        if executor is not None:
            executor.shutdown(kill_workers=True)


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Hold Ctrl-C back: processes started in here inherit that, and this one receives it on leaving, and ends them.

    The signal mask alone would not do: it is one of this thread, and another one, such as those of a numerical library,
    may take the signal, upon which Python interrupts the main thread wherever it is.
    """
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows
        yield
        return
    resource_tracker.ensure_running()  # loky would start it in here, and it would lift the block
    received: list[tuple[int, FrameType | None]] = []
    in_main_thread = threading.current_thread() is threading.main_thread()
    handler = signal.getsignal(signal.SIGINT)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    if in_main_thread:
        signal.signal(signal.SIGINT, lambda number, frame: received.append((number, frame)))
    try:
        yield
    finally:
        if in_main_thread:
            signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if received and callable(handler):
            handler(*received[0])


def _start_worker(parent: int, prepare: Callable[..., None], *given: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, args=(parent,), daemon=True).start()
    prepare(*given)


def _exit_with_parent(parent: int) -> None:
    """End this process once its parent is gone: nothing else would when that was killed."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(1)
