"""What the theme cannot say of the look of the page."""

import streamlit as st

_CHOSEN = 'button[data-variant][data-selected="true"] { color: inherit !important; }'
"""The words of a chosen pill or segment have the colour of text: the theme's own is too faint on dark ground."""

_TITLES = """
[class*="st-key-article-"] [data-testid="stPageLink-NavLink"] { padding: 0; }
[class*="st-key-article-"] [data-testid="stPageLink-NavLink"] * { white-space: normal; font-size: 1.05rem; }
"""
"""Titles stand in line with the text below them, and go on in the next line rather than being cut."""


def style() -> None:
    """Give the page its style; once a run is enough."""
    st.html(f"<style>{_CHOSEN}{_TITLES}</style>")
