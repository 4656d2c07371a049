"""A value for pairs of labels, as a square that is the same on both sides of its diagonal."""

import pandas as pd

from analytics.charts.heatmap import Cells, by_label
from analytics.charts.theme import Chart, Draw, Look, Panels


def matrix(a: str, b: str, *, weight: str, titles: dict[str, str], tips: tuple[str, ...]) -> Draw:
    """Pairs `a`, `b` as cells; the option `measure` says which column, `top` how many labels (0: all).

    Labels stand by the sum of `weight` over their pairs. `titles` tell what each measure is called.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        measure = str(look.options.get("measure", next(iter(titles))))
        both = pd.concat([table, table.rename(columns={a: b, b: a})])
        order = both.groupby(a)[weight].sum().sort_index().sort_values(ascending=False, kind="stable").index
        shown = order[: int(look.options.get("top", 0)) or None]
        square = pd.DataFrame({a: shown}).merge(pd.DataFrame({b: shown}), how="cross")
        both = square.merge(both, on=[a, b], how="left")
        cells = Cells(label=a, value=measure, title=titles[measure], tips=tuple(n for n in tips if n != measure))
        return by_label(b, cells)(both, look)

    return draw
