"""What a person writes beside a verdict: kept while they look at other articles, until it is stored."""

import json
from typing import Any

import streamlit as st

from analytics.reviews.models import Opinion, Session
from analytics.selection.fields import SCORE_RANGE

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


_FIELD = """<script>
(function enter(tries) {{
  const field = [...document.querySelectorAll({selector})].pop();
  if (field && document.activeElement !== field) {{ field.focus(); field.scrollIntoView({{block: "center"}}); }}
  if (tries) setTimeout(enter, 100, tries - 1);
}})(5);
</script>"""
"""While the page is drawn anew the old field is there beside the new one for a moment."""

_TOP = """<script>
setTimeout(() => document.querySelector(".st-key-review-article")?.scrollIntoView({{block: "start"}}), 50);
</script><!-- {item} -->"""

_SHOWN = "review-shown"


def focus(key: str) -> None:
    """Put the cursor into the text field of a widget's key, once."""
    st.html(_FIELD.format(selector=json.dumps(f".st-key-{key} textarea")), unsafe_allow_javascript=True)


def from_the_top(item: int) -> None:
    """Begin a new article at its head, wherever in the last one the reader was."""
    before = st.session_state.get(_SHOWN)
    st.session_state[_SHOWN] = item
    if before not in (None, item):
        st.html(_TOP.format(item=item), unsafe_allow_javascript=True)


STYLE = """<style>
:is([data-testid="stLayoutWrapper"], [data-testid="stElementContainer"]):has(> .st-key-review-bar) {
  position: sticky; bottom: 0; z-index: 5;
}
.st-key-review-bar {
  background: Canvas; border-top: 1px solid color-mix(in srgb, CanvasText 15%, transparent);
  padding: 0.5rem 0 0.25rem; gap: 0.5rem;
}
.st-key-review-verdicts button { min-height: 3rem; }
.st-key-review-article [data-testid="stPageLink-NavLink"] { padding: 0; }
@media (max-width: 640px) {
  .st-key-review-bar { padding-bottom: 0.75rem; }
  .st-key-review-verdicts button { min-height: 3.25rem; padding: 0.25rem; }
  .st-key-review-head button { padding: 0.25rem 0.6rem; }
  [class*="st-key-review-write-"], .st-key-review-keys { display: none; }
  .st-key-review-bar kbd { display: none; }
}
</style>"""
"""The verdicts stay in reach of a thumb, wherever in the article the reader is; keys are for those who have some."""


def style() -> None:
    """Give the page its style; once a run is enough."""
    st.html(STYLE)
