"""The files that the Reports page makes, cached for all readers who ask for the same."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import streamlit as st

from analytics.app.page_queue import give_up_turn
from analytics.catalog import VIEWS
from analytics.catalog.view import Value, View
from analytics.corpus.loader import Corpus
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData
from analytics.engine.slice_of import slice_of
from analytics.progress import Progress
from analytics.reports.available_views import given_or_available_views
from analytics.reports.bundle import bundle_bytes
from analytics.reports.csv import to_csv
from analytics.reports.report.files import WRITERS, write_chart_and_return_finding
from analytics.reports.report.report import build_report
from analytics.selection.selection import Selection

KEPT, BYTES = 8, 500_000_000
"""So many of the things made last are kept, for all readers together, and all but the last only up to this size."""


@dataclass(frozen=True)
class FileRequest:
    """What a reader asks for: a zip of tables, a report as html or xlsx, or a chart as svg, png or pdf.

    `views` are slugs; a chart has one, with its `options`. `made` is the date on a report.
    """

    form: str
    selection: Selection
    views: tuple[str, ...]
    title: str
    made: date
    parquet: bool = False
    excel: bool = False
    options: tuple[tuple[str, Value], ...] = ()
    side_data: SideData = NO_SIDE_DATA

    def key(self, corpus: Corpus, notes: pd.DataFrame) -> str:
        """The cache key: one canonical text of all that the file depends on."""
        selected = (corpus.cache_key, self.selection.text, to_csv(notes, raw=True), self.side_data.stamp)
        chosen = (self.views, self.title, str(self.made), self.parquet, self.excel, self.options)
        return json.dumps([self.form, *selected, *chosen])


def cached_report(order: FileRequest, corpus: Corpus, notes: pd.DataFrame) -> bytes | None:
    """The cached file of an order; None where there is none."""
    return all_cached().get(order.key(corpus, notes))


def make(order: FileRequest, corpus: Corpus, notes: pd.DataFrame, progress: Progress) -> bytes:
    """Make the file of an order, and cache it. Raises ExportError."""
    give_up_turn()
    if order.form == "zip":
        made = _bundle(order, corpus, notes, progress)
    elif order.form in WRITERS:
        made = _report(order, corpus, notes, progress)
    else:
        progress(0, 1, "Drawing the chart…")
        made = _chart(order, corpus, notes)
    held = all_cached()
    held[order.key(corpus, notes)] = made
    while len(held) > KEPT or (len(held) > 1 and sum(map(len, list(held.values()))) > BYTES):
        held.popitem(last=False)
    return made


def _bundle(order: FileRequest, corpus: Corpus, notes: pd.DataFrame, progress: Progress) -> bytes:
    return bundle_bytes(
        corpus,
        order.selection,
        views=_views(order),
        notes=notes,
        side_data=order.side_data,
        parquet=order.parquet,
        excel=order.excel,
        progress=progress,
    )


def _report(order: FileRequest, corpus: Corpus, notes: pd.DataFrame, progress: Progress) -> bytes:
    def tell(done: int, total: int, slug: str = "") -> None:
        progress(done, 2 * total, "Drawing the charts…" if done == total else f"{VIEWS[slug].title}…")

    report = build_report(
        corpus,
        order.selection,
        made=order.made,
        title=order.title,
        views=_views(order),
        notes=notes,
        side_data=order.side_data,
        progress=tell,
    )
    return WRITERS[order.form](report)


def _views(order: FileRequest) -> list[View] | None:
    """The views of an order; None for all available ones, so that the report names those that are not."""
    offered = tuple(view.slug for view in given_or_available_views(None, order.side_data).views)
    return None if order.views == offered else [VIEWS[slug] for slug in order.views]


def _chart(order: FileRequest, corpus: Corpus, notes: pd.DataFrame) -> bytes:
    with TemporaryDirectory() as scratch:
        target = Path(scratch) / f"chart.{order.form}"
        data = slice_of(corpus, order.selection, order.side_data)
        write_chart_and_return_finding(data, VIEWS[order.views[0]], dict(order.options), notes, target)
        return target.read_bytes()


@st.cache_resource(show_spinner=False)
def all_cached() -> OrderedDict[str, bytes]:
    """All cached files by key, shared by all readers."""
    return OrderedDict()
