"""The SQLite file of a store: created for its owner only, checked before use, set aside when damaged."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import ReviewError
from analytics.reviews.store.database import is_damage
from analytics.reviews.store.migrations import MIGRATION_LOG, refuse_newer
from analytics.reviews.store.sqlite_files import FILE_SUFFIXES, HOW_TO_GO_ON, free_aside_path, refuse_lost_store

LOCK_TIMEOUT = 30.0
"""Seconds to wait for a program that has locked the file."""


@dataclass(frozen=True)
class FileCheck:
    """The result of checking a file: its fault, if it has one, and how many migrations made its tables."""

    fault: str | None = None
    schema: int = 0


def create_or_check_file(path: Path, *, ignore_copies: bool = False) -> None:
    """Create the file of a store, or check the one that is there. To be called by one program at a time.

    Where a copy of a damaged or deleted store lies, a file is created with `ignore_copies` only. Raises ReviewError; a
    damaged file has been set aside then, any other is unchanged.
    """
    try:
        if not ignore_copies:
            refuse_lost_store(path)
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if not path.is_file():
            raise ReviewError(f"The store of reviews cannot be in {path}, which is not a file. Name another place.")
        found = quick_check_file(path)
        if found.fault:
            aside = set_aside(path)
            raise ReviewError(
                f"The store of reviews in {path} is damaged: {found.fault}. It was set aside as {aside.name}, not "
                f"deleted. {HOW_TO_GO_ON}"
            )
        refuse_newer(found.schema)
        with closing(sqlite3.connect(path, timeout=LOCK_TIMEOUT)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    except (OSError, sqlite3.Error) as error:
        raise ReviewError(f"The store of reviews in {path} cannot be opened: {error}. It was left as it is.") from None


def quick_check_file(path: Path) -> FileCheck:
    """Check a file without writing to it. Raises sqlite3.Error for an error other than damage."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=LOCK_TIMEOUT)) as connection:
            checked = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if checked != "ok":
                return FileCheck(" ".join(str(checked).split()))
            known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (MIGRATION_LOG.name,)).fetchone()
            count = f"SELECT coalesce(max(number), 0) FROM {MIGRATION_LOG.name}"
            return FileCheck(schema=connection.execute(count).fetchone()[0] if known else 0)
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return FileCheck(str(error))
        raise


def set_aside(path: Path) -> Path:
    """Rename a database, with its log files, so that its name is free. Raises OSError."""
    aside = free_aside_path(path, "damaged")
    for end in FILE_SUFFIXES:
        if (found := path.with_name(path.name + end)).exists():
            os.rename(found, path.with_name(aside.name + end))  # noqa: PTH104
    return aside
