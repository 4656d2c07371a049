"""What a team says of its own site in `corpus.yml`: its keys, names and habits. Plain values; imports no pandas."""

import fnmatch
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

PROFILE_FILE = "corpus.yml"
"""The file in the root of a corpus that holds its profile."""

PROVIDER_KINDS = ("vendor", "press", "blog")
"""What a provider can be."""

Pairs = tuple[tuple[str, str], ...]
Groups = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class ReadingSettings:
    """What a profile changes in how one file is read. Files parsed under another reading are parsed anew.

    `fields`: field of the record, and the keys that stand for it. `renames`: old topic, and what it is called now.
    `aliases`: another name of a provider, and the name it is counted under. `time_zone` is that of
    times without one, empty where it is not known.
    """

    fields: Groups = ()
    time_zone: str = ""
    renames: Pairs = ()
    aliases: Pairs = ()

    @property
    def key(self) -> str:
        """Digest that identifies these settings; empty for those without a profile."""
        return "" if self == PLAIN_READING else digest_of(repr(self).encode("utf-8", "surrogatepass"))

    def current_labels(self, key: str, labels: Sequence[str]) -> list[str]:
        """Topics (`key` is `topic`) by the names that they have now, and providers by those they are counted under.

        Labels of other keys, and those that have no other name, stay as they are.
        """
        names = dict({"topic": self.renames, "provider": self.aliases}.get(key, ()))
        return [names.get(label, label) for label in labels]


PLAIN_READING = ReadingSettings()
"""How files are read without a profile."""


class NamedByProfile(NamedTuple):
    """A name that an entry of a profile gives, such as the topic of a rename; `kind` says what it should name."""

    kind: str
    field: str
    name: str
    line: int


@dataclass(frozen=True)
class Profile:
    """What a `corpus.yml` says; without one, nothing.

    `name` and `digest` are of its file. `collections` are those that count (`news`, `archive/news`), none for the
    usual ones. `umbrella` are the umbrella topics, None where the corpus decides. `groups` are topics with their
    sub-topics. `kinds`: kind of provider, and its providers. `target_mix`: topic, and the share that it should have.
    `newsletters` is their folder. `leave_out` are paths that are not read. `entries` are the names that should be in
    the corpus, with their lines.
    """

    name: str = ""
    digest: str = ""
    reading: ReadingSettings = PLAIN_READING
    collections: tuple[str, ...] = ()
    umbrella: tuple[str, ...] | None = None
    groups: Groups = ()
    kinds: Groups = ()
    cut_off: int | None = None
    target_mix: tuple[tuple[str, float], ...] = ()
    newsletters: str = ""
    leave_out: tuple[str, ...] = ()
    entries: tuple[NamedByProfile, ...] = field(default=(), compare=False)

    @property
    def mark(self) -> str:
        """The first 8 digits of the digest; empty without a profile."""
        return self.digest[:8]

    @property
    def in_words(self) -> str:
        """Name of the file and `mark`, such as `corpus.yml (1f0c9a2e)`; empty without a profile."""
        return f"{self.name} ({self.mark})" if self.name else ""

    @property
    def history_key(self) -> str:
        """Key of how a history is read under this profile; empty where it is read as without one."""
        key = self.reading.key
        return f"{key} {digest_of(repr(self.leave_out).encode())}" if key or self.leave_out else ""

    def leaves_out(self, path: str) -> bool:
        """Whether a path of the corpus is not to be read, since it matches or lies below one of `leave_out`."""
        if not self.leave_out:
            return False
        plain, with_signs = _left_out(self.leave_out)
        steps = path.split("/")
        above = ("/".join(steps[:length]) for length in range(1, len(steps) + 1))
        return not plain.isdisjoint(above) or (with_signs is not None and with_signs.match(path) is not None)


NO_PROFILE = Profile()


@lru_cache(maxsize=8)
def _left_out(patterns: tuple[str, ...]) -> tuple[frozenset[str], re.Pattern[str] | None]:
    """The plain paths among some patterns, and one expression for those with `*`, each with all below it."""
    escaped = [pattern.replace("[", "[[]").replace("?", "[?]") for pattern in patterns if "*" in pattern]
    with_signs = "|".join(fnmatch.translate(each) for pattern in escaped for each in (pattern, f"{pattern}/*"))
    return frozenset(patterns), re.compile(with_signs) if with_signs else None


def digest_of(data: bytes) -> str:
    """SHA-256 of some bytes, such as a profile's file, cut to 16 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()[:16]
