"""What a bundle holds, file by file: its contract, and its rows in blocks so that none need be there at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.corpus.tables import ARTICLES, PROBLEMS, RELATED, TOPICS
from analytics.engine.slice import Slice
from analytics.kept.notes import NOTES
from analytics.reports.wide import wide
from analytics.schema import Column, Table
from analytics.view import View

ROWS = 50_000
"""Rows of a block."""

ARTICLE_ROWS = Table(
    "articles",
    ARTICLES.grain,
    (*ARTICLES.columns, Column("topics", "text", "topics in the order of the record, joined by '; '")),
    ("path",),
)

COLUMNS = Table(
    "columns",
    "one row per column of a CSV file; a Parquet file has the columns of the CSV of its name",
    (
        Column("file", "text", "name of the file"),
        Column("column", "text", "name of the column, as in its first row"),
        Column(
            "type",
            "text",
            "text; label (text with few values); whole (number); number; share (0 to 1); flag (true or false); "
            "time (UTC); day (a UTC day, or the first day of a period). What is missing is empty",
        ),
        Column("unit", "text", "unit of its values"),
        Column("meaning", "text", "what a value means"),
    ),
    ("file", "column"),
)

Blocks = Iterable[tuple[pd.DataFrame, int]]


@dataclass(frozen=True)
class File:
    """A file of a bundle, without the ending of its name.

    Each of `blocks` comes with how many of the `total` rows were gone through.
    """

    contract: Table
    total: int
    blocks: Blocks

    @property
    def name(self) -> str:
        """The name, without an ending."""
        return self.contract.name


def contents(part: Slice, views: Sequence[View], notes: pd.DataFrame) -> Iterator[File]:
    """The files of a bundle in their order, the dictionary last; a view is computed when its turn comes."""
    described: list[Table] = []
    for file in _tables(part, views, notes):
        described.append(file.contract)
        yield file
    yield _whole(COLUMNS, dictionary([*described, COLUMNS]))


def count(views: Sequence[View], notes: pd.DataFrame) -> int:
    """How many files `contents` gives."""
    return sum(1 + bool(view.pivot) for view in views) + bool(len(notes)) + len((*_CORPUS, COLUMNS))


def dictionary(contracts: Iterable[Table]) -> pd.DataFrame:
    """The columns of some tables (COLUMNS)."""
    rows = [
        (f"{contract.name}.csv", column.name, column.kind, column.unit, column.meaning)
        for contract in contracts
        for column in contract.columns
    ]
    return COLUMNS.of(pd.DataFrame(rows, columns=COLUMNS.names))


_CORPUS = (ARTICLE_ROWS, TOPICS, RELATED, PROBLEMS)


def _tables(part: Slice, views: Sequence[View], notes: pd.DataFrame) -> Iterator[File]:
    for view in views:
        table = view.answer(part)
        yield _whole(view.table, table)
        if view.pivot:
            yield _whole(*wide(view, table))
    for contract in _CORPUS:
        yield File(contract, len(getattr(part.corpus, contract.name)), _rows(part, contract.name))
    if len(notes):
        yield _whole(NOTES, notes)


def _whole(contract: Table, table: pd.DataFrame) -> File:
    return File(contract, len(table), [(table, len(table))])


def _rows(part: Slice, name: str) -> Blocks:
    for block, done in part.blocks(name, ROWS):
        yield (block.assign(topics=part.topics_of(block)) if name == "articles" else block), done
