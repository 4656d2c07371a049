"""The Topics page."""

from analytics.app.cards import page

page("Topics")
