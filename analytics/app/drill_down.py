"""From a row of an answer to its articles: the picked row, its articles counted, the newest, and links to all."""

from collections.abc import Sequence
from functools import partial
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from analytics.app import answers, page_links, sidebar
from analytics.app.answers import Answer
from analytics.app.escaping import escaped
from analytics.app.page_links import filters_to_add
from analytics.catalog.view import DrillDown, ViewRow
from analytics.charts.interactive import BRUSH, PICK, picked_row_position
from analytics.schema import label_of
from analytics.selection.selection import Selection

NEWEST = 5
"""How many articles are named at once."""

LIST_LABEL = "Show articles of …"

LISTED = 2_000
"""How many rows a list of rows offers at most; the table below the chart has them all."""

ENDS = {"period": "period_end", "first_day": "last_day", "score_from": "score_to"}


def pick_key_prefix(answer: Answer) -> str:
    """Prefix of the keys of widgets in which rows are picked; it changes with the answer, and on Close."""
    chosen = sorted(answer.options.items())
    state = (answers.corpus().cache_key, answer.selection.text, chosen, _closed_count(answer))
    return f"{answer.view.slug}-{blake2b(repr(state).encode(), digest_size=6).hexdigest()}"


def picked_row(answer: Answer, chart_selections: Any) -> int | None:
    """The position of the row whose mark was clicked, from the selections of a chart; None for no row."""
    return picked_row_position(chart_selections.get(PICK), len(answer.table))


def show_picked_row(answer: Answer, position: int, key: str) -> None:
    """Draw the picked row in words with its articles; `key` is that of the widget in which it was picked."""
    data = answers.data(answer.selection, answer.view.requires)
    row = ViewRow(answer.table.iloc[position], answer.table, data, answer.options)
    with st.container(border=True, key=f"picked-{key}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{escaped(row_key_or_title(answer, row))}**", width="content")
            close = partial(_close, answer)
            st.button("Close", on_click=close, key=f"close-{key}", type="tertiary", icon=":material/close:")
        if answer.view.lists_articles:
            page_links.article_link("Open the article", str(row["path"]))
        for number, drill_down in enumerate(answer.view.drill_downs):
            _article_set(drill_down, row, f"{key}-{number}")
        _newest(answer.view.drill_downs, row)


def row_list_toggle(answer: Answer) -> bool:
    """Draw the switch for `row_select_box`. Returns whether it is on; the list is computed only then."""
    return st.toggle(LIST_LABEL, key=f"{answer.view.slug}-list")


def row_select_box(answer: Answer) -> None:
    """Draw a select box of the rows; the chosen one shows its articles, as a click on its mark does.

    For readers who use a keyboard or a screen reader.
    """
    rows = range(min(len(answer.table), LISTED))
    key = f"{pick_key_prefix(answer)}-list"
    data = answers.data(answer.selection, answer.view.requires)

    def in_words(place: int) -> str:
        return row_key_or_title(answer, ViewRow(answer.table.iloc[place], answer.table, data, answer.options))

    position = st.selectbox(
        LIST_LABEL,
        rows,
        index=None,
        format_func=in_words,
        placeholder=f"{len(rows):,} to choose from",
        key=key,
        label_visibility="collapsed",
    )
    if len(answer.table) > LISTED:
        st.caption(f"These are the first {LISTED:,} of {len(answer.table):,} rows; the table has them all.")
    if position is not None:
        show_picked_row(answer, position, key)


def _closed_counter(answer: Answer) -> str:
    return f"turn-{answer.view.slug}"


def _closed_count(answer: Answer) -> int:
    return int(st.session_state.get(_closed_counter(answer), 0))


def _close(answer: Answer) -> None:
    """Callback: forget what was picked."""
    st.session_state[_closed_counter(answer)] = _closed_count(answer) + 1


def row_key_or_title(answer: Answer, row: ViewRow) -> str:
    """A row in words: its key columns, or the title of an article."""
    if answer.view.lists_articles:
        return str(row["title"] if "title" in row.table and pd.notna(row["title"]) else row["path"])
    return ", ".join(_key_in_words(row, name) for name in answer.view.table.key)


def _key_in_words(row: ViewRow, name: str) -> str:
    first = row[name]
    last = row[ENDS[name]] if ENDS.get(name) in row.table else first
    label = label_of(name.removesuffix("_from")).lower()
    if pd.isna(first):
        return f"no {label}"
    if isinstance(first, pd.Timestamp):
        return f"{first:%-d %b %Y}" if first == last else f"{first:%-d %b %Y} – {last:%-d %b %Y}"
    return f"{label} {first}" if pd.isna(last) or first == last else f"{label} {first} to {last}"


def _article_set(drill_down: DrillDown, row: ViewRow, key: str) -> None:
    """One of the sets of articles behind a row: how many they are, and two ways to look at them."""
    n, selection = drill_down.n(row), drill_down.selection(row)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_counted(n, drill_down.name), width="content")
        if not n or selection is None:
            st.caption("There is nothing to read." if not n else "No filters can name just these.", width="content")
            return
        _way_to_articles(row.data.selection, selection, key)
        st.button(
            "Keep as filter",
            on_click=sidebar.set_filters,
            args=(selection,),
            key=f"keep-{key}",
            type="tertiary",
            icon=":material/filter_alt:",
        )


def _way_to_articles(current: Selection, wanted: Selection, key: str) -> None:
    """Draw the link to the Articles page; a button where a link cannot narrow the current filters to `wanted`."""
    more = filters_to_add(current, wanted)
    if more:
        st.page_link(page_links.page(page_links.ARTICLES), label="Read them", query_params=more, width="content")
    else:
        st.button(
            "Read them",
            on_click=page_links.open_articles,
            args=(wanted,),
            key=f"read-{key}",
            type="tertiary",
            icon=":material/table_rows:",
        )


def _counted(n: int, name: str) -> str:
    noun = "article" if n == 1 else "articles"
    return f"**{n:,}** {noun}" if name == "articles" else f"**{n:,}** {noun}: {escaped(name)}"


def _newest(sets: Sequence[DrillDown], row: ViewRow) -> None:
    """Links to the newest articles of the first set that has some."""
    leading = [
        (drill_down.n(row), chosen)
        for drill_down in sets
        if drill_down.n(row) and (chosen := drill_down.selection(row))
    ]
    if not leading:
        return
    n, selection = leading[0]
    rows = answers.newest(selection, NEWEST)
    st.caption("The newest:" if n > len(rows) else "These:")
    with st.container(gap="xsmall"):
        for path, title, day in zip(rows["path"], rows["title"], rows["published_at"], strict=True):
            name = title if pd.notna(title) else path
            page_links.article_link(escaped(name if pd.isna(day) else f"{day:%Y-%m-%d} · {name}"), path)


SLIP = 0.01
"""A drag over a smaller part of the time that is drawn was meant as a click."""


def narrowed_to_drag(
    drag_ends_ms: Sequence[float], table: pd.DataFrame, selection: Selection, zone: str | None
) -> Selection | None:
    """The selection narrowed to the periods of the table that a drag touches; None for a drag as short as a click.

    `drag_ends_ms` are milliseconds since 1970 of the days as they are drawn, which a browser takes for its own
    `zone`'s.
    """
    low, high = (_drawn_time(end, zone) for end in sorted(drag_ends_ms))
    rows = table[table["period"].notna()]
    after = rows["period_end"] + pd.Timedelta(days=1)
    touched = rows[(rows["period"] < high) & (after > low)]
    if touched.empty or high - low < SLIP * (after.max() - rows["period"].min()):
        return None
    days = (("from", touched["period"].min()), ("to", touched["period_end"].max()))
    return selection.narrowed([(parameter, f"{day:%Y-%m-%d}") for parameter, day in days])


def zoom_to_drag(answer: Answer, key: str) -> None:
    """Callback of a chart: set the date filters to the periods that were dragged over, and clear the drag."""
    found: Any = st.session_state[key]["selection"]
    for ends in (found.get(BRUSH) or {}).values():
        narrowed = narrowed_to_drag(ends, answer.table, answer.selection, st.context.timezone)
        if narrowed is not None:
            sidebar.set_filters(narrowed)
            _close(answer)


def _drawn_time(milliseconds: float, zone: str | None) -> pd.Timestamp:
    moment = pd.Timestamp(milliseconds, unit="ms", tz="UTC")
    try:
        return moment.tz_convert(ZoneInfo(zone or "UTC")).tz_localize(None)
    except (KeyError, ValueError):
        return moment.tz_localize(None)
