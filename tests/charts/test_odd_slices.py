"""Every view on slices that lack much or hold odd text, through the real drawing engine."""

from collections.abc import Iterator
from typing import Any

from analytics.catalog import VIEWS
from analytics.charts.interactive import interactive_chart
from analytics.charts.theme import Look
from analytics.errors import ChartError
from analytics.reports.report.chart_images import chart_spec, images_or_errors
from tests.catalog.cases import answered

SLICES = (("one bare article", "all"), ("no scores", "all"), ("odd labels", "all"))


def specs() -> Iterator[tuple[str, dict[str, Any]]]:
    """The chart of each view of each odd slice that has rows; the dashboard's is made too."""
    for view in (view for view in VIEWS.values() if not view.is_list):
        look = Look(view.defaults())
        for table in (answered(view.slug, *case) for case in SLICES):
            if len(table):
                assert interactive_chart(view.draw, table, look, pick_rows=True, drag_time=True).panels
                yield view.slug, chart_spec(view, table, look)


def test_every_chart_of_a_slice_that_lacks_much_is_drawn() -> None:
    named = list(specs())
    drawn = images_or_errors((spec for _, spec in named), "svg")
    faults = [
        (slug, str(image)) for (slug, _), image in zip(named, drawn, strict=True) if isinstance(image, ChartError)
    ]
    assert len(named) > 50
    assert faults == []
