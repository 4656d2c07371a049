"""Charts of distributions: histograms of one and two values, cumulative curves and Lorenz curves."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analytics.charts.draw_wrappers import cut_off_rule
from analytics.charts.layers import layered
from analytics.charts.theme import (
    GREY,
    HEIGHT,
    SEQUENTIAL,
    Chart,
    Draw,
    Look,
    conditional,
    legend,
    ramp,
    with_chart_dtypes,
)


def histogram(low: str, high: str, colour: str, *, title: str, y_title: str, cut_off: str = "") -> Draw:
    """Counts by whole-number range, stacked by a label; a dashed rule marks the value in the column `cut_off`."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table.assign(edge=table[high] + 1)[table[low].notna()])
        labels = list(dict.fromkeys(rows[colour]))
        told = look.tips(rows, low, high, colour, "n", "share")
        bars = (
            alt.Chart(rows)
            .mark_bar()
            .encode(
                x=alt.X(low, type="quantitative", bin="binned", title=title, axis=alt.Axis(grid=False)),
                x2=alt.X2("edge"),
                y=alt.Y("n", type="quantitative", title=y_title, stack="zero", axis=alt.Axis(tickMinStep=1)),
                color=alt.Color(colour, type="nominal", title=None, scale=look.scale(labels), legend=legend()),
                tooltip=told,
            )
        )
        return layered(bars, *cut_off_rule(rows, cut_off, "x"), height=HEIGHT)

    return draw


def counts_by_value(
    value: str, colour: str, *, title: str, y_title: str, left_out_option: str, left_out_label: str
) -> Draw:
    """A bar for the count of each whole number.

    While `left_out_option` is "left out", the bars of `left_out_label`, which would dwarf the rest, are not drawn,
    unless there are no others.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        known = table[table[value].notna()]
        rows = with_chart_dtypes(known.assign(start=known[value] - 0.5, end=known[value] + 0.5))
        others = rows[rows[colour] != left_out_label]
        rows = others if look.options.get(left_out_option) == "left out" and len(others) else rows
        labels = list(dict.fromkeys(rows[colour]))
        axis = alt.Axis(grid=False, tickMinStep=1, labelExpr="datum.value ? format(datum.value, '+d') : '0'")
        ends = alt.Scale(domain=[min([-5.5, *rows["start"]]), max([5.5, *rows["end"]])], nice=False)
        bars = alt.Chart(rows, height=HEIGHT).mark_bar()
        chart: alt.Chart = bars.encode(
            x=alt.X("start", type="quantitative", bin="binned", title=title, axis=axis, scale=ends),
            x2=alt.X2("end"),
            y=alt.Y("n", type="quantitative", title=y_title, axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(colour, type="nominal", title=None, scale=look.scale(labels), legend=legend()),
            tooltip=look.tips(rows, value, colour, "n", "compared", "share", "low", "high"),
        )
        return chart

    return draw


def shares_reaching_score(colour: str, *, title: str, y_title: str, cut_off: str = "") -> Draw:
    """A curve for each group: the share of its articles that reaches each score. Dashed: a small group."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table)
        labels = list(dict.fromkeys(rows[colour]))
        by = alt.Color(colour, type="nominal", title=None, scale=look.scale(labels), legend=legend())
        shape = alt.Shape(colour, type="nominal", title=None, scale=alt.Scale(domain=labels), legend=legend())
        axis = alt.Axis(format="%", tickCount=5)
        y = alt.Y("share", type="quantitative", title=y_title, axis=axis, scale=alt.Scale(domain=[0, 1]))
        x = alt.X("score", type="quantitative", title=title, axis=alt.Axis(grid=False))
        told = look.tips(rows, colour, "score", "reached", "total", "share", "low", "high")
        dash = conditional(alt.StrokeDashValue, "datum.small === true", [4, 3], [1, 0])
        lines = alt.Chart(rows).mark_line(interpolate="step-before", strokeWidth=2)
        marked = rows.groupby(colour, sort=False, group_keys=False).nth(slice(None, None, max(len(rows) // 160, 1)))
        points = alt.Chart(marked).mark_point(filled=True, size=30, opacity=0.9)
        return layered(
            lines.encode(x=x, y=y, color=by, strokeDash=dash),
            points.encode(x=x, y=y, color=by, shape=shape, tooltip=told),
            *cut_off_rule(rows, cut_off, "x"),
            height=HEIGHT + 100,
        )

    return draw


def joint_histogram(x_prefix: str, y_prefix: str, *, x_title: str, y_title: str, tips: tuple[str, ...]) -> Draw:
    """Counts by two ranges, `{x}_from` to `{x}_to` and `{y}_from` to `{y}_to`: darker for more; a line where both are
    equal."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        known = table[table[f"{x_prefix}_from"].notna() & table[f"{y_prefix}_from"].notna()]
        rows = with_chart_dtypes(known.assign(x_edge=known[f"{x_prefix}_to"] + 1, y_edge=known[f"{y_prefix}_to"] + 1))
        scale = alt.Scale(range=ramp(SEQUENTIAL), type="log" if len(rows) else "linear", interpolate="rgb")
        bar = alt.Legend(orient="top", gradientLength=180, tickCount=4, format=",d") if len(rows) else None
        ends = (f"{x_prefix}_from", f"{x_prefix}_to", f"{y_prefix}_from", f"{y_prefix}_to")
        across = alt.X(f"{x_prefix}_from", type="quantitative", bin="binned", title=x_title, axis=alt.Axis(grid=False))
        up = alt.Y(f"{y_prefix}_from", type="quantitative", bin="binned", title=y_title, axis=alt.Axis(grid=False))
        cells = (
            alt.Chart(rows)
            .mark_rect()
            .encode(
                x=across,
                x2=alt.X2("x_edge"),
                y=up,
                y2=alt.Y2("y_edge"),
                color=alt.Color("n", type="quantitative", title="articles (logarithmic)", scale=scale, legend=bar),
                tooltip=look.tips(rows, *ends, *tips),
            )
        )
        return layered(cells, *_diagonal(rows), height=HEIGHT + 80)

    def _diagonal(rows: pd.DataFrame) -> list[alt.Chart]:
        if rows.empty:
            return []
        low = min(*rows[f"{x_prefix}_from"], *rows[f"{y_prefix}_from"])
        high = max(*rows["x_edge"], *rows["y_edge"])
        line = alt.Chart(pd.DataFrame({"at": [low, high]})).mark_line(color=GREY, strokeDash=[4, 3])
        return [line.encode(x=alt.X("at", type="quantitative"), y=alt.Y("at", type="quantitative"))]

    return draw


def lorenz_curves(
    x: str, y: str, label: str, *, titles: tuple[str, str], colours: Mapping[str, str], tips: tuple[str, ...]
) -> Draw:
    """A Lorenz curve for each label, 0 to 100 % on both axes; the dashed diagonal is equality."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table)
        scale = alt.Scale(domain=list(colours), range=list(colours.values()))
        axes = [alt.Axis(format="%", tickCount=5) for _ in titles]
        whole = alt.Scale(domain=[0, 1])
        across = alt.X(x, type="quantitative", title=titles[0], axis=axes[0], scale=whole)
        up = alt.Y(y, type="quantitative", title=titles[1], axis=axes[1], scale=whole)
        by = alt.Color(label, type="nominal", title=None, scale=scale, legend=legend())
        dash = alt.StrokeDash(label, type="nominal", title=None, scale=_dashes(list(colours)), legend=legend())
        told = look.tips(rows, label, *tips, x, y)
        curves = alt.Chart(rows).mark_line(strokeWidth=2).encode(x=across, y=up, color=by, strokeDash=dash)
        points = alt.Chart(rows).mark_point(size=28, filled=True).encode(x=across, y=up, color=by, tooltip=told)
        equal = (
            alt.Chart(rows).mark_line(color=GREY, strokeDash=[2, 3]).encode(x=across, y=alt.Y(x, type="quantitative"))
        )
        return layered(equal, curves, points, height=HEIGHT + 60)

    return draw


def _dashes(labels: list[str]) -> alt.Scale:
    return alt.Scale(domain=labels, range=[[1, 0], [6, 3], [2, 2]][: len(labels)])
