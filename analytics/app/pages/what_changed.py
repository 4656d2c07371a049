"""The What changed page."""

from analytics.app.digest_page import show

show()
