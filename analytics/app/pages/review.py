"""The Review page."""

from analytics.app.review.page import show

show()
