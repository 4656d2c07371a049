"""Options that several views share."""

from analytics.engine.periods import AUTO, GRAINS
from analytics.view import Option

GRAIN = Option("grain", "Period", (AUTO, *GRAINS), AUTO)
"""How long the periods of a view over time are."""

DRAWN = Option("top", "Drawn (0: all)", (15, 30, 0), 15, drawn=True)
"""How many rows of a list the chart shows."""

LIMIT = Option("limit", "Articles", (10, 25, 50, 100, 500), 50)
"""How many articles a list shows."""
