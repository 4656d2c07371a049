"""The Review page: a team goes through articles that need a human, and keeps what it decided."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import streamlit as st

from analytics.app import answers, links, review_store, sidebar
from analytics.app.cards import card
from analytics.app.escaping import apart, plain
from analytics.app.feedback import say
from analytics.app.review import build, judge, settle
from analytics.app.review.person import Place, go, here
from analytics.app.review.progress import watch
from analytics.app.review_store import store
from analytics.catalog import VIEWS
from analytics.catalog.review import PAGE
from analytics.errors import ReviewError
from analytics.reports.minutes.files import Form, Order, text_of, write_minutes
from analytics.reports.minutes.minutes import in_words
from analytics.reviews.models import Session
from analytics.reviews.session_record import Proceedings, placed
from analytics.selection.selection import Selection

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
        (build.show if place.step == "build" else show_sessions)()
        return
    try:
        session = opened.session(place.session)
    except ReviewError as error:
        st.title(links.REVIEW)
        say("review")
        st.warning(plain(str(error)), icon=":material/link_off:")
        st.button("Try again", key="review-read-again")
        show_sessions()
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
    draw = {"settle": settle.show, "results": show_results}.get(place.step, judge.show)
    draw(session, place)


COLOURS = {"judging": "blue", "settling": "orange", "closed": "gray"}
"""State of a session → the colour of its badge."""


def show_sessions() -> None:
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
            _session_row(session)


def _session_row(session: Session) -> None:
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


class Taken(NamedTuple):
    """Something to take away: the words on the button, the ending of its file, its kind."""

    label: str
    ending: str
    mime: str


TAKEN: dict[Form, Taken] = {
    "html": Taken("Minutes (HTML)", "minutes.html", "text/html"),
    "md": Taken("Minutes (Markdown)", "minutes.md", "text/markdown"),
    "judgements": Taken("Judgements (CSV)", "judgements.csv", "text/csv"),
    "decisions": Taken("Decisions (CSV)", "decisions.csv", "text/csv"),
    "changes": Taken("Proposed changes (CSV)", "proposed_changes.csv", "text/csv"),
    "zip": Taken("All of it (zip)", "minutes.zip", "application/zip"),
}
"""What can be taken away of a session."""


def show_results(session: Session, place: Place) -> None:
    """Draw what was decided, the minutes, and the cards about all sessions."""
    del place
    watch(session, review_store.store().stamp(session.number))
    decisions = review_store.store().decisions(session.number).values()
    outcomes = [decision.settlement.outcome for decision in decisions]
    total = len(review_store.items(session.number))
    st.markdown(
        f"**{outcomes.count('settled'):,}** of {total:,} articles are settled, {outcomes.count('another look'):,} need "
        f"another look. From {plain(in_words(session))}."
    )
    _minutes(session)
    st.header("What it teaches", anchor="teaches")
    st.caption(
        "Over all sessions whose verdicts are shown; those that are still being judged are left out. The filters on "
        "the left do not act here."
    )
    for view in VIEWS.values():
        if view.page == PAGE:
            card(view, Selection())


def _minutes(session: Session) -> None:
    st.header("Minutes", anchor="minutes")
    if session.state == "judging":
        st.info("The minutes hold everybody's verdicts: they can be taken away when those are shown, at settling.")
        return
    held = to_take_away(session)
    with st.container(horizontal=True, gap="small"):
        for form, taken in TAKEN.items():
            st.download_button(
                taken.label,
                partial(_made, held, form),
                file_name=f"review-{session.number}-{taken.ending}",
                mime=taken.mime,
                on_click="ignore",
                icon=":material/download:",
                key=f"minutes-{form}",
            )
    st.caption("Proposed changes: path, field, from and to, for a script to apply. The corpus itself is never written.")


def to_take_away(session: Session) -> Proceedings:
    """All of a session, its files called as they are in the corpus now."""
    return placed(review_store.held(session.number), answers.corpus())


def _made(held: Proceedings, form: Form) -> bytes:
    order = Order(datetime.now(UTC).date())
    if form not in ("zip", "folder"):
        return text_of(held, form, order).encode()
    with TemporaryDirectory() as scratch:
        target = Path(scratch) / "minutes.zip"
        write_minutes(held, target, form, order)
        return target.read_bytes()
