"""Text from outside, shown as text."""

import unicodedata

_SPECIAL = frozenset("\\`*_{}[]()<>#+-.!|$~:@&")


def plain(text: str) -> str:
    """Text without Markdown, HTML or formula: every sign that has a meaning there is escaped."""
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in text.replace("\n", " "))


def apart(text: str) -> str:
    """Plain text within other words: one that begins from right to left does not turn what stands around it."""
    first = next((way for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL")), "L")
    return plain(text) if first == "L" else f"\u2067{plain(text)}\u2069"
