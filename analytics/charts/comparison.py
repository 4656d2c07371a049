"""Charts of several selections side by side, each in its colour."""

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.layers import layered, with_properties
from analytics.charts.over_time import period_chart_rows, time_x
from analytics.charts.theme import GREY, HEIGHT, MAIN, Chart, Draw, Look, Panels, conditional, legend, with_chart_dtypes
from analytics.schema import SHARE, label_of
from analytics.value_formatting import number_or_per_cent_text

ROW = 26
AXIS = 60
SELECTION = "selection"
PARTS = {"rate_part": "own rates", "mix_part": "mix of providers"}
"""Column → what a part of a difference is called."""


def key_figure_bars(*shown: str) -> Draw:
    """A panel for each of the figures `shown`: a bar for each selection; a share is a point with its interval."""

    def panel(rows: pd.DataFrame, figure: str, look: Look) -> Chart:
        share = figure.startswith("share")
        by = _colour(rows, look, key=False)
        y = alt.Y(SELECTION, type="nominal", sort=list(rows[SELECTION]), title=None, axis=_labels())
        axis = alt.Axis(format="%" if share else "~s", tickCount=3)
        scale = alt.Scale(domain=[0, 1]) if share else alt.Scale(zero=True)
        x = alt.X("value", type="quantitative", title=label_of(figure), axis=axis, scale=scale)
        told = look.tips(rows, SELECTION, "value", "n", "low", "high", unit=SHARE if share else "")
        base = alt.Chart(rows, height=ROW * len(rows) + AXIS).encode(y=y, color=by, tooltip=told)
        layers = [base.mark_bar(height=ROW * 0.6).encode(x=x)]
        if share:
            layers = [
                base.mark_rule(strokeWidth=2).encode(
                    x=alt.X("low", type="quantitative", scale=scale), x2=alt.X2("high")
                )
            ]
            layers.append(base.mark_point(size=70, filled=True, opacity=1).encode(x=x))
        return layered(*layers)

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = with_chart_dtypes(table)
        return Panels(tuple(panel(rows[rows["figure"] == figure], figure, look) for figure in shown), across=True)

    return draw


def differences(title_by_unit: dict[str, str]) -> Draw:
    """Points of `difference` with intervals, a panel for each unit of `title_by_unit`; hollow: no interval."""

    def panel(rows: pd.DataFrame, unit: str, look: Look) -> Chart:
        names, measures = list(dict.fromkeys(rows[SELECTION])), list(dict.fromkeys(rows["measure"]))
        y = alt.Y("measure", type="nominal", sort=measures, title=None, axis=_labels())
        offset = alt.YOffset(SELECTION, type="nominal", sort=names)
        named = ("measure", SELECTION, "value", "value_first", "n", "n_first", "difference", "low", "high")
        told = look.tips(rows, *named, "size", "verdict", unit=unit)
        height = ROW * max(len(names), 1) * max(len(measures), 1) + AXIS
        base = alt.Chart(rows, height=height).encode(y=y, yOffset=offset, color=_colour(rows, look, key=False))
        axis = alt.Axis(format="+.0%" if unit == "share" else "+.2~r", tickCount=3)
        x = alt.X("difference", type="quantitative", title=title_by_unit[unit], axis=axis)
        spans = base.mark_rule(strokeWidth=2).encode(
            x=alt.X("low", type="quantitative"), x2=alt.X2("high"), tooltip=told
        )
        solid = {"field": SELECTION, "type": "nominal", "scale": _colour_scale(rows, look), "legend": None}
        fill = alt.FillValue("transparent", condition=solid | {"test": "isValid(datum.low)"})
        points = base.mark_point(size=60, opacity=1).encode(x=x, fill=fill, tooltip=told)
        return layered(*([theme.rule(x=0)] if len(rows) else []), points, spans)

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = with_chart_dtypes(table.assign(measure=table["measure"].map(label_of).astype("str")))
        return Panels(tuple(panel(rows[rows["unit"] == unit], unit, look) for unit in title_by_unit), across=True)

    return draw


def score_distributions(*, title: str, y_title: str, reached_title: str, option: str, reached: str) -> Draw:
    """Step lines by score range: the share of each selection in it or, when `option` is `reached`, that reaches it.

    Dashed: a small selection. A point to hover sits in the middle of each step.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(
            table.assign(edge=table["score_to"] + 1, middle=(table["score_from"] + table["score_to"] + 1) / 2)
        )
        value, name = ("share_reached", reached_title) if look.options.get(option) == reached else ("share", y_title)
        y = alt.Y(value, type="quantitative", title=name, axis=alt.Axis(format="%", tickCount=5))
        by = _colour(rows, look, key=True)
        counts = ("score_from", "score_to", "n", "total", "share", "low", "high", "share_reached")
        told = look.tips(rows, SELECTION, *counts)
        edges = [0.0] if rows.empty else [float(rows["score_from"].min()), float(rows["edge"].max())]
        ends = alt.Scale(domain=[edges[0], edges[-1]], nice=False)
        grid = alt.Axis(grid=False)
        dash = conditional(alt.StrokeDashValue, "datum.small === true", [4, 3], [1, 0])
        lines = (
            alt.Chart(pd.concat([rows, _last(rows)]))
            .mark_line(interpolate="step-after", strokeWidth=2)
            .encode(x=alt.X("score_from", type="quantitative", title=title, axis=grid, scale=ends), y=y, color=by)
        )
        points = (
            alt.Chart(rows)
            .mark_point(filled=True, size=30, opacity=0.9)
            .encode(
                x=alt.X("middle", type="quantitative", scale=ends, axis=grid, title=title),
                y=y,
                color=by,
                shape=alt.Shape(SELECTION, type="nominal", title=None, sort=_names(rows), legend=legend()),
                tooltip=told,
            )
        )
        return layered(lines.encode(strokeDash=dash), points, height=HEIGHT)

    return draw


def difference_parts(label: str) -> Draw:
    """Bars of the parts of a difference (`rate_part`, `mix_part`) to both sides of zero, a panel for each selection."""

    def panel(rows: pd.DataFrame, name: str, look: Look) -> Chart:
        long = rows.melt(id_vars=[label, "part", "n", "n_first", "rate", "rate_first"], value_vars=list(PARTS))
        long = long.assign(comes=long["variable"].map(PARTS).astype("str"))
        colours = alt.Scale(domain=list(PARTS.values()), range=[MAIN, GREY])
        share = bool(len(rows)) and rows["measure"].iloc[0] == "share published"
        axis = alt.Axis(format="+.1%" if share else "+.2~r", tickCount=4)
        named = (label, "comes", "value", "n", "n_first", "rate", "rate_first")
        bars = alt.Chart(long, height=ROW * len(rows) + AXIS + 40).mark_bar()
        told = look.tips(long, *named, unit=SHARE if share else "")
        drawn = bars.encode(
            x=alt.X("value", type="quantitative", title=f"part of the difference: {name}", axis=axis, stack="zero"),
            y=alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=_labels()),
            color=alt.Color("comes", type="nominal", title=None, scale=colours, legend=legend(1)),
            tooltip=told,
        )
        return layered(drawn, *([theme.rule(x=0)] if len(rows) else []))

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = with_chart_dtypes(table)
        names = _names(rows) or [""]
        return Panels(tuple(panel(rows[rows[SELECTION] == name], name, look) for name in names), across=True)

    return draw


def _names(rows: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(rows[SELECTION]))


def _labels() -> alt.Axis:
    """An axis of labels that leaves none out."""
    return alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False)


def _colour_scale(rows: pd.DataFrame, look: Look) -> alt.Scale:
    return look.scale(_names(rows))


def _colour(rows: pd.DataFrame, look: Look, *, key: bool) -> alt.Color:
    shown = legend() if key else None
    return alt.Color(
        SELECTION, type="nominal", title=None, scale=_colour_scale(rows, look), sort=_names(rows), legend=shown
    )


def _last(rows: pd.DataFrame) -> pd.DataFrame:
    """The ends of the last steps, so that a step is as wide as its range."""
    ends = rows.groupby(SELECTION, sort=False).tail(1)
    return ends.assign(score_from=ends["edge"])


TILES_ROW = 90


def line_panel_per_figure(figure: str, value: str) -> Draw:
    """A panel for each figure that has a value: its line over time, with that of the whole selection in the title."""

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        rows = period_chart_rows(table)
        whole = with_chart_dtypes(table[table["period"].isna()]).set_index(figure)[value]
        known = rows.loc[rows[value].notna(), figure]
        lines = [_line(rows[rows[figure] == name], look, name, whole.get(name)) for name in dict.fromkeys(known)]
        return Panels(tuple(lines)) if lines else _line(rows, look, "nothing to show", None)

    def _line(rows: pd.DataFrame, look: Look, name: str, whole: float | None) -> Chart:
        unit = str(rows["unit"].iloc[0]) if len(rows) else ""
        title = f"{label_of(name)}: {number_or_per_cent_text(whole, unit)}" if whole is not None else label_of(name)
        y = alt.Y(value, type="quantitative", title=None, axis=alt.Axis(tickCount=2), scale=alt.Scale(zero=False))
        line = (
            alt.Chart(rows)
            .mark_line(color=MAIN, point=True)
            .encode(x=time_x("middle"), y=y, tooltip=look.period_tips(rows, value, "n", unit=unit))
        )
        drawn: Chart = with_properties(line, height=TILES_ROW, title=title)
        return drawn

    return draw
