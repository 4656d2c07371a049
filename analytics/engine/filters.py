"""A selection as filters over the coded articles."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.engine import periods
from analytics.engine.coded import MISSING, Coded
from analytics.selection import Selection

LABEL_PARTS = {
    "collection": "collections",
    "type": "types",
    "provider": "providers",
    "state": "states",
    "heat_state": "heat_states",
}
"""Key of a tally → part of a selection that names its labels."""

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def chosen(known: Coded, selection: Selection) -> pd.DataFrame:
    """The coded articles that a selection leaves; the index is the row in the corpus."""
    articles = known.articles
    for key, field in LABEL_PARTS.items():
        if labels := getattr(selection, field):
            articles = articles[articles[key].isin(known.codes(key, labels))]
    if selection.topics or selection.topics_all or selection.topics_none:
        articles = articles[_by_topics(known, selection)[articles.index]]
    start, end = (None if day is None else periods.day_code(day) for day in (selection.start, selection.end))
    articles = between(articles, "day", start, end)
    articles = between(articles, "quality", selection.quality_min, selection.quality_max)
    if selection.heat_min is not None or selection.heat_max is not None:
        articles = between(articles, "heat", selection.heat_min or 0, selection.heat_max)
    for word in words(selection.words):
        articles = articles[known.text.loc[articles.index].str.contains(word, regex=False).astype("bool")]
    return articles


def between(articles: pd.DataFrame, key: str, low: int | None, high: int | None) -> pd.DataFrame:
    """Articles whose number lies between two bounds; without bounds, all, also those without the number."""
    if low is not None:
        articles = articles[articles[key] >= low]
    if high is not None:
        articles = articles[(articles[key] <= high) & (articles[key] != MISSING)]
    return articles


def words(text: str) -> list[str]:
    """Words and "quoted phrases" in lower case."""
    return [phrase or word for phrase, word in re.findall(r'"([^"]+)"|(\S+)', text.lower())]


def _by_topics(known: Coded, selection: Selection) -> Mask:
    """For each article of the corpus, whether its topics are those that are asked for."""
    fits = np.ones(len(known.articles), dtype="bool")
    if selection.topics:
        fits &= _with_any(known, selection.topics, below=selection.subtopics)
    for topic in selection.topics_all:
        fits &= _with_any(known, [topic], below=selection.subtopics)
    if selection.topics_none:
        fits &= ~_with_any(known, selection.topics_none, below=selection.subtopics)
    return fits


def _with_any(known: Coded, labels: Sequence[str], *, below: bool) -> Mask:
    if below:
        labels = sorted(set().union(*(known.below.get(label, {label}) for label in labels)))
    found = np.zeros(len(known.articles), dtype="bool")
    found[known.topics["row"][known.topics["topic"].isin(known.codes("topic", labels))]] = True
    return found
