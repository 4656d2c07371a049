"""The Quality page."""

from analytics.app.cards import page

page("Quality")
