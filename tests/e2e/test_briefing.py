"""The briefing in a browser: the first screen, its links, and the one page that is sent round."""
