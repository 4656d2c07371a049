"""A report as one self-contained HTML page, without scripts or requests, for screen, paper and screen readers."""

import re
from itertools import groupby
from typing import Any

import pandas as pd
from markupsafe import Markup

from analytics.analyses.common.wording import count_text, share_interval_text
from analytics.catalog.view import View
from analytics.charts.theme import CONFIG, LABEL, Look, per_cent_text
from analytics.errors import ChartError
from analytics.reports.csv import cells
from analytics.reports.escaping import html_template
from analytics.reports.report.chart_images import chart_spec, images_or_errors
from analytics.reports.report.report import Answer, Report
from analytics.schema import Column, label_of
from analytics.value_formatting import four_digits_or_whole, number_texts, time_texts

ROWS_MAX = 2000
"""The most rows of a table in a report; the CSV always has all."""

WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f<>\"\\\\]+", re.IGNORECASE)
"""A text that becomes a link."""

ADDRESS_COLUMNS = ("url", "path", "other_path")
"""Columns that are not printed on paper."""

PAGE_COLOURS: dict[str, Any] = {
    "axis": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "domainColor": "currentColor",
        "tickColor": "currentColor",
        "gridOpacity": 0.5,
        "gridColor": "#9aa0a8",
    },
    "legend": {"labelColor": "currentColor", "titleColor": "currentColor"},
    "title": {"color": "currentColor"},
    "header": {"labelColor": "currentColor", "titleColor": "currentColor"},
    "background": None,
    "style": {LABEL: {**CONFIG["style"][LABEL], "color": "currentColor"}},
}
"""Vega-Lite settings with which text and axes take the colour of the page, light or dark."""


def to_html(report: Report) -> str:
    """The report as HTML; a chart that cannot be drawn is a sentence."""
    drawn = [answer for answer in report.answers if answer.view.has_chart(answer.table)]
    images = dict(
        zip(
            (answer.view.slug for answer in drawn),
            images_or_errors((chart_in_page_colours(each.view, each.table, each.look) for each in drawn), "svg"),
            strict=True,
        )
    )
    sections = [_section(answer, images.get(answer.view.slug)) for answer in report.answers]
    pages = [
        {"name": name, "anchor": f"page-{number}", "sections": list(found)}
        for number, (name, found) in enumerate(groupby(sections, key=lambda section: section["page"]), start=1)
    ]
    template = html_template("page.html.j2")
    return template.render(report=report, pages=pages, problems=_section(report.problems, None))


def chart_in_page_colours(view: View, table: pd.DataFrame, look: Look) -> dict[str, Any]:
    """A view's chart as Vega-Lite whose text and axes take the colour of the page that it stands on."""
    spec = chart_spec(view, table, look)
    for name, settings in PAGE_COLOURS.items():
        known = spec["config"].get(name)
        spec["config"][name] = {**known, **settings} if isinstance(known, dict) and settings else settings
    return spec


def _section(answer: Answer, picture: bytes | ChartError | None) -> dict[str, Any]:
    view, table = answer.view, answer.table
    shown = table.head(ROWS_MAX)
    total = f"{len(table):,}"
    return {
        "page": view.page,
        "slug": view.slug,
        "title": view.title,
        "question": view.question,
        "finding": answer.finding,
        "method": view.method,
        "options": ", ".join(f"{option.label}: {answer.options[option.name]}" for option in view.options),
        "picture": Markup(picture.decode()) if isinstance(picture, bytes) else None,
        "not_drawn": str(picture) if isinstance(picture, ChartError) else "",
        "tiles": _tiles(table) if view.tiles else [],
        "open": view.is_list,
        "total": total if len(shown) == len(table) else f"the first {ROWS_MAX:,} of {total}",
        "caption": f"{view.table.grain[0].upper()}{view.table.grain[1:]}.",
        "columns": [_column_header(column) for column in view.table.columns],
        "rows": list(zip(*(cell_texts(shown, column) for column in view.table.columns), strict=True)),
    }


def _tiles(figures: pd.DataFrame) -> list[dict[str, str]]:
    """The figures of the whole selection (`key_figures`): name, value, n and interval, value before."""
    return [
        {
            "name": label_of(row["figure"]),
            "value": _figure(row["value"], row["unit"]),
            "rests": f"n = {row['n']:,}" + (f" {share_interval_text(row)}" if pd.notna(row["low"]) else ""),
            "before": ""
            if pd.isna(row["previous_n"])
            else f"{_figure(row['previous'], row['unit'])} before (n = {row['previous_n']:,})",
        }
        for _, row in figures[figures["period"].isna()].iterrows()
    ]


def _figure(value: Any, unit: str) -> str:
    if pd.isna(value):
        return "–"
    if unit == "days ago":
        return f"{count_text(int(value), 'day')} ago"
    return per_cent_text(value) if unit == "share" else four_digits_or_whole(value)


def cell_texts(table: pd.DataFrame, column: Column) -> list[str]:
    """The cells of a column as people read them: numbers and times as on screen, web addresses as links."""
    values = table[column.name]
    if column.kind in ("number", "share", "whole"):
        return number_texts(table, column)
    if column.kind in ("time", "day"):
        return list(time_texts(values))
    if column.kind == "name":
        return list(values.map(column.label_of_name))
    return ["" if pd.isna(text) else _link_or_text(text) for text in cells(values, raw=True)]


def _link_or_text(text: str) -> str:
    """A web address as a link, any other text as text."""
    if not WEB_ADDRESS.fullmatch(text):
        return text
    return Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(text)


def _column_header(column: Column) -> dict[str, Any]:
    return {
        "label": column.label,
        "meaning": column.explanation,
        "style": "number"
        if column.kind in ("whole", "number", "share")
        else "address"
        if column.name in ADDRESS_COLUMNS
        else "text",
    }
