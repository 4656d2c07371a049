"""Views over time as people pivot them: a row a period, a column a label."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.catalog.view import View
from analytics.corpus.tables import ARTICLES, PROBLEMS, RELATED, TOPICS
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.userdata.notes import NOTES

PERIOD = "period"
HEAD = (PERIOD, "period_end", "complete")
"""The columns of a period itself, where a table has them."""


def wide(view: View, table: pd.DataFrame) -> tuple[Table, pd.DataFrame]:
    """A view's table with one row a period and `view.pivot` of each label in a column of its own, and its contract.

    Periods and labels stand in the order of the table; rows without a period, which are of the whole selection, are
    left out. A label that is called like a column of the period has the name of the label's column after it.
    """
    label = next(name for name in view.table.key if name != PERIOD)
    rows = table[table[PERIOD].notna()]
    head = [name for name in view.table.names if name in HEAD]
    labels = rows[label].astype("str").unique().tolist()
    names = _apart(labels, head, label)
    value = view.table[view.pivot]
    columns = [view.table[name] for name in head]
    columns += [
        Column(name, value.kind, f"{label} {found}: {value.meaning}", value.unit)
        for found, name in zip(labels, names, strict=True)
    ]
    contract = Table(f"{view.slug}_wide", f"one row per period, one column per {label}", tuple(columns), (PERIOD,))
    periods = rows[head].drop_duplicates(PERIOD).sort_values(PERIOD)
    cells = rows.assign(**{label: rows[label].astype("str")}).pivot(index=PERIOD, columns=label, values=view.pivot)
    cells = cells.reindex(index=periods[PERIOD], columns=labels)
    found = {name: cells[old].array for old, name in zip(labels, names, strict=True)}
    return contract, contract.of(pd.DataFrame({name: periods[name].array for name in head} | found))


def _apart(labels: list[str], taken: list[str], label: str) -> list[str]:
    """Names for columns, none of them one that is taken."""
    names: list[str] = []
    for found in labels:
        name = found
        while name in taken or (name != found and name in labels):
            name = f"{name} ({label})"
        names.append(name)
    return names


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


def contents(data: Slice, views: Sequence[View], notes: pd.DataFrame) -> Iterator[File]:
    """The files of a bundle in their order, the dictionary last; a view is computed when its turn comes."""
    described: list[Table] = []
    for file in _tables(data, views, notes):
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


def _tables(data: Slice, views: Sequence[View], notes: pd.DataFrame) -> Iterator[File]:
    for view in views:
        table = view.answer(data)
        yield _whole(view.table, table)
        if view.pivot:
            yield _whole(*wide(view, table))
    for contract in _CORPUS:
        yield File(contract, len(getattr(data.corpus, contract.name)), _rows(data, contract.name))
    if len(notes):
        yield _whole(NOTES, notes)


def _whole(contract: Table, table: pd.DataFrame) -> File:
    return File(contract, len(table), [(table, len(table))])


def _rows(data: Slice, name: str) -> Blocks:
    for block, done in data.blocks(name, ROWS):
        yield (block.assign(topics=data.topics_of(block)) if name == "articles" else block), done
