"""Where the history of a loaded corpus is, and what is needed where there is none."""

import os
from pathlib import Path

from analytics.corpus.git import NoGitError
from analytics.corpus.history import load_history
from analytics.corpus.history_origin import SUFFIX, origin_of
from analytics.corpus.history_tables import History
from analytics.corpus.intake import Progress
from analytics.corpus.loader import Corpus
from analytics.errors import CorpusError

ENVIRONMENT = "ARTICLE_ANALYTICS_HISTORY"
"""Environment variable that names the repository or bundle with the history, for whatever corpus."""

NEEDED = (
    "A history needs the git repository of the corpus: open the folder of a clone, or put a bundle of the repository "
    f"beside the folder, named like it and ending in {SUFFIX} (git bundle create), or name either in {ENVIRONMENT}."
)


def history_source(corpus: Corpus) -> str:
    """The path from which `load_history` reads the history of a corpus.

    It is that of ARTICLE_ANALYTICS_HISTORY; else, for a revision, that; else for a folder the bundle beside it, or the
    folder's own repository. Raises CorpusError, which says why, where there is none.
    """
    if named := os.environ.get(ENVIRONMENT):
        return named
    if corpus.commit is not None:
        return corpus.source
    place = Path(corpus.source).expanduser()
    if not place.is_dir():
        raise NoGitError(f"{place} is a file, which has no history.")
    folder = place.resolve()
    bundle = folder.with_name(f"{folder.name}{SUFFIX}")
    if bundle.is_file():
        return str(bundle)
    return str(origin_of(folder).path)


def history_of(corpus: Corpus, progress: Progress | None = None) -> History:
    """The history of a corpus; one with nothing in it, which says why and what is needed, where it cannot be read."""
    try:
        history = load_history(history_source(corpus), progress=progress)
    except CorpusError as error:
        return History.nothing(f"{error} {NEEDED}")
    return history if history.stamp else History.nothing(f"{history.missing} {NEEDED}")
