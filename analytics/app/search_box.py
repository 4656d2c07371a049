"""The search above the articles: it writes the same filters as the words in the sidebar."""

import streamlit as st

from analytics.app.sidebar import WORDS_HELP
from analytics.parts import WORDS_MAX


def search_box() -> None:
    """Draw one box for words that must all be there, and two more, folded away, for any and none."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _box("words", "Search titles and excerpts", 'all of these words, grid*, "heat pump"')
        with st.popover("More words", icon=":material/tune:", help="One at least of some words, none of some words"):
            _box("words_any", "One at least of these words")
            _box("words_none", "None of these words")


def is_new() -> bool:
    """Whether the search was not there in the run before: its page is opened, or come back to."""
    return _key("words") not in st.session_state


def _key(parameter: str) -> str:
    return f"search-{parameter}"


def _box(parameter: str, label: str, placeholder: str | None = None) -> None:
    key = _key(parameter)
    if st.session_state.get(key) != st.session_state[parameter]:
        st.session_state[key] = st.session_state[parameter]
    st.text_input(
        label,
        key=key,
        max_chars=WORDS_MAX,
        help=WORDS_HELP,
        on_change=_take,
        args=(parameter,),
        placeholder=placeholder,
        icon=":material/search:",
    )


def _take(parameter: str) -> None:
    st.session_state[parameter] = st.session_state[_key(parameter)]
