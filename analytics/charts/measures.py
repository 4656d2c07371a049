"""Measures over time, a line for each label, over a strip of the counts that they rest on."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analytics.charts.theme import AXIS_WIDTH, GREY, HEIGHT, STRIP, Draw, Look, Panels, legend
from analytics.charts.timeline import X_TITLE, time_x, timed, tooltip


def measures(label: str, *, titles: Mapping[str, str], colours: Mapping[str, str], strip_title: str) -> Draw:
    """Lines of the column that the option `measure` names, broken where it is missing; hollow points are `small`.

    An unseen rule over each period keeps the time axis that of the strip.

    The strip shows `n` of the first label. `titles` tell what the axis of each measure is called, `colours` the labels.
    """
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))

    def draw(table: pd.DataFrame, look: Look) -> Panels:
        rows = timed(table)
        measure = str(look.options.get("measure", next(iter(titles))))
        share = "share" in measure
        axis = alt.Axis(format="%" if share else "~g", minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH)
        y = alt.Y(measure, type="quantitative", title=titles[measure], axis=axis, scale=alt.Scale(zero=True))
        by = alt.Color(label, type="nominal", title=None, scale=scale, legend=legend())
        shape = alt.Shape(label, type="nominal", title=None, scale=alt.Scale(domain=list(colours)), legend=legend())
        tips = tooltip(rows, label, *titles, "top_provider", "low", "high", "providers", "n")
        known = rows[rows[measure].notna()]
        small, whole = known["small"].eq(other=True), rows[rows["complete"].eq(other=True)]
        paler = alt.condition("datum.complete === true", alt.value(1), alt.value(0.4))
        x = time_x("middle", labels=False)
        layers = [alt.Chart(whole).mark_line(strokeWidth=1.8).encode(x=x, y=y, color=by)] if len(whole) else []
        for some, filled in ((known[~small], True), (known[small], False)):
            if len(some):
                points = alt.Chart(some).mark_point(size=45, filled=filled)
                layers.append(points.encode(x=x, y=y, color=by, shape=shape, opacity=paler, tooltip=tips))
        span = alt.Chart(rows).mark_rule(opacity=0).encode(x=time_x("period", labels=False), x2="next")
        layers = [span, *(layers or [alt.Chart(rows).mark_point().encode(x=x, y=y, color=by, tooltip=tips)])]
        upper = alt.layer(*layers).properties(height=HEIGHT - 40)
        return Panels((upper, _strip(rows[rows[label] == next(iter(colours))], tips, strip_title)))

    return draw


def _strip(rows: pd.DataFrame, tips: list[alt.Tooltip], title: str) -> alt.Chart:
    axis = alt.Axis(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH, tickCount=3, tickMinStep=1)
    bars = alt.Chart(rows).mark_bar(color=GREY)
    paler = alt.condition("datum.complete === true", alt.value(1), alt.value(0.4))
    chart: alt.Chart = bars.encode(
        x=time_x("period", title=X_TITLE, binned=True),
        x2="next",
        y=alt.Y("n", type="quantitative", title=title, axis=axis),
        opacity=paler,
        tooltip=tips,
    ).properties(height=STRIP)
    return chart
