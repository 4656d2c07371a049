"""Links between pages that add to the filters: one step back in the browser leads to where the reader was."""

import streamlit as st

from analytics.parts import BY_PARAMETER, PARTS
from analytics.selection import Pairs, Selection, from_pairs

_PAGE = "page-shown"


def added(current: Selection, wanted: Selection) -> Pairs | None:
    """What a link has to say on top of the current filters, which it always keeps; None when it cannot be said so.

    Of a part that takes any of its labels, those that are left are said again: `state=published` on top of all three.
    """
    had, asked = _values(current.pairs()), _values(wanted.pairs())
    if not set(had) <= set(asked):
        return None
    found: list[tuple[str, str]] = []
    for parameter, values in asked.items():
        old = had.get(parameter, [])
        fewer = BY_PARAMETER[parameter].kind == "labels" and not set(old) <= set(values)
        if fewer and not set(values) <= set(old):
            return None
        found += [(parameter, value) for value in values if fewer or value not in old]
    return found


def arrive(page: str) -> None:
    """Take the filters that the link of another page brought; the widgets must not be drawn yet."""
    before = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = page
    if before in (None, page):
        return
    for part in PARTS:
        given = st.query_params.get_all(part.parameter)
        wanted = _meant(given, labels=part.kind == "labels")
        if not wanted or wanted == _held(part.parameter):
            continue
        if wanted == given:
            st.session_state.pop(part.parameter, None)  # the widget reads the link itself, which adds no step back
        else:
            value = getattr(from_pairs([(part.parameter, text) for text in wanted]), part.field)
            st.session_state[part.parameter] = list(value) if isinstance(value, tuple) else value


def _meant(given: list[str], *, labels: bool) -> list[str]:
    """Of labels those that are said twice, if some are; of other parts the last."""
    twice = [value for value in dict.fromkeys(given) if given.count(value) > 1]
    return (twice or given) if labels else given[-1:]


def _held(parameter: str) -> list[str]:
    value = st.session_state.get(parameter)
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def _values(pairs: Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for parameter, value in pairs:
        found.setdefault(parameter, []).append(value)
    return found
