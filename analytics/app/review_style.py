"""What the theme cannot say of the look of the Review page."""

import streamlit as st

STYLE = """<style>
:is([data-testid="stLayoutWrapper"], [data-testid="stElementContainer"]):has(> .st-key-review-bar) {
  position: sticky; bottom: 0; z-index: 5;
}
.st-key-review-bar {
  background: Canvas; border-top: 1px solid color-mix(in srgb, CanvasText 15%, transparent);
  padding: 0.5rem 0 0.25rem; gap: 0.5rem;
}
.st-key-review-verdicts button { min-height: 3rem; }
.st-key-review-article [data-testid="stPageLink-NavLink"] { padding: 0; }
@media (max-width: 640px) {
  .st-key-review-bar { padding-bottom: 0.75rem; }
  .st-key-review-verdicts button { min-height: 3.25rem; padding: 0.25rem; }
  .st-key-review-head button { padding: 0.25rem 0.6rem; }
  [class*="st-key-review-write-"], .st-key-review-keys { display: none; }
  .st-key-review-bar kbd { display: none; }
}
</style>"""
"""The verdicts stay in reach of a thumb, wherever in the article the reader is; keys are for those who have some."""


def style() -> None:
    """Give the page its style; once a run is enough."""
    st.html(STYLE)
