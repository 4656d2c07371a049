"""One strict reader a kind of field: the right type, or a missing value and a problem. Never a guess or a silent 0."""

import re
from datetime import UTC, date, datetime, tzinfo
from typing import Any, NamedTuple

from analytics.corpus.limits import EARLIEST, LATEST
from analytics.corpus.parsing.front_matter_value_types import Plain, RepeatedField, Tagged
from analytics.corpus.record_fields import RESERVED_LABELS
from analytics.text_normalisation import label_form, showable_text

MAX_ENTRIES = 1000
MAX_PROBLEMS = 1000

_WHOLE = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_WORDS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:[Tt ]\s*((?:[01]\d|2[0-3]):\d\d)(?:(:\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d(?::?[0-5]\d)?)?)?",
    re.ASCII,
)
_LOOKS_DATED = re.compile(
    r"\s*(?:\d{4}([-_.\s‐-―])\d{1,2}\1\d{1,2}(?!\d)|(?:19|20)\d{6}(?!\d)|\d\d-\d\d-\d\d-)", re.ASCII
)
_FILE_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)-", re.ASCII)


class Problem(NamedTuple):
    """A problem with one field: its dotted name, a code of `problem_codes.CODES`, and what was found."""

    field: str
    code: str
    value: str


class Problems(list[Problem]):
    """The problems of one file: at most MAX_PROBLEMS, then one that says there are more."""

    def add(self, field: str, code: str, value: object = "") -> None:
        """Add a problem; the value is shortened, and never that of a field that must not leave the record."""
        if len(self) < MAX_PROBLEMS:
            self.append(Problem(field, code, _shorten(value)))
        elif len(self) == MAX_PROBLEMS:
            self.append(Problem("", "too_many_findings", f"more than {MAX_PROBLEMS}"))


def text(value: Any, field: str, problems: Problems) -> str | None:
    """Text as written, whatever YAML would make of it (`NO` stays NO); blank is missing.

    Signs that cannot be shown are left out, and noted.
    """
    if value is None:
        return None
    if type(value) is str and value.isascii() and value.isprintable():
        return value.strip() or None
    if _refused(value, field, problems):
        return None
    if not isinstance(value, str):
        problems.add(field, "not_text", value)
        return None
    stripped = str(value).strip()
    if not stripped.isascii() and not _encodable(stripped):
        problems.add(field, "not_text")
        return None
    shown = showable_text(stripped)
    if shown != stripped:
        problems.add(
            field, "odd_characters", ", ".join(sorted({f"U+{ord(sign):04X}" for sign in {*stripped} - {*shown}}))
        )
    return shown.strip() or None


def whole(value: Any, field: str, problems: Problems, *, low: int, high: int) -> int | None:
    """A decimal whole number within its range; one in quotation marks is read and noted."""
    if value is None or _refused(value, field, problems):
        return None
    if not isinstance(value, str) or not _WHOLE.fullmatch(value.strip()):
        problems.add(field, "not_whole", value)
        return None
    number = int(value.strip())
    if not low <= number <= high:
        problems.add(field, "out_of_range", value)
        return None
    if not isinstance(value, Plain):
        problems.add(field, "number_as_text", value)
    return number


def label(value: Any, field: str, problems: Problems) -> str | None:
    """Text by which articles are counted, in one form for all that look alike (`text_normalisation.label_form`).

    One that is the program's own is put in quotation marks and noted.
    """
    written = text(value, field, problems)
    found = label_form(written) if written else None
    if found != written:
        problems.add(field, "label_form", found)
    if found in RESERVED_LABELS:
        problems.add(field, "reserved_label", found)
        return f'"{found}"'
    return found or None


def flag(value: Any, field: str, problems: Problems) -> bool | None:
    """true or false; yes, no, on, off and quoted ones are read and noted."""
    if value is None or _refused(value, field, problems):
        return None
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in _WORDS:
        problems.add(field, "not_boolean", value)
        return None
    if not isinstance(value, Plain):
        problems.add(field, "boolean_as_text", value)
    elif word not in ("true", "false"):
        problems.add(field, "boolean_word", value)
    return _WORDS[word]


def time(value: Any, field: str, problems: Problems, *, zone: tzinfo | None = None) -> datetime | None:
    """An ISO 8601 time as UTC; a bare date is taken as midnight UTC and noted, since the day is all that is known.

    One without a zone is of `zone`, else taken as UTC and noted; so is one at which the zone's clocks were changed.
    """
    if value is None or _refused(value, field, problems):
        return None
    parts = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if parts is None:
        problems.add(field, "not_a_time", value)
        return None
    day, clock, seconds, fraction, written = parts.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{seconds or ''}{_offset(written)}")
        if zone is not None and clock and written is None:
            moment = moment.replace(tzinfo=zone)
            if moment.utcoffset() != moment.replace(fold=1).utcoffset():
                problems.add(field, "clock_change", value)
        if fraction:
            moment = moment.replace(microsecond=int(fraction[:6].ljust(6, "0")))
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        problems.add(field, "not_a_time", value)
        return None
    if not EARLIEST <= moment.date() <= LATEST:
        problems.add(field, "implausible_date", value)
        return None
    if clock is None:
        problems.add(field, "date_only", value)
    elif written is None and zone is None:
        problems.add(field, "naive_time", value)
    return moment


def has_form_of_time(text: str) -> bool:
    """Whether a text is written as `time` reads it."""
    return _TIME.fullmatch(text.strip()) is not None


def entries(value: Any, field: str, problems: Problems) -> list[Any]:
    """The items of a list, at most MAX_ENTRIES; anything else gives none and a problem."""
    if value is None or _refused(value, field, problems):
        return []
    if not isinstance(value, list):
        problems.add(field, "not_a_list", value)
        return []
    if len(value) > MAX_ENTRIES:
        problems.add(field, "too_many_entries", f"{len(value)} entries")
    return value[:MAX_ENTRIES]


def record(value: Any, field: str, problems: Problems) -> dict[str, Any] | None:
    """Named fields; anything else gives None and a problem."""
    if value is None or _refused(value, field, problems):
        return None
    if not isinstance(value, dict):
        problems.add(field, "not_a_record", value)
        return None
    return value


def records(value: Any, field: str, problems: Problems) -> list[tuple[int, dict[str, Any]]]:
    """The records of a list with their positions; entries that are not records are problems."""
    return [
        (position, item)
        for position, item in enumerate(entries(value, field, problems))
        if type(item) is dict or record(item, f"{field}.{position}", problems) is not None
    ]


def date_at_start_of_file_name(name: str) -> date | None:
    """The date at the start of a file name such as `2022-02-21-some-title.md`; None for one that is not plausible."""
    parts = _FILE_DATE.match(name)
    if parts is None:
        return None
    try:
        day = date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def begins_with_date(name: str) -> bool:
    """Whether a file name begins with a date in one of the ways that people write it, such as `20220221_some-title.md`.
    Only the names of articles do."""
    return _LOOKS_DATED.match(name) is not None


def _offset(zone: str | None) -> str:
    if zone is None or zone in "Zz":
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _refused(value: Any, field: str, problems: Problems) -> bool:
    if isinstance(value, Tagged):
        problems.add(field, "tagged", value)
        return True
    if isinstance(value, RepeatedField):
        problems.add(field, "duplicate_key")
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
        return f"a record of {len(value)} {'field' if len(value) == 1 else 'fields'}"
    shown = str(value).encode("utf-8", "replace").decode()
    return shown if len(shown) <= 80 else shown[:79] + "…"
