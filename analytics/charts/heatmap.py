"""Heatmaps: a cell for each pair of keys, darker for more, or in the colour of a named step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analytics.charts.layers import layered
from analytics.charts.over_time import X_TITLE, period_chart_rows, time_x
from analytics.charts.theme import (
    DIVERGING,
    FONT_SIZE,
    GREY,
    INK,
    ON_DARK,
    SEQUENTIAL,
    Chart,
    Draw,
    Look,
    Panels,
    conditional,
    per_cent_text,
    ramp,
    ramp_colour,
    text_colour,
    with_chart_dtypes,
)

ROW = 25
ROOM = 150
"""Height of axis, title and legend."""

LABELLED = 8
"""Up to this many columns each cell says its value; more do not fit a phone."""


@dataclass(frozen=True)
class Cells:
    """What the cells show: columns of the row label and the value, its title, and `tips`, further tooltip columns.

    With `steps` (step → colour) the column `step` gives the colour, else a continuous scale of the value does. A value
    whose name starts with share is a share. Cells without a value are left out. Without `zero` the scale starts at the
    least value, for scores that all lie far from 0. A `diverging` value has 0 in the middle of its scale.
    """

    label: str
    value: str
    title: str
    tips: tuple[str, ...] = ()
    step: str = ""
    steps: Mapping[str, str] | None = None
    zero: bool = True
    diverging: bool = False

    @property
    def tooltip_columns(self) -> list[str]:
        """The columns of the tooltip, apart from the column of the cell's place across."""
        return [self.label, self.value, *self.tips, *([self.step] if self.step else [])]


def by_period(cells: Cells) -> Draw:
    """Cells by period and label; those of an incomplete period are half as high."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = period_chart_rows(table)
        x = {"x": time_x("period", title=X_TITLE, binned=True), "x2": alt.X2("next")}
        narrow = rows["period"].nunique() <= LABELLED
        return _drawn(
            rows, cells, look.period_tips(rows, *cells.tooltip_columns), x, {"x": time_x("middle")} if narrow else None
        )

    return draw


def by_label(x: str, cells: Cells) -> Draw:
    """Cells by two labels, `x` across and the cells' own down, both in the order of the table."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table)
        angle = -40 if rows[x].nunique() <= LABELLED else -90
        axis = alt.Axis(labelAngle=angle, labelLimit=110, labelOverlap=False)
        across = {"x": alt.X(x, type="nominal", sort=_order(rows, x), title=None, axis=axis)}
        tips = look.tips(rows, x, *cells.tooltip_columns)
        return _drawn(rows, cells, tips, across, across if rows[x].nunique() <= LABELLED else None)

    return draw


def _drawn(
    rows: pd.DataFrame, cells: Cells, tips: list[alt.Tooltip], x: Mapping[str, Any], text_x: Mapping[str, Any] | None
) -> Chart:
    """The cells, with their values as text where there is room (`text_x`)."""
    order = _order(rows, cells.label)
    axis = alt.Axis(labelLimit=110, labelOverlap=False, labelFlush=False, ticks=False)
    y = alt.Y(cells.label, type="nominal", sort=order, title=None, axis=axis)
    filled = rows[rows[cells.value].notna()]
    if filled.empty:  # Altair warns about an empty column of objects
        filled = filled.astype({name: "bool" for name in rows.columns if rows[name].dtype == "object"})
    colour, inks = _stepped(filled, cells.step, cells.steps) if cells.steps else _shaded(filled, cells)
    says = filled[cells.value].map(per_cent_text if cells.value.startswith("share") else "{:,.4g}".format).astype("str")
    layers = [
        alt.Chart(some)
        .mark_rect(height=alt.RelativeBandSize(band=height), stroke=GREY, strokeOpacity=0.25)
        .encode(**x, y=y, color=colour, tooltip=tips)
        for some, height in _by_completeness(filled)
    ]
    if text_x:
        text = alt.Chart(filled.assign(ink=inks[0], ink_on_dark=inks[1], says=says)).mark_text(fontSize=FONT_SIZE)
        by_ink = conditional(
            alt.ColorValue, f"({ON_DARK} ? datum.ink_on_dark : datum.ink) === '{INK[0]}'", INK[0], INK[1]
        )
        shown = {"text": alt.Text("says", type="nominal"), "color": by_ink}
        layers.append(text.encode(**text_x, y=y, tooltip=tips, **shown))
    return layered(*layers, height=ROW * len(order) + ROOM)


def _by_completeness(cells: pd.DataFrame) -> list[tuple[pd.DataFrame, float]]:
    """The cells of complete periods in full height, and those of the others, where there are any, in half of it."""
    if "complete" not in cells:
        return [(cells, 0.95)]
    whole = cells["complete"].eq(other=True)
    found = [(cells[whole], 0.95), (cells[~whole], 0.5)]
    return [(some, height) for some, height in found if len(some)] or found[:1]


def _stepped(cells: pd.DataFrame, step: str, steps: Mapping[str, str]) -> tuple[alt.Color, tuple[pd.Series, pd.Series]]:
    scale = alt.Scale(domain=list(steps), range=list(steps.values()))
    key = alt.Legend(orient="top", columns=2, labelLimit=125, symbolType="square", symbolStrokeWidth=0)
    inks = {name: text_colour(colour) for name, colour in steps.items()}
    drawn = cells[step].map(inks)
    return alt.Color(step, type="nominal", title=None, scale=scale, legend=key), (drawn, drawn)


def _shaded(filled: pd.DataFrame, cells: Cells) -> tuple[alt.Color, tuple[pd.Series, pd.Series]]:
    """A continuous scale from 0, or from the least when that is below or 0 is not wanted, to the most; or from as far
    below 0 as above it. With the ink of each cell on a light ground and on a dark one."""
    values = filled[cells.value].astype("float64")
    low, high = (values.min(), values.max()) if len(values) else (0.0, 1.0)
    low = min(0.0, low) if cells.zero else low
    if cells.diverging:
        high = max(abs(low), abs(high)) or 1.0
        low = -high
    span = float(high - low) or 1.0
    schemes = DIVERGING if cells.diverging else SEQUENTIAL
    domain = [float(low) + span * place / (len(schemes[0]) - 1) for place in range(len(schemes[0]))]
    form = ".0%" if cells.value.startswith("share") else ",.3~r"
    scale = alt.Scale(domain=domain, range=ramp(schemes), interpolate="rgb")
    key = alt.Legend(orient="top", gradientLength=180, format=form, titleLimit=300)
    colour = alt.Color(cells.value, type="quantitative", title=cells.title, scale=scale, legend=key)
    on_light, on_dark = (
        pd.Series(
            [text_colour(ramp_colour(scheme, (value - low) / span)) for value in values],
            index=values.index,
            dtype="str",
        )
        for scheme in schemes
    )
    return colour, (on_light, on_dark)


def _order(rows: pd.DataFrame, name: str) -> list[str]:
    return list(dict.fromkeys(rows[name]))


def pair_matrix(
    a: str,
    b: str,
    *,
    order_by: str,
    measure_titles: dict[str, str],
    tips: tuple[str, ...],
    diverging_measures: tuple[str, ...] = (),
) -> Draw:
    """Pairs `a`, `b` as cells; the option `measure` says which column, `top` how many labels (0: all).

    Labels stand by the sum of `order_by` over their pairs. `measure_titles` tell what each measure is called; those of
    `diverging_measures` have 0 in the middle.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        measure = str(look.options.get("measure", next(iter(measure_titles))))
        both = pd.concat([table, table.rename(columns={a: b, b: a})])
        order = both.groupby(a)[order_by].sum().sort_index().sort_values(ascending=False, kind="stable").index
        shown = order[: int(look.options.get("top", 0)) or None]
        square = pd.DataFrame({a: shown}).merge(pd.DataFrame({b: shown}), how="cross")
        both = square.merge(both, on=[a, b], how="left")
        told = tuple(name for name in tips if name != measure)
        cells = Cells(a, measure, measure_titles[measure], told, diverging=measure in diverging_measures)
        return by_label(b, cells)(both, look)

    return draw


CALENDAR_ROW = 20
CALENDAR_ROOM = 65
CALENDAR_LEGEND = 65


def calendar(weekdays: tuple[str, ...], *, title: str) -> Draw:
    """Days in the colour of their count, newest year first; empty days are outlined, days out of range not drawn."""

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = with_chart_dtypes(table.assign(next=table["week"] + pd.Timedelta(days=7)))
        most = max(float(rows["n"].max()), 2.0) if len(rows) else 2.0
        key = alt.Legend(orient="top", gradientLength=160, format=",d", tickMinStep=1)
        scale = alt.Scale(type="sqrt", domain=[1, most], range=ramp(SEQUENTIAL), interpolate="rgb")
        years = sorted(rows["year"].unique(), reverse=True) or [2000.0]
        panels = []
        for year in years:
            legend = key if year == years[0] else None
            colour = alt.Color("n", type="quantitative", title=title, scale=scale, legend=legend)
            days, room = rows[rows["year"] == year], CALENDAR_LEGEND * (legend is key)
            tips = look.tips(days, "weekday", "day", "n")
            panels.append(_year(days, int(year), weekdays, colour, tips, room=room))
        return Panels(tuple(panels))

    return draw


def _year(
    rows: pd.DataFrame, year: int, weekdays: tuple[str, ...], colour: alt.Color, tips: list[alt.Tooltip], *, room: int
) -> Chart:
    """The days of a year; an unseen layer from its first to its last day keeps the axis whole."""
    axis = alt.Axis(format="%b", grid=False, labelOverlap=True, labelFlush=False, tickCount="month")
    names = alt.Axis(labelExpr="slice(datum.value, 0, 2)", labelOverlap=False, labelFlush=False, ticks=False)
    scale = alt.Scale(domain=list(weekdays))
    y = alt.Y("weekday", type="nominal", sort=list(weekdays), title=None, axis=names, scale=scale)
    ends = pd.DataFrame({"at": [pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)]})
    whole = alt.Chart(ends).mark_point(opacity=0).encode(x=alt.X("at", type="temporal", title=None, axis=axis))
    place = {"x": alt.X("week", type="temporal", title=None, axis=axis), "x2": alt.X2("next"), "y": y, "tooltip": tips}
    empty = alt.Chart(rows[rows["n"] == 0]).mark_rect(fill="transparent", stroke=GREY, strokeOpacity=0.35)
    filled = alt.Chart(rows[rows["n"] > 0]).mark_rect(stroke=GREY, strokeOpacity=0.35)
    layers = [whole, empty.encode(**place), filled.encode(**place, color=colour)]
    chart: Chart = layered(*layers, height=CALENDAR_ROW * 7 + CALENDAR_ROOM + room, title=str(year))
    return chart
