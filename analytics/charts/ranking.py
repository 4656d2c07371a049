"""Charts that rank labels."""

import altair as alt
import pandas as pd

from analytics.charts.theme import GREY, MAIN, Draw, Look, Panels, plain

ROW = 24
AXIS = 60


def ranked_shares(label: str, *, count_title: str, share: str, share_title: str) -> Draw:
    """Bars of counts beside points of a share with its interval; hollow points rest on few articles."""

    def draw(table: pd.DataFrame, _: Look) -> Panels:
        rows = plain(table)
        order = list(rows[label])
        y = alt.Y(
            label, type="nominal", sort=order, title=None, scale=alt.Scale(type="band"), axis=alt.Axis(labelLimit=130)
        )
        tips = [
            alt.Tooltip(label, type="nominal"),
            alt.Tooltip("n", type="quantitative", format=","),
            alt.Tooltip("share", type="quantitative", title="of all", format=".1%"),
            alt.Tooltip(share, type="quantitative", title=share.replace("_", " "), format=".1%"),
            alt.Tooltip("low", type="quantitative", title="interval from", format=".1%"),
            alt.Tooltip("high", type="quantitative", title="interval to", format=".1%"),
            alt.Tooltip("median_quality", type="quantitative", title="median quality"),
        ]
        height = ROW * len(rows) + AXIS
        bars = alt.Chart(rows, height=height).mark_bar(color=MAIN)
        counts: alt.Chart = bars.encode(x=alt.X("n", type="quantitative", title=count_title), y=y, tooltip=tips)
        base = alt.Chart(rows, height=height)
        axis = alt.Axis(format="%", tickCount=3)
        x = alt.X("low", type="quantitative", title=share_title, axis=axis, scale=alt.Scale(domain=[0, 1]))
        spans = base.mark_rule(color=GREY, strokeWidth=2).encode(x=x, x2="high", y=y, tooltip=tips)
        fill = alt.condition("datum.small === true", alt.value("transparent"), alt.value(MAIN))
        points = base.mark_point(size=55, color=MAIN, opacity=1).encode(
            x=alt.X(share, type="quantitative"), y=y, fill=fill, tooltip=tips
        )
        return Panels((counts, alt.layer(spans, points)), across=True)

    return draw
