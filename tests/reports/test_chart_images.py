"""Charts as files: what they are, the same everywhere, and no child process left behind."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.catalog import VIEWS
from analytics.charts.theme import Look
from analytics.engine.slice import Slice
from analytics.errors import ChartError, ExportError
from analytics.reports.report import chart_images as drawing
from analytics.reports.report.chart_images import IMAGE_FORMATS, chart_spec, images_or_errors, render_charts
from tests.corpora import article, corpus_of

HEADS = {"svg": b"<svg ", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-1."}
TIMES = ["2025-01-06T00:30:00Z", "2025-01-13T23:30:00Z", "2025-01-14"]


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """A chart with a time axis, on which a wrong time zone would show."""
    view = VIEWS["articles_over_time"]
    data = Slice(corpus_of([article(at=at, published=True) for at in TIMES]))
    return chart_spec(view, view.answer(data), Look(view.defaults()), heading=["Asked?", "Answered."])


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The child processes that are started."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: Any, **named: Any) -> subprocess.Popen[bytes]:
        started.append(popen(*words, **named))
        return started[-1]

    popen = subprocess.Popen
    monkeypatch.setattr(drawing.subprocess, "Popen", start)
    return started


def ended(children: list[subprocess.Popen[bytes]]) -> bool:
    """Whether there were children, each has ended and been waited for, and its pipes are closed."""
    pipes = [pipe for child in children for pipe in (child.stdin, child.stdout)]
    return bool(children) and all(child.returncode is not None for child in children) and all(p.closed for p in pipes)


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put another program in place of the one that draws."""

    def put(code: str) -> None:
        (tmp_path / "drawing.py").write_text(code)
        monkeypatch.setattr(drawing, "SCRIPT", tmp_path / "drawing.py")

    return put


@pytest.mark.slow
def test_each_form_is_what_it_says_and_the_same_in_every_zone(
    spec: dict[str, Any],
    children: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    drawn = []
    for zone, locale in (("Asia/Tokyo", "C"), ("America/New_York", "de_DE.UTF-8")):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LC_ALL", locale)
        monkeypatch.chdir(tmp_path)
        drawn.append({form: next(render_charts([spec], form)) for form in IMAGE_FORMATS})
    for form in IMAGE_FORMATS:
        one, other = (each[form] for each in drawn)
        assert one.startswith(HEADS[form])
        assert len(one) == len(other) if form == "pdf" else one == other, "a PDF orders its objects by chance"
    assert b"Asked?" in drawn[0]["svg"]
    assert ended(children)


@pytest.mark.slow
def test_the_charts_come_in_their_order(spec: dict[str, Any], children: list[subprocess.Popen[bytes]]) -> None:
    named = [spec | {"title": name} for name in ("first", "second", "third")]
    drawn = list(render_charts(iter(named), "svg"))
    assert [name.encode() in data for name, data in zip(("first", "second", "third"), drawn, strict=True)] == [True] * 3
    assert len(children) == 1
    assert ended(children)


@pytest.mark.slow
def test_a_caller_that_stops_early_leaves_no_process(
    spec: dict[str, Any], children: list[subprocess.Popen[bytes]]
) -> None:
    drawn = render_charts([spec, spec, spec], "svg")
    next(drawn)
    assert not ended(children)
    drawn.close()  # type: ignore[attr-defined]
    assert ended(children)


def test_charts_that_fail_to_come_leave_no_process(
    spec: dict[str, Any], children: list[subprocess.Popen[bytes]]
) -> None:
    with pytest.raises(ZeroDivisionError):
        list(render_charts((spec | {"height": 1 // left} for left in (1, 0)), "svg"))
    assert ended(children)


def test_a_chart_that_makes_no_sense_is_named(children: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(ExportError, match=r"A chart could not be drawn \(.*: Many articles\."):
        list(render_charts([{"description": "Many articles.", "mark": 7}], "svg"))
    assert ended(children)


@pytest.mark.slow
def test_after_a_chart_that_cannot_be_drawn_the_others_are(
    spec: dict[str, Any], children: list[subprocess.Popen[bytes]]
) -> None:
    """A number that JSON has not, a chart that makes no sense, and a sign that ends the drawing process."""
    faulty = [spec | {"width": float("nan")}, {"mark": 7}, spec | {"title": "\a"}]
    drawn = list(images_or_errors([spec, *(each for fault in faulty for each in (fault, spec))], "svg"))
    assert [isinstance(each, ChartError) for each in drawn] == [False, True, False, True, False, True, False]
    assert len({each for each in drawn if isinstance(each, bytes)}) == 1
    assert ended(children)


def test_a_program_that_ends_early_is_told(
    script: Callable[[str], None], children: list[subprocess.Popen[bytes]]
) -> None:
    script("import sys; sys.exit('out of memory')")
    with pytest.raises(ExportError, match="out of memory"):
        list(render_charts([{"description": "x" * 1_000_000}], "svg"))
    script("print(10); print('few')")
    with pytest.raises(ExportError, match="ended early"):
        list(render_charts([{}], "svg"))
    assert ended(children)


def test_a_program_that_says_much_does_not_stand_still(script: Callable[[str], None]) -> None:
    script("import sys; sys.stderr.write('w' * 500_000); sys.stderr.flush(); input(); print('2\\nok', end='')")
    assert list(render_charts([{}], "svg")) == [b"ok"]


def test_a_chart_that_takes_too_long_is_given_up(
    script: Callable[[str], None], children: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "TIME_LIMIT", 0.3)
    script("import time; time.sleep(60)")
    with pytest.raises(ExportError, match=r"longer than 0\.3 seconds"):
        list(render_charts([{}], "png"))
    assert ended(children)


def test_no_chart_fetches_anything(children: list[subprocess.Popen[bytes]]) -> None:
    asking = {"data": {"url": "http://127.0.0.1:9/data.json"}, "mark": "bar", "encoding": {"x": {"field": "n"}}}
    with pytest.raises(ExportError, match=r"External data url not allowed: http://127\.0\.0\.1"):
        list(render_charts([asking], "svg"))
    assert ended(children)


def test_panels_beside_each_other_share_the_width() -> None:
    view = VIEWS["biggest_changes"]
    rows = {"kind": ["topic", "provider"], "label": ["A", "B"], "n": [5, 5], "total": [20, 20], "share": [0.25, 0.25]}
    before = {"previous_n": [1, 9], "previous_total": [20, 20], "previous_share": [0.05, 0.45]}
    change = {"change": [0.2, -0.2], "low": [-0.1, -0.4], "high": [0.4, 0.1], "q": [0.5, 0.5]}
    test = {"weeks": 5, "previous_weeks": 5, "outcome": "no clear change", "compared": 1, "changed": 0}
    table = view.table.of(pd.DataFrame(rows | before | change | test))
    drawn = chart_spec(view, table, Look(view.defaults()))
    assert len(drawn["hconcat"]) == 2
    assert drawn["config"]["view"]["continuousWidth"] == 320
