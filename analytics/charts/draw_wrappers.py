"""Drawing functions made from others: one of several by an option, renamed labels, the first rows only."""

from collections.abc import Mapping
from typing import Literal

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.layers import with_properties
from analytics.charts.theme import LABEL, Chart, Draw, Look, Panels, constant
from analytics.schema import label_of


def by_option(name: str, draws: Mapping[str, Draw]) -> Draw:
    """Draws by the drawing function that the option `name` chooses; by the first one when it is not given."""

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        return draws[str(look.options.get(name, next(iter(draws))))](table, look)

    return draw


def with_labelled_names(draw_rows: Draw, *names: str) -> Draw:
    """Draws the table with names replaced by their labels in the columns `names`."""

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        return draw_rows(table.assign(**{name: table[name].map(label_of) for name in names}), look)

    return draw


def with_columns_joined_by_arrow(draw_rows: Draw, into: str, *names: str) -> Draw:
    """Draws the table with a column `into` that joins the texts of the columns `names` by an arrow."""

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        texts = [" ← ".join(row) for row in table[[*names]].itertuples(index=False)]
        return draw_rows(table.assign(**{into: pd.Series(texts, index=table.index, dtype="str")}), look)

    return draw


def first_rows_only(draw_rows: Draw, *, what: str) -> Draw:
    """Draws only the first rows, as many as the option `top` says (0: all); a title says how many of all are drawn."""

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        top = int(look.options.get("top", 0)) or len(table)
        drawn = draw_rows(table.head(top), look)
        if isinstance(drawn, Panels) or len(table) <= top:
            return drawn
        chart: Chart = with_properties(drawn, title=f"{top} of {len(table):,} {what}; the table has all")
        return chart

    return draw


def cut_off_rule(rows: pd.DataFrame, cut_off: str, axis: Literal["x", "y"]) -> list[alt.Chart]:
    """A dashed rule at the value in the column `cut_off`, with its name; nothing where the rows have none."""
    known = rows[cut_off].dropna() if cut_off else pd.Series(dtype="float64")
    if known.empty:
        return []
    at = float(known.iloc[0])
    text = alt.Chart(pd.DataFrame({"at": [at], "says": [f"cut-off {at:g}"]})).mark_text(
        align="center" if axis == "x" else "right", baseline="bottom", dy=-3, style=LABEL
    )
    other = {"y": constant(alt.YValue, 0)} if axis == "x" else {"x": constant(alt.XValue, "width")}
    place = alt.X("at", type="quantitative") if axis == "x" else alt.Y("at", type="quantitative")
    return [theme.rule(**{axis: at}), text.encode(**{axis: place}, **other, text=alt.Text("says", type="nominal"))]
