"""Every view on slices that lack much or hold odd text, through the real drawing engine."""

from collections.abc import Iterator
from typing import Any

import pytest

from analytics.catalog import VIEWS
from analytics.catalog.comparison import COMPARED
from analytics.charts.interactive import interactive_chart
from analytics.charts.theme import Look
from analytics.engine.comparison import compared
from analytics.engine.slice import Slice
from analytics.errors import ChartError
from analytics.reports.report.chart_images import chart_spec, images_or_errors
from analytics.selection.selection import Selection
from tests.catalog.cases import answered
from tests.corpora import article, corpus_of

SLICES = (("one bare article", "all"), ("no scores", "all"), ("odd labels", "all"))


def specs() -> Iterator[tuple[str, dict[str, Any]]]:
    """The chart of each view of each odd slice that has rows; the dashboard's is made too."""
    for view in (view for view in VIEWS.values() if not view.is_list):
        look = Look(view.defaults())
        for table in (answered(view.slug, *case) for case in SLICES):
            if len(table):
                assert interactive_chart(view.draw, table, look, pick_rows=True, drag_time=True).panels
                yield view.slug, chart_spec(view, table, look)


@pytest.mark.slow
def test_every_chart_of_a_slice_that_lacks_much_is_drawn() -> None:
    named = list(specs())
    drawn = images_or_errors((spec for _, spec in named), "svg")
    faults = [
        (slug, str(image)) for (slug, _), image in zip(named, drawn, strict=True) if isinstance(image, ChartError)
    ]
    assert len(named) > 50
    assert faults == []


ODD_NAMES = ('a "b" + 1', "a\nb\tc", "a \\ b", "</script> ' b", "toString")


@pytest.mark.slow
def test_comparisons_of_selections_with_odd_names_are_drawn() -> None:
    corpus = corpus_of([article(at=f"2024-01-{n + 1:02}", quality=n, topics=["AI"], provider="P") for n in range(28)])
    halves = [Slice(corpus, Selection(quality_min=10)), Slice(corpus, Selection(quality_max=20))]
    named = []
    for name in ODD_NAMES:
        comparison = compared(halves, ["first", name])
        for view in COMPARED.values():
            table = view.answer(comparison)
            named.append(((view.slug, name), chart_spec(view, table, Look(view.defaults(), contract=view.table))))
    drawn = images_or_errors((spec for _, spec in named), "svg")
    assert [each for (each, _), image in zip(named, drawn, strict=True) if isinstance(image, ChartError)] == []
