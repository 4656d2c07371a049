"""Curves of one cumulative share against another, under the diagonal of equality."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analytics.charts.theme import GREY, HEIGHT, Chart, Draw, Look, legend, plain
from analytics.charts.timeline import tip


def cumulative(
    x: str, y: str, label: str, *, titles: tuple[str, str], colours: Mapping[str, str], tips: tuple[str, ...]
) -> Draw:
    """A curve a label from 0 to 100 %; on the dashed diagonal all would have the same."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = plain(table)
        scale = alt.Scale(domain=list(colours), range=list(colours.values()))
        axes = [alt.Axis(format="%", tickCount=5) for _ in titles]
        whole = alt.Scale(domain=[0, 1])
        across = alt.X(x, type="quantitative", title=titles[0], axis=axes[0], scale=whole)
        up = alt.Y(y, type="quantitative", title=titles[1], axis=axes[1], scale=whole)
        by = alt.Color(label, type="nominal", title=None, scale=scale, legend=legend())
        dash = alt.StrokeDash(label, type="nominal", title=None, scale=_dashes(list(colours)), legend=legend())
        told = [tip(rows, name) for name in (label, *tips, x, y)]
        curves = alt.Chart(rows).mark_line(strokeWidth=2).encode(x=across, y=up, color=by, strokeDash=dash)
        points = alt.Chart(rows).mark_point(size=28, filled=True).encode(x=across, y=up, color=by, tooltip=told)
        equal = (
            alt.Chart(rows).mark_line(color=GREY, strokeDash=[2, 3]).encode(x=across, y=alt.Y(x, type="quantitative"))
        )
        return alt.layer(equal, curves, points).properties(height=HEIGHT + 60)

    return draw


def _dashes(labels: list[str]) -> alt.Scale:
    return alt.Scale(domain=labels, range=[[1, 0], [6, 3], [2, 2]][: len(labels)])
