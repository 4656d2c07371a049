"""Make the slice of an opened corpus that a selection asks for: of its day, and of its collections."""

from dataclasses import replace

from analytics.corpus.collections import (
    collection_sizes,
    collections_as_known,
    collections_counted_by_default,
    corpus_of_collections,
)
from analytics.corpus.loader import Corpus
from analytics.engine.caching import cached_with_owner
from analytics.engine.history_and_reviews import NO_SIDE_DATA, SideData
from analytics.engine.slice import Slice
from analytics.history.as_of import corpus_for
from analytics.selection.selection import Selection

NAMED_MAX = 8
"""So many of the collections that are left out are named in a sentence."""


def slice_of(corpus: Corpus, selection: Selection | None = None, side_data: SideData = NO_SIDE_DATA) -> Slice:
    """The slice that a selection asks for: as of its day, in its collections, or in the default ones if it names none.

    The corpus of the slice holds all articles of those collections: with them the selected ones are compared. A part of
    the collections that count is compared with all that count, and other collections with themselves.
    """
    asked = selection or Selection(as_of=corpus.as_of)
    then = corpus if asked.as_of == corpus.as_of else corpus_for(corpus, asked)
    asked, default = with_default_collections(then, asked), default_collections(then)
    if not default or asked.in_all_collections:
        return Slice(then, asked, side_data)
    base = default if set(asked.collections) <= set(default) else asked.collections
    return Slice(corpus_of_collections(then, base), asked, side_data)


def with_default_collections(corpus: Corpus, selection: Selection) -> Selection:
    """The selection with its collections as the corpus spells them, or with the default ones if it names none.

    `all` is taken out where all collections are the default.
    """
    default = default_collections(corpus)
    if not default and selection.in_all_collections:
        return replace(selection, collections=())
    named = collections_as_known(selection.collections, collection_sizes(corpus))
    return replace(selection, collections=tuple(named) or default)


@cached_with_owner
def default_collections(corpus: Corpus) -> tuple[str, ...]:
    """The collections of a selection that names none (`collections_counted_by_default`), computed once.

    Empty where all count.
    """
    return collections_counted_by_default(corpus)


def left_out_collections(data: Slice) -> dict[str, int]:
    """Collection → number of articles, most first, for each collection that a slice leaves out as a whole."""
    corpus = data.corpus.whole or data.corpus
    asked = data.selection.collections
    if not asked or data.selection.in_all_collections:
        return {}
    return {name: n for name, n in collection_sizes(corpus).items() if name not in asked}


def left_out_collections_text(data: Slice) -> str:
    """The collections that a slice leaves out, in words without a full stop; empty when it leaves none out."""
    others = left_out_collections(data)
    if not others:
        return ""
    named = [f"{name} {n:,}" for name, n in others.items()][:NAMED_MAX]
    more = [f"{len(others) - NAMED_MAX:,} more"] if len(others) > NAMED_MAX else []
    where = "1 collection" if len(others) == 1 else f"{len(others):,} collections"
    n = sum(others.values())
    return f"{n:,} {'other' if n == 1 else 'others'} in {where}: {', '.join([*named, *more])}"
