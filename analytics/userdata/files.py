"""Files of the user's data folder: read, locked, and replaced atomically."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from analytics import atomic_write
from analytics.atomic_write import atomic_replace, write_new_file
from analytics.errors import UserDataError
from analytics.settings import HOME

MAX_BYTES = 20_000_000
"""The size of the largest file that is read."""

LOCK_SECONDS = 10.0
"""How long to wait for another writer."""


def read(path: Path) -> bytes | None:
    """The bytes of a file; None when there is none. Raises UserDataError."""
    try:
        with path.open("rb") as opened:  # a device says that it holds nothing, and has no end
            data = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserDataError(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > MAX_BYTES:
        raise UserDataError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB, which no such file is: name another.")
    return data


def read_named(path: Path, variable: str, advice: str = "") -> bytes:
    """The bytes of a file that an environment variable names. Raises UserDataError, also when it is not there."""
    data = read(path)
    if data is None:
        raise UserDataError(f"There is no file {path}, which {variable} names.{advice}")
    return data


def stamp(path: Path) -> tuple[int, int, int] | None:
    """A value that changes whenever the file is replaced or written; None when there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def write(path: Path, text: str) -> None:
    """Replace a file atomically by a text. Raises UserDataError; then the file is unchanged."""
    with _refused(path):
        path.resolve().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with atomic_replace(path) as (new,):
            write_new_file(new, text.encode("utf-8"), mode=0o600)


def check_place(path: Path) -> None:
    """Raise UserDataError where `write` would, as far as that is known before."""
    with _refused(path):
        atomic_write.check_place(path, parents=True)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserDataError(
            f"{path} was not written: {error.strerror}. What stood there before is untouched."
        ) from None


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file against all programs and threads of this machine. Raises UserDataError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = filelock.FileLock(path.with_name(f".{path.name}.lock"), timeout=LOCK_SECONDS)
        held.acquire()
    except filelock.Timeout:
        raise UserDataError(f"{path} is being written by another program. Try again.") from None
    except (OSError, NotImplementedError) as error:
        raise UserDataError(f"{path} cannot be changed: {error}. Name another folder in {HOME}.") from None
    try:
        yield
    finally:
        held.release()
