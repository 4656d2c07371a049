"""Risers and fallers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.topics.changes import topic_changes
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.analyses.test_topics_ranked import umbrellas_by_loop
from tests.corpora import Article, article, articles, corpus_of, part_of, real_corpus, real_selections, selections
from tests.plain import NONE, OTHER, calendar, chosen, grain_for, near, records_in, records_of, rows_of, wilson


def halves(records, selection):
    """First and last day of the half before and of the newest half of the complete periods."""
    periods = [p for p in calendar(records, selection, grain_for(records, selection, "auto")) if p.complete]
    half = len(periods) // 2
    if not half:
        return None
    newest, before = periods[len(periods) - half :], periods[len(periods) - 2 * half : len(periods) - half]
    return [(some[0].first, some[-1].last) for some in (before, newest)]


def by_loop(records, selection, top, spans, compared):
    if spans is None:
        return []
    sides = [chosen(records, replace(selection, start=first, end=last, compare=None)) for first, last in spans]
    left_out = umbrellas_by_loop(records)
    names = {topic for side in sides for item in side for topic in item.topics} - left_out
    tests = {name: (lambda item, name=name: name in item.topics) for name in sorted(names)}
    days = dict(zip(("then_from", "then_to", "now_from", "now_to"), [*spans[0], *spans[1]], strict=True))
    moves = {name: move(sides, test) for name, test in tests.items()}
    ranked = sorted(moves, key=lambda name: (-abs(moves[name]["difference"] or 0), name))
    shown = ranked[:top] if top and len(ranked) > top + 1 else ranked
    rows = [{"topic": name, "topics": 1} | moves[name] for name in shown]
    rows.sort(key=lambda row: (-(row["difference"] or 0), row["topic"]))
    rest = {OTHER: lambda item: any(topic in names and topic not in shown for topic in item.topics)}
    rest[NONE] = lambda item: not item.topics
    pooled = {OTHER: len(ranked) - len(shown), NONE: 0}
    for label, test in rest.items():
        if any(map(test, [item for side in sides for item in side])):
            rows.append({"topic": label, "topics": pooled[label]} | move(sides, test))
    return [row | {"compared": compared} | days for row in rows]


def without_tests(table):
    """The table without what the change test adds to it, which test_changes looks at."""
    tested = ["difference_low", "difference_high", "q", "outcome", "weeks_then", "weeks_now", "of_topics"]
    return table.drop(columns=tested)


def move(sides, test):
    found = {}
    shares = []
    for name, side in zip(("then", "now"), sides, strict=True):
        n, total = sum(map(test, side)), len(side)
        share, low, high = wilson(n, total)
        shares.append((share, low, high))
        found |= {f"n_{name}": n, f"total_{name}": total, f"share_{name}": share}
        found |= {f"share_{name}_low": low, f"share_{name}_high": high}
    (p, *_), (q, *_) = shares[1], shares[0]
    gap = None if p is None or q is None else p - q
    few = min(map(len, sides)) < 10 or found["n_then"] + found["n_now"] < 10
    order = ["n", "total", "share", "share_{}_low", "share_{}_high"]
    keys = [key.format(name) if "{" in key else f"{key}_{name}" for name in ("then", "now") for key in order]
    moved = {"difference": gap, "small": few}
    return {key: found[key] for key in keys} | moved


@pytest.mark.slow
@given(listed=articles(max_size=20), selection=selections(), top=st.sampled_from([0, 1, 2, 12]))
def test_halves_are_those_of_a_loop(listed: list[Article], selection: Selection, top: int) -> None:
    records = records_of(listed)
    table = topic_changes(Slice(corpus_of(listed), selection), top=top)
    assert rows_of(without_tests(table)) == near(by_loop(records, selection, top, halves(records, selection), "halves"))


@pytest.mark.shared
@real_selections
@pytest.mark.parametrize("top", [2, 12])
def test_halves_of_a_real_site_are_those_of_a_loop(
    shared: Callable[[str], Path], selection: Selection, top: int
) -> None:
    folder = shared("powerapps")
    records, table = records_in(folder), topic_changes(Slice(real_corpus(folder), selection), top=top)
    assert rows_of(without_tests(table)) == near(by_loop(records, selection, top, halves(records, selection), "halves"))


def quarters(*counts):
    """A hundred articles in each of some quarters from 2024-01 on, of which so many are about AI, the "
    "rest about Law."""
    return [
        article(at=str(date(2024 + place // 4, place % 4 * 3 + 1, 1) + timedelta(days=n % 90)), topics=[topic])
        for place, count in enumerate(counts)
        for n in range(100)
        for topic in (["AI"] if n < count else ["Law"])
    ] + [article(at=str(date(2024 + len(counts) // 4, len(counts) % 4 * 3 + 1, 1)), topics=["End"])]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("compare", "then"),
    [("previous", (date(2024, 10, 1), date(2024, 12, 31))), ("year", (date(2024, 1, 1), date(2024, 3, 31)))],
)
def test_comparison_period_is_the_chosen_one(compare, then):
    listed = quarters(10, 20, 30, 40, 60, 70)
    chosen_days = Selection(start=date(2025, 1, 1), end=date(2025, 3, 31), compare=compare)
    table = topic_changes(Slice(corpus_of(listed), chosen_days))
    spans = [then, (date(2025, 1, 1), date(2025, 3, 31))]
    assert rows_of(without_tests(table)) == near(by_loop(records_of(listed), chosen_days, 12, spans, compare))
    first = table.iloc[0]
    assert (first["topic"], first["n_then"], first["n_now"]) == ("AI", {"previous": 40, "year": 10}[compare], 60)


def test_the_later_period_ends_with_the_corpus() -> None:
    table = topic_changes(part_of(quarters(10, 60)[:-1], start=date(2024, 4, 1), compare="previous"))
    assert table["now_to"].iloc[0].date() == date(2024, 6, 29)
    assert table["then_from"].iloc[0].date() == date(2024, 1, 2)


NOTHING = "Nothing to compare: it takes two complete periods or a comparison period, and topics beside umbrellas."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "chosen_parts", "said"),
    [
        ([], {}, NOTHING),
        ([article(at="2024-01-05", topics=["AI"])], {}, NOTHING),
        ([article(at=f"2024-01-{day:02}", topics=["News"]) for day in range(1, 31)], {}, NOTHING),
        (
            quarters(10, 60),
            {"start": date(2024, 4, 1), "end": date(2024, 6, 30), "compare": "previous"},
            "AI rose most, from 10% to 60% (difference [+22, +78] points, q = 0.001; n = 100 and 100); Law "
            "fell most, from 90% to 40% (difference [-78, -22] points, q = 0.001; n = 100 and 100); 2 of 2 topics "
            "compared. Compared: "
            "1 Apr 2024 to 30 Jun 2024 (n = 100) against 1 Jan 2024 to 31 Mar 2024 (n = 100); the period before.",
        ),
        (
            quarters(50, 52),
            {"start": date(2024, 4, 1), "end": date(2024, 6, 30), "compare": "previous"},
            "No clear change (2 topics compared). Compared: 1 Apr 2024 to 30 Jun 2024 (n = 100) against 1 Jan 2024 to "
            "31 Mar 2024 (n = 100); the period before.",
        ),
        (
            [article(at=f"2024-0{month}-0{min(month, 5)}", topics=["AI"] * (month > 2)) for month in (1, 2, 3, 4, 5)],
            {},
            "Too few articles to tell (n = 3 and 2; at least 10 of a label are needed). Compared: 4 Mar 2024 to 5 May "
            "2024 (n = 2) against 1 Jan 2024 to 3 Mar 2024 (n = 3); no comparison period is chosen: the newest half "
            "of the "
            "complete periods against the half before.",
        ),
    ],
    ids=["nothing", "one day", "umbrella only", "rise and fall", "no move", "few"],
)
def test_finding(listed, chosen_parts, said):
    assert topic_changes.finding(topic_changes(part_of(listed, **chosen_parts))) == said
