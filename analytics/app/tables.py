"""Tables on a page: their columns by contract, and tables folded up until a reader opens them."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analytics.app.escaping import web_address
from analytics.schema import Column, Table


def table_columns(contract: Table) -> dict[str, Any]:
    """How Streamlit shows each column of a table that keeps a contract."""
    return {column.name: _column(column) for column in contract.columns}


def _column(column: Column) -> Any:
    about = f"{column.meaning} ({column.unit})" if column.unit else column.meaning
    if column.name.endswith("url"):
        return st.column_config.LinkColumn(help=about)
    return st.column_config.Column(help=about)


def show_table(table: pd.DataFrame, contract: Table, columns: Mapping[str, Any] | None = None, **how: Any) -> Any:
    """Draw a table that keeps a contract; `columns` adds to what the contract says, `how` is for `st.dataframe`.

    Addresses lead to the web or nowhere.
    """
    config = {**table_columns(contract), **(columns or {})}
    web = {name: table[name].map(web_address).astype("str") for name in table.columns if name.endswith("url")}
    return st.dataframe(table.assign(**web), hide_index=True, column_config=config, alt=contract.grain, **how)


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
