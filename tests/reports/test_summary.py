"""The sentences that open a report: true to the numbers, and silent where nothing can be said."""

import statistics
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.engine.slice import Slice
from analytics.reports.report.summary import comparison_period_text, summary
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
    assert said[0] == (
        "30 articles, 0.33 a day; 20, 0.22 a day, in the quarter before (2025-01-01 to 2025-03-31): 1.49 times as many "
        "a day [0.41, 5.41], weekday by weekday."
    )
    assert said[1].startswith(
        "Share published: 100% [88, 100] of the 29 that say so; 0% of 20 before: up, difference [+"
    )
    assert said[2].startswith("Median quality: 80 (n = 29); 50 before (n = 20); scores: up, Cliff's delta +1.00 [+")
    assert said[3].startswith("Topics rising: B (0% of 20 → 97% of 30, difference [+")
    assert "; falling: A (100% of 20 → 0% of 30, difference [-100, -" in said[3]
    assert said[3].endswith("; 2 of 2 topics compared.")
    assert said[4].endswith("; 2 of 2 providers compared.")


@pytest.mark.slow
def test_what_may_be_chance_is_called_so() -> None:
    same = {"quality": 70, "provider": "One", "topics": ["A"]}
    both = [
        article(at=f"2025-{month:02}-{day:02}", published=day % 2 == 0, **same)
        for month in (1, 5)
        for day in range(1, 21)
    ]
    rare = [article(at="2025-05-22", provider="Rare"), article(at="2025-05-23", provider="Rare")]
    said = summary(part_of([*both, *rare, *newest()], **QUARTER))
    assert said[1] == "Share published: 50% [30, 70] of the 20 that say so; 50% of 20 before: no clear change."
    assert said[2] == "Median quality: 70 (n = 20); 70 before (n = 20); scores: no clear change."
    assert said[3] == "Providers: no clear change (1 provider compared)."


@pytest.mark.slow
def test_a_small_period_before_gives_no_rate() -> None:
    before = some(3, 1, published=True, quality=60, provider="A")
    said = summary(part_of([*before, *some(12, 5, published=True, quality=70, provider="A"), *newest()], **QUARTER))
    assert said[0] == "13 articles, 0.14 a day; 3, 0.033 a day, in the quarter before (2025-01-01 to 2025-03-31)."
    assert said[1].endswith("of the 12 that say so; 100% of 3 before: too few to tell.")
    assert said[2] == "Median quality: 70 (n = 12); 60 before (n = 3); scores: too few to tell."
    assert said[3] == "Providers: too few articles to tell (n = 3 and 13; at least 10 of a label are needed)."


@pytest.mark.slow
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
    assert comparison_period_text(data) == words


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
        "140 articles; 280 in the same days a year before (2021-01-01 to 2021-12-19): 0.50 times as many a day "
        "[0.36, 0.69], weekday by weekday.",
        "Share published: 64% [55, 71] of the 140 that say so; 60% of 280 before: no clear change.",
        "Median quality: 72 (n = 140); 72 before (n = 280); scores: no clear change.",
    ]
    here, there = (Counter(row["provider"] for row in some) for some in (now, then))
    assert (here["Microsoft"], there["Microsoft"]) == (114, 201)
    assert [name for name in here | there if here[name] + there[name] >= 10] == ["Microsoft"]
    assert said[4] == "Providers: no clear change (1 provider compared)."
    paths = {kind: {row["path"] for row in some} for kind, some in (("now", now), ("then", then))}
    topics = corpus.topics[corpus.topics["topic"] == "Teams integration"]["path"]
    assert [sum(path in paths[kind] for path in topics) for kind in ("now", "then")] == [2, 17]
    assert said[3] == "Topics: no clear change (4 topics compared)."
    problems = corpus.problems[corpus.problems["path"].isin(paths["now"])]
    assert said[5].startswith(f"{len(problems)} problems in {problems['path'].nunique()} files")
