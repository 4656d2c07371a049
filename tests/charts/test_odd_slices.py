"""Every view on slices that lack much or hold odd text, through the real drawing engine."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from analytics.catalog import VIEWS
from analytics.catalog.comparison import COMPARED
from analytics.charts.interactive import interactive_chart
from analytics.charts.theme import Look
from analytics.engine.comparison import make_comparison
from analytics.engine.slice import Slice
from analytics.errors import ChartError
from analytics.reports.report.chart_images import chart_spec, images_or_errors
from analytics.selection.selection import Selection
from tests.catalog.cases import answered
from tests.corpora import article, corpus_of

SLICES = tuple((name, "all") for name in ("one bare article", "no scores", "no dates", "no topics", "odd labels"))


def specs() -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """The chart of each view of each odd slice that has rows, and whether it is shown; the dashboard's is made too."""
    for view in (view for view in VIEWS.values() if not view.is_list):
        look = Look(view.defaults())
        for table in (answered(view.slug, *case) for case in SLICES):
            if len(table):
                assert interactive_chart(view.draw, table, look, pick_rows=True, drag_time=True).panels
                yield view.slug, view.has_chart(table), chart_spec(view, table, look)


def marks(svg: bytes) -> int:
    """How many marks a picture has, axes and legends not counted."""
    groups = ElementTree.fromstring(svg).iterfind(".//{*}g[@class]")
    drawn = [
        group for group in groups if {"role-mark", "mark-group"} & {*group.get("class", "").split()} == {"role-mark"}
    ]
    return sum(
        bool(each.get("d") or each.text or each.tag.endswith("line")) for group in drawn for each in group.iter()
    )


@pytest.mark.slow
def test_every_chart_of_a_slice_that_lacks_much_is_drawn() -> None:
    named = list(specs())
    drawn = images_or_errors((spec for *_, spec in named), "svg")
    images = [(slug, shown, image) for (slug, shown, _), image in zip(named, drawn, strict=True)]
    assert len(named) > 50
    assert [(slug, str(image)) for slug, _, image in images if isinstance(image, ChartError)] == []
    svgs = [(slug, shown, image) for slug, shown, image in images if isinstance(image, bytes)]
    assert [slug for slug, shown, svg in svgs if shown and not marks(svg)] == []
    assert [slug for slug, shown, svg in svgs if shown and b"values from Infinity" in svg] == []


ODD_NAMES = ('a "b" + 1', "a\nb\tc", "a \\ b", "</script> ' b", "toString")


@pytest.mark.slow
def test_comparisons_of_selections_with_odd_names_are_drawn() -> None:
    corpus = corpus_of([article(at=f"2024-01-{n + 1:02}", quality=n, topics=["AI"], provider="P") for n in range(28)])
    halves = [Slice(corpus, Selection(quality_min=10)), Slice(corpus, Selection(quality_max=20))]
    named = []
    for name in ODD_NAMES:
        comparison = make_comparison(halves, ["first", name])
        for view in COMPARED.values():
            table = view.answer(comparison)
            named.append(((view.slug, name), chart_spec(view, table, Look(view.defaults(), contract=view.table))))
    drawn = images_or_errors((spec for _, spec in named), "svg")
    assert [each for (each, _), image in zip(named, drawn, strict=True) if isinstance(image, ChartError)] == []
