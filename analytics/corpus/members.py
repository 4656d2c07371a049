"""What the files in a zip or tar are to the corpus: safe names, places below the root, and why one is not read.

A file that is refused stays in the listing, so that reading it tells why and it ends as a row in `problems`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from analytics.corpus.front_matter import MAX_FILE_BYTES
from analytics.corpus.sources import LEFT_OUT, Entry, Role, link_role, role, shown
from analytics.errors import CorpusError

MAX_MEMBERS = 2_000_000
MAX_RATIO = 200
SMALL_BYTES = 100_000_000
"""How much an archive may expand to, whatever its ratio."""

UNSAFE = "unsafe_name"
_DRIVE = re.compile(r"[A-Za-z]:")
_LARGEST = 2**63 - 1
_JUNK = frozenset({"__MACOSX", ".DS_Store"})


class Member(NamedTuple):
    """A file of an archive that concerns the corpus: `place` is where its bytes are, `fault` why they are not read."""

    path: str
    role: Role
    size: int
    crc: int
    place: int
    fault: str = ""

    def entry(self, changed_ns: int) -> Entry:
        """As the corpus lists it: the time of the archive and the checksum tell when it changed."""
        return Entry(self.path, self.role, self.size, changed_ns, changed_ns, self.crc)


@dataclass
class Listing:
    """Gathers the members of an archive; what all of them share as their only top folder is no part of their paths.

    A folder that has a meaning of its own (`_news`, `.git`, `vendor`) always stays.
    """

    archive: Path
    count: int = 0
    tops: set[str] = field(default_factory=set)
    members: list[Member] = field(default_factory=list)

    def add(self, name: str, size: int, crc: int, *, folder: bool = False, fault: str = "") -> Member | None:
        """Note a member under its name; None when the corpus has no use for it. Raises CorpusError at the limit."""
        self.count += 1
        if self.count > MAX_MEMBERS:
            raise too_many(self.archive)
        path = safe_path(name)
        if path is not None:
            self._see(path, folder=folder)
        kind = _kind(path if path is not None else _readable(name), fault)
        if folder or kind is None:
            return None
        if path is None:
            path, fault = name, UNSAFE
        member = Member(shown(path), kind, min(max(size, 0), _LARGEST), crc, self.count - 1, fault)
        self.members.append(member)
        return member

    def _see(self, path: str, *, folder: bool) -> None:
        top, _, rest = path.partition("/")
        if top and top not in _JUNK and len(self.tops) < 2:
            self.tops.add(top if rest or folder else "")

    def by_path(self) -> dict[str, Member]:
        """The members by their paths from the root; a path that stands more than once is a fault, none is preferred."""
        (top, *others) = self.tops or {""}
        plain = top and not others and top[0] not in "._" and top not in LEFT_OUT
        prefix = shown(top) + "/" if plain else ""
        found: dict[str, Member] = {}
        for member in self.members:
            path = member.path if member.fault == UNSAFE else member.path.removeprefix(prefix)
            fault = "repeated_member" if path in found else member.fault
            found[path] = member._replace(path=path, fault=fault)
        return found


def safe_path(name: str) -> str | None:
    """A name in an archive as a path from its root; None when it is absolute, leads out of it or has a backslash."""
    if name.startswith("/") or "\\" in name or "\0" in name or _DRIVE.match(name):
        return None
    parts = [part for part in name.split("/") if part not in {"", "."}]
    return None if ".." in parts else "/".join(parts)


def _readable(name: str) -> str:
    """What an unsafe name would be if it were safe, only to tell whether it is of interest."""
    parts = _DRIVE.sub("", name.replace("\\", "/")).split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def _kind(path: str, fault: str) -> Role | None:
    """The role of a path; a link without a suffix may stand for a folder, as nothing in the archive tells."""
    last = path.rpartition("/")[2]
    return link_role(path, folder="." not in last) if fault == "link_left_out" else role(path)


def most_bytes(archive_size: int) -> int:
    """How many bytes an archive may expand to."""
    return max(SMALL_BYTES, MAX_RATIO * archive_size)


def bytes_read(members: Iterable[Member]) -> int:
    """How many bytes reading every member brings into memory, one after the other."""
    return sum(min(member.size, MAX_FILE_BYTES + 1) for member in members if not member.fault)


def too_many(archive: Path) -> CorpusError:
    """For an archive with too many members."""
    return CorpusError(
        f"The archive {archive} holds more than {MAX_MEMBERS:,} files: unpack it and name the folder of the articles."
    )


def too_large(archive: Path) -> CorpusError:
    """For an archive that expands beyond reason."""
    return CorpusError(
        f"The archive {archive} expands to more than {MAX_RATIO} times its size, as a bomb does: nothing of it was "
        "kept. If you trust it, unpack it and name the folder."
    )


def unreadable(archive: Path, error: OSError) -> CorpusError:
    """For an archive that the disk does not give."""
    return CorpusError(f"The archive {archive} cannot be read: {error.strerror or error}.")


def damaged(archive: Path, why: object) -> CorpusError:
    """For an archive that cannot be read to its end."""
    return CorpusError(
        f"The archive {archive} is damaged, cut short or of an unknown kind ({str(why) or type(why).__name__}): "
        "fetch it again, or unpack what can be saved and name that folder."
    )
