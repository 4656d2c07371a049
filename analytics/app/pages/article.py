"""The Article page."""

from analytics.app.article_page import show

show()
