"""How a file of the sample corpus looked earlier: its last form with a few fields changed."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from random import Random

from analytics.corpus.sample_world import OUTLETS

Edits = Mapping[str, str]
"""Field → its earlier value; `outlet` is the domain of another outlet that carried the story, `url` an address."""

DRAFT_TITLE, DRAFT_EXCERPT = "Untitled draft", "Placeholder."

_DOMAIN = re.compile(r"^  name: .*\n  domain: (.*)$", re.MULTILINE)


def edited(data: bytes, edits: Edits) -> bytes:
    """The file with earlier values; a field that it lacks stays absent."""
    text = data.decode()
    for field, value in sorted(edits.items(), key=lambda pair: pair[0] != "outlet"):
        text = _EDITS[field](text, value)
    return text.encode()


def another_secret(rng: Random) -> str:
    """A secured text of the usual length."""
    return f"{b64encode(rng.randbytes(180)).decode()};{b64encode(rng.randbytes(12)).decode()}"


def domain(data: bytes) -> str:
    """The domain of the outlet in a file."""
    found = _DOMAIN.search(data.decode())
    return found[1] if found else ""


def _plain(field: str) -> Callable[[str, str], str]:
    pattern = re.compile(rf"^({field}: ).*$", re.MULTILINE)
    return lambda text, value: pattern.sub(lambda found: found[1] + value, text, count=1)


def _quoted(field: str) -> Callable[[str, str], str]:
    put = _plain(field)
    return lambda text, value: put(text, f'"{value}"')


def _topics(text: str, value: str) -> str:
    return re.sub(r"^topics:\n(?:  - .*\n)+", f"topics:\n  - {value}\n", text, count=1, flags=re.MULTILINE)


def _outlet(text: str, value: str) -> str:
    other = next(outlet for outlet in OUTLETS if outlet.domain == value)
    text = text.replace(domain(text.encode()), value)
    return re.sub(r"^(  name: ).*$", lambda found: found[1] + other.name, text, count=1, flags=re.MULTILINE)


def _url(text: str, value: str) -> str:
    return re.sub(r'^(originalUrl|webUrl): ".*"$', lambda found: f'{found[1]}: "{value}"', text, flags=re.MULTILINE)


_EDITS: dict[str, Callable[[str, str], str]] = {
    "outlet": _outlet,
    "url": _url,
    "heat": _plain("heat"),
    "quality": _plain("quality"),
    "published": _plain("published"),
    "title": _quoted("title"),
    "excerpt": _quoted("excerpt"),
    "secured": _quoted("secured"),
    "topics": _topics,
}
