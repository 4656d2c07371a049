"""Charts for a page: Vega-Lite specifications with clickable marks and time axes that can be dragged over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.charts.dated_notes import add_notes
from analytics.charts.drawable_text import drawable_frame, drawable_spec
from analytics.charts.layers import PROPERTIES
from analytics.charts.theme import CONFIG, Chart, Draw, Look, Panels, without_validation
from analytics.errors import ChartError

ROW = "row"
PICK = "pick"
BRUSH = "brush"
CONTINUOUS = ("line", "area", "trail")
"""Marks of many rows at once: a click on one cannot say which row is meant."""

DRAG = "[pointerdown[event.pointerType !== 'touch'], window:pointerup] > window:pointermove!"
"""A drag with mouse or pen; a finger scrolls the page."""


HOST = "view_1"
"""Name of the layer that holds the selections."""


@dataclass(frozen=True)
class Panel:
    """One Vega-Lite chart: its specification with the data as Arrow streams, and the names of its selections."""

    spec: dict[str, Any]
    selections: tuple[str, ...]


@dataclass(frozen=True)
class InteractiveChart:
    """The panels of a chart, below each other or `across`, and a caption that counts the notes on it."""

    panels: tuple[Panel, ...]
    across: bool
    caption: str


def interactive_chart(
    draw: Draw, table: pd.DataFrame, look: Look, *, pick_rows: bool = False, drag_time: bool = False
) -> InteractiveChart:
    """The chart of a table, with the notes of `look` on its time axes.

    `pick_rows` makes each mark of one row clickable: the selection `pick` then holds the field `row`, the position of
    the row. `drag_time` lets the reader drag over a time axis: the selection `brush` then holds the two ends on x.
    Raises ChartError when the specification holds a number that JSON has not.
    """
    with without_validation():
        drawn = draw(with_row_positions(table), look)
        ready = add_notes(drawn, look.notes)
        specs = [_spec_and_data(chart) for chart in ready.charts]
    across = isinstance(drawn, Panels) and drawn.across
    return InteractiveChart(
        tuple(_interactive_panel(*spec, pick_rows=pick_rows, drag_time=drag_time) for spec in specs),
        across,
        ready.caption,
    )


def with_row_positions(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the position of each row in the column `row`, which every form keeps in the data it draws."""
    return table.assign(**{ROW: np.arange(len(table), dtype="float64")})


def picked_row_position(picked_marks: Any, row_count: int) -> int | None:
    """The row position of the first mark in a `pick` selection; None without one, or beyond `row_count` rows."""
    row = picked_marks[0].get(ROW) if picked_marks else None
    return int(row) if row is not None and 0 <= row < row_count else None


class _DataSets:
    """The frames of a chart, and the same as Arrow streams, by names made from their content."""

    def __init__(self) -> None:
        self.frames: dict[str, pd.DataFrame] = {}
        self.streams: dict[str, bytes] = {}

    def add(self, frame: pd.DataFrame) -> str:
        """Add a frame with its texts made drawable. Returns its name."""
        frame = drawable_frame(frame)
        table = pa.Table.from_pandas(frame, preserve_index=False)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        stream: bytes = sink.getvalue().to_pybytes()
        name = blake2b(stream, digest_size=16).hexdigest()
        self.frames[name], self.streams[name] = frame, stream
        return name


def _interactive_panel(spec: dict[str, Any], data: _DataSets, *, pick_rows: bool, drag_time: bool) -> Panel:
    """The specification with its selections and data; a chart without a mark of one row has no selections."""
    layers = spec.get("layer", [spec])
    one_row = [_is_mark_of_a_row(layer, data.frames[_data_name(layer, spec)]) for layer in layers]
    params: list[dict[str, Any]] = []
    if (pick_rows or drag_time) and any(one_row):
        host = layers[one_row.index(True)]
        params = _selection_params(host, pick_rows=pick_rows, drag_time=drag_time)
        if "layer" in spec:
            host["name"] = HOST
            params = [param | {"views": [HOST]} for param in params]
        spec["params"] = params
        for layer, own in zip(layers, one_row, strict=True):
            frame = data.frames[_data_name(layer, spec)]
            if own and pick_rows:
                layer["mark"]["cursor"] = "pointer"
            elif not own and ROW in frame and "tooltip" in layer["encoding"]:
                # a click would give the first row of a line
                layer["data"] = {"name": data.add(frame.drop(columns=ROW))}
    try:
        named = json.dumps(spec, allow_nan=False)
    except ValueError as error:
        raise ChartError(f"This chart could not be drawn ({error}); the table has its numbers.") from None
    spec["datasets"] = {name: stream for name, stream in data.streams.items() if name in named}
    return Panel(spec, tuple(param["name"] for param in params))


def _selection_params(host: Mapping[str, Any], *, pick_rows: bool, drag_time: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if pick_rows:
        found.append({"name": PICK, "select": {"type": "point", "fields": [ROW], "toggle": False}})
    if drag_time and host["encoding"]["x"]["type"] == "temporal":
        drag = {"type": "interval", "encodings": ["x"], "on": DRAG, "translate": False, "zoom": False}
        found.append({"name": BRUSH, "select": drag})
    return found


def _data_name(layer: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    return str(layer.get("data", spec.get("data"))["name"])


def _is_mark_of_a_row(layer: Mapping[str, Any], frame: pd.DataFrame) -> bool:
    mark = layer["mark"]
    return ROW in frame.columns and mark["type"] not in CONTINUOUS and mark.get("opacity") != 0


def _spec_and_data(chart: Chart) -> tuple[dict[str, Any], _DataSets]:
    """A chart as a Vega-Lite specification without a theme, and the data sets that it names.

    Altair would turn each frame into a list of records, by settings that all threads share.
    """
    data = _DataSets()
    spec = drawable_spec(_specification(chart, data))
    return spec | {"$schema": alt.SCHEMA_URL, "config": CONFIG}, data


def _specification(chart: Any, data: _DataSets) -> dict[str, Any]:
    """A chart, or a layer of one, that names its frames instead of holding them."""
    if isinstance(chart, alt.LayerChart):
        own = {name: chart[name] for name in PROPERTIES if chart[name] is not alt.Undefined}
        return own | {"layer": [_specification(layer, data) for layer in chart.layer]}
    made = chart.copy(deep=False)
    if isinstance(chart.data, pd.DataFrame):
        made.data = alt.NamedData(name=data.add(chart.data))
    spec: dict[str, Any] = made.to_dict(validate=False, context={"top_level": False})
    return spec
