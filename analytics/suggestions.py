"""Suggestions for names that are not known."""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 80
"""So much of a name is looked at."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question with the known name that is closest; empty when none is close."""
    matches = get_close_matches(name[:LONGEST], list(known), n=1)
    return f" Did you mean {matches[0]!r}?" if matches else ""


def did_you_mean_or_use(name: str, known: Iterable[str]) -> str:
    """The same question, or a list of all known names when none is close."""
    return did_you_mean(name, known) or f" Use {', '.join(known)}."
