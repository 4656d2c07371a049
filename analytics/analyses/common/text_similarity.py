"""Similarity of headlines and excerpts, and the pairs of similar ones among many without comparing each with each.

Candidates come from MinHash signatures in bands, made by datasketch. Sources: Broder 1997; Leskovec, Rajaraman, Ullman,
Mining of Massive Datasets, 3.4. What is compared and why: docs/near-duplicates.md.
"""

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from analytics.engine.search import folded_between_blanks
from analytics.text_normalisation import number_and_calendar_words

PERMUTATIONS = 128
LARGEST_BUCKET = 1000
"""A set is paired with at most this many others that agree with it in one band."""

BATCH = 500_000
"""Candidate pairs are yielded about this many at a time."""

Positions = npt.NDArray[np.int64]


def candidate_pairs(
    sets: Iterable[Collection[str]], blocking_keys: Positions, rows_per_band: int
) -> Iterator[tuple[Positions, Positions, Positions]]:
    """Pairs of sets that agree in a band of `rows_per_band` of their signatures and in their `blocking_keys`.

    Some come repeatedly. Yields the positions of the first sets, of the second ones, and of those whose bucket was too
    large to pair in full: they are paired with the next `LARGEST_BUCKET`.
    """
    signed = _signatures(sets)
    waiting: list[tuple[Positions, Positions, Positions]] = []
    for first in range(0, PERMUTATIONS - rows_per_band + 1, rows_per_band):
        keys = pd.util.hash_array(blocking_keys)
        for column in range(first, first + rows_per_band):
            keys = pd.util.hash_array(keys * np.uint64(31) + signed[:, column])
        waiting.extend(_pairs_of_equal_keys(keys) if len(keys) else ())
        if sum(len(ones) for ones, _, _ in waiting) >= BATCH:
            yield _concatenated(waiting)
            waiting = []
    if waiting:
        yield _concatenated(waiting)


def _pairs_of_equal_keys(keys: npt.NDArray[np.uint64]) -> Iterator[tuple[Positions, Positions, Positions]]:
    """Pairs of positions with the same key, and the positions with more than `LARGEST_BUCKET` equal ones after them."""
    order = np.argsort(keys, kind="stable")
    keys, none = keys[order], np.empty(0, dtype="int64")
    here = np.arange(len(keys))
    for step in range(1, LARGEST_BUCKET + 2):
        here = here[here + step < len(keys)]
        here = here[keys[here] == keys[here + step]]
        if here.size == 0:
            return
        if step <= LARGEST_BUCKET:
            yield order[here], order[here + step], none
    yield none, none, order[here]


def _concatenated(found: list[tuple[Positions, Positions, Positions]]) -> tuple[Positions, Positions, Positions]:
    ones, others, cut = (np.concatenate(each) for each in zip(*found, strict=True))
    return ones, others, cut


def _signatures(sets: Iterable[Collection[str]]) -> npt.NDArray[np.uint64]:
    """MinHash signatures, a row a set; the sets are read one by one."""
    encoded = ([zlib.crc32(item.encode()) for item in items] for items in sets)
    from datasketch import MinHash  # here, so that no start-up waits for it

    made = MinHash.generator(encoded, num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    rows = [np.asarray(each.hashvalues, dtype="uint32") for each in made]
    return np.array(rows, dtype="uint64").reshape(len(rows), PERMUTATIONS)


TITLE_LEAST = 0.8
"""Articles whose headlines are less similar than this are different, whatever their excerpts say."""

TITLE_ALONE = 0.96
"""Articles whose headlines are at least this similar are compared by their headlines alone."""

EXCERPT_LEAST = 20
"""Shorter excerpts (`NA`, `Placeholder.`, in characters) are treated as missing."""

UNFOLDED_LEAST = 0.55
"""Headlines less alike than this before they are folded are not looked at any closer (`closest`)."""

GRAM = 4
TITLE_ROWS, TEXT_ROWS = 5, 5
"""Rows per band: sets with 3/4 of their members in common agree in at least one band with a chance over 99.9 %."""


Objects = npt.NDArray[np.object_]
Similarities = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Texts:
    """Folded headline and excerpt of each article, and the numbers of the headline."""

    titles: Objects
    excerpts: Objects
    numbers: Objects


def comparable_texts(articles: pd.DataFrame) -> Texts:
    """Headlines and excerpts as they are compared: folded for search, empty when missing or too short."""
    titles = [folded_between_blanks(title).strip() for title in articles["title"].fillna("")]
    excerpts = [folded_between_blanks(excerpt).strip() for excerpt in articles["excerpt"].fillna("")]
    excerpts = [excerpt if len(excerpt) >= EXCERPT_LEAST else "" for excerpt in excerpts]
    return Texts(
        *(np.array(each, dtype="object") for each in (titles, excerpts, [*map(number_and_calendar_words, titles)]))
    )


def similarity(texts: Texts, ones: Positions, others: Positions) -> Similarities:
    """Similarity of articles, pair by pair, from 0 (different) to 1 (the same headline).

    The normalised indel similarity (rapidfuzz `fuzz.ratio`) of the headlines where it is at least `TITLE_ALONE`, else
    its mean with that of the excerpts. 0 without a headline or, below `TITLE_ALONE`, an excerpt to go by; below
    `TITLE_LEAST`; and when the numbers of the headlines differ.
    """
    of_title = _ratios(texts.titles[ones], texts.titles[others], TITLE_LEAST)
    near = np.flatnonzero(of_title)
    near = near[(texts.numbers[ones[near]] == texts.numbers[others[near]]) & (texts.titles[ones[near]] != "")]
    found = np.zeros(len(ones))
    found[near] = of_title[near]
    unsure = near[of_title[near] < TITLE_ALONE]
    left, right = texts.excerpts[ones[unsure]], texts.excerpts[others[unsure]]
    both = (of_title[unsure] + _ratios(left, right)) / 2
    found[unsure] = np.where((left != "") & (right != ""), both, 0)
    return found


def similar_title_candidates(title: str, titles: pd.Series) -> Positions:
    """Positions of the headlines that may be similar enough to a given one to be compared in full.

    Compares lower-case headlines without punctuation, which is quick; folding them raises a similarity by less than the
    difference of `UNFOLDED_LEAST` and `TITLE_LEAST`, unless nearly all letters have accents.
    """
    others = titles.fillna("").to_list()
    found = process.cdist(
        [title], others, processor=default_process, scorer=fuzz.ratio, score_cutoff=100 * UNFOLDED_LEAST
    )
    return np.flatnonzero(found[0]).astype("int64")


def reworded_pairs(texts: Texts, least_similarity: float) -> tuple[pd.DataFrame, Positions]:
    """Pairs with different headlines and at least `least_similarity`, and the articles not compared in full.

    Columns are `earlier`, `later` (positions in `texts`) and `similarity`, each pair once. Of articles with the same
    headline only the first is compared by headline, of those with the same headline and excerpt only the first at all.
    """
    found, limited = [], [np.empty(0, dtype="int64")]
    for ones, others, cut in chain(_candidates_by_title(texts), _candidates_by_text(texts)):
        values = similarity(texts, ones, others)
        similar = np.flatnonzero(values >= least_similarity)
        ends = np.sort(np.stack([ones[similar], others[similar]]), axis=0)
        found.append(pd.DataFrame({"earlier": ends[0], "later": ends[1], "similarity": values[similar]}))
        limited.append(cut)
    none = pd.DataFrame({"earlier": [], "later": [], "similarity": []})
    pairs = pd.concat(found or [none]).drop_duplicates(["earlier", "later"]).reset_index(drop=True)
    same = texts.titles[pairs["earlier"]] == texts.titles[pairs["later"]]
    return pairs[~same].reset_index(drop=True), np.unique(np.concatenate(limited))


def _candidates_by_title(known: Texts) -> Iterator[tuple[Positions, Positions, Positions]]:
    """Candidate pairs by the character 4-grams of the headline."""
    return _candidates(pd.Series(known.titles), known.numbers, TITLE_ROWS, _character_grams)


def _candidates_by_text(known: Texts) -> Iterator[tuple[Positions, Positions, Positions]]:
    """Candidate pairs by the words of headline and excerpt."""
    whole = pd.Series(known.titles + "\n" + known.excerpts)
    complete = (known.titles != "") & (known.excerpts != "")
    return _candidates(whole.where(complete, ""), known.numbers, TEXT_ROWS, lambda text: set(text.split()))


def _candidates(
    texts: pd.Series, numbers: Objects, rows: int, members: Callable[[str], set[str]]
) -> Iterator[tuple[Positions, Positions, Positions]]:
    """Candidate pairs of different texts, in alphabetical order, so that neighbours in a large bucket are similar."""
    texts = texts[(texts != "") & ~texts.duplicated()].sort_values(kind="stable")
    positions = texts.index.to_numpy(dtype="int64")
    codes = pd.factorize(numbers[positions])[0]
    for found in candidate_pairs(map(members, texts), codes, rows):
        ones, others, cut = (positions[each] for each in found)
        yield ones, others, cut


def _character_grams(text: str) -> set[str]:
    return {text[start : start + GRAM] for start in range(max(len(text) - GRAM + 1, 1))}


def _ratios(ones: Objects, others: Objects, least: float = 0) -> Similarities:
    """`fuzz.ratio` pair by pair, from 0 to 1; 0 when it is below `least`."""
    found = process.cpdist(ones, others, scorer=fuzz.ratio, score_cutoff=100 * least, dtype=np.float64)
    return np.asarray(found, dtype="float64") / 100
