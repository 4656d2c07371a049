"""Messages about actions of the reader: a callback runs the action, and the page then shows its success or error."""

from collections.abc import Callable

import streamlit as st

from analytics.app.escaping import escaped
from analytics.errors import AnalyticsError


def attempt(message_key: str, action: Callable[[], object], success_text: str = "") -> bool:
    """Run an action and keep its message, or that of its AnalyticsError, for `show_kept_message`. True on success."""
    try:
        action()
    except AnalyticsError as error:
        st.session_state[_key(message_key)] = (str(error), False)
        return False
    st.session_state[_key(message_key)] = (success_text, True)
    return True


def show_kept_message(message_key: str) -> None:
    """Show the message of the last attempt at a place, once."""
    words, done = st.session_state.pop(_key(message_key), ("", True))
    if words and done:
        st.success(escaped(words), icon=":material/check:")
    elif words:
        st.error(escaped(words), icon=":material/error:")


def _key(place: str) -> str:
    return f"said-{place}"


_CHOSEN = 'button[data-variant][data-selected="true"] { color: inherit !important; }'
"""The words of a chosen pill or segment have the colour of text: the theme's own is too faint on dark ground."""

_TITLES = """
[class*="st-key-article-"] [data-testid="stPageLink-NavLink"] { padding: 0; }
[class*="st-key-article-"] [data-testid="stPageLink-NavLink"] * { white-space: normal; font-size: 1.05rem; }
"""
"""Titles stand in line with the text below them, and go on in the next line rather than being cut."""


def add_page_style() -> None:
    """Add CSS to the page, for chosen pills and for titles of articles; once a run is enough."""
    st.html(f"<style>{_CHOSEN}{_TITLES}</style>")
