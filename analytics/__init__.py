"""Article Analytics: how quality, heat, topics and providers of a corpus of curated articles move over time.

In a notebook::

    from analytics import VIEWS, Selection, load_corpus, slice_of
    corpus = load_corpus("site")
    VIEWS["quality_over_time"].answer(slice_of(corpus, Selection(topics=("AI",))))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analytics.catalog import VIEWS
    from analytics.corpus.loader import Corpus, load_corpus
    from analytics.engine.slice import Slice
    from analytics.engine.slice_of import slice_of
    from analytics.history.as_of import corpus_for
    from analytics.selection.selection import Selection

__version__ = "0.1.0"
__all__ = ["VIEWS", "Corpus", "Selection", "Slice", "__version__", "corpus_for", "load_corpus", "slice_of"]

_MODULES = {
    "VIEWS": "analytics.catalog",
    "Corpus": "analytics.corpus.loader",
    "load_corpus": "analytics.corpus.loader",
    "corpus_for": "analytics.history.as_of",
    "Slice": "analytics.engine.slice",
    "slice_of": "analytics.engine.slice_of",
    "Selection": "analytics.selection.selection",
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that a worker process which parses files does not pay for pandas and charts."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
