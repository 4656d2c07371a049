"""The state of the Review page: session, step and item, kept in the link too, and the reader, never in a link."""

import hmac
from dataclasses import dataclass
from typing import Any, Literal, get_args

import streamlit as st

from analytics.app.action_messages import attempt
from analytics.app.escaping import escaped, escaped_bidi
from analytics.app.review_store import store
from analytics.errors import ReviewError
from analytics.reviews.models import Session
from analytics.reviews.store.validation import NAME_LIMIT, person_name, same_person

Step = Literal["sessions", "build", "judge", "settle", "results"]
STEPS: tuple[Step, ...] = get_args(Step)

PARAMETERS = ("session", "step", "item")
"""The query parameters of the page."""

NAME_FIELD = "review-name"

PERSON = "review-person"
"""Key of the name that the reader chose on the page, as it was typed."""

COOKIE = "article_analytics_name"
"""The cookie in which the browser keeps the name until it is closed."""

_COOKIE_SCRIPT = '<script>document.cookie = "{cookie}={value}; SameSite=Strict{end}"</script>'

_STATE_KEY = "review-place"


@dataclass(frozen=True)
class PageState:
    """The state of the page; `item` is a position."""

    session: int | None
    step: Step
    item: int | None


def page_state() -> PageState:
    """The state in the link, else the state in which the reader left the page."""
    st.query_params.pop("as", None)  # in links of old: a link says nothing about who opens it
    parameters = _saved_parameters()
    parameters.update({name: st.query_params[name] for name in PARAMETERS if name in st.query_params})
    for name, value in parameters.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value
    session = _parse_number(parameters.get("session"))
    step: Step = next((step for step in STEPS if step == parameters.get("step")), "judge")
    if session is None:
        step = "build" if step == "build" else "sessions"
    return PageState(session, step, _parse_number(parameters.get("item")))


def change_page_state(**changes: Any) -> None:
    """Callback: change fields of the state; None clears a field."""
    parameters = _saved_parameters()
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
            st.query_params.pop(name, None)
        else:
            parameters[name] = st.query_params[name] = str(value)


def login_name() -> str:
    """The reader's name from a login or a trusted proxy, in its stored form; empty without a login."""
    user = st.user.to_dict()
    name = str(user.get("name") or user.get("email") or "").strip()[:NAME_LIMIT]
    try:
        return person_name(name)
    except ReviewError:
        return name


def known_reader_name() -> str:
    """The reader's name from the login, the session or the cookie; empty while it is not known. Draws nothing."""
    return login_name() or str(st.session_state.get(PERSON, name_in_cookie()))


def require_reader_name() -> str:
    """Draw and return the reader's name; without one, ask for it and stop the page.

    The field of the name stays on the page: after a restart of the server the browser knows what it holds.
    """
    if login := login_name():
        name = _stored_name(login) or login
        st.markdown(f"You are **{escaped_bidi(name)}**.")
        return name
    head = st.container(horizontal=True, vertical_alignment="center", gap="small")
    field = head.popover("Not you?", type="tertiary") if known_reader_name() else st.container()
    with field:
        typed = st.selectbox(
            "Your name",
            store().people(),
            index=None,
            key=NAME_FIELD,
            accept_new_options=True,
            placeholder="Choose your name, or type it and press Enter",
            on_change=_save_name,
        )
    name = _stored_name(st.session_state.setdefault(PERSON, typed or name_in_cookie()))
    with head:
        st.html(
            _COOKIE_SCRIPT.format(cookie=COOKIE, value=name_with_signature(name), end="" if name else "; max-age=0"),
            unsafe_allow_javascript=True,
        )
        if not name:
            with st.container():
                st.subheader("Who are you?", anchor=False)
                st.markdown(
                    "Your verdicts are stored under this name. Others see them on an article once they have judged it "
                    "too."
                )
            st.stop()
        st.markdown(f"You are **{escaped_bidi(name)}**.", width="content")
    return name


def name_with_signature(name: str) -> str:
    """A name with the signature of this server, in letters and digits."""
    encoded = name.encode().hex()
    return f"{encoded}.{hmac.digest(st.get_option('server.cookieSecret').encode(), encoded.encode(), 'sha256').hex()}"


def name_in_cookie() -> str:
    """The name that the browser keeps; empty for none, and for one that this server did not sign."""
    value = str(st.context.cookies.get(COOKIE, ""))  # no text in AppTest, which has no browser
    try:
        name = bytes.fromhex(value.partition(".")[0]).decode()
    except ValueError:
        return ""
    return name if hmac.compare_digest(value.encode(), name_with_signature(name).encode()) else ""


def join_button(session: Session, name: str) -> None:
    """Draw a button with which the reader takes part in a session, as long as they do not."""
    participants = store().participants(session.number)
    if session.state != "closed" and not any(same_person(each.person, name) for each in participants):
        st.button(
            "Join",
            on_click=_join,
            args=(session.number, name),
            key="review-join",
            icon=":material/person_add:",
            help="Puts you on the list of those who take part; a verdict does so too",
        )


def _saved_parameters() -> dict[str, str]:
    parameters: dict[str, str] = st.session_state.setdefault(_STATE_KEY, {})
    return parameters


def _parse_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def _join(session: int, name: str) -> None:
    """Callback: put the reader on the list of those who take part."""
    attempt("review", lambda: store().attend(session, name))


def _stored_name(name: str) -> str:
    """A name as it was or would be stored; for an invalid one, draws the error and returns an empty text."""
    try:
        return store().shown_name(name) if name else ""
    except ReviewError as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return ""


def _save_name() -> None:
    """Callback: use the name that was typed or chosen; an emptied field asks again."""
    st.session_state[PERSON] = " ".join(str(st.session_state.get(NAME_FIELD) or "").split())
