"""The collections of a corpus: which of them count unless others are asked for, and the corpus of only some of them."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import replace

import pandas as pd

from analytics.corpus.loader import Corpus
from analytics.corpus.parsing.article import collection, collection_of_folder
from analytics.corpus.record_fields import ALL_COLLECTIONS
from analytics.corpus.sources.base import role
from analytics.text_normalisation import distinct_in_known_spelling

LEAST_SCORED = 0.1
"""From this share of its articles with a quality score or a published flag on, a collection counts."""

_COPIES = 4
"""So many corpora of only some collections are cached with a corpus."""

_LOCK = threading.Lock()


def collection_sizes(corpus: Corpus) -> dict[str, int]:
    """Collection → its articles, most first."""
    counts = corpus.articles["collection"].astype("str").value_counts()
    return {str(name): int(counts[name]) for name in sorted(counts.index, key=lambda name: (-counts[name], name))}


def collections_as_known(names: Iterable[str], known: Collection[str]) -> list[str]:
    """Collections, each once, as the known ones are spelled; a folder, such as `_news` or `news/`, is its collection.

    A name that is none of the known ones stays.
    """
    own = {*known, ALL_COLLECTIONS}
    folders = {name: collection_of_folder(name.removeprefix("./").strip("/")) for name in names if name not in own}
    named = [folders[name] if folders.get(name) in own else name for name in names]
    return distinct_in_known_spelling(named, known)


def collections_counted_by_default(corpus: Corpus) -> tuple[str, ...]:
    """The collections that count unless a selection names others, sorted by name; empty where all count.

    Those that the profile names, if it has some; else those with a quality score or a published flag in one of ten
    articles or more; where there are none, the largest. Where none of its articles is published, a flag says no more
    than that they are drafts.
    Heat alone does not make a collection count: sites give it to people and courses too.
    """
    sizes = collection_sizes(corpus)
    if len(sizes) < 2:
        return ()
    named = [name for name in distinct_in_known_spelling(corpus.profile.collections, sizes) if name in sizes]
    return _unless_all(named or _scored(corpus, sizes), sizes)


def _scored(corpus: Corpus, sizes: dict[str, int]) -> list[str]:
    articles = corpus.articles
    names = articles["collection"].astype("str")
    decides = articles["published"].fillna(value=False).astype("bool").groupby(names).transform("any")
    scored = articles["quality"].notna() | (articles["published"].notna() & decides)
    shares = scored.groupby(names).mean()
    return [name for name in sizes if shares[name] >= LEAST_SCORED] or [next(iter(sizes))]


def _unless_all(names: list[str], sizes: dict[str, int]) -> tuple[str, ...]:
    return () if len(names) == len(sizes) else tuple(sorted(names))


def is_in_collections_or_no_article(path: str, names: Collection[str]) -> bool:
    """Whether an article lies in one of some collections; True for any other file, such as one of the taxonomy."""
    return role(path) != "article" or collection(path) in names


def corpus_of_collections(corpus: Corpus, names: Iterable[str]) -> Corpus:
    """The corpus of only some collections: their articles, with their rows in all tables and their problems.

    Fingerprint, taxonomy and the counts of unread fields and skipped files stay those of the whole corpus.
    """
    wanted = tuple(sorted(set(names)))
    with _LOCK:
        copies: OrderedDict[tuple[str, ...], Corpus] = vars(corpus).setdefault("corpora_of_collections", OrderedDict())
        if wanted not in copies:
            copies[wanted] = _of_collections(corpus, wanted)
        copies.move_to_end(wanted)
        while len(copies) > _COPIES:
            copies.popitem(last=False)
        return copies[wanted]


def _of_collections(corpus: Corpus, names: tuple[str, ...]) -> Corpus:
    articles = corpus.articles[corpus.articles["collection"].isin(names)]
    inside = pd.Index(articles["path"])

    def rows_of(table: pd.DataFrame) -> pd.DataFrame:
        return _only(table, table["path"].isin(inside))

    paths = corpus.problems["path"]
    elsewhere = {path for path in paths.unique() if not is_in_collections_or_no_article(path, names)}
    return replace(
        corpus,
        articles=_only(articles, pd.Series(data=True, index=articles.index)),
        topics=rows_of(corpus.topics),
        images=rows_of(corpus.images),
        related=rows_of(corpus.related),
        links=rows_of(corpus.links),
        problems=_only(corpus.problems, ~paths.isin(elsewhere)),
        field_sources=rows_of(corpus.field_sources),
        collections=names,
        whole=corpus,
    )


def _only(table: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Some rows of a table, with no label that none of them has."""
    found = table[rows].reset_index(drop=True)
    labels = found.columns[found.dtypes == "category"]
    return found.assign(**{name: found[name].cat.remove_unused_categories() for name in labels})
