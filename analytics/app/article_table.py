"""Articles as a table: a row each, the columns that the reader chose."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics.app.article_list import EXCERPT_SIGNS
from analytics.app.links import article_address
from analytics.app.web import web_address

COLUMNS = {
    "Article": st.column_config.LinkColumn(
        "Article", display_text=":material/article:", width=60, help="All that is known of the article"
    ),
    "Title": st.column_config.TextColumn(width=380),
    "Provider": st.column_config.TextColumn(width=150),
    "Published at": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC", help="UTC"),
    "Type": st.column_config.TextColumn(),
    "State": st.column_config.TextColumn(help="published, unpublished, or unknown: the article does not say"),
    "Quality": st.column_config.NumberColumn(help="Quality score; empty when there is none"),
    "Heat": st.column_config.NumberColumn(help="Heat score; -1 is an unranked article, empty when there is none"),
    "Heat state": st.column_config.TextColumn(help="ranked, unranked (-1), or missing"),
    "Lift": st.column_config.NumberColumn(format="%+d", help="Heat minus quality; empty when either is missing"),
    "Topics": st.column_config.TextColumn(width=260),
    "Excerpt": st.column_config.TextColumn(width=380),
    "Related": st.column_config.NumberColumn(help="Related stories"),
    "Problems": st.column_config.NumberColumn(help="Problems found in the file"),
    "Relevance": st.column_config.NumberColumn(help="How well it fits the words looked for; empty without words"),
    "Path": st.column_config.TextColumn(width=260, help="File, from the corpus's folder"),
    "Original": st.column_config.LinkColumn(
        display_text=":material/open_in_new:", width=80, help="The article where it was published, in a new tab"
    ),
}
"""Column → how it is shown; the image comes with the switch for images."""

USUAL = tuple(
    name for name in COLUMNS if name not in ("Type", "Heat state", "Excerpt", "Relevance", "Path", "Original")
)
"""The columns that are shown unless the reader chooses."""

_NAMES = {"Published at": "published_at", "Heat state": "heat_state", "Related": "related_count"}


def article_table(rows: pd.DataFrame, columns: Sequence[str], *, images: bool) -> None:
    """Draw a page of articles (`Slice.listing`) with the chosen columns, in the order of COLUMNS."""
    shown = {name: _cells(rows, name) for name in COLUMNS if name in columns}
    config = {name: COLUMNS[name] for name in shown}
    if images:
        shown = {"Image": rows["image_url"].map(web_address).astype("str"), **shown}
        config["Image"] = st.column_config.ImageColumn(width=80)
    st.dataframe(
        pd.DataFrame(shown, index=rows.index),
        hide_index=True,
        column_config=config,
        height="content",
        row_height=64 if images else None,
        alt="The articles of this page, one a row",
        key="articles-table",
    )


def _cells(rows: pd.DataFrame, name: str) -> pd.Series:
    if name == "Article":
        return rows["path"].map(article_address)
    if name == "Original":
        return rows["url"].map(web_address).astype("str")
    if name == "Excerpt":
        return rows["excerpt"].str.slice(0, EXCERPT_SIGNS)
    return rows[_NAMES.get(name, name.lower())]
