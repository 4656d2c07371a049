"""Saved selections to and from files, as the command line does it."""

from pathlib import Path

from analytics.errors import KeptError
from analytics.kept import files, selections
from analytics.kept.selections import Clash


def listed() -> list[str]:
    """A line for each saved selection: name, day, what it selects; then what could not be read."""
    found = selections.read()
    width = max((len(saved.name) for saved in found.good), default=0)
    lines = [f"{saved.name:<{width}}  {saved.saved or ''!s:<10}  {saved.selection.in_words()}" for saved in found.good]
    return [*(lines or ["No selection is saved."]), *found.refused]


def write_out(target: Path) -> str:
    """Write the saved selections into a file; says so. Raises KeptError when something else stands there."""
    found = selections.read()
    if found.refused:
        raise KeptError(f"Nothing was written, lest something be missing. Mend this first: {found.refused[0]}")
    try:
        selections.offered(files.read(target), str(target))
    except KeptError:
        raise KeptError(f"{target} holds something that is not a file of selections. Name a new file.") from None
    files.write(target, selections.exported(found.good))
    return f"{target}: {_counted(len(found.good))}"


def bring_in(source: Path, clash: Clash) -> str:
    """Keep the selections of a file; says under which names. Raises KeptError when one of them makes no sense."""
    data = files.read(source)
    if data is None:
        raise KeptError(f"There is no file {source}.")
    found = selections.offered(data, str(source))
    if found.refused:
        raise KeptError(" ".join(["Nothing was imported.", *found.refused]))
    kept = selections.take_in(found.good, clash)
    renamed = [f"{one.name} as {name}" for one, name in zip(found.good, kept, strict=True) if name != one.name]
    return f"{source}: {_counted(len(kept))}{'; kept ' if renamed else ''}{', '.join(renamed)}"


def _counted(n: int) -> str:
    return f"{n:,} {'selection' if n == 1 else 'selections'}"
