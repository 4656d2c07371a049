"""Pages of articles, topic pairs, words and sub-topics."""

from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given

from analytics.corpus.loader import load_corpus
from analytics.engine.search import parse_search_text
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests import corpora
from tests.corpora import article, corpus_of, part_of, selections
from tests.plain import chosen, records_of

THREE = [
    article(at="2024-01-01", quality=50, heat=58, published=False, topics=["A", "B"]),
    article(at="2024-01-03", quality=80, heat=-1, published=True, topics=["B", "A", "C"]),
    article(at="2024-01-02", quality=80, heat=83, published=True, topics=["A"]),
    article(),
]


def test_rows_are_sorted_and_what_is_missing_comes_last() -> None:
    data = part_of(THREE)
    assert data.rows("lift")["lift"].fillna(-99).tolist() == [8, 3, -99, -99]
    assert data.rows("lift", descending=False)["lift"].fillna(-99).tolist() == [3, 8, -99, -99]
    assert data.rows("quality")["quality"].fillna(-99).tolist() == [80, 80, 50, -99]
    assert data.rows("day", limit=1)["published_at"].dt.date.tolist() == [date(2024, 1, 3)]


def test_rows_come_in_pages() -> None:
    data = part_of(THREE)
    paths = data.rows("quality")["path"].tolist()
    pages = [data.rows("quality", offset=at, limit=1)["path"].tolist() for at in range(5)]
    assert [path for page in pages for path in page] == paths
    assert data.rows()["path"].tolist() == sorted(paths)


def test_rows_can_be_narrowed() -> None:
    data = part_of(THREE)
    assert data.rows("quality", quality=(50, 79))["quality"].tolist() == [50]
    assert data.rows("quality", states=["published"])["quality"].tolist() == [80, 80]
    assert data.rows("lift", lifted=True)["lift"].tolist() == [8, 3]


def test_topic_pairs_count_articles() -> None:
    pairs = part_of(THREE).topic_pairs()
    assert [tuple(row) for row in pairs.itertuples(index=False)] == [("A", "B", 2), ("A", "C", 1), ("B", "C", 1)]


@pytest.mark.slow
@given(corpora.articles(), selections())
def test_topic_pairs_are_those_of_a_loop(articles, selection) -> None:
    expected: dict[tuple[str, str], int] = {}
    for item in chosen(records_of(articles), selection):
        for pair in combinations(sorted(set(item.topics)), 2):
            expected[pair] = expected.get(pair, 0) + 1
    pairs = Slice(corpus_of(articles), selection).topic_pairs()
    assert {(a, b): n for a, b, n in pairs.itertuples(index=False)} == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("solar", [" solar "]),
        ("Solar  GRID solar", [" solar ", " grid "]),
        ('"heat  pump" river', [" heat pump ", " river "]),
        ('half "open end', [" half ", " open end "]),
        ('"" " "', []),
        (".* (a|b) * c++", [" .", " ( a | b ) ", " * ", " c + + "]),
        ('grid* "grid*"', [" grid", " grid * "]),
        ("Ｆｕｌｌ Élan", [" full ", " elan "]),
        ("東京", [" 東 京 "]),
    ],
)
def test_words_and_phrases(text: str, found: list[str]) -> None:
    assert parse_search_text(text) == found


def corpus_with_titles(folder: Path, *titles: tuple[str, str]) -> Slice:
    for place, (title, excerpt) in enumerate(titles):
        text = f"---\ntitle: {title}\nexcerpt: {excerpt}\ntopics: [T{place}]\n---\n"
        (folder / f"2024-01-0{place + 1}-a.md").write_text(text)
    return Slice(load_corpus(folder))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("ÉLAN", [1]),
        ("elan", [1]),
        ("vita", []),
        ("vita*", [1]),
        ("vital by", [1]),
        ('"vital by"', []),
        ("c++", [2]),
        ("river", [1, 2]),
        ("river élan", [1]),
        ('"a river"', [1]),
        ("riv.r", []),
        ("nothing", []),
    ],
)
def test_words_are_looked_for_literally_in_title_and_excerpt(text: str, paths: list[int], tmp_path: Path) -> None:
    data = corpus_with_titles(tmp_path, ("Élan vital", "by a river"), ("On C++", "River, river"))
    left = Slice(data.corpus, Selection(words=text)).articles["path"]
    assert left.tolist() == [f"2024-01-0{n}-a.md" for n in paths]


def test_a_topic_stands_for_its_sub_topics_when_asked(tmp_path: Path) -> None:
    data = corpus_with_titles(tmp_path, ("a", "a"), ("b", "b"), ("c", "c"), ("d", "d"))
    topics = tmp_path / "_data/topics"
    topics.mkdir(parents=True)
    for name, parent in (("T1", "T0"), ("T2", "T1"), ("T0", "T2"), ("T3", "Other")):  # a circle does no harm
        (topics / f"{name}.yaml").write_text(f"name: {name}\nparent: {parent}\n")
    corpus = load_corpus(tmp_path)
    assert Slice(corpus, Selection(topics=("T0",))).n == 1
    assert Slice(corpus, Selection(topics=("T0",), subtopics=True)).n == 3
    assert Slice(corpus, Selection(topics_none=("T1",), subtopics=True)).n == 1
    assert Slice(corpus, Selection(topics=("Other",), subtopics=True)).n == 1
    assert data.n == 4
