"""Stacked bars over time, most labels above zero and some below."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.theme import HEIGHT, Chart, Draw, Look, legend
from analytics.charts.timeline import X_TITLE, time_x, timed, tooltip


def both_ways(
    value: str, label: str, *, title: str, colours: Mapping[str, str], below: tuple[str, ...], tips: tuple[str, ...]
) -> Draw:
    """Counts by period, stacked by a label in the order of `colours`, those in `below` under the line; paler: open."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = timed(table)
        sign = 1 - 2 * rows[label].isin(below).astype("float64")
        places = {name: float(place) for place, name in enumerate(colours)}
        rows = rows.assign(signed=rows[value] * sign, place=rows[label].map(places).astype("float64"))
        axis = alt.Axis(labelExpr="format(abs(datum.value), ',d')", tickMinStep=1)
        scale = alt.Scale(domain=list(colours), range=list(colours.values()))
        bars = alt.Chart(rows).mark_bar()
        drawn = bars.encode(
            x=time_x("period", title=X_TITLE, binned=True),
            x2="next",
            y=alt.Y("signed", type="quantitative", title=title, stack="zero", axis=axis),
            color=alt.Color(label, type="nominal", title=None, scale=scale, legend=legend()),
            order=alt.Order("place", type="quantitative"),
            opacity=alt.condition("datum.complete === true", alt.value(0.95), alt.value(0.4)),
            tooltip=tooltip(rows, label, value, *tips),
        )
        layers = [drawn, *([theme.rule(y=0)] if len(rows) else [])]
        return alt.layer(*layers).properties(height=HEIGHT)

    return draw
