"""One version of an article file → what a history keeps of it."""

import hashlib
import re
from collections import OrderedDict
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from analytics.corpus.limits import MAX_FRONT_MATTER_CHARS
from analytics.corpus.parsing.files_to_tables import parse_file
from analytics.corpus.site_profile import PLAIN_READING, ReadingSettings
from analytics.history.history_tables import TRACKED

REMEMBERED = 4096
"""How many versions are known again in whatever file they come back, beside the last one of each file."""

_NAMED = b"\nsecured"
_SECURED = re.compile(rb"secured[ \t]*:[^\n]*(?:\n(?:\r?\n)*(?:[ \t]|-[ \n])[^\n]*)*\n?")
"""The lines of the secured text, those below the field's own included."""

_HARMLESS = re.compile(rb'secured: "[0-9A-Za-z+/=;:._ -]*"\r?\n')
"""A secured text that cannot make a file unreadable, whatever it says."""


SCORES = ("quality", "heat", "published")

_SCORE = re.compile(
    rb"^(?=(?:quality: \d|heat: [-\d]|published: [tf]))(\w+): (-1|0|[1-9][0-9]{0,2}|true|false)(?=\r?\n)", re.MULTILINE
)
"""A score on a line of its own, in a form that cannot be read in two ways."""

_SURE = re.compile(
    rb"""---[ \t]*\r?\n
    (?>
        [ ]*+ (?:-[ ]++)*+
        (?: [A-Za-z_][\w-]*+ : (?: [ ]++ | (?=\r?\n) ) )?+
        (?:
            "(?:[^"\\\n]|\\[^\n])*+"
          | '(?:[^'\n]|'')*+'
          | \[\]
          | (?:-(?=[0-9]))? [^]\s"'[{}&*!|>%@`?#:,.-] (?:[^\r\n:]|:(?=\S))*+
        )?+
        [ \t]*+ \r?\n
    )*+
    ---[ \t]*\r?(?:\n|\Z)""",
    re.VERBOSE,
)
"""Front matter in which no value goes on in the next line unless that is indented: what looks like a field is one."""

_OTHER_BREAK = re.compile(rb"\r(?!\n)|\xc2\x85|\xe2\x80[\xa8\xa9]")
"""What ends a line in YAML beside `\\n`."""


class Record(NamedTuple):
    """The fields of a version that a history keeps, as `load_corpus` would read them."""

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
    date_only: bool | None


class Version(NamedTuple):
    """A readable version: the record, and digests of the file without its secured text and, if its scores stand on
    plain lines, without those as well.

    `sure` says that its lines are what they look like: then these alone make no other version of it.
    """

    record: Record
    rest: bytes
    sure: bool
    frame: bytes = b""


class VersionReader:
    """Reads versions; one that differs from the last in secured text or scores alone is not parsed again."""

    def __init__(self, reading: ReadingSettings = PLAIN_READING) -> None:
        self._reading = reading
        self._known: OrderedDict[bytes, Record] = OrderedDict()

    def version(self, path: str, data: bytes, last: Version | None) -> Version | None:
        """The version in a file's bytes, where `last` is the one before; None for a text without front matter.

        Raises UnreadableFileError.
        """
        named = data.find(_NAMED)
        secured = _SECURED.match(data, named + 1) if named >= 0 else None
        plain = data if secured is None else data[: secured.start()] + data[secured.end() :]
        rest = hashlib.blake2b(plain, digest_size=16).digest()
        harmless = secured is None or (_HARMLESS.fullmatch(secured[0]) and len(data) <= MAX_FRONT_MATTER_CHARS)
        before = last if harmless and last is not None and last.sure else None
        if before is not None and before.rest == rest:
            return before
        frame, scores = _scores(plain)
        if before is not None and frame and before.frame == frame:
            return Version(before.record._replace(**scores), rest, sure=True, frame=frame)
        known = self._known.get(rest) if harmless else None
        record = known or _record(path, data, self._reading)
        if record is None:
            return None
        sure = bool(harmless and (known or (_SURE.match(plain) and not _OTHER_BREAK.search(plain))))
        if sure:
            self.remember(rest, record)
        alike = scores == {name: value for name in SCORES if (value := getattr(record, name)) is not None}
        return Version(record, rest, sure, frame if alike else b"")

    def remember(self, rest: bytes, record: Record) -> None:
        """Keep the record of a sure version, so that it is not parsed again where it comes back."""
        self._known[rest] = record
        self._known.move_to_end(rest)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def changed_fields(before: Record, now: Record) -> list[str]:
    """The tracked fields in which two versions differ."""
    return [name for name in TRACKED if getattr(before, name) != getattr(now, name)]


def _scores(plain: bytes) -> tuple[bytes, dict[str, Any]]:
    """The digest of a file without the values of its scores, and these; no digest when one stands there twice."""
    end = plain.find(b"\n---", len("---\n"))
    digest, scores, at = hashlib.blake2b(digest_size=16), dict[str, Any](), 0
    for found in _SCORE.finditer(plain, 0, end + 1):
        name, value = found[1].decode(), found[2]
        if name in scores:
            return b"", scores
        scores[name] = value == b"true" if name == "published" else int(value)
        digest.update(plain[at : found.start(2)] + b"\0")
        at = found.end(2)
    digest.update(plain[at:])
    return digest.digest() if scores else b"", scores


def _record(path: str, data: bytes, reading: ReadingSettings) -> Record | None:
    found = parse_file(path, data, reading)
    if found is None:
        return None
    topics = "; ".join(row["topic"] for row in found[0].topics) or None
    values = found[0].article | {"topics": topics}
    return Record(*itemgetter(*Record._fields)(values))
