"""The sentences that open a report: true to the numbers, and silent where nothing can be said."""

import statistics
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.engine.slice import Slice
from analytics.reports.report.summary import period_before, summary
from analytics.selection.selection import Selection
from tests.corpora import Article, article, part_of, real_corpus

NOW, BEFORE = date(2025, 4, 1), date(2025, 6, 30)
QUARTER = {"start": NOW, "end": BEFORE, "compare": "previous"}


def some(n: int, month: int, **fields: Any) -> list[Article]:
    """So many articles of a month of 2025, a day each."""
    return [article(at=f"2025-{month:02}-{day:02}", **fields) for day in range(1, n + 1)]


def newest() -> list[Article]:
    """An article of the quarter's last day, so that the corpus covers it."""
    return [article(at="2025-06-30")]


def test_nothing_selected() -> None:
    assert summary(part_of([article()], words="nothing")) == ["No article matches the selection."]


def test_few_articles_say_nothing() -> None:
    said = summary(part_of(some(4, 4, published=True, quality=70)))
    assert said == [
        "4 articles.",
        "Nothing can be said about the share published, n = 4.",
        "Nothing can be said about quality, n = 4 with a score.",
        "4 problems in 4 files: 4 notes.",
    ]


def test_a_clear_change_is_told_with_its_interval() -> None:
    before = some(20, 1, published=False, quality=50, provider="Old", topics=["All", "A"])
    now = some(29, 5, published=True, quality=80, provider="New", topics=["All", "B"])
    said = summary(part_of([*before, *now, *newest()], **QUARTER))
    assert said[0] == "30 articles, 48% more a day than in the quarter before (20 from 2025-01-01 to 2025-03-31)."
    assert said[1].startswith(
        "Share published: 100% [88, 100] of the 29 that say so; 0% of 20 before: up, +100 points ["
    )
    assert said[2] == "Median quality: 80 (n = 29); 50 before (n = 20): up, +30 points [30, 30]."
    assert said[3] == "Topics rising: B (0% of 20 → 97% of 30); falling: A (100% of 20 → 0% of 30), of 2 compared."
    assert (
        said[4] == "Providers rising: New (0% of 20 → 97% of 30); falling: Old (100% of 20 → 0% of 30), of 2 compared."
    )


def test_what_may_be_chance_is_called_so() -> None:
    same = {"quality": 70, "provider": "One", "topics": ["A"]}
    both = [
        article(at=f"2025-{month:02}-{day:02}", published=day % 2 == 0, **same)
        for month in (1, 5)
        for day in range(1, 21)
    ]
    rare = [article(at="2025-05-22", provider="Rare"), article(at="2025-05-23", provider="Rare")]
    said = summary(part_of([*both, *rare, *newest()], **QUARTER))
    assert said[1] == "Share published: 50% [30, 70] of the 20 that say so; 50% of 20 before: no change beyond chance."
    assert said[2] == "Median quality: 70 (n = 20); 70 before (n = 20): no change beyond chance."
    assert said[3] == "Providers: no clear change of 1 compared; nothing can be said about Rare (n = 2)."


def test_a_small_period_before_gives_no_rate() -> None:
    before = some(3, 1, published=True, quality=60, provider="A")
    said = summary(part_of([*before, *some(12, 5, published=True, quality=70, provider="A"), *newest()], **QUARTER))
    assert said[0] == (
        "13 articles; too few in the quarter before for a rate of change (3 from 2025-01-01 to 2025-03-31)."
    )
    assert said[1].endswith("of the 12 that say so; nothing can be said about the period before, n = 3.")
    assert said[2] == "Median quality: 70 (n = 12); nothing can be said about the period before, n = 3."
    assert said[3] == "Nothing can be said about rising and falling providers, n = 13 and 3 before."


@pytest.mark.parametrize(
    ("start", "end", "compare", "words"),
    [
        ("2025-01-01", "2025-12-31", "previous", "the year before"),
        ("2025-01-01", "2025-12-31", "year", "the year before"),
        ("2025-04-01", "2025-06-30", "previous", "the quarter before"),
        ("2025-04-01", "2025-06-30", "year", "the same quarter a year before"),
        ("2025-02-01", "2025-02-28", "previous", "the month before"),
        ("2025-02-01", "2025-02-28", "year", "the same month a year before"),
        ("2025-02-01", "2025-04-30", "previous", "the 3 months before"),
        ("2025-03-01", "2025-07-31", "year", "the same days a year before"),
        ("2025-03-10", "2025-03-10", "previous", "the day before"),
        ("2025-03-10", "2025-03-16", "previous", "the 7 days before"),
        ("2025-12-01", "2026-02-28", "previous", "the 3 months before"),
        ("2026-01-01", "2026-12-31", "year", "the same quarter a year before"),
    ],
)
def test_the_period_before_is_called_by_its_name(start: str, end: str, compare: Any, words: str) -> None:
    articles = [article(at="2024-01-01"), article(at="2026-03-31")]
    data = part_of(articles, start=date.fromisoformat(start), end=date.fromisoformat(end), compare=compare)
    assert period_before(data) == words


@pytest.mark.shared
def test_the_sentences_on_a_real_corpus_are_true(shared: Callable[[str], Path]) -> None:
    """Counted again in plain Python."""
    corpus = real_corpus(shared("powerapps"))
    selection = Selection(start=date(2022, 1, 1), end=date(2022, 12, 31), compare="year")
    said = summary(Slice(corpus, selection))
    rows = corpus.articles.to_dict("records")
    last = max(row["published_at"] for row in rows).date()
    now = [row for row in rows if row["published_at"].year == 2022]
    then = [row for row in rows if date(2021, 1, 1) <= row["published_at"].date() <= date(2021, last.month, last.day)]
    assert (last, len(now), len(then)) == (date(2022, 12, 19), 140, 280)
    published, before = (sum(bool(row["published"]) for row in some) for some in (now, then))
    assert (published, before) == (89, 169)
    assert {statistics.median(row["quality"] for row in some) for some in (now, then)} == {72}
    assert said[:3] == [
        "140 articles, 50% fewer than in the same days a year before (280 from 2021-01-01 to 2021-12-19).",
        "Share published: 64% [55, 71] of the 140 that say so; 60% of 280 before: no change beyond chance.",
        "Median quality: 72 (n = 140); 72 before (n = 280): no change beyond chance.",
    ]
    here, there = (Counter(row["provider"] for row in some) for some in (now, then))
    assert (here["Microsoft"], there["Microsoft"]) == (114, 201)
    known = [name for name in here | there if here[name] + there[name] >= 10]
    few = sorted((-here[name] - there[name], name) for name in here | there if name not in known)
    assert known == ["Microsoft"]
    named = ", ".join(f"{name} (n = {-n})" for n, name in few[:3])
    assert said[4] == (
        "Providers rising: Microsoft (72% of 280 → 81% of 140), of 1 compared; "
        f"nothing can be said about {named} and {len(few) - 3} more."
    )
    paths = {kind: {row["path"] for row in some} for kind, some in (("now", now), ("then", then))}
    topics = corpus.topics[corpus.topics["topic"] == "Teams integration"]["path"]
    assert [sum(path in paths[kind] for path in topics) for kind in ("now", "then")] == [2, 17]
    assert said[3] == "Topics falling: Teams integration (6% of 280 → 1% of 140), of 4 compared."
    problems = corpus.problems[corpus.problems["path"].isin(paths["now"])]
    assert said[5].startswith(f"{len(problems)} problems in {problems['path'].nunique()} files")
