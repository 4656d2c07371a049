"""The dashboard: pages, shared filters, and one way to fail."""

from pathlib import Path

import streamlit as st

from analytics.app import dated_notes, page_links, saved_selections, sidebar
from analytics.app.cards import failures_in_words
from analytics.app.page_links import arrive
from analytics.catalog import PAGES

HERE = Path(__file__).parent
ICONS = {
    "Overview": ":material/home:",
    "Quality": ":material/star:",
    "Heat": ":material/local_fire_department:",
    "Topics": ":material/label:",
    "Providers": ":material/newspaper:",
    "Timeline": ":material/calendar_month:",
    "Data health": ":material/health_and_safety:",
    page_links.ARTICLES: ":material/table_rows:",
    page_links.COMPARE: ":material/compare:",
    page_links.CHANGED: ":material/history:",
    page_links.REVIEW: ":material/rate_review:",
    page_links.REPORTS: ":material/download:",
    page_links.ARTICLE: ":material/article:",
}
"""The pages in their order: those of the catalog, then those that are more than cards."""

HIDDEN = (page_links.ARTICLE,)
"""Pages that only links lead to."""


def main() -> None:
    """Run the dashboard once, as Streamlit does on every interaction."""
    st.set_page_config(page_title="Article Analytics", page_icon="📰", layout="wide")
    pages = {
        name: st.Page(
            HERE / "pages" / f"{name.lower().replace(' ', '_')}.py",
            title=name,
            icon=icon,
            default=name == PAGES[0],
            visibility="hidden" if name in HIDDEN else "visible",
        )
        for name, icon in ICONS.items()
    }
    current = st.navigation(list(pages.values()))
    page_links.remember(pages)
    with failures_in_words():
        arrive(current.title)
        kept = st.sidebar.container()
        sidebar.show()
        with kept:
            saved_selections.show()
            dated_notes.show()
        current.run()
