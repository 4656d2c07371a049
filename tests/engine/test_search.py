"""Words, prefixes and phrases against a plain loop over the characters."""

import unicodedata
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.engine.search import folded_between_blanks, hit_positions, index_words, parse_search_text, relevance
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import article, corpus_of

UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x30FF), (0x31F0, 0x31FF))
UNSPACED += ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))

KEYBOARD = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"}


class Word(NamedTuple):
    """A folded word or sign, and for each of its letters the stretch of the text that it comes from."""

    text: str
    stretches: tuple[tuple[int, int], ...]


class Asked(NamedTuple):
    """One thing looked for: `word`, `prefix` or `phrase`."""

    kind: str
    text: str

    def __str__(self) -> str:
        return {"word": self.text, "prefix": f"{self.text}*", "phrase": f'"{self.text}"'}[self.kind]


def letters(text: str) -> list[tuple[str, tuple[int, int]]]:
    """The folded letters of a text, each with its stretch: a character and the marks on it."""
    groups: list[list[int]] = []
    for place, sign in enumerate(text):
        folded = unicodedata.normalize("NFKD", sign.casefold())
        if groups and unicodedata.combining(folded[0]):
            groups[-1].append(place)
        else:
            groups.append([place])
    found = []
    for group in groups:
        start, end = group[0], group[-1] + 1
        on_keyboard = "".join(KEYBOARD.get(sign, sign) for sign in text[start:end])
        for letter in unicodedata.normalize("NFKD", on_keyboard.casefold()):
            if not 0x300 <= ord(letter) <= 0x36F:
                found.append((letter, (start, end)))
    return found


def words_of(text: str) -> list[Word]:
    """The words of a text: letters and digits that stand together; any other sign is a word of its own."""
    words: list[Word] = []
    inside = False
    for letter, stretch in letters(text):
        joins = letter.isalnum() or letter == "_"
        joins = joins and not any(low <= ord(letter) <= high for low, high in UNSPACED)
        if joins and inside:
            words[-1] = Word(words[-1].text + letter, (*words[-1].stretches, stretch))
        elif not letter.isspace():
            words.append(Word(letter, (stretch,)))
        inside = joins
    return words


def found_at(text: str, asked: Asked) -> list[tuple[int, int]]:
    """Where something is in a text: start and end of each place, overlapping ones too."""
    have, want = words_of(text), [word.text for word in words_of(asked.text)]
    found = []
    for first in range(len(have) - len(want) + 1) if want else ():
        here = have[first : first + len(want)]
        *whole, last = [word.text for word in here]
        if whole == want[:-1] and (last.startswith(want[-1]) if asked.kind == "prefix" else last == want[-1]):
            found.append((here[0].stretches[0][0], here[-1].stretches[len(want[-1]) - 1][1]))
    return found


def marked(text: str, asked: list[Asked]) -> set[int]:
    """The places of the characters that are hit."""
    return {place for each in asked for start, end in found_at(text, each) for place in range(start, end)}


ALPHABETS = (
    "abab ",
    "aeéÉe\u0301\u0301 ",
    "sSßﬁfi² ",
    "ΣςσİiI ",
    "東京カﾞか\u3099a ",
    "שלहिไท€ ",
    ".*+?a() ",
    "[]{}|^$\\/a ",
    "-–'’“”_a \u00a0\n\u200d ",
)
"""Few letters each, so that what is looked for is often there."""


@st.composite
def cases(draw: st.DrawFn, *, most: int = 4) -> tuple[list[tuple[str | None, str | None]], list[Asked]]:
    """Titles and excerpts, and what is looked for in them."""
    alphabet = draw(st.sampled_from(ALPHABETS))
    texts = st.none() | st.text(alphabet, max_size=10) | st.text(alphabet, max_size=10)
    piece = st.text("".join(alphabet.split()), min_size=1, max_size=2)
    phrase = st.lists(piece, min_size=1, max_size=3).map(lambda some: Asked("phrase", " ".join(some)))
    one = st.builds(Asked, st.sampled_from(["word", "prefix"]), piece).filter(means_itself) | phrase
    return draw(st.lists(st.tuples(texts, texts), max_size=most)), draw(st.lists(one, min_size=1, max_size=3))


def means_itself(asked: Asked) -> bool:
    """A word that ends with a star would be a prefix."""
    return asked.kind == "prefix" or len(asked.text) == 1 or asked.text[-1] != "*"


RULES = {"words": all, "words_any": any, "words_none": lambda some: not any(some)}


def meaning(asked: list[Asked]) -> list[Asked]:
    """What is looked for at all: no mark without a letter is."""
    return [each for each in asked if words_of(each.text)]


def folded(asked: list[Asked]) -> list[str]:
    return parse_search_text(" ".join(map(str, asked)))


@pytest.mark.parametrize(
    ("text", "typed"),
    [("What’s new", "what's"), ("GPT‑4", "GPT-4"), ("co\u00adoperation", "cooperation"), ("a\u200bb", "ab")],
)
def test_typographic_signs_are_those_of_a_keyboard_and_unseen_ones_are_none(text, typed):
    (term,) = parse_search_text(typed) if len(parse_search_text(typed)) == 1 else parse_search_text(f'"{typed}"')
    assert index_words(pd.Series([text], dtype="str")).found(term).tolist() == [[True]]
    assert hit_positions(text, [term]) != []


@pytest.mark.slow
@given(cases())
@settings(max_examples=300)
@example(([("Élan", None), (None, "e\u0301lan"), ("elan", "x")], [Asked("word", "ÉLAN")]))
@example(([("a b", "c"), ("a", "b c"), ("c a", "b")], [Asked("phrase", "a b")]))
@example(([], [Asked("word", "a")]))
def test_the_index_finds_what_a_loop_finds(case):
    rows, asked = case
    titles, excerpts = zip(*rows, strict=True) if rows else ((), ())
    index = index_words(pd.Series(titles, dtype="str"), pd.Series(excerpts, dtype="str"))
    for each in meaning(asked):
        (term,) = folded([each])
        expected = [[bool(found_at(text or "", each)) for text in column] for column in (titles, excerpts)]
        assert index.found(term).tolist() == expected


@pytest.mark.slow
@given(cases(most=1))
@settings(max_examples=300)
@example(([("a\u0301b Straße ﬁn", "")], [Asked("word", "ab"), Asked("prefix", "stras"), Asked("prefix", "f")]))
@example(([("東京都の東京", "")], [Asked("phrase", "京都"), Asked("word", "東京")]))
def test_hits_are_those_of_a_loop(case):
    rows, asked = case
    text = next((f"{title} {excerpt}" for title, excerpt in rows), "")
    found = hit_positions(text, folded(asked))
    assert {place for start, end in found for place in range(start, end)} == marked(text, asked)
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(st.text(max_size=20), st.data())
def test_hits_are_there_when_the_folded_text_holds_the_term(text, data):
    """For any text at all: each word that it has is hit, and what is hit holds it."""
    for word in data.draw(st.sampled_from([folded_between_blanks(text).split()[:3], ["zz", "ab"]])):
        found = hit_positions(text, [f" {word} "])
        assert bool(found) == (f" {word} " in folded_between_blanks(text))
        assert all(0 <= start < end <= len(text) for start, end in found)
        assert all(word in folded_between_blanks(text[start:end]) for start, end in found)


@pytest.mark.parametrize(
    ("text", "query", "parts"),
    [
        ("Solar grid, solar GRIDLOCK", "solar grid*", ["Solar", "grid", "solar", "GRID"]),
        ("An e\u0301lan, an élan", "elan", ["e\u0301lan", "élan"]),
        ("Die Straße", "STRASSE", ["Straße"]),
        ("The ﬁrst ﬁre", "f*", ["ﬁ", "ﬁ"]),
        ("東京都知事", "京都", ["京都"]),
        ("東京都知事", "東京 都", ["東京都"]),
        ("C++ or C? (C)", "c++", ["C++"]),
        ('He said: "a  b" a-b', '"a b"', ["a  b"]),
        ("a.b a*b", "a.b", ["a.b"]),
        ("x x x", '"x x"', ["x x x"]),
        ("nothing", "", []),
        ("", "x", []),
    ],
)
def test_hits_in_the_original_text(text: str, query: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in hit_positions(text, parse_search_text(query))] == parts


@pytest.mark.slow
@given(cases(), st.sampled_from(["words", "words_any", "words_none"]))
def test_a_search_leaves_what_a_loop_leaves(case, data):
    rows, asked = case
    articles = [replace(article(), fields={"title": title, "excerpt": excerpt}) for title, excerpt in rows]
    corpus = corpus_of(articles)
    selection = Selection(**{data: " ".join(map(str, asked))})
    expected = {}
    for path, *both in corpus.articles[["path", "title", "excerpt"]].itertuples(index=False):
        held = {
            folded([each])[0]: [not pd.isna(text) and bool(found_at(text, each)) for text in both]
            for each in meaning(asked)
        }
        if not held or RULES[data](any(places) for places in held.values()):
            score = sum(10 * in_title + in_excerpt for in_title, in_excerpt in held.values())
            expected[path] = score if held and data != "words_none" else None
    found = Slice(corpus, selection).listing("title")
    scores = [None if pd.isna(score) else score for score in found["relevance"]]
    assert dict(zip(found["path"], scores, strict=True)) == expected


def test_relevance_counts_different_words_and_those_of_the_title_ten_times() -> None:
    asked = parse_search_text('solar gr* "the sun"')
    assert relevance("Solar solar grid", "no", asked) == 20
    assert relevance("Solar", "Solar under the sun, the grid", asked) == 13
    assert relevance("", "", asked) == 0


def test_the_index_holds_no_text_together_that_is_not() -> None:
    """Neither the end of a title and its excerpt, nor one title and the next."""
    index = index_words(pd.Series(["a b", "c d"]), pd.Series(["e", "f"]))
    for phrase in (" b c ", " b e ", " d e ", " e f "):
        assert not index.found(phrase).any()
    assert index.found(" a b ").tolist() == [[True, False], [False, False]]


def test_the_index_takes_long_columns_apart_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.engine.search.TEXTS_AT_ONCE", 3)
    titles = [f"n{number} grid" if number % 3 else None for number in range(8)]
    index = index_words(pd.Series(titles, dtype="str"))
    assert index.found(" grid ").tolist() == [[title is not None for title in titles]]
    assert index.found(" n7 grid ").tolist() == [[number == 7 for number in range(8)]]
