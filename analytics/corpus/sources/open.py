import os
from pathlib import Path

from analytics.corpus.sources.base import ARTICLE_SUFFIXES, Source
from analytics.corpus.sources.folder import Folder
from analytics.errors import CorpusError


def open_source(source: str | os.PathLike[str]) -> Source:
    """The source that a path names. Raises CorpusError when there is nothing to read there."""
    path = Path(source).expanduser()
    if path.is_dir():
        return Folder(path.resolve())
    if path.is_file():
        return _file(path.resolve())
    from analytics.corpus.sources.git_tree import named_tree  # it imports this module

    if (tree := named_tree(os.fspath(source))) is not None:
        return tree
    raise CorpusError(f"No corpus at {path}: there is no such folder or file. Name the folder that holds the articles.")


def _file(path: Path) -> Source:
    if path.suffix.lower() not in ARTICLE_SUFFIXES:
        from analytics.corpus.sources.archive import open_archive  # it imports this module

        archive = open_archive(path)
        if archive is not None:
            return archive
    return Folder(path.parent, only=path.name)
