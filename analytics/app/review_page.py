"""The Review page: a team goes through articles that need a human, and keeps what it decided."""

import streamlit as st

from analytics.app import links, review_build, review_judge, review_results, review_sessions, review_settle, sidebar
from analytics.app.attempts import say
from analytics.app.review_place import Place, go, here
from analytics.app.review_store import store
from analytics.app.text import plain
from analytics.errors import ReviewError
from analytics.reviews.models import Session

STEPS = {"judge": "Judge", "settle": "Settle", "results": "Results"}
"""The steps of a session, and what they are called."""


def show() -> None:
    """Draw the page."""
    place = here()
    opened = store()
    for notice in sidebar.notices():
        st.warning(plain(notice), icon=":material/link_off:")
    if place.session is None:
        st.title(links.REVIEW)
        say("review")
        (review_build.show if place.step == "build" else review_sessions.show)()
        return
    try:
        session = opened.session(place.session)
    except ReviewError as error:
        st.title(links.REVIEW)
        say("review")
        st.warning(plain(str(error)), icon=":material/link_off:")
        st.button("Try again", key="review-read-again")
        review_sessions.show()
        return
    _session(session, place)


def _session(session: Session, place: Place) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="review-head"):
        st.button(
            "All sessions",
            on_click=go,
            kwargs={"session": None, "step": None, "item": None},
            key="review-all",
            type="tertiary",
            icon=":material/arrow_back:",
        )
        for step, label in STEPS.items():
            st.button(
                label,
                on_click=go,
                kwargs={"step": step, "item": None},
                key=f"review-step-{step}",
                type="primary" if step == place.step else "secondary",
            )
    st.title(plain(session.title), anchor=False)
    say("review")
    draw = {"settle": review_settle.show, "results": review_results.show}.get(place.step, review_judge.show)
    draw(session, place)
