"""The Articles page."""

from analytics.app.articles_page import show

show()
