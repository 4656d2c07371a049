"""Files of an export: written atomically, as single files, as a folder or as a zip with a manifest."""

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
def atomic_export(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """`atomic_replace` for exports: raises ExportError instead of OSError; then all targets are unchanged."""
    with _refused(*targets), atomic_write.atomic_replace(*targets) as made:
        yield made


def check_file_target(target: Path, *, parents: bool = False) -> None:
    """Raise ExportError where `write_file_atomically` would, as far as that is known before there is what to write.

    With `parents`, folders that are missing above the target are no error: they will be made.
    """
    with _refused(target):
        atomic_write.check_place(target, parents=parents)


@contextmanager
def _refused(*targets: Path) -> Iterator[None]:
    """Raises ExportError instead of OSError."""
    try:
        yield
    except OSError as error:
        named = ", ".join(map(str, targets))
        reason = error.strerror or type(error).__name__
        raise ExportError(
            f"{named} {'was' if len(targets) == 1 else 'were'} not written: {reason}. "
            "What stood there before is untouched. Choose another place, or make room there."
        ) from None


def write_file_atomically(target: Path, data: bytes) -> None:
    """Write a file atomically. Raises ExportError; then the file is unchanged."""
    with atomic_export(target) as (made,):
        atomic_write.write_new_file(made, data)


MANIFEST = "manifest.json"

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of all files in a zip, so that the same input gives the same bytes."""

WriteFiles = Callable[[Path], list[str]]
"""Writes files into an empty folder and returns their names in order."""


def is_zip_name(target: Path) -> bool:
    """Whether an export of this name is a zip; else it is a folder."""
    return target.suffix.lower() == ".zip"


def write_folder_or_zip(target: Path, write_files: WriteFiles) -> None:
    """Make a new folder, or a zip where `target` ends so, of the files that `write_files` writes. Raises OSError."""
    if not is_zip_name(target):
        target.mkdir()
        write_files(target)
        return
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        _write_zip(Path(scratch), write_files(Path(scratch)), target)


def write_manifest(folder: Path, facts: Mapping[str, object]) -> str:
    """Write the manifest of a folder; returns its name."""
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    return MANIFEST


def manifest_entry(path: Path, rows: int | None = None) -> dict[str, object]:
    """The entry of a file in a manifest: its rows, if it is a table, and its sha256."""
    with path.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"sha256": found} if rows is None else {"rows": rows, "sha256": found}


def check_export_target(target: Path) -> None:
    """Raise ExportError when the target is something else than an earlier export or an empty folder, or cannot be
    written, as far as that is known before there is what to write."""
    with _refused(target):
        place = atomic_write.place_of(target)
        if place.exists() and not (_is_exported_zip(place) if is_zip_name(place) else _is_exported_folder(place)):
            kind = "file" if is_zip_name(place) else "folder"
            raise ExportError(
                f"{target} holds something that is not an export. Name a new {kind}, or one that was exported."
            )
        atomic_write.check_place(place, folder=not is_zip_name(place), parents=True)


def make_folder(folder: Path) -> None:
    """Make the folder for an export where it is missing. Raises ExportError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{folder} cannot be made: {error.strerror}. Choose another folder.") from None


def _write_zip(folder: Path, names: list[str], target: Path) -> None:
    """Write a zip of a folder's files in this order, without time, target or owner."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in names:
            entry = ZipInfo(name, ZIP_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, archive.open(entry, "w") as opened:
                while piece := source.read(1 << 20):
                    opened.write(piece)


def _is_exported_folder(target: Path) -> bool:
    return target.is_dir() and (not any(target.iterdir()) or (target / MANIFEST).is_file())


def _is_exported_zip(target: Path) -> bool:
    try:
        with ZipFile(target) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, BadZipFile):
        return False
