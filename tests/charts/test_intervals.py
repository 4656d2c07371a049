"""What estimates with their intervals look like."""

import pandas as pd

from analytics.charts.intervals import EstimateColumns, bland_altman, by_label, by_session
from analytics.charts.theme import Look, Panels

TABLE = pd.DataFrame(
    {
        "session": pd.array([2, 1, 1], dtype="Int64"),
        "session_title": ["B", "A", "A"],
        "kind": ["x", "x", "y"],
        "value": pd.array([0.5, 0.2, None], dtype="Float64"),
        "low": pd.array([0.3, None, None], dtype="Float64"),
        "high": pd.array([0.7, None, None], dtype="Float64"),
        "small": pd.array([False, True, True], dtype="boolean"),
    }
)
VALUE = EstimateColumns("value", "low", "high", "a value", rule=0.4)


def rows_of(spec: dict, layer: dict) -> list[dict]:
    return spec["datasets"][layer.get("data", spec.get("data"))["name"]]


def test_points_without_an_interval_are_drawn_small_ones_hollow_and_missing_values_not() -> None:
    spec = by_label(("session", "session_title"), VALUE, colour="kind")(TABLE, Look()).to_dict()
    spans, filled, hollow, rule = spec["layer"]
    assert [row["who"] for row in rows_of(spec, spans)] == ["2 · B"]
    assert [(row["who"], layer["mark"]["filled"]) for layer in (filled, hollow) for row in rows_of(spec, layer)] == [
        ("2 · B", True),
        ("1 · A", False),
    ]
    assert rows_of(spec, rule) == [{"at": 0.4}]
    assert filled["encoding"]["shape"]["scale"]["domain"] == ["x"]


def test_sessions_stand_from_the_first_to_the_newest() -> None:
    found = by_session(VALUE)(TABLE.head(2), Look())
    assert isinstance(found, Panels)
    (spec,) = (panel.to_dict() for panel in found.charts)
    assert spec["layer"][1]["encoding"]["x"]["scale"]["domain"] == ["1", "2"]


def test_the_lines_of_agreement_say_where_they_lie() -> None:
    rows = {"mean": [60.0], "difference": [-5.0], "bias": [-5.0], "low_limit": [None], "high_limit": [12.34]}
    draw = bland_altman("mean", "difference", titles=("mean", "difference"), tips=())
    spec = draw(pd.DataFrame(rows).astype("Float64"), Look()).to_dict()
    texts = [layer for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    assert [row["says"] for layer in texts for row in rows_of(spec, layer)] == ["-5.0", "+12.3"]
