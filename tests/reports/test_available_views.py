"""Views that need more than articles: shown with it, left out without it, refused when they were asked for."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from analytics.analyses.common.analysis import Analysis, analysis
from analytics.catalog import VIEWS
from analytics.catalog.view import View
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice
from analytics.errors import UserDataError, ViewError
from analytics.history.history_tables import COMMITS, History
from analytics.reports.available_views import given_or_available_views, missing_side_data_sentence
from analytics.reports.bundle import bundle_bytes, write_bundle
from analytics.reports.report.files import write_chart_and_return_finding
from analytics.reports.report.html import to_html
from analytics.reports.report.recipe_reports import make_reports
from analytics.reports.report.report import build_report
from analytics.reports.report.workbook import to_workbook
from analytics.review_table_contracts import REVIEW_SESSIONS, ReviewTables
from analytics.selection.selection import Selection
from analytics.userdata.recipes import parse_recipe
from tests.corpora import article, corpus_of

MADE = date(2026, 11, 2)
CORPUS = corpus_of([article(at="2024-01-03", quality=72, provider="Alpha")])
PLAIN = VIEWS["providers_ranked"]
NO_STORE = "It needs review sessions; there is no store of them."
NO_HISTORY = "It needs the history of the corpus, which is read from its git repository; none was read."


@analysis(REVIEW_SESSIONS)
def sessions(data: Slice) -> pd.DataFrame:
    return data.reviewed.sessions


@sessions.register_finding
def sessions_finding(table: pd.DataFrame) -> str:
    return f"{len(table)} sessions."


REVIEWED = View(
    page="Review",
    title="Sessions",
    question="Which sessions were there?",
    method="As they are.",
    analysis=sessions,
    draw=PLAIN.draw,
    requires="reviewed",
)
PAST = Analysis(replace(PLAIN.table, name="past"), PLAIN.analysis)
PAST.register_finding(PLAIN.finding)
HISTORICAL = replace(PLAIN, title="Past providers", analysis=PAST, requires="history")
BOTH = SideData(
    History(
        "h1", History.nothing("").changes, COMMITS.of(pd.DataFrame([{**dict.fromkeys(COMMITS.names), "place": 0}]))
    ),
    replace(ReviewTables.nothing(), stamp="r1"),
)


@pytest.fixture(autouse=True)
def catalog() -> Iterator[None]:
    """A catalog of few views, two of which need more than articles; afterwards the whole one in its order."""
    whole = dict(VIEWS)
    few = (PLAIN, REVIEWED, HISTORICAL, VIEWS["problems_by_code"], VIEWS["problems_listed"])
    VIEWS.clear()
    VIEWS.update({view.slug: view for view in few})
    yield
    VIEWS.clear()
    VIEWS.update(whole)


def manifest(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text())
    return found


def test_what_a_view_lacks_is_said() -> None:
    unread = SideData(History.nothing("The corpus is not in git."))
    assert [missing_side_data_sentence(view, NO_SIDE_DATA) for view in (PLAIN, REVIEWED, HISTORICAL)] == [
        "",
        NO_STORE,
        NO_HISTORY,
    ]
    assert (
        missing_side_data_sentence(HISTORICAL, unread)
        == "It needs the history of the corpus. The corpus is not in git."
    )
    assert [missing_side_data_sentence(view, BOTH) for view in (PLAIN, REVIEWED, HISTORICAL)] == ["", "", ""]


@pytest.mark.slow
def test_a_bundle_leaves_out_what_it_cannot_tell_and_says_so(tmp_path: Path) -> None:
    folder = write_bundle(CORPUS, Selection(), tmp_path / "out")
    assert manifest(folder)["left_out"] == {"review_sessions": NO_STORE, "past": NO_HISTORY}
    assert not (folder / "past.csv").exists()
    assert "beside" not in manifest(folder)
    whole = write_bundle(CORPUS, Selection(), tmp_path / "whole", side_data=BOTH)
    assert manifest(whole)["beside"] == {"history": "h1", "reviewed": "r1"}
    assert "left_out" not in manifest(whole)
    assert (whole / "review_sessions.csv").read_text() == ",".join(REVIEW_SESSIONS.names) + "\n"
    assert bundle_bytes(CORPUS, Selection(), side_data=BOTH) == bundle_bytes(CORPUS, Selection(), side_data=BOTH)


def test_a_view_that_was_asked_for_is_refused_without_what_it_needs(tmp_path: Path) -> None:
    said = f"^review_sessions: {re.escape(NO_STORE)}$"
    with pytest.raises(ViewError, match=said):
        write_bundle(CORPUS, Selection(), tmp_path / "out", views=[PLAIN, REVIEWED])
    with pytest.raises(ViewError, match=said):
        build_report(CORPUS, Selection(), made=MADE, views=[REVIEWED])
    with pytest.raises(ViewError, match=said):
        write_chart_and_return_finding(Slice(CORPUS), REVIEWED, {}, pd.DataFrame(), tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == []
    assert given_or_available_views([REVIEWED], BOTH).views == [REVIEWED]


@pytest.mark.slow
def test_a_report_ends_with_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("html", "workbook"):
        monkeypatch.setattr(f"analytics.reports.report.{module}.images_or_errors", lambda *_: iter(()))
    report = replace(build_report(CORPUS, Selection(), made=MADE), answers=[])
    said = [f"Left out: Sessions. {NO_STORE}", f"Left out: Past providers. {NO_HISTORY}"]
    assert report.left_out == said
    page = to_html(report)
    assert [line for line in re.findall(r'<p class="note">(.*?)</p>', page) if line.startswith("Left out")] == said
    sheet = load_workbook(BytesIO(to_workbook(report)))["Contents"]
    assert [cell.value for cell in sheet["A"] if cell.value][-2:] == said
    assert build_report(CORPUS, Selection(), made=MADE, views=[PLAIN]).left_out == []


@pytest.mark.slow
def test_a_recipe_leaves_out_what_it_does_not_name(tmp_path: Path) -> None:
    recipe = parse_recipe(b"formats: folder\nfile: out\n", "weekly", "weekly.yml")
    make_reports(recipe, CORPUS, tmp_path, made=MADE)
    assert manifest(tmp_path / "out")["left_out"] == {"review_sessions": NO_STORE, "past": NO_HISTORY}
    make_reports(recipe, CORPUS, tmp_path, made=MADE, side_data=BOTH)
    assert "left_out" not in manifest(tmp_path / "out")
    named = parse_recipe(b"views: [review_sessions]\nformats: folder\nfile: other\n", "weekly", "weekly.yml")
    with pytest.raises(UserDataError, match=r"weekly\.yml, line 1: review_sessions: It needs review sessions"):
        make_reports(named, CORPUS, tmp_path, made=MADE)
    assert not (tmp_path / "other").exists()
