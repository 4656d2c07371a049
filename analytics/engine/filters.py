"""The articles that pass the filters of a selection, as masks over the encoded articles.

Each filter becomes conditions; the mask of a condition is cached for the next selection that has the same one.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from functools import reduce
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics.corpus.record_fields import PRESENCE
from analytics.engine import periods
from analytics.engine.encoded import MISSING, EncodedCorpus, Mask
from analytics.engine.search import TextMask, parse_search_text
from analytics.selection.fields import FILTER_FIELDS, HOURS, WEEKDAYS, FilterField, Match
from analytics.selection.selection import Selection

MASKS_MAX = 64
"""So many masks of a corpus are cached."""


class ValueCondition(NamedTuple):
    """The condition that an article has, in a column, any of some values, none of them, or another value.

    A flag has no values.
    """

    column: str
    values: tuple[str, ...]
    match: Match = "any"


class RangeCondition(NamedTuple):
    """The condition that an article has, in a column, a number from `low` to `high`, both included."""

    column: str
    low: int | None
    high: int | None


def mask(encoded: EncodedCorpus, selection: Selection) -> Mask:
    """For each article of the corpus, whether it passes all filters of a selection."""
    everything: Mask = np.ones(len(encoded.articles), dtype="bool")
    return reduce(np.logical_and, (_fulfilling(encoded, each) for each in _conditions(selection)), everything)


def title_and_excerpt_masks(encoded: EncodedCorpus, term: str) -> TextMask:
    """Which titles (first row) and which excerpts (second row) hold a folded term."""
    return _cached(encoded, term, lambda: encoded.words.found(term))


def _cached(encoded: EncodedCorpus, key: Hashable, compute: Callable[[], TextMask]) -> TextMask:
    found = encoded.masks.pop(key, None)
    encoded.masks[key] = found = compute() if found is None else found
    for oldest in list(encoded.masks)[:-MASKS_MAX]:
        encoded.masks.pop(oldest, None)
    return found


def _conditions(selection: Selection) -> Iterator[ValueCondition | RangeCondition]:
    """One condition for each filter, or one for each of its values where all must be there."""
    for field in FILTER_FIELDS:
        value = getattr(selection, field.attribute)
        everywhere = field.column == "collection" and selection.in_all_collections
        if not field.column or value is False or value in (None, (), "") or everywhere:
            continue
        if field.kind == "flag":
            yield ValueCondition(field.column, ())
            continue
        if field.end:
            yield _range_condition(field, value)
            continue
        values = tuple(parse_search_text(value)) if field.kind == "words" else value
        below = selection.subtopics and field.column == "topic" and field.match in ("any", "none")
        column = "topic_or_below" if below else field.column
        if field.match == "all":
            yield from (ValueCondition(column, (each,)) for each in values)
        elif values:
            yield ValueCondition(column, values, field.match)


def _range_condition(field: FilterField, value: int | date) -> RangeCondition:
    code = periods.day_code(value) if isinstance(value, date) else value
    if field.end == "low":
        return RangeCondition(field.column, code, None)
    return RangeCondition(field.column, field.bounds[0] if field.kind == "number" else None, code)


def _fulfilling(encoded: EncodedCorpus, condition: ValueCondition | RangeCondition) -> Mask:
    """For each article whether it fulfils a condition."""
    if isinstance(condition, RangeCondition):
        return _cached(encoded, condition, lambda: _in_range(encoded, condition))
    return _cached(encoded, condition, lambda: _fulfils_value_condition(encoded, condition))


def _in_range(encoded: EncodedCorpus, condition: RangeCondition) -> Mask:
    numbers = encoded.articles[condition.column].to_numpy()
    fits = np.ones(len(numbers), dtype="bool")
    if condition.low is not None:
        fits &= numbers >= condition.low
    if condition.high is not None:
        fits &= (numbers <= condition.high) & (numbers != MISSING)
    return fits


def _fulfils_value_condition(encoded: EncodedCorpus, condition: ValueCondition) -> Mask:
    """For each article whether it fulfils a condition on its values: any, none, all or other than those given."""
    column, values, match = condition
    if match == "other":
        others = ~encoded.topics["topic"].isin(encoded.codes("topic", values))
        return _mask_of_rows(encoded, encoded.topics["row"][others])
    find = FINDERS.get(column)
    found: Mask = (
        find(encoded, values) if find else encoded.articles[column].isin(encoded.codes(column, values)).to_numpy()
    )
    return ~found if match == "none" else found


def _on_weekday(encoded: EncodedCorpus, names: Sequence[str]) -> Mask:
    codes = encoded.articles["day"].to_numpy()
    fits: Mask = np.isin((codes + 3) % 7, list(map(WEEKDAYS.index, names))) & (codes != MISSING)
    return fits


def _at_hour(encoded: EncodedCorpus, names: Sequence[str]) -> Mask:
    return np.isin(encoded.articles["hour"].to_numpy(), list(map(HOURS.index, names)))


def _present(encoded: EncodedCorpus, names: Sequence[str]) -> Mask:
    """For each article whether it has one of some fields."""
    articles = encoded.articles
    there = [articles[f"has_{name}"] == 1 if name in PRESENCE else articles[name] != MISSING for name in names]
    found: Mask = np.any(there, axis=0)
    return found


def _absent(encoded: EncodedCorpus, names: Sequence[str]) -> Mask:
    """For each article whether it lacks one of some fields."""
    found: Mask = np.any([~_present(encoded, (name,)) for name in names], axis=0)
    return found


def _with_topic(encoded: EncodedCorpus, names: Sequence[str]) -> Mask:
    return _mask_of_rows(encoded, encoded.topics["row"][encoded.topics["topic"].isin(encoded.codes("topic", names))])


def _with_topic_or_below(encoded: EncodedCorpus, names: Sequence[str]) -> Mask:
    asked = {*encoded.corpus.profile.reading.current_labels("topic", names)}
    asked.update(encoded.labels["topic"][encoded.codes("topic", names)])  # as the corpus spells them
    return _with_topic(encoded, sorted(set().union(*(encoded.topics_below.get(name, {name}) for name in asked))))


def _with_problem(encoded: EncodedCorpus, codes: Sequence[str]) -> Mask:
    return _mask_of_rows(encoded, encoded.problems["row"][encoded.problems["problem"].isin(codes)])


def _with_severity(encoded: EncodedCorpus, severities: Sequence[str]) -> Mask:
    return _mask_of_rows(encoded, encoded.problems["row"][encoded.problems["severity"].isin(severities)])


def _with_word(encoded: EncodedCorpus, asked: Sequence[str]) -> Mask:
    found: Mask = np.any([title_and_excerpt_masks(encoded, term) for term in asked], axis=(0, 1))
    return found


def _first_of_story(encoded: EncodedCorpus, _: Sequence[str]) -> Mask:
    return encoded.first_of_story


def _mask_of_rows(encoded: EncodedCorpus, rows: pd.Series) -> Mask:
    """For each article whether its row number is among some."""
    found = np.zeros(len(encoded.articles), dtype="bool")
    found[rows] = True
    return found


FINDERS: dict[str, Callable[[EncodedCorpus, Sequence[str]], Mask]] = {
    "weekday": _on_weekday,
    "hour": _at_hour,
    "presence": _present,
    "absence": _absent,
    "topic": _with_topic,
    "topic_or_below": _with_topic_or_below,
    "problem": _with_problem,
    "severity": _with_severity,
    "first_of_story": _first_of_story,
    "words": _with_word,
}
"""Column of a filter → which articles have one of some values there; any other is a column of labels."""
