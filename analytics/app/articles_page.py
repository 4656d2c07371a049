"""The Articles page: the articles of the selection, to search, sort, narrow and take away."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from analytics.app import data, sidebar
from analytics.app.article_list import article_list
from analytics.app.article_table import COLUMNS, USUAL, article_table
from analytics.app.chips import chips, latest
from analytics.app.facets import facets
from analytics.app.pager import PAGE, pager, pager_below
from analytics.app.search_box import is_new, search_box
from analytics.app.style import style
from analytics.app.text import plain
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.reports.csv import file_name, to_csv
from analytics.selection import Selection

LIST, TABLE = "List", "Table"
BEST, NEWEST = "Best match", "Newest"
SORTS = {
    BEST: ("relevance", True),
    NEWEST: ("published_at", True),
    "Oldest": ("published_at", False),
    "Highest quality": ("quality", True),
    "Lowest quality": ("quality", False),
    "Highest heat": ("heat", True),
    "Lowest heat": ("heat", False),
    "Highest lift": ("lift", True),
    "Lowest lift": ("lift", False),
    "Most related stories": ("related_count", True),
    "Most problems": ("problems", True),
    "Title": ("title", False),
    "Provider": ("provider", False),
    "Type": ("type", False),
}
"""What the reader can sort by → what `Slice.listing` sorts by, and whether the highest comes first."""

ROWS = (25, 50, 100)
CHOICES = {"sort": tuple(SORTS), "form": (LIST, TABLE), "rows": tuple(map(str, ROWS)), "columns": tuple(COLUMNS)}
"""Parameter of the page in a link → what it can be."""

USUALLY = {"sort": None, "form": LIST, "rows": ROWS[0], "columns": list(USUAL), PAGE: 1}
"""Parameter of the page in a link → what it is when the link says nothing."""

_LEFT = "articles-left"

IMAGES_HELP = "Loads each article's image from its own site. Until then nothing is asked of any other site."


def show() -> None:
    """Draw the page."""
    st.title("Articles")
    style()
    _refuse_bad_choices()
    if is_new():
        _take_up()
    for notice in sidebar.notices():
        st.warning(notice, icon=":material/link_off:")
    selection = sidebar.current()
    shown, all_of_them = data.sizes(selection)
    search_box()
    st.caption(f"{shown:,} of {all_of_them:,} articles: {plain(selection.in_words())}. All times are UTC.")
    chips(selection)
    if shown:
        _body(selection, shown)
        _leave()
    else:
        _nothing(selection)


def _body(selection: Selection, n: int) -> None:
    """The articles, beside what narrows them down; a table has the whole width."""
    words = Slice(data.corpus(), selection).terms
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        order = _order(BEST if words else NEWEST)
        size = st.selectbox("Rows", ROWS, key="rows", bind="query-params", width=90)
        form = st.segmented_control(
            "Show as", (LIST, TABLE), default=LIST, required=True, key="form", bind="query-params"
        )
        columns = _columns() if form == TABLE else []
        images = st.toggle("Images", key="images", persist_state="session", help=IMAGES_HELP)
    if form == TABLE:
        with st.expander("Narrow down", icon=":material/filter_alt:", key="narrow"):
            facets(selection, across=True)
        _articles(selection, order, size, n, lambda rows: article_table(rows, columns, images=images))
        return
    left, right = st.columns([3, 1], gap="medium")
    with right, st.container(key="facets"):
        st.header("Narrow down", anchor="narrow-down")
        facets(selection, across=False)
    with left:
        _articles(selection, order, size, n, lambda rows: article_list(rows, words, images=images))


def _articles(selection: Selection, order: str, size: int, n: int, draw: Callable[[pd.DataFrame], None]) -> None:
    """The page of articles that is asked for, and all of them to take away."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        page = pager(f"{selection.filters.text}\n{order}\n{size}", n, size)
        _csv(selection, order)
    sort, descending = SORTS[order]
    draw(data.listing(selection, sort, descending=descending, offset=(page - 1) * size, limit=size))
    pager_below(n, size, page)


def _order(usual: str) -> str:
    """The order that the reader chose; unless they did, the best match first when words are looked for."""
    chosen = st.selectbox(
        "Sort by", tuple(SORTS), index=None, placeholder=usual, key="sort", bind="query-params", width=200
    )
    return usual if chosen in (None, BEST) else chosen


def _columns() -> list[str]:
    with st.popover("Columns", icon=":material/view_column:"):
        return st.multiselect("Columns", tuple(COLUMNS), default=USUAL, key="columns", bind="query-params")


def _csv(selection: Selection, order: str) -> None:
    corpus = data.corpus()
    st.download_button(
        "CSV of all",
        lambda: all_as_csv(corpus, selection, order),
        file_name=file_name("articles", selection, {"sort": order}),
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        help="All articles of the selection in this order, not only those of this page",
        key="articles-csv",
    )


def all_as_csv(corpus: Corpus, selection: Selection, order: str) -> str:
    """All articles of a selection as CSV (`Slice.listing`), in one of the orders of SORTS."""
    sort, descending = SORTS[order]
    return to_csv(Slice(corpus, selection).listing(sort, descending=descending))


def _nothing(selection: Selection) -> None:
    """Say that nothing is there, and offer to take back the filter that was added last."""
    if not selection.filters.text:
        st.info("The corpus holds no articles.", icon=":material/search_off:")
        return
    parameter, value = latest()
    st.info("No article matches the filters.", icon=":material/search_off:")
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Take back {plain(f'{parameter}: {value}')}",
            on_click=sidebar.remove,
            args=(parameter, value),
            key="clear-last",
            type="primary",
        )
        st.button("Clear all filters", on_click=sidebar.clear, key="clear-here")


def _take_up() -> None:
    """Go on as the reader left the page: Streamlit forgets the choices of a page when another one is shown."""
    left = {name: value for name, value in st.session_state.get(_LEFT, {}).items() if name not in st.query_params}
    for name, value in left.items():
        st.query_params[name] = [str(item) for item in value] if isinstance(value, list) else str(value)
    if left:
        st.rerun()


def _leave() -> None:
    """Note how the page is left, where that is not as usual."""
    now = {name: st.session_state[name] for name in USUALLY if name in st.session_state}
    now[PAGE] = int(st.query_params.get(PAGE, "1"))
    left = st.session_state.get(_LEFT, {}) | now
    st.session_state[_LEFT] = {name: value for name, value in left.items() if value != USUALLY[name]}


def _refuse_bad_choices() -> None:
    """Note what the link asks of this page and cannot have, where the notices of the sidebar are kept."""
    asked = [(name, value) for name in CHOICES for value in st.query_params.get_all(name)]
    refused = [f"{name}={value}: there is no such choice." for name, value in asked if value not in CHOICES[name]]
    page = st.query_params.get("page", "1")
    if not page.isdecimal():
        refused.append(f"page={page} is not a number of a page.")
    noted = st.session_state["link_refused"]
    noted.extend(notice for notice in refused if notice not in noted)
