"""Dated notes: what happened when, in `notes.yml` of the data folder and in a further file that is only read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analytics.errors import UserDataError
from analytics.schema import Column, Table
from analytics.selection.selection import Selection
from analytics.settings import FURTHER_NOTES, further_notes_path
from analytics.userdata import files
from analytics.userdata.name_validation import valid_text
from analytics.userdata.yaml_file import Fields, RecordFile, Records, change_records, parse_day

FILE = RecordFile("notes", ("day", "text"), ("last_day",))

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

EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, order=True)
class Note:
    """A note on one day, or on all days from one to another. Raises UserDataError when days or text are not valid."""

    day: date
    last_day: date
    text: str

    def __post_init__(self) -> None:
        if self.last_day < self.day:
            raise UserDataError(f"The note ends on {self.last_day}, before it begins on {self.day}. Swap the two days.")
        if not EARLIEST <= self.day <= self.last_day <= LATEST:
            raise UserDataError(f"The days of a note must lie between {EARLIEST} and {LATEST}.")
        object.__setattr__(self, "text", valid_text(self.text))

    @property
    def days(self) -> str:
        """Its day or days as text."""
        return f"{self.day}" if self.day == self.last_day else f"{self.day} to {self.last_day}"


def read_own() -> Records[Note]:
    """The notes of the data folder, by day. Raises UserDataError when the file cannot be read."""
    return parse_notes(files.read(FILE.path), FILE.path)


def read_further() -> Records[Note]:
    """The notes of the file that FURTHER_NOTES names, by day; none when it names none. Raises UserDataError."""
    path = further_notes_path()
    return Records() if path is None else parse_notes(files.read_named(path, FURTHER_NOTES), path)


def parse_notes(data: bytes | None, path: Path) -> Records[Note]:
    """The notes of a file's bytes, by day."""
    found = FILE.parse(data, str(path), _parse_note)
    return Records(tuple(sorted(set(found.valid))), found.errors)


def notes_yaml(notes: Iterable[Note]) -> str:
    """Notes as the text of a file, by day."""
    return FILE.text(
        {"day": f"{note.day}", "text": note.text, "last_day": f"{note.last_day}" if note.last_day > note.day else ""}
        for note in sorted(notes)
    )


def notes_table(own: Iterable[Note], further: Iterable[Note]) -> pd.DataFrame:
    """The notes of the data folder and those of the named file as one table (`NOTES`)."""
    path = further_notes_path()
    by_file = {FILE.path.name: own}
    if path:
        by_file[path.name if path.name != FILE.path.name else str(path)] = further
    rows = [(note.day, note.last_day, note.text, file) for file, notes in by_file.items() for note in notes]
    frame = pd.DataFrame(sorted(rows), columns=NOTES.names)
    return NOTES.of(frame.drop_duplicates(ignore_index=True))


def join_notes(notes: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Two tables of notes as one (`NOTES`), by day."""
    return NOTES.of(pd.concat([notes, more]).sort_values(NOTES.names))


def notes_within(notes: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """The notes of a table (`NOTES`) on days of a selection."""
    if selection.start:
        notes = notes[notes["last_day"] >= pd.Timestamp(selection.start)]
    if selection.end:
        notes = notes[notes["day"] <= pd.Timestamp(selection.end)]
    return notes.reset_index(drop=True)


def read_notes(selection: Selection) -> pd.DataFrame:
    """All notes on days of a selection (`NOTES`). Raises UserDataError when a file or a note in it cannot be read."""
    own, further = read_own(), read_further()
    for error in (*own.errors, *further.errors):
        raise UserDataError(error)
    return notes_within(notes_table(own.valid, further.valid), selection)


def add(note: Note) -> None:
    """Add a note, unless it is there. Raises UserDataError."""
    _change(lambda notes: [*notes, note])


def replace(old: Note, new: Note | None) -> None:
    """Replace a note, or delete it where `new` is None. Raises UserDataError when the old one is not there any more."""

    def replaced(notes: list[Note]) -> list[Note]:
        if old not in notes:
            raise UserDataError("The note was changed or taken away elsewhere in the meantime. Look at it again.")
        return [note for note in notes if note != old] + ([new] if new else [])

    _change(replaced)


def _change(change: Callable[[list[Note]], list[Note]]) -> None:
    change_records(FILE, read_own, lambda notes: notes_yaml(set(change(notes))))


def _parse_note(fields: Fields) -> Note:
    day = parse_day("day", fields["day"])
    return Note(day, parse_day("last_day", fields["last_day"]) if fields.get("last_day") else day, fields["text"])
