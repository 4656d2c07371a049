"""Names and texts that people type: trimmed, of a sensible length, without control characters."""

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import platformdirs

from analytics.atomic_write import atomic_replace, write_new_file
from analytics.errors import UserDataError

NAME_MAX = 80
TEXT_MAX = 500


def name(typed: str) -> str:
    """A name in one line. Raises KeptError unless it has 1 to 80 characters."""
    return _sensible(" ".join(typed.split()), "name", NAME_MAX, allowed="")


def text(typed: str) -> str:
    """A text of one or more lines. Raises KeptError unless it has 1 to 500 characters."""
    return _sensible("\n".join(typed.splitlines()).strip(), "text", TEXT_MAX, allowed="\n\t")


def key(typed: str) -> str:
    """What two names have in common that are the same but for case and the way of writing accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", typed).casefold())


def free(wanted: str, taken: set[str]) -> str:
    """A name that is not taken (by its key): the one wanted, or with a number after it."""
    found, number = wanted, 2
    while key(found) in taken:
        after = f" ({number})"
        found, number = f"{wanted[: NAME_MAX - len(after)]}{after}", number + 1
    return found


def _sensible(value: str, what: str, most: int, *, allowed: str) -> str:
    if not value:
        raise UserDataError(f"The {what} is empty. Give it 1 to {most} characters.")
    if len(value) > most:
        raise UserDataError(f"The {what} has {len(value)} characters. Give it {most} at most.")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed for sign in value):
        raise UserDataError(f"The {what} holds control characters. Leave them out.")
    return value


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
        raise UserDataError(f"{path} cannot be read: {error.strerror}.") from None


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
        with atomic_replace(path) as (new,):
            write_new_file(new, text.encode("utf-8"), mode=0o600)
    except OSError as error:
        raise UserDataError(
            f"{path} was not written: {error.strerror}. What stood there before is untouched."
        ) from None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Be the only one who changes a file, among all programs and threads of this machine. Raises KeptError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = filelock.FileLock(path.with_name(f".{path.name}.lock"), timeout=PATIENCE)
        lock.acquire()
    except filelock.Timeout:
        raise UserDataError(f"{path} is being written by another program. Try again.") from None
    except (OSError, NotImplementedError) as error:
        raise UserDataError(f"{path} cannot be changed: {error}. Name another folder in {FOLDER}.") from None
    try:
        yield
    finally:
        lock.release()
