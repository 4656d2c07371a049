"""A comparison of selections as text for a terminal, as JSON, or one of its tables as CSV."""

import json
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from analytics.catalog.comparison import COMPARED
from analytics.catalog.view import ComparisonView
from analytics.engine.comparison import Comparison
from analytics.errors import ViewError
from analytics.reports.csv import to_csv
from analytics.reports.escaping import printable

Format = Literal["text", "json", "csv"]


def comparison_text(
    comparison: Comparison, file_format: Format, views: Sequence[ComparisonView], *, excel: bool = False
) -> str:
    """The tables of a comparison in a format, with a line break at the end; a CSV holds the first of them."""
    if file_format == "csv":
        return to_csv(views[0].answer(comparison), excel=excel)
    return _as_json(comparison, views) if file_format == "json" else _as_text(comparison, views)


def views_to_show(file_format: Format, slugs: Sequence[str] = ()) -> list[ComparisonView]:
    """The tables of a comparison in a format: those named, else all; in a CSV one, by default the differences.

    Raises ViewError on an unknown name, and on several for a CSV.
    """
    views = [_compared_view(slug) for slug in slugs]
    if file_format != "csv":
        return views or list(COMPARED.values())
    if len(views) > 1:
        raise ViewError(f"A CSV holds one table, not {len(views)}. Name one --view.")
    return views or [COMPARED["compared_differences"]]


def _compared_view(slug: str) -> ComparisonView:
    if slug not in COMPARED:
        raise ViewError(f"A comparison has no view {slug!r}; it has {', '.join(COMPARED)}.")
    return COMPARED[slug]


def _as_json(comparison: Comparison, views: Sequence[ComparisonView]) -> str:
    tables = {view.slug: view.answer(comparison) for view in views}
    found = {
        "selections": [
            {"name": name, "selection": data.selection.text, "articles": data.n} for name, data in comparison.sides
        ],
        "findings": {view.slug: view.finding(tables[view.slug]) for view in views},
        "tables": {slug: json.loads(table.to_json(orient="records")) for slug, table in tables.items()},
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _as_text(comparison: Comparison, views: Sequence[ComparisonView]) -> str:
    width = max(map(len, comparison.names))
    lines = [f"{name:<{width}}  {data.n:>8,}  {data.selection.in_words()}" for name, data in comparison.sides]
    for view in views:
        table = view.answer(comparison)
        lines += ["", f"{view.title} ({view.slug})", view.finding(table), "", *_table_text(table).splitlines()]
    return "\n".join(map(printable, lines)) + "\n"


def _table_text(table: pd.DataFrame) -> str:
    shown = table.astype("object").mask(table.isna(), float("nan"))
    return shown.to_string(index=False, na_rep="–", float_format="{:.4g}".format)
