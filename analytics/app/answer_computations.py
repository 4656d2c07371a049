"""The computations behind cards and pages: functions of a slice that a worker process can run."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import pandas as pd

from analytics.catalog import VIEWS
from analytics.catalog.view import Value
from analytics.charts.interactive import InteractiveChart, interactive_chart
from analytics.engine.slice import Slice
from analytics.reports.briefing.briefing import build_briefing
from analytics.selection.fields import Length

Result = TypeVar("Result")
Task = Callable[[Slice], Result]
"""What is computed of a slice: a function of this module, or a partial of one."""


def table_and_finding(data: Slice, slug: str, options: Mapping[str, Value]) -> tuple[pd.DataFrame, str]:
    """The table of a view with its options, and its finding."""
    view = VIEWS[slug]
    table = view.answer(data, options)
    return table, view.full_finding(data, table)


def chart(
    _: Slice,
    slug: str,
    table: pd.DataFrame,
    options: Mapping[str, Value],
    colours: Mapping[str, str],
    notes: pd.DataFrame,
) -> InteractiveChart:
    """The chart of a view's table, ready to draw, with notes on its time axes."""
    view = VIEWS[slug]
    rows, time = bool(view.drill_downs) or view.lists_articles, "period" in view.table.names
    return interactive_chart(view.draw, table, view.look(options, colours, notes), pick_rows=rows, drag_time=time)


def briefing_fields(data: Slice, length: Length | None) -> dict[str, Any]:
    """The fields of a `Briefing` except `data`, by name; of the newest days of a length, or of the slice's own days."""
    found = build_briefing(data, length)
    return {part.name: getattr(found, part.name) for part in fields(found) if part.name != "data"}
