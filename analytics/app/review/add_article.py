"""A button that adds an article to the agenda of a session that is not closed."""

import streamlit as st

from analytics.app import answers, page_links
from analytics.app.action_messages import attempt, show_kept_message
from analytics.app.escaping import escaped
from analytics.app.review.page_state import known_reader_name
from analytics.app.review_store import shared_store, store
from analytics.engine.slice import Slice
from analytics.errors import ReviewError
from analytics.reviews.agenda import handpicked
from analytics.reviews.models import Session

FEEDBACK = "review-add"


def add_to_review_buttons(path: str) -> None:
    """Draw a button per session that an article can be added to; nothing when there is none."""
    try:
        sessions = [each for each in store().sessions() if each.state != "closed"] if shared_store().exists() else []
    except ReviewError as error:
        st.caption(escaped(str(error)))
        return
    if not sessions:
        return
    with st.expander("Add to a review", icon=":material/rate_review:"):  # the Tab key does not lead into a popover
        show_kept_message(FEEDBACK)
        name = known_reader_name()
        if not name:
            st.markdown("First say who you are:")
            st.page_link(page_links.page(page_links.REVIEW), label="Open the reviews")
            return
        for session in sessions:
            st.button(
                escaped(session.title),
                on_click=_add,
                args=(session, path, name),
                key=f"review-add-{session.number}",
                width="stretch",
            )


def _add(session: Session, path: str, name: str) -> None:
    """Callback: add the article."""
    added: list[int] = []

    def add() -> None:
        added.extend(store().add(session.number, handpicked(Slice(answers.corpus()), [path]), name))

    if attempt(FEEDBACK, add):
        outcome = "is on the agenda now, marked as added." if added else "was on the agenda already."
        attempt(FEEDBACK, lambda: None, f"{session.title}: it {outcome}")
