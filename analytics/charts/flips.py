"""Charts of changes either way: what comes to the right of zero, what goes to the left."""

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.theme import ACCENT, LABEL, MAIN, Chart, Draw, Look, legend, plain
from analytics.charts.timeline import tip

ROW = 24
AXIS = 60
LEGEND = 40


def two_way(label: str, more: str, less: str, *, names: tuple[str, str], title: str, tips: tuple[str, ...]) -> Draw:
    """Bars of two counts by label, `more` to the right and `less` to the left, with their numbers."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = plain(table)
        told = [tip(rows, name) for name in (label, more, less, *tips)]
        most = max([1.0, *rows[more], *rows[less]])
        scale = alt.Scale(domain=[-most * 1.25, most * 1.25], nice=False)
        axis = alt.Axis(labelExpr="format(abs(datum.value), ',d')", tickMinStep=1, tickCount=5)
        x = alt.X("value", type="quantitative", title=title, scale=scale, axis=axis)
        names_axis = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=names_axis)
        colours = alt.Scale(domain=list(names), range=[MAIN, ACCENT])
        by = alt.Color("which", type="nominal", title=None, scale=colours, legend=legend(columns=1))
        layers = []
        for column, which, sign in ((more, names[0], 1), (less, names[1], -1)):
            some = rows.assign(value=sign * rows[column], which=which)
            numbers = some[column].map("{:,.0f}".format).where(some[column] > 0, "")
            said = alt.Chart(some.assign(says=numbers.astype("str")))
            text = said.mark_text(align="left" if sign > 0 else "right", dx=4 * sign, fontSize=11, color=LABEL)
            layers.append(alt.Chart(some).mark_bar().encode(x=x, y=y, color=by, tooltip=told))
            layers.append(text.encode(x=x, y=y, text=alt.Text("says", type="nominal"), tooltip=told))
        zero = [theme.rule(x=0)] if len(rows) else []
        return alt.layer(*layers, *zero).properties(height=ROW * len(rows) + AXIS + LEGEND)

    return draw
