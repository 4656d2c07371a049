"""A network: labels as dots, larger for more articles, joined by lines, thicker for more joint articles."""

from typing import Any

import altair as alt
import pandas as pd

from analytics.charts.layers import layered
from analytics.charts.theme import GREY, LABEL, Chart, Draw, Look, legend, with_chart_dtypes

SIDE = 560
MARGIN = 1.15


def network(node_prefix: str, *, size_title: str, tips: tuple[str, ...]) -> Draw:
    """Edges with both ends in columns `{node}_a`, `{node}_b`, `x_a` …; `n` is the joint count, `n_a` that of an end.

    Dots have the colour of their group (`group_a`, `group_b`); `size_title` is that of the dots' size, `tips` are
    further columns in the tooltips of the edges.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        edges, nodes = with_chart_dtypes(table), _nodes(with_chart_dtypes(table), node_prefix)
        scale = alt.Scale(domain=[-MARGIN, MARGIN], nice=False)

        def place(column: str) -> dict[str, Any]:
            return {"type": "quantitative", "axis": None, "scale": scale, "title": None, "shorthand": column}

        told = look.tips(edges, f"{node_prefix}_a", f"{node_prefix}_b", "n", *tips)
        width = alt.StrokeWidth("n", type="quantitative", scale=alt.Scale(range=[1, 7]), legend=None)
        lines = alt.Chart(edges).mark_rule(color=GREY, opacity=0.45)
        lines = lines.encode(
            x=alt.X(**place("x_a")), y=alt.Y(**place("y_a")), x2=alt.X2("x_b"), y2=alt.Y2("y_b"), tooltip=told
        )
        groups = list(dict.fromkeys(nodes["group"]))
        size = alt.Size("n", type="quantitative", title=size_title, scale=alt.Scale(range=[60, 900]), legend=None)
        colour = alt.Color("group", type="nominal", title="group around", scale=look.scale(groups), legend=legend())
        at = {"x": alt.X(**place("x")), "y": alt.Y(**place("y"))}
        own = look.tips(nodes, node_prefix, "n", "ties", "group")
        dots = alt.Chart(nodes).mark_circle(opacity=1).encode(**at, size=size, color=colour, tooltip=own)
        names = alt.Chart(nodes).mark_text(dy=-20, style=LABEL, limit=130)
        named = names.encode(**at, text=alt.Text(node_prefix, type="nominal"), tooltip=own)
        return layered(lines.encode(strokeWidth=width), dots, named, height=SIDE)

    return draw


def _nodes(edges: pd.DataFrame, node: str) -> pd.DataFrame:
    """One row a label, most articles first: `n`, `ties` (how many others it meets), group and place."""
    columns = [node, "n", "group", "x", "y"]
    ends = [
        edges[[f"{node}_{side}", f"n_{side}", f"group_{side}", f"x_{side}", f"y_{side}"]].set_axis(columns, axis=1)
        for side in ("a", "b")
    ]
    both = pd.concat(ends)
    ties = both.groupby(node).size().astype("float64").rename("ties").reset_index()
    nodes = both.drop_duplicates(node).merge(ties, on=node)
    return nodes.sort_values(["n", node], ascending=[False, True]).reset_index(drop=True)
