"""Add an article to the agenda of a session that is under way."""

import streamlit as st

from analytics.app import answers, links
from analytics.app.escaping import plain
from analytics.app.feedback import attempt, say
from analytics.app.review.person import known_name
from analytics.app.review_store import store
from analytics.engine.slice import Slice
from analytics.reviews.agenda.agenda import handpicked
from analytics.reviews.models import Session
from analytics.reviews.store.lookup import is_there

PLACE = "review-add"


def offer(path: str) -> None:
    """Draw the way to put an article on an agenda, when there is a session that it could be added to."""
    under_way = [each for each in store().sessions() if each.state != "closed"] if is_there() else []
    if not under_way:
        return
    with st.popover("Add to a review", icon=":material/rate_review:"):
        say(PLACE)
        name = known_name()
        if not name:
            st.markdown("First say who you are:")
            st.page_link(links.page(links.REVIEW), label="Open the reviews")
            return
        for session in under_way:
            st.button(
                plain(session.title),
                on_click=_add,
                args=(session, path, name),
                key=f"review-add-{session.number}",
                width="stretch",
            )


def _add(session: Session, path: str, name: str) -> None:
    """Callback."""
    added: list[int] = []

    def add() -> None:
        added.extend(store().add(session.number, handpicked(Slice(answers.corpus()), [path]), name))

    if attempt(PLACE, add):
        words = "is on the agenda now, marked as added." if added else "was on the agenda already."
        attempt(PLACE, lambda: None, f"{session.title}: it {words}")
