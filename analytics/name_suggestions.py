"""Suggestions for names that are not known."""

from collections.abc import Iterable

CLOSE = 60
"""The similarity, of 100, from which a known name may have been meant."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question with the known name that is closest; empty when none is close."""
    from rapidfuzz import fuzz, process  # here, so that no start-up waits for it

    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=CLOSE)
    return f" Did you mean {found[0]!r}?" if found else ""


def did_you_mean_or_list_all(name: str, known: Iterable[str]) -> str:
    """A question with the known name that is closest, or a list of all known names when none is close."""
    return did_you_mean(name, known) or f" Use {', '.join(known)}."
