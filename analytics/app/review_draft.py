"""What a person writes beside a verdict: kept while they look at other articles, until it is stored."""

from typing import Any

import streamlit as st

from analytics.app.review_focus import focus
from analytics.parts import SCORE_RANGE
from analytics.reviews.models import Opinion, Session

NOTE_MAX = 20_000

_KEPT = "review-drafts"

Draft = tuple[int | None, tuple[str, ...], str]
"""Suggested quality, reasons and note."""


def fields(session: Session, item: int, before: Opinion | None) -> None:
    """Draw the fields, with what was written there, else with what the person's verdict said.

    That is where they start, not what they are set to: after a restart of the server the browser says what they hold.
    """
    quality, reasons, note = _names(item)
    said = (before.quality, before.reasons, before.note) if before else (None, (), "")
    had_quality, had_reasons, had_note = _kept().get(item, said)
    with st.container(key="review-fields"):
        st.pills(
            "Reasons",
            session.rules.reasons,
            selection_mode="multi",
            default=[reason for reason in had_reasons if reason in session.rules.reasons],
            key=reasons,
            on_change=_keep,
            args=(item,),
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, vertical_alignment="top"):
            st.number_input(
                "Suggested quality",
                value=had_quality,
                min_value=SCORE_RANGE[0],
                max_value=SCORE_RANGE[1],
                step=1,
                key=quality,
                on_change=_keep,
                args=(item,),
                placeholder="as it is",
                width=150,
            )
            st.text_area(
                "Note",
                value=had_note,
                key=note,
                on_change=_keep,
                args=(item,),
                max_chars=NOTE_MAX,
                height=68,
                placeholder="why, in a few words",
            )
            if st.button(
                "Write", key=f"review-write-{item}", shortcut="W", type="tertiary", icon=":material/edit_note:"
            ):
                focus(note)


def draft(item: int) -> Draft:
    """What stands in the fields of an item now."""
    quality, reasons, note = (st.session_state.get(name) for name in _names(item))
    return quality, tuple(reasons or ()), note or ""


def forget(item: int) -> None:
    """Let the fields of an item begin anew, with what is stored."""
    _kept().pop(item, None)
    for name in _names(item):
        st.session_state.pop(name, None)


def _keep(item: int) -> None:
    _kept()[item] = draft(item)


def _names(item: int) -> tuple[str, str, str]:
    return f"review-quality-{item}", f"review-reasons-{item}", f"review-note-{item}"


def _kept() -> dict[int, Any]:
    kept: dict[int, Any] = st.session_state.setdefault(_KEPT, {})
    return kept
