"""Where the scores of one article stand among others: a strip from 0 to 100 for each group."""

import altair as alt
import pandas as pd

from analytics.charts import theme
from analytics.charts.theme import COLOURS, Chart, legend, plain
from analytics.charts.timeline import tip

ROW = 40
AXIS = 60
LEGEND = 40
TITLE = "percentile in the group"
SHAPES = {"quality": "circle", "heat": "square", "lift": "triangle-up"}


def standing(table: pd.DataFrame) -> Chart:
    """A mark for each score at its percentile, a row a group in the table's order.

    Columns: `group`, `label`, `score`, `value`, `n`, `below`, `same`, `median`, `percentile`; rows without a percentile
    have no mark.
    """
    rows = plain(table)
    rows = rows.assign(among=rows["label"].where(rows["group"] == "corpus", rows["group"] + ": " + rows["label"]))
    told = [tip(rows, name) for name in ("among", "score", "value", "percentile", "n", "below", "same", "median")]
    names = list(dict.fromkeys(rows["among"]))
    axis = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False, grid=True, title=None)
    marked = rows[rows["percentile"].notna()]
    scores = [score for score in SHAPES if score in set(marked["score"])]
    colours = alt.Scale(domain=scores, range=[COLOURS[list(SHAPES).index(score)] for score in scores])
    shapes = alt.Scale(domain=scores, range=[SHAPES[score] for score in scores])
    key = legend(columns=3)
    marks = alt.Chart(marked).mark_point(filled=True, size=90, opacity=1)
    drawn = marks.encode(
        x=alt.X("percentile", type="quantitative", title=TITLE, scale=alt.Scale(domain=[0, 100])),
        y=alt.Y("among", type="nominal", sort=names, axis=axis, scale=alt.Scale(type="band", domain=names)),
        yOffset=alt.YOffset("score", type="nominal", sort=scores),
        color=alt.Color("score", type="nominal", title=None, scale=colours, legend=key),
        shape=alt.Shape("score", type="nominal", title=None, scale=shapes, legend=key),
        tooltip=told,
    )
    return alt.layer(theme.rule(x=50), drawn).properties(height=ROW * len(names) + AXIS + LEGEND)
