"""Picked marks: every one knows its row of the table, in every form that a view can take."""

from collections.abc import Iterator
from functools import cache
from numbers import Number
from typing import Any

import altair as alt
import pandas as pd
import pytest

from analytics.catalog import VIEWS
from analytics.catalog.view import View
from analytics.charts.selectable import BRUSH, PICK, ROW, numbered, pickable, picked, selections
from analytics.charts.theme import Look, Panels
from analytics.corpus.loader import Corpus
from analytics.engine.side_data import SideData
from analytics.engine.slice import Slice
from analytics.history.loader import history_of
from analytics.selection.selection import parse
from tests.made_reviews import some_sessions

DRAWN = [view for view in VIEWS.values() if not view.tiles]

COUNTED = ("problems_listed", "near_duplicates", "reviewed_items", "review_decisions_listed", "decisions_changed")
"""Lists whose chart counts the rows, so that no mark is of one row."""

RENAMED = {
    "topic_network": "its dots are topics, its lines the rows",
    "topic_pairs": "a pair stands on both sides of the diagonal",
}
"""Views whose marks do not all hold the key of the row under its own name."""


@cache
def side_data(sample: Corpus) -> SideData:
    """The history of the sample, and review sessions about it."""
    return SideData(history_of(sample), some_sessions(list(sample.articles["path"])))


def forms(view: View, sample: Corpus) -> Iterator[tuple[pd.DataFrame, dict[str, Any], Any]]:
    """Every chart of a view that its drawing options lead to: the table, the specification, the chart."""
    data = Slice(sample, parse("from=2025-01-01&to=2025-12-31&compare=previous"), side_data(sample))
    table = view.answer(data)
    for options in (
        {},
        *({option.name: choice} for option in view.options if option.drawn for choice in option.choices),
    ):
        drawn = view.draw(numbered(table), Look(view.defaults() | options))
        for panel in drawn.charts if isinstance(drawn, Panels) else (drawn,):
            chart = pickable(panel, rows=True, time="period" in view.table.names)
            yield table, chart.to_dict(), chart


def marks(spec: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The type and the data of every mark that a click can hit: those with a tooltip."""
    found = []
    for layer in spec.get("layer", [spec]):
        if "tooltip" in layer["encoding"]:
            name = layer.get("data", spec.get("data"))["name"]
            found.append((layer["mark"]["type"], spec["datasets"][name]))
    return found


def said(value: Any) -> str:
    if pd.isna(value):
        return "missing"
    return str(float(value)) if isinstance(value, Number) else str(pd.Series([value]).astype("str").iloc[0])[:10]


@pytest.mark.parametrize("view", DRAWN, ids=lambda view: view.slug)
def test_every_mark_of_a_view_finds_its_row(view: View, sample: Corpus) -> None:
    seen = set()
    for table, spec, chart in forms(view, sample):
        records = table.to_dict("records")
        over_time = spec.get("layer", [spec])[0]["encoding"].get("x", {}).get("type") == "temporal"
        expected = [PICK, BRUSH] if over_time and "period" in table else [PICK]
        assert selections(chart) == ([] if view.slug in COUNTED else expected)
        for kind, data in marks(spec) if view.slug not in COUNTED else ():
            for datum in data:
                place = picked([datum], len(table))
                if kind in ("line", "area"):
                    assert ROW not in datum
                elif view.slug not in RENAMED:
                    keys = [key for key in view.table.key if key in datum]
                    assert place is not None
                    assert [said(datum[key]) for key in keys] == [said(records[place][key]) for key in keys]
                seen.add(place)
    assert seen - {None} or view.slug in COUNTED


def test_a_pair_is_the_same_row_on_both_sides_of_the_diagonal(sample: Corpus) -> None:
    for table, spec, _ in forms(VIEWS["topic_pairs"], sample):
        for datum in spec["datasets"][spec["layer"][0].get("data", spec.get("data"))["name"]]:
            row = table.iloc[int(datum[ROW])]
            assert {datum["topic_a"], datum["topic_b"]} == {row["topic_a"], row["topic_b"]}


def test_only_what_is_asked_for_can_be_picked() -> None:
    days = pd.to_datetime(["2024-01-01", "2024-02-01"])
    bars = alt.Chart(numbered(pd.DataFrame({"day": days, "n": [1, 2]}))).mark_bar().encode(x="day:T", y="n:Q")
    bars = bars.encode(x=alt.X("day", type="temporal"))
    assert selections(pickable(bars, rows=False, time=True)) == [BRUSH]
    assert selections(pickable(bars, rows=True, time=False)) == [PICK]
    assert "cursor" not in pickable(bars, rows=False, time=True).to_dict()["mark"]
    assert pickable(bars, rows=True, time=False).to_dict()["mark"]["cursor"] == "pointer"


@pytest.mark.parametrize(
    ("found", "place"),
    [
        ([{ROW: 2}], 2),
        ([{ROW: 2.0}], 2),
        ([{ROW: 3}], None),
        ([{ROW: None}], None),
        ([{}], None),
        ([], None),
        (None, None),
    ],
)
def test_a_pick_that_is_no_row_is_none(found: Any, place: int | None) -> None:
    assert picked(found, 3) == place
