"""Streamlit, with the modules of the pages imported before a reader comes: `python -P THIS_FILE run SCRIPT`."""

import sys
from importlib import import_module
from pathlib import Path

PAGES = ("main", "cards", "article_page", "articles_page", "briefing_page", "compare_page", "reports_page")
"""Modules of the app: what they import is nearly all that a page needs."""
COMPUTING = ("scipy.stats", "statsmodels.stats.multitest")
"""What the first answers of a page import."""

if __name__ == "__main__":
    root = str(Path(__file__).parents[2])
    if root not in sys.path:  # a checkout that is not installed
        sys.path.insert(0, root)
    for name in (*(f"analytics.app.{page}" for page in PAGES), *COMPUTING):
        import_module(name)
    sys.argv[0] = "streamlit"
    import_module("streamlit.web.cli").main()
