"""The entry of the dashboard: pages, shared filters, and one way to fail."""

from pathlib import Path

import streamlit as st

from analytics.app import sidebar
from analytics.app.cards import failures_in_words
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
}


def main() -> None:
    """Run the dashboard once, as Streamlit does on every interaction."""
    st.set_page_config(page_title="Article Analytics", page_icon="📰", layout="wide")
    files = [HERE / "pages" / f"{name.lower().replace(' ', '_')}.py" for name in PAGES]
    pages = [
        st.Page(file, title=name, icon=ICONS.get(name), default=place == 0)
        for place, (name, file) in enumerate(zip(PAGES, files, strict=True))
    ]
    current = st.navigation(pages)
    with failures_in_words():
        sidebar.show()
        current.run()


if __name__ == "__main__":
    main()
