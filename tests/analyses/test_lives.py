"""The lives of hand-made histories, and of random ones against an hour-by-hour reference."""

from itertools import pairwise

import pandas as pd
from hypothesis import given

from analytics.analyses.history.history_lists import heat_life
from analytics.analyses.history.lives import CLASSES, UNCLASSED, lives
from analytics.history.history_tables import History
from tests.corpora import article, corpus_of
from tests.histories import Life, history_of, life, random_lives, told

WAVE = life("wave.md", (5, 72, 72), (10, 72, 75), (20, 72, 77), (30, 72, 72), (40, 72, 73), (60, 72, 70))


def one(*found: Life, until: float = 0.0) -> pd.Series:
    return lives(history_of(*found, until=until)).iloc[0]


def test_a_life_that_rises_twice():
    row = one(WAVE, until=100)
    assert (row["peak_lift"], row["hours_to_peak"], row["hours_above"]) == (5, 15.0, 40.0)
    assert (row["rises"], row["resets"], row["above_until"]) == (2, 2, 55.0)
    assert (row["rose_after"], row["warm_hours"], row["cooled"]) == (5.0, 20.0, True)
    assert (row["begun"], row["there"], row["hours_seen"], row["lift"]) == (True, True, 95.0, -2)


def test_a_life_that_is_still_warm_has_not_cooled():
    row = one(life("a.md", (5, 72, 74)), until=25)
    assert (row["rose_after"], row["warm_hours"], row["cooled"]) == (0.0, 20.0, False)
    assert (row["hours_above"], row["resets"], row["lift"]) == (20.0, 0, 2)


def test_what_becomes_unranked_is_neither_warm_nor_cooled():
    row = one(life("a.md", (5, 72, 74), (15, 72, -1), (25, 72, 72)), until=30)
    assert (row["warm_hours"], row["cooled"], row["hours_above"]) == (10.0, False, 10.0)
    assert row["resets"] == 1, "it is seen back at its quality, after a time of which nothing is known"


def test_a_takeover_ends_a_life_until_it_returns_and_is_no_heat_event():
    own = life("a.md", (5, 54, 54), domain="one.example")
    copy = life("a.md", (10, 14, 14), (20,), domain="two.example", over=True)
    table = lives(history_of(own, copy, until=40)).set_index("provider")
    assert list(table["peak_lift"]) == [0, 0]
    assert list(table["there"]) == [True, False]
    assert list(table["hours_seen"]) == [35.0, 10.0]
    assert pd.isna(table.loc["two.example", "lift"])


def test_what_was_there_from_the_start_has_no_seen_beginning():
    row = one(life("a.md", (0, 72, 72), (10, 72, 75)), until=900)
    assert (row["begun"], row["class"]) == (False, "beginning not seen")


def test_heat_of_minus_one_and_missing_scores_are_never_a_lift():
    row = one(life("a.md", (5, 72, -1), (10, None, 80), (15, 72, None)), until=900)
    assert pd.isna(row["peak_lift"])
    assert (row["hours_above"], row["class"]) == (0.0, "never ranked")


def test_each_class_has_its_life():
    classes = {
        "never moved": life("a.md", (5, 72, 72)),
        "flash": life("b.md", (5, 72, 75), (53, 72, 72)),
        "wave": life("c.md", (5, 72, 75), (54, 72, 72)),
        "slow riser": life("d.md", (5, 72, 72), (173, 72, 73), (200, 72, 72)),
        "evergreen": life("e.md", (5, 72, 72), (700, 72, 73), (725, 72, 72)),
        "beginning not seen": life("f.md", (0, 72, 72)),
        "seen too short": life("g.md", (290, 72, 80)),
        "never ranked": life("h.md", (5, 72, -1)),
    }
    assert list(classes) == [*CLASSES, *UNCLASSED]
    assert list(lives(history_of(*classes.values(), until=1000))["class"]) == list(classes)


def test_no_history_has_no_lives():
    assert lives(History.nothing("no git")).empty


@given(random_lives())
def test_lives_agree_with_an_hour_by_hour_reference(found: list[Life]):
    table = lives(history_of(*found, until=400))
    for number, row in table.set_index("life").iterrows():
        hours = by_hour(found[number], 400)
        known = [lift for lift in hours if lift is not None]
        warm = [place for place, lift in enumerate(hours) if lift is not None and lift > 0]
        assert row["hours_above"] == len(warm)
        assert (pd.isna(row["peak_lift"]) and not known) or row["peak_lift"] == max(known)
        assert row["resets"] == sum(before > 0 >= now for before, now in pairwise(known))
        if warm:
            end = next((place for place in range(warm[0], len(hours)) if place not in warm), len(hours))
            cooled = end < len(hours) and hours[end] is not None
            assert (row["rose_after"], row["warm_hours"], row["cooled"]) == (warm[0], end - warm[0], cooled)
            assert row["hours_to_peak"] == hours.index(max(known))
            assert row["above_until"] == warm[-1] + 1


def by_hour(one: Life, until: int) -> list[int | None]:
    """The lift in each hour from the first step on; None where none is known. A last step at the end has no hour."""
    start, lift, found = int(one.steps[0][0]), None, []
    steps = {int(step[0]): step for step in one.steps}
    for hour in range(start, until):
        if hour in steps:
            quality, heat = steps[hour][1:] or (None, None)
            lift = None if None in (quality, heat) or heat < 0 else heat - quality
        found.append(lift)
    return found


def test_the_life_of_one_article_is_that_of_the_one_that_has_the_file_now():
    corpus = corpus_of([article(domain="one.example")])
    path = corpus.articles["path"].iloc[0]
    own = life(path, (5, 72, 72), (10, 72, 75), (30, 72, 72), domain="one.example", published=True)
    copy = life(path, (40, 14, 14), (50,), domain="two.example", over=True)
    table = heat_life(told(own, copy, corpus=corpus, until=100), path)
    assert list(table["kind"]) == ["appeared", "changed", "changed", "removed", "returned"]
    assert list(table["hours"]) == [0.0, 5.0, 25.0, 35.0, 45.0]
    assert list(table["hours_to"]) == [5.0, 25.0, 35.0, 45.0, 95.0]
    assert list(table["lift"].fillna(99)) == [0, 3, 0, 99, 0]
    assert list(table["reset"]) == [False, False, True, False, False]
    assert heat_life.finding(table) == (
        "Heat rose at most +3 points above quality, 5 hours after first seen; it was above for 20 hours in all and "
        "came back 1 time."
    )


def test_an_article_that_the_history_does_not_know():
    corpus = corpus_of([article()])
    path = corpus.articles["path"].iloc[0]
    assert heat_life.finding(heat_life(told(WAVE, corpus=corpus), path)) == "The history does not know this article."
    assert heat_life(told(WAVE), "gone.md").empty
