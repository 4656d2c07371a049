"""Who is judging: the login's name, else one that the reader picks once."""

import streamlit as st

from analytics.app.review_place import Place, go, name_left
from analytics.app.review_store import store
from analytics.app.text import apart, plain
from analytics.errors import ReviewError
from analytics.reviews.accepted import person_name

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
