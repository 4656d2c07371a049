"""Dated notes on a time axis: dotted rules under small triangles, a pale band where a note has several days.

Where the colour of cells is the data, a note of several days has a strip above the plot instead of the band.

They have a colour of their own and leave the axes as they are: a note outside the axis is not drawn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analytics.charts.layers import layered, replace_layers
from analytics.charts.theme import NOTE, Chart, Panels, constant

NEAR = 0.025
"""Triangles closer than this share of the axis become one, which says all their notes."""

ABOVE = -6
"""Where the triangles are: pixels below the upper edge of the plot."""

STRIP = 3
"""Height of the strip of a note of several days, in pixels."""


@dataclass(frozen=True)
class ChartWithNotes:
    """A chart with its notes: how many are drawn, and how many lie outside its time axis."""

    drawn: Chart | Panels
    shown: int
    outside: int

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The panels, or the one chart."""
        return self.drawn.charts if isinstance(self.drawn, Panels) else (self.drawn,)

    @property
    def caption(self) -> str:
        """How many notes there are, in words; empty without any."""
        if not self.shown + self.outside:
            return ""
        beyond = f"; {self.outside} outside the time shown" if self.outside else ""
        return f"▼ {self.shown} {'note' if self.shown == 1 else 'notes'}{beyond}"


def add_notes(drawn: Chart | Panels, notes: pd.DataFrame) -> ChartWithNotes:
    """A chart with `notes` (day, last_day, text) on each of its time axes; one without any is left as it is."""
    charts = drawn.charts if isinstance(drawn, Panels) else (drawn,)
    axes = [time_span(chart) for chart in charts]
    if notes.empty or not any(axes):
        return ChartWithNotes(drawn, 0, 0)
    placed = [_placed(notes, axis) if axis else notes.iloc[:0] for axis in axes]
    shown = {at for some in placed for at in some.index}
    heads = [axis not in axes[:place] for place, axis in enumerate(axes)]
    layered = [
        _layered(chart, some, axis, heads=head) if axis and len(some) else chart
        for chart, some, axis, head in zip(charts, placed, axes, heads, strict=True)
    ]
    whole = Panels(tuple(layered), drawn.across) if isinstance(drawn, Panels) else layered[0]
    return ChartWithNotes(whole, len(shown), len(notes) - len(shown))


def time_span(chart: Chart) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The first and the last instant on a chart's time axis; None when it has no such axis or nothing on it."""
    ends: list[pd.Timestamp] = []
    for layer, data in _layers(chart):
        x = _channel(layer, "x")
        if x is None or _said(x, "type") != "temporal":
            continue
        scale = _said(x, "scale")
        domain = _said(scale, "domain") if scale is not None else None
        if domain is not None:
            return _instant(domain[0]), _instant(domain[1])
        for channel in (x, _channel(layer, "x2")):
            name = _said(channel, "shorthand") if channel is not None else None
            if isinstance(data, pd.DataFrame) and name in data and len(data):
                ends += [data[name].min(), data[name].max()]
    known = [end for end in ends if pd.notna(end)]
    return (min(known), max(known)) if known else None


def _placed(notes: pd.DataFrame, axis: tuple[pd.Timestamp, pd.Timestamp]) -> pd.DataFrame:
    """The notes on an axis, with the instants `at` and `until` that they take on it; a single day lies at its noon."""
    first, last = axis
    single = notes["day"].eq(notes["last_day"])
    noon, after = notes["day"] + pd.Timedelta(hours=12), notes["last_day"] + pd.Timedelta(days=1)
    until = noon.where(single, after)
    at = noon.where(single, notes["day"])
    on = (at <= last) & (until >= first)
    return notes.assign(at=at.where(at >= first, first), until=until.where(until <= last, last), single=single)[on]


def _layered(
    chart: Chart, notes: pd.DataFrame, axis: tuple[pd.Timestamp, pd.Timestamp], *, heads: bool
) -> alt.LayerChart:
    """The chart between the bands below it and the rules over it; the triangles stand on the first of stacked axes."""
    ranges = notes[~notes["single"]]
    stretches = alt.Chart(ranges[["at", "until"]])
    bands, strips = stretches.mark_rect(color=NOTE, opacity=0.14), stretches.mark_rect(color=NOTE)
    ends = pd.concat([notes["at"], ranges["until"]]).drop_duplicates().sort_values()
    rules = alt.Chart(ends.to_frame("at")).mark_rule(color=NOTE, strokeDash=[1, 3], strokeWidth=1.5)
    x = alt.X("at", type="temporal")
    cells = any(_mark(layer) == "rect" for layer, _ in _layers(chart))
    under = [bands.encode(x=x, x2=alt.X2("until"))] if len(ranges) and not cells else []
    above = (
        [strips.encode(x=x, x2=alt.X2("until"), y=constant(alt.YValue, -STRIP), y2=constant(alt.Y2Value, 0))]
        if len(ranges) and cells
        else []
    )
    over = [*above, rules.encode(x=x), *([_heads(notes, axis)] if heads else [])]
    if isinstance(chart, alt.LayerChart):
        return replace_layers(chart, [*under, *chart.layer, *over])
    return layered(*under, chart, *over)


def _heads(notes: pd.DataFrame, axis: tuple[pd.Timestamp, pd.Timestamp]) -> alt.Chart:
    """Triangles above the plot with the notes in their tooltips; triangles close together become one."""
    room = (axis[1] - axis[0]) * NEAR
    rows: list[dict[str, Any]] = []
    for row in notes.sort_values(["at", "until", "text"]).to_dict("records"):
        said = f"{_days(row)}: {row['text']}"
        if rows and row["at"] - rows[-1]["at"] < room:
            rows[-1] |= {"note": f"{rows[-1]['note']}\n{said}", "notes": rows[-1]["notes"] + 1}
        else:
            rows.append({"at": row["at"], "note": said, "notes": 1})
    marks = alt.Chart(pd.DataFrame(rows)).mark_point(
        shape="triangle-down", size=70, color=NOTE, filled=True, opacity=1, clip=False
    )
    drawn: alt.Chart = marks.encode(
        x=alt.X("at", type="temporal"), y=constant(alt.YValue, ABOVE), tooltip=[alt.Tooltip("note", type="nominal")]
    )
    return drawn


def _days(row: Mapping[Any, Any]) -> str:
    first, last = row["day"], row["last_day"]
    return f"{first:%-d %b %Y}" if first == last else f"{first:%-d %b %Y} – {last:%-d %b %Y}"


def _layers(chart: Any, above: Any = None) -> Iterator[tuple[Any, Any]]:
    """Each single layer of a chart with its data, which may be those of the chart around it."""
    data = above if chart.data is alt.Undefined else chart.data
    if isinstance(chart, alt.LayerChart):
        for layer in chart.layer:
            yield from _layers(layer, data)
    elif isinstance(chart, alt.Chart):
        yield chart, data


def _mark(layer: Any) -> Any:
    return _said(layer.mark, "type") if isinstance(layer.mark, alt.MarkDef) else layer.mark


def _channel(layer: Any, name: str) -> Any:
    return None if layer.encoding is alt.Undefined else _said(layer.encoding, name)


def _said(schema: Any, name: str) -> Any:
    """A property of an Altair object, None when it is not given."""
    try:
        found = schema[name]
    except (KeyError, TypeError):
        return None
    return None if found is alt.Undefined else found


def _instant(end: Any) -> pd.Timestamp:
    """The day of an Altair object; the last one that there is, for the first day of the year 10000."""
    return pd.Timestamp(*min((end["year"], end["month"], end["date"]), (9999, 12, 31)))
