"""The Data health page."""

from analytics.app.cards import page

page("Data health")
