"""Parse the files of a source that are new or changed, in worker processes where there are many."""

import functools
import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import AbstractContextManager, ExitStack, closing, suppress

import pyarrow as pa
import pyarrow.compute as pc

from analytics.corpus import cache
from analytics.corpus.parsing.files_to_tables import SCHEMAS, Tables, parse_files, tables_of_unparsable_file
from analytics.corpus.site_profile import PLAIN_READING, ReadingSettings
from analytics.corpus.sources.base import Source, SourceFile
from analytics.progress import Progress
from analytics.worker_pool import worker_pool as processes

CHUNK_FILES = 500
PARALLEL_FILES = 8_000
"""The number of files from which on starting worker processes is worth its time."""

POOLS = 2
"""How many pools are tried. A pool breaks when a worker is killed, for example by a system that lacks memory."""


def parsed_tables(
    source: Source,
    entries: Sequence[SourceFile],
    reading: ReadingSettings = PLAIN_READING,
    *,
    use_cache: bool,
    workers: int | None,
    progress: Progress | None,
    listed_ns: int,
) -> Tables:
    """The tables of `chunk.SCHEMAS` for the given files, sorted by path; only new and changed files are parsed.

    What was parsed under another `reading` is parsed anew. `listed_ns` is when the listing of the files began, on the
    clock of their own times.
    """
    cached = cache.load(source.key, reading.key) if use_cache else None
    mask = cache.unchanged_mask_or_none(cached[0]["files"], cached[1], entries) if cached else None
    if cached and mask is None:
        _report(progress, len(entries), len(entries))
        return cached[0]
    old = _without_changed(cached[0], mask) if cached else _empty_tables()
    done = set(old["files"]["path"].to_pylist())
    fresh = [entry for entry in entries if entry.path not in done] if done else entries
    tables = _merged(old, _parse_all(source, reading, fresh, workers, progress, len(entries)))
    if use_cache:
        cache.save(source.key, tables, listed_ns, reading.key)
    return tables


def _empty_tables() -> Tables:
    return {name: schema.empty_table() for name, schema in SCHEMAS.items()}


def _without_changed(tables: Tables, unchanged: pa.ChunkedArray) -> Tables:
    """The rows of the unchanged files, given as a mask over the table `files`."""
    files = tables["files"].filter(unchanged)
    rest = {name: table.filter(pc.is_in(table["path"], value_set=files["path"])) for name, table in tables.items()}
    return rest | {"files": files}


def _merged(old: Tables, new: Sequence[Tables]) -> Tables:
    """All rows, sorted by path; rows of one file stay in their order."""
    joined = {name: pa.concat_tables([old[name], *(tables[name] for tables in new)]) for name in SCHEMAS}
    if old["files"].num_rows == 0:
        return joined
    return {name: table.take(pc.sort_indices(table, [("path", "ascending")])) for name, table in joined.items()}


def _parse_all(
    source: Source,
    reading: ReadingSettings,
    entries: Sequence[SourceFile],
    workers: int | None,
    progress: Progress | None,
    total: int,
) -> list[Tables]:
    """The tables of all chunks of files, in order."""
    chunks = [entries[start : start + CHUNK_FILES] for start in range(0, len(entries), CHUNK_FILES)]
    parse_chunk = functools.partial(parse_files, source, reading=reading)
    if workers is None:
        workers = 1 if len(entries) < PARALLEL_FILES else os.cpu_count() or 1
    if workers == 1:
        results = (parse_chunk(chunk) for chunk in chunks)
    else:
        results = _parse_in_workers(parse_chunk, chunks, min(workers, len(chunks)))
    parsed, done = [], total - len(entries)
    with closing(results):  # on Ctrl-C the worker processes end here, not when the exception is forgotten
        _report(progress, done, total)
        for chunk, tables in zip(chunks, results, strict=True):
            parsed.append(tables)
            done += len(chunk)
            _report(progress, done, total)
    return parsed


def _parse_in_workers(
    parse_chunk: Callable[[Sequence[SourceFile]], Tables], chunks: Sequence[Sequence[SourceFile]], workers: int
) -> Generator[Tables, None, None]:
    """The tables of each chunk, in order. What dead workers leave undone, new ones do, in the end one at a time."""
    done = 0
    for _ in range(POOLS):
        with suppress(BrokenExecutor), worker_pool(workers) as executor:
            # not executor.map: it cancels on Ctrl-C, which makes loky print a traceback
            waiting = deque(executor.submit(parse_chunk, chunk) for chunk in chunks[done:])
            while waiting:
                tables = waiting.popleft().result()
                done += 1
                yield tables
            return
    yield from _parse_one_at_a_time(parse_chunk, chunks[done:])


def _parse_one_at_a_time(
    parse_chunk: Callable[[Sequence[SourceFile]], Tables], chunks: Sequence[Sequence[SourceFile]]
) -> Iterator[Tables]:
    """The tables of each chunk, in order. A chunk at which the worker dies is halved, down to the file that kills it.

    Never in this process, which that file would end too.
    """
    with ExitStack() as pools:
        executor = pools.enter_context(worker_pool(1))
        for chunk in chunks:
            waiting, died_at = [chunk], set[str]()
            parsed: list[Tables] = []
            while waiting:
                files = waiting.pop()
                try:
                    parsed.append(executor.submit(parse_chunk, files).result())
                    continue
                except BrokenExecutor:
                    pools.close()
                    executor = pools.enter_context(worker_pool(1))
                if len(files) > 1:
                    middle = len(files) // 2
                    waiting += [files[middle:], files[:middle]]
                elif files[0].path not in died_at:
                    died_at.add(files[0].path)
                    waiting.append(files)
                else:
                    parsed.append(tables_of_unparsable_file(files[0]))
            yield _merged(_empty_tables(), parsed)


def _report(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def worker_pool(workers: int) -> AbstractContextManager[Executor]:
    """An executor over worker processes that parse (`worker_pool.worker_pool`)."""
    return processes(workers, _prepare_worker)


def _prepare_worker() -> None:
    gc.disable()  # rows hold no cycles, and there are many of them
    sys.meta_path.insert(0, _PandasBlocker())


class _PandasBlocker:
    """Keeps PyArrow from importing pandas, which workers do not need and which takes a third of a second."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)
