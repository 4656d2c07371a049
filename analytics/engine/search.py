"""Words looked for in titles and excerpts, and the index that finds them.

Words are matched literally and whole, whatever the case, the accents and the typographic punctuation. Text is folded so
that every word stands between blanks; then a word or a phrase is a plain substring, and no sign has a meaning of its
own. In scripts that put no blanks between words every character counts as a word. In the index every text becomes the
codes of its folded words, one after the other, and every code knows the texts that it is in; codes follow the alphabet,
so that the words of a prefix lie together.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix

from analytics.text_normalisation import plain_punctuation

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana and Chinese characters."""

_TOKEN = re.compile(rf"[^\W{_UNSPACED}]+|\S")
_ACCENT = re.compile("[\u0300-\u036f]+")
_TERM = re.compile(r'"([^"]*)"?|(\S+)')


def folded_between_blanks(text: str) -> str:
    """Text as it is compared: small letters without accents, every word and every other sign between two blanks."""
    return f" {' '.join(tokens(text))} "


def tokens(text: str) -> list[str]:
    """The folded words and other signs of a text."""
    return _TOKEN.findall(_plain(text))


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _ACCENT.sub("", unicodedata.normalize("NFKD", plain_punctuation(text).casefold()))


def parse_search_text(text: str) -> list[str]:
    """The folded terms of a search text: words, prefixes (`grid*`) and phrases ("in quotation marks")."""
    found = []
    for phrase, word in _TERM.findall(text):
        prefix = len(word) > 1 and word.endswith("*")
        term = folded_between_blanks(phrase or (word[:-1] if prefix else word))
        if term.strip():
            found.append(term.rstrip() if prefix else term)
    return list(dict.fromkeys(found))


def hit_positions(text: str, search_terms: Sequence[str]) -> list[tuple[int, int]]:
    """Where folded terms are in a text: start and end of each stretch of the original characters, in order.

    A character that folds to several, or that carries marks, is hit as a whole. Stretches that touch are one.
    """
    plain, spans = _folded_with_spans(text)
    found = sorted(span for term in search_terms for span in _spans(plain, spans, term))
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


Spans = list[tuple[int, int]]


def _spans(plain: str, spans: Spans, term: str) -> Iterator[tuple[int, int]]:
    start = plain.find(term)
    while start >= 0:
        first, last = start + 1, start + len(term.rstrip()) - 1
        yield spans[first][0], spans[last][1]
        start = plain.find(term, start + 1)


def _folded_with_spans(text: str) -> tuple[str, Spans]:
    """A text as `folded_between_blanks` gives it, and for each character the stretch of the original it came from."""
    letters, origins = [], []
    for start, end in _clusters(text):
        plain = _plain(text[start:end])
        letters.append(plain)
        origins += [(start, end)] * len(plain)
    nowhere = (0, 0)
    folded_text, spans = [" "], [nowhere]
    for token in _TOKEN.finditer("".join(letters)):
        folded_text += [token[0], " "]
        spans += [*origins[token.start() : token.end()], nowhere]
    return "".join(folded_text) if len(folded_text) > 1 else "  ", spans


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each character with the marks that follow it: what is folded together."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(unicodedata.normalize("NFKD", text[place].casefold())[0]):
            yield start, place
            start = place


TITLE_WEIGHT = 10


def relevance(title: str, excerpt: str, search_terms: Sequence[str]) -> int:
    """How well an article fits some folded terms: different terms in the title, ten times those in the excerpt."""
    texts = [(folded_between_blanks(title), TITLE_WEIGHT), (folded_between_blanks(excerpt), 1)]
    return sum(weight for term in search_terms for text, weight in texts if term in text)


TEXTS_AT_ONCE = 50_000
"""Texts that are taken apart at once."""

Codes = np.ndarray[tuple[int], np.dtype[np.int32]]
Starts = np.ndarray[tuple[int], np.dtype[np.int64]]
TextMask = np.ndarray[Any, np.dtype[np.bool_]]


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

    def found(self, term: str) -> TextMask:
        """Whether each text holds a term of `parse_search_text`: a row for each indexed column, a column an article."""
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

    def _with_any(self, low: int, high: int) -> TextMask:
        held = np.zeros(len(self.starts) - 1, dtype="bool")
        held[self.texts[self.bounds[low] : self.bounds[high]]] = True
        return held

    def _in_a_row(self, candidates: Starts, ranges: list[tuple[int, int]]) -> TextMask:
        """For each text whether it is a candidate in which words of the ranges of codes follow each other."""
        starts = self.starts[candidates]
        sizes = np.maximum(self.starts[candidates + 1] - starts - len(ranges) + 1, 0)
        places, texts = joined_ranges(starts, sizes), np.repeat(candidates, sizes)
        for further, (low, high) in enumerate(ranges):
            codes = self.codes[places + further]
            fits = (codes >= low) & (codes < high)
            places, texts = places[fits], texts[fits]
        held = np.zeros(len(self.starts) - 1, dtype="bool")
        held[texts] = True
        return held


def joined_ranges(starts: Starts, sizes: Starts) -> Starts:
    """The whole numbers of several ranges, one range after the other: from each start on as many as its size."""
    shifts = starts - np.cumsum(sizes) + sizes
    found: Starts = np.arange(sizes.sum()) + np.repeat(shifts, sizes)
    return found


def index_words(*columns: pd.Series) -> WordIndex:
    """The index of the texts of some columns.

    Texts are taken apart at blanks by Arrow, and each different piece is folded once: as no word reaches over a blank,
    that gives the words of `search.folded_between_blanks` exactly.
    """
    known: dict[str, int] = {}
    chunks = [_split_texts(texts, known) for column in columns for texts in _chunks(column)]
    vocabulary, words = _vocabulary(known)
    parts = [_codes_of_texts(pieces, counts, words) for pieces, counts in chunks]
    codes = np.concatenate([np.zeros(0, dtype="int32"), *(codes for codes, _ in parts)])
    starts = np.cumsum(np.concatenate([np.zeros(1, dtype="int64"), *(lengths for _, lengths in parts)]))
    shape = (len(starts) - 1, len(vocabulary))
    by_code = csr_matrix((np.ones(len(codes), dtype="bool"), codes, starts), shape=shape).tocsc()
    return WordIndex(vocabulary, codes, starts, by_code.indices, by_code.indptr, len(columns))


def _chunks(column: pd.Series) -> Iterator[pa.Array]:
    texts = pa.chunked_array(pa.array(column, pa.large_string(), from_pandas=True)).fill_null("")
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        yield texts.slice(start, TEXTS_AT_ONCE).combine_chunks()


def _split_texts(texts: pa.Array, known: dict[str, int]) -> tuple[Codes, Starts]:
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


def _codes_of_texts(pieces: Codes, counts: Starts, words: tuple[Codes, Starts]) -> tuple[Codes, Starts]:
    """Pieces of texts → the codes of their words, and how many words each text has."""
    codes, starts = words
    sizes = (starts[1:] - starts[:-1])[pieces]
    last = np.concatenate([[0], np.cumsum(sizes)])[np.cumsum(counts)]
    return codes[joined_ranges(starts[pieces], sizes)], np.diff(last, prepend=0)
