"""Estimates with their intervals, by label, session, score range or period, and changes with theirs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.draw_wrappers import cut_off_rule
from analytics.charts.layers import layered, with_properties
from analytics.charts.over_time import X_TITLE, period_chart_rows, time_x
from analytics.charts.theme import (
    ACCENT,
    AXIS_WIDTH,
    GREY,
    HEIGHT,
    LABEL,
    MAIN,
    STRIP,
    Chart,
    Draw,
    Look,
    Panels,
    conditional,
    constant,
    legend,
    with_chart_dtypes,
)

ROW = 26
STEP = 16
AXIS = 60
LEGEND = 130
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down")
PLAIN = {"color": alt.ColorValue(MAIN)}


@dataclass(frozen=True)
class EstimateColumns:
    """The columns of an estimate and the ends of its interval, the title of its axis, and the place of a dashed line.

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

    def columns(self, rows: pd.DataFrame) -> list[str]:
        """Value and ends of the interval, where the rows have them."""
        return [name for name in (self.value, self.low, self.high) if name in rows]

    def axis(self) -> alt.Axis:
        """The axis, with the format of its numbers."""
        return alt.Axis(format="%", tickCount=4) if self.share else alt.Axis(format=",.4~r", tickCount=5)

    def scale(self) -> alt.Scale:
        """The scale: from 0 to 1 for a share, from 0 to the largest for other numbers."""
        return alt.Scale(domain=[0, 1]) if self.share else alt.Scale(zero=True)


def by_label(labels: tuple[str, ...], what: EstimateColumns, *, colour: str = "", tips: tuple[str, ...] = ()) -> Draw:
    """A row for each combination of `labels` in the table's order; hollow points are `small`.

    With `colour` a row has a point for each of its values, each with a colour and a shape of its own.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table[table[what.value].notna()])
        rows = rows.assign(who=_joined(rows, labels))
        order, kinds = list(dict.fromkeys(rows["who"])), list(dict.fromkeys(rows[colour])) if colour else []
        told = look.tips(rows, *labels, *([colour] if colour else []), *what.columns(rows), *tips)
        names = alt.Axis(labelLimit=150, labelOverlap=False, labelFlush=False, ticks=False)
        across: dict[str, Any] = {"title": what.title, "axis": what.axis(), "scale": what.scale()}
        place = {"y": alt.Y("who", type="nominal", sort=order, title=None, axis=names), "tooltip": told}
        place |= {"yOffset": alt.YOffset(colour, type="nominal", sort=kinds)} if colour else {}
        spans = alt.Chart(rows[rows[what.low].notna()]).mark_rule(color=GREY, strokeWidth=2)
        layers = [spans.encode(x=alt.X(what.low, type="quantitative", **across), x2=alt.X2(what.high), **place)]
        x = alt.X(what.value, type="quantitative", **across)
        layers += _points(rows, {"x": x} | place | (_told_apart(colour, kinds) if colour else PLAIN))
        layers += [theme.rule(x=what.rule)] if what.rule is not None and len(rows) else []
        height = (ROW + STEP * max(len(kinds) - 1, 0)) * len(order) + AXIS + (LEGEND if kinds else 0)
        return layered(*layers, height=height)

    return draw


def _told_apart(colour: str, kinds: list[str]) -> dict[str, Any]:
    """A colour and a shape for each kind."""
    colours, shapes = (alt.Scale(domain=kinds, range=list(each[: len(kinds)])) for each in (theme.COLOURS, SHAPES))
    key = legend(columns=1)
    return {
        "color": alt.Color(colour, type="nominal", title=None, scale=colours, legend=key),
        "shape": alt.Shape(colour, type="nominal", title=None, scale=shapes, legend=key),
    }


def by_session(*panels: EstimateColumns, tips: tuple[str, ...] = ()) -> Draw:
    """A panel for each estimate, below each other; a column for each session, oldest first."""

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = with_chart_dtypes(table.sort_values("session"))
        rows = rows.assign(place=table.sort_values("session")["session"].astype("str"))
        return Panels(tuple(_over_sessions(rows, look, what, tips, last=what is panels[-1]) for what in panels))

    return draw


def _over_sessions(
    rows: pd.DataFrame, look: Look, what: EstimateColumns, tips: tuple[str, ...], *, last: bool
) -> Chart:
    axis = alt.Axis(labelAngle=0, labels=last, ticks=last, labelOverlap=True)
    scale = alt.Scale(domain=list(rows["place"])) if len(rows) else alt.Undefined
    x = alt.X("place", type="nominal", title="session" if last else None, axis=axis, scale=scale)
    told = look.tips(rows, "session", "session_title", *what.columns(rows), *tips)
    ends = what.axis().copy()
    ends["minExtent"] = ends["maxExtent"] = AXIS_WIDTH
    y: dict[str, Any] = {"title": what.title, "axis": ends, "scale": what.scale()}
    spans = alt.Chart(rows[rows[what.low].notna()]).mark_rule(color=GREY, strokeWidth=2)
    drawn = [spans.encode(x=x, y=alt.Y(what.low, type="quantitative", **y), y2=alt.Y2(what.high), tooltip=told)]
    place = alt.Y(what.value, type="quantitative", **y)
    known = rows[rows[what.value].notna()]
    drawn += _points(known, {"x": x, "y": place, "tooltip": told} | PLAIN)
    drawn += [theme.rule(y=what.rule)] if what.rule is not None and len(rows) else []
    return layered(*drawn, height=180 if last else 160)


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


CHANGES_ROW = 24
CHANGES_AXIS = 60


def _by_outcome(channel: Any, *first: Mapping[str, str]) -> Any:
    """The colour of a change by the `outcome` of its test, after conditions that come first."""
    colours = {"up": MAIN, "down": ACCENT}
    known = [{"test": f"datum.outcome === '{outcome}'", "value": colour} for outcome, colour in colours.items()]
    return channel(GREY, condition=[*first, *known])


def changes(label: str, *, title: str, panel_by: str, tips: tuple[str, ...] = ()) -> Draw:
    """Points of `change` with `low` to `high`, a panel for each value of `panel_by`; coloured by `outcome`."""

    def panel(rows: pd.DataFrame, name: str, look: Look) -> Chart:
        names = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=names)
        told = look.tips(rows, label, "change", "low", "high", "q", "outcome", *tips)
        base = alt.Chart(rows, height=CHANGES_ROW * len(rows) + CHANGES_AXIS).encode(
            y=y, color=_by_outcome(alt.ColorValue), tooltip=told
        )
        axis = alt.Axis(format="+.0%", tickCount=4)
        x = alt.X("low", type="quantitative", title=f"{title}: {name}", axis=axis)
        spans = base.mark_rule(strokeWidth=2).encode(x=x, x2=alt.X2("high"))
        points = base.mark_point(size=60, filled=True, opacity=1).encode(x=alt.X("change", type="quantitative"))
        return layered(*([theme.rule(x=0)] if len(rows) else []), spans, points)

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = with_chart_dtypes(table)
        names = list(dict.fromkeys(rows[panel_by])) or [""]
        return Panels(tuple(panel(rows[rows[panel_by] == name], name, look) for name in names), across=True)

    return draw


THEN_NOW_ROW = 26
THEN_NOW_AXIS = 60
DIFFERENCE = "difference"


def then_and_now(label: str, share_prefix: str, *, title: str, difference_title: str) -> Draw:
    """A share then (ring) and now (dot) beside the difference with its interval; hollow points rest on few articles.

    Coloured by `outcome`, up or down.

    Columns: `{share}_then`, `{share}_now`, `difference` with `_low` and `_high`, `q`, `outcome`.
    """

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = with_chart_dtypes(table)
        height = THEN_NOW_ROW * len(rows) + THEN_NOW_AXIS
        names = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=names)
        sides = [name for side in ("then", "now") for name in (f"{share_prefix}_{side}", f"n_{side}", f"total_{side}")]
        told = look.tips(rows, label, *sides, DIFFERENCE, f"{DIFFERENCE}_low", f"{DIFFERENCE}_high", "q", "outcome")
        base = alt.Chart(rows, height=height).encode(y=y, color=_by_outcome(alt.ColorValue), tooltip=told)
        x = alt.X(f"{share_prefix}_then", type="quantitative", title=title, axis=alt.Axis(format="%", tickCount=4))
        now = alt.X(f"{share_prefix}_now", type="quantitative")
        moves = base.mark_rule(strokeWidth=2).encode(x=x, x2=alt.X2(f"{share_prefix}_now"))
        rings = base.mark_point(size=60, filled=False, opacity=1).encode(x=x)
        dots = base.mark_point(size=70, filled=True, opacity=1).encode(x=now)
        axis = alt.Axis(format="+.0%", tickCount=4)
        low = alt.X(f"{DIFFERENCE}_low", type="quantitative", title=difference_title, axis=axis)
        spans = base.mark_rule(strokeWidth=2).encode(x=low, x2=alt.X2(f"{DIFFERENCE}_high"))
        fill = _by_outcome(alt.FillValue, {"test": "datum.small === true", "value": "transparent"})
        points = base.mark_point(size=55, opacity=1).encode(x=alt.X(DIFFERENCE, type="quantitative"), fill=fill)
        zero = [theme.rule(x=0)] if len(rows) else []
        return Panels((layered(moves, rings, dots), layered(*zero, spans, points)), across=True)

    return draw


RULES = (("bias", [1, 0], ACCENT), ("low_limit", [6, 3], GREY), ("high_limit", [6, 3], GREY))
"""Column of a line, its dashes and its colour."""


def bland_altman(mean: str, difference: str, *, titles: tuple[str, str], tips: tuple[str, ...]) -> Draw:
    """A Bland-Altman plot: a point for each row, lines at `bias`, `low_limit` and `high_limit`, and at 0."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table[table[difference].notna()])
        x = alt.X(mean, type="quantitative", title=titles[0], scale=alt.Scale(zero=False, padding=12))
        axis = alt.Axis(format="+,.4~r")
        y = alt.Y(difference, type="quantitative", title=titles[1], axis=axis, scale=alt.Scale(zero=True, padding=12))
        told = look.tips(rows, *tips, mean, difference)
        points = alt.Chart(rows).mark_point(filled=True, size=60, opacity=0.6, color=MAIN)
        layers = [points.encode(x=x, y=y, tooltip=told)]
        for name, dash, colour in RULES:
            lines = rows[rows[name].notna()][[name]].head(1)
            says = lines[name].map("{:+.1f}".format).astype("str")
            base = alt.Chart(lines.assign(says=says)).encode(y=alt.Y(name, type="quantitative"))
            layers.append(base.mark_rule(color=colour, strokeDash=dash, strokeWidth=1.5))
            text = base.mark_text(align="right", dx=-4, dy=-7, style=LABEL)
            layers.append(text.encode(x=constant(alt.XValue, "width"), text=alt.Text("says", type="nominal")))
        zero = [theme.rule(y=0)] if len(rows) else []
        return layered(*zero, *layers, height=HEIGHT)

    return draw


def by_score_range(
    share: str, count: str, *, title: str, share_title: str, count_title: str, cut_off: str = ""
) -> Draw:
    """A share by range of scores, `score_from` to `score_to`; hollow points rest on few articles."""

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        known = table[table["score_from"].notna()]
        rows = with_chart_dtypes(
            known.assign(edge=known["score_to"] + 1, middle=(known["score_from"] + known["score_to"] + 1) / 2)
        )
        ends = [float(rows["score_from"].min()), float(rows["edge"].max())] if len(rows) else [0, 100]
        scale = alt.Scale(domain=ends, nice=False)
        counted = [name for name in ("published", "exceptions") if name in rows]
        told = look.tips(rows, "score_from", "score_to", share, "low", "high", count, *counted)
        x = alt.X("middle", type="quantitative", title=None, scale=scale, axis=alt.Axis(labels=False, grid=False))
        points = _rate_points(rows, share, share_title, x, told, most=1)
        upper = layered(*points, *cut_off_rule(rows, cut_off, "x"))
        binned = alt.X("score_from", type="quantitative", bin="binned", title=title, scale=scale)
        bars = (
            alt.Chart(rows)
            .mark_bar(color=GREY)
            .encode(x=binned, x2=alt.X2("edge"), y=_counts(count, count_title), tooltip=told)
        )
        return Panels((with_properties(upper, height=HEIGHT - 80), with_properties(bars, height=STRIP)))

    return draw


def by_period(share: str, count: str, *, share_title: str, count_title: str) -> Draw:
    """A share by period; hollow points rest on few articles, paler ones are of a period that is not over."""

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = period_chart_rows(table)
        told = look.period_tips(rows, share, "low", "high", "unranked", "missing", count)
        ends = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in _ends(rows)]
        middle = time_x("middle", labels=False, scale=alt.Scale(domain=ends) if ends else alt.Undefined)
        upper = layered(*_rate_points(rows, share, share_title, middle, told, most=float(rows["high"].max())))
        x = time_x("period", title=X_TITLE, binned=True)
        bars = alt.Chart(rows).mark_bar(color=GREY)
        lower = bars.encode(x=x, x2=alt.X2("next"), y=_counts(count, count_title), opacity=_apart(), tooltip=told)
        return Panels((with_properties(upper, height=HEIGHT - 80), with_properties(lower, height=STRIP)))

    return draw


def _ends(rows: pd.DataFrame) -> list[pd.Timestamp]:
    return [rows["period"].min(), rows["next"].max()] if len(rows) else []


def _rate_points(
    rows: pd.DataFrame, share: str, title: str, x: alt.X, told: list[alt.Tooltip], *, most: float
) -> list[alt.Chart]:
    """Points with their intervals; the axis goes from 0 to the next 10 % that holds `most`."""
    axis = alt.Axis(format="%", tickCount=4, minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH)
    y = alt.Y("low", type="quantitative", title=title, axis=axis, scale=alt.Scale(domain=[0, _top(most)]))
    fill = conditional(alt.FillValue, "datum.small === true", "transparent", MAIN)
    paler = {"opacity": _apart()} if "complete" in rows else {}
    base = alt.Chart(rows)
    return [
        base.mark_rule(color=GREY, strokeWidth=2).encode(x=x, y=y, y2=alt.Y2("high"), tooltip=told, **paler),
        base.mark_point(size=55, color=MAIN, opacity=1).encode(
            x=x, y=alt.Y(share, type="quantitative"), fill=fill, tooltip=told, **paler
        ),
    ]


def _top(most: float) -> float:
    return min(max(math.ceil(most * 10), 1), 10) / 10 if math.isfinite(most) else 1.0


def _counts(count: str, title: str) -> alt.Y:
    axis = alt.Axis(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH, tickCount=3, tickMinStep=1)
    return alt.Y(count, type="quantitative", title=title, axis=axis)


def _apart() -> Any:
    return conditional(alt.OpacityValue, "datum.complete === true", 1, 0.4)
