"""The life of an article's heat on its page: when it rose above quality, and when it came back."""

import pandas as pd
import streamlit as st

from analytics.analyses import history_article
from analytics.app import data
from analytics.app.numbers import numbers
from analytics.app.text import plain
from analytics.charts.history import life
from analytics.charts.theme import Look, Panels
from analytics.engine.slice import Slice
from analytics.reports.csv import to_csv
from analytics.selection import Selection


def heat_life(path: str) -> None:
    """Draw the heat of an article since it was first seen, by the corpus's history; nothing where there is none."""
    part = data.part(Selection(), "history")
    if part.history.commits.empty:
        return
    st.header("The life of its heat", anchor="heat-life")
    table = _table(f"{data.corpus().fingerprint}\n{part.beside.stamp}\n{path}", part)
    finding = history_article.heat_life_finding(table)
    st.markdown(plain(finding))
    if table.empty:
        return
    drawn = life(title="points")(table, Look())
    st.altair_chart(drawn.joined() if isinstance(drawn, Panels) else drawn, width="stretch", alt=finding)
    st.caption(
        "Each commit that changed something tracked, by hours since the first. Another article's time in the same file "
        "is left out."
    )
    numbers(table, history_article.HEAT_LIFE)
    st.download_button(
        "Download CSV",
        to_csv(table),
        file_name="heat_life.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"heat-life-{path}",
    )


@st.cache_data(show_spinner=False, max_entries=50)
def _table(key: str, _part: Slice) -> pd.DataFrame:
    return history_article.heat_life(_part, key.split("\n", 2)[2])
