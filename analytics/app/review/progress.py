"""The progress of all participants, and changes that others make, seen within seconds."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from analytics.app import review_store
from analytics.app.escaping import escaped, escaped_bidi
from analytics.errors import ReviewError
from analytics.reviews.models import Participant, Session
from analytics.reviews.store.validation import same_person

INTERVAL = "2s"


@st.fragment(run_every=INTERVAL)
def progress(session: Session, name: str, total: int) -> None:
    """Draw the progress of the reader and of the others through `total` items, again every few seconds.

    Reruns the whole page when the state of the session or its agenda has changed.
    """
    with _errors_in_words():
        _draw_progress(session, name, total)


@st.fragment(run_every=INTERVAL)
def rerun_on_change(session: Session, stamp: str) -> None:
    """Rerun the whole page when something was stored in the session since its `stamp`."""
    with _errors_in_words():
        if review_store.store().stamp(session.number) != stamp:
            st.rerun(scope="app")


def _draw_progress(session: Session, name: str, total: int) -> None:
    state, items, participants = review_store.session_progress(session.number)
    if state != session.state or items != total:
        st.rerun(scope="app")
    reader = next((each for each in participants if same_person(each.person, name)), None)
    if reader is not None and total:
        done = reader.judged + reader.skipped
        skipped = f", {reader.skipped:,} skipped" if reader.skipped else ""
        st.progress(min(1.0, done / total), f"You: {reader.judged:,} of {total:,} judged{skipped}")
    others = [each for each in participants if each is not reader]
    if others:
        judged, wanted = sum(each.judged for each in participants), total * len(participants)
        st.caption(" · ".join([*map(_participant_text, others), f"all together {judged:,} of {wanted:,}"]))


def _participant_text(participant: Participant) -> str:
    skipped = f" ({participant.skipped:,} skipped)" if participant.skipped else ""
    return f"{escaped_bidi(participant.person)}: {participant.judged:,} of {participant.total:,}{skipped}"


@contextmanager
def _errors_in_words() -> Iterator[None]:
    """Show an error of the store and leave the rest of the page as it is; the next run may succeed."""
    try:
        yield
    except ReviewError as error:
        st.error(escaped(str(error)), icon=":material/error:")
