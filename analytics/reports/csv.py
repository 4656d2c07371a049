"""Tables as CSV: UTF-8, one header row, ISO dates, stable order, and no cell that a spreadsheet would run."""

import hashlib
from collections.abc import Mapping

import pandas as pd

from analytics.selection import Selection

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(table: pd.DataFrame, *, raw: bool = False) -> str:
    """A table as CSV text. Text cells that begin like a formula get a leading `'` unless `raw`; numbers never do."""
    columns = {name: _cells(table[name], raw=raw) for name in table.columns}
    return pd.DataFrame(columns, columns=table.columns).to_csv(index=False, lineterminator="\n")


def file_name(slug: str, selection: Selection, options: Mapping[str, object] | None = None) -> str:
    """A name that says view, range and filters: the latter as a short hash of selection and options."""
    days = [str(day) for day in (selection.start, selection.end) if day]
    rest = "&".join(f"{name}={value}" for name, value in sorted((options or {}).items()))
    filters = [hashlib.sha256(f"{selection.text}\n{rest}".encode()).hexdigest()[:8]]
    return "_".join([slug, *days, *filters]) + ".csv"


def _cells(values: pd.Series, *, raw: bool) -> pd.Series:
    kind, cells = str(values.dtype), values
    if kind.startswith("datetime64"):
        cells = values.dt.strftime("%Y-%m-%dT%H:%M:%SZ" if "UTC" in kind else "%Y-%m-%d")
    elif kind == "boolean":
        cells = values.map({True: "true", False: "false"}).astype("str")
    elif kind in ("str", "category", "object"):
        text = values.astype("str")
        cells = text if raw else text.where(~text.str.startswith(FORMULA_STARTS, na=False), "'" + text)
    return cells
