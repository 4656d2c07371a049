"""The store of reviews as the pages use it: opened once a server, read again whenever something was stored."""

import streamlit as st

from analytics.corpus.loader import Corpus
from analytics.review_tables import Reviewed
from analytics.reviews.exchange import reviewed_in
from analytics.reviews.models import Item, Session
from analytics.reviews.session_record import Proceedings, proceedings
from analytics.reviews.store.database import store_url
from analytics.reviews.store.lookup import is_there
from analytics.reviews.store.store import Store, open_store


def store() -> Store:
    """The store; whoever comes first opens it, and makes it when there is none. Raises ReviewError."""
    return _opened(store_url())


def reviewed(corpus: Corpus) -> Reviewed | None:
    """All that was reviewed, with the articles as they are in a corpus; None without a store."""
    if not is_there():
        return None
    return _reviewed(f"{corpus.fingerprint}\n{store().url}\n{store().stamp()}", corpus)


def items(session: int) -> list[Item]:
    """The agenda of a session, in its order."""
    return _items(f"{store().url}\n{session}\n{store().stamp(session)}", session)


def held(session: int) -> Proceedings:
    """All that the store holds of a session."""
    return _held(f"{store().url}\n{session}\n{store().stamp(session)}", session)


def paths(session: int, corpus: Corpus) -> dict[int, str | None]:
    """Item → where its article is in a corpus; None when it is gone."""
    return _paths(f"{corpus.fingerprint}\n{store().url}\n{session}\n{len(items(session))}", session, corpus)


def sessions() -> list[Session]:
    """All sessions, the newest first."""
    return store().sessions()


def let_go() -> None:
    """Close the store; whoever comes next opens it anew."""
    _opened.clear()


@st.cache_resource(show_spinner=False, max_entries=2, on_release=Store.close)
def _opened(url: str) -> Store:
    return open_store(url)


@st.cache_resource(show_spinner=False, max_entries=8)
def _reviewed(key: str, _corpus: Corpus) -> Reviewed:
    del key
    return reviewed_in(store().snapshot(), _corpus)


@st.cache_resource(show_spinner=False, max_entries=32)
def _items(key: str, session: int) -> list[Item]:
    del key
    return store().items(session)


@st.cache_resource(show_spinner=False, max_entries=32)
def _paths(key: str, session: int, _corpus: Corpus) -> dict[int, str | None]:
    del key
    rows = reviewed_in(store().snapshot(session), _corpus).items
    return {
        int(item): str(path) if found else None
        for item, path, found in zip(rows["item"], rows["path"], rows["found"], strict=True)
    }


@st.cache_resource(show_spinner=False, max_entries=8)
def _held(key: str, session: int) -> Proceedings:
    del key
    return proceedings(store(), session)
