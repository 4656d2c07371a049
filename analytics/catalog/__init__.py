"""Every view of the product, declared once: its card, CSV, command-line name and README row come from here.

One module a page; adding a view is one entry there.
"""

from analytics.catalog import health, heat, overview, providers, quality, review, stories, timeline, topics
from analytics.catalog.view import View

_PAGES = (overview, quality, heat, topics, providers, stories, timeline, health, review)

PAGES = tuple(page.PAGE for page in _PAGES)
"""The pages in their order."""

VIEWS: dict[str, View] = {view.slug: view for page in _PAGES for view in page.VIEWS}
"""Slug → view, in the order of pages and cards."""

TABS: dict[str, tuple[str, ...]] = {page.PAGE: page.TABS for page in _PAGES}
"""Page → its tabs in their order; none on a page that is short."""
