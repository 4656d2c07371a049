"""Checks of names and texts that people type."""

import unicodedata

from analytics.errors import UserDataError

NAME_MAX = 80
TEXT_MAX = 500


def valid_name(typed: str) -> str:
    """A name in one line, without surrounding space. Raises UserDataError unless it has 1 to 80 characters."""
    return _valid(" ".join(typed.split()), "name", NAME_MAX, allowed="")


def valid_text(typed: str) -> str:
    """A text of one or more lines. Raises UserDataError unless it has 1 to 500 characters."""
    return _valid("\n".join(typed.splitlines()).strip(), "text", TEXT_MAX, allowed="\n\t")


def _valid(value: str, what: str, limit: int, *, allowed: str) -> str:
    if not value:
        raise UserDataError(f"The {what} is empty. Give it 1 to {limit} characters.")
    if len(value) > limit:
        raise UserDataError(f"The {what} has {len(value)} characters. Give it {limit} at most.")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed for sign in value):
        raise UserDataError(f"The {what} holds control characters. Leave them out.")
    return value


def name_key(name: str) -> str:
    """A key that is equal for names which differ only in case or in how accents are encoded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def free_name(wanted: str, taken_keys: set[str]) -> str:
    """The wanted name, or, where its key is taken, the name with the first free number after it."""
    name, number = wanted, 2
    while name_key(name) in taken_keys:
        suffix = f" ({number})"
        name, number = f"{wanted[: NAME_MAX - len(suffix)]}{suffix}", number + 1
    return name
