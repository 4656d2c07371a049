"""An index of the words of all texts: which texts hold a word, a prefix or a phrase, found without reading any text.

Every text becomes the codes of its folded words, one after the other, and every code knows the texts that it is in.
Codes follow the alphabet, so that the texts of a prefix lie together.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix

from analytics.engine.search import tokens

CHUNK = 50_000
"""Texts that are taken apart at once."""

Codes = np.ndarray[tuple[int], np.dtype[np.int32]]
Starts = np.ndarray[tuple[int], np.dtype[np.int64]]
Held = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class WordIndex:
    """The words of the texts of the first column, then of those of the next one.

    `codes`: the words of text i from `starts[i]` on; `texts`: the texts with code c from `bounds[c]` on.
    """

    vocabulary: list[str]
    codes: Codes
    starts: Starts
    texts: Codes
    bounds: Codes
    columns: int

    def found(self, term: str) -> Held:
        """Which texts hold a folded term (`search.terms`): one row a column, one column an article."""
        words = term.split()
        last = len(words) - 1
        ranges = [self._range(word, prefix=place == last and term[-1] != " ") for place, word in enumerate(words)]
        held = reduce(np.logical_and, [self._with_any(*codes) for codes in ranges])
        if last and held.any():
            held = self._in_a_row(np.flatnonzero(held), ranges)
        return held.reshape(self.columns, -1)

    def _range(self, word: str, *, prefix: bool) -> tuple[int, int]:
        """The code of a word and the one after it; of a prefix, those of all words that begin so."""
        beyond = f"{word}{chr(0x10FFFF)}" if prefix else f"{word}\0"
        return bisect_left(self.vocabulary, word), bisect_left(self.vocabulary, beyond)

    def _with_any(self, low: int, high: int) -> Held:
        held = np.zeros(len(self.starts) - 1, dtype="bool")
        held[self.texts[self.bounds[low] : self.bounds[high]]] = True
        return held

    def _in_a_row(self, candidates: Starts, ranges: list[tuple[int, int]]) -> Held:
        """In which of some texts words of some ranges of codes follow each other."""
        starts = self.starts[candidates]
        sizes = np.maximum(self.starts[candidates + 1] - starts - len(ranges) + 1, 0)
        places, texts = stretches(starts, sizes), np.repeat(candidates, sizes)
        for further, (low, high) in enumerate(ranges):
            codes = self.codes[places + further]
            fits = (codes >= low) & (codes < high)
            places, texts = places[fits], texts[fits]
        held = np.zeros(len(self.starts) - 1, dtype="bool")
        held[texts] = True
        return held


def stretches(starts: Starts, sizes: Starts) -> Starts:
    """The whole numbers of some stretches one after the other: `sizes` of them each, from `starts` on."""
    shifts = starts - np.cumsum(sizes) + sizes
    found: Starts = np.arange(sizes.sum()) + np.repeat(shifts, sizes)
    return found


def indexed(*columns: pd.Series) -> WordIndex:
    """The index of the texts of some columns.

    Texts are taken apart at blanks by Arrow, and each different piece is folded once: as no word reaches over a blank,
    that gives the words of `search.fold` exactly.
    """
    known: dict[str, int] = {}
    chunks = [_taken_apart(texts, known) for column in columns for texts in _chunks(column)]
    vocabulary, words = _vocabulary(known)
    parts = [_spelled(pieces, counts, words) for pieces, counts in chunks]
    codes = np.concatenate([np.zeros(0, dtype="int32"), *(codes for codes, _ in parts)])
    starts = np.cumsum(np.concatenate([np.zeros(1, dtype="int64"), *(lengths for _, lengths in parts)]))
    shape = (len(starts) - 1, len(vocabulary))
    by_code = csr_matrix((np.ones(len(codes), dtype="bool"), codes, starts), shape=shape).tocsc()
    return WordIndex(vocabulary, codes, starts, by_code.indices, by_code.indptr, len(columns))


def _chunks(column: pd.Series) -> Iterator[pa.Array]:
    texts = pa.chunked_array(pa.array(column, pa.large_string(), from_pandas=True)).fill_null("")
    for start in range(0, len(texts), CHUNK):
        yield texts.slice(start, CHUNK).combine_chunks()


def _taken_apart(texts: pa.Array, known: dict[str, int]) -> tuple[Codes, Starts]:
    """The numbers of the pieces between blanks, new ones added to the known, and how many pieces each text has."""
    split = pc.split_pattern(texts, " ")
    pieces = split.flatten().dictionary_encode()
    numbers = np.array([known.setdefault(piece, len(known)) for piece in pieces.dictionary.to_pylist()], dtype="int32")
    return numbers[pieces.indices.to_numpy()], pc.list_value_length(split).to_numpy()


def _vocabulary(known: Iterable[str]) -> tuple[list[str], tuple[Codes, Starts]]:
    """All words, alphabetically; and the codes of the words of all pieces, with where those of each piece start."""
    spelled = [tokens(piece) for piece in known]
    vocabulary = sorted(set().union(*spelled))
    code = {word: number for number, word in enumerate(vocabulary)}
    codes = np.array([code[word] for words in spelled for word in words], dtype="int32")
    return vocabulary, (codes, np.cumsum([0, *map(len, spelled)], dtype="int64"))


def _spelled(pieces: Codes, counts: Starts, words: tuple[Codes, Starts]) -> tuple[Codes, Starts]:
    """Pieces of texts → the codes of their words, and how many words each text has."""
    codes, starts = words
    sizes = (starts[1:] - starts[:-1])[pieces]
    last = np.concatenate([[0], np.cumsum(sizes)])[np.cumsum(counts)]
    return codes[stretches(starts[pieces], sizes)], np.diff(last, prepend=0)
