"""A page of cards: for each view its question, its answer in words, its chart, its table and its CSV."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from analytics.app import data, sidebar
from analytics.app.answer import Answer
from analytics.app.answer_table import answer_table
from analytics.app.chips import chips
from analytics.app.marks import HINT, marks
from analytics.app.options import options as options_of
from analytics.app.text import plain
from analytics.app.tiles import tiles
from analytics.catalog import PAGES, VIEWS
from analytics.errors import AnalyticsError
from analytics.reports.csv import file_name, to_csv
from analytics.selection import Selection
from analytics.view import View


def page(name: str) -> None:
    """Draw a page: its title, the selection in words, and a card for each of its views."""
    st.title(name)
    for notice in sidebar.notices():
        st.warning(notice, icon=":material/link_off:")
    selection = sidebar.current()
    shown, all_of_them = data.sizes(selection)
    st.caption(f"{shown:,} of {all_of_them:,} articles: {plain(selection.in_words())}. All times are UTC.")
    chips(selection)
    if not shown:
        _nothing(selection)
        if selection.filters.text:
            return
    if shown and name == PAGES[0]:
        _in_short(selection)
    if shown:
        st.caption(HINT)
    views = [view for view in VIEWS.values() if view.page == name]
    lacking = {view.needs: data.lacking(view) for view in views}
    for view in views:
        if not lacking[view.needs] and (shown or _speaks_without_articles(view, selection)):
            card(view, selection)
    for need, reason in lacking.items():
        if reason:
            _left_out([view for view in views if view.needs == need], reason)


def _speaks_without_articles(view: View, selection: Selection) -> bool:
    """Whether a view has something to show of a corpus in which every file was lost."""
    return not data.table(view.slug, selection, view.defaults()).empty


def card(view: View, selection: Selection) -> None:
    """Draw one view."""
    with st.container(border=True, key=f"card-{view.slug}"):
        st.header(view.title, anchor=view.slug)
        st.markdown(f"**{view.question}**")
        options = options_of(view)
        table = data.table(view.slug, selection, options)
        st.markdown(plain(view.finding(table)))
        if table.empty:
            return
        answer = Answer(view, table, selection, options)
        if view.tiles:
            tiles(table)
        else:
            marks(answer)
        st.caption(view.method)
        _table_and_csv(answer)


def _left_out(views: Sequence[View], reason: str) -> None:
    """Say once for all views that need the same what they would answer, and why they cannot."""
    with st.container(border=True):
        st.markdown("**What more could be said here**")
        st.markdown("\n".join(f"- {view.question}" for view in views))
        st.info(plain(reason), icon=":material/history_toggle_off:")


@contextmanager
def failures_in_words() -> Iterator[None]:
    """Show an error that the program foresaw as its message, never as a traceback."""
    try:
        yield
    except AnalyticsError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()


def _in_short(selection: Selection) -> None:
    """The first answer of each page, a line each."""
    lines = []
    for page_name in PAGES:
        view = next(view for view in VIEWS.values() if view.page == page_name)
        if view.needs:
            continue
        finding = view.finding(data.table(view.slug, selection, view.defaults()))
        lines.append(f"- **{page_name}** — {plain(finding)}")
    st.markdown("\n".join(lines))


def _nothing(selection: Selection) -> None:
    if selection.text:
        st.info("No article matches the filters.", icon=":material/search_off:")
        st.button("Clear all filters", on_click=sidebar.clear, key="clear-here")
    else:
        st.info("The corpus holds no articles.", icon=":material/search_off:")


def _table_and_csv(answer: Answer) -> None:
    view = answer.view
    with st.expander(f"Table and CSV ({len(answer.table):,} rows)", expanded=view.table_open):
        answer_table(answer)
        st.download_button(
            "Download CSV",
            to_csv(answer.table),
            file_name=file_name(view.slug, answer.selection, answer.options),
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key=f"{view.slug}-csv",
        )
