"""The corpora that the server has loaded, shared by all its readers."""

import threading
from pathlib import Path

import streamlit as st

from analytics.corpus.loader import Corpus, listing_stamp, load_corpus
from analytics.engine.prepare import prepare

WATCHED_FILES = 200_000
"""Up to this many files a changed folder is noticed by itself; beyond, looking would cost more than it gives."""


class Shelf:
    """One corpus a path; loaded once, whoever asks first, and made ready for questions beside that."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.corpora: dict[str, Corpus] = {}

    def corpus(self, path: str) -> Corpus:
        """The corpus of a path; the first reader sees the progress of its load, others wait for it."""
        found = self.corpora.get(path)
        if found is not None:
            return found
        with self.lock:
            if path not in self.corpora:
                self.corpora = {path: _load(path)}
                threading.Thread(target=prepare, args=(self.corpora[path],), daemon=True).start()
            return self.corpora[path]

    def drop(self, path: str) -> None:
        """Forget a corpus: the next reader loads it anew."""
        self.corpora.pop(path, None)


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The server's shelf."""
    return Shelf()


@st.cache_data(ttl=30, show_spinner=False)
def changed(path: str, stamp: str) -> bool:
    """Whether the files of a corpus are others than when it was loaded; looked at twice a minute at most."""
    return listing_stamp(path) != stamp


def _load(path: str) -> Corpus:
    place = st.empty()
    bar = place.progress(0.0, f"Looking for articles in {Path(path).name}…")

    def show(done: int, total: int) -> None:
        bar.progress(done / total if total else 1.0, f"Reading articles: {done:,} of {total:,}")

    try:
        return load_corpus(path, progress=show)
    finally:
        place.empty()
