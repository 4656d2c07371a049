"""The selection above a page: its parts, each of which a click takes back, and the link to just this view."""

from urllib.parse import urlencode

import streamlit as st

from analytics.app import sidebar
from analytics.app.text import plain
from analytics.selection import Selection

_ORDER = "chips-order"


def chips(selection: Selection) -> None:
    """The parts of the selection, each of which a click takes back, and the link to just this view."""
    had = st.session_state.get(_ORDER, [])
    pairs = selection.pairs()
    st.session_state[_ORDER] = [pair for pair in had if pair in pairs] + [pair for pair in pairs if pair not in had]
    with st.container(horizontal=True, gap="small"):
        for parameter, value in pairs:
            st.button(
                plain(f"{parameter}: {value}"),
                key=f"chip-{parameter}-{value}",
                on_click=sidebar.remove,
                args=(parameter, value),
                icon=":material/close:",
                help="Take this filter back",
            )
        with st.popover("Link", icon=":material/link:"):
            st.caption("This link opens the same page with the same filters and options.")
            st.code(_link(), language=None, wrap_lines=True)


def latest() -> tuple[str, str]:
    """The part of the selection, as parameter and value, that was added last; for after `chips`, when there is one."""
    parameter, value = st.session_state[_ORDER][-1]
    return parameter, value


def _link() -> str:
    params = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return f"{st.context.url or ''}?{urlencode(params)}"
