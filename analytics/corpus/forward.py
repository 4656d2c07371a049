"""The bytes of a tar behind its compression, read from the start to the end within limits."""

import bz2
import contextlib
import gzip
import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from analytics.corpus import members
from analytics.corpus.front_matter import MAX_FILE_BYTES

MOST_AT_ONCE = MAX_FILE_BYTES + 1
_OPENERS: dict[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
    b"\x5d\0\0": lzma.open,
}


@contextlib.contextmanager
def decompressed(path: Path) -> Iterator[IO[bytes]]:
    """A file as it is behind its compression, which its first bytes tell."""
    with path.open("rb") as opened:
        start = opened.read(6)
    opener = next((opener for magic, opener in _OPENERS.items() if start.startswith(magic)), open)
    with opener(path, "rb") as raw:
        yield raw


class Forward:
    """What `tarfile` reads: the decompressed bytes, counted, only forward and never many at once.

    So neither a bomb, nor a header that claims to be huge, nor one that points back takes memory or time. `last` is
    what the last read gave.
    """

    def __init__(self, raw: IO[bytes], archive: Path, most: int) -> None:
        self.raw, self.archive, self.most = raw, archive, most
        self.position = 0
        self.last = b""

    def read(self, size: int) -> bytes:
        """The next bytes. Raises CorpusError beyond the limit of expansion."""
        if not 0 <= size <= MOST_AT_ONCE:
            raise tarfile.ReadError(f"a header of {size} bytes")
        data = self.raw.read(size)
        self.position += len(data)
        if self.position > self.most:
            raise members.too_large(self.archive)
        self.last = data
        return data

    def tell(self) -> int:
        """How many bytes were read."""
        return self.position

    def seek(self, position: int) -> None:
        """Read on to a position, or to the end if that comes first."""
        if position < self.position:
            raise tarfile.ReadError("a header that points back")
        while self.position < position and self.read(min(position - self.position, 1 << 16)):
            pass
