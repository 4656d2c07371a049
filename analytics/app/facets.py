"""Facets: what else the selection could hold, with live counts; a click adds to it or takes back."""

import pandas as pd
import streamlit as st

from analytics.app import data, sidebar
from analytics.app.text import plain
from analytics.selection import Selection

FACETS = {
    "state": "State",
    "year": "Year",
    "type": "Type",
    "heat_state": "Heat",
    "topic": "Topic",
    "provider": "Provider",
}
"""Key of a facet (`Slice.facet`) → its heading, the short ones first."""

TOP = 15


def facets(selection: Selection, *, across: bool) -> None:
    """Draw the facets of a selection, below each other or `across` the page."""
    tables = {key: data.facet(key, selection, TOP) for key in FACETS}
    places = st.columns(3) if across else [st.container()]
    for place, (key, heading) in enumerate(FACETS.items()):
        if not tables[key].empty:
            with places[place % len(places)]:
                _facet(key, heading, tables[key])


def turn(key: str) -> None:
    """Callback: add the value that was clicked to the selection, or take the one back that was chosen."""
    table = st.session_state[_shown(key)].set_index("label")
    chosen, picked = set(table.index[table["chosen"]]), set(st.session_state[_widget(key)])
    for label in chosen ^ picked:
        row = table.loc[label]
        if pd.isna(row["value"]):
            _turn_year(row, on=label in picked)
        elif label in picked:
            sidebar.add(row["parameter"], row["value"])
        else:
            sidebar.remove(row["parameter"], row["value"])


def _turn_year(row: pd.Series, *, on: bool) -> None:
    st.session_state["from"] = row["start"].date() if on else None
    st.session_state["to"] = row["end"].date() if on else None


def _facet(key: str, heading: str, table: pd.DataFrame) -> None:
    counts = table.set_index("label")["n"]
    total = int(table["total"].iloc[0])
    st.session_state[_shown(key)] = table
    chosen = list(table.loc[table["chosen"], "label"])
    if st.session_state.get(_widget(key)) != chosen:
        st.session_state[_widget(key)] = chosen
    cut = f" :small[top {len(table)} of {total:,}]" if total > len(table) else ""
    st.pills(
        f"**{heading}**{cut}",
        list(counts.index),
        selection_mode="multi",
        format_func=lambda label: f"{plain(label)} **{counts[label]:,}**",
        key=_widget(key),
        on_change=turn,
        args=(key,),
    )


def _widget(key: str) -> str:
    return f"facet-{key}"


def _shown(key: str) -> str:
    return f"facet-{key}-shown"
