"""Values against the range that is usual, a row each."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analytics.charts.theme import GREY, Chart, Draw, Look, plain
from analytics.charts.timeline import tip

ROW = 26
AXIS = 60
LEGEND = 80


def against_usual(
    first: str, last: str, value: str, *, title: str, colour: str, colours: Mapping[str, str], tips: tuple[str, ...]
) -> Draw:
    """A point for the value of each stretch of days, beside the bar of what is usual with its middle as a tick."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = plain(table.assign(when=_when(table, first, last)))
        key = alt.Legend(orient="top", columns=1)
        axis = alt.Axis(labelLimit=170, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y("when", type="nominal", sort=list(rows["when"]), title=None, axis=axis)
        by = alt.Color(
            colour,
            type="nominal",
            title=None,
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=key,
        )
        shape = alt.Shape(colour, type="nominal", title=None, scale=alt.Scale(domain=list(colours)), legend=key)
        told = [tip(rows, name) for name in ("when", colour, value, "usual", "usual_from", "usual_to", *tips)]
        base = alt.Chart(rows)
        x = alt.X("usual_from", type="quantitative", title=title, axis=alt.Axis(tickMinStep=1))
        return alt.layer(
            base.mark_bar(height=8, color=GREY, opacity=0.35).encode(x=x, x2="usual_to", y=y, tooltip=told),
            base.mark_tick(color=GREY, thickness=2, height=12).encode(
                x=alt.X("usual", type="quantitative"), y=y, tooltip=told
            ),
            base.mark_point(size=90, filled=True, opacity=1).encode(
                x=alt.X(value, type="quantitative"), y=y, color=by, shape=shape, tooltip=told
            ),
        ).properties(height=ROW * len(rows) + AXIS + LEGEND)

    return draw


def _when(table: pd.DataFrame, first: str, last: str) -> list[str]:
    """The days of each row in words."""
    return [
        f"{start:%-d %b %Y}" if start == end else f"{start:%-d %b %y} – {end:%-d %b %y}"
        for start, end in zip(table[first], table[last], strict=True)
    ]
