"""The commit that a corpus was at when it was read."""

from pathlib import Path

from analytics.corpus import git
from analytics.corpus.loader import Corpus
from analytics.errors import CorpusError


def commit(corpus: Corpus) -> str | None:
    """The commit of a corpus read at a revision, else the last that touched its folder; None without git."""
    if corpus.commit is not None:
        return corpus.commit
    place = Path(corpus.source).expanduser()
    folder = place if place.is_dir() else place.parent
    try:
        return git.run(folder, "rev-list", "-1", "HEAD", "--", ".", refused="").strip() or None
    except CorpusError:
        return None
