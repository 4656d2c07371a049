"""A comparison of selections as text for a terminal, as JSON, or one of its tables as CSV."""

import json
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from analytics.catalog.comparison import COMPARED
from analytics.catalog.view import ComparisonView
from analytics.engine.side_by_side import Comparison
from analytics.errors import ViewError
from analytics.reports.check import printable
from analytics.reports.csv import to_csv

Format = Literal["text", "json", "csv"]


def written(comparison: Comparison, form: Format, slugs: Sequence[str] = ()) -> str:
    """The tables of a comparison, all or those named, in one form; ends with a line break.

    A CSV holds one table: the one named, else the differences. Raises ViewError on an unknown name, or several.
    """
    views = [_view(slug) for slug in slugs]
    if form == "csv":
        if len(views) > 1:
            raise ViewError(f"A CSV holds one table, not {len(views)}. Name one --view.")
        return to_csv((views or [COMPARED["compared_differences"]])[0].answer(comparison))
    chosen = views or list(COMPARED.values())
    return _json(comparison, chosen) if form == "json" else _text(comparison, chosen)


def _view(slug: str) -> ComparisonView:
    if slug not in COMPARED:
        raise ViewError(f"A comparison has no view {slug!r}; it has {', '.join(COMPARED)}.")
    return COMPARED[slug]


def _json(comparison: Comparison, views: Sequence[ComparisonView]) -> str:
    tables = {view.slug: view.answer(comparison) for view in views}
    found = {
        "selections": [
            {"name": name, "selection": data.selection.text, "articles": data.n} for name, data in comparison.sides
        ],
        "findings": {view.slug: view.finding(tables[view.slug]) for view in views},
        "tables": {slug: json.loads(table.to_json(orient="records")) for slug, table in tables.items()},
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _text(comparison: Comparison, views: Sequence[ComparisonView]) -> str:
    width = max(map(len, comparison.names))
    lines = [f"{name:<{width}}  {data.n:>8,}  {data.selection.in_words()}" for name, data in comparison.sides]
    for view in views:
        table = view.answer(comparison)
        lines += ["", f"{view.title} ({view.slug})", view.finding(table), "", *_rows(table).splitlines()]
    return "\n".join(map(printable, lines)) + "\n"


def _rows(table: pd.DataFrame) -> str:
    shown = table.astype("object").mask(table.isna(), float("nan"))
    return shown.to_string(index=False, na_rep="–", float_format="{:.4g}".format)
