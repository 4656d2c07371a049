"""Opinions and decisions in words."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import uuid4

import streamlit as st

from analytics.app import review_store
from analytics.app.escaping import apart, plain
from analytics.app.feedback import attempt
from analytics.app.review.article import article
from analytics.app.review.draft import NOTE_MAX, style
from analytics.app.review.person import Place, badge, go, person
from analytics.app.review.progress import watch
from analytics.reviews.models import Decision, Item, Judgement, Opinion, Outcome, Session, Settlement, State
from analytics.reviews.session_record import Matter, Status
from analytics.selection.fields import SCORE_RANGE


def opinion_words(opinion: Opinion) -> str:
    """What somebody said of an article, as Markdown in a line; the note as they wrote it, but for its line breaks."""
    parts = [f"**{plain(opinion.verdict)}**" if opinion.verdict else "skipped"]
    if opinion.quality is not None:
        parts.append(f"quality {opinion.quality}")
    parts += [plain(reason) for reason in opinion.reasons]
    return ", ".join(parts) + (f" — {apart(opinion.note)}" if opinion.note else "")


def decision_words(decision: Decision) -> str:
    """What the group decided, as Markdown in a line."""
    said = decision.settlement
    parts = [f"**{plain(said.verdict)}**" if said.verdict else said.outcome]
    if said.outcome == "another look":
        parts.append("needs another look")
    if said.quality is not None:
        parts.append(f"quality {said.quality}")
    there = f", with {', '.join(map(apart, said.present))}" if said.present else ""
    note = f" — {apart(said.note)}" if said.note else ""
    return f"{', '.join(parts)} ({decision.at:%-d %b %Y %H:%M} UTC by {apart(decision.by)}{there}){note}"


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


ICONS = {"settled": "✔", "another look": "↻"}

LATER: dict[Status, int] = {"another look": 1, "settled": 2}
"""What a group has looked at already comes after what it has not."""


def in_order(matters: Iterable[Matter]) -> list[Matter]:
    """The items as a group should take them: the most disputed first, what it has looked at already last."""
    return sorted(matters, key=lambda each: (LATER.get(each.status, 0), -len(verdicts(each)), each.item.position))


def verdicts(matter: Matter) -> list[str]:
    """The different verdicts that people gave."""
    return list(dict.fromkeys(each.opinion.verdict or "" for each in matter.opinions))


def show(session: Session, place: Place) -> None:
    """Draw the case that the group looks at, and the list of all."""
    name = person(place)
    style()
    badge(name)
    if session.state == "judging":
        _not_yet(session, name)
        return
    watch(session, review_store.store().stamp(session.number))
    found = in_order(review_store.held(session.number).matters)
    _in_short(found)
    _agreed_at_once(session, found, name)
    if not found:
        st.info("The agenda is empty.", icon=":material/inbox:")
        return
    chosen = next((case for case in found if case.item.position == place.item), None) or found[0]
    go(item=chosen.item.position)  # what others settle meanwhile must not change the case below one's hands
    _list(found, chosen)
    _case(session, chosen, len(found), name)
    _close(session, found, name)


def _not_yet(session: Session, name: str) -> None:
    standings = review_store.store().standings(session.number)
    drill_down = [f"{apart(each.person)} {each.judged + each.skipped} of {each.total}" for each in standings]
    st.info(
        "Verdicts stay hidden while people judge. When all are through, show them to everybody and settle the "
        f"differences. So far: {', '.join(drill_down) or 'nobody has judged'}.",
        icon=":material/visibility_off:",
    )
    st.button(
        "Show all verdicts and settle",
        on_click=_move,
        args=(session.number, "settling", name),
        key="review-begin-settling",
        type="primary",
    )


def _in_short(found: Sequence[Matter]) -> None:
    apart = sum(case.disputed for case in found)
    judged = sum(bool(case.opinions) for case in found)
    settled = sum(case.status == "settled" for case in found)
    again = sum(case.status == "another look" for case in found)
    st.markdown(
        f"**{apart:,}** of {judged:,} judged articles have different verdicts; **{settled:,}** of {len(found):,} are "
        f"settled, {again:,} need another look."
    )


def _agreed_at_once(session: Session, found: Sequence[Matter], name: str) -> None:
    """Where all who judged said the same, two at least, one click settles it."""
    agreed = [case for case in found if case.status == "undecided" and len(case.opinions) > 1]
    if agreed and session.state == "settling":
        st.button(
            f"Settle the {len(agreed):,} on which all agree",
            on_click=_settle_agreed,
            args=(session, agreed, name),
            key="review-settle-agreed",
            icon=":material/done_all:",
            help="Articles that two or more people have judged, all with the same verdict",
        )


def _settle_agreed(session: Session, agreed: Sequence[Matter], name: str) -> None:
    """Callback. The token is made of the case, so that two who click at once store it once."""
    present = tuple(review_store.store().attendance(session.number))

    def settle() -> None:
        for case in agreed:
            qualities = {each.opinion.quality for each in case.opinions}
            review_store.store().settle(
                case.item.number,
                name,
                Settlement(
                    "settled",
                    verdicts(case)[0],
                    quality=qualities.pop() if len(qualities) == 1 else None,
                    present=present,
                    token=f"agreed-{case.item.number}-{max(each.number for each in case.opinions)}",
                ),
            )

    attempt("review", settle, f"{len(agreed):,} settled.")


def _list(found: Sequence[Matter], chosen: Matter) -> None:
    """Which case to look at."""
    names = {case.item.position: _label(case) for case in found}
    key = "review-case"
    st.session_state[key] = chosen.item.position
    st.selectbox(
        "Article",
        list(names),
        format_func=names.__getitem__,
        key=key,
        on_change=_choose,
        args=(key,),
    )
    places = [case.item.position for case in found]
    at = places.index(chosen.item.position)
    with st.container(horizontal=True, gap="small"):
        for label, step, shortcut in (("Previous", -1, "P"), ("Next", 1, "N")):
            inside = 0 <= at + step < len(places)
            st.button(
                label,
                key=f"case-{label}",
                on_click=go,
                kwargs={"item": places[at + step] if inside else chosen.item.position},
                shortcut=shortcut,
                disabled=not inside,
                type="tertiary",
            )


def _choose(key: str) -> None:
    go(item=st.session_state[key])


def _label(case: Matter) -> str:
    candidate = case.item.candidate
    said = " / ".join(_counts(case.opinions)) or "nobody judged"
    return f"{ICONS.get(case.status, '○')} {candidate.title or candidate.path} · {said}"


def _counts(judgements: Sequence[Judgement]) -> list[str]:
    counts: dict[str, int] = {}
    for each in judgements:
        verdict = each.opinion.verdict or ""
        counts[verdict] = counts.get(verdict, 0) + 1
    return [f"{n} {verdict}" for verdict, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def _case(session: Session, case: Matter, total: int, name: str) -> None:
    article(session, case.item, total)
    st.markdown("**What people said**")
    if not case.opinions:
        st.markdown("Nobody has judged it.")
    said = sorted(case.opinions, key=lambda each: verdicts(case).index(each.opinion.verdict or ""))
    st.markdown("\n".join(f"- {apart(each.person)}: {opinion_words(each.opinion)}" for each in said))
    if case.decision is not None:
        st.markdown(f"**Decided**: {decision_words(case.decision)}")
    if session.state == "closed":
        return
    if case.status == "settled":
        st.button(
            "Reopen",
            on_click=_reopen,
            args=(case.item.number, name, uuid4().hex),
            key=f"reopen-{case.item.number}",
            icon=":material/lock_open:",
        )
        return
    form(session, case.item, name, _usual(case), people(session))


def people(session: Session) -> list[str]:
    """Who takes part in a session."""
    return review_store.store().attendance(session.number)


def _usual(case: Matter) -> Usual:
    qualities = {each.opinion.quality for each in case.opinions}
    said = verdicts(case)
    return Usual(said[0] if len(said) == 1 else None, qualities.pop() if len(qualities) == 1 else None)


def _reopen(item: int, name: str, token: str) -> None:
    """Callback."""
    attempt("review", lambda: review_store.store().settle(item, name, Settlement("reopened", None, token=token)))


def _close(session: Session, found: Sequence[Matter], name: str) -> None:
    """From settling on to the end, or back."""
    st.divider()
    left = sum(case.status != "settled" for case in found)
    with st.container(horizontal=True):
        if session.state == "settling":
            st.button("Back to judging", on_click=_move, args=(session.number, "judging", name), key="review-back")
            st.button(
                "Close the session",
                on_click=_move,
                args=(session.number, "closed", name),
                key="review-close",
                type="secondary" if left else "primary",
                help=f"{left:,} articles are not settled: they become open points" if left else None,
            )
        else:
            st.button(
                "Reopen the session", on_click=_move, args=(session.number, "settling", name), key="review-reopen"
            )


def _move(session: int, state: State, name: str) -> None:
    """Callback."""
    if attempt("review", lambda: review_store.store().move(session, state, name)):
        go(item=None, step="results" if state == "closed" else "judge" if state == "judging" else "settle")
