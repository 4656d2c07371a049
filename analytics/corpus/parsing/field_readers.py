"""One strict reader a kind of field: the right type, or a missing value and a finding. Never a guess or a silent 0."""

import re
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from analytics.corpus.parsing.front_matter import Doubled, Plain, Tagged

SCORE_MAX = 1000
PIXELS_MAX = 1_000_000
MAX_ENTRIES = 1000
MAX_FINDINGS = 1000

_WHOLE = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_WORDS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:[Tt ]\s*((?:[01]\d|2[0-3]):\d\d)(?:(:\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d(?::?[0-5]\d)?)?)?",
    re.ASCII,
)
_FILE_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)-", re.ASCII)


class DoubtError(Exception):
    """What the fast reader gives cannot be trusted to be what PyYAML would: PyYAML has to read the file."""


class Finding(NamedTuple):
    """Something met while reading one field: dotted field name, code of `codes.CODES`, what was found."""

    field: str
    code: str
    value: str


class Findings(list[Finding]):
    """The findings of one file, at most MAX_FINDINGS and a word that there are more."""

    def add(self, field: str, code: str, value: object = "") -> None:
        """Note a finding; the value is shortened, and never that of a field that must not leave the record."""
        if len(self) < MAX_FINDINGS:
            self.append(Finding(field, code, _shorten(value)))
        elif len(self) == MAX_FINDINGS:
            self.append(Finding("", "too_many_findings", f"more than {MAX_FINDINGS}"))


class NoFindings(Findings):
    """For what the fast reader gives: whatever there is to note is read again by PyYAML."""

    def add(self, field: str, code: str, value: object = "") -> None:  # noqa: ARG002
        """Raises DoubtError."""
        raise DoubtError


def text(value: Any, field: str, findings: Findings) -> str | None:
    """Text as written, whatever YAML would make of it (`NO` stays NO); blank is missing."""
    if value is None:
        return None
    if type(value) is str and value.isascii():
        return value.strip() or None
    if _refused(value, field, findings):
        return None
    if not isinstance(value, str):
        findings.add(field, "not_text", value)
        return None
    stripped = str(value).strip()
    if not stripped.isascii() and not _encodable(stripped):
        findings.add(field, "not_text")
        return None
    return stripped or None


def whole(value: Any, field: str, findings: Findings, *, low: int, high: int) -> int | None:
    """A decimal whole number within its range; one in quotation marks is read and noted."""
    if type(value) is int and low <= value <= high:
        return value
    if value is None or _refused(value, field, findings):
        return None
    if not isinstance(value, str) or not _WHOLE.fullmatch(value.strip()):
        findings.add(field, "not_whole", value)
        return None
    number = int(value.strip())
    if not low <= number <= high:
        findings.add(field, "out_of_range", value)
        return None
    if not isinstance(value, Plain):
        findings.add(field, "number_as_text", value)
    return number


def flag(value: Any, field: str, findings: Findings) -> bool | None:
    """true or false; yes, no, on, off and quoted ones are read and noted."""
    if isinstance(value, bool):
        return value
    if value is None or _refused(value, field, findings):
        return None
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in _WORDS:
        findings.add(field, "not_boolean", value)
        return None
    if not isinstance(value, Plain):
        findings.add(field, "boolean_as_text", value)
    elif word not in ("true", "false"):
        findings.add(field, "boolean_word", value)
    return _WORDS[word]


def time(value: Any, field: str, findings: Findings) -> datetime | None:
    """An ISO 8601 time as UTC; a naive one is taken as UTC and noted, a bare date as midnight UTC and noted."""
    if value is None or _refused(value, field, findings):
        return None
    parts = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None:
        findings.add(field, "not_a_time", value)
        return None
    day, clock, seconds, fraction, zone = parts.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{seconds or ''}{_offset(zone)}")
        if fraction:
            moment = moment.replace(microsecond=int(fraction[:6].ljust(6, "0")))
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        findings.add(field, "not_a_time", value)
        return None
    if clock is None:
        findings.add(field, "date_only", value)
    elif zone is None:
        findings.add(field, "naive_time", value)
    return moment


def entries(value: Any, field: str, findings: Findings) -> list[Any]:
    """The items of a list, at most MAX_ENTRIES; anything else is no items and a finding."""
    if value is None or _refused(value, field, findings):
        return []
    if not isinstance(value, list):
        findings.add(field, "not_a_list", value)
        return []
    if len(value) > MAX_ENTRIES:
        findings.add(field, "too_many_entries", f"{len(value)} entries")
    return value[:MAX_ENTRIES]


def record(value: Any, field: str, findings: Findings) -> dict[str, Any] | None:
    """Named fields; anything else is a finding."""
    if value is None or _refused(value, field, findings):
        return None
    if not isinstance(value, dict):
        findings.add(field, "not_a_record", value)
        return None
    return value


def records(value: Any, field: str, findings: Findings) -> list[tuple[int, dict[str, Any]]]:
    """The records of a list with their places; entries that are not records are findings."""
    return [
        (place, item)
        for place, item in enumerate(entries(value, field, findings))
        if type(item) is dict or record(item, f"{field}.{place}", findings) is not None
    ]


def file_date(name: str) -> date | None:
    """The date at the start of a file name such as `2022-02-21-some-title.md`."""
    parts = _FILE_DATE.match(name)
    if parts is None:
        return None
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        return None


def _offset(zone: str | None) -> str:
    if zone is None or zone in "Zz":
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _refused(value: Any, field: str, findings: Findings) -> bool:
    if isinstance(value, Tagged):
        findings.add(field, "tagged", value)
        return True
    if isinstance(value, Doubled):
        findings.add(field, "duplicate_key")
        return True
    return False


def _encodable(value: str) -> bool:
    """Whether the text is free of lone surrogates, which no file or table can hold."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shorten(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"a record of {len(value)} fields"
    shown = str(value).encode("utf-8", "replace").decode()
    return shown if len(shown) <= 80 else shown[:79] + "…"
