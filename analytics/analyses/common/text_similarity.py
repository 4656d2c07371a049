"""Which pairs of many sets may have much in common, without comparing each with each: MinHash signatures in bands.

Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4. The signatures are those of datasketch.
"""

import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd
from datasketch import MinHash
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from analytics.engine.search import fold

PERMUTATIONS = 128
LARGEST_BUCKET = 1000
"""A set is paired with at most so many others that agree with it in one band."""

STEP = 500_000
"""About so many pairs come at a time."""

Places = npt.NDArray[np.int64]


def candidates(sets: Iterable[Collection[str]], apart: Places, rows: int) -> Iterator[tuple[Places, Places, Places]]:
    """Pairs of sets that agree in a band of `rows` of their signatures and in the code `apart`; some come repeatedly.

    Yields the places of the ones, of the others, and of the sets whose bucket was too large to pair in full: those are
    paired with the `LARGEST_BUCKET` that come next.
    """
    signed = _signatures(sets)
    waiting: list[tuple[Places, Places, Places]] = []
    for first in range(0, PERMUTATIONS - rows + 1, rows):
        keys = pd.util.hash_array(apart)
        for column in range(first, first + rows):
            keys = pd.util.hash_array(keys * np.uint64(31) + signed[:, column])
        waiting.extend(_agreeing(keys) if len(keys) else ())
        if sum(len(ones) for ones, _, _ in waiting) >= STEP:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _agreeing(keys: npt.NDArray[np.uint64]) -> Iterator[tuple[Places, Places, Places]]:
    """Pairs of places with the same key, and the places that have more than `LARGEST_BUCKET` such others after them."""
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


def _joined(found: list[tuple[Places, Places, Places]]) -> tuple[Places, Places, Places]:
    ones, others, cut = (np.concatenate(each) for each in zip(*found, strict=True))
    return ones, others, cut


def _signatures(sets: Iterable[Collection[str]]) -> npt.NDArray[np.uint64]:
    """One row a set, in bounded memory beside them."""
    encoded = ([zlib.crc32(item.encode()) for item in items] for items in sets)
    made = MinHash.generator(encoded, num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    rows = [np.asarray(each.hashvalues, dtype="uint32") for each in made]
    return np.array(rows, dtype="uint64").reshape(len(rows), PERMUTATIONS)


TITLE_LEAST = 0.8
"""Headlines less alike than this tell other stories, whatever their excerpts say."""

TITLE_ALONE = 0.96
"""Headlines at least this much alike are enough, whatever their excerpts say."""

EXCERPT_LEAST = 20
"""Excerpts of fewer characters (`NA`, `Placeholder.`) say nothing."""

ROUGHLY = 0.55
"""Headlines less alike than this before they are folded are not looked at any closer (`closest`)."""

_NUMBER = re.compile(r"\d+|[^\W\d_]+")

COUNTING = frozenset(
    _NUMBER.findall(
        "january february march april june july august september october november december jan feb mar apr jun jul aug "
        "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday one two three four five six "
        "seven eight nine ten eleven twelve first second third fourth fifth sixth seventh eighth ninth tenth ii iii iv "
        "vi vii viii ix xi xii"
    )
)
"""Words that tell editions, parts and dates apart, as numbers do. Not `may`, which is more often a verb."""

GRAM = 4
TITLE_ROWS, TEXT_ROWS = 5, 5
"""Rows a band: sets that have 3/4 of their members in common agree in a band with a chance of 99.9 and 99.999 %."""


Objects = npt.NDArray[np.object_]
Likeness = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Texts:
    """Folded headline and excerpt of each article, and the numbers of the headline."""

    titles: Objects
    excerpts: Objects
    numbers: Objects


def texts(articles: pd.DataFrame) -> Texts:
    """Headlines and excerpts as they are compared: folded (`engine.search.fold`), empty when missing or too short."""
    titles = [fold(title).strip() for title in articles["title"].fillna("")]
    excerpts = [fold(excerpt).strip() for excerpt in articles["excerpt"].fillna("")]
    told = [excerpt if len(excerpt) >= EXCERPT_LEAST else "" for excerpt in excerpts]
    return Texts(_objects(titles), _objects(told), _objects([numbers(title) for title in titles]))


def numbers(title: str) -> str:
    """The numbers and counting words of a folded headline, sorted."""
    return " ".join(sorted(word for word in _NUMBER.findall(title) if word[0].isdigit() or word in COUNTING))


def similarity(known: Texts, ones: Places, others: Places) -> Likeness:
    """How much articles are alike, pair by pair, from 0 (told apart) to 1 (the same headline).

    The normalised indel similarity (rapidfuzz `fuzz.ratio`) of the headlines where it is at least `TITLE_ALONE`, else
    its mean with that of the excerpts. 0 without a headline or, below `TITLE_ALONE`, an excerpt to go by; below
    `TITLE_LEAST`; and when the numbers of the headlines differ.
    """
    of_title = _ratios(known.titles[ones], known.titles[others], TITLE_LEAST)
    near = np.flatnonzero(of_title)
    near = near[(known.numbers[ones[near]] == known.numbers[others[near]]) & (known.titles[ones[near]] != "")]
    found = np.zeros(len(ones))
    found[near] = of_title[near]
    unsure = near[of_title[near] < TITLE_ALONE]
    left, right = known.excerpts[ones[unsure]], known.excerpts[others[unsure]]
    both = (of_title[unsure] + _ratios(left, right)) / 2
    found[unsure] = np.where((left != "") & (right != ""), both, 0)
    return found


def closest(title: str, titles: pd.Series) -> Places:
    """The places of the headlines that may be enough like a given one, to be looked at in full.

    Compared are the headlines in small letters without signs, which is quick; folding them brings two of them closer
    by less than the difference of `ROUGHLY` and `TITLE_LEAST`, unless nearly all letters carry marks.
    """
    others = titles.fillna("").to_list()
    found = process.cdist([title], others, processor=default_process, scorer=fuzz.ratio, score_cutoff=100 * ROUGHLY)
    return np.flatnonzero(found[0]).astype("int64")


def reworded(known: Texts, least: float) -> tuple[pd.DataFrame, Places]:
    """The pairs with different headlines that are at least `least` alike, and who was not compared in full.

    `earlier`, `later` (places in `known`) and `similarity`, each pair once. Articles with one headline are compared
    once where the headline is enough, those with one headline and excerpt once altogether: the first stands for all.
    """
    found, limited = [], [np.empty(0, dtype="int64")]
    for ones, others, cut in chain(_by_title(known), _by_text(known)):
        likeness = similarity(known, ones, others)
        kept = np.flatnonzero(likeness >= least)
        ends = np.sort(np.stack([ones[kept], others[kept]]), axis=0)
        found.append(pd.DataFrame({"earlier": ends[0], "later": ends[1], "similarity": likeness[kept]}))
        limited.append(cut)
    none = pd.DataFrame({"earlier": [], "later": [], "similarity": []})
    pairs = pd.concat(found or [none]).drop_duplicates(["earlier", "later"]).reset_index(drop=True)
    same = known.titles[pairs["earlier"]] == known.titles[pairs["later"]]
    return pairs[~same].reset_index(drop=True), np.unique(np.concatenate(limited))


def _by_title(known: Texts) -> Iterator[tuple[Places, Places, Places]]:
    """Candidates by the characters of the headline."""
    return _candidates(pd.Series(known.titles), known.numbers, TITLE_ROWS, _grams)


def _by_text(known: Texts) -> Iterator[tuple[Places, Places, Places]]:
    """Candidates by the words of headline and excerpt."""
    whole = pd.Series(known.titles + "\n" + known.excerpts)
    return _candidates(whole.where((known.titles != "") & (known.excerpts != ""), ""), known.numbers, TEXT_ROWS, _words)


def _candidates(
    told: pd.Series, apart: Objects, rows: int, members: Callable[[str], set[str]]
) -> Iterator[tuple[Places, Places, Places]]:
    """Candidates among different texts, in alphabetical order, so that neighbours of a large bucket are alike."""
    told = told[(told != "") & ~told.duplicated()].sort_values(kind="stable")
    places = told.index.to_numpy(dtype="int64")
    codes = pd.factorize(apart[places])[0]
    for found in candidates(map(members, told), codes, rows):
        ones, others, cut = (places[each] for each in found)
        yield ones, others, cut


def _grams(text: str) -> set[str]:
    return {text[start : start + GRAM] for start in range(max(len(text) - GRAM + 1, 1))}


def _words(text: str) -> set[str]:
    return set(text.split())


def _ratios(ones: Objects, others: Objects, least: float = 0) -> Likeness:
    """`fuzz.ratio` pair by pair, from 0 to 1; 0 when it is below `least`."""
    found = process.cpdist(ones, others, scorer=fuzz.ratio, score_cutoff=100 * least, dtype=np.float64)
    return np.asarray(found, dtype="float64") / 100


def _objects(values: list[str]) -> Objects:
    return np.array(values, dtype="object")
