"""Links and buttons from one page of the dashboard to another, with the filters that they keep."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import streamlit as st

from analytics.app import sidebar
from analytics.catalog.view import View
from analytics.selection.fields import BY_PARAMETER, FILTER_FIELDS
from analytics.selection.selection import Pairs, Selection, from_pairs

ARTICLES = "Articles"
ARTICLE = "Article"
COMPARE = "Compare"
REPORTS = "Reports"
REVIEW = "Review"
CHANGED = "What changed"

TAB = "tab"
"""The parameter of links that says which tab of a page is open, and its widget."""

_PAGES, _GOTO = "pages", "goto"


def register_pages_and_open_requested(pages: Mapping[str, Any]) -> None:
    """Store the pages of this run, and switch to the page that a callback has asked for."""
    st.session_state[_PAGES] = dict(pages)
    if goal := st.session_state.pop(_GOTO, None):
        st.switch_page(pages[goal], query_params={})


def page(name: str) -> Any:
    """A page, for `st.page_link`."""
    return st.session_state[_PAGES][name]


def open_articles(selection: Selection) -> None:
    """Callback: choose a selection and go to its articles."""
    open_page(ARTICLES, selection)


def open_view(view: View, selection: Selection) -> None:
    """Callback: choose a selection and go to the page and the tab that hold the card of a view."""
    sidebar.set_filters(selection)
    if view.tab:
        st.session_state[TAB] = view.tab
    st.session_state[_GOTO] = view.page


def open_page(name: str, selection: Selection) -> None:
    """Callback: choose a selection and go to a page."""
    sidebar.set_filters(selection)
    st.session_state[_GOTO] = name


def article_address(path: str, cell_text: str = "") -> str:
    """The relative link to an article, for a cell of a table; `cell_text` for the cell is appended after a #."""
    said = f"#{quote(cell_text, safe='', errors='replace')}" if cell_text else ""
    return f"article?path={quote(path, safe='/')}{said}"


def article_link(escaped_label: str, path: str, *, icon: str | None = None) -> None:
    """A link to one article; `escaped_label` is escaped already, `icon` is the page's own unless given (empty: none).

    The filters are named as well: from one article to the next Streamlit would leave them out of the address.
    """
    query = [("path", path), *sidebar.current().pairs()]
    st.page_link(page(ARTICLE), label=escaped_label, query_params=query, icon=icon)


_PAGE = "page-shown"


def filters_to_add(current: Selection, wanted: Selection) -> Pairs | None:
    """The query that a link must add to the current filters, which it keeps, to reach those wanted; None if impossible.

    To narrow the labels of a filter it repeats those that stay: `state=published` when all three are chosen.
    """
    had, asked = _values(current.pairs()), _values(wanted.pairs())
    if not set(had) <= set(asked):
        return None
    found: list[tuple[str, str]] = []
    for parameter, values in asked.items():
        old = had.get(parameter, [])
        fewer = BY_PARAMETER[parameter].kind == "labels" and not set(old) <= set(values)
        if fewer and not set(values) <= set(old):
            return None
        found += [(parameter, value) for value in values if fewer or value not in old]
    return found


def apply_link_filters(page: str) -> None:
    """Set the filters that a link from another page brought; call it before the widgets are drawn."""
    before = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = page
    if before in (None, page):
        return
    for field in FILTER_FIELDS:
        given = st.query_params.get_all(field.parameter)
        wanted = _meant(given, labels=field.kind == "labels")
        if not wanted or wanted == _held(field.parameter):
            continue
        if wanted == given:
            st.session_state.pop(field.parameter, None)  # the widget reads the link itself, which adds no step back
        else:
            value = getattr(from_pairs([(field.parameter, text) for text in wanted]), field.attribute)
            st.session_state[field.parameter] = list(value) if isinstance(value, tuple) else value


def _meant(given: list[str], *, labels: bool) -> list[str]:
    """The values that a link means: of labels those given twice, if any are; of other filters the last one."""
    twice = [value for value in dict.fromkeys(given) if given.count(value) > 1]
    return (twice or given) if labels else given[-1:]


def _held(parameter: str) -> list[str]:
    value = st.session_state.get(parameter)
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def _values(pairs: Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for parameter, value in pairs:
        found.setdefault(parameter, []).append(value)
    return found
