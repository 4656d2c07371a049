"""Charts of then and now: a share in two periods, and how far it moved."""

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.theme import ACCENT, GREY, MAIN, Draw, Look, Panels, plain
from analytics.charts.timeline import tip

ROW = 26
AXIS = 60
DIFFERENCE = "difference"
COLOURS = {"rose": MAIN, "fell": ACCENT, "within chance": GREY}


def then_and_now(label: str, share: str, *, title: str, difference_title: str) -> Draw:
    """A share then (ring) and now (dot) beside the difference with its interval; hollow rests on few articles.

    Coloured when the difference is beyond chance.

    Columns: `{share}_then`, `{share}_now`, `difference` with `_low` and `_high`, `change` (rose, fell, within chance).
    """

    def draw(table: pd.DataFrame, _: Look) -> Panels:
        rows = plain(table)
        height = ROW * len(rows) + AXIS
        names = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=names)
        scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
        by = alt.Color("change", type="nominal", title=None, scale=scale, legend=None)
        told = _told(rows, label, share)
        base = alt.Chart(rows, height=height).encode(y=y, color=by, tooltip=told)
        x = alt.X(f"{share}_then", type="quantitative", title=title, axis=alt.Axis(format="%", tickCount=4))
        now = alt.X(f"{share}_now", type="quantitative")
        moves = base.mark_rule(strokeWidth=2).encode(x=x, x2=f"{share}_now")
        rings = base.mark_point(size=60, filled=False, opacity=1).encode(x=x)
        dots = base.mark_point(size=70, filled=True, opacity=1).encode(x=now)
        axis = alt.Axis(format="+.0%", tickCount=4)
        low = alt.X(f"{DIFFERENCE}_low", type="quantitative", title=difference_title, axis=axis)
        spans = base.mark_rule(strokeWidth=2).encode(x=low, x2=f"{DIFFERENCE}_high")
        solid = alt.Fill("change", type="nominal", scale=scale, legend=None)
        fill = alt.condition("datum.small === true", alt.value("transparent"), solid)
        points = base.mark_point(size=55, opacity=1).encode(x=alt.X(DIFFERENCE, type="quantitative"), fill=fill)
        zero = [theme.rule(x=0)] if len(rows) else []
        return Panels((alt.layer(moves, rings, dots), alt.layer(*zero, spans, points)), across=True)

    return draw


def _told(rows: pd.DataFrame, label: str, share: str) -> list[alt.Tooltip]:
    sides = [name for side in ("then", "now") for name in (f"{share}_{side}", f"n_{side}", f"total_{side}")]
    moved = [
        alt.Tooltip(name, type="quantitative", title=name.replace("_", " "), format="+.1%")
        for name in (DIFFERENCE, f"{DIFFERENCE}_low", f"{DIFFERENCE}_high")
    ]
    return [tip(rows, label), *(tip(rows, name) for name in sides), *moved, tip(rows, "change")]
