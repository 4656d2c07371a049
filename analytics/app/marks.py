"""The charts of an answer, whose marks lead on: a click to the articles behind, a drag over time to that time."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from analytics.app import data, notes, sidebar
from analytics.app.answer import Answer
from analytics.app.drill import bar
from analytics.charts.notes import noted
from analytics.charts.picking import BRUSH, PICK, numbered, pickable, picked, selections
from analytics.charts.theme import Look, Panels
from analytics.selection import Selection

HINT = "Click a mark to see its articles; drag over time to zoom in."

SLIP = 0.01
"""A drag over a smaller part of the time that is drawn was meant as a click."""


def marks(answer: Answer) -> None:
    """Draw the answer's chart, or its panels each at the width it finds; those beside each other stack on a phone."""
    view = answer.view
    drawn = view.draw(numbered(answer.table), Look(answer.options, data.colours()))
    panels = drawn.charts if isinstance(drawn, Panels) else (drawn,)
    across = isinstance(drawn, Panels) and drawn.across
    places = st.columns(len(panels)) if across else [st.container() for _ in panels]
    rows, time = bool(view.behind) or view.lists_articles, "period" in view.table.names
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
