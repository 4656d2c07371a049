"""Replace files and folders atomically: the old content stays until the new is complete."""

import ctypes
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from analytics.scratch_folder import folder_lock, scratch_folder
from analytics.settings import expand_home_or_file_url

NAME_KEPT = 50
"""Characters of a target's name that its scratch folder begins with."""

_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux's renameat2."""


@contextmanager
def atomic_replace(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """A path for each target to write a file or a folder to; each takes its target's place when the block ends well.

    All take their places, one right after the other and alone in their folder, or none does. A file, and on Linux a
    folder, is replaced in one step: whoever looks, also after a kill or a power cut, sees the old one or the new one.
    The folders of the targets must be there. What a killed run has left beside a target is taken away.
    Raises OSError: what stood there before is untouched.
    """
    places = [place_of(target) for target in targets]
    with ExitStack() as held:
        made = tuple(held.enter_context(_scratch(place)) / place.name for place in places)
        yield made
        for path in made:
            _flush(path)
        for folder in sorted({place.parent for place in places}):
            held.enter_context(folder_lock(folder))
        _put_all(list(zip(made, places, strict=True)))
        for folder in {place.parent for place in places}:
            _flush_one(folder)


def place_of(target: Path) -> Path:
    """Where a target is once links are followed. Raises OSError where these lead nowhere, or to a pipe or device."""
    try:
        place = expand_home_or_file_url(target).resolve()
    except RuntimeError:  # until Python 3.13
        raise OSError(errno.ELOOP, "The link leads back to itself", str(target)) from None
    if place.exists() and not place.is_file() and not place.is_dir():
        raise FileExistsError(errno.EEXIST, "There is a pipe or a device of that name", str(target))
    return place


def check_place(target: Path, *, folder: bool = False, parents: bool = False) -> None:
    """Raise the OSError that `atomic_replace` of a file, or a `folder`, would, as far as that is known before.

    So nothing that takes long is made in vain. Nothing is left behind. With `parents`, folders that are missing above
    the target are no error: they will be made.
    """
    place = place_of(target)
    if place.exists() and place.is_dir() != folder:
        raise _other_kind(place)
    while parents and not place.parent.exists():
        place = place.parent
    with _scratch(place):
        pass


def open_new_file(path: Path, mode: int = 0o666) -> IO[bytes]:
    """Open a file for writing that does not exist yet, with the rights of `mode` less the umask. Raises OSError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")


def write_new_file(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file that does not exist yet, with the rights of `mode` less the umask. Raises OSError."""
    with open_new_file(path, mode) as opened:
        opened.write(data)


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """A new folder in a scratch folder beside a target."""
    with scratch_folder(target.parent, f".{target.name[:NAME_KEPT]}-") as folder:
        inner = folder / "new"
        inner.mkdir()
        yield inner


def _put_all(pairs: Sequence[tuple[Path, Path]]) -> None:
    done: list[tuple[Path, Path, bool]] = []
    try:
        for new, target in pairs:
            there = target.exists()
            _put(new, target)
            done.append((new, target, there))
    except OSError:
        for new, target, there in reversed(done):
            if new.exists():
                _put(new, target)
            elif not there:
                target.rename(new)
        raise


def _put(new: Path, target: Path) -> None:
    """Put what is new in the place of a target, and what stood there, where it can be kept, in the place of the new."""
    if not target.exists():
        new.rename(target)
    elif target.is_dir() != new.is_dir():
        raise _other_kind(target)
    elif not _exchanged(new, target):
        _put_in_two_steps(new, target)


def _other_kind(target: Path) -> FileExistsError:
    kind = "folder" if target.is_dir() else "file"
    return FileExistsError(errno.EEXIST, f"There is a {kind} of that name", str(target))


def _put_in_two_steps(new: Path, target: Path) -> None:
    if not target.is_dir():
        new.replace(target)
        return
    aside = new.with_name("old")
    target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        aside.rename(target)
        raise
    aside.rename(new)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two files or folders in one step; False where the system cannot, and then nothing has happened."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    return int(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), ctypes.c_uint(_EXCHANGE))) == 0


def _flush(path: Path) -> None:
    """Bring a file, or all the files of a folder, to the disk."""
    for below in path.rglob("*") if path.is_dir() else ():
        _flush_one(below)
    _flush_one(path)


def _flush_one(path: Path) -> None:
    if sys.platform == "win32" and path.is_dir():
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
