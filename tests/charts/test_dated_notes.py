"""Notes are drawn on every time chart and on no other, and leave the axes as they are."""

import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from analytics.catalog import VIEWS
from analytics.charts import theme
from analytics.charts.dated_notes import NEAR, add_notes, time_span
from analytics.charts.interactive import interactive_chart
from analytics.charts.theme import NOTE, Look, Panels
from analytics.corpus.loader import Corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.history.history_tables import History
from tests.catalog.cases import answered
from tests.charts.test_charts import DARK, LIGHT, contrast

TIMES = ("period", "day", "first_day", "first", "from_at")
"""Columns that a table of a time chart has."""

LISTED = {"unusual_days"}
"""Has days, but its axis counts articles: each stretch of days is a row."""

TIMED = [slug for slug, view in VIEWS.items() if set(TIMES) & set(view.table.names) and slug not in LISTED]


@pytest.fixture(scope="module")
def data(sample: Corpus, sample_history: History) -> Slice:
    return Slice(sample, side_data=SideData(history=sample_history))


def notes(*rows: tuple[str, str, str]) -> pd.DataFrame:
    days = [(pd.Timestamp(first), pd.Timestamp(last), text) for first, last, text in rows]
    return pd.DataFrame(days, columns=["day", "last_day", "text"])


SOME = notes(
    ("2026-02-03", "2026-02-03", "<b>New</b> rules"),
    ("2026-03-02", "2026-04-12", "Strike"),
    ("1999-12-31", "1999-12-31", "Long ago"),
)


def marks(spec: Any) -> list[dict[str, Any]]:
    """The marks of a spec in the tone of notes, with their rows, wherever they are."""
    found = []

    def walk(data: Any) -> None:
        if isinstance(data, dict):
            if isinstance(data.get("mark"), dict) and data["mark"].get("color") == NOTE:
                found.append(data["mark"] | {"rows": spec["datasets"][data["data"]["name"]], **data["encoding"]})
            for inner in data.values():
                walk(inner)
        elif isinstance(data, list):
            for inner in data:
                walk(inner)

    walk(spec)
    return found


def drawn(slug: str, data: Slice, some: pd.DataFrame = SOME, **options: Any) -> dict[str, Any]:
    view = VIEWS[slug]
    chosen = view.defaults() | options
    table = view.answer(data, chosen)
    return view.chart(table, Look(chosen, notes=some)).to_dict()


@pytest.mark.slow
@pytest.mark.parametrize("slug", TIMED)
def test_every_time_chart_has_the_notes_and_keeps_its_axes_and_clicks(slug: str, data: Slice) -> None:
    view = VIEWS[slug]
    table, look = view.answer(data), Look(view.defaults())
    plain = view.draw(table, look)
    charts = plain.charts if isinstance(plain, Panels) else (plain,)
    without = interactive_chart(view.draw, table, look, pick_rows=True, drag_time=True)
    annotated = interactive_chart(view.draw, table, replace(look, notes=SOME), pick_rows=True, drag_time=True)
    assert [panel.selections for panel in annotated.panels] == [panel.selections for panel in without.panels]
    assert annotated.caption == "▼ 2 notes; 1 outside the time shown"
    with_notes = add_notes(Panels(charts), SOME)
    assert with_notes.shown == 2
    found = []
    for before, after in zip(charts, with_notes.charts, strict=True):
        assert time_span(after) == time_span(before)
        first, last = (end.isoformat() for end in time_span(before))
        for mark in marks(after.to_dict(validate=False)):
            ends = [row[name] for row in mark["rows"] for name in ("at", "until") if name in row]
            assert all(first <= end <= last for end in ends)
            assert "field" not in mark.get("y", {})
            found.append(mark)
    assert {mark["type"] for mark in found} == {"rule", "rect", "point"}
    heads = {row["note"] for mark in found if mark["type"] == "point" for row in mark["rows"]}
    assert heads == {"3 Feb 2026: <b>New</b> rules", "2 Mar 2026 – 12 Apr 2026: Strike"}


@pytest.mark.slow
def test_a_chart_of_anything_but_time_is_left_as_it_is(data: Slice) -> None:
    for view in VIEWS.values():
        if view.slug not in TIMED and not view.is_list:
            chart = view.draw(view.answer(data), Look(view.defaults()))
            found = add_notes(chart, SOME)
            assert (found.drawn is chart, found.shown, found.outside) == (True, 0, 0), view.slug


def test_without_notes_the_chart_is_the_same_object(data: Slice) -> None:
    view = VIEWS["articles_over_time"]
    chart = view.draw(view.answer(data), Look(view.defaults()))
    for none in (Look().notes, SOME.iloc[:0]):
        found = add_notes(chart, none)
        assert (found.drawn is chart, found.caption) == (True, "")


@pytest.mark.parametrize(
    ("rows", "caption"),
    [
        ([("2026-02-03", "2026-02-03")], "▼ 1 note"),
        ([("2026-02-03", "2026-02-03"), ("2025-01-01", "2025-12-01")], "▼ 2 notes"),
        ([("2026-02-03", "2026-02-03"), ("2028-01-01", "2028-12-01")], "▼ 1 note; 1 outside the time shown"),
        ([("1990-01-01", "2050-12-01")], "▼ 1 note"),
        ([("1990-01-01", "1990-01-01")], "▼ 0 notes; 1 outside the time shown"),
    ],
)
def test_the_caption_counts_what_is_drawn_and_what_is_not(
    rows: list[tuple[str, str]], caption: str, data: Slice
) -> None:
    view = VIEWS["articles_over_time"]
    chart = view.draw(view.answer(data), Look(view.defaults()))
    assert add_notes(chart, notes(*((*row, "a") for row in rows))).caption == caption


def test_a_day_lies_at_its_noon_and_a_stretch_up_to_its_end(data: Slice) -> None:
    found = {mark["type"]: mark["rows"] for mark in marks(drawn("articles_over_time", data))}
    noon, start, end = "2026-02-03T12:00:00", "2026-03-02T00:00:00", "2026-04-13T00:00:00"
    assert [row["at"] for row in found["rule"]] == [noon, start, end]
    assert found["rect"] == [{"at": start, "until": end}]
    assert [row["at"] for row in found["point"]] == [noon, start]


def test_a_stretch_is_cut_where_the_axis_ends(data: Slice) -> None:
    found = {mark["type"]: mark["rows"] for mark in
             marks(drawn("articles_over_time", data, notes(("1990-01-01", "2050-12-01", "a"))))}  # fmt: skip
    assert found["rect"] == [{"at": "2024-01-01T00:00:00", "until": "2026-07-01T00:00:00"}]


def test_triangles_that_would_touch_are_one(data: Slice) -> None:
    view = VIEWS["articles_over_time"]
    first, last = time_span(view.draw(view.answer(data), Look(view.defaults())))
    apart = (last - first) * NEAR + pd.Timedelta(days=1)
    days = [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-01-02"), pd.Timestamp("2025-01-01") + apart]
    near = pd.DataFrame({"day": days, "last_day": days, "text": ["a", "b", "c"]}).assign(
        day=lambda some: some["day"].dt.normalize(), last_day=lambda some: some["last_day"].dt.normalize()
    )
    (heads,) = (mark for mark in marks(drawn("articles_over_time", data, near)) if mark["type"] == "point")
    assert [row["note"].count("\n") for row in heads["rows"]] == [1, 0]
    assert heads["rows"][0]["note"] == "1 Jan 2025: a\n2 Jan 2025: b"


@pytest.mark.slow
def test_stacked_panels_have_their_triangles_once_and_years_each_their_own(data: Slice) -> None:
    assert [mark["type"] for mark in marks(drawn("quality_over_time", data))].count("point") == 1
    years = notes(("2026-02-03", "2026-02-03", "a"), ("2025-02-03", "2025-02-03", "b"))
    assert [mark["type"] for mark in marks(drawn("articles_by_day", data, years))].count("point") == 2


@pytest.mark.parametrize("slug", ["articles_by_day", "topic_quality_over_time"])
def test_cells_whose_colour_is_the_data_are_not_tinted(slug: str, data: Slice) -> None:
    strips = [mark for mark in marks(drawn(slug, data)) if mark["type"] == "rect"]
    assert all(mark["y"]["value"] < 0 == mark["y2"]["value"] for mark in strips)
    bands = [mark for mark in marks(drawn("articles_over_time", data)) if mark["type"] == "rect"]
    assert [mark.get("y") for mark in bands] == [None]


def test_the_tone_of_notes_is_seen_and_nothing_else_has_it() -> None:
    assert min(contrast(NOTE, ground) for ground in (LIGHT, DARK)) >= 3.4
    others = [value for name, value in vars(theme).items() if name.isupper() and name != "NOTE"]
    assert NOTE not in json.dumps(others, default=str)


def test_the_last_day_of_the_calendar_has_a_place_on_the_axis() -> None:
    view = VIEWS["quality_over_time"]
    table = answered(view.slug, "one article", "the last day of all")
    drawn = view.draw(table, Look(view.defaults()))
    assert all(time_span(each) for each in (drawn.charts if isinstance(drawn, Panels) else [drawn]))
