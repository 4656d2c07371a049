"""The What changed page."""

from analytics.app.what_changed_page import show

show()
