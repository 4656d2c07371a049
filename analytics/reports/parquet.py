"""Tables as Parquet, block by block: the text as it is, times in UTC."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.schema import Kind, Table

TYPES: dict[Kind, pa.DataType] = {
    "text": pa.large_string(),
    "label": pa.large_string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "share": pa.float64(),
    "flag": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
    "day": pa.timestamp("us"),
}


def write_parquet(path: Path, contract: Table, blocks: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Write blocks of a table into a new file, and hand each of them on. Raises OSError."""
    schema = pa.schema([pa.field(column.name, TYPES[column.kind]) for column in contract.columns])
    with pq.ParquetWriter(path, schema) as writer:
        for block in blocks:
            text = {column.name: "str" for column in contract.columns if column.kind == "label"}
            writer.write_table(pa.Table.from_pandas(block.astype(text), schema=schema, preserve_index=False))
            yield block
