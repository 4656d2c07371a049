"""A page of cards: for each view its question, its answer in words, its chart, its table and its CSV."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
import streamlit as st

from analytics.app import answer as app_answer
from analytics.app import answers, sidebar
from analytics.app.answer import Answer
from analytics.app.drill_down import HINT, bar, marks
from analytics.app.escaping import plain, web_address
from analytics.app.links import article_address
from analytics.app.sidebar import chips
from analytics.app.tiles import tiles
from analytics.catalog import PAGES, VIEWS
from analytics.catalog.view import View
from analytics.errors import AnalyticsError
from analytics.reports.csv import file_name, to_csv
from analytics.selection.selection import Selection


def page(name: str) -> None:
    """Draw a page: its title, the selection in words, and a card for each of its views."""
    st.title(name)
    for notice in sidebar.notices():
        st.warning(notice, icon=":material/link_off:")
    selection = sidebar.current()
    shown, all_of_them = answers.sizes(selection)
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
    lacking = {view.requires: answers.lacking(view) for view in views}
    for view in views:
        if not lacking[view.requires] and (shown or _speaks_without_articles(view, selection)):
            card(view, selection)
    for need, reason in lacking.items():
        if reason:
            _left_out([view for view in views if view.requires == need], reason)


def _speaks_without_articles(view: View, selection: Selection) -> bool:
    """Whether a view has something to show of a corpus in which every file was lost."""
    return not answers.table(view.slug, selection, view.defaults()).empty


def card(view: View, selection: Selection) -> None:
    """Draw one view."""
    with st.container(border=True, key=f"card-{view.slug}"):
        st.header(view.title, anchor=view.slug)
        st.markdown(f"**{view.question}**")
        options = app_answer.options(view)
        table = answers.table(view.slug, selection, options)
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
        if view.requires:
            continue
        finding = view.finding(answers.table(view.slug, selection, view.defaults()))
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
    elif not answer.view.drill_downs or len(answer.table) > ROWS_MAX:
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
    paths = answers.corpus().articles["path"]
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
