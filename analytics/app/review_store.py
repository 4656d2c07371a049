"""The store of reviews for the pages: opened once per server, its results cached until something is stored."""

import threading
from typing import NamedTuple

import streamlit as st

from analytics.corpus.loader import Corpus
from analytics.review_table_contracts import ReviewTables
from analytics.reviews.article_matching import match_articles
from analytics.reviews.models import Item, Participant, Session, State
from analytics.reviews.session_record import SessionRecord, read_session_record
from analytics.reviews.store.database import parse_store_url, store_url
from analytics.reviews.store.store import Store, open_store, store_exists


class SessionProgress(NamedTuple):
    """The state of a session, the number of its items, and how far each participant is."""

    state: State
    items: int
    participants: list[Participant]


Version = tuple[object, ...]
"""What a cached result depends on besides its arguments."""


class OpenStore:
    """The store that is open, shared by all readers; another one when its file or its URL has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._store: Store | None = None

    def store(self) -> Store:
        """The store, made when there is none. Raises ReviewError."""
        with self._lock:
            if not self._is_current():
                self._close()
                self._store = open_store()
            assert self._store is not None
            return self._store

    def exists(self) -> bool:
        """Whether there is a store. Raises ReviewError."""
        with self._lock:
            return self._is_current() or store_exists()

    def close(self) -> None:
        """Close the store; the next use opens it again."""
        with self._lock:
            self._close()

    def _is_current(self) -> bool:
        url = parse_store_url(store_url()).render_as_string(hide_password=False)
        return self._store is not None and self._store.url == url and not self._store.must_reopen

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None


@st.cache_resource(show_spinner=False)
def shared_store() -> OpenStore:
    """The store of the server, shared by all its readers."""
    return OpenStore()


def store() -> Store:
    """The store, made when there is none. Raises ReviewError."""
    return shared_store().store()


def reviewed(corpus: Corpus, reader: str) -> ReviewTables | None:
    """What was reviewed, matched with the articles of a corpus; None without a store. Raises ReviewError.

    Without the items that the reader must judge first (`unseen_items_while_settling`).
    """
    if not shared_store().exists():
        return None
    return _reviewed((corpus.cache_key, *_version()), unseen_items_while_settling(reader), corpus)


def unseen_items(session: Session, reader: str) -> frozenset[int]:
    """The items of a session whose score, state, reasons and verdicts a reader must not see before their own verdict.

    They are those of the random control sample on which the reader, by name, never gave a verdict; all of them for a
    reader without a name. In a closed session, where nobody can judge any more, there are none.
    """
    if session.state == "closed":
        return frozenset()
    control = frozenset(item.number for item in items(session.number) if item.candidate.control)
    return control - store().items_with_verdict_of(session.number, reader) if control and reader else control


def unseen_items_while_settling(reader: str) -> tuple[int, ...]:
    """The `unseen_items` of all sessions that are being settled; no view looks at those that are still being judged."""
    return _unseen_items_while_settling(_version(), reader)


def items(session: int) -> list[Item]:
    """The items of a session by position."""
    return _items(_version(session), session)


def session_progress(session: int) -> SessionProgress:
    """How far a session is; asked by every open page every few seconds, so one number is read as long as it stays."""
    return _session_progress(_version(session), session)


def session_record(session: int) -> SessionRecord:
    """The record of a session."""
    return _session_record(_version(session), session)


def article_paths(session: int, corpus: Corpus) -> dict[int, str | None]:
    """The path of each item's article in a corpus, by item; None for an article that is gone."""
    return _article_paths((corpus.cache_key, store().url, len(items(session))), session, corpus)


def _version(session: int | None = None) -> Version:
    return store().url, store().stamp(session)


@st.cache_resource(show_spinner=False, max_entries=8)
def _reviewed(version: Version, unseen: tuple[int, ...], _corpus: Corpus) -> ReviewTables:
    del version
    return match_articles(store().snapshot(), _corpus).without_items(unseen)


@st.cache_resource(show_spinner=False, max_entries=64)
def _unseen_items_while_settling(version: Version, reader: str) -> tuple[int, ...]:
    del version
    settling = [session for session in store().sessions() if session.state == "settling"]
    return tuple(sorted(item for session in settling for item in unseen_items(session, reader)))


@st.cache_resource(show_spinner=False, max_entries=32)
def _items(version: Version, session: int) -> list[Item]:
    del version
    return store().items(session)


@st.cache_resource(show_spinner=False, max_entries=32)
def _session_progress(version: Version, session: int) -> SessionProgress:
    del version
    opened = store()
    return SessionProgress(opened.session(session).state, len(opened.items(session)), opened.participants(session))


@st.cache_resource(show_spinner=False, max_entries=64)
def _session_record(version: Version, session: int) -> SessionRecord:
    del version
    return read_session_record(store(), session)


@st.cache_resource(show_spinner=False, max_entries=32)
def _article_paths(version: Version, session: int, _corpus: Corpus) -> dict[int, str | None]:
    del version
    rows = match_articles(store().snapshot(session), _corpus).items
    return {
        int(item): str(path) if found else None
        for item, path, found in zip(rows["item"], rows["path"], rows["found"], strict=True)
    }
