"""Pages of articles in an order, against plain loops and sorts."""

import unicodedata
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.engine.encoded import MISSING
from analytics.engine.listing import LISTING, SORTS, page_of_rows
from analytics.engine.slice import Slice, warm_up
from analytics.errors import AnalyticsError
from analytics.selection.selection import Selection
from tests.corpora import article, articles, corpus_of, part_of, paths_of, selections
from tests.plain import chosen, records_of

TITLES = (None, "Élan", "elan vital", "Zebra", "apple", '"Quoted" apple', "東京", "2024 in review", "ΣΟΦΙΑ", "...")


def shown(text: str) -> str:
    """A text as it is sorted: letters and digits alone, small, without marks."""
    plain = unicodedata.normalize("NFKD", text).lower()
    signs = [sign if unicodedata.category(sign)[0] in "LN" else " " for sign in plain if not is_mark(sign)]
    return " ".join("".join(signs).split())


def is_mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M"


def in_order(items, value, *, descending):
    """Sorted by a value, ties by path, without a value last."""
    known = sorted((item for item in items if value(item) is not None), key=lambda item: item.path)
    rest = sorted((item for item in items if value(item) is None), key=lambda item: item.path)
    return [*sorted(known, key=value, reverse=descending), *rest]


def values(titles, related, problems):
    """Sort key → the value of a record."""

    def title(item):
        return titles[item.path] and shown(titles[item.path])

    return {
        "published_at": lambda item: item.at,
        "title": title,
        "provider": lambda item: item.provider and shown(item.provider),
        "type": lambda item: item.kind,
        "quality": lambda item: item.quality,
        "heat": lambda item: item.heat,
        "lift": lambda item: item.lift,
        "related_count": lambda item: related[item.path],
        "problems": lambda item: problems[item.path],
        "relevance": lambda _: None,
    }


@pytest.mark.slow
@given(
    listed=articles(),
    titled=st.lists(st.tuples(st.sampled_from(TITLES), st.integers(0, 2)), min_size=12, max_size=12),
    some=selections(),
    sorts=st.lists(st.sampled_from(SORTS), min_size=4, max_size=4, unique=True),
    descending=st.booleans(),
    at=st.tuples(st.integers(0, 4), st.integers(0, 6)),
)
def test_a_listing_is_that_of_a_loop(listed, titled, some, sorts, descending, at):
    story = {"title": "A story", "webUrl": "https://a.example/1"}
    extra = [{"title": title, "related": [story] * n or None} for title, n in titled]
    full = [replace(one, fields=one.fields | more) for one, more in zip(listed, extra, strict=False)]
    corpus, records = corpus_of(full), records_of(full)
    titles = {path: one.fields["title"] for path, one in zip(paths_of(full), full, strict=True)}
    related = {path: len(one.fields["related"] or []) for path, one in zip(paths_of(full), full, strict=True)}
    problems = Counter(corpus.problems["path"])
    keys = values(titles, related, problems)
    for selection in (Selection(), some):
        data, items = Slice(corpus, selection), chosen(records, selection)
        for sort in sorts:
            expected = [item.path for item in in_order(items, keys[sort], descending=descending)]
            page = data.listing(sort, descending=descending, offset=at[0], limit=at[1])
            assert page["path"].tolist() == expected[at[0] : at[0] + at[1]], sort
        table = data.listing(sort, descending=descending)
        assert table["path"].tolist() == expected
        LISTING.check(table)
        by_path = {item.path: item for item in items}
        for row in table.astype("object").where(table.notna(), None).to_dict("records"):
            item = by_path[row["path"]]
            assert (row["quality"], row["heat"], row["lift"]) == (item.quality, item.heat, item.lift)
            assert (row["state"], row["heat_state"], row["type"]) == (item.state, item.heat_state, item.kind)
            assert (row["provider"], row["title"]) == (item.provider, titles[item.path])
            assert row["topics"] == ("; ".join(item.topics) or None)
            assert (row["related_count"], row["problems"]) == (related[item.path], problems[item.path])
            assert (row["published_at"], row["relevance"]) == (item.at, None)


def test_titles_are_sorted_whatever_the_case_the_accents_and_the_quotation_marks() -> None:
    titles = ["zebra", "Eiger", "Élan", "apple", '"Apple pie"', "Zebras", "elan vital", "東京"]
    data = Slice(corpus_of([replace(article(), fields={"title": title}) for title in titles]))
    found = data.listing("title", descending=False)["title"].tolist()
    assert found == ["apple", '"Apple pie"', "Eiger", "Élan", "elan vital", "zebra", "Zebras", "東京"]


@pytest.mark.parametrize("sort", ["provider", "type", "published_at", "quality"])
def test_what_is_missing_comes_last_both_ways(sort: str) -> None:
    data = part_of([article(), article(provider="A", kind="video", at="2024-01-01", quality=5)])
    for descending in (True, False):
        assert data.listing(sort, descending=descending)[sort].isna().tolist() == [False, True]


def test_relevance_comes_first_then_the_newest_then_the_path() -> None:
    days = ["2024-01-01", "2024-01-03", "2024-01-02", "2024-01-02", None, "2024-01-04"]
    texts = [("solar", "x"), ("x", "solar"), ("x", "solar"), ("x", "solar"), ("y", "solar"), ("x", "wind")]
    listed = [
        replace(article(at=day), fields=article(at=day).fields | {"title": title, "excerpt": excerpt})
        for day, (title, excerpt) in zip(days, texts, strict=True)
    ]
    corpus = corpus_of(listed)
    table = Slice(corpus, Selection(words="solar")).listing("relevance")
    assert [path[-4] for path in table["path"]] == ["0", "1", "2", "3", "4"]
    assert table["relevance"].tolist() == [10, 1, 1, 1, 1]
    rising = Slice(corpus, Selection(words_any="solar nothing")).listing("relevance", descending=False)
    assert [path[-4] for path in rising["path"]] == ["4", "2", "3", "1", "0"]
    both = Slice(corpus, Selection(words="solar", words_any="solar x")).listing("relevance", limit=1)
    assert both["relevance"].tolist() == [11]
    assert Slice(corpus, Selection(words_none="wind")).listing("relevance")["relevance"].isna().all()


def test_nothing_is_listed_of_nothing() -> None:
    for data in (part_of([]), part_of([article()], words="nothing")):
        for sort in SORTS:
            table = data.listing(sort, limit=5)
            LISTING.check(table)
            assert table.empty


def test_what_no_listing_knows_is_refused() -> None:
    with pytest.raises(AnalyticsError, match="cannot be sorted by 'excerpt', only by published_at, title"):
        part_of([article()]).listing("excerpt")


@given(
    st.lists(st.just(MISSING) | st.integers(-3, 3) | st.just(2**40), max_size=30),
    st.booleans(),
    st.integers(0, 35),
    st.none() | st.integers(0, 35),
)
def test_a_page_is_that_of_a_sort(keys, descending, offset, limit):
    places = np.arange(len(keys)) * 3
    whole = sorted(
        (key == MISSING, -key if descending else key, place) for key, place in zip(keys, places, strict=True)
    )
    page = whole[offset : None if limit is None else offset + limit]
    found = page_of_rows(places, np.array(keys, dtype="int64"), descending=descending, offset=offset, limit=limit)
    assert found.tolist() == [place for _, _, place in page]


def test_what_was_prepared_answers_the_same(sample) -> None:
    fresh = replace(sample)
    warm_up(fresh)
    for sort in ("title", "problems"):
        one, other = (Slice(corpus, Selection(words="solar")).listing(sort) for corpus in (fresh, sample))
        pd.testing.assert_frame_equal(one, other)
