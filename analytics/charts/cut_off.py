"""The line that marks a cut-off on a scale of scores."""

from typing import Literal

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.theme import LABEL


def cut_off(rows: pd.DataFrame, mark: str, axis: Literal["x", "y"]) -> list[alt.Chart]:
    """A dashed rule at the value in the column `mark`, with its name; nothing where the rows have none."""
    known = rows[mark].dropna() if mark else pd.Series(dtype="float64")
    if known.empty:
        return []
    at = float(known.iloc[0])
    text = alt.Chart(pd.DataFrame({"at": [at], "says": [f"cut-off {at:g}"]})).mark_text(
        align="center" if axis == "x" else "right", baseline="bottom", dy=-3, fontSize=11, color=LABEL
    )
    other = {"y": alt.value(0)} if axis == "x" else {"x": alt.value("width")}
    place = alt.X("at", type="quantitative") if axis == "x" else alt.Y("at", type="quantitative")
    return [theme.rule(**{axis: at}), text.encode(**{axis: place}, **other, text=alt.Text("says", type="nominal"))]
