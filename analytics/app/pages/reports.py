"""The Reports page."""

from analytics.app.reports_page import show

show()
