"""Colours, and what the forms draw."""

import pandas as pd
import pytest

from analytics.catalog import VIEWS
from analytics.charts.theme import (
    COLOURS,
    CONFIG,
    FIXED,
    GREY,
    LABEL,
    Look,
    Panels,
    contrast,
    palette,
    with_chart_dtypes,
)
from analytics.engine.slice import Slice
from tests.corpora import article, corpus_of

LIGHT, DARK = "#ffffff", "#0e1117"


@pytest.mark.parametrize("colour", [*COLOURS, *FIXED.values()])
@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_colours_stand_out_from_light_and_dark(colour, ground):
    assert contrast(colour, ground) >= 3.4


def colours_of(labels, **known):
    scale = Look(colours=known).scale(labels).to_dict()
    assert scale["domain"] == labels
    return scale["range"]


def test_known_labels_have_their_colour_in_any_company():
    assert colours_of(["unknown", "AI", "published"], AI=COLOURS[4]) == [GREY, COLOURS[4], COLOURS[0]]
    assert colours_of(["AI"], AI=COLOURS[4]) == [COLOURS[4]]


def test_colour_given_goes_before_the_fixed_one():
    assert colours_of(["published"], published=COLOURS[3]) == [COLOURS[3]]


@pytest.mark.parametrize("known", [{}, {"b": COLOURS[0]}, {"b": COLOURS[2], "e": COLOURS[0], "z": COLOURS[1]}])
def test_no_colour_is_taken_twice_while_they_last(known):
    labels = list("abcdefg")[: len(COLOURS)]
    assert sorted(colours_of(labels, **known)) == sorted(COLOURS)


def test_more_labels_than_colours_still_have_one_each():
    found = colours_of([f"Topic {n}" for n in range(20)])
    assert set(found) == set(COLOURS)


def test_palette_gives_the_first_labels_the_colours_in_order():
    colours = palette([f"Topic {n}" for n in range(20)], ["Alpha", "Beta"])
    assert list(colours) == [f"Topic {n}" for n in range(len(COLOURS))] + ["Alpha", "Beta"]
    assert [colours["Topic 0"], colours["Topic 1"], colours["Alpha"]] == [COLOURS[0], COLOURS[1], COLOURS[0]]


def test_plain_table_has_numbers_and_text_only():
    table = pd.DataFrame(
        {
            "whole": pd.array([1, None], dtype="Int64"),
            "share": pd.array([0.5, None], dtype="Float64"),
            "label": pd.Categorical(["a", None]),
            "flag": pd.array([True, None], dtype="boolean"),
        }
    )
    assert with_chart_dtypes(table).dtypes.astype(str).tolist() == ["float64", "float64", "str", "object"]
    assert with_chart_dtypes(table)["whole"].tolist()[:1] == [1.0]
    assert with_chart_dtypes(table.iloc[:0]).dtypes.astype(str).tolist() == ["float64", "float64", "str", "bool"]


CORPUS = [
    article(at="2024-01-01", quality=72, heat=80, published=True, provider="Alpha", topics=["AI"]),
    article(at="2024-01-31", quality=37, heat=-1, published=False, provider="Beta", topics=["AI", "Law"]),
    article(at="2024-02-05", quality=74, heat=74, published=True, provider="Alpha"),
    article(quality=74),
]


def drawn(slug, **options):
    """Specs of a view's charts of the small corpus by month, each with the rows it is drawn from by name."""
    view = VIEWS[slug]
    given = {"grain": "month"} | options
    table = view.answer(Slice(corpus_of(CORPUS)), given)
    chart = view.draw(table, Look(view.defaults() | given))
    return [data.to_dict() for data in (chart.charts if isinstance(chart, Panels) else (chart,))]


def rows(spec):
    return spec["datasets"][spec["data"]["name"]]


def test_bars_are_stacked_from_each_period_to_the_next():
    (spec,) = drawn("articles_over_time")
    assert [(row["period"][:10], row["next"][:10], row["state"], row["n"]) for row in rows(spec)] == [
        ("2024-01-01", "2024-02-01", "published", 1),
        ("2024-01-01", "2024-02-01", "unpublished", 1),
        ("2024-01-01", "2024-02-01", "unknown", 0),
        ("2024-02-01", "2024-03-01", "published", 1),
        ("2024-02-01", "2024-03-01", "unpublished", 0),
        ("2024-02-01", "2024-03-01", "unknown", 0),
    ]
    assert spec["encoding"]["x2"] == {"field": "next"}
    assert spec["encoding"]["y"]["stack"] == "zero"
    assert spec["encoding"]["color"]["scale"]["range"] == [COLOURS[0], COLOURS[1], GREY]


def test_incomplete_period_is_paler():
    (spec,) = drawn("articles_over_time")
    opacity = spec["encoding"]["opacity"]
    assert opacity["condition"]["test"] == "datum.complete === true"
    assert opacity["condition"]["value"] > opacity["value"]
    assert {row["period"][:10]: row["complete"] for row in rows(spec)} == {"2024-01-01": True, "2024-02-01": False}


def test_histogram_bars_reach_from_edge_to_edge():
    (spec,) = drawn("quality_distribution", width=10)
    found = {(row["score_from"], row["edge"]) for row in rows(spec | spec["layer"][0])}
    assert found == {(30, 40), (40, 50), (50, 60), (60, 70), (70, 80)}


@pytest.mark.parametrize("slug", ["quality_over_time", "heat_lift_over_time"])
def test_bands_are_of_complete_periods_and_points_of_all(slug):
    upper, lower = drawn(slug)
    sizes = {layer["mark"]["type"]: len(upper["datasets"][layer["data"]["name"]]) for layer in upper["layer"]}
    assert (sizes["area"], sizes["line"], sizes["point"], len(rows(lower))) == (1, 1, 2, 2)


@pytest.mark.parametrize(("measure", "column", "axis"), [("share", "share", "%"), ("count", "n", None)])
def test_lines_show_the_chosen_measure(measure, column, axis):
    (spec,) = drawn("topics_over_time", measure=measure)
    for layer in spec["layer"]:
        assert layer["encoding"]["y"]["field"] == column
        assert layer["encoding"]["y"]["axis"].get("format") == axis


def test_each_line_has_a_colour_and_a_shape_of_its_own():
    (spec,) = drawn("topics_over_time")
    points = spec["layer"][1]["encoding"]
    assert points["color"]["scale"]["domain"] == points["shape"]["scale"]["domain"] == ["AI", "Law", "(none)"]
    assert len(set(points["color"]["scale"]["range"])) == 3


def test_ranking_keeps_the_order_of_the_table():
    counts, shares = drawn("providers_ranked")
    assert counts["encoding"]["y"]["sort"] == ["Alpha", "(none)", "Beta"]
    assert [layer["encoding"]["y"]["sort"] for layer in shares["layer"]] == [["Alpha", "(none)", "Beta"]] * 2
    assert counts["height"] == shares["height"]


def text_marks(spec):
    """Each text mark of a chart, with its encoding."""
    for part in [each for name in ("layer", "hconcat", "vconcat") for each in spec.get(name, [])]:
        yield from text_marks(part)
    if "mark" in spec and spec["mark"]["type"] == "text":
        yield spec["mark"], spec["encoding"]


@pytest.mark.slow
def test_text_in_a_chart_is_of_the_style_or_the_ink_that_is_read_on_its_ground():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    charted = [view for view in VIEWS.values() if not view.is_list]
    texts = [(view.slug, *each) for view in charted for each in text_marks(view.chart(view.table.empty()).to_dict())]
    assert len(texts) > 5
    for slug, mark, encoding in texts:
        assert mark.get("style") == LABEL or "condition" in encoding["color"], slug
        assert (mark if "fontSize" in mark else CONFIG["style"][LABEL])["fontSize"] >= 12, slug


@pytest.mark.parametrize(("across", "name"), [(True, "hconcat"), (False, "vconcat")])
def test_panels_are_joined_beside_or_over_each_other(across, name):
    view = VIEWS["quality_over_time"]
    panels = view.draw(view.table.empty(), Look())
    assert len(Panels(panels.charts, across=across).joined().to_dict()[name]) == 2


def test_no_scale_is_shown_where_no_article_has_both_scores():
    view = VIEWS["quality_and_heat"]
    table = view.answer(Slice(corpus_of([article(at="2024-01-03")])))
    legends = [layer["encoding"]["color"]["legend"] for layer in view.draw(table, Look()).to_dict()["layer"]]
    assert legends == [None]
