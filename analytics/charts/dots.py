"""Dot and range charts by label: quartiles, two values, percentiles, values against a usual range, spans of days."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analytics.charts import over_time, theme
from analytics.charts.draw_wrappers import cut_off_rule
from analytics.charts.layers import layered
from analytics.charts.over_time import X_TITLE
from analytics.charts.theme import (
    COLOURS,
    GREY,
    LABEL,
    MAIN,
    Chart,
    Draw,
    Look,
    conditional,
    constant,
    legend,
    with_chart_dtypes,
)

ROW = 24
AXIS = 60
LEGEND = 40
LABELS, EACH_LABEL = 30, 16
"""Further height for a legend of labels, and for each of them."""

TITLE_LENGTH = 70
NEAR = alt.Scale(zero=False, padding=12)
WHOLE = alt.Axis(tickMinStep=1)


def quartiles(label: str, *, title: str, cut_off: str = "") -> Draw:
    """Median (point) and the middle half (bar) by label, n at the right; hollow points rest on few articles."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        known = table[table["median"].notna()]
        says = known["scored"].map("n = {:,}".format) if len(known) else known[label]
        rows = with_chart_dtypes(known.assign(says=says.astype("str")))
        y = _names(label, list(rows[label]), 130)
        told = look.tips(rows, label, "rank", "n", "scored", "q25", "median", "q75")
        base = alt.Chart(rows)
        scale = alt.Scale(domain=_padded_domain(rows, cut_off), nice=False)
        x = alt.X("q25", type="quantitative", title=title, scale=scale)
        fill = conditional(alt.FillValue, "datum.small === true", "transparent", MAIN)
        text = base.mark_text(align="right", style=LABEL, dx=-2)
        return layered(
            base.mark_bar(color=MAIN, opacity=0.35, height=9).encode(x=x, x2=alt.X2("q75"), y=y, tooltip=told),
            base.mark_point(color=MAIN, size=70, opacity=1).encode(
                x=alt.X("median", type="quantitative"), y=y, fill=fill, tooltip=told
            ),
            text.encode(x=constant(alt.XValue, "width"), y=y, text=alt.Text("says", type="nominal"), tooltip=told),
            *cut_off_rule(rows, cut_off, "x"),
            height=(ROW + 4) * len(rows) + AXIS,
        )

    return draw


def dumbbells(
    label: str,
    before: str,
    now: str,
    *,
    names: tuple[str, str],
    title: str,
    y_title: str,
    tips: tuple[str, ...],
    cut_off: str,
) -> Draw:
    """Two values by label, joined by a line: `before` as a ring, `now` as a dot."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table[table[before].notna() | table[now].notna()])
        y = _names(label, list(rows[label]), 130, y_title)
        told = look.tips(rows, label, now, before, *tips)
        scale = alt.Scale(domain=list(names), range=[GREY, MAIN])
        x = alt.X("value", type="quantitative", title=title, scale=NEAR, axis=WHOLE)
        both = rows[rows[before].notna() & rows[now].notna()]
        lines = alt.Chart(both).mark_rule(color=GREY, strokeWidth=2)
        layers = [
            lines.encode(x=alt.X(before, type="quantitative", title=title), x2=alt.X2(now), y=y, tooltip=told),
            *(
                alt.Chart(rows.assign(value=rows[column], which=which)[rows[column].notna()])
                .mark_point(size=90, opacity=1, filled=filled, strokeWidth=2)
                .encode(
                    x=x,
                    y=y,
                    color=alt.Color("which", type="nominal", title=None, scale=scale, legend=legend(columns=1)),
                    tooltip=told,
                )
                for column, which, filled in ((before, names[0], False), (now, names[1], True))
            ),
        ]
        return layered(*layers, *cut_off_rule(rows, cut_off, "x"), height=ROW * 1.5 * len(rows) + AXIS + LEGEND)

    return draw


def _padded_domain(rows: pd.DataFrame, mark: str) -> list[float]:
    """The ends of a scale with room for the counts at the right of the longest bar."""
    if rows.empty:
        return [0, 100]
    known = [*rows["q25"], *rows["q75"], *(rows[mark].dropna() if mark else [])]
    span = max(max(known) - min(known), 10)
    return [max(min(known) - span * 0.05, 0), max(known) + span * 0.22]


def _names(label: str, order: list[str], limit: int, title: str | None = None) -> alt.Y:
    axis = alt.Axis(labelLimit=limit, labelOverlap=False, labelFlush=False, ticks=False, grid=True)
    return alt.Y(label, type="nominal", sort=order, title=title, axis=axis, scale=alt.Scale(type="band"))


STANDING_ROW = 40
STANDING_AXIS = 60
STANDING_LEGEND = 40
TITLE = "percentile in the group"
SHAPES = {"quality": "circle", "heat": "square", "lift": "triangle-up"}


def percentile_dots(table: pd.DataFrame, look: Look) -> Chart:
    """A mark for the percentile of each score of an article, a row for each group in the table's order.

    Columns: `group`, `label`, `score`, `value`, `n`, `below`, `same`, `median`, `percentile`; rows without a percentile
    have no mark.
    """
    rows = with_chart_dtypes(table)
    rows = rows.assign(among=rows["label"].where(rows["group"] == "corpus", rows["group"] + ": " + rows["label"]))
    told = look.tips(rows, "among", "score", "value", "percentile", "n", "below", "same", "median")
    names = list(dict.fromkeys(rows["among"]))
    axis = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False, grid=True, title=None)
    marked = rows[rows["percentile"].notna()]
    scores = [score for score in SHAPES if score in set(marked["score"])]
    colours = alt.Scale(domain=scores, range=[COLOURS[list(SHAPES).index(score)] for score in scores])
    shapes = alt.Scale(domain=scores, range=[SHAPES[score] for score in scores])
    key = legend(columns=3)
    marks = alt.Chart(marked).mark_point(filled=True, size=90, opacity=1)
    drawn = marks.encode(
        x=alt.X("percentile", type="quantitative", title=TITLE, scale=alt.Scale(domain=[0, 100])),
        y=alt.Y("among", type="nominal", sort=names, axis=axis, scale=alt.Scale(type="band", domain=names)),
        yOffset=alt.YOffset("score", type="nominal", sort=scores),
        color=alt.Color("score", type="nominal", title=None, scale=colours, legend=key),
        shape=alt.Shape("score", type="nominal", title=None, scale=shapes, legend=key),
        tooltip=told,
    )
    return layered(theme.rule(x=50), drawn, height=STANDING_ROW * len(names) + STANDING_AXIS + STANDING_LEGEND)


RANGES_ROW = 26
RANGES_AXIS = 60
RANGES_LEGEND = 80


def runs_against_usual_range(
    first: str, last: str, value: str, *, title: str, colour: str, colours: Mapping[str, str], tips: tuple[str, ...]
) -> Draw:
    """A point for the value of each run of days, with a bar for the usual range and a tick for its middle."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table.assign(when=_when(table, first, last)))
        key = alt.Legend(orient="top", columns=1)
        axis = alt.Axis(labelLimit=170, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y("when", type="nominal", sort=list(rows["when"]), title=None, axis=axis)
        by = alt.Color(
            colour,
            type="nominal",
            title=None,
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=key,
        )
        shape = alt.Shape(colour, type="nominal", title=None, scale=alt.Scale(domain=list(colours)), legend=key)
        told = look.tips(rows, "when", colour, value, "usual", "usual_from", "usual_to", *tips)
        base = alt.Chart(rows)
        x = alt.X("usual_from", type="quantitative", title=title, axis=alt.Axis(tickMinStep=1))
        return layered(
            base.mark_bar(height=8, color=GREY, opacity=0.35).encode(x=x, x2=alt.X2("usual_to"), y=y, tooltip=told),
            base.mark_tick(color=GREY, thickness=2, height=12).encode(
                x=alt.X("usual", type="quantitative"), y=y, tooltip=told
            ),
            base.mark_point(size=90, filled=True, opacity=1).encode(
                x=alt.X(value, type="quantitative"), y=y, color=by, shape=shape, tooltip=told
            ),
            height=RANGES_ROW * len(rows) + RANGES_AXIS + RANGES_LEGEND,
        )

    return draw


def _when(table: pd.DataFrame, first: str, last: str) -> list[str]:
    """The days of each row in words."""
    return [
        f"{start:%-d %b %Y}" if start == end else f"{start:%-d %b %y} – {end:%-d %b %y}"
        for start, end in zip(table[first], table[last], strict=True)
    ]


SPANS_ROW = 22
SPANS_AXIS = 70
SPANS_LEGEND = 70


def day_spans(
    label: str, first: str, last: str, *, colour: str, colours: Mapping[str, str], tips: tuple[str, ...]
) -> Draw:
    """Bars from `first` to `last` in the table's order, with a dot at the last; a rule marks the day of `as_of`."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table[table[last].notna()])
        names = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=names)
        axis = alt.Axis(labelOverlap=True, grid=False, labelExpr=over_time.LABEL, tickCount=6)
        x = alt.X(first, type="temporal", title=X_TITLE, axis=axis)
        key = alt.Legend(orient="top", columns=2, labelLimit=125, symbolOpacity=1)
        scale = alt.Scale(domain=list(colours), range=list(colours.values()))
        by = alt.Color(colour, type="nominal", title=None, scale=scale, legend=key)
        told = look.tips(rows, label, first, last, *tips, colour)
        bars = alt.Chart(rows).mark_bar(height=9, opacity=0.45, cornerRadius=3)
        ends = alt.Chart(rows).mark_point(filled=True, size=60, opacity=1)
        until = alt.Chart(rows[["as_of"]].head(1)).mark_rule(color=GREY, strokeDash=[4, 3])
        return layered(
            bars.encode(x=x, x2=alt.X2(last), y=y, color=by, tooltip=told),
            ends.encode(x=alt.X(last, type="temporal"), y=y, color=by, tooltip=told),
            until.encode(x=alt.X("as_of", type="temporal")),
            height=SPANS_ROW * len(rows) + SPANS_AXIS + SPANS_LEGEND,
        )

    return draw
