"""Open the source that a path names."""

import os

from analytics.corpus.sources.archive import open_archive
from analytics.corpus.sources.base import ARTICLE_SUFFIXES, Source, is_there
from analytics.corpus.sources.folder import Folder
from analytics.corpus.sources.git_tree import named_tree, tree_at
from analytics.errors import CorpusError
from analytics.settings import corpus_address, is_bare_repository


def open_source(source: str | os.PathLike[str]) -> Source:
    """The source that a path names: a folder, an archive, a single file, or `FOLDER@REVISION`; of a bare repository
    its newest commit.

    Raises CorpusError when there is nothing to read there.
    """
    path = corpus_address(source)
    if is_there(path) and path.is_dir():
        return tree_at(path, "HEAD") if is_bare_repository(path) else Folder(path.resolve())
    if is_there(path) and path.is_file():
        path = path.resolve()
        archive = open_archive(path) if path.suffix.lower() not in ARTICLE_SUFFIXES else None
        return archive or Folder(path.parent, only=path.name)
    if is_there(path):
        raise CorpusError(f"{path} is a pipe or a device, which is read only once. Save it to a file, and name that.")
    if (tree := named_tree(str(path))) is not None:
        return tree
    raise CorpusError(f"No corpus at {path}: there is no such folder or file. Name the folder that holds the articles.")
