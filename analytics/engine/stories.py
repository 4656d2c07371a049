"""Stories: the articles, of one outlet or of several, that report one event.

Two articles tell one story when their headlines share most of their words (token-set similarity of at least `LEAST`)
within `WINDOW` days, and not only numbers that differ. Candidates are pairs that share two rare words within the
window, so that no article is compared with each other one.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from analytics.engine.search import tokens
from analytics.text_normalisation import number_and_calendar_words

LEAST = 80
"""Token-set similarity of two headlines in per cent from which they tell one story: the words of both, whatever their
order, where one may have more than the other (rapidfuzz `fuzz.token_set_ratio`)."""

WINDOW = 7
"""Days that two articles with similar headlines may be apart."""

LONGEST = 28
"""Days from the first to the last article of a story: what goes on like itself for longer is a series, not an event."""

FEWEST_WORDS = 3
"""A headline with fewer different words is part of too many others to tell a story."""

RARE_COUNT, RARE_SHARE = 50, 0.005
"""A word is rare in at most so many headlines, or in this share of them."""

NEIGHBOURS = 500
"""A headline is paired with at most this many later ones of the window that share a rare word with it."""

Positions = npt.NDArray[np.int64]


def story_numbers(titles: Sequence[str | None], days: Positions, dated: npt.NDArray[np.bool_]) -> Positions:
    """Number of the story of each article: the position of the article that is the first of the story in the list.

    An article without a date, or without a headline of `FEWEST_WORDS`, is a story of its own. Candidates are joined the
    most similar first, where the story would not last longer than `LONGEST` days.
    """
    words = [_words(title) if there else [] for title, there in zip(titles, dated.tolist(), strict=True)]
    texts = np.array([" ".join(each) for each in words], dtype="object")
    pairs = _candidates(words, days)
    similar = process.cpdist(
        texts[pairs.one], texts[pairs.other], scorer=fuzz.token_set_ratio, score_cutoff=LEAST, dtype=np.float64
    )
    near = np.flatnonzero(similar)
    near = near[np.argsort(-similar[near], kind="stable")]
    numbers = [frozenset(number_and_calendar_words(text).split()) for text in texts]
    stories = _Stories(days)
    for one, other in zip(pairs.one[near].tolist(), pairs.other[near].tolist(), strict=True):
        if not numbers[one] or not numbers[other] or numbers[one] & numbers[other]:
            stories.join(one, other)
    return np.fromiter(map(stories.find, range(len(texts))), dtype="int64", count=len(texts))


def _words(title: object) -> list[str]:
    found = [word for word in tokens(title) if word[0].isalnum()] if isinstance(title, str) else []
    return found if len(set(found)) >= FEWEST_WORDS else []


class _Pairs(NamedTuple):
    one: Positions
    other: Positions


def _candidates(words: Sequence[Sequence[str]], days: Positions) -> _Pairs:
    """Pairs of articles that share two rare words within the window, each pair once."""
    codes: dict[str, int] = {}
    entries = [(codes.setdefault(word, len(codes)), row) for row, each in enumerate(words) for word in set(each)]
    if not entries:
        return _Pairs(np.empty(0, "int64"), np.empty(0, "int64"))
    word, row = np.array(entries, dtype="int64").T
    rare = np.bincount(word) <= max(RARE_COUNT, RARE_SHARE * len(words))
    word, row = word[rare[word]], row[rare[word]]
    order = np.lexsort((row, days[row], word))
    word, row = word[order], row[order]
    keys, here = [np.empty(0, "int64")], np.arange(len(word))
    for step in range(1, NEIGHBOURS + 1):
        here = here[here + step < len(word)]
        near = (word[here] == word[here + step]) & (days[row[here + step]] - days[row[here]] <= WINDOW)
        here = here[near]
        if not len(here):
            break
        ends = np.sort(np.stack([row[here], row[here + step]]), axis=0)
        keys.append(ends[0] * len(words) + ends[1])
    pairs, shared = np.unique(np.concatenate(keys), return_counts=True)
    pairs = pairs[shared >= 2]
    return _Pairs(pairs // len(words), pairs % len(words))


class _Stories:
    """Articles joined to stories: a union-find whose sets know their first and last day."""

    def __init__(self, days: Positions) -> None:
        self._root = list(range(len(days)))
        self._first, self._last = days.tolist(), days.tolist()

    def find(self, article: int) -> int:
        """The first article of the story of an article."""
        while self._root[article] != article:
            self._root[article] = self._root[self._root[article]]
            article = self._root[article]
        return article

    def join(self, one: int, other: int) -> None:
        """Make one story of two, unless it would last too long."""
        one, other = sorted((self.find(one), self.find(other)))
        first, last = min(self._first[one], self._first[other]), max(self._last[one], self._last[other])
        if one != other and last - first <= LONGEST:
            self._root[other], self._first[one], self._last[one] = one, first, last
