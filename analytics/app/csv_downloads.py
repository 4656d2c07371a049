"""CSV downloads, and the switch of a session that makes them for Excel."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from analytics.reports.csv import to_csv

FOR_EXCEL = "csv-for-excel"


def excel_toggle() -> None:
    """Draw the switch that makes all CSVs of the session for Excel."""
    st.toggle(
        "CSV files for Excel",
        key=FOR_EXCEL,
        persist_state="session",
        help="With a byte order mark, which Excel needs to read accents, and safe where it parts cells at semicolons.",
    )


def for_excel() -> bool:
    """Whether the reader wants CSVs for Excel."""
    return bool(st.session_state.get(FOR_EXCEL))


def csv_maker(table: pd.DataFrame) -> Callable[[], str]:
    """A function that makes the CSV of a table when it is downloaded, for Excel if the switch is on now."""
    return partial(to_csv, table, excel=for_excel())
