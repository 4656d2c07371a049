"""Dated notes: what happened when, kept in `notes.yml` of the data folder and read from a file that is named."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analytics.errors import UserDataError
from analytics.schema import Column, Table
from analytics.selection.selection import Selection
from analytics.userdata import files
from analytics.userdata.yaml_records import Contents, Fields, Form, contents, written

FORM = Form("notes", ("day", "text"), ("last_day",))

ENVIRONMENT = "ARTICLE_ANALYTICS_NOTES"
"""Environment variable that names a file of further notes, which is only read."""

NOTES = Table(
    name="notes",
    grain="one row a note, by its days",
    columns=(
        Column("day", "day", "day of the note, or the first of its days (UTC)"),
        Column("last_day", "day", "last of its days; the day itself when it has one only"),
        Column("text", "text", "what it says"),
        Column("file", "text", "name of the file that holds it"),
    ),
    key=("day", "last_day", "text", "file"),
)


@dataclass(frozen=True, order=True)
class Note:
    """A note on a day, or on all days from one to another. Raises KeptError when it ends before it begins."""

    day: date
    last_day: date
    text: str

    def __post_init__(self) -> None:
        if self.last_day < self.day:
            raise UserDataError(f"The note ends on {self.last_day}, before it begins on {self.day}. Swap the two days.")
        if not EARLIEST <= self.day <= self.last_day <= LATEST:
            raise UserDataError(f"The days of a note must lie between {EARLIEST} and {LATEST}.")
        object.__setattr__(self, "text", files.text(self.text))

    @property
    def days(self) -> str:
        """Its day or days, for a reader."""
        return f"{self.day}" if self.day == self.last_day else f"{self.day} to {self.last_day}"


EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


def path() -> Path:
    """The file of the data folder."""
    return files.folder() / "notes.yml"


def named_path() -> Path | None:
    """The file that ARTICLE_ANALYTICS_NOTES names."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else None


def own() -> Contents[Note]:
    """The notes of the data folder, by day. Raises KeptError when the file cannot be read."""
    return _read(path(), files.read(path()))


def given() -> Contents[Note]:
    """The notes of the named file, by day. Raises KeptError when it cannot be read or is not there."""
    where = named_path()
    if where is None:
        return Contents()
    data = files.read(where)
    if data is None:
        raise UserDataError(f"There is no file {where}, which {ENVIRONMENT} names.")
    return _read(where, data)


def table(mine: Iterable[Note], further: Iterable[Note]) -> pd.DataFrame:
    """The notes of the data folder and those of the named file as one table (`NOTES`)."""
    where = named_path()
    named = {path().name: mine, **({where.name if where.name != path().name else str(where): further} if where else {})}
    rows = [(note.day, note.last_day, note.text, file) for file, notes in named.items() for note in notes]
    frame = pd.DataFrame(sorted(rows), columns=NOTES.names)
    return NOTES.of(frame.drop_duplicates(ignore_index=True))


def everything(selection: Selection) -> pd.DataFrame:
    """All notes on days of a selection (`NOTES`). Raises KeptError when a file or a note in it cannot be read."""
    mine, further = own(), given()
    for refused in (*mine.refused, *further.refused):
        raise UserDataError(refused)
    return within(table(mine.good, further.good), selection)


def joined(notes: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Notes and further days that are told in the same columns (`NOTES`), by day."""
    return NOTES.of(pd.concat([notes, more]).sort_values(NOTES.names))


def within(found: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """The notes on days of a selection."""
    if selection.start:
        found = found[found["last_day"] >= pd.Timestamp(selection.start)]
    if selection.end:
        found = found[found["day"] <= pd.Timestamp(selection.end)]
    return found.reset_index(drop=True)


def add(note: Note) -> None:
    """Keep a note. Raises KeptError."""
    _change(lambda kept: [*(one for one in kept if one != note), note])


def replace(old: Note, new: Note | None) -> None:
    """Put a note in place of another, or take that away. Raises KeptError when the old one is not there any more."""

    def replaced(kept: list[Note]) -> list[Note]:
        if old not in kept:
            raise UserDataError("The note was changed or taken away elsewhere in the meantime. Look at it again.")
        return [one for one in kept if one not in (old, new)] + ([new] if new else [])

    _change(replaced)


def text(notes: Iterable[Note]) -> str:
    """Notes as the text of a file, by day."""
    return written((_fields(note) for note in sorted(notes)), FORM)


def _change(change: Callable[[list[Note]], list[Note]]) -> None:
    with files.alone(path()):
        found = own()
        if found.refused:
            raise UserDataError(f"Nothing was changed, lest something be lost. Mend this first: {found.refused[0]}")
        files.write(path(), text(change(list(found.good))))


def _read(where: Path, data: bytes | None) -> Contents[Note]:
    found = contents(data, FORM, str(where), _made)
    return Contents(tuple(sorted(set(found.good))), found.refused)


def _made(fields: Fields) -> Note:
    first = _day("day", fields["day"])
    return Note(first, _day("last_day", fields["last_day"]) if fields.get("last_day") else first, fields["text"])


def _day(name: str, found: str) -> date:
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise UserDataError(f"{name}: {found} is not a day. Write it as 2024-03-31.") from None


def _fields(note: Note) -> Fields:
    last = {"last_day": note.last_day.isoformat()} if note.last_day != note.day else {}
    return {"day": note.day.isoformat(), "text": note.text, **last}
