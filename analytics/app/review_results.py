"""What a session has come to: the minutes to take away, and what it teaches."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import streamlit as st

from analytics.app import data, review_store
from analytics.app.cards import card
from analytics.app.review_place import Place
from analytics.app.review_progress import watch
from analytics.app.text import plain
from analytics.catalog import VIEWS
from analytics.catalog.review import PAGE
from analytics.reports.minutes_files import Form, Order, text_of, write_minutes
from analytics.reports.minutes_words import in_words
from analytics.reviews.models import Session
from analytics.reviews.proceedings import Proceedings, placed
from analytics.selection import Selection


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


def show(session: Session, place: Place) -> None:
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
    return placed(review_store.held(session.number), data.corpus())


def _made(held: Proceedings, form: Form) -> bytes:
    order = Order(datetime.now(UTC).date())
    if form not in ("zip", "folder"):
        return text_of(held, form, order).encode()
    with TemporaryDirectory() as scratch:
        target = Path(scratch) / "minutes.zip"
        write_minutes(held, target, form, order)
        return target.read_bytes()
