"""The files of a report: all of them put in place whole, or none."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from analytics import atomic_write
from analytics.errors import ExportError


@contextmanager
def replacing(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """`writing.replacing`, with an ExportError for what the system refuses.

    Nothing is left behind, and what stood there before is untouched.
    """
    try:
        with atomic_write.atomic_replace(*targets) as made:
            yield made
    except OSError as error:
        named = ", ".join(map(str, targets))
        reason = error.strerror or type(error).__name__
        raise ExportError(
            f"{named} {'was' if len(targets) == 1 else 'were'} not written: {reason}. "
            "What stood there before is untouched. Choose another place, or make room there."
        ) from None


def write(target: Path, data: bytes) -> None:
    """Put bytes in place of a file. Raises ExportError: what stood there before is untouched."""
    with replacing(target) as (made,):
        atomic_write.write_new_file(made, data)


MANIFEST = "manifest.json"

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The time that a zip gives all its files, lest it say when it was made."""

Fill = Callable[[Path], list[str]]
"""Writes files into an empty folder and returns their names in order."""


def is_zip(target: Path) -> bool:
    """Whether an export of this name is a zip; else it is a folder."""
    return target.suffix.lower() == ".zip"


def pack(place: Path, fill: Fill) -> None:
    """Make a folder, or a zip where `place` ends so, of what `fill` writes. Raises OSError and leaves what it has."""
    if not is_zip(place):
        place.mkdir()
        fill(place)
        return
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        _zip(Path(scratch), fill(Path(scratch)), place)


def write_manifest(folder: Path, facts: Mapping[str, object]) -> str:
    """Write the manifest of a folder; returns its name."""
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    return MANIFEST


def described(path: Path, rows: int | None = None) -> dict[str, object]:
    """What a manifest says of a file: its rows, if it is a table, and its sha256."""
    with path.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"sha256": found} if rows is None else {"rows": rows, "sha256": found}


def refuse_foreign(target: Path) -> None:
    """Raise ExportError unless there is nothing, or an empty folder, or an export of the same kind."""
    if target.exists() and not (_ours_as_zip(target) if is_zip(target) else _ours_as_folder(target)):
        kind = "file" if is_zip(target) else "folder"
        raise ExportError(
            f"{target} holds something that is not an export. Name a new {kind}, or one that was exported."
        )


def make_room(folder: Path) -> None:
    """Make the folder that an export goes into. Raises ExportError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{folder} cannot be made: {error.strerror}. Choose another folder.") from None


def _zip(folder: Path, names: list[str], target: Path) -> None:
    """A zip of a folder's files in this order, with nothing in it that tells when, where or by whom it was made."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in names:
            entry = ZipInfo(name, FIRST_DAY)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, archive.open(entry, "w") as opened:
                while piece := source.read(1 << 20):
                    opened.write(piece)


def _ours_as_folder(target: Path) -> bool:
    return target.is_dir() and (not any(target.iterdir()) or (target / MANIFEST).is_file())


def _ours_as_zip(target: Path) -> bool:
    try:
        with ZipFile(target) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, BadZipFile):
        return False
