"""What all charts share: colours, sizes, tooltips, legends and dtypes.

Each colour keeps a contrast of at least 3.4 to 1 against white and against the dark theme's ground, so that one palette
serves light, dark and print; lines carry a shape of their own as well, so that no reader depends on colour alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, Literal

import altair as alt
import pandas as pd
from altair.utils import schemapi
from pandas.api.types import is_string_dtype

from analytics.analyses.common.frequent_labels import top_labels
from analytics.engine.slice import Slice
from analytics.errors import ChartError
from analytics.schema import UNIT_OF_ROW, Column, Kind, Table
from analytics.value_formatting import vega_format

COLOURS = ("#2f7fc1", "#d9660f", "#1c9a6a", "#cf5a98", "#8f6fd6", "#98861a", "#1b98a8")
GREY = "#808080"
MAIN = COLOURS[0]
ACCENT = COLOURS[1]
FIXED = {
    "published": COLOURS[0],
    "unpublished": COLOURS[1],
    "unknown": GREY,
    "All others": GREY,
    "(none)": "#968676",
    "error": COLOURS[1],
    "warning": COLOURS[4],
    "info": GREY,
    "above quality": COLOURS[1],
    "at quality": GREY,
    "below quality": COLOURS[0],
}
"""Labels with a colour of their own everywhere."""

Scheme = tuple[str, ...]
"""The colours of a scale that goes from one to the next."""

SEQUENTIAL: tuple[Scheme, Scheme] = (("#c9dbec", "#1b5e9b"), ("#24374a", "#9cc9f0"))
"""Little → much, on a light ground and on a dark one: much stands out most, and lightness alone tells it."""

DIVERGING: tuple[Scheme, Scheme] = (("#b4520b", "#e6e6e6", "#1b5e9b"), ("#f0a25c", "#33373d", "#7db8ee"))
"""Below → in the middle → above, on a light ground and on a dark one."""

ON_DARK = "luminance(background || 'white') < 0.2"
"""Whether a chart stands on a dark ground, in its own words: the background is that of the page's theme."""

INK = ("#000000", "#ffffff")
"""Text on a filled mark, dark or light; see `text_colour`."""

LABELS = ("#5c6066", "#b5b9c0")
"""Text on the ground itself, a light one and a dark one: axes, legends, and marks of the style LABEL."""

LABEL = "quiet-label"
"""The style of text that a chart writes on its ground."""

NOTE = "#687a96"
"""Notes on a time axis, and nothing else."""

STEPS = ("#2f7fc1", "#8dbbe0", "#d2cbb8", "#efb06a", "#d9660f", "#8f3f08")
"""Good → bad in steps from blue to brown, which the colour-blind tell apart as well."""

FONT_SIZE = 12
"""Of all text in charts, in pixels."""

HEIGHT = 300
STRIP = 140
AXIS_WIDTH = 48
"""Room for the labels of a vertical axis, the same in stacked charts so that their plots line up."""

Chart = alt.Chart | alt.LayerChart
Options = Mapping[str, str | int]


_LABEL_COLOUR = {"expr": f"{ON_DARK} ? '{LABELS[1]}' : '{LABELS[0]}'"}
_GUIDE = {
    "labelColor": _LABEL_COLOUR,
    "titleColor": _LABEL_COLOUR,
    "labelFontSize": FONT_SIZE,
    "titleFontSize": FONT_SIZE,
}

CONFIG: dict[str, Any] = {
    "axis": _GUIDE,
    "axisQuantitative": {"format": ",~f"},
    "legend": _GUIDE,
    "style": {LABEL: {"color": _LABEL_COLOUR, "fontSize": FONT_SIZE}},
}
"""Settings of all charts. Numbers on an axis are without zeros that say nothing: an axis of one value would read
106.000000."""

TOOLTIP_TYPES: Mapping[Kind, Literal["temporal", "quantitative"]] = {
    "day": "temporal",
    "time": "temporal",
    "whole": "quantitative",
    "number": "quantitative",
    "share": "quantitative",
}
"""How Vega reads the values of a kind; all others are names."""


@dataclass(frozen=True)
class Look:
    """What a chart needs besides its table: options of the view, colours of known labels, notes for time axes,
    and the contract that names and formats the table's columns in tooltips.

    `notes` has the columns day, last_day and text.
    """

    options: Options = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    notes: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False)
    contract: Table | None = None

    def scale(self, labels: Sequence[str]) -> alt.Scale:
        """A scale with a colour for each label: its fixed colour, else one that is still free while there are some."""
        chosen = {label: self.colours.get(label) or FIXED.get(label) for label in labels}
        taken = {colour for colour in chosen.values() if colour}
        free = [colour for colour in COLOURS if colour not in taken] or list(COLOURS)
        missing = [label for label, colour in chosen.items() if not colour]
        chosen |= {label: free[place % len(free)] for place, label in enumerate(missing)}
        return alt.Scale(domain=list(labels), range=[chosen[label] or GREY for label in labels])

    def tips(self, rows: pd.DataFrame, *names: str, unit: str = "") -> list[alt.Tooltip]:
        """The tooltip of columns, each with its label and in the format of its kind; `unit` is that of the rows."""
        columns = [self._column(rows, name) for name in dict.fromkeys(names)]
        return [
            alt.Tooltip(
                column.name,
                type=TOOLTIP_TYPES.get(column.kind, "nominal"),
                title=column.label,
                format=vega_format(column, unit) or alt.Undefined,
            )
            for column in columns
        ]

    def period_tips(self, rows: pd.DataFrame, *names: str, unit: str = "") -> list[alt.Tooltip]:
        """The tooltip of the period, those of the columns that the rows have, and whether the period is complete."""
        wanted = ("period", "period_end", *names, "complete")
        return self.tips(rows, *(name for name in wanted if name in rows), unit=unit)

    def _column(self, rows: pd.DataFrame, name: str) -> Column:
        """The column of the contract, or one made from the dtype of a column that the chart has added."""
        if self.contract and name in self.contract.names:
            column = self.contract[name]
            return replace(column, kind="text") if column.kind == "time" and is_string_dtype(rows[name]) else column
        if pd.api.types.is_float_dtype(rows[name]):
            return Column(name, "share" if name.startswith("share") else "number", "", UNIT_OF_ROW)
        return Column(name, "day" if pd.api.types.is_datetime64_any_dtype(rows[name]) else "text", "")


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


def raise_no_chart(*_: object) -> Chart | Panels:
    """The drawing function of a view that has only a table. Always raises ChartError."""
    raise ChartError("This view is a list: its table is its answer, and it has no chart.")


# Altair refuses 5,000 rows, to spare notebooks. Tables are small by themselves: at most 2,000 periods a label.
alt.data_transformers.disable_max_rows()

_BUILDING = RLock()


@contextmanager
def without_validation() -> Iterator[None]:
    """Build charts without Altair's validation, which takes most of the time; tests validate whole charts.

    The setting is global, so threads wait for each other.
    """
    with _BUILDING, schemapi.debug_mode(arg=False):
        yield


def constant(channel: Any, value: Any) -> Any:
    """A channel of one fixed value; `alt.value` gives a dictionary, for which Altair tries all its classes."""
    return channel(value)


def conditional(channel: Any, test: str, then: Any, otherwise: Any) -> Any:
    """A channel of fixed values: one for marks whose datum passes a test, another for the others."""
    return channel(otherwise, condition={"test": test, "value": then})


AXES = {"x": alt.X, "y": alt.Y}


def rule(**at: float) -> alt.Chart:
    """A dashed line across a plot, at an `x` or a `y`."""
    lines = alt.Chart(pd.DataFrame({"at": list(at.values())})).mark_rule(color=GREY, strokeDash=[4, 3])
    drawn: alt.Chart = lines.encode(**{name: AXES[name]("at", type="quantitative") for name in at})
    return drawn


def ramp(schemes: tuple[Scheme, Scheme]) -> list[alt.ExprRef]:
    """The range of a colour scale: the light or dark scheme, chosen by the background of the chart."""
    return [alt.ExprRef(f"{ON_DARK} ? '{dark}' : '{light}'") for light, dark in zip(*schemes, strict=True)]


def ramp_colour(scheme: Scheme, fraction: float) -> str:
    """The colour of a scheme at a fraction of its length, 0 to 1."""
    steps = len(scheme) - 1
    first = min(int(fraction * steps), steps - 1)
    return mix_colours(scheme[first], scheme[first + 1], fraction * steps - first)


def text_colour(background: str) -> str:
    """Black or white, whichever has more contrast on a colour."""
    return max(INK, key=lambda text: contrast(text, background))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mix_colours(one: str, other: str, share: float) -> str:
    """The colour between two, linear in red, green and blue; `share` is that of the second."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(_rgb(one), _rgb(other), strict=True))


def _rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    shares = [data / 255 for data in _rgb(colour)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def legend(columns: int = 2) -> alt.Legend:
    """A legend above the plot that fits a phone."""
    return alt.Legend(orient="top", columns=columns, labelLimit=125)


def per_cent_text(share: float) -> str:
    """A share in whole per cent; 100 % and 0 % only when it is exactly that."""
    return ">99%" if 0.995 <= share < 1 else "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def palette(*rankings: Sequence[str]) -> dict[str, str]:
    """Fixed colours for the first labels of each ranking (topics, providers), the same on every page."""
    return {label: colour for ranking in rankings for label, colour in zip(ranking, COLOURS, strict=False)}


def corpus_label_colours(data: Slice) -> dict[str, str]:
    """The fixed colours of the most frequent topics and providers of a whole corpus."""
    return palette(*(top_labels(data.whole, key, len(COLOURS)) for key in ("topic", "provider")))


def with_chart_dtypes(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the dtypes that charts understand: plain numbers, text, and times as a clock in UTC shows them."""
    table = table.assign(
        **{str(name): values.dt.tz_localize(None) for name, values in table.select_dtypes("datetimetz").items()}
    )
    flag = "object" if len(table) else "bool"  # Altair warns about an empty column of objects
    kinds = {"Int64": "float64", "Float64": "float64", "category": "str", "boolean": flag}
    return table.astype({name: kinds[str(kind)] for name, kind in table.dtypes.items() if str(kind) in kinds})
