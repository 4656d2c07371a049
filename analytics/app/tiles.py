"""Key figures as tiles: value, change against the comparison period, and a small line over time."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analytics.analyses.overview import change_and_outcome_text, figure_text
from analytics.schema import label_of
from analytics.statistics.change_test import DOWN, UP


def tiles(table: pd.DataFrame) -> None:
    """Draw a tile for each figure of the whole selection; the table is that of `key_figures`."""
    lines: dict[str, list[float]] = {}
    rows = table.to_dict("records")
    for row in rows:
        if pd.notna(row["period"]) and pd.notna(row["value"]) and row["complete"] is not False:
            lines.setdefault(row["figure"], []).append(float(row["value"]))
    with st.container(horizontal=True, gap="small"):
        for row in rows:
            if pd.notna(row["period"]):
                continue
            name = str(row["figure"])
            line = lines.get(name, [])
            st.metric(
                label_of(name),
                figure_text(row["value"], row["unit"]),
                change_and_outcome_text(row["change"], row["unit"], row["outcome"]),
                delta_color="normal" if has_clear_change(row) else "off",
                delta_arrow="auto" if has_clear_change(row) else "off",
                chart_data=line if len(line) > 1 else None,
                border=True,
                width=200,
                help=_rests_on(row),
            )


def has_clear_change(row: Mapping[Any, Any]) -> bool:
    """Whether the test of a figure found a change, and its value moved in the same direction."""
    return bool((row["outcome"] == UP and row["change"] > 0) or (row["outcome"] == DOWN and row["change"] < 0))


def _rests_on(row: Mapping[Any, Any]) -> str:
    text = f"n = {row['n']:,}"
    if pd.notna(row["low"]):
        text += f", 95 % interval {row['low']:.0%} to {row['high']:.0%}"
    return text if pd.isna(row["previous_n"]) else f"{text}; compared with n = {row['previous_n']:,}"
