"""Validation of names, notes, opinions and settlements: each is normalised, or refused with a ReviewError."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from analytics.errors import ReviewError
from analytics.reviews.models import OUTCOMES, Opinion, Rules, Settlement
from analytics.reviews.store.database_tables import storable
from analytics.text_normalisation import spelling_key

NAME_LIMIT = 80
TITLE_LIMIT = 200
NOTE_LIMIT = 20_000
"""Characters of a name, of a title and of a note."""

QUALITY_LIMIT = 1000
"""Highest quality that may be suggested; recorded qualities go up to about 190."""

FORBIDDEN_CATEGORIES = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories of characters that no name may have."""

DIRECTION_MARKS = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of text: with them one name could look like another."""

_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\u2800\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that nobody sees: Default_Ignorable_Code_Point of Unicode 16, and the empty Braille pattern."""


def person_name(text: str) -> str:
    """A normalised name of a person: NFC, with single spaces. Raises ReviewError."""
    return _valid_line(text, "A name", NAME_LIMIT)


@lru_cache(maxsize=4096)
def person_key(name: str) -> str:
    """A key that is equal for all spellings of a person's name, by which names are compared everywhere.

    `spelling_key` (case, blanks, accents, typographic signs) is not enough, as labels may differ in what a name may
    not: compatibility forms such as full-width letters, and invisible characters that join letters or choose a glyph.
    Source: Unicode 16, section 3.13, D146 (compatibility caseless matching).
    """
    text = unicodedata.normalize("NFD", _INVISIBLE.sub("", name))
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
    return spelling_key(text)


def same_person(name: str, other: str) -> bool:
    """Whether two names are spellings of one."""
    return person_key(name) == person_key(other)


def session_title(text: str) -> str:
    """A title of a session, normalised as a name is. Raises ReviewError."""
    return _valid_line(text, "The title of a session", TITLE_LIMIT)


def validated_opinion(rules: Rules, opinion: Opinion) -> Opinion:
    """An opinion as it is stored. Raises ReviewError when it does not follow the rules of its session."""
    _require_verdict(rules, opinion.verdict)
    reasons = tuple(dict.fromkeys(opinion.reasons))
    if unknown := [reason for reason in reasons if reason not in rules.reasons]:
        raise ReviewError(f"There is no reason {unknown[0]!r} in this session; it has {', '.join(rules.reasons)}.")
    return replace(opinion, quality=_valid_quality(opinion.quality), reasons=reasons, note=_valid_note(opinion.note))


def validated_settlement(rules: Rules, settlement: Settlement) -> Settlement:
    """A settlement as it is stored. Raises ReviewError when it is incomplete or against the rules of its session."""
    if settlement.outcome not in OUTCOMES:
        raise ReviewError(f"An item cannot be {settlement.outcome!r}; it can be {', '.join(OUTCOMES)}.")
    if settlement.outcome == "settled" and settlement.verdict is None:
        raise ReviewError("A settled item needs a verdict. Choose one, or put the item down for another look.")
    if settlement.outcome == "reopened" and settlement.verdict is not None:
        raise ReviewError("A reopened item has no verdict. Leave it out, or settle the item.")
    _require_verdict(rules, settlement.verdict)
    return replace(
        settlement,
        quality=_valid_quality(settlement.quality),
        note=_valid_note(settlement.note),
        present=distinct_person_names(settlement.present),
    )


def distinct_person_names(people: Iterable[str]) -> tuple[str, ...]:
    """Normalised names, each person once in the first spelling, in their first order. Raises ReviewError."""
    names: dict[str, str] = {}
    for name in map(person_name, people):
        names.setdefault(person_key(name), name)
    return tuple(names.values())


def _require_verdict(rules: Rules, name: str | None) -> None:
    if name is not None and rules.verdict(name) is None:
        known = ", ".join(verdict.name for verdict in rules.verdicts)
        raise ReviewError(f"There is no verdict {name!r} in this session; it has {known}.")


def _valid_quality(points: int | None) -> int | None:
    if points is None:
        return None
    if int(points) != points or not 0 <= points <= QUALITY_LIMIT:
        raise ReviewError(f"A quality of {points} is not possible: it is a whole number from 0 to {QUALITY_LIMIT}.")
    return int(points)


def _valid_note(text: str) -> str:
    """A note whose lines end in `\\n` only, since readers of CSV take `\\r` for the end of a row."""
    if len(text) > NOTE_LIMIT:
        raise ReviewError(f"The note has {len(text):,} characters; {NOTE_LIMIT:,} are kept at most. Shorten it.")
    return storable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _valid_line(text: str, what: str, limit: int) -> str:
    tidy = unicodedata.normalize("NFC", text.strip())
    if odd := [sign for sign in tidy if unicodedata.category(sign) in FORBIDDEN_CATEGORIES or sign in DIRECTION_MARKS]:
        raise ReviewError(f"{what} cannot hold the character U+{ord(odd[0]):04X}. Leave it out.")
    tidy = " ".join(tidy.split())
    if len(tidy) > limit:
        raise ReviewError(f"{what} has {len(tidy)} characters; {limit} are kept at most. Shorten it.")
    if not person_key(tidy):
        raise ReviewError(f"{what} is empty. Fill it in.")
    return tidy
