"""A page of cards: for each view its question, its answer in words, its chart, its table and its CSV."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from analytics.app import data, sidebar
from analytics.app.text import plain
from analytics.app.tiles import tiles
from analytics.catalog import PAGES, VIEWS
from analytics.charts.theme import Chart, Look, Panels
from analytics.errors import AnalyticsError
from analytics.reports.csv import file_name, to_csv
from analytics.selection import Selection
from analytics.view import Value, View


def page(name: str) -> None:
    """Draw a page: its title, the selection in words, and a card for each of its views."""
    st.title(name)
    for notice in sidebar.notices():
        st.warning(notice, icon=":material/link_off:")
    selection = sidebar.current()
    shown, all_of_them = data.sizes(selection)
    st.caption(f"{shown:,} of {all_of_them:,} articles: {plain(selection.in_words())}. All times are UTC.")
    _chips(selection)
    if not shown:
        _nothing(selection)
        if selection.filters.text:
            return
    if shown and name == PAGES[0]:
        _in_short(selection)
    for view in VIEWS.values():
        if view.page == name and (shown or _speaks_without_articles(view, selection)):
            card(view, selection)


def _speaks_without_articles(view: View, selection: Selection) -> bool:
    """Whether a view has something to show of a corpus in which every file was lost."""
    return not data.table(view.slug, selection, view.defaults()).empty


def card(view: View, selection: Selection) -> None:
    """Draw one view."""
    with st.container(border=True, key=f"card-{view.slug}"):
        st.header(view.title, anchor=view.slug)
        st.markdown(f"**{view.question}**")
        options = _options(view)
        table = data.table(view.slug, selection, options)
        st.markdown(plain(view.finding(table)))
        if table.empty:
            return
        if view.tiles:
            tiles(table)
        else:
            _draw(view.draw(table, Look(options, data.colours())), alt=view.finding(table))
        st.caption(view.method)
        _table_and_csv(view, table, selection, options)


@contextmanager
def failures_in_words() -> Iterator[None]:
    """Show an error that the program foresaw as its message, never as a traceback."""
    try:
        yield
    except AnalyticsError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()


def _chips(selection: Selection) -> None:
    """The parts of the selection, each of which a click takes back, and the link to just this view."""
    with st.container(horizontal=True, gap="small"):
        for parameter, value in selection.pairs():
            st.button(
                plain(f"{parameter}: {value}"),
                key=f"chip-{parameter}-{value}",
                on_click=sidebar.remove,
                args=(parameter, value),
                icon=":material/close:",
                help="Take this filter back",
            )
        with st.popover("Link", icon=":material/link:"):
            st.caption("This link opens the same page with the same filters and options.")
            st.code(_link(), language=None, wrap_lines=True)


def _link() -> str:
    params = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return f"{st.context.url or ''}?{urlencode(params)}"


def _in_short(selection: Selection) -> None:
    """The first answer of each page, a line each."""
    lines = []
    for page_name in PAGES:
        view = next(view for view in VIEWS.values() if view.page == page_name)
        finding = view.finding(data.table(view.slug, selection, view.defaults()))
        lines.append(f"- **{page_name}** — {plain(finding)}")
    st.markdown("\n".join(lines))


def _options(view: View) -> dict[str, Value]:
    chosen: dict[str, Value] = {}
    if not view.options:
        return chosen
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for option in view.options:
            chosen[option.name] = st.selectbox(
                option.label,
                option.choices,
                index=option.choices.index(option.default),
                key=f"{view.slug}-{option.name}",
                bind="query-params",
                width=150,
            )
    return chosen


def _draw(drawn: Chart | Panels, *, alt: str) -> None:
    """One chart, or panels each at the width they find; those beside each other stack on a narrow screen."""
    charts = drawn.charts if isinstance(drawn, Panels) else (drawn,)
    places = st.columns(len(charts)) if isinstance(drawn, Panels) and drawn.across else [st.container()] * len(charts)
    for place, chart in zip(places, charts, strict=True):
        place.altair_chart(chart, width="stretch", alt=alt)


def _nothing(selection: Selection) -> None:
    if selection.text:
        st.info("No article matches the filters.", icon=":material/search_off:")
        st.button("Clear all filters", on_click=sidebar.clear, key="clear-here")
    else:
        st.info("The corpus holds no articles.", icon=":material/search_off:")


def _table_and_csv(view: View, table: pd.DataFrame, selection: Selection, options: dict[str, Value]) -> None:
    with st.expander(f"Table and CSV ({len(table):,} rows)", expanded=view.table_open):
        columns = {
            column.name: st.column_config.Column(help=_help(column.meaning, column.unit))
            for column in view.table.columns
        }
        st.dataframe(table, hide_index=True, column_config=columns, alt=f"The numbers of the chart: {view.table.grain}")
        st.download_button(
            "Download CSV",
            to_csv(table),
            file_name=file_name(view.slug, selection, options),
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key=f"{view.slug}-csv",
        )


def _help(meaning: str, unit: str) -> str:
    return f"{meaning} ({unit})" if unit else meaning
