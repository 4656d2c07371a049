"""Calendars: a panel a year, a column a week, a row a weekday; darker for more."""

import altair as alt
import pandas as pd

from analytics.charts.theme import GREY, SEQUENTIAL, Chart, Draw, Look, Panels, plain
from analytics.charts.timeline import tip

ROW = 20
ROOM = 65
LEGEND = 65


def calendar(weekdays: tuple[str, ...], *, title: str) -> Draw:
    """Days in the colour of their count, newest year first; empty days are outlined, days out of range not drawn."""

    def draw(table: pd.DataFrame, _: Look) -> Panels:
        rows = plain(table.assign(next=table["week"] + pd.Timedelta(days=7)))
        most = max(float(rows["n"].max()), 2.0) if len(rows) else 2.0
        key = alt.Legend(orient="top", gradientLength=160, format=",d", tickMinStep=1)
        scale = alt.Scale(type="sqrt", domain=[1, most], range=list(SEQUENTIAL), interpolate="rgb")
        years = sorted(rows["year"].unique(), reverse=True) or [2000.0]
        panels = []
        for year in years:
            legend = key if year == years[0] else None
            colour = alt.Color("n", type="quantitative", title=title, scale=scale, legend=legend)
            panels.append(_year(rows[rows["year"] == year], int(year), weekdays, colour, room=LEGEND * (legend is key)))
        return Panels(tuple(panels))

    return draw


def _year(rows: pd.DataFrame, year: int, weekdays: tuple[str, ...], colour: alt.Color, *, room: int) -> Chart:
    """The days of a year; an unseen layer from its first to its last day keeps the axis whole."""
    axis = alt.Axis(format="%b", grid=False, labelOverlap=True, labelFlush=False, tickCount="month")
    names = alt.Axis(labelExpr="slice(datum.value, 0, 2)", labelOverlap=False, labelFlush=False, ticks=False)
    scale = alt.Scale(domain=list(weekdays))
    y = alt.Y("weekday", type="nominal", sort=list(weekdays), title=None, axis=names, scale=scale)
    told = [alt.Tooltip("day", type="temporal", title="day", format="%A, %-d %B %Y"), tip(rows, "n")]
    ends = pd.DataFrame({"at": [pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)]})
    whole = alt.Chart(ends).mark_point(opacity=0).encode(x=alt.X("at", type="temporal", title=None, axis=axis))
    place = {"x": alt.X("week", type="temporal", title=None, axis=axis), "x2": "next", "y": y, "tooltip": told}
    empty = alt.Chart(rows[rows["n"] == 0]).mark_rect(fill="transparent", stroke=GREY, strokeOpacity=0.35)
    filled = alt.Chart(rows[rows["n"] > 0]).mark_rect(stroke=GREY, strokeOpacity=0.35)
    layers = [whole, empty.encode(**place), filled.encode(**place, color=colour)]
    chart: Chart = alt.layer(*layers).properties(height=ROW * 7 + ROOM + room, title=str(year))
    return chart
