"""The sessions that there are, and the way to a new one."""

import streamlit as st

from analytics.app import review_store
from analytics.app.review_place import go
from analytics.app.text import apart, plain
from analytics.reports.minutes_words import in_words
from analytics.reviews.models import Session

COLOURS = {"judging": "blue", "settling": "orange", "closed": "gray"}
"""State of a session → the colour of its badge."""


def show() -> None:
    """Draw the list, the newest first."""
    st.markdown(
        "**Which articles need a human, and what did we decide?** A session proposes articles and says why; everybody "
        "judges alone, then the differences are settled together."
    )
    st.button(
        "New session",
        on_click=go,
        kwargs={"step": "build"},
        key="review-new",
        type="primary",
        icon=":material/add:",
    )
    found = review_store.sessions()
    if not found:
        st.info("There is no session yet.", icon=":material/rate_review:")
    for session in found:
        with st.container(border=True, key=f"review-session-{session.number}"):
            _session(session)


def _session(session: Session) -> None:
    standings = review_store.store().standings(session.number)
    total = len(review_store.items(session.number))
    settled = sum(
        decision.settlement.outcome == "settled" for decision in review_store.store().decisions(session.number).values()
    )
    people = ", ".join(f"{apart(each.person)} {each.judged} of {each.total}" for each in standings) or "nobody yet"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(session.title)}** :{COLOURS[session.state]}-badge[{session.state}]", width="stretch")
        st.button(
            "Open",
            on_click=go,
            kwargs={"session": session.number, "step": _step(session), "item": None},
            key=f"review-open-{session.number}",
            type="primary" if session.state != "closed" else "secondary",
        )
    st.caption(
        f"{session.made_at:%-d %b %Y %H:%M} UTC by {apart(session.made_by)} · {total:,} articles, {settled:,} settled "
        f"· judged: {people} · from {plain(in_words(session))}"
    )


def _step(session: Session) -> str:
    return {"judging": "judge", "settling": "settle", "closed": "results"}[session.state]
