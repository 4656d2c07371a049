"""The Stories page."""

from analytics.app.cards import page

page("Stories")
