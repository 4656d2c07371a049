"""The dashboard: its menu of pages, the sidebar with the filters, and errors as messages."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from analytics.app import answers, dated_notes, glossary, page_links, saved_selections, sidebar
from analytics.app.cards import show_errors_as_messages
from analytics.app.page_links import apply_link_filters
from analytics.app.page_queue import wait_for_turn
from analytics.catalog import PAGES

HERE = Path(__file__).parent
MENU = (
    ("Now", "Briefing", ":material/home:"),
    ("Explore", "Quality", ":material/star:"),
    ("Explore", "Heat", ":material/local_fire_department:"),
    ("Explore", "Topics", ":material/label:"),
    ("Explore", "Providers", ":material/newspaper:"),
    ("Explore", "Stories", ":material/hub:"),
    ("Explore", "Timeline", ":material/calendar_month:"),
    ("Look up", page_links.ARTICLES, ":material/table_rows:"),
    ("Look up", page_links.ARTICLE, ":material/article:"),
    ("Look up", page_links.COMPARE, ":material/compare:"),
    ("Look up", page_links.CHANGED, ":material/history:"),
    ("Together", page_links.REVIEW, ":material/rate_review:"),
    ("Together", page_links.REPORTS, ":material/download:"),
    ("Engine room", "Data health", ":material/health_and_safety:"),
)
"""The pages in their order: by what one comes for, name and icon."""

STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-top: 3.25rem; }
.stApp :is(:focus-visible, label:has(:focus-visible)) { outline: 2px solid !important; outline-offset: -2px; }
.st-key-menu [data-testid="stCaptionContainer"] { margin-bottom: -0.75rem; }
:is(button[data-selected="true"], [role="tab"][aria-selected="true"]) p { color: CanvasText; }
[data-testid="stSidebarHeader"] { height: 2.5rem; margin-bottom: 0; }
:is(button, [data-testid="stHeadingWithActionElements"] a, [role="tab"], label:has(input)) {
  min-width: 24px; min-height: 24px;
}
@media (max-width: 640px) {
  [data-testid="stSidebar"] :is(.st-key-menu, [data-testid="stLayoutWrapper"]:has(> .st-key-menu)) { order: 1; }
  [class*="st-key-below-"] { flex-wrap: wrap; }
  [class*="st-key-below-"] > :has([data-testid="stExpander"]) { flex: 0 0 100%; }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after {
    animation-duration: 1ms !important; animation-iteration-count: 1 !important;
    transition-duration: 1ms !important; scroll-behavior: auto !important;
  }
}
</style>"""
"""Less empty room above the title, a menu without gaps, and a focus and a choice that can be seen. Whatever is clicked
is at least 24 pixels wide and high. On a phone the filters come before the menu, and a table has the whole width.
Nothing moves for readers who want no motion."""

HIDDEN = (page_links.ARTICLE,)
"""Pages that only links lead to."""


def main() -> None:
    """Run the dashboard once, as Streamlit does on every interaction."""
    with wait_for_turn(answers.start_workers):
        _main()


def _main() -> None:
    st.set_page_config(page_title="Article Analytics", page_icon="📰", layout="wide")
    st.html(STYLE)
    pages = {
        name: st.Page(
            HERE / "pages" / f"{name.lower().replace(' ', '_')}.py",
            title=name,
            icon=icon,
            default=name == PAGES[0],
            visibility="hidden" if name in HIDDEN else "visible",
        )
        for _, name, icon in MENU
    }
    current = st.navigation(list(pages.values()), position="hidden")
    st.set_page_config(page_title=f"{current.title} · Article Analytics")
    page_links.register_pages_and_open_requested(pages)
    _menu(pages)
    with show_errors_as_messages():
        answers.switch_to_newest_corpus()
        apply_link_filters(current.title)
        kept = st.sidebar.container()
        sidebar.show()
        with kept:
            saved_selections.show_popover()
            dated_notes.show_editor()
            glossary.show_popover()
        current.run()


def _menu(pages: Mapping[str, StreamlitPage]) -> None:
    """Draw the pages by sections; the sections of `st.navigation` are lists that screen readers cannot read."""
    with st.sidebar.container(key="menu", gap="xsmall"):
        above = ""
        for section, name, _ in MENU:
            if section != above:
                st.caption(section)
                above = section
            if name not in HIDDEN:
                st.page_link(pages[name])
