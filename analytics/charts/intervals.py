"""Estimates with their intervals: a row a label, or a column a session."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.theme import AXIS_WIDTH, COLOURS, GREY, MAIN, Chart, Draw, Look, Panels, legend, plain
from analytics.charts.timeline import tip

ROW = 26
STEP = 16
AXIS = 60
LEGEND = 130
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down")
PLAIN = {"color": alt.value(MAIN)}


@dataclass(frozen=True)
class Estimated:
    """A value with the ends of its interval: columns, the title of its axis, and where a dashed line lies.

    A value whose name starts with share is a share, and its axis goes from 0 to 100 %.
    """

    value: str
    low: str
    high: str
    title: str
    rule: float | None = None

    @property
    def share(self) -> bool:
        """Whether the value is a share."""
        return self.value.startswith("share")

    def told(self, rows: pd.DataFrame) -> list[alt.Tooltip]:
        """Value and interval for a tooltip."""
        form = ".1%" if self.share else ",.3~r"
        names = [name for name in (self.value, self.low, self.high) if name in rows]
        return [alt.Tooltip(name, type="quantitative", title=name.replace("_", " "), format=form) for name in names]

    def axis(self) -> alt.Axis:
        """How the numbers are written."""
        return alt.Axis(format="%", tickCount=4) if self.share else alt.Axis(format=",.4~r", tickCount=5)

    def scale(self) -> alt.Scale:
        """A share from 0 to 1; any other number from 0 as well, to where it goes."""
        return alt.Scale(domain=[0, 1]) if self.share else alt.Scale(zero=True)


def by_label(labels: tuple[str, ...], what: Estimated, *, colour: str = "", tips: tuple[str, ...] = ()) -> Draw:
    """A row for each combination of `labels` in the table's order; hollow points are `small`.

    With `colour` a row has a point for each of its values, each with a colour and a shape of its own.
    """

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = plain(table[table[what.value].notna()])
        rows = rows.assign(who=_joined(rows, labels))
        order, kinds = list(dict.fromkeys(rows["who"])), list(dict.fromkeys(rows[colour])) if colour else []
        told = [tip(rows, name) for name in (*labels, *([colour] if colour else []))]
        told += [*what.told(rows), *(tip(rows, name) for name in tips)]
        names = alt.Axis(labelLimit=150, labelOverlap=False, labelFlush=False, ticks=False)
        across: dict[str, Any] = {"title": what.title, "axis": what.axis(), "scale": what.scale()}
        place = {"y": alt.Y("who", type="nominal", sort=order, title=None, axis=names), "tooltip": told}
        place |= {"yOffset": alt.YOffset(colour, type="nominal", sort=kinds)} if colour else {}
        spans = alt.Chart(rows[rows[what.low].notna()]).mark_rule(color=GREY, strokeWidth=2)
        layers = [spans.encode(x=alt.X(what.low, type="quantitative", **across), x2=what.high, **place)]
        x = alt.X(what.value, type="quantitative", **across)
        layers += _points(rows, {"x": x} | place | (_told_apart(colour, kinds) if colour else PLAIN))
        layers += [theme.rule(x=what.rule)] if what.rule is not None and len(rows) else []
        height = (ROW + STEP * max(len(kinds) - 1, 0)) * len(order) + AXIS + (LEGEND if kinds else 0)
        return alt.layer(*layers).properties(height=height)

    return draw


def _told_apart(colour: str, kinds: list[str]) -> dict[str, Any]:
    """A colour and a shape for each kind."""
    colours, shapes = (alt.Scale(domain=kinds, range=list(each[: len(kinds)])) for each in (COLOURS, SHAPES))
    key = legend(columns=1)
    return {
        "color": alt.Color(colour, type="nominal", title=None, scale=colours, legend=key),
        "shape": alt.Shape(colour, type="nominal", title=None, scale=shapes, legend=key),
    }


def by_session(*panels: Estimated, tips: tuple[str, ...] = ()) -> Draw:
    """A panel for each estimate over one another, a column a session from the first to the newest."""

    def draw(table: pd.DataFrame, _: Look) -> Panels:
        rows = plain(table.sort_values("session"))
        rows = rows.assign(place=table.sort_values("session")["session"].astype("str"))
        return Panels(tuple(_over_sessions(rows, what, tips, last=what is panels[-1]) for what in panels))

    return draw


def _over_sessions(rows: pd.DataFrame, what: Estimated, tips: tuple[str, ...], *, last: bool) -> Chart:
    axis = alt.Axis(labelAngle=0, labels=last, ticks=last, labelOverlap=True)
    scale = alt.Scale(domain=list(rows["place"])) if len(rows) else alt.Undefined
    x = alt.X("place", type="nominal", title="session" if last else None, axis=axis, scale=scale)
    told = [*(tip(rows, name) for name in ("session", "session_title")), *what.told(rows)]
    told += [tip(rows, name) for name in tips]
    ends = what.axis().copy()
    ends["minExtent"] = ends["maxExtent"] = AXIS_WIDTH
    y: dict[str, Any] = {"title": what.title, "axis": ends, "scale": what.scale()}
    spans = alt.Chart(rows[rows[what.low].notna()]).mark_rule(color=GREY, strokeWidth=2)
    drawn = [spans.encode(x=x, y=alt.Y(what.low, type="quantitative", **y), y2=what.high, tooltip=told)]
    place = alt.Y(what.value, type="quantitative", **y)
    known = rows[rows[what.value].notna()]
    drawn += _points(known, {"x": x, "y": place, "tooltip": told} | PLAIN)
    drawn += [theme.rule(y=what.rule)] if what.rule is not None and len(rows) else []
    return alt.layer(*drawn).properties(height=180 if last else 160)


def _points(rows: pd.DataFrame, encoding: dict[str, Any]) -> list[alt.Chart]:
    """Filled points, and hollow ones for what is small."""
    small = rows["small"].eq(other=True)
    found = [(rows[~small], True), (rows[small], False)]
    return [
        alt.Chart(some).mark_point(filled=filled, size=65, opacity=1, strokeWidth=2).encode(**encoding)
        for some, filled in found
        if len(some) or filled
    ]


def _joined(rows: pd.DataFrame, labels: tuple[str, ...]) -> pd.Series:
    """Labels in one text; numbers without a fraction."""
    texts = [rows[name].map("{:.0f}".format) if rows[name].dtype == "float64" else rows[name] for name in labels]
    whole = texts[0].astype("str")
    for text in texts[1:]:
        whole = whole + " · " + text.astype("str")
    return whole
