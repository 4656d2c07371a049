"""From a row of an answer to its articles: what was picked, how many they are, the newest, and the ways on."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics.app import data, links, sidebar
from analytics.app.answer import Answer
from analytics.app.arrival import added
from analytics.app.text import plain
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.selection import Selection, parse
from analytics.view import Behind, Row

NEWEST = 5
"""How many articles are named at once."""

ENDS = {"period": "period_end", "first_day": "last_day", "score_from": "score_to"}


def bar(answer: Answer, place: int, key: str) -> None:
    """Say which row was picked, and lead to the articles behind it; `key` names the widget in which it was picked."""
    row = answer.row(place)
    with st.container(border=True, key=f"picked-{key}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(said(answer, row))}**", width="content")
            st.button("Close", on_click=answer.let_go, key=f"close-{key}", type="tertiary", icon=":material/close:")
        if answer.view.lists_articles:
            links.article_link("Open the article", str(row["path"]))
        for number, behind in enumerate(answer.view.behind):
            _set(behind, row, f"{key}-{number}")
        _newest(answer.view.behind, row)


def said(answer: Answer, row: Row) -> str:
    """A row in words: what tells it apart from the other rows."""
    if answer.view.lists_articles:
        return str(row["title"] if "title" in row.table and pd.notna(row["title"]) else row["path"])
    return ", ".join(_said(row, name) for name in answer.view.table.key)


def _said(row: Row, name: str) -> str:
    first = row[name]
    last = row[ENDS[name]] if ENDS.get(name) in row.table else first
    label = name.removesuffix("_from").replace("_", " ")
    if pd.isna(first):
        return f"no {label}"
    if isinstance(first, pd.Timestamp):
        return f"{first:%-d %b %Y}" if first == last else f"{first:%-d %b %Y} – {last:%-d %b %Y}"
    return f"{label} {first}" if pd.isna(last) or first == last else f"{label} {first} to {last}"


def _set(behind: Behind, row: Row, key: str) -> None:
    """One of the sets of articles behind a row: how many they are, and two ways to look at them."""
    n, selection = behind.n(row), behind.selection(row)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_counted(n, behind.name), width="content")
        if not n or selection is None:
            st.caption("There is nothing to read." if not n else "No filters can name just these.", width="content")
            return
        _read(row.part.selection, selection, key)
        st.button(
            "Keep as filter",
            on_click=sidebar.take,
            args=(selection,),
            key=f"keep-{key}",
            type="tertiary",
            icon=":material/filter_alt:",
        )


def _read(current: Selection, wanted: Selection, key: str) -> None:
    """The way to the Articles page: a link where it can be, for the browser's way back."""
    more = added(current, wanted)
    if more:
        st.page_link(links.page(links.ARTICLES), label="Read them", query_params=more, width="content")
    else:
        st.button(
            "Read them",
            on_click=links.open_articles,
            args=(wanted,),
            key=f"read-{key}",
            type="tertiary",
            icon=":material/table_rows:",
        )


def _counted(n: int, name: str) -> str:
    noun = "article" if n == 1 else "articles"
    return f"**{n:,}** {noun}" if name == "articles" else f"**{n:,}** {noun}: {plain(name)}"


def _newest(sets: Sequence[Behind], row: Row) -> None:
    """Links to the newest articles of the first set that has some."""
    loaded = data.corpus()
    leading = [(behind.n(row), chosen) for behind in sets if behind.n(row) and (chosen := behind.selection(row))]
    if not leading:
        return
    n, selection = leading[0]
    rows = _newest_rows(f"{loaded.fingerprint}\n{selection.filters.text}", loaded)
    st.caption("The newest:" if n > len(rows) else "These:")
    with st.container(gap="xsmall"):
        for path, title, day in zip(rows["path"], rows["title"], rows["published_at"], strict=True):
            name = title if pd.notna(title) else path
            links.article_link(plain(name if pd.isna(day) else f"{day:%Y-%m-%d} · {name}"), path)


@st.cache_data(show_spinner=False, max_entries=200)
def _newest_rows(key: str, _corpus: Corpus) -> pd.DataFrame:
    part = Slice(_corpus, parse(key.split("\n")[1]))
    return part.rows("day", limit=NEWEST)[["path", "title", "published_at"]]
