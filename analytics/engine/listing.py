"""Pages of articles in an order, as they are listed on screen and in files."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.engine.encoded import MISSING, EncodedCorpus, Numbers
from analytics.engine.filters import title_and_excerpt_masks
from analytics.engine.search import TITLE_WEIGHT, joined_ranges
from analytics.errors import AnalyticsError
from analytics.schema import Column, Table
from analytics.selection.fields import STATES

LISTING = Table(
    "listing",
    "one row per article, in the order asked for, ties by path",
    (
        Column("path", "text", "file of the article, from the corpus root"),
        Column("title", "text", "headline"),
        Column("excerpt", "text", "summary as recorded, untrusted text"),
        Column("url", "text", "web address"),
        Column("image_url", "text", "first image"),
        Column("published_at", "time", "time of publication"),
        Column("collection", "text", "folder without leading underscores"),
        Column("type", "text", "article, video, collection, …"),
        Column("provider", "text", "name of the outlet"),
        Column("topics", "text", "topics in the order of the record, joined by '; '"),
        Column("state", "text", "published, unpublished or unknown"),
        Column("quality", "whole", "quality score", "points"),
        Column("heat", "whole", "heat score; -1 marks an unranked article", "points"),
        Column("heat_state", "text", "ranked, unranked (heat is -1) or missing"),
        Column("lift", "whole", "heat minus quality; missing when either is", "points"),
        Column("related_count", "whole", "related stories"),
        Column("problems", "whole", "problems of the article"),
        Column(
            "relevance", "whole", "how well it fits the words looked for (`search.relevance`); missing without words"
        ),
    ),
    key=("path",),
)

RowNumbers = Numbers
"""Row numbers in the corpus."""

SORTS = (
    "published_at",
    "title",
    "provider",
    "type",
    "quality",
    "heat",
    "lift",
    "related_count",
    "problems",
    "relevance",
)
"""What a listing can be sorted by."""


def page_of_rows(
    rows: RowNumbers, keys: Numbers, *, descending: bool, offset: int = 0, limit: int | None = None
) -> RowNumbers:
    """A page of row numbers (rising) in the order of their keys; what is MISSING comes last, ties by row number.

    Key and row become one whole number, so that only the page and what comes before it is sorted.
    """
    signed = -keys if descending else keys
    last = signed.max(initial=0) + 1
    both = np.where(keys == MISSING, last, signed) * len(rows) + np.arange(len(rows))
    end = len(rows) if limit is None else min(offset + limit, len(rows))
    if end < len(rows):
        both = np.partition(both, end)[:end]
    return rows[np.sort(both)[offset:] % max(len(rows), 1)]


def sort_keys(encoded: EncodedCorpus, key: str) -> Numbers:
    """For each article a whole number that sorts as its value of a sort key does; MISSING without a value.

    Text is sorted by its letters and digits alone, whatever the case and the accents.
    """
    if key not in encoded.sort_keys:
        encoded.sort_keys[key] = _sort_keys(encoded, key)
    return encoded.sort_keys[key]


def relevances(encoded: EncodedCorpus, search_terms: Sequence[str]) -> Numbers:
    """`search.relevance` of each article of the corpus."""
    found = np.zeros(len(encoded.articles), dtype="int64")
    for term in search_terms:
        in_title, in_excerpt = title_and_excerpt_masks(encoded, term)
        found += TITLE_WEIGHT * in_title + in_excerpt
    return found


def relevance_sort_keys(encoded: EncodedCorpus, search_terms: Sequence[str]) -> Numbers:
    """Sort keys by relevance, and by time of publication where it is the same; all MISSING when nothing is asked."""
    if not search_terms:
        return np.full(len(encoded.articles), MISSING)
    times = sort_keys(encoded, "published_at")
    times = np.where(times == MISSING, -1, times)
    keys: Numbers = relevances(encoded, search_terms) * (times.max(initial=0) + 2) + times
    return keys


def _sort_keys(encoded: EncodedCorpus, key: str) -> Numbers:
    if key not in (*SORTS[:-1], "day"):
        raise AnalyticsError(f"Articles cannot be sorted by {key!r}, only by {', '.join(SORTS)}.")
    if key == "problems":
        return encoded.problem_counts
    if key in ("provider", "type"):
        ranks, codes = _ranks(_letters(pa.array(encoded.labels[key]))), encoded.articles[key].to_numpy()
        return np.where(codes < 0, MISSING, np.append(ranks, MISSING)[codes])
    if key in encoded.articles:
        keys: Numbers = encoded.articles[key].to_numpy().astype("int64")
        return keys
    values = pa.chunked_array(pa.array(encoded.corpus.articles[key], from_pandas=True)).combine_chunks()
    return _ranks(_letters(values) if key == "title" else values)


def _letters(texts: pa.Array) -> pa.Array:
    small = pc.utf8_lower(pc.utf8_normalize(texts.cast(pa.large_string()), "NFKD"))
    bare = pc.replace_substring_regex(small, r"\pM+", "")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(bare, r"[^\pL\pN]+", " "))


def _ranks(values: pa.Array) -> Numbers:
    """The place of each value among all, from 1, equal ones sharing one; MISSING without a value."""
    ranks = pc.rank(values, tiebreaker="dense").to_numpy().astype("int64")
    return np.where(values.is_valid().to_numpy(zero_copy_only=False), ranks, MISSING)


def listing(encoded: EncodedCorpus, rows: RowNumbers, search_terms: Sequence[str]) -> pd.DataFrame:
    """The articles at some row numbers as LISTING."""
    articles, codes = encoded.corpus.articles.iloc[rows], encoded.articles
    lift = codes["lift"].iloc[rows]
    taken = ("path", "title", "excerpt", "url", "image_url", "published_at", "quality", "heat", "related_count")
    columns = {name: articles[name] for name in taken}
    columns |= {name: articles[name].astype("str") for name in ("collection", "type", "provider", "heat_state")}
    columns["topics"] = topic_texts(encoded, rows).set_axis(articles.index)
    columns["state"] = pd.Series(np.array(STATES)[codes["state"].iloc[rows]], index=articles.index)
    columns["lift"] = lift.astype("Int64").mask(lift == MISSING)
    columns["problems"] = pd.Series(encoded.problem_counts[rows], index=articles.index)
    relevance = relevances(encoded, search_terms)[rows] if search_terms else None
    columns["relevance"] = pd.Series(relevance, index=articles.index, dtype="Int64")
    return LISTING.of(pd.DataFrame(columns))


def topic_texts(encoded: EncodedCorpus, rows: RowNumbers, separator: str = "; ") -> pd.Series:
    """The topics of the articles at some row numbers as one text each, in the order of the record."""
    starts = encoded.topic_starts[rows]
    counts = encoded.topic_starts[rows + 1] - starts
    flat, ends = joined_ranges(starts, counts), np.cumsum(counts)
    names = pa.array(encoded.labels["topic"].take(encoded.topics["topic"].to_numpy()[flat]), pa.large_string())
    lists = pa.LargeListArray.from_arrays(np.concatenate([[0], ends]), names)
    joined = pc.if_else(counts > 0, pc.binary_join(lists, pa.scalar(separator, pa.large_string())), None)
    found: pd.Series = joined.to_pandas().astype("str")
    return found
