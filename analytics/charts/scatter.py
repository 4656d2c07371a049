"""Scatter plots: two numbers of each label against each other."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analytics.charts.layers import layered
from analytics.charts.theme import GREY, HEIGHT, LABEL, Chart, Draw, Look, legend, with_chart_dtypes

NAMED = 12
"""The most points that bear their label."""


def shares_by_size(
    label: str,
    size: str,
    share: str,
    rule: str,
    colour: str,
    colours: Mapping[str, str],
    *,
    size_title: str,
    share_title: str,
    tips: tuple[str, ...] = (),
) -> Draw:
    """A point for each label: its size across (logarithmic), its share up, with the interval `low` to `high`.

    The first labels of a colour other than grey are named; a dashed line lies at the first value of `rule`. Labels
    without a share are left out.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table[table[share].notna() & (table[size] > 0)])
        kinds = [kind for kind in colours if kind in set(rows[colour])]
        scale = alt.Scale(type="log" if len(rows) else "linear", nice=True)
        across = alt.X(size, type="quantitative", title=size_title, scale=scale, axis=alt.Axis(format=",d", grid=False))

        def up(column: str) -> alt.Y:
            axis, whole = alt.Axis(format="%", tickCount=5), alt.Scale(domain=[0, 1])
            return alt.Y(column, type="quantitative", title=share_title, axis=axis, scale=whole)

        shade = alt.Color(
            colour,
            type="nominal",
            title=None,
            scale=alt.Scale(domain=kinds, range=[colours[kind] for kind in kinds]),
            legend=legend(),
        )
        told = look.tips(rows, label, colour, *(name for name in tips if name in rows))
        spans = (
            alt.Chart(rows)
            .mark_rule(strokeWidth=2, opacity=0.5)
            .encode(x=across, y=up("low"), y2=alt.Y2("high"), color=shade)
        )
        points = alt.Chart(rows).mark_point(filled=True, opacity=1, size=70)
        named = rows[rows[colour].map(colours) != GREY].head(NAMED)
        names = alt.Chart(named).mark_text(align="left", dx=8, style=LABEL, limit=160)
        line = alt.Chart(rows.head(1)[[rule]]).mark_rule(strokeDash=[4, 3], color=GREY).encode(y=up(rule))
        drawn = points.encode(x=across, y=up(share), color=shade, tooltip=told)
        written = names.encode(x=across, y=up(share), text=alt.Text(label, type="nominal"))
        return layered(line, spans, drawn, *([written] if len(named) else []), height=HEIGHT + 80)

    return draw
