"""Where a reader is on the Review page: session, step, item and who they are, kept in the link and over pages."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import streamlit as st

from analytics.app.escaping import apart, plain
from analytics.app.review_store import store
from analytics.errors import ReviewError
from analytics.reviews.store.validation import person_name

Step = Literal["sessions", "build", "judge", "settle", "results"]
STEPS: tuple[Step, ...] = get_args(Step)

PARAMETERS = ("session", "step", "item", "as")
"""What the link of the page can say."""

_KEPT = "review-place"


@dataclass(frozen=True)
class Place:
    """Where a reader is; `person` is the name that the link gives, empty when it gives none."""

    session: int | None
    step: Step
    item: int | None
    person: str


def here() -> Place:
    """Where the reader is: as the link says, else as the page was left."""
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    kept.update({name: st.query_params[name] for name in PARAMETERS if name in st.query_params})
    for name, value in kept.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value
    session = _number(kept.get("session"))
    step: Step = next((step for step in STEPS if step == kept.get("step")), "judge")
    if session is None:
        step = "build" if step == "build" else "sessions"
    return Place(session, step, _number(kept.get("item")), kept.get("as", "")[:200])


def go(**changes: Any) -> None:
    """Callback: go elsewhere; what is None is forgotten."""
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    for name, value in changes.items():
        parameter = "as" if name == "person" else name
        if value is None or value == "":
            kept.pop(parameter, None)
            st.query_params.pop(parameter, None)
        else:
            kept[parameter] = st.query_params[parameter] = str(value)


def name_left() -> str:
    """The name under which the page was left, for other pages."""
    return str(st.session_state.get(_KEPT, {}).get("as", ""))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


NAME = "review-name"
NAME_MAX = 80


def logged_in() -> str:
    """The name that a login or a trusted proxy gives, as it is stored; empty when there is none."""
    user = st.user.to_dict()
    found = str(user.get("name") or user.get("email") or "").strip()[:NAME_MAX]
    try:
        return person_name(found)
    except ReviewError:
        return found


def known_name() -> str:
    """The reader's name, where it is known already; empty where it is not."""
    return logged_in() or name_left()


def person(place: Place) -> str:
    """The reader's name; asks for it, and draws nothing further, until there is one."""
    name = logged_in() or _tidy(place.person)
    if not name:
        _ask()
        st.stop()
    if place.session is not None and (place.session, name) not in _joined():
        store().attend(place.session, name)
        _joined().add((place.session, name))
    return name


def badge(name: str) -> None:
    """Say as whom the reader acts, and let them be another."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"You are **{apart(name)}**.", width="content")
        if not logged_in():
            st.button("Not you?", on_click=go, kwargs={"person": None}, key="review-not-me", type="tertiary")


def _ask() -> None:
    st.subheader("Who are you?", anchor=False)
    st.markdown("Your verdicts are kept under this name. Others see them on an article once they have judged it too.")
    st.selectbox(
        "Your name",
        store().people(),
        index=None,
        key=NAME,
        accept_new_options=True,
        placeholder="Choose your name, or type it and press Enter",
        on_change=_come,
    )


def _tidy(name: str) -> str:
    """A name as it is stored; empty, and said why, when nobody can be called so."""
    try:
        return person_name(name) if name else ""
    except ReviewError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return ""


def _come() -> None:
    """Callback: the reader has a name from now on."""
    go(person=" ".join(str(st.session_state.get(NAME) or "").split())[:NAME_MAX])


def _joined() -> set[tuple[int, str]]:
    """The sessions that this reader is known to take part in, and under which name."""
    joined: set[tuple[int, str]] = st.session_state.setdefault("review-joined", set())
    return joined
