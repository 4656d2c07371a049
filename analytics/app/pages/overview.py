"""The Overview page."""

from analytics.app.cards import page

page("Overview")
