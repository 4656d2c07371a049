"""Charts over time: stacked bars, quantile bands, lines. An incomplete period is drawn paler or hollow."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.draw_wrappers import cut_off_rule
from analytics.charts.layers import layered
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
    conditional,
    legend,
    with_chart_dtypes,
)

X_TITLE = "period (UTC)"
LABEL = "timeFormat(datum.value, date(datum.value) == 1 ? '%b %Y' : '%-d %b %Y')"


def stacked_bars(y: str, colour: str, *, title: str) -> Draw:
    """Counts, or shares, by period, stacked by a label."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = period_chart_rows(table)
        labels = list(dict.fromkeys(rows[colour]))
        share = y.startswith("share")
        axis = alt.Axis(format="%") if share else alt.Axis(tickMinStep=1)
        scale = alt.Scale(domain=[0, 1]) if share else alt.Scale()
        chart: alt.Chart = (
            alt.Chart(rows, height=HEIGHT)
            .mark_bar()
            .encode(
                x=time_x("period", binned=True),
                x2=alt.X2("next"),
                y=alt.Y(y, type="quantitative", title=title, stack="zero", axis=axis, scale=scale),
                color=alt.Color(colour, type="nominal", title=None, scale=look.scale(labels), legend=legend()),
                order=alt.Order("place", type="quantitative"),
                opacity=_apart(),
                tooltip=look.period_tips(rows, colour, y, "n", "total", "share", "low", "high"),
            )
        )
        return chart

    def with_places(table: pd.DataFrame, look: Look) -> Chart:
        places = {label: place for place, label in enumerate(dict.fromkeys(table[colour]))}
        return draw(table.assign(place=table[colour].map(places).astype("float64")), look)

    return with_places


def quantile_bands(
    strip: str,
    *,
    title: str,
    strip_title: str,
    mean: str | None = None,
    rule: float | None = None,
    cut_off: str = "",
) -> Draw:
    """Median with the bands of 10 to 90 % and 25 to 75 %, over a strip of counts or shares of the same periods.

    A dashed rule lies at `rule`, and at the cut-off in the column `cut_off`.
    """

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = period_chart_rows(table)
        whole = rows[rows["complete"].eq(other=True)]
        span = alt.Scale(domain=[_iso(rows["period"].min()), _iso(rows["next"].max())]) if len(rows) else alt.Undefined
        base = alt.Chart(whole).encode(x=time_x("middle", labels=False))
        tips = look.period_tips(rows, "n", "q10", "q25", "median", "q75", "q90", *([mean] if mean else []), strip)
        axis = alt.Y(
            "q10",
            type="quantitative",
            title=title,
            scale=alt.Scale(zero=False),
            axis=_room(labelExpr="format(datum.value, ',~f')"),
        )
        layers = [
            base.mark_area(opacity=0.2, color=MAIN).encode(y=axis, y2=alt.Y2("q90")),
            base.mark_area(opacity=0.3, color=MAIN).encode(y=alt.Y("q25", type="quantitative"), y2=alt.Y2("q75")),
            base.mark_line(color=MAIN, strokeWidth=2).encode(y=alt.Y("median", type="quantitative")),
            alt.Chart(rows)
            .mark_point(size=40, color=MAIN)
            .encode(
                x=time_x("middle", labels=False, scale=span),
                y=alt.Y("median", type="quantitative"),
                tooltip=tips,
                fill=_hollow(),
            ),
        ]
        if mean:
            layers.append(base.mark_line(color=ACCENT, strokeDash=[4, 3]).encode(y=alt.Y(mean, type="quantitative")))
        if rule is not None:
            layers.append(theme.rule(y=rule))
        layers += cut_off_rule(rows, cut_off, "y")
        upper = layered(*layers, height=HEIGHT - 60)
        marks = {"format": ".0%"} if strip.startswith("share") else {"format": "d"}
        lower: alt.Chart = (
            alt.Chart(rows, height=STRIP)
            .mark_bar(color=GREY)
            .encode(
                x=time_x("period", title=X_TITLE, binned=True),
                x2=alt.X2("next"),
                y=alt.Y(strip, type="quantitative", title=strip_title, axis=_room(tickCount=3, **marks)),
                opacity=_apart(),
                tooltip=tips,
            )
        )
        return Panels((upper, lower))

    return draw


def lines(colour: str, *, titles: dict[str, str]) -> Draw:
    """A line for each label; the option `measure` chooses the column, `titles` maps it to the title of its axis."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = period_chart_rows(table)
        measure = str(look.options.get("measure", next(iter(titles))))
        column = "n" if measure == "count" else measure
        labels = list(dict.fromkeys(rows[colour]))
        by = alt.Color(colour, type="nominal", title=None, scale=look.scale(labels), legend=legend())
        shape = alt.Shape(colour, type="nominal", title=None, scale=alt.Scale(domain=labels), legend=legend())
        axis = alt.Axis(format="%") if column == "share" else alt.Axis()
        y = alt.Y(column, type="quantitative", title=titles[measure], axis=axis)
        whole = alt.Chart(rows[rows["complete"].eq(other=True)]).mark_line(strokeWidth=1.8)
        points = alt.Chart(rows).mark_point(size=32, filled=True)
        tips = look.period_tips(rows, colour, "n", "total", "share", "low", "high")
        return layered(
            whole.encode(x=time_x("middle", title=X_TITLE), y=y, color=by),
            points.encode(x=time_x("middle"), y=y, color=by, shape=shape, opacity=_apart(), tooltip=tips),
            height=HEIGHT + 40,
        )

    return draw


def period_chart_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a period, with columns `next` (start of the next period) and `middle`, for charts."""
    rows = table[table["period"].notna()]
    after = rows["period_end"] + pd.Timedelta(days=1)
    return with_chart_dtypes(rows.assign(next=after, middle=rows["period"] + (after - rows["period"]) / 2))


def time_x(
    name: str, *, title: str | None = None, binned: bool = False, labels: bool = True, scale: Any = alt.Undefined
) -> alt.X:
    """The time axis; bars from a period's start to that of the next must be `binned`, or Vega draws them flat."""
    axis = alt.Axis(labelOverlap=True, grid=False, labels=labels, ticks=labels, labelExpr=LABEL, tickCount=8)
    return alt.X(name, type="temporal", title=title, axis=axis, scale=scale, bin="binned" if binned else alt.Undefined)


def _room(**axis: Any) -> alt.Axis:
    return alt.Axis(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH, **axis)


def _iso(day: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


def _apart() -> Any:
    return conditional(alt.OpacityValue, "datum.complete === true", 0.95, 0.4)


def _hollow() -> Any:
    return conditional(alt.FillValue, "datum.complete === true", MAIN, "transparent")


def lines_with_count_strip(
    label: str, *, titles: Mapping[str, str], colours: Mapping[str, str], strip_title: str
) -> Draw:
    """A line for each label of the column that the option `measure` names, above a strip of counts; hollow: `small`.

    Lines break where the value is missing. The strip shows `n` of the first label, on the same time axis. `titles` are
    those of the axis by measure, `topic_and_provider_colours` those of the labels.
    """
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = period_chart_rows(table)
        measure = str(look.options.get("measure", next(iter(titles))))
        share = "share" in measure
        axis = alt.Axis(format="%" if share else "~r", minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH)
        y = alt.Y(measure, type="quantitative", title=titles[measure], axis=axis, scale=alt.Scale(zero=True))
        by = alt.Color(label, type="nominal", title=None, scale=scale, legend=legend())
        shape = alt.Shape(label, type="nominal", title=None, scale=alt.Scale(domain=list(colours)), legend=legend())
        tips = look.period_tips(rows, label, *titles, "top_provider", "low", "high", "providers", "n")
        known = rows[rows[measure].notna()]
        small, whole = known["small"].eq(other=True), rows[rows["complete"].eq(other=True)]
        paler = conditional(alt.OpacityValue, "datum.complete === true", 1, 0.4)
        x = time_x("middle", labels=False)
        layers = [alt.Chart(whole).mark_line(strokeWidth=1.8).encode(x=x, y=y, color=by)] if len(whole) else []
        for some, filled in ((known[~small], True), (known[small], False)):
            if len(some):
                points = alt.Chart(some).mark_point(size=45, filled=filled)
                layers.append(points.encode(x=x, y=y, color=by, shape=shape, opacity=paler, tooltip=tips))
        span = alt.Chart(rows).mark_rule(opacity=0).encode(x=time_x("period", labels=False), x2=alt.X2("next"))
        layers = [span, *(layers or [alt.Chart(rows).mark_point().encode(x=x, y=y, color=by, tooltip=tips)])]
        upper = layered(*layers, height=HEIGHT - 40)
        return Panels((upper, _strip(rows[rows[label] == next(iter(colours))], tips, strip_title)))

    return draw


def _strip(rows: pd.DataFrame, tips: list[alt.Tooltip], title: str) -> alt.Chart:
    axis = alt.Axis(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH, tickCount=3, tickMinStep=1)
    bars = alt.Chart(rows, height=STRIP).mark_bar(color=GREY)
    paler = conditional(alt.OpacityValue, "datum.complete === true", 1, 0.4)
    chart: alt.Chart = bars.encode(
        x=time_x("period", title=X_TITLE, binned=True),
        x2=alt.X2("next"),
        y=alt.Y("n", type="quantitative", title=title, axis=axis),
        opacity=paler,
        tooltip=tips,
    )
    return chart


def bars_with_mean_line(value: str, mean: str, *, title: str, names: tuple[str, str], tips: tuple[str, ...]) -> Draw:
    """Bars of the values and a line of the means; the bar of a period that is not over is paler."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = period_chart_rows(table)
        told = look.period_tips(rows, value, mean, *tips)
        scale = alt.Scale(domain=list(names), range=[MAIN, ACCENT])
        by = alt.Color("which", type="nominal", title=None, scale=scale, legend=legend())
        axis = alt.Axis(tickMinStep=1)
        bars = alt.Chart(rows.assign(which=names[0])).mark_bar()
        known = rows[rows[mean].notna()].assign(which=names[1])
        line = alt.Chart(known).mark_line(strokeWidth=2.5, point={"size": 30})
        drawn = bars.encode(
            x=time_x("period", title=X_TITLE, binned=True),
            x2=alt.X2("next"),
            y=alt.Y(value, type="quantitative", title=title, axis=axis),
            color=by,
            opacity=conditional(alt.OpacityValue, "datum.complete === true", 0.5, 0.25),
            tooltip=told,
        )
        means = line.encode(x=time_x("middle"), y=alt.Y(mean, type="quantitative"), color=by, tooltip=told)
        return layered(drawn, *([means] if len(known) else []), height=HEIGHT)

    return draw


PLACE = 18
BUMP_ROOM = 70
BUMP_LEGEND = 32


def bump(label: str, rank: str, *, title: str) -> Draw:
    """A bump chart: ranks of labels by period; lines break where a label has no rank. Paler: an incomplete period."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = period_chart_rows(table)
        labels = list(dict.fromkeys(rows[label]))
        known = rows[rows[rank].notna()]
        lowest = int(known[rank].max()) if len(known) else 1
        by = alt.Color(label, type="nominal", title=None, scale=look.scale(labels), legend=legend())
        shape = alt.Shape(label, type="nominal", title=None, scale=alt.Scale(domain=labels), legend=legend())
        ticks = [place for place in range(1, lowest + 1) if place == 1 or lowest <= 15 or place % 5 == 0]
        scale = alt.Scale(domain=[0.5, lowest + 0.5], reverse=True, nice=False, zero=False)
        y = alt.Y(rank, type="quantitative", title=title, scale=scale, axis=alt.Axis(values=ticks, format="d"))
        whole = alt.Chart(rows[rows["complete"].eq(other=True)]).mark_line(strokeWidth=2.5, interpolate="monotone")
        points = alt.Chart(known).mark_point(size=70, filled=True)
        paler = conditional(alt.OpacityValue, "datum.complete === true", 0.95, 0.4)
        tips = look.period_tips(rows, label, rank, "n", "total", "share", "low", "high")
        return layered(
            whole.encode(x=time_x("middle", title=X_TITLE), y=y, color=by),
            points.encode(x=time_x("middle"), y=y, color=by, shape=shape, opacity=paler, tooltip=tips),
            height=PLACE * max(lowest, 6) + BUMP_ROOM + BUMP_LEGEND * ((len(labels) + 1) // 2),
        )

    return draw
