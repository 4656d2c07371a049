"""Temporary folders: private, locked while in use, and removed also after a killed run."""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

SUFFIX = ".part"
"""What the name of a scratch folder ends with."""


@contextmanager
def scratch_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder that only its owner can open, locked for as long as it is needed and removed afterwards.

    Folders of the same prefix that killed runs have left are removed before. Raises OSError.
    """
    for left in [path for path in parent.iterdir() if path.name.startswith(prefix) and path.suffix == SUFFIX]:
        _remove_unlocked(left)
    with ExitStack() as held:
        folder = None
        while folder is None:
            folder = _new_locked(parent / f"{prefix}{secrets.token_hex(8)}{SUFFIX}", held)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def temporary_folder() -> AbstractContextManager[Path]:
    """A scratch folder where the system has its temporary files (TMPDIR). Raises OSError."""
    return scratch_folder(Path(tempfile.gettempdir()), "article-analytics-")


def _new_locked(folder: Path, held: ExitStack) -> Path | None:
    """Make a folder and lock it; None when another run took it for left over in between."""
    folder.mkdir(mode=0o700)
    try:
        held.enter_context(folder_lock(folder))
    except FileNotFoundError:
        return None
    return folder if folder.exists() else None


def _remove_unlocked(folder: Path) -> None:
    """Remove a scratch folder of this user that no program uses any more."""
    try:
        with folder_lock(folder, wait=False):
            if folder.lstat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return


@contextmanager
def folder_lock(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a lock on a folder; it ends with the process. Raises OSError when it cannot be taken.

    Where the system or file system has no such locks, a caller that may `wait` goes on without one.
    """
    if sys.platform == "win32":
        if not wait:
            raise PermissionError("no such locks here")
        yield
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not wait:
                raise
        yield
    finally:
        os.close(opened)
