"""Arrow tables as the frames of a corpus."""

import pandas as pd
import pyarrow as pa

from analytics.schema import Table


def frame(table: pa.Table, contract: Table) -> pd.DataFrame:
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
