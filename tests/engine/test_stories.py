"""Stories: the articles that tell one event, and what is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.corpus.loader import load_corpus
from analytics.engine import stories
from analytics.engine.encoded import encode
from analytics.engine.slice import Slice
from analytics.engine.slice_of import slice_of
from analytics.engine.stories import story_numbers
from analytics.selection.selection import Selection, parse
from tests.corpora import article, corpus_of, part_of, real_corpus, selections, write_records
from tests.corpus.repositories import commit, repository

LEAK = "Grid operator leaks 38 million meter readings"


def told(*articles: tuple[str | None, int | None]) -> list[int]:
    """The story of each of some headlines with their days."""
    days = np.array([0 if day is None else day for _, day in articles])
    dated = np.array([day is not None for _, day in articles])
    return story_numbers([title for title, _ in articles], days, dated).tolist()


@pytest.mark.parametrize(
    ("articles", "expected"),
    [
        ([(LEAK, 5), ("Meter readings of 38 million homes found on a beach", 3)], [0, 1]),
        ([(LEAK, 5), ("Grid Operator LEAKS 38 Million Meter Readings, regulator says", 3)], [0, 0]),
        ([(LEAK, 0), (LEAK, 7), (LEAK, 15)], [0, 0, 2]),
        ([(LEAK, 0), (LEAK.replace("38", "12"), 1)], [0, 1]),
        ([(LEAK, None), (LEAK, 1), (LEAK, None), (None, 1), ("", 1)], [0, 1, 2, 3, 4]),
        ([("Storm warning", 0), ("Storm warning", 0), ("Storm warning for the coast", 0)], [0, 1, 2]),
        ([], []),
    ],
    ids=["other words", "more words", "window", "other numbers", "undated and untitled", "too short", "nothing"],
)
def test_one_story(articles: list[tuple[str | None, int | None]], expected: list[int]) -> None:
    assert told(*articles) == expected


def test_a_series_is_not_one_story() -> None:
    """What comes again every week breaks up into stories of four weeks."""
    found = told(*((LEAK, 7 * week) for week in range(12)))
    assert max(found.count(story) for story in found) == stories.LONGEST // 7 + 1
    assert len(set(found)) > 2


def test_words_that_are_in_many_headlines_make_no_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "RARE_COUNT", 2)
    assert told(*[(LEAK, 0)] * 3) == [0, 1, 2]
    assert told(*[(LEAK, 0)] * 2) == [0, 0]


def test_tally_by_story() -> None:
    listed = [article(title=LEAK, at="2024-01-03"), article(title="Another day"), article(title=LEAK, at="2024-01-04")]
    assert part_of(listed).tally("story", "week").to_numpy().tolist()[1][0] == 1
    assert part_of(listed).tally("story")[["story", "n"]].to_numpy().tolist() == [[0, 2], [1, 1]]


OTHER = "Harbour pilots strike over night shifts"
DOUBLE = [
    article(title=LEAK, at="2024-01-03T09:00:00Z", quality=80),  # the second
    article(title=OTHER, at="2024-01-05T10:00:00Z", quality=80),  # at the same time as the next
    article(title=OTHER, at="2024-01-05T11:00:00+01:00", quality=70),
    article(title=LEAK, at="2024-01-02T22:00:00-02:00", quality=70),  # the first: on 3 January at 0:00 UTC
    article(title=LEAK, at=None, quality=60),  # without a date in no story
    article(title="One more", at="2024-01-04", quality=60),
]
FIRSTS = ["_news/0001.md", "_news/0003.md", "_news/0004.md", "_news/0005.md"]


def first_paths(data: Slice) -> list[str]:
    return data.articles["path"].tolist()


def test_the_first_of_each_story_is_the_earliest_then_by_path() -> None:
    once = part_of(DOUBLE, first_of_story=True)
    assert first_paths(once) == FIRSTS
    assert once.n == part_of(DOUBLE).stories.nunique() == once.stories.nunique() == 4
    assert not once.takes_all
    assert once.tally("quality")[["quality", "n"]].to_numpy().tolist() == [[60, 2], [70, 1], [80, 1]]
    assert part_of(DOUBLE).n == part_of(DOUBLE, first_of_story=False).n == 6


def test_which_article_is_first_is_not_settled_within_the_selection() -> None:
    """The leak of which the first article has 70 points is left out where 80 are asked for."""
    assert first_paths(part_of(DOUBLE, first_of_story=True, quality_min=80)) == ["_news/0001.md"]
    assert first_paths(part_of(DOUBLE, first_of_story=True, words_none="leaks")) == ["_news/0001.md", "_news/0005.md"]


def test_a_corpus_without_articles_has_no_first() -> None:
    assert part_of([], first_of_story=True).n == 0


def test_facets_count_the_first_articles() -> None:
    rows = [replace(each, fields=each.fields | {"type": f"t{place}"}) for place, each in enumerate(DOUBLE)]
    data = part_of(rows, first_of_story=True)
    assert data.facet("type")[["label", "n"]].to_numpy().tolist() == [["t1", 1], ["t3", 1], ["t4", 1], ["t5", 1]]
    assert data.facet("collection")[["label", "n"]].to_numpy().tolist() == [["news", 4]]


moments = st.none() | st.sampled_from(["2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "1969-12-31", "2024-01-02"])


@given(st.lists(st.tuples(moments, st.integers(0, 3)), max_size=12))
def test_the_first_of_each_story_is_that_of_a_loop(told_at: list[tuple[str | None, int]]) -> None:
    """Whatever the stories are, also of articles without a date."""
    corpus = corpus_of([article(at=at) for at, _ in told_at])
    encoded = replace(encode(corpus), masks={}, sort_keys={})
    vars(encoded)["_stories"] = np.array([story for _, story in told_at], dtype="int64")
    rows = corpus.articles[["path", "published_at"]].assign(story=encoded.stories).to_dict("records")
    by_story: dict[int, list[dict[Any, Any]]] = {}
    for row in rows:
        by_story.setdefault(row["story"], []).append(row)
    expected = {
        min(each, key=lambda row: (pd.isna(row["published_at"]), str(row["published_at"]), row["path"]))["path"]
        for each in by_story.values()
    }
    assert set(corpus.articles["path"][encoded.first_of_story]) == expected


titles = st.sampled_from([LEAK, OTHER, f"Update: {LEAK}", None])


@pytest.mark.slow
@given(
    st.lists(st.tuples(titles, st.none() | st.dates(date(2023, 12, 20), date(2024, 1, 12))), max_size=10), selections()
)
def test_the_filter_narrows_any_selection_to_the_first_articles(
    listed: list[tuple[str | None, date | None]], selection: Selection
) -> None:
    corpus = corpus_of([article(title=title, at=str(day) if day else None) for title, day in listed])
    whole = Slice(corpus, Selection(first_of_story=True))
    assert whole.n == Slice(corpus).stories.nunique()
    both = {*first_paths(whole)} & {*first_paths(Slice(corpus, selection))}
    assert first_paths(Slice(corpus, replace(selection, first_of_story=True))) == sorted(both)


def record(day: str, **more: object) -> dict[str, object]:
    return {"title": LEAK, "publishedDateTime": f"{day}T08:00:00Z"} | more


def test_as_of_a_day_the_first_is_that_of_the_articles_of_then(tmp_path: Path) -> None:
    repo = repository(tmp_path)
    write_records(repo, {"b.md": record("2024-01-03"), "c.md": record("2024-01-04")})
    commit(repo, "2024-02-01T12:00:00+00:00")
    write_records(repo, {"a.md": record("2024-01-02")})
    commit(repo, "2024-03-01T12:00:00+00:00")
    corpus = load_corpus(repo, cache=False)
    assert first_paths(slice_of(corpus, parse("first_of_story=true"))) == ["a.md"]
    assert first_paths(slice_of(corpus, parse("first_of_story=true&as_of=2024-02-10"))) == ["b.md"]


def test_the_first_is_that_of_the_collections_that_count(tmp_path: Path) -> None:
    """An earlier copy in a collection that is left out does not take the story away; one in a part of those does."""
    files = {
        "_films/a.md": record("2024-01-01"),
        "_archive/b.md": record("2024-01-02", quality=50),
        "_news/c.md": record("2024-01-03", quality=50),
    }
    corpus = load_corpus(write_records(tmp_path, files), cache=False)
    assert first_paths(slice_of(corpus, parse("first_of_story=true"))) == ["_archive/b.md"]
    assert first_paths(slice_of(corpus, parse("first_of_story=true&collection=all"))) == ["_films/a.md"]
    assert first_paths(slice_of(corpus, parse("first_of_story=true&collection=news"))) == []


@pytest.mark.shared
def test_the_leak_of_august_2021_is_one_story(shared: Callable[[str], Path]) -> None:
    corpus = real_corpus(shared("powerapps"))
    found = encode(corpus).stories
    sizes = np.bincount(found)
    largest = corpus.articles[found == sizes.argmax()]
    assert sizes.max() >= 21
    assert largest["published_at"].dt.strftime("%Y-%m").unique().tolist() == ["2021-08"]
    assert largest["title"].str.contains("Power Apps").all()
    assert np.sort(sizes)[-2] <= 5
