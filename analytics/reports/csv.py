"""Tables as CSV and Parquet: UTF-8, one header row, ISO dates, and no CSV cell that a spreadsheet would run.

By default a CSV is for programs, and for spreadsheets that read UTF-8 and part cells at commas. For Excel it begins
with a byte order mark, without which Excel takes it for the code page of the machine, and text is safe also where
Excel, by the language of the machine, parts cells at semicolons or tabs (OWASP, CSV injection).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.formula_safety import FORMULA_STARTS, INNER_FORMULA
from analytics.schema import Kind, Table
from analytics.selection.selection import Selection

BYTE_ORDER_MARK = "\ufeff"


def to_csv(table: pd.DataFrame, *, raw: bool = False, excel: bool = False, header: bool = True) -> str:
    """A table as CSV text, for Excel on request. Text that begins like a formula gets a leading `'` unless `raw`;
    numbers never do."""
    columns = {name: cells(table[name], raw=raw, excel=excel) for name in table.columns}
    named = cells(pd.Series(table.columns, dtype="str"), raw=raw, excel=excel).to_list()
    written = pd.DataFrame(columns, columns=table.columns)
    text: str = written.to_csv(index=False, lineterminator="\n", header=named if header else False)
    return BYTE_ORDER_MARK + text if excel and header else text


def file_name(slug: str, selection: Selection, options: Mapping[str, object] | None = None) -> str:
    """A file name with view, days, and a short hash of the selection and the options."""
    days = [str(day) for day in (selection.start, selection.end) if day]
    rest = "&".join(f"{name}={value}" for name, value in sorted((options or {}).items()))
    filters = [hashlib.sha256(f"{selection.text}\n{rest}".encode()).hexdigest()[:8]]
    return "_".join([slug, *days, *filters]) + ".csv"


def cells(values: pd.Series, *, raw: bool = False, excel: bool = False) -> pd.Series:
    """The cells of a column for an export: times and days in ISO form, flags as true or false, numbers as they are.

    Text is formula-safe unless `raw`: at its start, and with `excel` also after a semicolon, tab or line break in it.
    A lone CR in it becomes LF, since no writer knows that it must stand in quotation marks.
    """
    kind = str(values.dtype)
    if kind.startswith("datetime64"):
        times: pd.Series = values.dt.strftime("%Y-%m-%dT%H:%M:%SZ" if "UTC" in kind else "%Y-%m-%d")
        return times
    if kind == "boolean":
        return values.map({True: "true", False: "false"}).astype("str")
    if kind in ("str", "category", "object"):
        text = values.astype("str")
        starts_like_a_formula = text.str.startswith(FORMULA_STARTS, na=False)
        text = text.str.replace("\r(?!\n)", "\n", regex=True)
        if raw:
            return text
        text = text.str.replace(INNER_FORMULA, r"\1'", regex=True) if excel else text
        return text.where(~starts_like_a_formula, "'" + text)
    return values


TYPES: dict[Kind, pa.DataType] = {
    "text": pa.large_string(),
    "label": pa.large_string(),
    "name": pa.large_string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "share": pa.float64(),
    "flag": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
    "day": pa.timestamp("us"),
}


def tee_to_parquet(path: Path, contract: Table, blocks: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield the blocks of a table, each after it was written to a new Parquet file. Raises OSError."""
    schema = pa.schema([pa.field(column.name, TYPES[column.kind]) for column in contract.columns])
    with pq.ParquetWriter(path, schema) as writer:
        for block in blocks:
            text = {column.name: "str" for column in contract.columns if column.kind == "label"}
            writer.write_table(pa.Table.from_pandas(block.astype(text), schema=schema, preserve_index=False))
            yield block
