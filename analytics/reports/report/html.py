"""A report as one self-contained page: no script, no request, light and dark, for screen, paper and screen reader."""

import re
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analytics.analyses.common.wording import interval_text
from analytics.charts.theme import per_cent
from analytics.reports.csv import cells
from analytics.reports.report.chart_images import chart_spec, pictures
from analytics.reports.report.report import Answer, Report
from analytics.schema import Column

ROWS_MAX = 2000
"""The longest table that a report shows whole; the CSV always has all rows."""

WEB = re.compile(r"https?://[^\s\x00-\x1f<>\"\\\\]+", re.IGNORECASE)
"""An address that becomes a link."""

ADDRESSES = ("url", "path", "other_path")
"""Columns that paper has no use for."""

INKED: dict[str, Any] = {
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
}
"""Text and axes take the colour of the page, which is light or dark."""


def to_html(report: Report) -> str:
    """The report as HTML. Raises ExportError when a chart cannot be drawn."""
    drawn = [answer for answer in report.answers if not answer.table.empty]
    images = dict(zip((answer.view.slug for answer in drawn), pictures(map(_inked, drawn), "svg"), strict=True))
    sections = [_section(answer, images.get(answer.view.slug)) for answer in report.answers]
    pages = [
        {"name": name, "anchor": f"page-{name.lower().replace(' ', '-')}", "sections": list(found)}
        for name, found in groupby(sections, key=lambda section: section["page"])
    ]
    loader = PackageLoader("analytics.reports", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.get_template("page.html.j2")
    return template.render(report=report, pages=pages, problems=_section(report.problems, None))


def _inked(answer: Answer) -> dict[str, Any]:
    spec = chart_spec(answer.view, answer.table, answer.look)
    for name, settings in INKED.items():
        known = spec["config"].get(name)
        spec["config"][name] = {**known, **settings} if isinstance(known, dict) and settings else settings
    return spec


def _section(answer: Answer, picture: bytes | None) -> dict[str, Any]:
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
        "picture": Markup(picture.decode()) if picture else None,
        "tiles": _tiles(table) if view.tiles else [],
        "open": view.table_open,
        "total": total if len(shown) == len(table) else f"the first {ROWS_MAX:,} of {total}",
        "caption": f"{view.table.grain[0].upper()}{view.table.grain[1:]}.",
        "columns": [_head(column) for column in view.table.columns],
        "rows": list(zip(*(texts(shown[column.name], column) for column in view.table.columns), strict=True)),
    }


def _tiles(figures: pd.DataFrame) -> list[dict[str, str]]:
    """The figures of the whole selection (`key_figures`): name, value, and what it rests on."""
    return [
        {
            "name": row["figure"].replace("_", " ").capitalize(),
            "value": _figure(row["value"], row["unit"]),
            "rests": f"n = {row['n']:,}" + (f" {interval_text(row)}" if pd.notna(row["low"]) else ""),
            "before": ""
            if pd.isna(row["previous_n"])
            else f"{_figure(row['previous'], row['unit'])} before (n = {row['previous_n']:,})",
        }
        for _, row in figures[figures["period"].isna()].iterrows()
    ]


def _figure(value: Any, unit: str) -> str:
    return "–" if pd.isna(value) else per_cent(value) if unit == "share" else digits(value)


def texts(values: pd.Series, column: Column) -> list[str]:
    """The cells of a column as people read them: numbers to four digits, web addresses as links."""
    if column.kind in ("number", "share", "whole"):
        return ["" if pd.isna(value) else digits(value) for value in values]
    return ["" if pd.isna(text) else _linked(text) for text in cells(values, raw=True)]


def digits(value: float) -> str:
    """A number to four digits, with all those before the point: 12,346 and 0.6429 and 0.00001235."""
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return np.format_float_positional(value, precision=4, unique=False, fractional=False, trim="-")


def _linked(text: str) -> str:
    """A web address as a link, any other text as text."""
    if not WEB.fullmatch(text):
        return text
    return Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(text)


def _head(column: Column) -> dict[str, Any]:
    unit = f" ({column.unit})" if column.unit else ""
    return {
        "name": column.name,
        "meaning": f"{column.meaning}{unit}",
        "style": "number"
        if column.kind in ("whole", "number", "share")
        else "address"
        if column.name in ADDRESSES
        else "text",
    }
