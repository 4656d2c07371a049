"""Forms out of other forms: one of several by an option, and the first rows only."""

from collections.abc import Mapping

import pandas as pd

from analytics.charts.theme import Chart, Draw, Look, Panels


def by_option(name: str, draws: Mapping[str, Draw]) -> Draw:
    """The form that an option names; the first one when it is not given."""

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        return draws[str(look.options.get(name, next(iter(draws))))](table, look)

    return draw


def first(draw_rows: Draw, *, what: str) -> Draw:
    """The form of the first rows only, as many as the option `top` says (0: all); what is cut is said above it."""

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        top = int(look.options.get("top", 0)) or len(table)
        drawn = draw_rows(table.head(top), look)
        if isinstance(drawn, Panels) or len(table) <= top:
            return drawn
        chart: Chart = drawn.properties(title=f"{top} of {len(table):,} {what}; the table has all")
        return chart

    return draw
