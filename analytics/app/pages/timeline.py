"""The Timeline page."""

from analytics.app.cards import page

page("Timeline")
