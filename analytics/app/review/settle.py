"""The settling of a session: a group goes through the items and decides, the most disputed ones first."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal
from uuid import uuid4

import streamlit as st

from analytics.analyses.common.wording import count_text
from analytics.app import review_store
from analytics.app.action_messages import attempt
from analytics.app.escaping import escaped, escaped_bidi
from analytics.app.review.agenda_item import agenda_item, decision_text, opinion_text
from analytics.app.review.page_state import PageState, change_page_state, join_button, require_reader_name
from analytics.app.review.progress import rerun_on_change
from analytics.reviews.models import Item, Outcome, Session, Settlement, State
from analytics.reviews.session_record import ReviewedItem, SessionRecord
from analytics.reviews.store.validation import NOTE_LIMIT, distinct_person_names
from analytics.selection.fields import SCORE_RANGE

ICONS = {"settled": "✔", "another look": "↻"}
"""The mark of an item in the list, by its status."""

UNSEEN_ICON = "◌"
"""The mark of an item that the reader must judge before they see anything of it."""

CHOICE = "review-case"

PRESENT = "review-present-{session}"
"""Who is there: chosen once for a whole meeting."""

OUTCOME_BUTTONS: tuple[tuple[str, Outcome, Literal["primary", "secondary"]], ...] = (
    ("Decide", "settled", "primary"),
    ("Needs another look", "another look", "secondary"),
)


def show(session: Session, state: PageState) -> None:
    """Draw the item that the group looks at, and the list of all."""
    name = require_reader_name()
    join_button(session, name)
    rerun_on_change(session, review_store.store().stamp(session.number))
    if session.state == "judging":
        _before_settling(session, name)
        return
    record = review_store.session_record(session.number)
    unseen = review_store.unseen_items(session, name)
    seen = [each for each in record.settling_order if each.item.number not in unseen]
    to_judge = [each for each in record.reviewed_items if each.item.number in unseen]
    _summary(seen, to_judge)
    unanimous = [each for each in record.unanimous if each.item.number not in unseen]
    if unanimous and session.state == "settling":
        _settle_unanimous_button(session, unanimous, name)
    items = [*seen, *to_judge]
    if not items:
        st.info("The agenda is empty.", icon=":material/inbox:")
        return
    chosen = next((each for each in items if each.item.position == state.item), items[0])
    change_page_state(
        item=chosen.item.position
    )  # keeps the item when the order changes because others settle meanwhile
    _item_list(items, chosen, unseen)
    if chosen.item.number in unseen:
        _item_to_judge(session, chosen.item, unseen)
    else:
        _reviewed_item(session, chosen, name, unseen)
    _session_buttons(record, name)


def _before_settling(session: Session, name: str) -> None:
    participants = review_store.store().participants(session.number)
    progress = [
        f"{escaped_bidi(each.person)} {each.judged + each.skipped:,} of {each.total:,}" for each in participants
    ]
    st.info(
        "Verdicts stay hidden while people judge. When all are through, show them to everybody and settle the "
        f"differences. So far: {', '.join(progress) or 'nobody has judged'}.",
        icon=":material/visibility_off:",
    )
    refusal = review_store.store().reveal_refusal(session.number, name)
    st.button(
        "Show all verdicts and settle",
        on_click=_move,
        args=(session.number, "settling", name),
        key="review-begin-settling",
        type="primary",
        disabled=bool(refusal),
    )
    if refusal:
        st.caption(escaped(refusal))


def _summary(seen: Sequence[ReviewedItem], to_judge: Sequence[ReviewedItem]) -> None:
    """Counts of the items that the reader may see, and the number of those that they must judge first."""
    disputed = sum(each.disputed for each in seen)
    judged = sum(bool(each.judgements) for each in seen)
    counts = Counter(each.status for each in seen)
    open_ones = count_text(counts["another look"], "needs", "need")
    st.markdown(
        f"**{disputed:,}** of {count_text(judged, 'judged article')} with different verdicts; "
        f"**{counts['settled']:,}** of {counts.total():,} settled, {open_ones} another look."
    )
    if to_judge:
        n = count_text(len(to_judge), "article")
        st.caption(f"Not counted here: {n} of the random control sample without a verdict of yours, last in the list.")


def _settle_unanimous_button(session: Session, unanimous: Sequence[ReviewedItem], name: str) -> None:
    st.button(
        f"Settle the {len(unanimous):,} on which all agree",
        on_click=_settle_unanimous,
        args=(session, unanimous, name),
        key="review-settle-agreed",
        icon=":material/done_all:",
        help="Articles that two or more people have judged, all with the same verdict",
    )


def _settle_unanimous(session: Session, unanimous: Sequence[ReviewedItem], name: str) -> None:
    """Callback: settle the unanimous items as they were shown."""

    def settle() -> None:
        chosen = st.session_state.get(PRESENT.format(session=session.number))
        present = _present_by_act(session, name) if chosen is None else chosen
        for each in unanimous:
            review_store.store().settle(each.item.number, name, each.common_settlement(present))

    attempt("review", settle, f"{len(unanimous):,} settled.")


def _item_list(items: Sequence[ReviewedItem], chosen: ReviewedItem, unseen: Collection[int]) -> None:
    labels = {each.item.position: _item_label(each, unseen=each.item.number in unseen) for each in items}
    st.session_state[CHOICE] = chosen.item.position
    st.selectbox("Article", list(labels), format_func=labels.__getitem__, key=CHOICE, on_change=_open_choice)
    positions = list(labels)
    index = positions.index(chosen.item.position)
    with st.container(horizontal=True, gap="small"):
        for label, step, shortcut in (("Previous", -1, "P"), ("Next", 1, "N")):
            exists = 0 <= index + step < len(positions)
            st.button(
                label,
                key=f"case-{label}",
                on_click=change_page_state,
                kwargs={"item": positions[index + step] if exists else chosen.item.position},
                shortcut=shortcut,
                disabled=not exists,
                type="tertiary",
            )


def _open_choice() -> None:
    """Callback: go to the item that was chosen from the list."""
    change_page_state(item=st.session_state[CHOICE])


def _item_label(reviewed: ReviewedItem, *, unseen: bool) -> str:
    candidate = reviewed.item.candidate
    if unseen:
        return f"{UNSEEN_ICON} {candidate.title or candidate.path} · judge it first"
    counts = sorted(reviewed.verdict_counts.items(), key=lambda each: (-each[1], each[0]))
    verdicts = " / ".join(f"{n} {verdict}" for verdict, n in counts) or "nobody judged"
    return f"{ICONS.get(reviewed.status, '○')} {candidate.title or candidate.path} · {verdicts}"


def _item_to_judge(session: Session, item: Item, unseen: Collection[int]) -> None:
    agenda_item(session, item, unseen)
    st.button(
        "Judge it",
        on_click=change_page_state,
        kwargs={"step": "judge", "item": item.position},
        key=f"review-judge-{item.number}",
        type="primary",
    )


def _reviewed_item(session: Session, reviewed: ReviewedItem, name: str, unseen: Collection[int]) -> None:
    item = reviewed.item
    agenda_item(session, item, unseen)
    st.markdown("**What people said**")
    if not reviewed.judgements:
        st.markdown("Nobody has judged it.")
    verdicts = list(reviewed.verdict_counts)
    by_verdict = sorted(reviewed.judgements, key=lambda each: verdicts.index(each.opinion.verdict or ""))
    st.markdown("\n".join(f"- {escaped_bidi(each.person)}: {opinion_text(each.opinion)}" for each in by_verdict))
    if reviewed.decision is not None:
        st.markdown(f"**Decided**: {decision_text(reviewed.decision)}")
    if session.state == "closed":
        return
    if reviewed.status == "settled":
        st.button(
            "Reopen",
            on_click=_reopen_item,
            args=(item.number, name, uuid4().hex),
            key=f"reopen-{item.number}",
            icon=":material/lock_open:",
        )
    else:
        _decision_form(session, reviewed, name)


def _present_by_act(session: Session, name: str) -> list[str]:
    """Those who joined or judged, and the one who settles."""
    participants = review_store.store().participants(session.number)
    return list(distinct_person_names([*(each.person for each in participants), name]))


def _decision_form(session: Session, reviewed: ReviewedItem, name: str) -> None:
    """The fields of a decision, which start with the verdict and the quality that all agree on."""
    item = reviewed.item
    verdict, quality, note = (f"settle-{field}-{item.number}" for field in ("verdict", "quality", "note"))
    everybody = _present_by_act(session, name)
    present = PRESENT.format(session=session.number)
    with st.container(border=True, key="review-decision"):
        st.markdown("**What do we decide?**")
        st.segmented_control(
            "Verdict",
            [each.name for each in session.rules.verdicts],
            format_func=escaped,
            default=reviewed.common_verdict,
            key=verdict,
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, vertical_alignment="top"):
            st.number_input(
                "Agreed quality",
                value=reviewed.common_quality,
                min_value=SCORE_RANGE[0],
                max_value=SCORE_RANGE[1],
                step=1,
                key=quality,
                placeholder="as it is",
                width=150,
            )
            st.text_area("Note", key=note, max_chars=NOTE_LIMIT, height=68, persist_state="session")
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
            for label, outcome, kind in OUTCOME_BUTTONS:
                st.button(
                    label,
                    key=f"settle-{outcome}-{item.number}",
                    on_click=_settle,
                    args=(item, name, outcome, token),
                    type=kind,
                )


def _settle(item: Item, name: str, outcome: Outcome, token: str) -> None:
    """Callback: store the decision and go to the next item; if that fails, the fields stay as they are."""
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
        change_page_state(item=None)


def _reopen_item(item: int, name: str, token: str) -> None:
    """Callback: withdraw the decision on an item."""
    attempt("review", lambda: review_store.store().settle(item, name, Settlement("reopened", None, token=token)))


def _session_buttons(record: SessionRecord, name: str) -> None:
    """Buttons that bring the session into another state."""
    session = record.session
    st.divider()
    unsettled = len(record.items) - record.status_counts["settled"]
    with st.container(horizontal=True):
        if session.state == "settling":
            st.button("Back to judging", on_click=_move, args=(session.number, "judging", name), key="review-back")
            st.button(
                "Close the session",
                on_click=_move,
                args=(session.number, "closed", name),
                key="review-close",
                type="secondary" if unsettled else "primary",
                help=f"Not settled: {count_text(unsettled, 'article')}. What is not settled becomes an open point"
                if unsettled
                else None,
            )
        else:
            st.button(
                "Reopen the session", on_click=_move, args=(session.number, "settling", name), key="review-reopen"
            )


def _move(session: int, state: State, name: str) -> None:
    """Callback: bring the session into a state, and the page to its step."""
    if attempt("review", lambda: review_store.store().move(session, state, name)):
        change_page_state(
            item=None, step="results" if state == "closed" else "judge" if state == "judging" else "settle"
        )
