"""Stories: the articles that tell one event, and what is none."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analytics.engine import stories
from analytics.engine.encoded import encode
from analytics.engine.stories import story_numbers
from tests.corpora import article, part_of, real_corpus

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
