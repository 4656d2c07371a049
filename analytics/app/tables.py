"""Tables on a page, with columns formatted by their contract, and expanders for them."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from pandas.api.types import is_string_dtype

from analytics.analyses.common.wording import count_text
from analytics.app.escaping import web_address
from analytics.schema import UNIT_OF_ROW, Column, Table
from analytics.value_formatting import is_date_only, number_texts, time_texts

DAY, TIME = "D MMM YYYY", "D MMM YYYY HH:mm [UTC]"
"""How Streamlit writes a day and an instant."""


ISO_DAY, ISO_TIME = "%Y-%m-%d", "%Y-%m-%d %H:%M UTC"
"""How a day and an instant are written as texts, which sort by time."""


def column_configs(contract: Table) -> dict[str, Any]:
    """Column name → Streamlit column config, by the contract of a table."""
    return {column.name: _column(column) for column in contract.columns}


def time_column_config(label: str, explanation: str = "") -> Any:
    """The Streamlit column config for instants, shown in UTC."""
    return st.column_config.DatetimeColumn(label, format=TIME, timezone="UTC", help=explanation or None)


def _column(column: Column) -> Any:
    label, explanation = column.label, column.explanation
    if column.name.endswith("url"):
        return st.column_config.LinkColumn(label, help=explanation)
    if column.kind == "time":
        return time_column_config(label, explanation)
    if column.kind == "day":
        return st.column_config.DateColumn(label, format=DAY, help=explanation)
    if column.is_share:
        return st.column_config.NumberColumn(label, format="%.1f%%", help=explanation)
    if column.kind == "whole" and column.unit:
        return st.column_config.NumberColumn(label, format="%,d", help=explanation)
    return st.column_config.Column(label, help=explanation, alignment="right" if column.unit == UNIT_OF_ROW else None)


def readable(table: pd.DataFrame, contract: Table) -> pd.DataFrame:
    """The table with names as labels, shares in per cent, numbers in a unit of the row as text, and no address but
    those of the web; times as text where some are dates alone."""
    columns = [column for column in contract.columns if column.name in table]
    names = {column.name: table[column.name].map(column.label_of_name) for column in columns if column.kind == "name"}
    numbers = {column.name: number_texts(table, column) for column in columns if column.unit == UNIT_OF_ROW}
    web = {name: table[name].map(web_address).astype("str") for name in table.columns if name.endswith("url")}
    shares = {column.name: table[column.name] * 100 for column in columns if column.is_share}
    times = {column.name: times_or_texts(table[column.name]) for column in columns if column.kind == "time"}
    return table.assign(**names, **numbers, **shares, **times, **web)


def times_or_texts(times: pd.Series) -> pd.Series:
    """Instants as they are, or all as text where some are dates alone, which no column of instants can show."""
    return time_texts(times, ISO_DAY, ISO_TIME).astype("str") if is_date_only(times).any() else times


def show_table(table: pd.DataFrame, contract: Table, columns: Mapping[str, Any] | None = None, **how: Any) -> Any:
    """Draw a table that keeps a contract; `columns` adds to what the contract says, `how` is for `st.dataframe`."""
    shown = readable(table, contract)
    texts = {
        column.name: st.column_config.TextColumn(column.label, help=column.explanation)
        for column in contract.columns
        if column.kind == "time" and column.name in shown and is_string_dtype(shown[column.name])
    }
    config = {**column_configs(contract), **texts, **(columns or {})}
    options: dict[str, Any] = {"hide_index": True, "alt": contract.grain, "placeholder": ""} | how
    return st.dataframe(shown, column_config=config, **options)


def lazy_expander(label: str, key: str, draw: Callable[[], None]) -> None:
    """An expander whose content is drawn only while it is open."""
    box = st.expander(label, key=key, on_change="rerun")
    if box.open:
        with box:
            draw()


def table_expander(table: pd.DataFrame, contract: Table) -> None:
    """Draw a table that keeps a contract in a closed expander."""
    with st.expander(f"Table ({count_text(len(table), 'row')})"):
        show_table(table, contract)
