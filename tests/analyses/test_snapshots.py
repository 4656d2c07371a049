"""What changed between two states of a corpus: each kind by hand, all of them against a plain loop."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.analyses.comparison.snapshots import (
    ARTICLE_CHANGES,
    PROVIDER_CHANGES,
    SCORED,
    article_changes,
    new_silent_gone_providers,
    topic_share_changes,
)
from analytics.analyses.providers.turnover import provider_activity
from analytics.corpus.loader import load_corpus
from analytics.engine.slice import Slice
from analytics.history.as_of import corpus_before
from analytics.selection.selection import Selection
from tests.corpora import Article, article, part_of
from tests.corpus.repositories import git

NONE = "(none)"


def story(url: str | None = None, **fields: Any) -> Article:
    """An article with an address."""
    made = article(**fields)
    return replace(made, fields=made.fields | ({} if url is None else {"webUrl": f"https://{url}"}))


def found(old: Sequence[Article], new: Sequence[Article]) -> list[tuple[Any, ...]]:
    """The changes as (kind, path, before, after)."""
    table = article_changes(part_of(old), part_of(new))
    ARTICLE_CHANGES.check(table)
    assert not table.duplicated(list(ARTICLE_CHANGES.key)).any()
    return told(table)


def told(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    rows = []
    for _, row in table.iterrows():
        names = ("score_before", "score_after") if row["change"] in SCORED else ("before", "after")
        rows.append((row["change"], row["path"], *(None if pd.isna(row[name]) else row[name] for name in names)))
    return rows


A, B, C, D = (f"_news/000{number}.md" for number in range(4))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ([story()], [story()], []),
        ([], [story()], [("added", A, None, None)]),
        ([story()], [], [("removed", A, None, None)]),
        ([story()], [story(title="B")], [("retitled", A, "A title", "B")]),
        ([story()], [story(title=None)], [("retitled", A, "A title", None)]),
        ([story()], [story(provider="P")], [("provider changed", A, NONE, "P")]),
        ([story(topics=["x", "y"])], [story(topics=["y", "x"])], []),
        ([story(topics=["x", "y"])], [story(topics=["y"])], [("topics changed", A, "x; y", "y")]),
        ([story(quality=70)], [story(quality=7)], [("quality changed", A, 70, 7)]),
        ([story(quality=70)], [story()], [("quality changed", A, 70, None)]),
        ([story(heat=70)], [story(heat=-1)], [("heat changed", A, 70, -1)]),
        ([story()], [story(heat=0)], [("heat changed", A, None, 0)]),
        ([story()], [story(published=True)], [("published", A, "unknown", "published")]),
        ([story(published=True)], [story(published=False)], [("unpublished", A, "published", "unpublished")]),
        ([story(published=False)], [story()], [("state lost", A, "unpublished", "unknown")]),
        ([story("a.b/1")], [story("a.b/2")], []),
    ],
    ids=repr,
)
def test_each_kind(old: list[Article], new: list[Article], changes: list[tuple[Any, ...]]) -> None:
    assert found(old, new) == changes


def test_a_moved_article_keeps_its_other_changes() -> None:
    old = [story("a.b/1", quality=5, published=True)]
    new = [story("a.b/1", quality=6, published=True, folder="_archive", title="New")]
    moved = "_archive/0000.md"
    assert found(old, new) == [
        ("moved", moved, A, moved),
        ("retitled", moved, "A title", "New"),
        ("quality changed", moved, 5, 6),
    ]


def test_copies_of_one_address_move_each_once() -> None:
    old = [story("a.b/1"), story("a.b/1", folder="_x"), story("a.b/1", folder="_x")]
    new = [story("a.b/1"), story("a.b/1", folder="_y"), story("a.b/1"), story("a.b/1"), story()]
    assert found(old, new) == [
        ("added", "_news/0003.md", None, None),
        ("added", "_news/0004.md", None, None),
        ("moved", "_news/0002.md", "_x/0002.md", "_news/0002.md"),
        ("moved", "_y/0001.md", "_x/0001.md", "_y/0001.md"),
    ]


def test_without_an_address_nothing_has_moved() -> None:
    assert [kind for kind, *_ in found([story(folder="_x")], [story(folder="_y")])] == ["added", "removed"]


@pytest.mark.slow
def test_a_file_of_another_outlet_is_taken_over_and_nothing_else() -> None:
    old = [story("a.b/1", provider="P", domain="p.example", quality=72, published=True, topics=["x"])]
    new = [story("c.d/1", provider="Q", domain="q.example", quality=7, published=False, title="B", topics=["y"])]
    assert found(old, new) == [("taken over", A, "p.example", "q.example")]
    same_domain = [story("c.d/1", provider="Q", domain="p.example", quality=72, published=True, topics=["x"])]
    assert found(old, same_domain) == [("provider changed", A, "P", "Q")]
    same_address = [story("a.b/1", provider="P", domain="q.example", quality=72, published=True, topics=["x"])]
    assert found(old, same_address) == []


def test_without_domains_the_providers_tell_outlets_apart() -> None:
    assert found([story("a.b/1", provider="P")], [story("c.d/1", provider="Q")]) == [("taken over", A, "P", "Q")]


@pytest.mark.slow
def test_what_was_overwritten_and_lies_elsewhere_has_moved() -> None:
    old = [story("a.b/1", domain="p.example"), story("c.d/1", domain="q.example")]
    new = [story("c.d/1", domain="q.example"), story("a.b/1", domain="p.example")]
    assert found(old, new) == [("moved", A, B, A), ("moved", B, A, B)]
    third = [story("e.f/1", domain="r.example"), story("a.b/1", domain="p.example")]
    assert found(old, third) == [("added", A, None, None), ("removed", B, None, None), ("moved", B, A, B)]


def test_the_cut_off_is_that_of_the_new_state() -> None:
    judged = [article(quality=score, published=score >= 70, folder="_z") for score in (20, 30, 40, 50, 60)]
    judged += [article(quality=score, published=True, folder="_z") for score in (70, 80, 90, 100, 110)]
    more = [*judged, *judged]
    old = [*judged, article(quality=60), article(quality=75), article(quality=75), article(), *more]
    new = [*judged, article(quality=70), article(quality=69), article(quality=71), article(quality=90), *more]
    up, down, above, fresh = (f"_news/00{number}.md" for number in (10, 11, 12, 13))
    assert found(old, new) == [
        ("rose over the cut-off", up, 60, 70),
        ("fell below the cut-off", down, 75, 69),
        ("quality changed", up, 60, 70),
        ("quality changed", down, 75, 69),
        ("quality changed", above, 75, 71),
        ("quality changed", fresh, None, 90),
    ]


def test_what_is_gone_is_shown_as_it_was() -> None:
    row = article_changes(
        part_of([story("a.b/1", title="Gone", provider="P", quality=3, at="2024-01-02")]), part_of([])
    )
    assert row.drop(columns=["before", "after", "score_before", "score_after"]).iloc[0].to_dict() == {
        "change": "removed",
        "title": "Gone",
        "provider": "P",
        "published_at": pd.Timestamp("2024-01-02T12:00:00Z"),
        "quality": 3,
        "url": "https://a.b/1",
        "collection": "news",
        "path": A,
    }


def daily(provider: str, first: int, last: int) -> list[Article]:
    return [article(provider=provider, at=f"2024-01-{day:02}") for day in range(first, last + 1)]


@pytest.mark.slow
def test_providers_come_fall_silent_and_go() -> None:
    old = [*daily("Quiet", 1, 6), *daily("Steady", 1, 7), *daily("Left", 2, 3), article(provider="Left")]
    new = [
        *daily("Quiet", 1, 6),
        *daily("Steady", 1, 14),
        *daily("Fresh", 13, 14),
        article(provider="Undated"),
        article(),
    ]
    table = new_silent_gone_providers(part_of(old), part_of(new))
    PROVIDER_CHANGES.check(table)
    rows = [tuple(None if pd.isna(value) else value for value in row) for row in table.itertuples(index=False)]
    assert rows == [
        ("new", "Fresh", 2, pd.Timestamp("2024-01-14"), 0),
        ("new", "Undated", 1, None, None),
        ("silent", "Quiet", 6, pd.Timestamp("2024-01-06"), 8),
        ("gone", "Left", 3, pd.Timestamp("2024-01-03"), 4),
    ]
    later = [*new, *daily("Steady", 15, 16)]
    again = new_silent_gone_providers(part_of(new), part_of(later))
    assert again.empty
    assert provider_activity(part_of(later)).set_index("provider")["status"]["Quiet"] == "overdue"


def test_nothing_changes_between_empty_states() -> None:
    empty = part_of([])
    assert article_changes(empty, empty).empty
    assert new_silent_gone_providers(empty, empty).empty
    assert topic_share_changes(Slice(empty.corpus, Selection(start=date(2024, 1, 1), compare="previous"))).empty


def test_topics_are_held_against_the_time_before() -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(56)]
    articles = [article(at=str(day), topics=["New" if n >= 28 else "Old"]) for n, day in enumerate(days)]
    table = topic_share_changes(part_of(articles, start=days[28], compare="previous")).set_index("label")
    columns = ["n", "total", "previous_n", "previous_total", "change", "outcome"]
    assert table.loc["New", columns].tolist() == [28, 28, 0, 28, 1.0, "up"]
    assert table.loc["Old", columns].tolist() == [0, 28, 28, 28, -1.0, "down"]


@pytest.mark.slow
def test_a_real_history_changes_as_git_says(shared: Callable[[str], Path], tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(shared("powerapps-news-2022.bundle")), "clone")
    clone = tmp_path / "clone"
    now = load_corpus(clone)
    then = corpus_before(now, date(2022, 9, 1))
    assert then.commit is not None
    said = git(clone, "diff", "--no-renames", "--name-status", then.commit, "HEAD", "--", "*.md")
    names = pd.DataFrame([line.split("\t") for line in said.splitlines()], columns=["status", "path"])
    names = names[~names["path"].str.startswith("_data")]
    table = article_changes(Slice(then), Slice(now))
    of = {kind: set(rows["path"]) for kind, rows in table.groupby("change", observed=True)}
    moved = of.get("moved", set())
    assert of["added"] | moved == set(names.loc[names["status"] == "A", "path"])
    assert len(of.get("removed", set())) + len(moved) == (names["status"] == "D").sum()
    changed = set(table["path"]) - of["added"] - of.get("removed", set()) - moved
    assert changed <= set(names.loc[names["status"] == "M", "path"])
    assert len(of["added"]) > 30
