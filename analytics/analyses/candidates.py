"""Which pairs of many sets may have much in common, without comparing each with each: MinHash signatures in bands.

Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4. The signatures are those of datasketch.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
from datasketch import MinHash

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
    coded = ([zlib.crc32(item.encode()) for item in items] for items in sets)
    made = MinHash.generator(coded, num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    rows = [np.asarray(each.hashvalues, dtype="uint32") for each in made]
    return np.array(rows, dtype="uint64").reshape(len(rows), PERMUTATIONS)
