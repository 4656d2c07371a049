"""Saved selections: a name for a selection, kept in `selections.yml` of the data folder."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from analytics.errors import UserDataError
from analytics.selection.selection import Selection, parse
from analytics.userdata import files
from analytics.userdata.name_validation import free_name, name_key, valid_name
from analytics.userdata.yaml_file import Fields, RecordFile, Records, change_records, parse_day

FILE = RecordFile("selections", ("name", "selection"), ("saved",))

OnClash = Literal["both", "replace"]
"""When an imported selection has a taken name: keep both, the new one under a free name, or replace the old one."""


@dataclass(frozen=True)
class SavedSelection:
    """A saved selection: its name, what it selects, and the day (UTC) on which it was saved."""

    name: str
    selection: Selection
    saved: date | None = None

    @property
    def key(self) -> str:
        """Its name as a key: no two saved selections have the same."""
        return name_key(self.name)


def read() -> Records[SavedSelection]:
    """The saved selections, by name. Raises UserDataError when the file cannot be read."""
    return parse_selections(files.read(FILE.path), str(FILE.path))


def find(name: str) -> Selection:
    """The saved selection of a name, whatever its case. Raises UserDataError, which lists those there are."""
    found = read()
    for saved in found.valid:
        if saved.key == name_key(name.strip()):
            return saved.selection
    names = ", ".join(repr(saved.name) for saved in found.valid) or "none"
    raise UserDataError(" ".join([f"There is no saved selection {name!r}. There are: {names}.", *found.errors]))


def save(name: str, selection: Selection, *, replace: bool = False) -> None:
    """Save a selection under a name. Raises UserDataError when the name is taken, unless it may be replaced."""
    new = SavedSelection(valid_name(name), selection, datetime.now(UTC).date())

    def add(saved: dict[str, SavedSelection]) -> None:
        if new.key in saved and not replace:
            raise UserDataError(f"There is a saved selection {new.name!r} already. Choose another name, or replace it.")
        saved[new.key] = new

    _change(add)


def rename(old: str, new: str) -> None:
    """Give a saved selection another name. Raises UserDataError when that is taken, or the old one is not there."""
    name = valid_name(new)

    def renamed(saved: dict[str, SavedSelection]) -> None:
        found = _pop(saved, old)
        if name_key(name) in saved:
            raise UserDataError(f"There is a saved selection {name!r} already. Choose another name.")
        saved[name_key(name)] = replace(found, name=name)

    _change(renamed)


def delete(name: str) -> None:
    """Delete a saved selection. Raises UserDataError when it is not there."""
    _change(lambda saved: _pop(saved, name))


def add_all(new: Iterable[SavedSelection], on_clash: OnClash) -> list[str]:
    """Save imported selections; returns the names that they have now. Raises UserDataError.

    One that is there already, with the same name and filters, is not added again.
    """
    names: list[str] = []

    def add(saved: dict[str, SavedSelection]) -> None:
        for one in new:
            there = saved.get(one.key)
            if there is not None and there.selection == one.selection:
                one = there
            elif there is not None and on_clash == "both":
                one = replace(one, name=free_name(one.name, set(saved)))
            saved[one.key] = one
            names.append(one.name)

    _change(add)
    return names


def _change(change: Callable[[dict[str, SavedSelection]], object]) -> None:
    def changed(records: list[SavedSelection]) -> str:
        saved = {one.key: one for one in records}
        change(saved)
        return selections_yaml(saved.values())

    change_records(FILE, read, changed)


def _pop(saved: dict[str, SavedSelection], name: str) -> SavedSelection:
    found = saved.pop(name_key(name), None)
    if found is None:
        raise UserDataError(f"There is no saved selection {name!r} any more.")
    return found


def parse_selections(data: bytes | None, file: str) -> Records[SavedSelection]:
    """The selections of a file's bytes, by name; one whose name stands twice is an error.

    Raises UserDataError when the file as a whole cannot be read.
    """
    keys: set[str] = set()

    def parse_record(fields: Fields) -> SavedSelection:
        day = fields.get("saved", "")
        name, selection = valid_name(fields["name"]), parse(fields["selection"])
        saved = SavedSelection(name, selection, parse_day("saved", day) if day else None)
        if saved.key in keys:
            raise UserDataError(f"The name {saved.name!r} stands twice.")
        keys.add(saved.key)
        return saved

    found = FILE.parse(data, file, parse_record)
    return Records(_in_order(found.valid), found.errors)


def selections_yaml(saved: Iterable[SavedSelection]) -> str:
    """Saved selections as the text of a file, in the order of their names."""
    return FILE.text(
        {"name": one.name, "selection": one.selection.text, "saved": f"{one.saved or ''}"} for one in _in_order(saved)
    )


def _in_order(saved: Iterable[SavedSelection]) -> tuple[SavedSelection, ...]:
    return tuple(sorted(saved, key=lambda one: (one.key, one.name)))


def listing_lines() -> list[str]:
    """A line for each saved selection: name, day, what it selects; then what could not be read."""
    found = read()
    width = max((len(saved.name) for saved in found.valid), default=0)
    lines = [f"{saved.name:<{width}}  {saved.saved or ''!s:<10}  {saved.selection.in_words()}" for saved in found.valid]
    return [*(lines or ["No selection is saved."]), *found.errors]


def export_file(target: Path) -> str:
    """Write the saved selections to a file; returns a report. Raises UserDataError when it is of another kind."""
    found = read()
    if found.errors:
        raise UserDataError(f"Nothing was written, lest something be missing. Mend this first: {found.errors[0]}")
    check_export_target(target)
    files.write(target, selections_yaml(found.valid))
    return f"{target}: {_counted(len(found.valid))}"


def check_export_target(target: Path) -> None:
    """Raise UserDataError where `export_file` would not write to a file, as far as that is known before."""
    files.check_place(target)
    try:
        parse_selections(files.read(target), str(target))
    except UserDataError:
        raise UserDataError(f"{target} holds something that is not a file of selections. Name a new file.") from None


def import_file(source: Path, on_clash: OnClash) -> str:
    """Save the selections of a file; returns a report with new names. Raises UserDataError when one is not valid."""
    data = files.read(source)
    if data is None:
        raise UserDataError(f"There is no file {source}.")
    found = parse_selections(data, str(source))
    if found.errors:
        raise UserDataError(" ".join(["Nothing was imported.", *found.errors]))
    names = add_all(found.valid, on_clash)
    renamed = [f"{one.name} as {name}" for one, name in zip(found.valid, names, strict=True) if name != one.name]
    return f"{source}: {_counted(len(names))}{'; kept ' if renamed else ''}{', '.join(renamed)}"


def _counted(n: int) -> str:
    return f"{n:,} {'selection' if n == 1 else 'selections'}"
