"""Text from outside, shown as text."""

_SPECIAL = frozenset("\\`*_{}[]()<>#+-.!|$~:@&")


def plain(text: str) -> str:
    """Text without Markdown, HTML or formula: every sign that has a meaning there is escaped."""
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in text.replace("\n", " "))
