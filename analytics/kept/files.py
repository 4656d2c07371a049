"""The files that users keep: read whole, replaced whole, and by one writer at a time.

A file that cannot be read is never overwritten or taken away: it is the user's.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import platformdirs

from analytics.errors import KeptError
from analytics.writing import replacing, write_new

FOLDER = "ARTICLE_ANALYTICS_HOME"
"""Environment variable that names another data folder."""

PATIENCE = 10.0
"""Seconds to wait for another writer."""


def folder() -> Path:
    """Where the files are."""
    return Path(os.environ.get(FOLDER) or platformdirs.user_data_dir("article-analytics"))


def read(path: Path) -> bytes | None:
    """The bytes of a file; None when there is none. Raises KeptError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeptError(f"{path} cannot be read: {error.strerror}.") from None


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes whenever the file is replaced or written; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def write(path: Path, text: str) -> None:
    """Put a text in place of a file, all of it or nothing. Raises KeptError: what stood there before is untouched."""
    try:
        path.resolve().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(path) as (new,):
            write_new(new, text.encode("utf-8"), mode=0o600)
    except OSError as error:
        raise KeptError(f"{path} was not written: {error.strerror}. What stood there before is untouched.") from None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Be the only one who changes a file, among all programs and threads of this machine. Raises KeptError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = filelock.FileLock(path.with_name(f".{path.name}.lock"), timeout=PATIENCE)
        lock.acquire()
    except filelock.Timeout:
        raise KeptError(f"{path} is being written by another program. Try again.") from None
    except (OSError, NotImplementedError) as error:
        raise KeptError(f"{path} cannot be changed: {error}. Name another folder in {FOLDER}.") from None
    try:
        yield
    finally:
        lock.release()
