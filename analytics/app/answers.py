"""What the pages share and keep: the corpus, the colours, and the tables of the views."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import streamlit as st

from analytics.analyses.common.labels import top_labels
from analytics.app import corpus_cache, review_store
from analytics.catalog import VIEWS
from analytics.catalog.view import Requirement, Value, View
from analytics.charts.theme import COLOURS, palette
from analytics.corpus.loader import Corpus
from analytics.engine.side_data import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice
from analytics.history.as_of import corpus_for
from analytics.reports.availability import missing_data
from analytics.selection.selection import Selection, parse
from analytics.settings import corpus_path


def corpus() -> Corpus:
    """The corpus that the dashboard shows."""
    return corpus_cache.shelf().corpus(_path())


def corpus_name() -> str:
    """Name of the corpus's folder, for the reader."""
    return Path(_path()).name or corpus().name


def is_stale() -> bool:
    """Whether the corpus has changed on the disk since it was loaded."""
    loaded = corpus()
    if len(loaded.articles) > corpus_cache.WATCHED_FILES:
        return False
    return corpus_cache.changed(_path(), loaded.stamp)


def reload() -> None:
    """Load the corpus anew, with what has changed."""
    corpus_cache.shelf().drop(_path())


def colours() -> dict[str, str]:
    """The colour of each frequent topic and provider, the same on every page and under every filter."""
    loaded = corpus()
    return _colours(loaded.fingerprint, loaded)


def labels(key: str) -> list[str]:
    """The labels of a key in the whole corpus, most frequent first."""
    loaded = corpus()
    return _labels(f"{loaded.fingerprint}\n{key}", loaded)


def problem_codes() -> list[str]:
    """The kinds of problem that the corpus has."""
    return sorted(corpus().problems["code"].cat.categories)


def table(slug: str, selection: Selection, options: dict[str, Value]) -> pd.DataFrame:
    """A view's table, kept by corpus, view, selection and options (one canonical text, so that no two keys collide)."""
    loaded, known = corpus(), side_data(VIEWS[slug].requires)
    chosen = "&".join(f"{name}={value}" for name, value in sorted(options.items()))
    return _table("\n".join((loaded.fingerprint, slug, selection.text, chosen, known.stamp)), loaded, known)


def side_data(requires: Requirement) -> SideData:
    """What views that need more than articles read: the history of the corpus, or what was reviewed."""
    if requires == "reviewed":
        return SideData(reviewed=review_store.reviewed(corpus()))
    if requires == "history":
        return SideData(history=corpus_cache.shelf().history(_path()))
    return NO_SIDE_DATA


def beside_of(slugs: Iterable[str]) -> SideData:
    """What some views together need beside the articles, as far as it is there."""
    requires = {VIEWS[slug].requires for slug in slugs}
    return SideData(
        side_data("history").history if "history" in requires else None,
        side_data("reviewed").reviewed if "reviewed" in requires else None,
    )


def lacking(view: View) -> str:
    """What a view lacks beside the articles, in a sentence; empty when it has what it needs."""
    return missing_data(view, side_data(view.requires))


def data(selection: Selection, requires: Requirement = "") -> Slice:
    """The corpus seen through a selection, with what a view needs beside it."""
    return _slice(corpus(), selection, side_data(requires))


def sizes(selection: Selection) -> tuple[int, int]:
    """How many articles a selection leaves, and how many there are (or were)."""
    loaded = corpus()
    return _size(f"{loaded.fingerprint}\n{selection.filters.text}", loaded)


def listing(selection: Selection, sort: str, *, descending: bool, offset: int, limit: int) -> pd.DataFrame:
    """A page of the articles of a selection (`Slice.listing`)."""
    loaded = corpus()
    asked = f"{sort}\n{descending:d}\n{offset}\n{limit}"
    return _listing(f"{loaded.fingerprint}\n{selection.filters.text}\n{asked}", loaded)


def facet(key: str, selection: Selection, top: int) -> pd.DataFrame:
    """A facet of a selection (`Slice.facet`)."""
    loaded = corpus()
    return _facet(f"{loaded.fingerprint}\n{selection.filters.text}\n{key}\n{top}", loaded)


def _slice(opened: Corpus, selection: Selection, side_data: SideData = NO_SIDE_DATA) -> Slice:
    return Slice(corpus_for(opened, selection), selection, side_data)


def _path() -> str:
    return str(corpus_path(None))


@st.cache_resource(show_spinner=False, max_entries=8)
def _colours(fingerprint: str, _corpus: Corpus) -> dict[str, str]:
    del fingerprint
    return palette(*(top_labels(Slice(_corpus), key, len(COLOURS)) for key in ("topic", "provider")))


@st.cache_data(show_spinner=False, max_entries=64)
def _labels(key: str, _corpus: Corpus) -> list[str]:
    return top_labels(Slice(_corpus), key.split("\n")[1])


@st.cache_data(show_spinner=False, max_entries=600)
def _table(key: str, _corpus: Corpus, _beside: SideData) -> pd.DataFrame:
    slug, selection, options = key.split("\n")[1:4]
    view = VIEWS[slug]
    pairs = (pair.split("=", 1) for pair in options.split("&") if pair)
    return view.answer(_slice(_corpus, parse(selection), _beside), view.read_options(dict(pairs)))


@st.cache_data(show_spinner=False, max_entries=400)
def _size(key: str, _corpus: Corpus) -> tuple[int, int]:
    data = _slice(_corpus, parse(key.split("\n")[1]))
    return data.n, len(data.corpus.articles)


@st.cache_data(show_spinner=False, max_entries=200)
def _listing(key: str, _corpus: Corpus) -> pd.DataFrame:
    selection, sort, descending, offset, limit = key.split("\n")[1:]
    articles = _slice(_corpus, parse(selection))
    return articles.listing(sort, descending=descending == "1", offset=int(offset), limit=int(limit))


@st.cache_data(show_spinner=False, max_entries=600)
def _facet(key: str, _corpus: Corpus) -> pd.DataFrame:
    selection, facet_key, top = key.split("\n")[1:]
    return _slice(_corpus, parse(selection)).facet(facet_key, top=int(top))
