"""A table behind what a page shows, with its columns explained."""

import pandas as pd
import streamlit as st

from analytics.schema import Table


def numbers(table: pd.DataFrame, contract: Table) -> None:
    """Draw a table that keeps a contract, folded up; what its columns mean is told at their heads."""
    columns = {column.name: st.column_config.Column(help=column.meaning) for column in contract.columns}
    with st.expander(f"Table ({len(table):,} rows)"):
        st.dataframe(table, hide_index=True, column_config=columns, alt=contract.grain)
