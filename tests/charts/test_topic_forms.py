"""The forms that the Topics page draws: places, moves, spans, a symmetric square, a network."""

import pytest

from analytics.catalog import topics
from analytics.charts.theme import ACCENT, GREY, MAIN, Look, Panels
from tests.corpora import article, part_of

VIEWS = {view.slug: view for view in topics.VIEWS}
CORPUS = [
    article(at=f"2024-0{month}-{day:02}", quality=60 + month, published=month > 1, topics=topics)
    for month, days, topics in (
        (1, range(1, 12), ["AI", "Law"]),
        (1, range(12, 16), ["Chips"]),
        (2, range(1, 30), ["Chips", "Law"]),
        (3, range(1, 9), ["AI"]),
    )
    for day in days
]


def drawn(slug, colours=None, **options):
    """Specs of a view's charts of the small corpus."""
    view = VIEWS[slug]
    grain = {"grain": "month"} if any(option.name == "grain" for option in view.options) else {}
    given = view.defaults() | grain | options
    chart = view.draw(view.answer(part_of(CORPUS), given), Look(given, colours or {}))
    return [data.to_dict() for data in (chart.charts if isinstance(chart, Panels) else (chart,))]


def rows(spec, layer):
    return spec["datasets"][layer["data"]["name"] if "data" in layer else spec["data"]["name"]]


def test_first_place_is_on_top_and_only_complete_periods_have_lines():
    (spec,) = drawn("topic_ranks_over_time")
    lines, points = spec["layer"]
    assert lines["encoding"]["y"]["scale"]["reverse"] is True
    assert {row["period"][:7] for row in rows(spec, lines)} == {"2024-01", "2024-02"}
    places = {(row["period"][:7], row["topic"]): row["rank"] for row in rows(spec, points)}
    assert places == {
        ("2024-01", "Law"): 1,
        ("2024-01", "AI"): 2,
        ("2024-01", "Chips"): 3,
        ("2024-02", "Law"): 1,
        ("2024-02", "Chips"): 2,
        ("2024-03", "AI"): 1,
    }


def test_moves_stand_beside_their_differences_in_the_same_order():
    shares, differences = drawn("topic_changes")
    orders = [layer["encoding"]["y"]["sort"] for spec in (shares, differences) for layer in spec["layer"][-2:]]
    assert orders == [["Chips", "Law", "AI"]] * 4
    colour = shares["layer"][0]["encoding"]["color"]
    assert [(each["test"], each["value"]) for each in colour["condition"]] == [
        ("datum.outcome === 'up'", MAIN),
        ("datum.outcome === 'down'", ACCENT),
    ]
    assert colour["value"] == GREY


def test_spans_reach_from_the_first_to_the_last_day():
    (spec,) = drawn("topic_lifespans")
    bars, ends, until = spec["layer"]
    assert (bars["encoding"]["x"]["field"], bars["encoding"]["x2"]["field"]) == ("first", "last")
    assert bars["encoding"]["y"]["sort"] == ["AI", "Law", "Chips"]
    assert [row["as_of"][:10] for row in rows(spec, until)] == ["2024-03-08"]
    assert rows(spec, ends) == rows(spec, bars)


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["npmi", "share_both", "n"])
def test_square_is_the_same_on_both_sides_of_its_diagonal(measure):
    (spec,) = drawn("topic_pairs", measure=measure)
    cells = {(row["topic_a"], row["topic_b"]): row[measure] for row in rows(spec, spec["layer"][0])}
    assert cells.keys() == {("AI", "Law"), ("Law", "AI"), ("Chips", "Law"), ("Law", "Chips")}
    assert all(value == cells[b, a] for (a, b), value in cells.items())
    assert (
        spec["layer"][0]["encoding"]["y"]["sort"] == spec["layer"][0]["encoding"]["x"]["sort"] == ["Law", "Chips", "AI"]
    )


def test_network_has_a_dot_a_topic_and_a_line_a_pair_in_the_colour_of_its_group():
    (spec,) = drawn("topic_network", colours={"Law": "#123456"})
    lines, dots, names = spec["layer"]
    assert [(row["topic_a"], row["topic_b"], row["n"]) for row in rows(spec, lines)] == [
        ("Chips", "Law", 29),
        ("AI", "Law", 11),
    ]
    assert [(row["topic"], row["n"], row["ties"]) for row in rows(spec, dots)] == [
        ("Law", 40, 2),
        ("Chips", 33, 1),
        ("AI", 19, 1),
    ]
    assert dots["encoding"]["color"]["scale"] == {"domain": ["Law"], "range": ["#123456"]}
    assert rows(spec, names) == rows(spec, dots)


def test_umbrella_bars_are_grey():
    counts, _ = drawn("topics_ranked")
    assert counts["encoding"]["color"]["condition"] == {"test": "datum.umbrella === true", "value": GREY}
