"""The Heat page."""

from analytics.app.cards import page

page("Heat")
