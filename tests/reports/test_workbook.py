"""The workbook: the numbers of the page and the CSV, typed, and no cell that runs."""

import csv
import io
import os
import shutil
import subprocess
from datetime import datetime
from functools import cache
from math import isclose
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from analytics.catalog import VIEWS
from analytics.formula_safety import FORMULA_STARTS
from analytics.reports.csv import to_csv
from analytics.reports.report import workbook
from analytics.reports.report.html import to_html
from analytics.reports.report.report import build_report
from analytics.reports.report.workbook import COLUMNS, CONTENTS, sheet_name, to_workbook
from tests.conftest import lacking
from tests.corpora import article, part_of
from tests.reports.made import ALL_VIEWS, FORMULAS, MADE, ONE_OF_EACH_FORM, SIZES, planted_report, sample_report
from tests.reports.test_html import Read

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557"
    "bfabd40000000049454e44ae426082"
)

NUMBERS = ("whole", "number", "share")
DIGITS = 1e-15
"""A workbook holds 16 digits of a number, a CSV up to 17."""


@cache
def sample_book(views: tuple[str, ...] = ALL_VIEWS) -> Workbook:
    """Views of the sample, read back, without the time that pictures take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "images_or_errors", lambda charts, _: (DOT for _ in charts))
        return load_workbook(io.BytesIO(to_workbook(sample_report(views))))


@cache
def planted_book() -> bytes:
    """The workbook of a corpus that plants formulas, with its pictures."""
    return to_workbook(planted_report())


def texts_of(book: Workbook) -> list[Any]:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type in ("s", "f")]


@pytest.mark.slow
@pytest.mark.parametrize("slug", VIEWS)
def test_a_sheet_holds_the_table_of_the_page_and_the_csv(slug: str) -> None:
    answer = next(answer for answer in sample_report().answers if answer.view.slug == slug)
    head, *rows = csv.reader(io.StringIO(to_csv(answer.table)))
    shown = list(sample_book()[sheet_name(slug)].iter_rows())
    assert head == answer.view.table.names
    assert [cell.value for cell in shown[0]] == [column.label for column in answer.view.table.columns]
    assert len(shown) - 1 == len(rows) == len(answer.table)
    kinds = [column.kind for column in answer.view.table.columns]
    for wanted, cells in zip(rows, shown[1:], strict=True):
        for kind, text, cell in zip(kinds, wanted, cells, strict=True):
            found = told(cell.value, kind)
            assert isclose(found, float(text), rel_tol=DIGITS) if text and kind in NUMBERS else found == text
            assert not text or cell.data_type == {"time": "d", "day": "d"}.get(kind, "n" if kind in NUMBERS else "s")


def told(value: Any, kind: str) -> Any:
    """A cell as the CSV has it, numbers as numbers."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ" if kind == "time" else "%Y-%m-%d")
    return value


def test_no_two_sheets_have_one_name() -> None:
    names = [CONTENTS, COLUMNS, *map(sheet_name, VIEWS)]
    assert len(set(names)) == len(names)


@SIZES
def test_sheets_are_named_after_the_views_and_listed(views: tuple[str, ...]) -> None:
    names, book = list(map(sheet_name, views)), sample_book(views)
    assert book.sheetnames == [CONTENTS, *names, COLUMNS]
    links = [cell.hyperlink.location for row in book[CONTENTS].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in names]
    assert all(book[name].freeze_panes == "A2" for name in names)
    assert sum(len(book[name]._images) for name in names) == sum(
        not (a.table.empty or a.view.is_list) for a in sample_report(views).answers
    )


@SIZES
def test_the_first_sheet_says_what_it_is_and_the_last_what_columns_mean(views: tuple[str, ...]) -> None:
    report, book = sample_report(views), sample_book(views)
    first = [[cell.value for cell in row] for row in book[CONTENTS].iter_rows()]
    assert first[0][0] == report.title
    assert dict(row[:2] for row in first[2 : 2 + len(report.cover)]) == report.cover
    assert [row[1] for row in first if row[1] in report.summary] == report.summary
    listed = {row[0]: row[3] for row in first if row[3]}
    assert {a.view.title: f"{len(a.table):,}" for a in report.answers}.items() <= listed.items()
    meanings = [tuple(cell.value for cell in row) for row in book[COLUMNS].iter_rows(min_row=2)]
    assert len(meanings) == sum(len(VIEWS[slug].table.columns) for slug in views)
    meaning = VIEWS["key_figures"].table["previous_n"].meaning
    assert ("key_figures", "Previous n", "previous_n", "whole", "articles", meaning) in meanings


@pytest.mark.slow
def test_no_cell_is_a_formula_and_planted_ones_are_text() -> None:
    book = load_workbook(io.BytesIO(planted_book()))
    texts = texts_of(book)
    assert [cell.coordinate for cell in texts if cell.data_type == "f"] == []
    assert [cell.value for cell in texts if str(cell.value).startswith(FORMULA_STARTS)] == []
    said = {str(cell.value) for cell in texts}
    kept = [text for text in FORMULAS if text == text.strip()]
    assert {f"'{text}" for text in kept} <= said
    heat = list(book["heat_by_state"].iter_rows(values_only=True))
    assert any(isinstance(cell, int | float) for row in heat[1:] for cell in row)


def test_a_number_below_zero_stays_a_number() -> None:
    book = sample_book(ONE_OF_EACH_FORM)
    table = next(a.table for a in sample_report(ONE_OF_EACH_FORM).answers if a.view.slug == "biggest_changes")
    assert (table["change"] < 0).any()
    column = list(table.columns).index("change")
    found = [row[column].value for row in book["biggest_changes"].iter_rows(min_row=2)]
    assert found == pytest.approx(table["change"].tolist(), rel=DIGITS)


@pytest.mark.slow
def test_csv_and_page_hold_the_planted_texts_too() -> None:
    answer = next(a for a in planted_report().answers if a.view.slug == "providers_ranked")
    raw = set(answer.table["provider"])
    safe = {row[1] for row in csv.reader(io.StringIO(to_csv(answer.table)))}
    assert raw & set(FORMULAS)
    assert not [text for text in safe if text.startswith(FORMULA_STARTS)]
    assert {row["provider"] for row in csv.DictReader(io.StringIO(to_csv(answer.table, raw=True)))} == raw
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "analytics.reports.report.chart_images.render_charts", lambda charts, _: (b"<svg></svg>" for _ in charts)
        )
        shown = Read(to_html(planted_report())).tables["providers_ranked"]
    assert {row[1].replace("\n", "\r") for row in shown[1:]} == {text.replace("\n", "\r") for text in raw}


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes() -> None:
    assert planted_book.__wrapped__() == planted_book()


def test_times_are_shown_as_what_they_are_and_days_that_spreadsheets_number_differently_are_text() -> None:
    times = ["1900-01-01T00:00:00Z", "1900-02-28T10:30:00Z", "2024-03-04T00:00:00Z", "2024-03-04T23:59:59.999Z"]
    view = VIEWS["hottest_articles"]
    data = part_of([article(title=f"Of {at}", at=at, quality=1, heat=9) for at in times])
    report = build_report(data.corpus, data.selection, made=MADE, views=[view])
    sheet = load_workbook(io.BytesIO(to_workbook(report)))[sheet_name(view.slug)]
    column = view.table.names.index("published_at")
    cells = sorted((row[column] for row in sheet.iter_rows(min_row=2)), key=lambda cell: str(cell.value))
    assert [(cell.value, cell.number_format) for cell in cells] == [
        ("1900-01-01", "General"),
        ("1900-02-28 10:30 UTC", "General"),
        (datetime.fromisoformat("2024-03-04T00:00:00"), "yyyy-mm-dd"),
        (datetime.fromisoformat("2024-03-04T23:59:59"), 'yyyy-mm-dd hh:mm "UTC"'),
    ]


def test_a_year_and_a_small_number_are_shown_as_what_they_are() -> None:
    data = part_of([article(at=f"2024-03-{day:02}", provider="A" if day < 20 else "B") for day in range(1, 29)])
    views = [VIEWS["articles_by_day"], VIEWS["concentration_over_time"]]
    book = load_workbook(io.BytesIO(to_workbook(build_report(data.corpus, data.selection, made=MADE, views=views))))
    formats = {
        (view.slug, name): {book[view.slug].cell(2, view.table.names.index(name) + 1).number_format}
        for view, names in zip(views, (("year", "n"), ("hhi", "n", "largest")), strict=True)
        for name in names
        if name in view.table.names
    }
    assert formats == {
        ("articles_by_day", "year"): {"0"},
        ("articles_by_day", "n"): {"#,##0"},
        ("concentration_over_time", "hhi"): {"0.0000"},
        ("concentration_over_time", "n"): {"#,##0"},
    }


def test_what_a_cell_cannot_hold_is_not_lost_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[str, Any]] = []

    class Sheet:
        def write_string(self, _row: int, _place: int, value: str, *_: object) -> None:
            written.append(("text", value))

        def write_datetime(self, _row: int, _place: int, value: datetime, *_: object) -> None:
            written.append(("time", value))

    for value in ("x" * 32_767, "x" * 32_768, pd.Timestamp("1850-03-01").to_pydatetime()):
        workbook._write_cell(Sheet(), 1, 1, value, None)
    assert written == [("text", "x" * 32_767), ("text", "x" * 32_766 + "…"), ("text", "1850-03-01")]
    monkeypatch.setattr(workbook, "ROWS_MAX", 3)
    assert workbook._row_count(4) == "the first 3 of 4"


@pytest.mark.slow
def test_libreoffice_runs_no_formula_of_a_csv_or_a_workbook(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        lacking("LibreOffice is not installed")
    (tmp_path / "book.xlsx").write_bytes(planted_book())
    for slug, table in {answer.view.slug: answer.table for answer in planted_report().answers}.items():
        (tmp_path / f"{slug}.csv").write_text(to_csv(table), encoding="utf-8")
    (tmp_path / "a_formula.csv").write_text("text\n=1+1\n")
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=os.environ)
    found = {path.stem: formulas(load_workbook(path)) for path in (tmp_path / "out").iterdir()}
    assert len(found) == len(files)
    assert found.pop("a_formula") == ["=1+1"]
    assert {name: cells for name, cells in found.items() if cells} == {}


def formulas(book: Workbook) -> list[str]:
    """The cells of a workbook that would be run."""
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
