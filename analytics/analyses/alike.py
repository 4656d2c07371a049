"""How much two articles are alike by headline and excerpt, and the pairs among many that are."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from analytics.analyses.candidates import Places, candidates
from analytics.engine.search import fold

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
