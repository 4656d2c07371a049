"""A slice knows the history of its own articles."""

from datetime import date
from pathlib import Path

import pytest

from analytics.corpus.loader import load_corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.history.as_of import corpus_for
from analytics.history.history_tables import CHANGES
from analytics.history.loader import load_history
from analytics.selection.selection import Selection
from tests.corpus.repositories import article, repository, write

AT, LATER = "2024-01-01T12:00:00+00:00", "2024-01-03T00:00:00+00:00"


@pytest.fixture
def data(tmp_path: Path) -> Slice:
    """Two articles of now, the first of which was another outlet's before, and one without an outlet."""
    root = repository(tmp_path / "site")
    bare = "---\ntitle: x\nquality: 90\n---\n"
    write(root, {"a.md": article(20, domain="b.example"), "b.md": article(70), "c.md": bare}, AT)
    write(root, {"a.md": article(70, title="Wind"), "b.md": article(71)}, LATER)
    return Slice(load_corpus(root, cache=False), side_data=SideData(history=load_history(root, cache=False)))


def as_of(data: Slice, selection: Selection) -> Slice:
    return Slice(corpus_for(data.corpus, selection), selection, data.side_data)


def told(data: Slice) -> list[tuple[str, str, int]]:
    CHANGES.check(data.history.changes)
    rows = data.history.changes.fillna({"heat": 0})
    return list(zip(rows["path"], rows["kind"], rows["heat"], strict=True))


def test_everything_belongs_to_the_whole_corpus(data: Slice) -> None:
    assert told(data) == [
        ("a.md", "appeared", 20),
        ("b.md", "appeared", 70),
        ("c.md", "appeared", 0),
        ("a.md", "removed", 20),
        ("a.md", "appeared", 70),
        ("b.md", "changed", 71),
    ]
    assert data.history is data.side_data.history


def test_a_selection_has_the_lives_of_its_articles(data: Slice) -> None:
    chosen = data.with_selection(Selection(words="wind"))
    assert told(chosen) == [("a.md", "appeared", 70)]
    assert len(chosen.history.commits) == 2
    assert told(data.with_selection(Selection(quality_min=80))) == [("c.md", "appeared", 0)]
    assert told(data.with_selection(Selection(words="nothing"))) == []


@pytest.mark.slow
def test_as_of_a_day_the_history_ends_with_it(data: Slice) -> None:
    for day, commits in ((1, 1), (2, 1), (3, 2)):
        then = as_of(data, Selection(as_of=date(2024, 1, day)))
        assert len(then.history.commits) == commits
        assert len(told(then)) == (3, 6)[commits - 1]
    assert told(as_of(data, Selection(as_of=date(2024, 1, 2), words="wind"))) == []


def test_without_one_it_says_so(data: Slice) -> None:
    alone = Slice(data.corpus)
    assert "Nobody looked" in alone.history.missing
    assert len(alone.history.changes) == 0
