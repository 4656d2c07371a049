"""Counts over time as bars, and a smoother line through them."""

import altair as alt
import pandas as pd

from analytics.charts.theme import ACCENT, HEIGHT, MAIN, Chart, Draw, Look, legend
from analytics.charts.timeline import X_TITLE, time_x, timed, tooltip


def trend(value: str, mean: str, *, title: str, names: tuple[str, str], tips: tuple[str, ...]) -> Draw:
    """Bars of the values and a line of the means; the bar of a period that is not over is paler."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = timed(table)
        told = tooltip(rows, value, mean, *tips)
        scale = alt.Scale(domain=list(names), range=[MAIN, ACCENT])
        by = alt.Color("which", type="nominal", title=None, scale=scale, legend=legend())
        axis = alt.Axis(tickMinStep=1)
        bars = alt.Chart(rows.assign(which=names[0])).mark_bar()
        known = rows[rows[mean].notna()].assign(which=names[1])
        line = alt.Chart(known).mark_line(strokeWidth=2.5, point={"size": 30})
        drawn = bars.encode(
            x=time_x("period", title=X_TITLE, binned=True),
            x2="next",
            y=alt.Y(value, type="quantitative", title=title, axis=axis),
            color=by,
            opacity=alt.condition("datum.complete === true", alt.value(0.5), alt.value(0.25)),
            tooltip=told,
        )
        means = line.encode(x=time_x("middle"), y=alt.Y(mean, type="quantitative"), color=by, tooltip=told)
        return alt.layer(drawn, *([means] if len(known) else [])).properties(height=HEIGHT)

    return draw
