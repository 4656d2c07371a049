"""Worker processes that parse: they start clean and lean, and end with the program that started them."""

import functools
import gc
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import TypeVar

import loky
import pyarrow as pa
import pyarrow.compute as pc

from analytics.corpus import cache
from analytics.corpus.parsing.chunk import SCHEMAS, Tables, parse
from analytics.corpus.sources.base import Entry, Source

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


CHUNK_FILES = 500
PARALLEL_FILES = 8_000
"""From how many files to parse on worker processes are worth their start."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")

Progress = Callable[[int, int], None]
"""Called with the files done and the files in all."""


def parsed_tables(
    source: Source,
    entries: Sequence[Entry],
    *,
    kept: bool,
    workers: int | None,
    progress: Progress | None,
    listed_ns: int,
) -> Tables:
    """The tables of `parse.SCHEMAS` for the given files, sorted by path; with `kept`, from the cache where it holds."""
    known = cache.load(source.key) if kept else None
    mask = cache.unchanged(known[0]["files"], known[1], entries) if known else None
    if known and mask is None:
        _tell(progress, len(entries), len(entries))
        return known[0]
    old = _without_changed(known[0], mask) if known else _empty()
    done = set(old["files"]["path"].to_pylist())
    fresh = [entry for entry in entries if entry.path not in done] if done else entries
    tables = _merged(old, _parse_all(source, fresh, workers, progress, len(entries)))
    if kept:
        cache.save(source.key, tables, listed_ns)
    return tables


def _empty() -> Tables:
    return {name: schema.empty_table() for name, schema in SCHEMAS.items()}


def _without_changed(tables: Tables, mask: pa.ChunkedArray) -> Tables:
    """The rows of the files that a mask over `files` keeps."""
    files = tables["files"].filter(mask)
    rest = {name: table.filter(pc.is_in(table["path"], value_set=files["path"])) for name, table in tables.items()}
    return rest | {"files": files}


def _merged(old: Tables, new: Sequence[Tables]) -> Tables:
    """All rows, sorted by path; rows of one file stay in their order."""
    joined = {name: pa.concat_tables([old[name], *(tables[name] for tables in new)]) for name in SCHEMAS}
    if old["files"].num_rows == 0:
        return joined
    return {name: table.take(pc.sort_indices(table, [("path", "ascending")])) for name, table in joined.items()}


def _parse_all(
    source: Source, entries: Sequence[Entry], workers: int | None, progress: Progress | None, total: int
) -> list[Tables]:
    pieces = [entries[at : at + CHUNK_FILES] for at in range(0, len(entries), CHUNK_FILES)]
    convert = functools.partial(parse, source)
    chunks, done = [], total - len(entries)
    _tell(progress, done, total)
    if workers is None:
        workers = 1 if len(entries) < PARALLEL_FILES else os.cpu_count() or 1
    results = map(convert, pieces) if workers == 1 else _in_workers(convert, pieces, min(workers, len(pieces)))
    for piece, chunk in zip(pieces, results, strict=True):
        chunks.append(chunk)
        done += len(piece)
        _tell(progress, done, total)
    return chunks


def _in_workers(convert: Callable[[_In], _Out], pieces: Sequence[_In], workers: int) -> Iterator[_Out]:
    """`convert` of each piece, in order; `executor.map` cancels on Ctrl-C, which makes loky print a traceback."""
    with pool(workers) as executor:
        waiting = deque(executor.submit(convert, piece) for piece in pieces)
        while waiting:
            yield waiting.popleft().result()


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def now_ns() -> int:
    """The time at which a listing began, on the clock of the files' own times."""
    return time.time_ns()
