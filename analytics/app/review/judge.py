"""Judging: one article at a time, each person alone."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

import streamlit as st

from analytics.app import review_store
from analytics.app.escaping import apart, plain
from analytics.app.feedback import attempt
from analytics.app.review.article import article
from analytics.app.review.draft import draft, fields, forget, from_the_top, style
from analytics.app.review.person import Place, badge, go, person
from analytics.app.review.progress import progress
from analytics.app.review.settle import opinion_words
from analytics.reviews.models import Item, Judgement, Opinion, Session, Verdict

ICONS = {
    "keep": ":material/check:",
    "promote": ":material/arrow_upward:",
    "demote": ":material/arrow_downward:",
    "hold": ":material/pause:",
    "fix data": ":material/build:",
    "drop": ":material/delete:",
}

KEYS = "Keys: 1 to {last} give a verdict, N next, P previous, S skip, W write a note, A all that is known."


def show(session: Session, place: Place) -> None:
    """Draw the article that the reader is to judge next, or the one that they asked for."""
    name = person(place)
    style()
    items = review_store.items(session.number)
    mine = _mine(session.number, name)
    badge(name)
    progress(session, name, len(items))
    if not items:
        st.info("The agenda is empty.", icon=":material/inbox:")
        return
    item = _item(items, mine, place)
    if item is None:
        _done(items)
        return
    _judge(session, items, item, name, mine)


def _mine(session: int, name: str) -> dict[int, Judgement]:
    """What the person has said so far: item → the latest."""
    found = review_store.store().judgements(session, seen_by=name)
    return {judgement.item: judgement for judgement in found if judgement.person == name}


def _item(items: Sequence[Item], mine: Mapping[int, Judgement], place: Place) -> Item | None:
    """The item that was asked for, else the first that the person has neither judged nor skipped."""
    asked = next((item for item in items if item.position == place.item), None)
    return asked or next((item for item in items if item.number not in mine), None)


def _judge(session: Session, items: Sequence[Item], item: Item, name: str, mine: Mapping[int, Judgement]) -> None:
    before = mine.get(item.number)
    article(session, item, len(items))
    if before is not None and before.opinion.verdict:
        _said(session, item, name, before)
    fields(session, item.number, before.opinion if before else None)
    from_the_top(item.number)
    with st.container(key="review-bar"):
        with st.container(key="review-verdicts"), st.grid(min(3, len(session.rules.verdicts)), min_column_width=96):
            for key, verdict in enumerate(session.rules.verdicts, start=1):
                _verdict(session, items, item, name, verdict, key, before)
        _ways(items, item, name)
    with st.container(key="review-keys"):
        st.caption(KEYS.format(last=len(session.rules.verdicts)))


def _verdict(
    session: Session,
    items: Sequence[Item],
    item: Item,
    name: str,
    verdict: Verdict,
    key: int,
    before: Judgement | None,
) -> None:
    given = before is not None and before.opinion.verdict == verdict.name
    st.button(
        plain(verdict.name),
        key=f"verdict-{item.number}-{key}",
        on_click=_give,
        args=(items, item, name, verdict.name, _token(item.number)),
        type="primary" if given else "secondary",
        icon=ICONS.get(verdict.name),
        shortcut=str(key),
        width="stretch",
        disabled=session.state == "closed",
    )


def _ways(items: Sequence[Item], item: Item, name: str) -> None:
    """Back, past it, and on."""
    last = item.position == len(items)
    with st.container(key="review-ways"), st.grid(3, min_column_width=96):
        st.button(
            "Previous",
            key=f"previous-{item.number}",
            on_click=go,
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
            on_click=_give,
            args=(items, item, name, None, _token(item.number)),
            shortcut="S",
            width="stretch",
            type="tertiary",
            icon=":material/redo:",
        )
        st.button(
            "Next",
            key=f"next-{item.number}",
            on_click=go,
            kwargs={"item": None if last else item.position + 1},
            shortcut="N",
            width="stretch",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
        )


def _give(items: Sequence[Item], item: Item, name: str, verdict: str | None, token: str) -> None:
    """Callback: store what the person says, and go on to what they have not seen; if it fails, all stays as it is."""
    quality, reasons, note = draft(item.number)
    opinion = Opinion(verdict, quality, reasons, note, token)
    if attempt("review", lambda: review_store.store().judge(item.number, name, opinion)):
        forget(item.number)
        _renew(item.number)
        seen = _mine(item.session, name)
        later = [each for each in items if each.position > item.position and each.number not in seen]
        go(item=later[0].position if later else None)


def _said(session: Session, item: Item, name: str, before: Judgement) -> None:
    """What the person said, and what the others said, which nobody sees before."""
    st.markdown(f"You said: {opinion_words(before.opinion)}")
    others = [
        each
        for each in review_store.store().judgements(session.number, seen_by=name)
        if each.item == item.number and each.person != name and each.opinion.verdict
    ]
    for each in others:
        st.markdown(f"{apart(each.person)} said: {opinion_words(each.opinion)}")


def _done(items: Sequence[Item]) -> None:
    st.success(f"You have been through all {len(items):,} articles.", icon=":material/done_all:")
    with st.container(horizontal=True):
        st.button("Look through them again", on_click=go, kwargs={"item": 1}, key="review-again")
        st.button(
            "Settle the differences",
            on_click=go,
            kwargs={"step": "settle", "item": None},
            key="review-to-settle",
            type="primary",
        )


def _token(item: int) -> str:
    """Names the next act of this reader on an item, so that a click that is sent twice is stored once."""
    token: str = st.session_state.setdefault(f"token-{item}", uuid4().hex)
    return token


def _renew(item: int) -> None:
    st.session_state.pop(f"token-{item}", None)
