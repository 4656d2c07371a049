"""The table of an answer: its rows lead on as the marks of the chart do, also without a mouse."""

from typing import Any

import pandas as pd
import streamlit as st

from analytics.app import data
from analytics.app.answer import Answer
from analytics.app.drill import bar
from analytics.app.links import article_address
from analytics.app.web import web_address

ROWS_MAX = 10_000
"""Up to this many rows the reader can select one: a table that can be selected from is sent as a whole."""

LINKS = {"path": "article", "other_path": "other article"}
"""Column that names an article → the column of links to its page."""


def answer_table(answer: Answer) -> None:
    """Draw the table; a row that is selected shows its articles, one that is an article has a link to its page."""
    columns = _columns(answer)
    about: dict[str, Any] = {"hide_index": True, "alt": f"The numbers of the chart: {answer.view.table.grain}"}
    if answer.view.lists_articles:
        links = dict.fromkeys(LINKS.values(), _link_column())
        st.dataframe(_linked(answer.table), column_config=links | columns, **about)
    elif not answer.view.behind or len(answer.table) > ROWS_MAX:
        st.dataframe(answer.table, column_config=columns, **about)
    else:
        st.caption("Select a row to see its articles.")
        key = f"{answer.key}-table"
        state = st.dataframe(
            answer.table,
            column_config=columns,
            key=key,
            on_select="rerun",
            selection_mode="single-row",
            **about,
        )
        found: Any = state["selection"]
        if found["rows"] and found["rows"][0] < len(answer.table):
            bar(answer, found["rows"][0], key)


def _linked(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with the links of their articles, where they could be read, and no address but those of the web."""
    paths = data.corpus().articles["path"]
    links = {link: _addresses(table[name], paths) for name, link in LINKS.items() if name in table}
    web = {"url": table["url"].map(web_address).astype("str")} if "url" in table else {}
    return table.assign(**web, **links)[[*links, *table.columns]]


def _addresses(named: pd.Series, paths: pd.Series) -> pd.Series:
    return named.map(article_address).where(named.isin(paths[paths.isin(named)]))


def _link_column() -> Any:
    return st.column_config.LinkColumn(display_text="open", help="All that is known of the article")


def _columns(answer: Answer) -> dict[str, Any]:
    """What each column means, as its help; addresses are links."""
    kinds = {"url": st.column_config.LinkColumn}
    return {
        column.name: kinds.get(column.name, st.column_config.Column)(
            help=f"{column.meaning} ({column.unit})" if column.unit else column.meaning
        )
        for column in answer.view.table.columns
    }
