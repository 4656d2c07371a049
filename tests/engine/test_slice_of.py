"""What a selection asks of a corpus with collections that count and others."""

from datetime import date

import pytest

from analytics.analyses.article import article_standing
from analytics.corpus.loader import load_corpus
from analytics.engine.slice import Slice
from analytics.engine.slice_of import left_out_collections_text, slice_of, with_default_collections
from analytics.errors import SelectionError
from analytics.selection.selection import Selection, parse
from tests.corpora import write_records
from tests.corpus.repositories import commit, repository

DAY = "publishedDateTime"


@pytest.fixture
def corpus(tmp_path):
    days = [f"2024-01-{n + 1:02}T08:00:00Z" for n in range(12)]
    files = {f"_news/{n:02}.md": {DAY: day, "quality": 50 + n, "title": f"N{n}"} for n, day in enumerate(days)}
    files["_archive/a.md"] = {DAY: "2023-12-01T08:00:00Z", "quality": 99, "title": "A"}
    files |= {
        f"_people/{n}.md": {DAY: f"2025-06-0{n + 1}T08:00:00Z", "heat": 10 * n + 60, "title": f"P{n}"} for n in range(3)
    }
    files["_letters/x.md"] = {"title": "L"}
    return load_corpus(write_records(tmp_path, files), today=date(2025, 7, 1), cache=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "text", "n", "whole", "left_out"),
    [
        ("", "collection=archive&collection=news", 13, 13, "4 others in 2 collections: people 3, letters 1"),
        ("collection=news", "collection=news", 12, 13, "5 others in 3 collections: people 3, archive 1, letters 1"),
        ("collection=people", "collection=people", 3, 3, "14 others in 3 collections: news 12, archive 1, letters 1"),
        ("collection=news&collection=people", "collection=news&collection=people", 15, 15,
         "2 others in 2 collections: archive 1, letters 1"),
        ("collection=all", "collection=all", 17, 17, ""),
        ("collection=all&collection=news", "collection=all", 17, 17, ""),
        ("from=2024-01-10", "from=2024-01-10&collection=archive&collection=news", 3, 13,
         "4 others in 2 collections: people 3, letters 1"),
    ],
)  # fmt: skip
def test_what_is_asked_of_which_articles_is_said_in_the_selection(corpus, asked, text, n, whole, left_out):
    data = slice_of(corpus, parse(asked))
    assert (data.selection.text, data.n, data.whole.n, left_out_collections_text(data)) == (text, n, whole, left_out)
    again = slice_of(corpus, parse(text))
    assert (again.selection, again.n) == (data.selection, n)
    assert data.takes_all == (n == whole)


def test_a_collection_is_found_in_another_case_also_where_all_count(tmp_path):
    files = {f"_films/{n}.md": {"quality": 50} for n in range(4)} | {"posts/a.md": {"quality": 60}}
    data = slice_of(load_corpus(write_records(tmp_path, files), cache=False), parse("collection=FILMS"))
    assert (data.n, data.selection.collections, left_out_collections_text(data)) == (
        4,
        ("films",),
        "1 other in 1 collection: posts 1",
    )


def test_what_counts_on_an_earlier_day_is_what_counted_then(tmp_path):
    repo = repository(tmp_path)
    write_records(repo, {"_stories/a.md": {DAY: "2024-01-01", "quality": 50}, "_films/b.md": {DAY: "2024-01-02"}})
    commit(repo, "2024-02-01T12:00:00+00:00")
    (repo / "_stories").rename(repo / "_news")
    (repo / "_films" / "b.md").unlink()
    commit(repo, "2024-03-01T12:00:00+00:00")
    corpus = load_corpus(repo, cache=False)
    now, then = slice_of(corpus), slice_of(corpus, parse("as_of=2024-02-10"))
    assert (now.n, now.selection.collections) == (1, ())
    assert (then.n, then.selection.collections) == (1, ("stories",))
    assert left_out_collections_text(then) == "1 other in 1 collection: films 1"


def test_the_days_of_the_collections_that_count_are_not_those_of_the_others(corpus):
    assert (slice_of(corpus).whole.last_day, Slice(corpus).last_day) == (date(2024, 1, 12), date(2025, 6, 3))
    assert slice_of(corpus).span.end == date(2024, 1, 12)
    assert slice_of(corpus, parse("collection=people")).span.start == date(2025, 6, 1)


def test_a_corpus_whose_collections_all_count_is_asked_as_a_whole(tmp_path):
    corpus = load_corpus(
        write_records(tmp_path, {"_news/a.md": {"quality": 1}, "_video/b.md": {"quality": 2}}), cache=False
    )
    for asked in ("", "collection=all"):
        data = slice_of(corpus, parse(asked))
        assert (data.corpus is corpus, data.selection, data.n) == (True, Selection(), 2)
    data = slice_of(corpus, parse("collection=video"))
    assert (data.corpus is corpus, data.n, data.whole.n) == (True, 1, 2)
    assert left_out_collections_text(data) == "1 other in 1 collection: news 1"


def test_a_slice_of_some_collections_is_asked_for_no_others(corpus):
    data = slice_of(corpus)
    with pytest.raises(SelectionError, match="asks for collection people, but the corpus holds only archive, news"):
        data.with_selection(Selection(collections=("people",)))
    assert data.with_selection(Selection(start=date(2024, 1, 10))).selection.text.endswith(
        "collection=archive&collection=news"
    )
    assert data.facet("collection")["n"].tolist() == [12, 3, 1, 1]
    assert data.single("_people/1.md").article["title"].tolist() == ["P1"]


def test_collections_are_found_whatever_their_case(corpus):
    assert slice_of(corpus, parse("collection=People")).selection.text == "collection=people"
    assert slice_of(corpus, parse("collection=NEWS")).n == 12
    assert slice_of(corpus, parse("collection=podcasts")).n == 0


def test_in_words_and_narrowed(corpus):
    everything = parse("collection=all")
    assert everything.in_words() == "all collections"
    assert everything.narrowed([("collection", "news")]) == parse("collection=news")
    assert parse("collection=news").narrowed([("collection", "all")]) == parse("collection=news")
    assert with_default_collections(corpus, everything) == everything


def test_an_article_stands_among_its_own_collection(corpus):
    for asked in ("", "collection=people"):
        table = article_standing(slice_of(corpus, parse(asked)), "_news/03.md")
        assert table["label"].tolist() == ["January 2024", "all articles of news"]
        assert table["n"].tolist() == [12, 12]
        assert table["below"].tolist() == [3, 3]
    table = article_standing(Slice(corpus), "_people/2.md")
    own = table.loc[table["group"] == "corpus", ["label", "n", "below"]]
    assert own.to_numpy().tolist() == [["all articles of people", 3, 2]]
