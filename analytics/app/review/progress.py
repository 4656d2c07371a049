"""How far everybody is, seen by everybody within seconds."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from analytics.app import review_store
from analytics.app.escaping import apart, plain
from analytics.errors import ReviewError
from analytics.reviews.models import Session, Standing

EVERY = "2s"


@st.fragment(run_every=EVERY)
def progress(session: Session, name: str, total: int) -> None:
    """Draw how far the reader is and how far the others are, of `total` items; look again every few seconds.

    When the session itself has changed (its state, its agenda), the whole page is drawn anew.
    """
    with _away_in_words():
        _progress(session, name, total)


def _progress(session: Session, name: str, total: int) -> None:
    store = review_store.store()
    standings = store.standings(session.number)
    if store.session(session.number).state != session.state or len(review_store.items(session.number)) != total:
        st.rerun(scope="app")
    mine = next((each for each in standings if each.person == name), None)
    if mine is not None and total:
        done = mine.judged + mine.skipped
        skipped = f", {mine.skipped:,} skipped" if mine.skipped else ""
        st.progress(min(1.0, done / total), f"You: {mine.judged:,} of {total:,} judged{skipped}")
    others = [each for each in standings if each.person != name]
    if others:
        judged, wanted = sum(each.judged for each in standings), total * len(standings)
        st.caption(" · ".join([*map(_said, others), f"all together {judged:,} of {wanted:,}"]))


def _said(standing: Standing) -> str:
    skipped = f" ({standing.skipped:,} skipped)" if standing.skipped else ""
    return f"{apart(standing.person)}: {standing.judged:,} of {standing.total:,}{skipped}"


@st.fragment(run_every=EVERY)
def watch(session: Session, stamp: str) -> None:
    """Draw the whole page anew when something was stored of the session since its `stamp`."""
    with _away_in_words():
        if review_store.store().stamp(session.number) != stamp:
            st.rerun(scope="app")


@contextmanager
def _away_in_words() -> Iterator[None]:
    """Say in words that the store is not to be read now, and leave all else as it is: the next look may find it."""
    try:
        yield
    except ReviewError as error:
        st.error(plain(str(error)), icon=":material/error:")
