"""Charts of the git history: heat by hours since first seen, survival curves, heat of one article, outages."""

from typing import Any

import altair as alt
import pandas as pd

from analytics.charts.layers import layered, with_properties
from analytics.charts.over_time import LABEL, X_TITLE
from analytics.charts.theme import (
    ACCENT,
    AXIS_WIDTH,
    GREY,
    HEIGHT,
    MAIN,
    STRIP,
    Chart,
    Draw,
    Look,
    Panels,
    legend,
    rule,
    with_chart_dtypes,
)

SINCE = [0, 12, 24, 48, 96, 168, 336, 720, 2160, 4320, 8760, 17520, 43800]
"""Hours that a life's axis names, up to five years."""

MOST_STAIRS = 1_000

IN_WORDS = "datum.value < 48 ? datum.value + ' h' : format(datum.value / 24, ',~f') + ' d'"


def quartiles_since_first_seen(label: str, *, title: str, strip_title: str) -> Draw:
    """Median (line) and middle half (band) by hours, a colour for each label, above a strip of the number at risk.
    Small steps have no median, and groups with only small steps are left out, unless all are such."""

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = _large(with_chart_dtypes(table), label)
        by = {"color": _coloured(rows, label, look), "strokeDash": _dashed(rows, label)}
        told = look.tips(rows, label, "hours", "median", "q25", "q75", "n", "share", "low", "high")
        known = rows[rows["median"].notna() & ~rows["small"].eq(other=True)]
        x = _hours(rows, labels=False)
        y = alt.Y("q25", type="quantitative", title=title, axis=_room(tickMinStep=1))
        base = alt.Chart(known)
        upper = layered(
            base.mark_area(opacity=0.15, interpolate="step-after").encode(
                x=x, y=y, y2=alt.Y2("q75"), color=by["color"]
            ),
            base.mark_line(strokeWidth=2, interpolate="step-after").encode(
                x=x, y=alt.Y("median", type="quantitative"), **by
            ),
            base.mark_point(size=22, filled=True, opacity=0.9).encode(
                x=x, y=alt.Y("median", type="quantitative"), color=by["color"], tooltip=told
            ),
            rule(y=0),
        )
        x, y = _hours(rows), alt.Y("n", type="quantitative", title=strip_title, axis=_room(tickCount=3))
        at_risk = look.tips(rows, label, "hours", "n", "unknown")
        lower = layered(
            alt.Chart(rows).mark_line(strokeWidth=1.8, interpolate="step-after").encode(x=x, y=y, **by),
            alt.Chart(rows)
            .mark_point(size=14, filled=True, opacity=0.9)
            .encode(x=x, y=y, color=by["color"], tooltip=at_risk),
        )
        return Panels((with_properties(upper, height=HEIGHT - 40), with_properties(lower, height=STRIP)))

    return draw


def survival(label: str, *, x_title: str, y_title: str, tips: tuple[str, ...]) -> Draw:
    """Survival curves: the share that lasts longer than so many hours, with intervals; a tick for each censoring.

    Small groups are left out, unless all are. Of very many stairs every second, third, … is drawn.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = _large(with_chart_dtypes(table), label)
        rows = rows[rows.groupby(label).cumcount() % (len(rows) // MOST_STAIRS + 1) == 0]
        by = {"color": _coloured(rows, label, look), "strokeDash": _dashed(rows, label)}
        told = look.tips(rows, label, "hours", "share", "low", "high", "at_risk", *tips)
        most = [0.0, float(rows["hours"].max()) if len(rows) else 1.0]
        x = alt.X("hours", type="quantitative", title=x_title, scale=alt.Scale(domain=most, nice=True))
        axis = alt.Axis(format="%", tickCount=5)
        y = alt.Y("low", type="quantitative", title=y_title, axis=axis, scale=alt.Scale(domain=[0, 1]))
        share = alt.Y("share", type="quantitative")
        base, bounded = alt.Chart(rows), alt.Chart(rows[rows["low"].notna()])
        layers: list[Any] = [
            bounded.mark_area(opacity=0.13, interpolate="step-after").encode(
                x=x, y=y, y2=alt.Y2("high"), color=by["color"]
            ),
            base.mark_line(strokeWidth=2, interpolate="step-after").encode(x=x, y=share, **by),
            base.mark_point(size=24, filled=True, opacity=0.9).encode(x=x, y=share, color=by["color"], tooltip=told),
        ]
        ticks = rows[rows["censored"] > 0]
        if len(ticks):
            marks = alt.Chart(ticks).mark_point(shape="stroke", angle=90, size=90, strokeWidth=2)
            layers.append(marks.encode(x=x, y=share, color=by["color"], tooltip=told))
        return layered(*layers, rule(y=0.5), height=HEIGHT + 20)

    return draw


def article_heat_since_first_seen(*, title: str) -> Draw:
    """Heat as steps and quality as a dashed line over the hours of one article; a triangle at each reset.

    The axis of hours is stretched at its beginning, where most happens.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table)
        rows["heat"] = rows["heat"].where(rows["lift"].notna())
        told = look.tips(rows, "hours", "at", "kind", "quality", "heat", "lift", "fields", "state", "commit")
        end = rows.tail(1).assign(hours=rows["hours_to"].tail(1))
        drawn = pd.concat([rows, end], ignore_index=True)
        scale = alt.Scale(type="symlog", constant=24, nice=False)
        axis = alt.Axis(values=SINCE, labelExpr=IN_WORDS, grid=False, labelOverlap=True)
        x = alt.X("hours", type="quantitative", title="time since first seen", scale=scale, axis=axis)
        y = alt.Y("value", type="quantitative", title=title, scale=alt.Scale(zero=False, padding=12))
        names = alt.Scale(domain=["heat", "quality"], range=[ACCENT, MAIN])
        by = alt.Color("which", type="nominal", title=None, scale=names, legend=legend())
        layers: list[Any] = [
            alt.Chart(drawn.assign(value=drawn[name], which=name))
            .mark_line(strokeWidth=2, interpolate="step-after", strokeDash=dash)
            .encode(x=x, y=y, color=by)
            for name, dash in (("heat", [1, 0]), ("quality", [5, 3]))
        ]
        points = alt.Chart(rows.assign(value=rows["heat"], which="heat").query("value.notna()"))
        resets = points.data[points.data["reset"].eq(other=True)]
        layers.append(points.mark_point(size=30, filled=True, opacity=1).encode(x=x, y=y, color=by, tooltip=told))
        if len(resets):
            marks = alt.Chart(resets).mark_point(shape="triangle-down", size=80, filled=True, color=GREY, opacity=1)
            layers.append(marks.encode(x=x, y=y, tooltip=told))
        return layered(*layers, height=HEIGHT)

    return draw


def gap_lengths_over_time(*, title: str) -> Draw:
    """A stem at the start of each gap, as high as the gap is long, and a pale band over its time."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table)
        told = look.tips(rows, "from_at", "to_at", "hours", "usual", "times", "appeared")
        axis = alt.Axis(labelOverlap=True, grid=False, labelExpr=LABEL, tickCount=8)
        x = alt.X("from_at", type="temporal", title=X_TITLE.replace("period", "time"), axis=axis)
        y = alt.Y("hours", type="quantitative", title=title, axis=alt.Axis(minExtent=AXIS_WIDTH))
        base = alt.Chart(rows)
        return layered(
            base.mark_rect(color=GREY, opacity=0.25).encode(x=x, x2=alt.X2("to_at"), tooltip=told),
            base.mark_rule(color=MAIN, strokeWidth=1.5).encode(x=x, y=y, y2=alt.Y2Datum(0), tooltip=told),
            base.mark_point(color=MAIN, size=60, filled=True, opacity=1).encode(x=x, y=y, tooltip=told),
            height=HEIGHT - 40,
        )

    return draw


def _hours(rows: pd.DataFrame, *, labels: bool = True) -> alt.X:
    """The hours on an axis of whole days, the same for stacked charts."""
    most = float(rows["hours"].max()) if len(rows) else 24.0
    step = next(days for days in (1, 2, 5, 10) if most / 24 / days <= 7) * 24
    axis = alt.Axis(labels=labels, ticks=labels, grid=False, values=list(range(0, int(most) + 1, step)))
    title = "hours since first seen" if labels else None
    return alt.X("hours", type="quantitative", title=title, axis=axis, scale=alt.Scale(domain=[0, most], nice=False))


def _coloured(rows: pd.DataFrame, label: str, look: Look) -> alt.Color:
    labels = list(dict.fromkeys(rows[label]))
    key = _key(labels)
    return alt.Color(label, type="nominal", title=None, scale=look.scale(labels), legend=key)


def _dashed(rows: pd.DataFrame, label: str) -> alt.StrokeDash:
    labels = list(dict.fromkeys(rows[label]))
    dashes = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 1], [1, 3]]
    scale = alt.Scale(domain=labels, range=dashes[: len(labels)])
    return alt.StrokeDash(label, type="nominal", title=None, scale=scale, legend=_key(labels))


def _key(labels: list[str]) -> alt.Legend | None:
    """A legend of lines, where there is more than one."""
    if len(labels) < 2:
        return None
    return alt.Legend(
        orient="top",
        columns=2,
        labelLimit=125,
        symbolType="stroke",
        symbolStrokeWidth=3,
        symbolSize=250,
        symbolOpacity=1,
    )


def _large(rows: pd.DataFrame, label: str) -> pd.DataFrame:
    """The groups with a row that is not small; all of them when there is none."""
    large = rows[rows[label].isin(rows.loc[rows["small"].eq(other=False), label])]
    return large if len(large) else rows


def _room(**axis: Any) -> alt.Axis:
    return alt.Axis(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH, **axis)
