"""Judging: each person alone goes through the articles of a session and gives verdicts."""

import json
from collections.abc import Mapping, Sequence
from uuid import uuid4

import streamlit as st

from analytics.app import review_store
from analytics.app.action_messages import attempt
from analytics.app.escaping import escaped, escaped_bidi
from analytics.app.review.agenda_item import agenda_item, opinion_text
from analytics.app.review.page_state import PageState, change_page_state, join_button, require_reader_name
from analytics.app.review.progress import progress
from analytics.reviews.models import Item, Judgement, Opinion, Session
from analytics.reviews.store.validation import NOTE_LIMIT, same_person
from analytics.selection.fields import SCORE_RANGE

ICONS = {
    "keep": ":material/check:",
    "promote": ":material/arrow_upward:",
    "demote": ":material/arrow_downward:",
    "hold": ":material/pause:",
    "fix data": ":material/build:",
    "drop": ":material/delete:",
}

KEYS = "Keys: 1 to {last} give a verdict, N next, P previous, S skip, W write a note, A all that is known."


def show(session: Session, state: PageState) -> None:
    """Draw the article that the reader is to judge next, or the one that they asked for."""
    name = require_reader_name()
    items = review_store.items(session.number)
    own = _own_judgements(session.number, name)
    join_button(session, name)
    progress(session, name, len(items))
    if not items:
        st.info("The agenda is empty.", icon=":material/inbox:")
        return
    asked = next((item for item in items if item.position == state.item), None)
    item = asked or next((item for item in items if item.number not in own), None)
    if item is None:
        _all_judged(items)
    else:
        _judge_item(session, items, item, name, own)


def _own_judgements(session: int, name: str) -> dict[int, Judgement]:
    """The reader's latest judgement of each item, skips too, by item."""
    visible = review_store.store().judgements(session, seen_by=name)
    return {judgement.item: judgement for judgement in visible if same_person(judgement.person, name)}


def _judge_item(session: Session, items: Sequence[Item], item: Item, name: str, own: Mapping[int, Judgement]) -> None:
    opinion = own[item.number].opinion if item.number in own else None
    agenda_item(session, item, review_store.unseen_items(session, name))
    if opinion is not None and opinion.verdict:
        _given_opinions(session, item, name, opinion)
    _opinion_fields(session, item.number, opinion)
    _scroll_to_new_item(item.number)
    with st.container(key="review-bar"):
        with st.container(key="review-verdicts"), st.grid(min(3, len(session.rules.verdicts)), min_column_width=96):
            for key, verdict in enumerate(session.rules.verdicts, start=1):
                given = opinion is not None and opinion.verdict == verdict.name
                st.button(
                    escaped(verdict.name),
                    key=f"verdict-{item.number}-{key}",
                    on_click=_store_opinion,
                    args=(items, item, name, verdict.name, _token(item.number)),
                    type="primary" if given else "secondary",
                    icon=ICONS.get(verdict.name),
                    shortcut=str(key),
                    width="stretch",
                    disabled=session.state == "closed",
                )
        _navigation_buttons(items, item, name)
    with st.container(key="review-keys"):
        st.caption(KEYS.format(last=len(session.rules.verdicts)))


def _navigation_buttons(items: Sequence[Item], item: Item, name: str) -> None:
    last = item.position == len(items)
    with st.container(key="review-ways"), st.grid(3, min_column_width=96):
        st.button(
            "Previous",
            key=f"previous-{item.number}",
            on_click=change_page_state,
            kwargs={"item": item.position - 1},
            shortcut="P",
            disabled=item.position == 1,
            width="stretch",
            type="tertiary",
            icon=":material/chevron_left:",
        )
        st.button(
            "Skip",
            key=f"skip-{item.number}",
            on_click=_store_opinion,
            args=(items, item, name, None, _token(item.number)),
            shortcut="S",
            width="stretch",
            type="tertiary",
            icon=":material/redo:",
        )
        st.button(
            "Next",
            key=f"next-{item.number}",
            on_click=change_page_state,
            kwargs={"item": None if last else item.position + 1},
            shortcut="N",
            width="stretch",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
        )


def _store_opinion(items: Sequence[Item], item: Item, name: str, verdict: str | None, token: str) -> None:
    """Callback: store the opinion and go to the next item without one; if that fails, all stays as it is."""
    quality, reasons, note = _field_values(item.number)
    opinion = Opinion(verdict, quality, reasons, note, token)
    if attempt("review", lambda: review_store.store().judge(item.number, name, opinion)):
        _drafts().pop(item.number, None)
        for key in (*_field_keys(item.number), f"token-{item.number}"):
            st.session_state.pop(key, None)
        own = _own_judgements(item.session, name)
        later = [each for each in items if each.position > item.position and each.number not in own]
        change_page_state(item=later[0].position if later else None)


def _given_opinions(session: Session, item: Item, name: str, opinion: Opinion) -> None:
    """The reader's own opinion, and those of the others, which nobody sees before their own verdict."""
    st.markdown(f"You said: {opinion_text(opinion)}")
    for each in review_store.store().judgements(session.number, seen_by=name):
        if each.item == item.number and each.opinion.verdict and not same_person(each.person, name):
            st.markdown(f"{escaped_bidi(each.person)} said: {opinion_text(each.opinion)}")


def _all_judged(items: Sequence[Item]) -> None:
    st.success(f"You have been through all articles ({len(items):,}).", icon=":material/done_all:")
    with st.container(horizontal=True):
        st.button("Look through them again", on_click=change_page_state, kwargs={"item": 1}, key="review-again")
        st.button(
            "Settle the differences",
            on_click=change_page_state,
            kwargs={"step": "settle", "item": None},
            key="review-to-settle",
            type="primary",
        )


def _token(item: int) -> str:
    """The idempotency key of the reader's next opinion on an item: a click that is sent twice is stored once."""
    token: str = st.session_state.setdefault(f"token-{item}", uuid4().hex)
    return token


FieldValues = tuple[int | None, tuple[str, ...], str]
"""Suggested quality, reasons and note."""


def _opinion_fields(session: Session, item: int, opinion: Opinion | None) -> None:
    """Fields for reasons, quality and note, which start with the reader's draft, else with their stored opinion.

    They are given as defaults and not as states: after a restart of the server the browser knows what they hold, and
    that is the draft then.
    """
    quality_key, reasons_key, note_key = _field_keys(item)
    stored = (opinion.quality, opinion.reasons, opinion.note) if opinion else (None, (), "")
    quality, reasons, note = _drafts().get(item, stored)
    with st.container(key="review-fields"):
        chosen = st.pills(
            "Reasons",
            session.rules.reasons,
            format_func=escaped,
            selection_mode="multi",
            default=[reason for reason in reasons if reason in session.rules.reasons],
            key=reasons_key,
            on_change=_save_draft,
            args=(item,),
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, vertical_alignment="top"):
            typed_quality = st.number_input(
                "Suggested quality",
                value=quality,
                min_value=SCORE_RANGE[0],
                max_value=SCORE_RANGE[1],
                step=1,
                key=quality_key,
                on_change=_save_draft,
                args=(item,),
                placeholder="as it is",
                width=150,
            )
            typed_note = st.text_area(
                "Note",
                value=note,
                key=note_key,
                on_change=_save_draft,
                args=(item,),
                max_chars=NOTE_LIMIT,
                height=68,
                placeholder="why, in a few words",
            )
            if st.button(
                "Write", key=f"review-write-{item}", shortcut="W", type="tertiary", icon=":material/edit_note:"
            ):
                selector = json.dumps(f".st-key-{note_key} textarea")
                st.html(_FOCUS_SCRIPT.format(selector=selector), unsafe_allow_javascript=True)
    if (typed := (typed_quality, tuple(chosen), typed_note)) != stored:
        _drafts()[item] = typed


def _field_values(item: int) -> FieldValues:
    quality, reasons, note = (st.session_state.get(key) for key in _field_keys(item))
    return quality, tuple(reasons or ()), note or ""


def _save_draft(item: int) -> None:
    """Callback: keep what the fields hold while the reader looks at other articles."""
    _drafts()[item] = _field_values(item)


def _field_keys(item: int) -> tuple[str, str, str]:
    return f"review-quality-{item}", f"review-reasons-{item}", f"review-note-{item}"


def _drafts() -> dict[int, FieldValues]:
    """What the reader wrote and has not stored yet, by item."""
    drafts: dict[int, FieldValues] = st.session_state.setdefault("review-drafts", {})
    return drafts


_FOCUS_SCRIPT = """<script>
(function enter(tries) {{
  const field = [...document.querySelectorAll({selector})].pop();
  if (field && document.activeElement !== field) {{ field.focus(); field.scrollIntoView({{block: "center"}}); }}
  if (tries) setTimeout(enter, 100, tries - 1);
}})(5);
</script>"""
"""Focuses a field, several times: while the page is drawn anew, the old field is still there for a moment."""

_SCROLL_SCRIPT = """<script>
setTimeout(() => document.querySelector(".st-key-review-article")?.scrollIntoView({{block: "start"}}), 50);
</script><!-- {item} -->"""


def _scroll_to_new_item(item: int) -> None:
    """Scroll to the head of the article when it is another than before."""
    before = st.session_state.get("review-shown")
    st.session_state["review-shown"] = item
    if before not in (None, item):
        st.html(_SCROLL_SCRIPT.format(item=item), unsafe_allow_javascript=True)
