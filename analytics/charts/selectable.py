"""Marks that can be picked: which row of the table a mark shows, and which stretch of time was dragged over."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analytics.charts.theme import Chart

ROW = "row"
PICK = "pick"
BRUSH = "brush"
CONTINUOUS = ("line", "area", "trail")
"""Marks of many rows at once: a click on one cannot say which row is meant."""

DRAG = "[pointerdown[event.pointerType !== 'touch'], window:pointerup] > window:pointermove!"
"""A drag with mouse or pen; a finger scrolls the page."""


def numbered(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the place of each row, which every form keeps beside what it draws."""
    return table.assign(**{ROW: np.arange(len(table), dtype="float64")})


def pickable(chart: Chart, *, rows: bool, time: bool) -> Chart:
    """The chart of a `numbered` table, whose marks can be clicked (`rows`) and whose time be dragged over (`time`).

    The clicks come as the selection `pick` with the field `row`, the drag as `brush` on x, where x is time. A chart
    none of whose marks is of one row comes back as it was, without any selection.
    """
    layers: list[Any] = list(chart.layer) if isinstance(chart, alt.LayerChart) else [chart]
    frames = [_data(layer, chart) for layer in layers]
    own = [_is_mark_of_a_row(layer, frame) for layer, frame in zip(layers, frames, strict=True)]
    if True not in own:
        return chart
    host = own.index(True)
    layers = [
        _pointing(layer) if rows and mine else _nameless(layer, frame)
        for layer, frame, mine in zip(layers, frames, own, strict=True)
    ]
    layers[host] = layers[host].add_params(*_params(layers[host], rows=rows, time=time))
    if not isinstance(chart, alt.LayerChart):
        single: alt.Chart = layers[0]
        return single
    made = chart.copy()
    made.layer = layers
    return made.copy()


def selections(chart: Chart) -> list[str]:
    """The names of the selections that a chart has."""
    params: Any = chart.params
    return [] if params is alt.Undefined else [str(param.name) for param in params]


def picked(found: Any, rows: int) -> int | None:
    """The row of the first mark of a `pick`; None when none is, or the table has no such row."""
    row = found[0].get(ROW) if found else None
    return int(row) if row is not None and 0 <= row < rows else None


def _params(host: alt.Chart, *, rows: bool, time: bool) -> list[alt.Parameter]:
    params = [alt.selection_point(name=PICK, fields=[ROW], toggle=False)] if rows else []
    if time and host.encoding.x["type"] == "temporal":
        params.append(alt.selection_interval(name=BRUSH, encodings=["x"], on=DRAG, translate=False, zoom=False))
    return params


def _data(layer: alt.Chart, chart: Chart) -> Any:
    return chart.data if layer.data is alt.Undefined else layer.data


def _mark(layer: alt.Chart) -> alt.MarkDef:
    return layer.mark.copy() if isinstance(layer.mark, alt.MarkDef) else alt.MarkDef(type=layer.mark)


def _is_mark_of_a_row(layer: alt.Chart, frame: Any) -> bool:
    mark = _mark(layer)
    return ROW in frame.columns and mark["type"] not in CONTINUOUS and mark["opacity"] != 0


def _pointing(layer: alt.Chart) -> alt.Chart:
    """The layer under a hand, as over a link."""
    made, mark = layer.copy(), _mark(layer)
    mark["cursor"] = "pointer"
    made.mark = mark
    return made


def _nameless(layer: alt.Chart, frame: Any) -> alt.Chart:
    """The layer without row numbers, where a click would give the first row of a line."""
    if ROW not in frame.columns or layer.encoding.tooltip is alt.Undefined:
        return layer
    made = layer.copy()
    made.data = frame.drop(columns=ROW)
    return made
