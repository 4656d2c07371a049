"""Key figures as tiles: value, change against the comparison period, and a small line over time."""

import pandas as pd
import streamlit as st

from analytics.analyses.overview import figure_change_text, figure_text
from analytics.schema import label_of
from analytics.statistics.change_test import DOWN, UP


def tiles(table: pd.DataFrame) -> None:
    """A tile for each figure of the whole selection (`key_figures`)."""
    series = table[table["period"].notna() & table["complete"].fillna(value=True)]
    with st.container(horizontal=True, gap="small"):
        for _, row in table[table["period"].isna()].iterrows():
            name = str(row["figure"])
            line = series.loc[series["figure"] == name, "value"].dropna().astype("float64").tolist()
            st.metric(
                label_of(name),
                figure_text(row["value"], row["unit"]),
                figure_change_text(row["change"], row["unit"], row["outcome"]),
                delta_color="normal" if is_changed(row) else "off",
                delta_arrow="auto" if is_changed(row) else "off",
                chart_data=line if len(line) > 1 else None,
                border=True,
                width=200,
                help=_rests_on(row),
            )


def is_changed(row: pd.Series) -> bool:
    """Whether the figure is known to have changed, and its own change shows in the same direction."""
    return bool((row["outcome"] == UP and row["change"] > 0) or (row["outcome"] == DOWN and row["change"] < 0))


def _rests_on(row: pd.Series) -> str:
    text = f"n = {row['n']:,}"
    if pd.notna(row["low"]):
        text += f", 95 % interval {row['low']:.0%} to {row['high']:.0%}"
    return text if pd.isna(row["previous_n"]) else f"{text}; compared with n = {row['previous_n']:,}"
