"""Spans of time: a bar a label, from its first day to its last."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analytics.charts.theme import GREY, Chart, Draw, Look, plain
from analytics.charts.timeline import LABEL, X_TITLE, tip

ROW = 22
AXIS = 70
LEGEND = 70


def spans(label: str, first: str, last: str, *, colour: str, colours: Mapping[str, str], tips: tuple[str, ...]) -> Draw:
    """Bars from `first` to `last` in the table's order, with a dot at the last; a rule marks the day of `as_of`."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = plain(table[table[last].notna()])
        names = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=names)
        axis = alt.Axis(labelOverlap=True, grid=False, labelExpr=LABEL, tickCount=6)
        x = alt.X(first, type="temporal", title=X_TITLE, axis=axis)
        key = alt.Legend(orient="top", columns=2, labelLimit=125, symbolOpacity=1)
        scale = alt.Scale(domain=list(colours), range=list(colours.values()))
        by = alt.Color(colour, type="nominal", title=None, scale=scale, legend=key)
        days = [alt.Tooltip(name, type="temporal", title=name, format="%-d %b %Y") for name in (first, last)]
        told = [tip(rows, label), *days, *(tip(rows, name) for name in (*tips, colour))]
        bars = alt.Chart(rows).mark_bar(height=9, opacity=0.45, cornerRadius=3)
        ends = alt.Chart(rows).mark_point(filled=True, size=60, opacity=1)
        until = alt.Chart(rows[["as_of"]].head(1)).mark_rule(color=GREY, strokeDash=[4, 3])
        return alt.layer(
            bars.encode(x=x, x2=last, y=y, color=by, tooltip=told),
            ends.encode(x=alt.X(last, type="temporal"), y=y, color=by, tooltip=told),
            until.encode(x=alt.X("as_of", type="temporal")),
        ).properties(height=ROW * len(rows) + AXIS + LEGEND)

    return draw
