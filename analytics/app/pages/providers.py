"""The Providers page."""

from analytics.app.cards import page

page("Providers")
