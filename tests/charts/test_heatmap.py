"""Heatmaps, and bars with their number at the end."""

from datetime import date, timedelta

import pandas as pd
import pytest

from analytics.charts.bars import bars
from analytics.charts.heatmap import LABELLED, Cells, by_label, by_period, pair_matrix
from analytics.charts.theme import (
    DIVERGING,
    FONT_SIZE,
    INK,
    LABELS,
    SEQUENTIAL,
    STEPS,
    Look,
    contrast,
    ramp_colour,
    text_colour,
)

DARK = "#0e1117"
COLOURS = {"much": "#2f7fc1", "little": "#8f3f08"}


def periods(n, shares, *, incomplete=0):
    first = date(2024, 1, 1)
    days = [pd.Timestamp(first + timedelta(days=7 * place)) for place in range(n)]
    return pd.DataFrame(
        {
            "period": days,
            "period_end": [day + pd.Timedelta(days=6) for day in days],
            "complete": pd.array([place < n - incomplete for place in range(n)], dtype="boolean"),
            "field": pd.Series(["title"] * n, dtype="str"),
            "share": pd.array(shares, dtype="Float64"),
            "n": pd.array([10] * n, dtype="Int64"),
            "band": pd.Categorical(["much" if share else "little" for share in shares]),
        }
    )


def spec(draw, table):
    return draw(table, Look()).to_dict()


def rows(drawn, layer):
    return drawn["datasets"][drawn["layer"][layer].get("data", drawn.get("data"))["name"]]


def test_cells_reach_from_a_period_to_the_next_and_those_without_a_value_are_left_out():
    drawn = spec(by_period(Cells("field", "share", "share", tips=("n",))), periods(3, [1, None, 0.5]))
    cells = drawn["layer"][0]["encoding"]
    assert (cells["x"]["field"], cells["x"]["bin"], cells["x2"]) == ("period", "binned", {"field": "next"})
    assert [(row["period"][:10], row["next"][:10]) for row in rows(drawn, 0)] == [
        ("2024-01-01", "2024-01-08"),
        ("2024-01-15", "2024-01-22"),
    ]
    assert "n" in [tip["field"] for tip in cells["tooltip"]]


def test_cells_of_an_incomplete_period_are_half_as_high():
    drawn = spec(by_period(Cells("field", "share", "share")), periods(3, [1, 0.2, 0.5], incomplete=1))
    found = [
        (layer["mark"]["height"]["band"], len(rows(drawn, place))) for place, layer in enumerate(drawn["layer"][:2])
    ]
    assert found == [(0.95, 2), (0.5, 1)]


@pytest.mark.parametrize(("n", "layers"), [(LABELLED, 2), (LABELLED + 1, 1)])
def test_cells_say_their_value_while_it_fits_a_phone(n, layers):
    assert len(spec(by_period(Cells("field", "share", "share")), periods(n, [0.5] * n))["layer"]) == layers


def test_a_share_is_said_to_be_all_or_nothing_only_when_it_is():
    drawn = spec(by_period(Cells("field", "share", "share")), periods(5, [1, 0.999, 0.5, 0.001, 0]))
    assert [row["says"] for row in rows(drawn, 1)] == ["100%", ">99%", "50%", "<1%", "0%"]


def test_steps_give_the_colour():
    cells = Cells("field", "share", "share", step="band", steps=COLOURS)
    drawn = spec(by_period(cells), periods(2, [1, 0]))
    colour = drawn["layer"][0]["encoding"]["color"]
    assert (colour["field"], colour["scale"]) == (
        "band",
        {"domain": list(COLOURS), "range": list(COLOURS.values())},
    )
    assert [row["ink"] for row in rows(drawn, 1)] == [text_colour(COLOURS["much"]), text_colour(COLOURS["little"])]


def test_labels_keep_the_order_of_the_table():
    table = pd.DataFrame({"hour": ["b", "a", "b"], "topic": ["z", "z", "y"], "n": pd.array([1, 2, 3], dtype="Int64")})
    drawn = spec(by_label("hour", Cells("topic", "n", "articles")), table)
    cells = drawn["layer"][0]["encoding"]
    assert (cells["x"]["sort"], cells["y"]["sort"]) == (["b", "a"], ["z", "y"])
    assert cells["color"]["scale"]["domain"] == [0.0, 3.0]


GROUNDS = ("#ffffff", DARK)


def test_both_ends_of_a_scale_stand_out_from_their_ground():
    for ground, scheme in zip(GROUNDS, SEQUENTIAL, strict=True):
        assert all(contrast(colour, ground) >= 1.35 for colour in (*scheme, *STEPS))


def test_much_stands_out_most_on_light_and_on_dark():
    for ground, scheme, both_ways in zip(GROUNDS, SEQUENTIAL, DIVERGING, strict=True):
        for ramp in (scheme, both_ways[1:], both_ways[1::-1]):
            found = [contrast(ramp_colour(ramp, place / 10), ground) for place in range(11)]
            assert found == sorted(found)
            assert found[-1] > 2 * found[0]


def test_text_is_read_on_its_ground_and_on_every_colour():
    for ground, label in zip(GROUNDS, LABELS, strict=True):
        assert contrast(label, ground) >= 4.5
    colours = [*STEPS, *(ramp_colour(ramp, at / 100) for ramp in (*SEQUENTIAL, *DIVERGING) for at in range(101))]
    assert min(contrast(text_colour(colour), colour) for colour in colours) >= 4.5
    assert {text_colour(colour) for colour in colours} == set(INK)
    assert FONT_SIZE >= 12


def test_a_diverging_value_has_0_in_the_middle():
    table = pd.DataFrame({"a": ["x", "y"], "b": ["y", "z"], "npmi": [-0.3, 0.6], "n": [5, 6]})
    drawn = spec(
        pair_matrix("a", "b", order_by="n", measure_titles={"npmi": "NPMI"}, tips=("n",), diverging_measures=("npmi",)),
        table,
    )
    scale = drawn["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == [-0.6, 0, 0.6]
    assert [colour in part["expr"] for part, colour in zip(scale["range"], DIVERGING[1], strict=True)] == [True] * 3


RANKED = pd.DataFrame(
    {
        "code": pd.Series(["b", "a"], dtype="str"),
        "problems": pd.array([1200, 3], dtype="Int64"),
        "share": pd.array([1.0, 0.999], dtype="Float64"),
        "severity": pd.Categorical(["error", "info"]),
    }
)


def test_bars_keep_the_order_of_the_table_and_say_their_number():
    drawn = spec(bars("code", "problems", title="problems", colour="severity"), RANKED)
    assert drawn["layer"][0]["encoding"]["y"]["sort"] == ["b", "a"]
    assert [row["says"] for row in rows(drawn, 1)] == ["1,200", "3"]
    assert drawn["layer"][0]["encoding"]["x"]["scale"]["domain"][1] > 1200


def test_bars_of_a_share_go_to_100_per_cent():
    drawn = spec(bars("code", "share", title="share", colour="severity"), RANKED.iloc[1:])
    low, high = drawn["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert (low, [row["says"] for row in rows(drawn, 1)]) == (0, [">99%"])
    assert high > 1
