"""Text from outside, shown as text."""

import unicodedata
from urllib.parse import quote, urlsplit

_SPECIAL = frozenset("\\`*_{}[]()<>#+-.!|$~:@&")


def plain(text: str) -> str:
    """Text without Markdown, HTML or formula: every sign that has a meaning there is escaped."""
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in text.replace("\n", " "))


def apart(text: str) -> str:
    """Plain text within other words: one that begins from right to left does not turn what stands around it."""
    first = next((way for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL")), "L")
    return plain(text) if first == "L" else f"\u2067{plain(text)}\u2069"


_KEPT = "!#$%&'*+,/:;=?@[]~"


def web_address(value: object) -> str | None:
    """An http or https address, with every other sign that an address may not hold escaped; None for anything else."""
    if not isinstance(value, str):
        return None
    address = quote(value.strip(), safe=_KEPT)
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def web_link(label: str, value: object) -> str:
    """A Markdown link that opens an address of the web; empty for anything else. `label` is escaped already."""
    address = web_address(value)
    return f"[{label}](<{address.replace('&', '&amp;')}>)" if address else ""
