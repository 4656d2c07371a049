"""A report or a chart as a file of its own, in the form that the name of the file asks for."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from analytics.catalog.view import Value, View
from analytics.engine.slice import Slice
from analytics.errors import ExportError
from analytics.reports.bundle import packaging
from analytics.reports.report import chart_images
from analytics.reports.report.availability import chosen
from analytics.reports.report.html import to_html
from analytics.reports.report.report import Report, answered
from analytics.reports.report.workbook import to_workbook

WRITERS: dict[str, Callable[[Report], bytes]] = {
    "html": lambda report: to_html(report).encode(),
    "xlsx": to_workbook,
}
"""Form of a report → how it is written."""


def report_form(target: Path) -> str:
    """The form of a report's file. Raises ExportError on another ending."""
    return _form(target, tuple(WRITERS), "report")


def write_report(report: Report, target: Path) -> None:
    """Put a report in place of a file. Raises ExportError: what stood there before is untouched."""
    packaging.write(target, WRITERS[report_form(target)](report))


def write_chart(data: Slice, view: View, options: Mapping[str, Value], notes: pd.DataFrame, target: Path) -> str:
    """Put a view's chart as SVG, PNG or PDF in place of a file; returns its finding.

    Raises ViewError when the view lacks what it needs beside the articles, ExportError when there is nothing to draw or
    it cannot be written: what stood there before is untouched.
    """
    chosen([view], data.side_data)
    form = _form(target, chart_images.FORMS, "chart")
    answer = next(answered(data, [view], {view.slug: options}, notes))
    if answer.table.empty:
        raise ExportError(f"There is nothing to draw: {answer.finding} No file was written.")
    spec = chart_images.chart_spec(view, answer.table, answer.look, heading=[view.question, answer.finding])
    packaging.write(
        target, next(chart_images.pictures([spec], next(each for each in chart_images.FORMS if each == form)))
    )
    return answer.finding


def _form(target: Path, forms: tuple[str, ...], what: str) -> str:
    form = target.suffix.lower().removeprefix(".")
    if form not in forms:
        endings = " or ".join(f".{each}" for each in forms)
        raise ExportError(f"{target}: a {what} is a file that ends in {endings}.")
    return form
