"""A report or a chart as one file, in the format that the ending of its name says."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from analytics.catalog.view import Value, View
from analytics.engine.slice import Slice
from analytics.errors import ExportError
from analytics.reports import export_files
from analytics.reports.available_views import given_or_available_views
from analytics.reports.report import chart_images
from analytics.reports.report.html import to_html
from analytics.reports.report.report import Report, view_answers
from analytics.reports.report.workbook import to_workbook

WRITERS: dict[str, Callable[[Report], bytes]] = {
    "html": lambda report: to_html(report).encode(),
    "xlsx": to_workbook,
}
"""Format of a report → its writer."""


def report_format(target: Path) -> str:
    """The format of a report's file by its ending. Raises ExportError on another ending."""
    return _format_of(target, tuple(WRITERS), "report")


def chart_format(target: Path) -> str:
    """The format of a chart's file by its ending. Raises ExportError on another ending."""
    return _format_of(target, chart_images.IMAGE_FORMATS, "chart")


def check_chart(view: View, target: Path) -> str:
    """The format of the file of a view's chart. Raises ExportError on another ending, and for a list."""
    form = chart_format(target)
    if view.is_list:
        raise ExportError(f"{view.slug} is a list and has no chart. Take its table: article-analytics export --view.")
    return form


def write_report(report: Report, target: Path) -> None:
    """Write a report to a file atomically. Raises ExportError; then the file is unchanged."""
    export_files.write_file_atomically(target, WRITERS[report_format(target)](report))


def write_chart_and_return_finding(
    data: Slice, view: View, options: Mapping[str, Value], notes: pd.DataFrame, target: Path
) -> str:
    """Write a view's chart as SVG, PNG or PDF to a file atomically; returns its finding.

    Raises ViewError when the view lacks its side data, ExportError when it is a list, there is nothing to draw or the
    file cannot be written; then it is unchanged.
    """
    given_or_available_views([view], data.side_data)
    form = check_chart(view, target)
    answer = next(view_answers(data, [view], {view.slug: options}, notes))
    if not view.has_chart(answer.table):
        raise ExportError(f"There is nothing to draw: {answer.finding} No file was written.")
    spec = chart_images.chart_spec(view, answer.table, answer.look, heading=[view.question, answer.finding])
    export_files.write_file_atomically(
        target,
        next(chart_images.render_charts([spec], next(each for each in chart_images.IMAGE_FORMATS if each == form))),
    )
    return answer.finding


def _format_of(target: Path, forms: tuple[str, ...], what: str) -> str:
    form = target.suffix.lower().removeprefix(".")
    if form not in forms:
        endings = " or ".join(f".{each}" for each in forms)
        raise ExportError(f"{target}: a {what} is a file that ends in {endings}.")
    return form
