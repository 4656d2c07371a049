"""Facets: the labels that a filter can choose from, each with its number of articles."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from analytics.corpus.record_fields import ALL_COLLECTIONS
from analytics.engine.encoded import MISSING, NONE, EncodedCorpus, Mask
from analytics.engine.filters import mask
from analytics.errors import AnalyticsError
from analytics.schema import Column, Table
from analytics.selection.fields import BY_PARAMETER
from analytics.selection.selection import Selection, from_pairs

FACET = Table(
    "facet",
    "one row per label, the chosen ones and the most frequent, most frequent first; years newest first",
    (
        Column("label", "text", "the label; (none) for the articles without one"),
        Column("n", "whole", "articles with the label that the rest of the selection leaves", "articles"),
        Column("chosen", "flag", "whether the selection names the label"),
        Column("parameter", "text", "the part of a selection that names the label; missing for a year"),
        Column("value", "text", "the value of that part"),
        Column("start", "day", "first day of the year; else missing"),
        Column("end", "day", "last day of the year; else missing"),
        Column("total", "whole", "labels there are, shown or not", "labels"),
    ),
    key=("label",),
)


FACETS = {
    "collection": "",
    "topic": "topics",
    "provider": "provider",
    "type": "type",
    "state": "",
    "heat_state": "",
    "year": "published_at",
}
"""Key of a facet, but for years the parameter of a filter → what articles without a label lack; empty when none do."""


def facet(encoded: EncodedCorpus, selection: Selection, key: str, top: int) -> pd.DataFrame:
    """The labels of one key as FACET: the first `top` by number of articles, and all that the selection names."""
    if key not in FACETS:
        raise AnalyticsError(f"There is no facet {key!r}. There are {', '.join(FACETS)}.")
    inside = mask(encoded, without_facet(selection, key))
    counts = (
        _year_counts(encoded, inside)
        if key == "year"
        else _label_counts(encoded, inside, key, below=selection.subtopics)
    )
    named = _chosen_labels(selection, key, counts)
    counts |= dict.fromkeys(named - set(counts), 0)
    order = sorted(counts, key=lambda label: (-counts[label], label))
    shown = [label for place, label in enumerate(order) if place < top or label in named]
    if key == "year":
        shown.sort(reverse=True)
    rows = [
        _facet_row(key, label) | {"n": counts[label], "chosen": label in named, "total": len(order)} for label in shown
    ]
    return FACET.of(pd.DataFrame(rows, columns=FACET.names))


def without_facet(selection: Selection, key: str) -> Selection:
    """A selection without its filter on a facet."""
    parameters = ("from", "to") if key == "year" else (key,)
    return from_pairs(
        [
            (name, value)
            for name, value in selection.filters.pairs()
            if name not in parameters and (name, value) != ("lacks", FACETS[key])
        ]
    )


def _chosen_labels(selection: Selection, key: str, found: Iterable[str]) -> set[str]:
    """The labels that a selection names; the years when its range is one of whole years."""
    start, end = selection.start, selection.end
    named = {NONE} if FACETS[key] in selection.lacks else set()
    if key != "year":
        return named.union(getattr(selection, BY_PARAMETER[key].attribute)) - {ALL_COLLECTIONS}
    if start is None or end is None or (start.month, start.day, end.month, end.day) != (1, 1, 12, 31):
        return named
    first, last = f"{start.year:04}", f"{end.year:04}"
    return named | {first, last} | {label for label in found if first < label < last}


def _facet_row(key: str, label: str) -> dict[str, object]:
    """The columns of FACET that say how a selection names a label."""
    row = {"label": label, "start": pd.NaT, "end": pd.NaT}
    if label == NONE:
        return row | {"parameter": "lacks", "value": FACETS[key]}
    if key == "year":
        return row | {"start": date(int(label), 1, 1), "end": date(int(label), 12, 31)}
    return row | {"parameter": key, "value": label}


def _label_counts(encoded: EncodedCorpus, inside: Mask, key: str, *, below: bool) -> dict[str, int]:
    """Label → its articles among some; a topic has those of the topics `below` it as well when asked."""
    names = encoded.labels[key]
    if key == "topic":
        rows = encoded.topics["row"].to_numpy()
        among = inside[rows]
        rows, codes = rows[among], encoded.topics["topic"].to_numpy()[among]
        bare = int(np.count_nonzero(inside & (encoded.articles["has_topics"].to_numpy() == 0)))
    else:
        codes = encoded.articles[key].to_numpy()[inside]
        bare = int(np.count_nonzero(codes < 0))
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    found = {str(name): int(n) for name, n in zip(names, counts, strict=True)}
    if key == "topic" and below:
        found |= {
            topic: _distinct(rows[np.isin(codes, encoded.codes(key, sorted(us)))])
            for topic, us in encoded.topics_below.items()
        }
    return {name: n for name, n in (found | {NONE: bare}).items() if n}


def _distinct(rows: np.ndarray[tuple[int], np.dtype[np.int32]]) -> int:
    """How many different row numbers there are among rising ones."""
    return int(np.count_nonzero(np.diff(rows, prepend=-1)))


def _year_counts(encoded: EncodedCorpus, inside: Mask) -> dict[str, int]:
    months = encoded.articles["month"].to_numpy()[inside]
    there = months != MISSING
    years, counts = np.unique(months[there] // 12, return_counts=True)
    found = {f"{1970 + year:04}": int(n) for year, n in zip(years, counts, strict=True)}
    bare = int(np.count_nonzero(~there))
    return found | ({NONE: bare} if bare else {})
