"""Charts over one another in one plot.

`alt.layer` copies each of its charts several times, and again with every property that is set and every form that is
written: half of the time of a chart. Here the layers are put in as they are, since none of them has parameters.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt

PROPERTIES = ("height", "title")
"""What belongs to a plot and not to its layers."""


def layered(*charts: Any, **properties: Any) -> alt.LayerChart:
    """Charts over one another, the first at the bottom, with the `PROPERTIES` that are given.

    Those that are not given are those of the first chart that has them.
    """
    whole = alt.LayerChart()
    for name in PROPERTIES:
        own = [chart[name] for chart in charts if chart[name] is not alt.Undefined]
        whole[name] = properties[name] if name in properties else own[0] if own else alt.Undefined
    whole.layer = [_bare(chart) for chart in charts]
    return whole


def replace_layers(chart: alt.LayerChart, layers: Sequence[Any]) -> alt.LayerChart:
    """The chart with its layers replaced."""
    return layered(*layers, **{name: chart[name] for name in PROPERTIES})


def with_properties(chart: Any, **properties: Any) -> Any:
    """A copy of the chart with some `PROPERTIES` replaced."""
    if isinstance(chart, alt.LayerChart):
        return layered(*chart.layer, **{name: properties.get(name, chart[name]) for name in PROPERTIES})
    changed = chart.copy(deep=False)
    for name, value in properties.items():
        changed[name] = value
    return changed


def _bare(chart: Any) -> Any:
    """A chart without what belongs to the plot."""
    if all(chart[name] is alt.Undefined for name in PROPERTIES):
        return chart
    if isinstance(chart, alt.LayerChart):
        bare = alt.LayerChart()
        bare.layer = chart.layer
        return bare
    return with_properties(chart, **dict.fromkeys(PROPERTIES, alt.Undefined))
