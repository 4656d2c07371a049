"""A selection as masks over the coded articles, one a part, kept for the next selection that has the same part."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce

import numpy as np
import pandas as pd

from analytics.corpus.record import PRESENCE
from analytics.engine import periods
from analytics.engine.encoded import MISSING, EncodedCorpus, Mask
from analytics.engine.search import terms
from analytics.engine.text_index import Held
from analytics.selection.fields import BY_FIELD, HOURS, RANGES, WEEKDAYS
from analytics.selection.selection import Selection

LABEL_PARTS = {
    "collections": "collection",
    "types": "type",
    "providers": "provider",
    "states": "state",
    "heat_states": "heat_state",
}
"""Field of a selection that names labels → the key of a tally whose labels they are."""

KEPT_MASKS = 64

Clause = tuple[Callable[..., Mask], tuple[object, ...]]
"""How to find the articles that a part leaves: a function of the coded corpus and its further arguments."""


def mask(known: EncodedCorpus, selection: Selection) -> Mask:
    """For each article of the corpus, whether a selection leaves it."""
    masks = [_kept(known, find, arguments) for find, arguments in _clauses(selection)]
    if not masks:
        return np.ones(len(known.articles), dtype="bool")
    found: Mask = reduce(np.logical_and, masks)
    return found


def word_found(known: EncodedCorpus, term: str) -> Held:
    """Which titles (first row) and which excerpts (second row) hold a folded term."""
    return _kept(known, _found, (term,))


def _found(known: EncodedCorpus, term: str) -> Held:
    return known.words.found(term)


def _kept(known: EncodedCorpus, find: Callable[..., Mask], arguments: tuple[object, ...]) -> Mask:
    text = f"{find.__name__}{arguments!r}"
    mask = known.masks.pop(text, None)
    mask = find(known, *arguments) if mask is None else mask
    known.masks[text] = mask
    for oldest in list(known.masks)[:-KEPT_MASKS]:
        known.masks.pop(oldest, None)
    return mask


def _clauses(selection: Selection) -> Iterator[Clause]:
    """One clause for each part of a selection, or for each value where all have to hold."""
    for field, key in LABEL_PARTS.items():
        if labels := getattr(selection, field):
            yield _is_any, (key, labels)
    if selection.providers_none:
        yield _is_none, ("provider", selection.providers_none)
    yield from _topic_clauses(selection)
    for name in ("day", *RANGES):
        low, high = _bounds(selection, name)
        if low is not None or high is not None:
            yield _between, (name, low, high)
    if selection.weekdays:
        yield _on_weekday, tuple(WEEKDAYS.index(day) for day in selection.weekdays)
    if selection.hours:
        yield _at_hour, tuple(HOURS.index(hour) for hour in selection.hours)
    yield from ((_has, (field,)) for field in selection.has)
    yield from ((_lacks, (field,)) for field in selection.lacks)
    for key, values in (("problem", selection.problems), ("severity", selection.severities)):
        if values:
            yield _with_problem, (key, values)
    yield from ((_with_word, (term,)) for term in terms(selection.words))
    if asked := terms(selection.words_any):
        yield _with_word, tuple(asked)
    yield from ((_without_word, (term,)) for term in terms(selection.words_none))


def _topic_clauses(selection: Selection) -> Iterator[Clause]:
    if selection.topics:
        yield _with_topic, (selection.topics, selection.subtopics)
    yield from ((_with_topic, ((topic,), False)) for topic in selection.topics_all)
    if selection.topics_none:
        yield _without_topic, (selection.topics_none, selection.subtopics)
    if selection.topics_beside:
        yield _with_topic_beside, (selection.topics_beside,)


def _bounds(selection: Selection, name: str) -> tuple[int | None, int | None]:
    if name == "day":
        start, end = (None if day is None else periods.day_code(day) for day in (selection.start, selection.end))
        return start, end
    low, high = getattr(selection, f"{name}_min"), getattr(selection, f"{name}_max")
    if high is not None and low is None:
        low = BY_FIELD[f"{name}_min"].bounds[0]
    return low, high


def _between(known: EncodedCorpus, key: str, low: int | None, high: int | None) -> Mask:
    numbers = known.articles[key].to_numpy()
    fits = np.ones(len(numbers), dtype="bool")
    if low is not None:
        fits &= numbers >= low
    if high is not None:
        fits &= (numbers <= high) & (numbers != MISSING)
    return fits


def _on_weekday(known: EncodedCorpus, *days: int) -> Mask:
    codes = known.articles["day"].to_numpy()
    fits: Mask = np.isin((codes + 3) % 7, days) & (codes != MISSING)
    return fits


def _at_hour(known: EncodedCorpus, *hours: int) -> Mask:
    return np.isin(known.articles["hour"].to_numpy(), hours)


def _has(known: EncodedCorpus, field: str) -> Mask:
    articles = known.articles
    there: Mask = (articles[f"has_{field}"] == 1 if field in PRESENCE else articles[field] != MISSING).to_numpy()
    return there


def _lacks(known: EncodedCorpus, field: str) -> Mask:
    return ~_has(known, field)


def _is_any(known: EncodedCorpus, key: str, labels: Sequence[str]) -> Mask:
    fits: Mask = known.articles[key].isin(known.codes(key, labels)).to_numpy()
    return fits


def _is_none(known: EncodedCorpus, key: str, labels: Sequence[str]) -> Mask:
    return ~_is_any(known, key, labels)


def _with_topic(known: EncodedCorpus, labels: Sequence[str], below: bool) -> Mask:  # noqa: FBT001
    """Whether an article has one of some topics, or one of those under them as well."""
    if below:
        labels = sorted(set().union(*(known.below.get(label, {label}) for label in labels)))
    return _spread(known, known.topics["row"][known.topics["topic"].isin(known.codes("topic", labels))])


def _without_topic(known: EncodedCorpus, labels: Sequence[str], below: bool) -> Mask:  # noqa: FBT001
    return ~_with_topic(known, labels, below)


def _with_topic_beside(known: EncodedCorpus, labels: Sequence[str]) -> Mask:
    """Whether an article has a topic that is none of some."""
    return _spread(known, known.topics["row"][~known.topics["topic"].isin(known.codes("topic", labels))])


def _with_problem(known: EncodedCorpus, key: str, values: Sequence[str]) -> Mask:
    return _spread(known, known.problems["row"][known.problems[key].isin(values)])


def _spread(known: EncodedCorpus, rows: pd.Series) -> Mask:
    """Row numbers → for each article whether it is among them."""
    found = np.zeros(len(known.articles), dtype="bool")
    found[rows] = True
    return found


def _with_word(known: EncodedCorpus, *asked: str) -> Mask:
    """Whether an article holds one of some folded words."""
    found: Mask = np.any([word_found(known, term) for term in asked], axis=(0, 1))
    return found


def _without_word(known: EncodedCorpus, term: str) -> Mask:
    return ~_with_word(known, term)
