"""The Compare page."""

from analytics.app.compare_page import show

show()
