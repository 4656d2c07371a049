"""Decisions that were taken elsewhere, read from a CSV row by row; what makes no sense is told with its line."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

from analytics.errors import ReviewError
from analytics.reviews.accepted import person_name, settlement_of
from analytics.reviews.models import OUTCOMES, Outcome, Rules, Settlement

COLUMNS = ("path", "url", "verdict", "state", "quality", "note", "present", "by", "decided_at")
"""The columns that are read; others are passed over."""

BYTES_MAX = 50_000_000
"""The largest file that is read."""

SHIELDED = re.compile(r"^'(?=[=+\-@\t\r])")
"""The sign that exports put before text which a spreadsheet would run as a formula."""

DECIDED = "Decided elsewhere:"
"""What the last line of a note begins with that tells when the decision was taken."""

Cells = dict[str, str]


@dataclass(frozen=True)
class BadRow:
    """A row that makes no sense: the line that it begins on, and why."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


@dataclass(frozen=True)
class Row:
    """A decision from elsewhere: its line, how the article is named, and what was decided by whom."""

    line: int
    path: str
    url: str
    by: str
    settlement: Settlement


@dataclass(frozen=True)
class Sheet:
    """The rows of a file with their lines, and the names of the columns that nothing is done with."""

    rows: tuple[tuple[int, Cells], ...]
    passed_over: tuple[str, ...]


def read_sheet(source: Path) -> Sheet:
    """The rows of a CSV (UTF-8, a header row, commas or semicolons). Raises ReviewError when it is none."""
    text = _text(source)
    first = text.partition("\n")[0]
    lines = csv.reader(StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        head = [name.strip().lower() for name in next(lines, [])]
        _check_head(source, head)
        rows, start = [], lines.line_num + 1
        for values in lines:
            if any(value.strip() for value in values):
                rows.append((start, _cells(head, values)))
            start = lines.line_num + 1
    except csv.Error as error:
        raise ReviewError(f"{source}, line {lines.line_num}: this is no CSV ({error}). Nothing was imported.") from None
    return Sheet(tuple(rows), tuple(name for name in head if name and name not in COLUMNS))


def row_of(line: int, cells: Cells, rules: Rules, by: str) -> Row:
    """What a row says, in the words of a session's rules; `by` is who decided where the row does not say it.

    Raises ReviewError.
    """
    if not cells["path"] and not cells["url"]:
        raise ReviewError("no article is named. Give its path or its url.")
    if not cells["by"] and not by:
        raise ReviewError("it is not said who decided. Fill in the column by, or name somebody for all rows.")
    said = Settlement(
        _outcome(cells["state"]),
        _verdict(cells["verdict"], rules),
        _quality(cells["quality"]),
        _note(cells["note"], cells["decided_at"]),
        tuple(name.strip() for name in cells["present"].split(";") if name.strip()),
    )
    return Row(line, cells["path"], cells["url"], person_name(cells["by"] or by), settlement_of(rules, said))


def _text(source: Path) -> str:
    try:
        if source.stat().st_size > BYTES_MAX:
            raise ReviewError(f"{source} is larger than {BYTES_MAX // 1_000_000} MB. Split it.")
        return source.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ReviewError(f"{source} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise ReviewError(f"{source} is not UTF-8 (byte {error.start}). Save it as CSV UTF-8.") from None


def _check_head(source: Path, head: Sequence[str]) -> None:
    if "verdict" not in head or not {"path", "url"} & set(head):
        raise ReviewError(
            f"{source}: the first line must name the columns, verdict and path or url among them; it has "
            f"{', '.join(filter(None, head)) or 'nothing'}. Columns that are read: {', '.join(COLUMNS)}."
        )
    if twice := [name for name in COLUMNS if head.count(name) > 1]:
        raise ReviewError(f"{source}: the column {twice[0]} is there twice. Take one of them away.")


def _cells(head: Sequence[str], values: Sequence[str]) -> Cells:
    """The cells of a row by name, empty where it has none."""
    given = {name: SHIELDED.sub("", value) for name, value in zip(head, values, strict=False)}
    return {name: given.get(name, "") if name == "note" else given.get(name, "").strip() for name in COLUMNS}


def _outcome(found: str) -> Outcome:
    for outcome in OUTCOMES:
        if (found or "settled").casefold() == outcome:
            return outcome
    raise ReviewError(f"there is no state {found!r}. Use {', '.join(OUTCOMES)}, or leave it empty for settled.")


def _verdict(found: str, rules: Rules) -> str | None:
    named = {verdict.name.casefold(): verdict.name for verdict in rules.verdicts}
    return named.get(found.casefold(), found) or None


def _quality(found: str) -> int | None:
    if found and not re.fullmatch(r"[0-9]{1,9}", found):
        raise ReviewError(f"quality {found!r} is not a whole number of 0 or more.")
    return int(found) if found else None


def _note(note: str, decided_at: str) -> str:
    """A note with the time of the decision below it, unless it tells one: the store says when it was stored."""
    if note.rpartition("\n")[2].startswith(DECIDED):
        return note
    return "\n".join(part for part in (note, decided_at and f"{DECIDED} {_moment(decided_at)}") if part)


def _moment(found: str) -> str:
    try:
        if len(found) == len("2026-03-31"):
            return date.fromisoformat(found).isoformat()
        at = datetime.fromisoformat(found)
    except ValueError:
        raise ReviewError(f"decided_at {found!r} is no time. Write 2026-03-31 or 2026-03-31T14:00:00Z.") from None
    return f"{at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
