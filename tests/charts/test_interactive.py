"""Picked marks: every one knows its row of the table, in every form that a view can take."""

from collections.abc import Iterator, Mapping
from functools import cache
from numbers import Number
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
import pytest

from analytics.catalog import VIEWS
from analytics.catalog.view import View
from analytics.charts.interactive import BRUSH, PICK, ROW, Panel, interactive_chart, picked_row_position
from analytics.charts.theme import CONFIG, Look
from analytics.corpus.loader import Corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.history.loader import history_of
from analytics.schema import label_of
from analytics.selection.selection import parse
from tests.made_reviews import some_sessions

DRAWN = [view for view in VIEWS.values() if not (view.tiles or view.is_list)]

RENAMED = {
    "topic_network": "its dots are topics, its lines the rows",
    "topic_pairs": "a pair stands on both sides of the diagonal",
}
"""Views whose marks do not all hold the key of the row under its own name."""


@cache
def compared_year(sample: Corpus) -> Slice:
    """A year of the sample against the one before, with its history and review sessions about it."""
    side_data = SideData(history_of(sample), some_sessions(list(sample.articles["path"])))
    return Slice(sample, parse("from=2025-01-01&to=2025-12-31&compare=previous"), side_data)


def forms(view: View, sample: Corpus) -> Iterator[tuple[pd.DataFrame, Panel]]:
    """Every chart of a view that its drawing options lead to, with the table."""
    table = view.answer(compared_year(sample))
    for options in (
        {},
        *({option.name: choice} for option in view.options if option.drawn for choice in option.choices),
    ):
        look = Look(view.defaults() | options)
        chart = interactive_chart(view.draw, table, look, pick_rows=True, drag_time="period" in view.table.names)
        for panel in chart.panels:
            yield table, panel


def records(panel: Panel, layer: dict[str, Any]) -> list[dict[str, Any]]:
    """What a layer of a panel draws."""
    name = layer.get("data", panel.spec.get("data"))["name"]
    return pa.ipc.open_stream(panel.spec["datasets"][name]).read_all().to_pandas().to_dict("records")


def layers(panel: Panel) -> list[dict[str, Any]]:
    return panel.spec.get("layer", [panel.spec])


def marks(panel: Panel) -> list[tuple[str, list[dict[str, Any]]]]:
    """The type and the data of every mark that a click can hit: those with a tooltip."""
    return [(layer["mark"]["type"], records(panel, layer)) for layer in layers(panel) if "tooltip" in layer["encoding"]]


def said(value: Any) -> str:
    if pd.isna(value):
        return "missing"
    return str(float(value)) if isinstance(value, Number) else str(pd.Series([value]).astype("str").iloc[0])[:10]


def drawn_as(row: Mapping[str, Any], key: str) -> Any:
    """A value of a row as a chart has it: a field of the record by its label."""
    return label_of(row[key]) if key == "field" else row[key]


@pytest.mark.slow
@pytest.mark.parametrize("view", DRAWN, ids=lambda view: view.slug)
def test_every_mark_of_a_view_finds_its_row(view: View, sample: Corpus) -> None:
    seen = set()
    for table, panel in forms(view, sample):
        rows = table.to_dict("records")
        over_time = layers(panel)[0]["encoding"].get("x", {}).get("type") == "temporal"
        expected = (PICK, BRUSH) if over_time and "period" in table else (PICK,)
        assert panel.selections == expected
        for kind, data in marks(panel):
            for datum in data:
                place = picked_row_position([datum], len(table))
                if kind in ("line", "area"):
                    assert ROW not in datum
                elif view.slug not in RENAMED:
                    keys = [key for key in view.table.key if key in datum]
                    assert place is not None
                    assert [said(datum[key]) for key in keys] == [said(drawn_as(rows[place], key)) for key in keys]
                seen.add(place)
    assert seen - {None}


def test_a_pair_is_the_same_row_on_both_sides_of_the_diagonal(sample: Corpus) -> None:
    for table, panel in forms(VIEWS["topic_pairs"], sample):
        for datum in records(panel, layers(panel)[0]):
            row = table.iloc[int(datum[ROW])]
            assert {datum["topic_a"], datum["topic_b"]} == {row["topic_a"], row["topic_b"]}


def bars(table: pd.DataFrame, _: Look) -> alt.Chart:
    return alt.Chart(table).mark_bar().encode(x=alt.X("day", type="temporal"), y=alt.Y("n", type="quantitative"))


@pytest.mark.parametrize(
    ("rows", "time", "selections", "cursor"),
    [
        (False, True, (BRUSH,), None),
        (True, False, (PICK,), "pointer"),
        (True, True, (PICK, BRUSH), "pointer"),
        (False, False, (), None),
    ],
)
def test_only_what_is_asked_for_can_be_picked(
    rows: bool, time: bool, selections: tuple[str, ...], cursor: str | None
) -> None:
    table = pd.DataFrame({"day": pd.to_datetime(["2024-01-01", "2024-02-01"]), "n": [1, 2]})
    (panel,) = interactive_chart(bars, table, Look(), pick_rows=rows, drag_time=time).panels
    assert panel.selections == selections
    assert panel.spec["mark"].get("cursor") == cursor


def test_a_specification_is_what_altair_makes_of_the_chart_but_for_its_data() -> None:
    table = pd.DataFrame({"day": pd.to_datetime(["2024-01-01", "2024-02-01"]), "n": [1, 2]})
    (panel,) = interactive_chart(bars, table, Look()).panels
    expected = bars(table, Look()).to_dict()
    for name in ("config", "data", "datasets"):
        expected.pop(name)
    assert {name: value for name, value in panel.spec.items() if name not in ("data", "datasets", "config")} == expected
    assert panel.spec["config"] == CONFIG


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
    assert picked_row_position(found, 3) == place
