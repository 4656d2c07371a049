"""A page of cards: for each view its question, its answer in words, its chart, its table and its CSV."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from analytics.analyses.common.days_of_slice import (
    articles_outside_calendar,
    compared_with_text,
    corpus_is_old_text,
)
from analytics.analyses.common.wording import count_text
from analytics.app import answers, dated_notes, sidebar
from analytics.app.answers import Answer
from analytics.app.csv_downloads import csv_maker
from analytics.app.drill_down import (
    LIST_LABEL,
    pick_key_prefix,
    picked_row,
    row_list_toggle,
    row_select_box,
    show_picked_row,
    zoom_to_drag,
)
from analytics.app.escaping import escaped
from analytics.app.list_table import all_rows_button, list_table, show_linked_table
from analytics.app.page_links import TAB, open_articles
from analytics.app.sidebar import chips_and_link
from analytics.app.tables import lazy_expander, show_table
from analytics.app.tiles import tiles
from analytics.catalog import TABS, VIEWS
from analytics.catalog.view import Value, View, ViewOf
from analytics.charts.interactive import InteractiveChart, Panel
from analytics.errors import AnalyticsError
from analytics.reports.csv import file_name
from analytics.selection.selection import Selection

HINT = (
    f"Click a mark, or choose it in “{LIST_LABEL}” below its chart, to see its articles. Drag over time, or set the "
    "dates of the filters, to zoom in."
)

HALF_CARD = 440
"""Pixels that each of two cards in a row has at least; where there is less room they stand below each other."""

HEAD_WIDTH, HALF_HEAD_WIDTH = 330, 240
"""Pixels that the title of a card has beside its options, and that of half a card."""

ROWS_MAX = 10_000
"""Up to this many rows the reader can select one: a table that can be selected from is sent as a whole."""


@contextmanager
def show_errors_as_messages() -> Iterator[None]:
    """Show an AnalyticsError as its message instead of a traceback; the rest of the block is left out."""
    try:
        yield
    except AnalyticsError as error:
        st.error(escaped(str(error)), icon=":material/error:")


def page(name: str) -> None:
    """Draw a page: its title, the selection in words, and a card for each of its views."""
    selection = sidebar.current()
    if (shown := page_head(name, selection)) is None:
        return
    if shown:
        st.caption(HINT)
    for tab, views in _tabs(name):
        with tab:
            draw_cards(views, selection, article_count=shown)


def page_head(name: str, selection: Selection) -> int | None:
    """Draw the title of a page and the selection in words.

    Returns the number of articles in the selection; None when the filters leave none and the page ends here.
    """
    st.title(name)
    sidebar.draw_notices()
    shown, _ = answers.selected_and_all_counts(selection)
    late = escaped(corpus_is_old_text(answers.data(selection)))
    st.caption(f"{sidebar.size_and_filters_text(selection)}. All times are UTC. {late}")
    _days_notice(selection)
    chips_and_link(selection)
    if not shown:
        _no_articles(selection)
        if selection.filters.text:
            return None
    return shown


def _tabs(page_name: str) -> list[tuple[Any, list[View]]]:
    """The tab of a page that is open, with its views; what the others hold is not computed. A short page is one tab.

    A link that says nothing of tabs but of the option of a card opens the card's tab.
    """
    views = [view for view in VIEWS.values() if view.page == page_name]
    names = TABS[page_name]
    if not names:
        return [(st.container(), views)]
    if TAB not in st.query_params and st.session_state.get(TAB) not in names:
        said = [view.tab for view in views if any(given.startswith(f"{view.slug}-") for given in st.query_params)]
        st.session_state.pop(TAB, None)
        if said:
            st.session_state[TAB] = said[0]
    tabs = st.tabs(names, key=TAB, bind="query-params")
    return [
        (tab, [view for view in views if view.tab == tab_name])
        for tab_name, tab in zip(names, tabs, strict=True)
        if tab.open
    ]


def draw_cards(views: Sequence[View], selection: Selection, *, article_count: int) -> None:
    """Draw the cards of views; at the end, the questions of those that lack side data, with the reason."""
    lacking = {view.requires: answers.lacking_side_data_text(view) for view in views}
    dated = dated_notes.chart_notes()
    drawn = [
        view
        for view in views
        if not lacking[view.requires] and (article_count or _says_something_without_articles(view, selection))
    ]
    for row in card_rows(drawn):
        with st.grid(len(row), min_column_width=HALF_CARD) if len(row) > 1 else st.container():
            for view in row:
                card(view, selection, dated)
    for need, reason in lacking.items():
        if reason:
            _left_out([view for view in views if view.requires == need], reason)


def card_rows(views: Sequence[View]) -> list[list[View]]:
    """The views of a tab by rows of cards: two half-width views that follow each other share a row."""
    rows: list[list[View]] = []
    for view in views:
        if view.half and rows and len(rows[-1]) == 1 and rows[-1][0].half:
            rows[-1].append(view)
        else:
            rows.append([view])
    return rows


@st.fragment
def card(view: View, selection: Selection, notes: pd.DataFrame | None = None) -> None:
    """Draw one view, with dated notes (all, unless given) on its time axes.

    What a reader does in a card draws only that card anew.
    """
    with show_errors_as_messages():
        sidebar.rerun_when_changed()
        with card_frame(view) as options:
            answer = answers.answer(view, selection, options)
            st.markdown(escaped(answer.finding))
            csv_name = file_name(view.slug, selection, dict(answer.options))
            if answer.table.empty:
                return
            if view.is_list:
                list_and_csv(view, answer.table, csv_name)
                return
            if view.tiles:
                tiles(answer.table)
            elif view.has_chart(answer.table):
                with show_errors_as_messages():
                    _selectable_chart(
                        answer, answers.chart(answer, dated_notes.chart_notes() if notes is None else notes)
                    )
            with st.container(horizontal=True, gap="small", key=f"below-{view.slug}"):
                table_and_csv_expander(view, answer.table, csv_name, partial(answer_table, answer))
                listed = bool(view.drill_downs) and row_list_toggle(answer)
            if listed:
                row_select_box(answer)


@contextmanager
def card_frame(view: ViewOf[Any], option_width: int = 135) -> Iterator[dict[str, Value]]:
    """Draw the border and head of a card: title, method, question and options. Yields the chosen options by name."""
    with st.container(border=True, key=f"card-{view.slug}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            head: Literal["stretch"] | int = (
                "stretch" if not view.options else HALF_HEAD_WIDTH if view.half else HEAD_WIDTH
            )
            with st.container(gap=None, width=head):
                st.header(view.title, anchor=view.slug, help=view.method)
                st.markdown(f":small[{view.question}]")
            options = option_widgets(view, option_width)
        yield options


def option_widgets(view: ViewOf[Any], option_width: int = 150) -> dict[str, Value]:
    """Draw a widget for each option, bound to the link. Returns the choices by name."""
    if not view.options:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return {
            option.name: st.selectbox(
                option.label,
                option.choices,
                index=option.choices.index(option.default),
                key=f"{view.slug}-{option.name}",
                bind="query-params",
                width=option_width,
            )
            for option in view.options
        }


def draw_chart(chart: InteractiveChart, draw_panel: Callable[[int, Panel], object]) -> None:
    """Draw the panels of a chart, each at the width it finds; those beside each other stack on a phone."""
    panels = chart.panels
    places = st.columns(len(panels)) if chart.across else [st.container() for _ in panels]
    for number, (place, panel) in enumerate(zip(places, panels, strict=True)):
        with place:
            draw_panel(number, panel)
    if chart.caption:
        st.caption(chart.caption)


def draw_still_chart(make_chart: Callable[[], InteractiveChart], finding: str) -> None:
    """Draw a chart without selections, with `finding` as alternative text; an AnalyticsError is shown as a message."""
    with show_errors_as_messages():
        draw_chart(make_chart(), lambda _, panel: st.vega_lite_chart(spec=panel.spec, width="stretch", alt=finding))


def table_and_csv_expander(
    view: ViewOf[Any], table: pd.DataFrame, csv_name: str, draw_table: Callable[[], None]
) -> None:
    """Draw the table of a view and its CSV download in a closed expander."""

    def draw() -> None:
        draw_table()
        _csv_button(view, table, csv_name)

    lazy_expander(f"Table and CSV ({count_text(len(table), 'row')})", f"{view.slug}-open", draw)


def list_and_csv(view: View, table: pd.DataFrame, csv_name: str) -> None:
    """Draw the table of a list view, the button for all of its rows, and the CSV download."""
    list_table(view, table)
    with st.container(horizontal=True, vertical_alignment="center"):
        all_rows_button(view, table)
        _csv_button(view, table, csv_name, "tertiary")


def _csv_button(
    view: ViewOf[Any], table: pd.DataFrame, csv_name: str, weight: Literal["secondary", "tertiary"] = "secondary"
) -> None:
    st.download_button(
        "Download CSV",
        csv_maker(table),
        file_name=csv_name,
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key=f"{view.slug}-csv",
        type=weight,
    )


def answer_table(answer: Answer) -> None:
    """Draw the table of an answer; a selected row shows its articles, and rows that are articles have links."""
    view, table = answer.view, answer.table
    if view.lists_articles:
        show_linked_table(table, view.table, {})
    elif not view.drill_downs or len(table) > ROWS_MAX:
        show_table(table, view.table)
    else:
        st.caption("Select a row to see its articles.")
        key = f"{pick_key_prefix(answer)}-table"
        state = show_table(table, view.table, key=key, on_select="rerun", selection_mode="single-row")
        found: Any = state["selection"]
        if found["rows"] and found["rows"][0] < len(table):
            show_picked_row(answer, found["rows"][0], key)


def _selectable_chart(answer: Answer, chart: InteractiveChart) -> None:
    """Draw the chart of an answer; a click on a mark shows its articles, a drag over time zooms in."""

    def draw(number: int, panel: Panel) -> None:
        if not panel.selections:
            st.vega_lite_chart(spec=panel.spec, width="stretch", alt=answer.finding)
            return
        key = f"{pick_key_prefix(answer)}-chart{number}"
        callback = partial(zoom_to_drag, answer, key)
        state = st.vega_lite_chart(spec=panel.spec, width="stretch", alt=answer.finding, key=key, on_select=callback)
        row = picked_row(answer, state["selection"])
        if row is not None:
            show_picked_row(answer, row, key)

    draw_chart(chart, draw)


def _says_something_without_articles(view: View, selection: Selection) -> bool:
    """Whether the table of a view has rows although the selection has no articles."""
    return not answers.answer(view, selection, view.defaults()).table.empty


def _days_notice(selection: Selection) -> None:
    """Say which days are compared, and which dates charts leave out, with a button for those articles."""
    data = answers.data(selection)
    if compared := compared_with_text(data):
        st.caption(escaped(f"Compared with {compared}."))
    for left_out in articles_outside_calendar(data):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(escaped(left_out.sentence))
            shown = selection.narrowed([(left_out.parameter, str(left_out.day))]) or selection
            key = f"undrawn-{left_out.parameter}"
            st.button("Show", on_click=open_articles, args=(shown.without("compare"),), key=key, type="tertiary")


def _left_out(views: Sequence[View], reason: str) -> None:
    """Draw the questions of views that lack the same side data, and why it is missing."""
    with st.container(border=True):
        st.markdown("**What more could be said here**")
        st.markdown("\n".join(f"- {view.question}" for view in views))
        st.info(escaped(reason), icon=":material/history_toggle_off:")


def _no_articles(selection: Selection) -> None:
    if selection.text:
        st.info("No article matches the filters.", icon=":material/search_off:")
        st.button("Clear all filters", on_click=sidebar.clear, key="clear-here")
    else:
        st.info("The corpus holds no articles.", icon=":material/search_off:")
