"""The cards of the Compare page: the catalog's views of a comparison."""

import json
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics.app import data
from analytics.app.compare_state import Side
from analytics.app.options import options as options_of
from analytics.app.text import plain
from analytics.catalog.compare import COMPARED
from analytics.charts.theme import Look, Panels
from analytics.corpus.loader import Corpus
from analytics.engine.comparison import compared, read_side, side_text
from analytics.reports.csv import file_name, to_csv
from analytics.selection import Selection
from analytics.view import Value, View


def table(slug: str, sides: Sequence[Side], options: dict[str, Value] | None = None) -> pd.DataFrame:
    """A view's table of some selections, kept by corpus, view, names, texts and options."""
    loaded = data.corpus()
    held = [[side.name, side_text(side.selection)] for side in sides]
    return _table(json.dumps([loaded.fingerprint, slug, held, options or COMPARED[slug].defaults()]), loaded)


def card(view: View, sides: Sequence[Side], *, said_above: bool = False) -> None:
    """Draw one view; its answer in words stands already `said_above`, or here."""
    with st.container(border=True, key=f"card-{view.slug}"):
        st.header(view.title, anchor=view.slug)
        st.markdown(f"**{view.question}**")
        options = options_of(view, 170)
        found = table(view.slug, sides, options)
        said = view.finding(found)
        if not said_above:
            st.markdown(plain(said))
        if found.empty:
            return
        drawn = view.draw(found, Look(options, {side.name: side.colour for side in sides}))
        charts = drawn.charts if isinstance(drawn, Panels) else (drawn,)
        for place, chart in zip(st.columns(len(charts)), charts, strict=True):
            place.altair_chart(chart, width="stretch", alt=said)
        st.caption(view.method)
        _numbers(view, found, sides, options)


def _numbers(view: View, found: pd.DataFrame, sides: Sequence[Side], options: dict[str, Value]) -> None:
    with st.expander(f"Table and CSV ({len(found):,} rows)"):
        columns = {
            column.name: st.column_config.Column(help=" ".join(filter(None, [column.meaning, column.unit])))
            for column in view.table.columns
        }
        st.dataframe(found, hide_index=True, column_config=columns, alt=f"The numbers of the chart: {view.table.grain}")
        held = {side.slot: f"{side.name}\n{side.selection.text}" for side in sides}
        st.download_button(
            "Download CSV",
            to_csv(found),
            file_name=file_name(view.slug, Selection(), {**options, **held}),
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key=f"{view.slug}-csv",
        )


@st.cache_data(show_spinner=False, max_entries=200)
def _table(key: str, _corpus: Corpus) -> pd.DataFrame:
    _, slug, held, options = json.loads(key)
    names, texts = zip(*held, strict=True)
    return COMPARED[slug].answer(compared(_corpus, [read_side(text) for text in texts], names), options)
