"""From a row of an answer to its articles: what was picked, how many they are, the newest, and the ways on."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from analytics.app import answers, links, notes, sidebar
from analytics.app.answer import Answer
from analytics.app.escaping import plain
from analytics.app.links import added
from analytics.catalog.view import DrillDown, ViewRow
from analytics.charts.dated_notes import noted
from analytics.charts.selectable import BRUSH, PICK, numbered, pickable, picked, selections
from analytics.charts.theme import Look, Panels
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.history.as_of import corpus_for
from analytics.selection.selection import Selection, parse

NEWEST = 5
"""How many articles are named at once."""

ENDS = {"period": "period_end", "first_day": "last_day", "score_from": "score_to"}


def bar(answer: Answer, place: int, key: str) -> None:
    """Say which row was picked, and lead to the articles behind it; `key` names the widget in which it was picked."""
    row = answer.row(place)
    with st.container(border=True, key=f"picked-{key}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(said(answer, row))}**", width="content")
            st.button("Close", on_click=answer.let_go, key=f"close-{key}", type="tertiary", icon=":material/close:")
        if answer.view.lists_articles:
            links.article_link("Open the article", str(row["path"]))
        for number, drill_down in enumerate(answer.view.drill_downs):
            _set(drill_down, row, f"{key}-{number}")
        _newest(answer.view.drill_downs, row)


def said(answer: Answer, row: ViewRow) -> str:
    """A row in words: what tells it apart from the other rows."""
    if answer.view.lists_articles:
        return str(row["title"] if "title" in row.table and pd.notna(row["title"]) else row["path"])
    return ", ".join(_said(row, name) for name in answer.view.table.key)


def _said(row: ViewRow, name: str) -> str:
    first = row[name]
    last = row[ENDS[name]] if ENDS.get(name) in row.table else first
    label = name.removesuffix("_from").replace("_", " ")
    if pd.isna(first):
        return f"no {label}"
    if isinstance(first, pd.Timestamp):
        return f"{first:%-d %b %Y}" if first == last else f"{first:%-d %b %Y} – {last:%-d %b %Y}"
    return f"{label} {first}" if pd.isna(last) or first == last else f"{label} {first} to {last}"


def _set(drill_down: DrillDown, row: ViewRow, key: str) -> None:
    """One of the sets of articles behind a row: how many they are, and two ways to look at them."""
    n, selection = drill_down.n(row), drill_down.selection(row)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_counted(n, drill_down.name), width="content")
        if not n or selection is None:
            st.caption("There is nothing to read." if not n else "No filters can name just these.", width="content")
            return
        _read(row.data.selection, selection, key)
        st.button(
            "Keep as filter",
            on_click=sidebar.take,
            args=(selection,),
            key=f"keep-{key}",
            type="tertiary",
            icon=":material/filter_alt:",
        )


def _read(current: Selection, wanted: Selection, key: str) -> None:
    """The way to the Articles page: a link where it can be, for the browser's way back."""
    more = added(current, wanted)
    if more:
        st.page_link(links.page(links.ARTICLES), label="Read them", query_params=more, width="content")
    else:
        st.button(
            "Read them",
            on_click=links.open_articles,
            args=(wanted,),
            key=f"read-{key}",
            type="tertiary",
            icon=":material/table_rows:",
        )


def _counted(n: int, name: str) -> str:
    noun = "article" if n == 1 else "articles"
    return f"**{n:,}** {noun}" if name == "articles" else f"**{n:,}** {noun}: {plain(name)}"


def _newest(sets: Sequence[DrillDown], row: ViewRow) -> None:
    """Links to the newest articles of the first set that has some."""
    loaded = answers.corpus()
    leading = [
        (drill_down.n(row), chosen)
        for drill_down in sets
        if drill_down.n(row) and (chosen := drill_down.selection(row))
    ]
    if not leading:
        return
    n, selection = leading[0]
    rows = _newest_rows(f"{loaded.fingerprint}\n{selection.filters.text}", loaded)
    st.caption("The newest:" if n > len(rows) else "These:")
    with st.container(gap="xsmall"):
        for path, title, day in zip(rows["path"], rows["title"], rows["published_at"], strict=True):
            name = title if pd.notna(title) else path
            links.article_link(plain(name if pd.isna(day) else f"{day:%Y-%m-%d} · {name}"), path)


@st.cache_data(show_spinner=False, max_entries=200)
def _newest_rows(key: str, _corpus: Corpus) -> pd.DataFrame:
    selection = parse(key.split("\n")[1])
    data = Slice(corpus_for(_corpus, selection), selection)
    return data.rows("day", limit=NEWEST)[["path", "title", "published_at"]]


HINT = "Click a mark to see its articles; drag over time to zoom in."

SLIP = 0.01
"""A drag over a smaller part of the time that is drawn was meant as a click."""


def marks(answer: Answer) -> None:
    """Draw the answer's chart, or its panels each at the width it finds; those beside each other stack on a phone."""
    view = answer.view
    drawn = view.draw(numbered(answer.table), Look(answer.options, answers.colours()))
    panels = drawn.charts if isinstance(drawn, Panels) else (drawn,)
    across = isinstance(drawn, Panels) and drawn.across
    places = st.columns(len(panels)) if across else [st.container() for _ in panels]
    rows, time = bool(view.drill_downs) or view.lists_articles, "period" in view.table.names
    ready = noted(Panels(tuple(pickable(chart, rows=rows, time=time) for chart in panels), across), notes.shown())
    for number, (place, chart) in enumerate(zip(places, ready.charts, strict=True)):
        with place:
            _panel(answer, chart, f"{answer.key}-chart{number}")
    if ready.caption:
        st.caption(ready.caption)


def zoomed(ends: Sequence[float], table: pd.DataFrame, selection: Selection, zone: str | None) -> Selection | None:
    """The selection narrowed to the periods of the table that a drag touches; None when it was a slip of the hand.

    `ends` are milliseconds since 1970 of the days as they are drawn, which a browser takes for its own `zone`'s.
    """
    low, high = (_drawn_time(end, zone) for end in sorted(ends))
    rows = table[table["period"].notna()]
    after = rows["period_end"] + pd.Timedelta(days=1)
    touched = rows[(rows["period"] < high) & (after > low)]
    if touched.empty or high - low < SLIP * (after.max() - rows["period"].min()):
        return None
    days = (("from", touched["period"].min()), ("to", touched["period_end"].max()))
    return selection.narrowed([(parameter, f"{day:%Y-%m-%d}") for parameter, day in days])


def _panel(answer: Answer, chart: Any, key: str) -> None:
    words = answer.view.finding(answer.table)
    if not selections(chart):
        st.altair_chart(chart, width="stretch", alt=words)
        return
    state = st.altair_chart(chart, width="stretch", alt=words, key=key, on_select=partial(_zoom, answer, key))
    found: Any = state["selection"]
    place = picked(found.get(PICK), len(answer.table))
    if place is not None:
        bar(answer, place, key)


def _zoom(answer: Answer, key: str) -> None:
    """Callback of a chart: take a drag over time as the dates to look at; the drag itself is gone then."""
    found: Any = st.session_state[key]["selection"]
    for ends in (found.get(BRUSH) or {}).values():
        narrowed = zoomed(ends, answer.table, answer.selection, st.context.timezone)
        if narrowed is not None:
            sidebar.take(narrowed)
            answer.let_go()


def _drawn_time(milliseconds: float, zone: str | None) -> pd.Timestamp:
    moment = pd.Timestamp(milliseconds, unit="ms", tz="UTC")
    try:
        return moment.tz_convert(ZoneInfo(zone or "UTC")).tz_localize(None)
    except (KeyError, ValueError):
        return moment.tz_localize(None)
