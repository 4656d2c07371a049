"""Charts of changes: points with their intervals to both sides of zero."""

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.theme import ACCENT, GREY, MAIN, Chart, Draw, Look, Panels, plain
from analytics.charts.timeline import tip

ROW = 24
AXIS = 60


def changes(label: str, *, title: str, by: str, tips: tuple[str, ...] = ()) -> Draw:
    """Points of `change` with `low` to `high`, a panel for each value of `by`; grey where not `clear` of zero."""

    def panel(rows: pd.DataFrame, name: str) -> Chart:
        names = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=names)
        colour = (
            alt.when("datum.clear === true && datum.change > 0")
            .then(alt.value(MAIN))
            .when("datum.clear === true")
            .then(alt.value(ACCENT))
            .otherwise(alt.value(GREY))
        )
        signed = [alt.Tooltip(name, type="quantitative", format="+.1%") for name in ("change", "low", "high")]
        told = [tip(rows, label), *signed, *(tip(rows, column) for column in tips)]
        base = alt.Chart(rows, height=ROW * len(rows) + AXIS).encode(y=y, color=colour, tooltip=told)
        axis = alt.Axis(format="+.0%", tickCount=4)
        x = alt.X("low", type="quantitative", title=f"{title}: {name}", axis=axis)
        spans = base.mark_rule(strokeWidth=2).encode(x=x, x2="high")
        points = base.mark_point(size=60, filled=True, opacity=1).encode(x=alt.X("change", type="quantitative"))
        return alt.layer(*([theme.rule(x=0)] if len(rows) else []), spans, points)

    def draw(table: pd.DataFrame, _: Look) -> Panels:
        rows = plain(table)
        names = list(dict.fromkeys(rows[by])) or [""]
        return Panels(tuple(panel(rows[rows[by] == name], name) for name in names), across=True)

    return draw
