"""Saved selections: a name for a selection, kept in `selections.yml` of the data folder."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from analytics.errors import UserDataError
from analytics.selection.selection import Selection, parse
from analytics.userdata import files
from analytics.userdata.yaml_records import Contents, Fields, Form, contents, written

FORM = Form("selections", ("name", "selection"), ("saved",))

Clash = Literal["both", "replace"]
"""What becomes of a saved selection whose name comes in again: the new one gets another name, or takes its place."""


@dataclass(frozen=True)
class Saved:
    """A saved selection: its name, what it selects, and the day (UTC) on which it was saved."""

    name: str
    selection: Selection
    saved: date | None = None


def path() -> Path:
    """The file."""
    return files.folder() / "selections.yml"


def read() -> Contents[Saved]:
    """The saved selections, by name. Raises KeptError when the file cannot be read."""
    return offered(files.read(path()), str(path()))


def named(name: str) -> Selection:
    """The saved selection of a name, whatever its case. Raises KeptError, which lists those there are."""
    found = read()
    for saved in found.good:
        if files.key(saved.name) == files.key(name.strip()):
            return saved.selection
    there = ", ".join(repr(saved.name) for saved in found.good) or "none"
    raise UserDataError(" ".join([f"There is no saved selection {name!r}. There are: {there}.", *found.refused]))


def save(name: str, selection: Selection, *, replace: bool = False) -> None:
    """Keep a selection under a name. Raises KeptError when the name is taken, unless it may be replaced."""
    new = Saved(files.name(name), selection, _today())

    def added(kept: list[Saved]) -> list[Saved]:
        others = _others(kept, new.name)
        if len(others) < len(kept) and not replace:
            raise UserDataError(f"There is a saved selection {new.name!r} already. Choose another name, or replace it.")
        return [*others, new]

    _change(added)


def rename(old: str, new: str) -> None:
    """Give a saved selection another name. Raises KeptError when that is taken, or the old one is not there."""
    wanted = files.name(new)

    def renamed(kept: list[Saved]) -> list[Saved]:
        found, others = _one(kept, old), _others(kept, old)
        if len(_others(others, wanted)) < len(others):
            raise UserDataError(f"There is a saved selection {wanted!r} already. Choose another name.")
        return [*others, Saved(wanted, found.selection, found.saved)]

    _change(renamed)


def delete(name: str) -> None:
    """Forget a saved selection. Raises KeptError when it is not there."""
    _change(lambda kept: _others(kept, _one(kept, name).name))


def offered(data: bytes | None, where: str) -> Contents[Saved]:
    """The selections of a file that someone hands over, by name; names that stand twice are refused.

    Raises KeptError when the file as a whole cannot be read.
    """
    seen: set[str] = set()

    def once(fields: Fields) -> Saved:
        saved = _made(fields)
        if files.key(saved.name) in seen:
            raise UserDataError(f"The name {saved.name!r} stands twice.")
        seen.add(files.key(saved.name))
        return saved

    found = contents(data, FORM, where, once)
    return Contents(tuple(sorted(found.good, key=_order)), found.refused)


def take_in(new: Iterable[Saved], clash: Clash) -> list[str]:
    """Add selections that came in; returns the names under which they are kept.

    One that is there already, under its name and with the same parts, is not added again. Raises KeptError.
    """
    kept_as: list[str] = []

    def added(kept: list[Saved]) -> list[Saved]:
        kept_as.clear()
        for one in new:
            same = [saved for saved in kept if files.key(saved.name) == files.key(one.name)]
            name = one.name
            if same and same[0].selection == one.selection:
                name = same[0].name
            elif same and clash == "both":
                name = files.free(one.name, {files.key(saved.name) for saved in kept})
                kept = [*kept, Saved(name, one.selection, one.saved)]
            else:
                kept = [*_others(kept, name), one]
            kept_as.append(name)
        return kept

    _change(added)
    return kept_as


def exported(saved: Iterable[Saved]) -> str:
    """Saved selections as the text of a file, in the order of their names."""
    return written((_fields(one) for one in sorted(saved, key=_order)), FORM)


def _change(change: Callable[[list[Saved]], list[Saved]]) -> None:
    with files.alone(path()):
        found = read()
        if found.refused:
            raise UserDataError(f"Nothing was changed, lest something be lost. Mend this first: {found.refused[0]}")
        files.write(path(), exported(change(list(found.good))))


def _made(fields: Fields) -> Saved:
    return Saved(files.name(fields["name"]), parse(fields["selection"]), _day(fields.get("saved", "")))


def _fields(saved: Saved) -> Fields:
    day = {"saved": saved.saved.isoformat()} if saved.saved else {}
    return {"name": saved.name, "selection": saved.selection.text, **day}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UserDataError(f"saved: {text} is not a day. Write it as 2024-03-31.") from None


def _today() -> date:
    return datetime.now(UTC).date()


def _one(kept: list[Saved], name: str) -> Saved:
    for saved in kept:
        if files.key(saved.name) == files.key(name):
            return saved
    raise UserDataError(f"There is no saved selection {name!r} any more.")


def _others(kept: list[Saved], name: str) -> list[Saved]:
    return [saved for saved in kept if files.key(saved.name) != files.key(name)]


def _order(saved: Saved) -> tuple[str, str]:
    return files.key(saved.name), saved.name


def listed() -> list[str]:
    """A line for each saved selection: name, day, what it selects; then what could not be read."""
    found = read()
    width = max((len(saved.name) for saved in found.good), default=0)
    lines = [f"{saved.name:<{width}}  {saved.saved or ''!s:<10}  {saved.selection.in_words()}" for saved in found.good]
    return [*(lines or ["No selection is saved."]), *found.refused]


def write_out(target: Path) -> str:
    """Write the saved selections into a file; says so. Raises KeptError when something else stands there."""
    found = read()
    if found.refused:
        raise UserDataError(f"Nothing was written, lest something be missing. Mend this first: {found.refused[0]}")
    try:
        offered(files.read(target), str(target))
    except UserDataError:
        raise UserDataError(f"{target} holds something that is not a file of selections. Name a new file.") from None
    files.write(target, exported(found.good))
    return f"{target}: {_counted(len(found.good))}"


def bring_in(source: Path, clash: Clash) -> str:
    """Keep the selections of a file; says under which names. Raises KeptError when one of them makes no sense."""
    data = files.read(source)
    if data is None:
        raise UserDataError(f"There is no file {source}.")
    found = offered(data, str(source))
    if found.refused:
        raise UserDataError(" ".join(["Nothing was imported.", *found.refused]))
    kept = take_in(found.good, clash)
    renamed = [f"{one.name} as {name}" for one, name in zip(found.good, kept, strict=True) if name != one.name]
    return f"{source}: {_counted(len(kept))}{'; kept ' if renamed else ''}{', '.join(renamed)}"


def _counted(n: int) -> str:
    return f"{n:,} {'selection' if n == 1 else 'selections'}"
