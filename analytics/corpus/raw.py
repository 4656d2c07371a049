"""One file of a corpus read again, for a person: its front matter as it stands, with what is secret hidden."""

import os
from functools import lru_cache
from pathlib import Path

from analytics.corpus import front_matter
from analytics.corpus.codes import CODES
from analytics.corpus.front_matter import FrontMatterError
from analytics.corpus.masking import masked
from analytics.corpus.sources import Folder, Source, open_source, role, shown
from analytics.errors import CorpusError

AGAIN = "If the corpus has changed, reload it."


def raw_front_matter(source: str | os.PathLike[str], path: str) -> str:
    """The front matter of one article file as it is now, its two `---` lines included, so that lines keep their number.

    `source` is what the corpus was loaded from, `path` the article's. Secret fields are hidden (`masking.masked`).
    Raises CorpusError when there is no such file below the source, or when it cannot be read as an article any more.
    """
    try:
        text, _ = front_matter.decode(_bytes(source, path))
        parts = front_matter.split(text)
    except FrontMatterError as error:
        raise CorpusError(f"The front matter of {path} cannot be shown. {CODES[error.code].meaning} {AGAIN}") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CorpusError(f"The file {path} cannot be read: {why}. {AGAIN}") from None
    if parts is None:
        raise CorpusError(f"The file {path} has no front matter now. {AGAIN}")
    return f"---\n{masked(parts[0])}---"


def _bytes(source: str | os.PathLike[str], path: str) -> bytes:
    place = Path(source).expanduser()
    if place.is_dir() or not place.is_file():
        opened = open_source(source)
    else:
        status = place.stat()
        opened = _opened(str(place), status.st_size, status.st_mtime_ns)
    if isinstance(opened, Folder) and not _holds(opened, path):
        raise CorpusError(f"The corpus has no article file {path}. {AGAIN}")
    return opened.read(path)


@lru_cache(maxsize=2)
def _opened(source: str, size: int, changed_ns: int) -> Source:
    """A file as a source, kept while it is the same: a tar is unpacked once, not for every article."""
    del size, changed_ns
    opened = open_source(source)
    opened.entries()
    return opened


def _holds(folder: Folder, path: str) -> bool:
    """Whether a path is that of a file which the corpus would read: below the root, in no folder that is left out.

    A link is none, nor is what lies in a linked folder.
    """
    if folder.only is not None:
        return path == shown(folder.only)
    if "\0" in path or {"", ".", ".."} & set(path.split("/")) or role(path) != "article":
        return False
    file = Path(folder.file_of(path))
    return file.is_file() and file == Path(os.path.realpath(file))
