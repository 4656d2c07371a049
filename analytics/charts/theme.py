"""Colours and measures that all charts share.

Each colour keeps a contrast of at least 3.4 to 1 against white and against the dark theme's ground, so that one palette
serves light, dark and print; lines carry a shape of their own as well, so that no reader depends on colour alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import altair as alt
import pandas as pd

COLOURS = ("#2f7fc1", "#d9660f", "#1c9a6a", "#cf5a98", "#8f6fd6", "#98861a", "#1b98a8")
GREY = "#808080"
MAIN = COLOURS[0]
ACCENT = COLOURS[1]
FIXED = {
    "published": COLOURS[0],
    "unpublished": COLOURS[1],
    "unknown": GREY,
    "All others": GREY,
    "(none)": "#a08f80",
}
"""Labels with a colour of their own everywhere."""

HEIGHT = 300
STRIP = 140
AXIS_WIDTH = 48
"""Room for the labels of a vertical axis, the same in stacked charts so that their plots line up."""

Chart = alt.Chart | alt.LayerChart | alt.FacetChart
Options = Mapping[str, str | int]


@dataclass(frozen=True)
class Look:
    """What a chart needs to know beside its table: the options of the view and the colour of each known label."""

    options: Options = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)

    def scale(self, labels: Sequence[str]) -> alt.Scale:
        """A colour for each label: its own where it has one, and in no chart the same one twice while colours last."""
        chosen = {label: self.colours.get(label) or FIXED.get(label) for label in labels}
        taken = {colour for colour in chosen.values() if colour}
        free = [colour for colour in COLOURS if colour not in taken] or list(COLOURS)
        missing = [label for label, colour in chosen.items() if not colour]
        chosen |= {label: free[place % len(free)] for place, label in enumerate(missing)}
        return alt.Scale(domain=list(labels), range=[chosen[label] or GREY for label in labels])


@dataclass(frozen=True)
class Panels:
    """Several charts of one table: over one another on the same time axis, or beside each other (`across`).

    A page lays them out itself, each at the width it finds, which a concatenated Vega-Lite chart cannot.
    """

    charts: tuple[Chart, ...]
    across: bool = False

    def joined(self) -> alt.HConcatChart | alt.VConcatChart:
        """The panels as one chart of fixed size, for files."""
        if self.across:
            return alt.hconcat(*self.charts, spacing=12)
        return alt.vconcat(*self.charts, spacing=4)


Draw = Callable[[pd.DataFrame, Look], Chart | Panels]

# Altair refuses 5,000 rows, to spare notebooks. Tables are small by themselves: at most 2,000 periods a label.
alt.data_transformers.disable_max_rows()


def rule(**at: float) -> alt.Chart:
    """A dashed line across a plot, at an `x` or a `y`."""
    lines = alt.Chart(pd.DataFrame({"at": list(at.values())})).mark_rule(color=GREY, strokeDash=[4, 3])
    drawn: alt.Chart = lines.encode(**dict.fromkeys(at, "at:Q"))
    return drawn


def legend() -> alt.Legend:
    """A legend above the plot that fits a phone."""
    return alt.Legend(orient="top", columns=2, labelLimit=125)


def palette(*rankings: Sequence[str]) -> dict[str, str]:
    """Fixed colours for the first labels of each ranking (topics, providers), the same on every page."""
    return {label: colour for ranking in rankings for label, colour in zip(ranking, COLOURS, strict=False)}


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the dtypes that charts understand: plain numbers and text."""
    flag = "object" if len(table) else "bool"  # Altair warns about an empty column of objects
    kinds = {"Int64": "float64", "Float64": "float64", "category": "str", "boolean": flag}
    return table.astype({name: kinds[str(kind)] for name, kind in table.dtypes.items() if str(kind) in kinds})
