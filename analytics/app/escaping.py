"""Text and addresses from outside, escaped for Markdown in Streamlit."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

JOINER = "\u2060"
"""A sign without width, which parts the signs of a pattern that Streamlit looks for after it has read the Markdown."""

WHITE = re.compile("[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
"""White space that could end a line or begin a block of code; not the spaces that hold words together."""

SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#+\-.!|$~:@&=]")
"""Signs with a meaning in Markdown, in HTML or in Streamlit's own directives."""

REPLACED = re.compile(
    r":(?=[\w+-]+:|material/|//)"  # emoji, icons and logo; the scheme of an address
    r"|www(?=\.)|[-.\w+](?=@)"  # an address without a scheme, an e-mail address
    r"|(?<!\S)(?:-(?=[->](?!\S))|<(?=(?:->?|=)(?!\S))|[>~](?==(?!\S)))",  # arrows, dashes and signs of comparison
    re.IGNORECASE,
)
"""What Streamlit replaces in text whether it is escaped or not: the joiner goes after each match."""


def escaped(text: str) -> str:
    """Text escaped as one line of Markdown, so that Streamlit shows exactly this text."""
    joined = REPLACED.sub(lambda found: found[0] + JOINER, WHITE.sub(" ", text))
    return SPECIAL.sub(lambda sign: f"\\{sign[0]}", joined)


def escaped_bidi(text: str) -> str:
    """Escaped text for use inside a sentence: right-to-left text is isolated, so that it does not reorder the rest."""
    first = next((way for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL")), "L")
    return escaped(text) if first == "L" else f"\u2067{escaped(text)}\u2069"


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


def web_link(escaped_label: str, value: object) -> str:
    """A Markdown link that opens an address of the web; empty for anything else. `escaped_label` is escaped already."""
    address = web_address(value)
    return f"[{escaped_label}](<{address.replace('&', '&amp;')}>)" if address else ""
