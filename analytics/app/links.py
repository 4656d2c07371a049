"""From one page of the dashboard to another."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import streamlit as st

from analytics.app import sidebar
from analytics.selection import Selection

ARTICLES = "Articles"
ARTICLE = "Article"
COMPARE = "Compare"
REPORTS = "Reports"
REVIEW = "Review"
CHANGED = "What changed"

_PAGES, _GOTO = "pages", "goto"


def remember(pages: Mapping[str, Any]) -> None:
    """Keep the pages of this run, and go where the last click leads."""
    st.session_state[_PAGES] = dict(pages)
    if goal := st.session_state.pop(_GOTO, None):
        st.switch_page(pages[goal], query_params={})


def page(name: str) -> Any:
    """A page, for `st.page_link`."""
    return st.session_state[_PAGES][name]


def open_articles(selection: Selection) -> None:
    """Callback: choose a selection and go to its articles."""
    sidebar.take(selection)
    st.session_state[_GOTO] = ARTICLES


def article_address(path: str) -> str:
    """The link of one article, for a table: beside the page that shows it."""
    return f"article?path={quote(path, safe='/')}"


def article_link(label: str, path: str, *, icon: str | None = None) -> None:
    """A link to one article; `label` is escaped already, `icon` is the page's own unless given (empty: none).

    The filters are named as well: from one article to the next Streamlit would leave them out of the address.
    """
    query = [("path", path), *sidebar.current().pairs()]
    st.page_link(page(ARTICLE), label=label, query_params=query, icon=icon)
