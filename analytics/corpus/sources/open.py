"""Open the source that a path names."""

import os

from analytics.corpus.sources.archive import open_archive
from analytics.corpus.sources.base import ARTICLE_SUFFIXES, Source, is_there
from analytics.corpus.sources.folder import Folder
from analytics.corpus.sources.git_tree import named_tree
from analytics.errors import CorpusError
from analytics.settings import expanded


def open_source(source: str | os.PathLike[str]) -> Source:
    """The source that a path names: a folder, an archive, a single file, or `FOLDER@REVISION`.

    Raises CorpusError when there is nothing to read there.
    """
    path = expanded(source)
    if is_there(path) and path.is_dir():
        return Folder(path.resolve())
    if is_there(path) and path.is_file():
        path = path.resolve()
        archive = open_archive(path) if path.suffix.lower() not in ARTICLE_SUFFIXES else None
        return archive or Folder(path.parent, only=path.name)
    if (tree := named_tree(os.fspath(source))) is not None:
        return tree
    raise CorpusError(f"No corpus at {path}: there is no such folder or file. Name the folder that holds the articles.")
