"""What the forms of the pages Providers and Timeline draw."""

from datetime import date, timedelta

import pytest

from analytics.catalog import VIEWS
from analytics.charts.theme import Look, Panels
from analytics.engine.slice import Slice
from tests.corpora import article, corpus_of

LISTED = [
    *[article(at=f"2024-{month:02}-10", provider="Alpha") for month in (1, 4, 5)],
    *[article(at="2023-12-31", provider=f"Outlet {n}") for n in range(20)],
    *[article(at=str(date(2024, 1, 1) + timedelta(days=day)), provider="Beta") for day in range(0, 180, 2)],
]


@pytest.fixture(scope="module")
def data():
    return Slice(corpus_of(LISTED))


def drawn(data, slug, **options):
    """Specs of a view's charts, each with its layers and their rows."""
    view = VIEWS[slug]
    chosen = view.defaults() | options
    chart = view.draw(view.answer(data, chosen), Look(chosen))
    return [each.to_dict() for each in (chart.charts if isinstance(chart, Panels) else (chart,))]


def rows(spec, layer):
    return spec["datasets"][layer.get("data", spec.get("data"))["name"]]


def test_silent_providers_lie_below_the_line(data):
    (spec,) = drawn(data, "provider_turnover")
    found = {(row["period"][:10], row["status"]): row["signed"] for row in rows(spec, spec["layer"][0])}
    assert found["2024-01-01", "silent"] == -20
    assert (found["2023-10-01", "new"], found["2024-01-01", "new"], found["2024-04-01", "staying"]) == (20, 2, 2)


def test_what_is_cut_is_said(data):
    (short,), (whole,) = (drawn(data, "provider_activity", top=top) for top in (15, 0))
    assert short["title"] == "15 of 22 providers; the table has all"
    assert "title" not in whole
    assert [len(rows(spec, spec["layer"][0])) for spec in (short, whole)] == [15, 22]


def test_a_calendar_has_a_panel_a_year_newest_first(data):
    newest, before = drawn(data, "articles_by_day", years=2)
    assert (newest["title"], before["title"]) == ("2024", "2023")
    whole, empty, filled = (rows(newest, layer) for layer in newest["layer"])
    assert [row["at"][:10] for row in whole] == ["2024-01-01", "2024-12-31"]
    assert (len(filled), len(empty)) == (91, 88)


def test_the_mean_is_drawn_where_it_is_known(data):
    (spec,) = drawn(data, "articles_smoothed", grain="month", window=3)
    bars, line = spec["layer"]
    assert (len(rows(spec, bars)), len(rows(spec, line))) == (7, 3)


@pytest.mark.parametrize(("form", "mark"), [("stacked", "bar"), ("lines", "line")])
def test_shares_are_stacked_or_lines(data, form, mark):
    (spec,) = drawn(data, "providers_over_time", form=form)
    first = spec["layer"][0] if "layer" in spec else spec
    assert first["mark"]["type"] == mark
    assert first["encoding"]["y"]["field"] == "share"


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["effective", "hhi", "gini", "top_share"])
def test_the_chosen_measure_is_drawn(data, measure):
    upper, lower = drawn(data, "concentration_over_time", measure=measure)
    assert {layer["encoding"]["y"]["field"] for layer in upper["layer"] if "y" in layer["encoding"]} == {measure}
    assert lower["encoding"]["y"]["field"] == "n"
