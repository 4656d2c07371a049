"""Charts of how values spread."""

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.theme import HEIGHT, Chart, Draw, Look, legend, plain


def histogram(low: str, high: str, colour: str, *, title: str, y_title: str, rule: float | None = None) -> Draw:
    """Counts by whole-number range, stacked by a label; a dashed rule marks the lower edge of a range."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = plain(table[table[low].notna()].assign(edge=table[high] + 1))
        labels = list(dict.fromkeys(rows[colour]))
        tips = [
            alt.Tooltip(low, type="quantitative", title="from"),
            alt.Tooltip(high, type="quantitative", title="to"),
            alt.Tooltip(colour, type="nominal"),
            alt.Tooltip("n", type="quantitative", format=","),
            alt.Tooltip("share", type="quantitative", format=".1%"),
        ]
        bars = (
            alt.Chart(rows)
            .mark_bar()
            .encode(
                x=alt.X(low, type="quantitative", bin="binned", title=title, axis=alt.Axis(grid=False)),
                x2="edge",
                y=alt.Y("n", type="quantitative", title=y_title, stack="zero"),
                color=alt.Color(colour, type="nominal", title=None, scale=look.scale(labels), legend=legend()),
                tooltip=tips,
            )
        )
        layers = [bars] if rule is None or rows.empty else [bars, theme.rule(x=rule)]
        return alt.layer(*layers).properties(height=HEIGHT)

    return draw
