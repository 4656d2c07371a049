"""Tables on a page: their columns by contract, and tables folded up until a reader opens them."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analytics.app.escaping import web_address
from analytics.display import number_texts
from analytics.schema import UNIT_OF_ROW, Column, Table, label_of

DAY, TIME = "D MMM YYYY", "D MMM YYYY HH:mm [UTC]"
"""How Streamlit writes a day and an instant."""


def table_columns(contract: Table) -> dict[str, Any]:
    """How Streamlit shows each column of a table that keeps a contract."""
    return {column.name: _column(column) for column in contract.columns}


def time_column(label: str, explanation: str = "") -> Any:
    """How Streamlit shows instants, whatever the reader's time zone."""
    return st.column_config.DatetimeColumn(label, format=TIME, timezone="UTC", help=explanation or None)


def _column(column: Column) -> Any:
    label, explanation = column.label, column.explanation
    if column.name.endswith("url"):
        return st.column_config.LinkColumn(label, help=explanation)
    if column.kind == "time":
        return time_column(label, explanation)
    if column.kind == "day":
        return st.column_config.DateColumn(label, format=DAY, help=explanation)
    if column.is_share:
        return st.column_config.NumberColumn(label, format="percent", help=explanation)
    if column.kind == "whole" and column.unit:
        return st.column_config.NumberColumn(label, format="%,d", help=explanation)
    return st.column_config.Column(label, help=explanation, alignment="right" if column.unit == UNIT_OF_ROW else None)


def readable(table: pd.DataFrame, contract: Table) -> pd.DataFrame:
    """The table with names as labels, numbers in a unit of the row as text, and no address but those of the web."""
    columns = [column for column in contract.columns if column.name in table]
    names = {column.name: table[column.name].map(label_of) for column in columns if column.kind == "name"}
    numbers = {column.name: number_texts(table, column) for column in columns if column.unit == UNIT_OF_ROW}
    web = {name: table[name].map(web_address).astype("str") for name in table.columns if name.endswith("url")}
    return table.assign(**names, **numbers, **web)


def show_table(table: pd.DataFrame, contract: Table, columns: Mapping[str, Any] | None = None, **how: Any) -> Any:
    """Draw a table that keeps a contract; `columns` adds to what the contract says, `how` is for `st.dataframe`."""
    config = {**table_columns(contract), **(columns or {})}
    options: dict[str, Any] = {"hide_index": True, "alt": contract.grain} | how
    return st.dataframe(readable(table, contract), column_config=config, **options)


def folded(label: str, key: str, draw: Callable[[], None], *, expanded: bool = False) -> None:
    """Draw something in an expander, and only while it is open."""
    box = st.expander(label, expanded=expanded, key=key, on_change="rerun")
    if box.open:
        with box:
            draw()


def table_expander(table: pd.DataFrame, contract: Table) -> None:
    """Draw a table that keeps a contract, folded up."""
    with st.expander(f"Table ({len(table):,} rows)"):
        show_table(table, contract)
