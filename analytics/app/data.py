"""What the pages share and keep: the corpus, the colours, and the tables of the views."""

from pathlib import Path

import pandas as pd
import streamlit as st

from analytics.analyses.topics import top_labels
from analytics.catalog import VIEWS
from analytics.charts.theme import COLOURS, palette
from analytics.corpus.home import corpus_path
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.slice import Slice
from analytics.selection import Selection, parse


@st.cache_resource(show_spinner=False, max_entries=2)
def _corpus(path: str) -> Corpus:
    with st.spinner("Loading the articles…"):
        return load_corpus(path)


def corpus() -> Corpus:
    """The corpus that the dashboard shows, loaded once a server."""
    return _corpus(str(corpus_path(None)))


@st.cache_resource(show_spinner=False, max_entries=8)
def _colours(fingerprint: str, _corpus: Corpus) -> dict[str, str]:
    del fingerprint
    return palette(*(top_labels(Slice(_corpus), key, len(COLOURS)) for key in ("topic", "provider")))


def colours() -> dict[str, str]:
    """The colour of each frequent topic and provider, the same on every page and under every filter."""
    loaded = corpus()
    return _colours(loaded.fingerprint, loaded)


@st.cache_data(show_spinner=False, max_entries=400)
def _table(key: str, _corpus: Corpus) -> pd.DataFrame:
    slug, selection, options = key.split("\n")[1:]
    view = VIEWS[slug]
    pairs = (pair.split("=", 1) for pair in options.split("&") if pair)
    return view.answer(Slice(_corpus, parse(selection)), view.read_options(dict(pairs)))


def table(slug: str, selection: Selection, options: dict[str, str | int]) -> pd.DataFrame:
    """A view's table, kept by corpus, view, selection and options (one canonical text, so that no two keys collide)."""
    loaded = corpus()
    chosen = "&".join(f"{name}={value}" for name, value in sorted(options.items()))
    return _table("\n".join((loaded.fingerprint, slug, selection.text, chosen)), loaded)


def sizes(selection: Selection) -> tuple[int, int]:
    """How many articles a selection leaves, and how many there are."""
    loaded = corpus()
    return _size(f"{loaded.fingerprint}\n{selection.text}", loaded), len(loaded.articles)


@st.cache_data(show_spinner=False, max_entries=400)
def _size(key: str, _corpus: Corpus) -> int:
    return Slice(_corpus, parse(key.split("\n")[1])).n


def corpus_name() -> str:
    """Name of the corpus's folder, for the reader."""
    return Path(corpus().source).name or corpus().name
