"""A source → a `Corpus`: list the files, parse them in worker processes, join the parts into typed frames."""

import functools
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass

import loky
import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.corpus import parse, sources, tables
from analytics.corpus.parse import SCHEMAS, Chunk
from analytics.corpus.sources import Source
from analytics.corpus.taxonomy import load_taxonomy
from analytics.schema import Table

CHUNK_FILES = 500
PARALLEL_FILES = 2_000
"""From how many files on worker processes are worth their start."""

Progress = Callable[[int, int], None]
"""Called with the files done and the files in all."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """Everything that was read from a source, and every problem met on the way. Treat the frames as read-only.

    Frames keep the contracts of `analytics.corpus.tables`. `fingerprint` changes when any file that is read does.
    `skipped` counts text files without front matter, which are no articles and no faults.
    """

    name: str
    source: str
    fingerprint: str
    articles: pd.DataFrame
    topics: pd.DataFrame
    images: pd.DataFrame
    related: pd.DataFrame
    problems: pd.DataFrame
    topic_tree: pd.DataFrame
    organisations: pd.DataFrame
    unknown_fields: pd.DataFrame
    skipped: int


def load_corpus(
    source: str | os.PathLike[str], *, workers: int | None = None, progress: Progress | None = None
) -> Corpus:
    """Load the articles of a folder (at any depth) or of a single file.

    One bad file is one row in `problems` and never the end of a load; `workers=1` stays in this process.
    Raises CorpusError when there is nothing to read at `source`.
    """
    opened = sources.open_source(source)
    entries = opened.entries()
    paths = [entry.path for entry in entries if entry.role == "article"]
    chunks = _parse_all(opened, paths, workers or _usual_workers(len(paths)), progress)
    topic_tree, organisations, faults = load_taxonomy(opened, [entry for entry in entries if entry.role != "article"])
    files = pa.concat_tables(chunk.tables["files"] for chunk in chunks) if chunks else SCHEMAS["files"].empty_table()
    parts = {name: _joined(chunks, name) for name in SCHEMAS if name != "files"}
    parts["problems"] = pa.concat_tables([parts["problems"], pa.Table.from_pylist(faults, schema=SCHEMAS["problems"])])
    articles = _frame(parts["articles"], tables.ARTICLES)
    return Corpus(
        name=opened.name,
        source=str(source),
        fingerprint=_fingerprint(files, topic_tree, organisations),
        articles=articles,
        topics=_frame(parts["topics"], tables.TOPICS),
        images=_frame(parts["images"], tables.IMAGES),
        related=_with_targets(_frame(parts["related"], tables.RELATED), articles),
        problems=_sorted_problems(_frame(parts["problems"], tables.PROBLEMS)),
        topic_tree=topic_tree,
        organisations=organisations,
        unknown_fields=_unknown(chunks),
        skipped=files["state"].to_pylist().count("skipped"),
    )


def _usual_workers(files: int) -> int:
    return 1 if files < PARALLEL_FILES else os.cpu_count() or 1


def _parse_all(source: Source, paths: Sequence[str], workers: int, progress: Progress | None) -> list[Chunk]:
    pieces = [paths[at : at + CHUNK_FILES] for at in range(0, len(paths), CHUNK_FILES)]
    convert = functools.partial(parse.parse, source)
    chunks, done = [], 0
    with _pool(workers) as pool:
        parsed = map(convert, pieces) if pool is None else pool.map(convert, pieces)
        for piece, chunk in zip(pieces, parsed, strict=True):
            chunks.append(chunk)
            done += len(piece)
            if progress is not None:
                progress(done, len(paths))
    return chunks


@contextmanager
def _pool(workers: int) -> Iterator[Executor | None]:
    """Worker processes that start clean.

    loky's: a fork would copy the locks of a threaded server, and the standard library's spawn would run the caller's
    main script once more in each worker.
    """
    if workers <= 1:
        yield None
        return
    pool = loky.ProcessPoolExecutor(workers)
    try:
        yield pool
    finally:
        pool.shutdown(kill_workers=True)


def _joined(chunks: Sequence[Chunk], name: str) -> pa.Table:
    if not chunks:
        return SCHEMAS[name].empty_table()
    return pa.concat_tables(chunk.tables[name] for chunk in chunks)


def _frame(table: pa.Table, contract: Table) -> pd.DataFrame:
    """An Arrow table as a frame that keeps its contract; columns that it lacks are missing."""
    columns: dict[str, pd.Series] = {}
    for column in contract.columns:
        if column.name not in table.column_names:
            columns[column.name] = pd.Series(pd.NA, index=range(table.num_rows), dtype=column.dtype)
            continue
        values = table[column.name]
        if column.kind == "label":
            columns[column.name] = _label(values)
        elif column.kind == "text":
            columns[column.name] = values.to_pandas().astype("str")
        elif column.kind == "flag":
            columns[column.name] = values.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
        elif column.kind == "whole":
            columns[column.name] = values.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
        else:
            columns[column.name] = values.to_pandas(date_as_object=False).astype(column.dtype)
    return pd.DataFrame(columns, columns=contract.names)


def _label(values: pa.ChunkedArray) -> pd.Series:
    """Text as a categorical whose categories are in alphabetical order, whatever order they came in."""
    coded = values.dictionary_encode().to_pandas()
    ordered: pd.Series = coded.cat.set_categories(pd.Index(sorted(coded.cat.categories), dtype="str"))
    return ordered


def _with_targets(related: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """`related` with the path of the first article that has the story's address."""
    known = pd.concat([articles.set_index(column)["path"] for column in ("web_url", "original_url")])
    known = known[known.index.notna()]
    known = known[~known.index.duplicated()]
    found = related["url"].map(known).astype("str")
    return related.assign(target_path=found.where(found != related["path"]))


def _sorted_problems(problems: pd.DataFrame) -> pd.DataFrame:
    ordered = problems.sort_values(["path", "line", "field", "code"], kind="stable", na_position="first")
    return ordered.reset_index(drop=True)


def _unknown(chunks: Sequence[Chunk]) -> pd.DataFrame:
    counts = sum((chunk.unknown for chunk in chunks), Counter[str]())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tables.UNKNOWN_FIELDS.of(pd.DataFrame(ordered, columns=tables.UNKNOWN_FIELDS.names))


def _fingerprint(files: pa.Table, *taxonomy: pd.DataFrame) -> str:
    digest = hashlib.sha256()
    for path, content in zip(files["path"].to_pylist(), files["digest"].to_pylist(), strict=True):
        digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + content)
    for frame in taxonomy:
        digest.update(np.asarray(pd.util.hash_pandas_object(frame, index=False)).tobytes())
    return digest.hexdigest()[:16]
