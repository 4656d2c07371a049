"""The Briefing page."""

from analytics.app import briefing_page

briefing_page.show()
