"""A report as a workbook: a sheet a view with typed cells and its chart, and a first sheet that says what it is."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pandas as pd
from xlsxwriter import Workbook

from analytics.errors import ChartError
from analytics.reports.csv import cells
from analytics.reports.report.chart_images import chart_spec, images_or_errors
from analytics.reports.report.report import Answer, Report
from analytics.schema import SHARE, UNIT_OF_ROW, Column, Kind, row_units
from analytics.value_formatting import is_date_only

CELL_FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {},
    "label": {},
    "name": {},
    "flag": {},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "time": {"num_format": 'yyyy-mm-dd hh:mm "UTC"'},
    "day": {"num_format": "yyyy-mm-dd"},
}
"""How a column of a kind is shown; the cell holds the whole value."""

WITHOUT_UNIT: dict[Kind, dict[str, Any]] = {"whole": {"num_format": "0"}, "number": {"num_format": "0.0000"}}
"""The same for numbers that count or measure nothing: years, lines and ranks; q values, indices and coefficients."""

ROWS_MAX = 1_048_575
"""Rows below the header that a sheet can have."""

TEXT_MAX = 32_767
"""Characters that a cell can have."""

FIRST_DAY = date(1900, 3, 1)
"""Earlier days are text: spreadsheets have no number for them, or differ by the 29 February 1900 that Excel counts."""

CONTENTS, COLUMNS = "Contents", "Columns"


def to_workbook(report: Report) -> bytes:
    """The report as an .xlsx file; the same report gives the same bytes.

    No cell is a formula: text that a spreadsheet would run as one gets a leading `'`, as in the CSV. Times are UTC.
    A chart that cannot be drawn is a sentence.
    """
    held = BytesIO()
    made = datetime(report.made.year, report.made.month, report.made.day, tzinfo=UTC).replace(tzinfo=None)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with Workbook(held, options) as book:
        book.set_properties({"title": report.title, "created": made})
        _write_contents(book, report)
        drawn = [answer for answer in report.answers if answer.view.has_chart(answer.table)]
        images = dict(
            zip(
                (answer.view.slug for answer in drawn),
                images_or_errors(map(_chart_for_paper, drawn), "png"),
                strict=True,
            )
        )
        for answer in report.answers:
            _write_view(book, answer, images.get(answer.view.slug))
        _write_dictionary(book, report.answers)
    return held.getvalue()


def sheet_name(slug: str) -> str:
    """The name of a view's sheet: its slug, cut to the 31 characters that such a name can have."""
    return slug[:31]


def _chart_for_paper(answer: Answer) -> dict[str, Any]:
    return chart_spec(answer.view, answer.table, answer.look, heading=[answer.view.question, answer.finding])


def _write_contents(book: Any, report: Report) -> None:
    sheet, bold, wrapped = book.add_worksheet(CONTENTS), book.add_format({"bold": True}), _wrapped_format(book)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 70)
    sheet.set_column(3, 3, 24)
    sheet.write_string(0, 0, report.title, book.add_format({"bold": True, "font_size": 16}))
    row = 2
    for name, fact in report.cover.items():
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, _formula_safe(fact), wrapped)
        row += 1
    for sentence in report.summary:
        row += 1
        sheet.write_string(row, 1, _formula_safe(sentence), wrapped)
    for days, text in report.notes:
        row += 1
        sheet.write_string(row, 0, f"Note, {days}", bold)
        sheet.write_string(row, 1, _formula_safe(text), wrapped)
    row += 2
    for place, head in enumerate(("View", "Question", "Answer", "Rows")):
        sheet.write_string(row, place, head, bold)
    for answer in report.answers:
        row += 1
        sheet.write_url(row, 0, f"internal:'{sheet_name(answer.view.slug)}'!A1", string=answer.view.title)
        sheet.write_string(row, 1, answer.view.question, wrapped)
        sheet.write_string(row, 2, _formula_safe(answer.finding), wrapped)
        sheet.write_string(row, 3, _row_count(len(answer.table)), wrapped)
    for sentence in report.left_out:
        row += 1
        sheet.write_string(row, 0, sentence)


def _row_count(n: int) -> str:
    return f"{n:,}" if n <= ROWS_MAX else f"the first {ROWS_MAX:,} of {n:,}"


def _write_view(book: Any, answer: Answer, picture: bytes | ChartError | None) -> None:
    sheet = book.add_worksheet(sheet_name(answer.view.slug))
    columns, table = answer.view.table.columns, answer.table.head(ROWS_MAX)
    head = book.add_format({"bold": True, "bottom": 1})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, _formula_safe(column.label), head)
        sheet.set_column(place, place, 40 if column.name in ("title", "message", "meaning") else 14)
        styles = _cell_styles(book, table, column)
        for row, (value, style) in enumerate(zip(_cell_values(table[column.name], column), styles, strict=True), 1):
            _write_cell(sheet, row, place, value, style)
    sheet.freeze_panes(1, 0)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(columns) - 1)
    if isinstance(picture, ChartError):
        sheet.write_string(1, len(columns) + 1, _formula_safe(str(picture)))
    elif picture is not None:
        options = {"image_data": BytesIO(picture), "x_scale": 0.5, "y_scale": 0.5, "description": answer.finding}
        sheet.insert_image(1, len(columns) + 1, f"{answer.view.slug}.png", options)


def _write_dictionary(book: Any, answers: Iterable[Answer]) -> None:
    sheet, bold, wrapped = (
        book.add_worksheet(COLUMNS),
        book.add_format({"bold": True, "bottom": 1}),
        _wrapped_format(book),
    )
    sheet.set_column(0, 4, 18)
    sheet.set_column(5, 5, 90)
    for place, name in enumerate(("sheet", "header", "column of the CSV", "type", "unit", "meaning")):
        sheet.write_string(0, place, name, bold)
    lines = [
        (sheet_name(answer.view.slug), column.label, column.name, column.kind, column.unit, column.meaning)
        for answer in answers
        for column in answer.view.table.columns
    ]
    for row, line in enumerate(lines, start=1):
        for place, text in enumerate(line):
            sheet.write_string(row, place, text, wrapped)
    sheet.freeze_panes(1, 0)


def _cell_styles(book: Any, table: pd.DataFrame, column: Column) -> list[Any]:
    """The format of each cell of a column; that of a day for a time that is only a date."""
    kinds = CELL_FORMATS if column.unit else CELL_FORMATS | WITHOUT_UNIT
    own = book.add_format(kinds["share" if column.is_share else column.kind])
    if column.kind == "time":
        day = book.add_format(CELL_FORMATS["day"])
        return [day if alone else own for alone in is_date_only(table[column.name])]
    if column.unit != UNIT_OF_ROW:
        return [own] * len(table)
    share = book.add_format(CELL_FORMATS["share"])
    return [share if unit == SHARE else own for unit in row_units(table)]


def _cell_values(values: pd.Series, column: Column) -> Iterator[Any]:
    """The cells of a column as Python values, None where one is missing; times to the second, as in the CSV, since a
    spreadsheet would round the last half second of a day to the next day."""
    if column.kind in ("text", "label", "name", "flag"):
        values = cells(values)
    elif column.kind == "time":
        values = values.dt.tz_localize(None).dt.floor("s")
    for value in values:
        if pd.isna(value):
            yield None
        elif column.kind in ("time", "day"):
            yield value.to_pydatetime()
        else:
            yield value if isinstance(value, str) else float(value) if column.kind != "whole" else int(value)


def _write_cell(sheet: Any, row: int, place: int, value: Any, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, place, value if len(value) <= TEXT_MAX else f"{value[: TEXT_MAX - 1]}…", style)
    elif isinstance(value, datetime) and value.date() < FIRST_DAY:
        sheet.write_string(row, place, f"{value:%Y-%m-%d %H:%M UTC}".removesuffix(" 00:00 UTC"))
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value, style)
    else:
        sheet.write_number(row, place, value, style)


def _formula_safe(text: str) -> str:
    return str(cells(pd.Series([text], dtype="str")).iloc[0])


def _wrapped_format(book: Any) -> Any:
    return book.add_format({"text_wrap": True, "valign": "top"})
