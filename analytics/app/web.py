"""Addresses from outside: only those of the web are followed."""

from urllib.parse import quote, urlsplit

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
