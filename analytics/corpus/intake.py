"""A source → parsed tables: what the cache still knows, and the rest parsed in worker processes."""

import functools
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from analytics.corpus import cache
from analytics.corpus.parse import SCHEMAS, Tables, parse
from analytics.corpus.sources import Entry, Source
from analytics.corpus.workers import pool

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
