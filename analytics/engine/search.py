"""Words looked for in titles and excerpts: literally and as whole words, whatever the case and the accents.

Text is folded so that every word stands between blanks; then a word or a phrase is a plain substring, and no sign has a
meaning of its own. In scripts that put no blanks between words every character counts as a word.
"""

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana and Chinese characters."""

_TOKEN = re.compile(rf"[^\W{_UNSPACED}]+|\S")
_ACCENT = re.compile("[\u0300-\u036f]+")
_TERM = re.compile(r'"([^"]*)"?|(\S+)')


def fold(text: str) -> str:
    """Text as it is compared: small letters without accents, every word and every other sign between two blanks."""
    plain = text.lower() if text.isascii() else _ACCENT.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return f" {' '.join(_TOKEN.findall(plain))} "


def terms(text: str) -> list[str]:
    """What a search asks for, folded: words, prefixes (`grid*`) and phrases ("in quotation marks")."""
    found = []
    for phrase, word in _TERM.findall(text):
        prefix = len(word) > 1 and word.endswith("*")
        term = fold(phrase or (word[:-1] if prefix else word))
        if term.strip():
            found.append(term.rstrip() if prefix else term)
    return list(dict.fromkeys(found))


def folded(*columns: pd.Series) -> pa.ChunkedArray:
    """The texts of some columns, folded and joined row by row, with a line break that no search crosses."""
    rows: Iterable[tuple[object, ...]] = zip(*columns, strict=True)
    texts = ["\n".join(fold(text) if isinstance(text, str) else "" for text in row) for row in rows]
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def holds(text: pa.ChunkedArray, term: str) -> pa.ChunkedArray:
    """Which folded texts hold a folded term."""
    return pc.match_substring(text, term)
