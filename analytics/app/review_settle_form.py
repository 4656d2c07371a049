"""The decision of a group on one article."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import uuid4

import streamlit as st

from analytics.app import review_store
from analytics.app.attempts import attempt
from analytics.app.review_draft import NOTE_MAX
from analytics.app.review_place import go
from analytics.parts import SCORE_RANGE
from analytics.reviews.models import Item, Outcome, Session, Settlement

PRESENT = "review-present-{session}"
"""Who is there: chosen once, kept for the whole meeting of a session."""


class Usual(NamedTuple):
    """What the form starts with: the verdict and the quality of all, where all said the same."""

    verdict: str | None
    quality: int | None


def form(session: Session, item: Item, name: str, usual: Usual, people: Sequence[str]) -> None:
    """Draw the fields of a decision, filled with what all said where all said the same."""
    verdict, quality, note = (f"settle-{field}-{item.number}" for field in ("verdict", "quality", "note"))
    everybody, present = list(dict.fromkeys([*people, name])), PRESENT.format(session=session.number)
    with st.container(border=True, key="review-decision"):
        st.markdown("**What do we decide?**")
        st.segmented_control(
            "Verdict",
            [each.name for each in session.rules.verdicts],
            default=usual.verdict,
            key=verdict,
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, vertical_alignment="top"):
            st.number_input(
                "Agreed quality",
                value=usual.quality,
                min_value=SCORE_RANGE[0],
                max_value=SCORE_RANGE[1],
                step=1,
                key=quality,
                placeholder="as it is",
                width=150,
            )
            st.text_area("Note", key=note, max_chars=NOTE_MAX, height=68)
        st.multiselect(
            "Who is there",
            list(dict.fromkeys([*everybody, *st.session_state.get(present, [])])),
            default=everybody,
            key=present,
            accept_new_options=True,
            persist_state="session",
        )
        token = st.session_state.setdefault(f"settle-token-{item.number}", uuid4().hex)
        with st.container(horizontal=True):
            for label, outcome, kind in (
                ("Decide", "settled", "primary"),
                ("Needs another look", "another look", "secondary"),
            ):
                st.button(
                    label,
                    key=f"settle-{outcome}-{item.number}",
                    on_click=_settle,
                    args=(item, name, outcome, token),
                    type=kind,  # type: ignore[arg-type]
                )


def _settle(item: Item, name: str, outcome: Outcome, token: str) -> None:
    """Callback: store what was decided, and go on to the next case; if it fails, the fields stay as they are."""
    state = st.session_state
    settlement = Settlement(
        outcome,
        state.get(f"settle-verdict-{item.number}"),
        state.get(f"settle-quality-{item.number}"),
        state.get(f"settle-note-{item.number}") or "",
        tuple(state.get(PRESENT.format(session=item.session)) or ()),
        token,
    )
    if attempt("review", lambda: review_store.store().settle(item.number, name, settlement)):
        for field in ("verdict", "quality", "note", "token"):
            state.pop(f"settle-{field}-{item.number}", None)
        go(item=None)
