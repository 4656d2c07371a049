"""Where a reader is on the Review page: session, step, item and who they are, kept in the link and over pages."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import streamlit as st

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
