"""The What changed page: the corpus compared with what it was at the start of a day."""

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from analytics.analyses.comparison.snapshots import ARTICLE_CHANGES, PROVIDER_CHANGES
from analytics.analyses.overview import BIGGEST_CHANGES
from analytics.app import answers, page_links, sidebar
from analytics.app.action_messages import add_page_style
from analytics.app.csv_downloads import for_excel
from analytics.app.escaping import escaped
from analytics.app.page_queue import give_up_turn
from analytics.app.result_cache import cached
from analytics.app.tables import show_table, table_expander
from analytics.errors import CorpusError
from analytics.history.as_of import corpus_before
from analytics.reports.changes_digest import (
    FORMATS,
    LAST_DAYS,
    LISTED,
    SUFFIXES,
    Digest,
    Format,
    digest_since,
    first_of_newest_days,
    provider_and_change,
)

SINCE = "since"
"""The part of the link that holds the day."""

EARLIEST, LATEST = date(1970, 1, 2), date(2099, 12, 31)

MIMES: dict[Format, str] = {
    "markdown": "text/markdown",
    "html": "text/html",
    "csv": "text/csv",
    "json": "application/json",
}

NAMES: dict[Format, str] = {"markdown": "Markdown", "html": "HTML", "csv": "CSV", "json": "JSON"}

NEEDED = (
    "This page needs a corpus with a git history that has a commit from before the chosen day: the folder of a "
    "repository, a revision of it, or a folder with a bundle beside it. All other pages work without."
)

LINKS = {
    "link": st.column_config.LinkColumn("Article", display_text=":material/article:", width=60),
    "url": st.column_config.LinkColumn("Original", display_text=":material/open_in_new:", width=80),
}
"""Columns of links: how they are shown."""


def show() -> None:
    """Draw the page."""
    add_page_style()
    st.title(page_links.CHANGED)
    for notice in [*sidebar.notices(), *_refused()]:
        st.warning(escaped(notice), icon=":material/link_off:")
    st.date_input(
        "Since the day (UTC)",
        value=None,
        min_value=EARLIEST,
        max_value=LATEST,
        key=SINCE,
        bind="query-params",
        format="YYYY-MM-DD",
        width=220,
        help=f"Without one, the last {LAST_DAYS} days that the corpus covers.",
    )
    loaded = answers.corpus()
    day = st.session_state[SINCE] or first_of_newest_days(loaded)
    if day is None:
        st.info("No article has a date, so there are no last days. Choose a day.", icon=":material/event:")
        return
    try:
        give_up_turn()
        with st.spinner("Comparing with the corpus as it was…", show_time=True):
            before = corpus_before(loaded, day).fingerprint
            found = cached(lambda: digest_since(loaded, day), "digest", loaded.cache_key, before, day)
    except CorpusError as error:
        st.info(escaped(str(error)), icon=":material/history_toggle_off:")
        st.caption(NEEDED)
        return
    _answer(found, day)


def _refused() -> list[str]:
    """A notice, in a list, when the day in the link is invalid."""
    for value in st.query_params.get_all(SINCE):
        try:
            if EARLIEST <= date.fromisoformat(value) <= LATEST:
                continue
        except ValueError:
            pass
        return [f"since={value} is not a day from {EARLIEST} to {LATEST}. Write it as 2024-03-31."]
    return []


def _answer(found: Digest, day: date) -> None:
    st.markdown("\n".join(f"- {escaped(sentence)}" for sentence in found.sentences))
    st.caption(
        f"{escaped(found.title)}. The corpus as it was opened against the last commit before the day; the filters "
        "on the left do not act here. All times are UTC."
    )
    _downloads(found, day)
    kinds = found.changes_by_kind()
    with st.container(horizontal=True, gap="small"):
        for kind, rows in kinds:
            st.metric(kind.capitalize(), f"{len(rows):,}", border=True, width=200)
    for kind, rows in kinds:
        st.header(f"{kind.capitalize()} ({len(rows):,})")
        _listed(kind, rows)
    st.header("Providers and topics")
    st.markdown(f"**Providers** that are new, have fallen silent or are gone: {len(found.providers):,}")
    table_expander(found.providers, PROVIDER_CHANGES)
    st.markdown(f"**Topics** whose shares are compared: {len(found.topics):,}")
    table_expander(found.topics, BIGGEST_CHANGES)


def _downloads(found: Digest, day: date) -> None:
    """Draw the download of the digest in each format; the CSV and the JSON have every change."""
    with st.container(horizontal=True, gap="small"):
        for form in FORMATS:
            st.download_button(
                f"Download {NAMES[form]}",
                partial(found.render, form, excel=for_excel()),
                file_name=f"what_changed_since_{day}.{SUFFIXES[form]}",
                mime=MIMES[form],
                on_click="ignore",
                icon=":material/download:",
                key=f"digest-{form}",
            )


def _listed(kind: str, rows: pd.DataFrame) -> None:
    """The first articles of a kind, each with the link to its page, and all of them folded up."""
    with st.container(key=f"article-changes-{kind.replace(' ', '-')}", gap="xsmall"):
        for _, row in rows.head(LISTED).iterrows():
            title = escaped(row["path"] if pd.isna(row["title"]) else row["title"])
            said = escaped(provider_and_change(row))
            if kind == "removed":
                st.markdown(f"{title} :small[{said}]")
            else:
                page_links.article_link(f"{title} :small[{said}]", row["path"], icon="")
    if len(rows) > LISTED:
        with st.expander(f"All {len(rows):,}"):
            _table(kind, rows)


def _table(kind: str, rows: pd.DataFrame) -> None:
    shown = rows.drop(columns=["change", "collection"]).dropna(axis="columns", how="all")
    if kind != "removed":
        shown.insert(0, "link", rows["path"].map(page_links.article_address))
    show_table(shown, ARTICLE_CHANGES, LINKS, alt=f"All articles {kind}", key=f"all-{kind}")
