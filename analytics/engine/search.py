"""Words looked for in titles and excerpts: literally and as whole words, whatever the case and the accents.

Text is folded so that every word stands between blanks; then a word or a phrase is a plain substring, and no sign has a
meaning of its own. In scripts that put no blanks between words every character counts as a word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana and Chinese characters."""

_TOKEN = re.compile(rf"[^\W{_UNSPACED}]+|\S")
_ACCENT = re.compile("[\u0300-\u036f]+")
_TERM = re.compile(r'"([^"]*)"?|(\S+)')


def fold(text: str) -> str:
    """Text as it is compared: small letters without accents, every word and every other sign between two blanks."""
    return f" {' '.join(tokens(text))} "


def tokens(text: str) -> list[str]:
    """The folded words and other signs of a text."""
    return _TOKEN.findall(_plain(text))


def _plain(text: str) -> str:
    return text.lower() if text.isascii() else _ACCENT.sub("", unicodedata.normalize("NFKD", text.casefold()))


def terms(text: str) -> list[str]:
    """What a search asks for, folded: words, prefixes (`grid*`) and phrases ("in quotation marks")."""
    found = []
    for phrase, word in _TERM.findall(text):
        prefix = len(word) > 1 and word.endswith("*")
        term = fold(phrase or (word[:-1] if prefix else word))
        if term.strip():
            found.append(term.rstrip() if prefix else term)
    return list(dict.fromkeys(found))


def hits(text: str, asked: Sequence[str]) -> list[tuple[int, int]]:
    """Where folded terms hit a text: start and end of each stretch of the original characters, in order, apart.

    A character that folds to several, or that carries marks, is hit as a whole. Stretches that touch are one.
    """
    plain, spans = _folded_with_spans(text)
    found = sorted(span for term in asked for span in _spans(plain, spans, term))
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
    """A text as `fold` gives it, and for each of its characters the stretch of the original that it came from."""
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


def relevance(title: str, excerpt: str, asked: Sequence[str]) -> int:
    """How well an article fits some folded terms: different terms in the title, ten times those in the excerpt."""
    texts = [(fold(title), TITLE_WEIGHT), (fold(excerpt), 1)]
    return sum(weight for term in asked for text, weight in texts if term in text)
