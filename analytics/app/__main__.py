"""`python -m analytics.app run SCRIPT`: Streamlit, with the modules of the pages imported before a reader comes."""

import sys
from importlib import import_module

from streamlit.web.cli import main

MODULES = ("main", "cards", "article_page", "articles_page", "briefing_page", "compare_page", "reports_page")
"""Of the app: what they import is nearly all that a page needs."""

if __name__ == "__main__":
    for name in MODULES:
        import_module(f"analytics.app.{name}")
    sys.argv[0] = "streamlit"
    main()
