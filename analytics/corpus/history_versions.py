"""One version of an article file → what a history keeps of it."""

import hashlib
import re
from collections import OrderedDict
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from analytics.corpus.front_matter import MAX_FRONT_MATTER_CHARS
from analytics.corpus.history_tables import TRACKED
from analytics.corpus.parse import read

REMEMBERED = 4096
"""How many versions are known again in whatever file they come back, beside the last one of each file."""

_NAMED = b"\nsecured"
_SECURED = re.compile(rb"secured[ \t]*:[^\n]*(?:\n(?:\r?\n)*(?:[ \t]|-[ \n])[^\n]*)*\n?")
"""The lines of the secured text, those below the field's own included."""

_HARMLESS = re.compile(rb'secured: "[0-9A-Za-z+/=;:._ -]*"\r?\n')
"""A secured text that cannot make a file unreadable, whatever it says."""


class Record(NamedTuple):
    """What a history tells of a version, as `load_corpus` would read it."""

    domain: str | None
    url: str | None
    quality: int | None
    heat: int | None
    published: bool | None
    title: str | None
    provider: str | None
    topics: str | None
    type: str | None
    published_at: datetime | None


class Version(NamedTuple):
    """A readable version: the record, and the digest of the file without its secured text."""

    record: Record
    rest: bytes


class Reader:
    """Reads versions; one that differs from a version of late in its secured text alone is not parsed again."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, Record] = OrderedDict()

    def version(self, path: str, data: bytes, last: Version | None) -> Version | None:
        """The version that a file's bytes are, where `last` stood before; None for a text without front matter.

        Raises FrontMatterError.
        """
        named = data.find(_NAMED)
        secured = _SECURED.match(data, named + 1) if named >= 0 else None
        plain = data if secured is None else data[: secured.start()] + data[secured.end() :]
        rest = hashlib.blake2b(plain, digest_size=16).digest()
        harmless = secured is None or (_HARMLESS.fullmatch(secured[0]) and len(data) <= MAX_FRONT_MATTER_CHARS)
        if harmless and last is not None and last.rest == rest:
            return last
        record = (self._known.get(rest) if harmless else None) or _record(path, data)
        if record is None:
            return None
        self.remember(rest, record)
        return Version(record, rest)

    def remember(self, rest: bytes, record: Record) -> None:
        """Know a version again that was read before."""
        self._known[rest] = record
        self._known.move_to_end(rest)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def moved(before: Record, now: Record) -> list[str]:
    """The tracked fields in which two versions differ."""
    return [name for name in TRACKED if getattr(before, name) != getattr(now, name)]


def _record(path: str, data: bytes) -> Record | None:
    found = read(path, data)
    if found is None:
        return None
    topics = "; ".join(row["topic"] for row in found[0].topics) or None
    values = found[0].article | {"topics": topics}
    return Record(*itemgetter(*Record._fields)(values))
