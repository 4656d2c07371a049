"""Differences of two measurements against their mean, with the mean difference and the limits of agreement."""

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.theme import ACCENT, GREY, HEIGHT, LABEL, MAIN, Chart, Draw, Look, plain
from analytics.charts.timeline import tip

RULES = (("bias", [1, 0], ACCENT), ("low_limit", [6, 3], GREY), ("high_limit", [6, 3], GREY))
"""Column of a line, its dashes and its colour."""


def bland_altman(mean: str, difference: str, *, titles: tuple[str, str], tips: tuple[str, ...]) -> Draw:
    """A point a row; a rule at `bias`, dashed ones at `low_limit` and `high_limit`, and one at no difference."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = plain(table[table[difference].notna()])
        x = alt.X(mean, type="quantitative", title=titles[0], scale=alt.Scale(zero=False, padding=12))
        axis = alt.Axis(format="+,.4~r")
        y = alt.Y(difference, type="quantitative", title=titles[1], axis=axis, scale=alt.Scale(zero=True, padding=12))
        told = [tip(rows, name) for name in (*tips, mean, difference)]
        points = alt.Chart(rows).mark_point(filled=True, size=60, opacity=0.6, color=MAIN)
        layers = [points.encode(x=x, y=y, tooltip=told)]
        for name, dash, colour in RULES:
            lines = rows[rows[name].notna()][[name]].head(1)
            says = lines[name].map("{:+.1f}".format).astype("str")
            base = alt.Chart(lines.assign(says=says)).encode(y=alt.Y(name, type="quantitative"))
            layers.append(base.mark_rule(color=colour, strokeDash=dash, strokeWidth=1.5))
            text = base.mark_text(align="right", dx=-4, dy=-7, fontSize=11, color=LABEL)
            layers.append(text.encode(x=alt.value("width"), text=alt.Text("says", type="nominal")))
        zero = [theme.rule(y=0)] if len(rows) else []
        return alt.layer(*zero, *layers).properties(height=HEIGHT)

    return draw
