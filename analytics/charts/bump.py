"""Places over time: a line a label, the first place on top."""

import altair as alt
import pandas as pd

from analytics.charts.theme import Chart, Draw, Look, legend
from analytics.charts.timeline import X_TITLE, time_x, timed, tooltip

PLACE = 22
ROOM = 70
LEGEND = 32


def bump(label: str, rank: str, *, title: str) -> Draw:
    """Places of labels by period; a line breaks where a label has none, and an incomplete period is paler."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = timed(table)
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
        paler = alt.condition("datum.complete === true", alt.value(0.95), alt.value(0.4))
        tips = tooltip(rows, label, rank, "n", "total", "share", "low", "high")
        return alt.layer(
            whole.encode(x=time_x("middle", title=X_TITLE), y=y, color=by),
            points.encode(x=time_x("middle"), y=y, color=by, shape=shape, opacity=paler, tooltip=tips),
        ).properties(height=PLACE * max(lowest, 6) + ROOM + LEGEND * ((len(labels) + 1) // 2))

    return draw
