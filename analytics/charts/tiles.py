"""Key figures as small lines over one another: what stands in files where the dashboard has tiles."""

import altair as alt
import pandas as pd

from analytics.charts.theme import MAIN, Chart, Draw, Look, Panels, plain
from analytics.charts.timeline import time_x, timed, tooltip

ROW = 90


def figures(figure: str, value: str) -> Draw:
    """A small line a figure, with the value of the whole selection in its title."""

    def draw(table: pd.DataFrame, _: Look) -> Chart | Panels:
        rows = timed(table)
        whole = plain(table[table["period"].isna()]).set_index(figure)[value]
        lines = [_line(rows[rows[figure] == name], name, whole.get(name)) for name in dict.fromkeys(rows[figure])]
        return Panels(tuple(lines)) if lines else _line(rows, "nothing to show", None)

    def _line(rows: pd.DataFrame, name: str, whole: object) -> Chart:
        title = f"{name.replace('_', ' ')}: {whole:,.4g}" if pd.notna(whole) else name.replace("_", " ")  # type: ignore[call-overload]
        y = alt.Y(value, type="quantitative", title=None, axis=alt.Axis(tickCount=2), scale=alt.Scale(zero=False))
        line = (
            alt.Chart(rows)
            .mark_line(color=MAIN, point=True)
            .encode(x=time_x("middle"), y=y, tooltip=tooltip(rows, value, "n"))
        )
        drawn: Chart = line.properties(height=ROW, title=title)
        return drawn

    return draw
