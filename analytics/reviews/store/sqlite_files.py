"""The files of a SQLite store: whether they are still those that were opened, and copies that lie beside them."""

import sqlite3
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Literal, get_args

from analytics.atomic_write import atomic_replace, write_new_file
from analytics.errors import ReviewError

FILE_SUFFIXES = ("", "-wal", "-shm")
"""Ends of the names of the files that make up a database."""

HOW_TO_GO_ON = (
    "Nothing is stored until you decide: bring a copy or a backup back under the old name, or begin a new, empty store "
    "with `article-analytics review new-store`. From a damaged file, sqlite3's .recover may save what it holds."
)

AsideReason = Literal["damaged", "saved"]
"""Why a copy lies beside the store: it was found damaged, or its file was deleted while it was in use."""


def free_aside_path(path: Path, reason: AsideReason) -> Path:
    """A path beside a store that is not taken yet, named by reason and time. Raises OSError."""
    mark = f"{path.name}.{reason}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    taken = {each.name for each in path.parent.iterdir()}
    return path.with_name(next(each for each in (mark, *(f"{mark}-{n}" for n in range(2, 1000))) if each not in taken))


def aside_paths(path: Path) -> list[Path]:
    """The copies of a store that lie beside it. Raises OSError."""
    starts = tuple(f"{path.name}.{reason}-" for reason in get_args(AsideReason))
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    return sorted(each for each in beside if each.name.startswith(starts) and not each.name.endswith(FILE_SUFFIXES[1:]))


def refuse_lost_store(path: Path) -> None:
    """Raise ReviewError when a store is gone, a copy of it lies beside it, and nobody has decided how to go on.

    The decision is a file at the path: a copy that was brought back, or a new store.
    """
    if not path.exists() and (copies := aside_paths(path)):
        raise ReviewError(
            f"The store of reviews {path} is not there: it was found damaged, or was deleted while it was in use. "
            f"What it held is beside it: {', '.join(each.name for each in copies)}. {HOW_TO_GO_ON}"
        )


class OpenFile:
    """The file of a store while it is open: whether it is still at its path, and a copy of it when it is not.

    A connection of its own can read a file that was deleted or replaced, as long as the program runs. Threads may share
    it. Raises sqlite3.Error when the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._paths = (path, path.with_name(f"{path.name}-wal"))
        self._connection = connect(path, timeout=5.0)
        self._connection.execute("SELECT 1 FROM sqlite_master").fetchall()  # opens the log too
        self._ids = list(map(_file_id, self._paths))
        self._lock = Lock()
        self._copy: Path | None = None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def is_in_place(self) -> bool:
        """Whether the file and its log are still those that were opened."""
        now = list(map(_file_id, self._paths))
        in_place = all(old in (None, new) for old, new in zip(self._ids, now, strict=True))
        self._ids = [old or new for old, new in zip(self._ids, now, strict=True)]
        return in_place

    def save_copy(self) -> Path:
        """Save what was stored as a copy beside the path, once; returns the copy. Raises OSError, sqlite3.Error."""
        with self._lock:
            if self._copy is None:
                copy = free_aside_path(self.path, "saved")
                with atomic_replace(copy) as (new,):
                    write_new_file(new, b"", mode=0o600)
                    self._connection.execute("VACUUM INTO ?", (str(new),))
                if _file_id(self.path) == self._ids[0]:  # the log alone is gone
                    self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self._copy = copy
            return self._copy


def connect(path: Path, timeout: float) -> sqlite3.Connection:
    """A connection to a file that is there, without transactions of Python's own; threads may hand it on."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )


def _file_id(path: Path) -> tuple[int, int] | None:
    """Device and number of the file at a path, which another file at the same path does not have; None without one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
