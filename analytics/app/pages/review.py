"""The Review page."""

from analytics.app.review_page import show

show()
