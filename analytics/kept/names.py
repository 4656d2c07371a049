"""Names and texts that people type: trimmed, of a sensible length, without control characters."""

import unicodedata

from analytics.errors import KeptError

NAME_MAX = 80
TEXT_MAX = 500


def name(typed: str) -> str:
    """A name in one line. Raises KeptError unless it has 1 to 80 characters."""
    return _sensible(" ".join(typed.split()), "name", NAME_MAX, allowed="")


def text(typed: str) -> str:
    """A text of one or more lines. Raises KeptError unless it has 1 to 500 characters."""
    return _sensible("\n".join(typed.splitlines()).strip(), "text", TEXT_MAX, allowed="\n\t")


def key(typed: str) -> str:
    """What two names have in common that are the same but for case and the way of writing accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed).casefold())


def free(wanted: str, taken: set[str]) -> str:
    """A name that is not taken (by its key): the one wanted, or with a number after it."""
    found, number = wanted, 2
    while key(found) in taken:
        after = f" ({number})"
        found, number = f"{wanted[: NAME_MAX - len(after)]}{after}", number + 1
    return found


def _sensible(value: str, what: str, most: int, *, allowed: str) -> str:
    if not value:
        raise KeptError(f"The {what} is empty. Give it 1 to {most} characters.")
    if len(value) > most:
        raise KeptError(f"The {what} has {len(value)} characters. Give it {most} at most.")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed for sign in value):
        raise KeptError(f"The {what} holds control characters. Leave them out.")
    return value
