"""The state of the Review page: session, step, item and reader, kept in the link and while other pages are open."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import streamlit as st

from analytics.app.escaping import apart, plain
from analytics.app.review_store import store
from analytics.errors import ReviewError
from analytics.reviews.store.validation import NAME_LIMIT, person_name

Step = Literal["sessions", "build", "judge", "settle", "results"]
STEPS: tuple[Step, ...] = get_args(Step)

PARAMETERS = ("session", "step", "item", "as")
"""The query parameters of the page."""

NAME_FIELD = "review-name"

_STATE_KEY = "review-place"


@dataclass(frozen=True)
class PageState:
    """The state of the page; `item` is a position, `person` the name in the link, empty without one."""

    session: int | None
    step: Step
    item: int | None
    person: str


def page_state() -> PageState:
    """The state that the link gives, else that in which the page was left."""
    parameters = _saved_parameters()
    parameters.update({name: st.query_params[name] for name in PARAMETERS if name in st.query_params})
    for name, value in parameters.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value
    session = _parse_number(parameters.get("session"))
    step: Step = next((step for step in STEPS if step == parameters.get("step")), "judge")
    if session is None:
        step = "build" if step == "build" else "sessions"
    return PageState(session, step, _parse_number(parameters.get("item")), parameters.get("as", "")[:200])


def change_page(**changes: Any) -> None:
    """Callback: change fields of the state; None clears a field."""
    parameters = _saved_parameters()
    for field, value in changes.items():
        name = "as" if field == "person" else field
        if value is None or value == "":
            parameters.pop(name, None)
            st.query_params.pop(name, None)
        else:
            parameters[name] = st.query_params[name] = str(value)


def logged_in() -> str:
    """The name that a login or a trusted proxy gives, as it is stored; empty when there is none."""
    user = st.user.to_dict()
    name = str(user.get("name") or user.get("email") or "").strip()[:NAME_LIMIT]
    try:
        return person_name(name)
    except ReviewError:
        return name


def known_reader() -> str:
    """The reader's name on other pages; empty as long as it is not known."""
    return logged_in() or _saved_parameters().get("as", "")


def reader_name(state: PageState) -> str:
    """The reader's name, who thereby joins the session; asks for it, and stops the page, until there is one."""
    name = logged_in() or _valid_name(state.person)
    if not name:
        _ask_name()
        st.stop()
    joined: set[tuple[int, str]] = st.session_state.setdefault("review-joined", set())
    if state.session is not None and (state.session, name) not in joined:
        store().attend(state.session, name)
        joined.add((state.session, name))
    return name


def reader_badge(name: str) -> None:
    """Draw the reader's name, and a button to change it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"You are **{apart(name)}**.", width="content")
        if not logged_in():
            st.button("Not you?", on_click=change_page, kwargs={"person": None}, key="review-not-me", type="tertiary")


def _saved_parameters() -> dict[str, str]:
    parameters: dict[str, str] = st.session_state.setdefault(_STATE_KEY, {})
    return parameters


def _parse_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def _ask_name() -> None:
    st.subheader("Who are you?", anchor=False)
    st.markdown("Your verdicts are kept under this name. Others see them on an article once they have judged it too.")
    st.selectbox(
        "Your name",
        store().people(),
        index=None,
        key=NAME_FIELD,
        accept_new_options=True,
        placeholder="Choose your name, or type it and press Enter",
        on_change=_save_name,
    )


def _valid_name(name: str) -> str:
    """A name as it is stored; for an invalid one, draws the error and returns an empty text."""
    try:
        return person_name(name) if name else ""
    except ReviewError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return ""


def _save_name() -> None:
    """Callback: use the name that was typed or chosen."""
    change_page(person=" ".join(str(st.session_state.get(NAME_FIELD) or "").split())[:NAME_LIMIT])
