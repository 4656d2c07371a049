"""The lists of lives, their spread and classes, the unstable scores, takeovers and changed decisions."""

import pandas as pd

from analytics.analyses.history.heat_over_life import heat_life_distribution, life_classes
from analytics.analyses.history.history_lists import (
    WINDOWS,
    decisions_changed,
    heat_lives,
    slug_takeovers,
    unstable_scores,
    warm_now,
)
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import article, corpus_of
from tests.histories import history_of, life, told

HIGH = life("high.md", (1, 72, 72), (5, 72, 80), (9, 72, 72), provider="Alpha")
LONG = life("long.md", (1, 72, 72), (3, 72, 73), (43, 72, 72), (50, 72, 73), (60, 72, 72))
COLD = life("cold.md", (1, 72, 70))


def test_lives_are_ranked_by_the_chosen_measure():
    data = told(HIGH, LONG, COLD, until=100)
    first = {sort: list(heat_lives(data, sort=sort)["path"]) for sort in ("peak lift", "hours above quality", "resets")}
    assert first["peak lift"] == ["high.md", "long.md"]
    assert first["hours above quality"] == first["resets"] == ["long.md", "high.md"]
    table = heat_lives(data, limit=1)
    assert heat_lives.finding(table) == (
        '2 lives rose above quality. First: "Title of high.md" (Alpha), at most +8 points 4 hours after first seen, '
        "4 hours above quality in all, 1 reset. The list shows the first 1."
    )


def test_no_hours_to_the_peak_without_a_seen_beginning():
    table = heat_lives(told(life("a.md", (0, 72, 72), (5, 72, 75)), until=10), sort="hours to peak")
    assert pd.isna(table["hours_to_peak"].iloc[0])


MOVED = told(
    life("rising.md", (1, 72, 72), (980, 72, 74), published=True),
    life("sinking.md", (1, 72, 78), (990, 72, 75)),
    life("cooled.md", (1, 72, 78), (960, 72, 72)),
    life("new.md", (999, 72, 73)),
    life("standing.md", (1, 72, 72), (100, 72, 80)),
    life("cold.md", (1, 72, 78), (40, 72, 72)),
    life("gone.md", (1, 72, 78), (995,)),
    life("unranked.md", (1, 72, 78), (995, 72, -1)),
    until=1000,
)


def test_what_moved_within_the_window_is_warm_and_the_rest_stands_above_quality():
    table = warm_now(MOVED)
    assert list(table["path"]) == ["rising.md", "new.md", "sinking.md", "cooled.md", "standing.md"]
    assert list(table["status"]) == ["warming", "warming", "cooling", "just cooled", "standing"]
    assert list(table["hours_since"]) == [20, 1, 10, 40, 900]
    assert list(table["state"])[:2] == ["published", "unknown"]
    assert warm_now.finding(table) == (
        "4 stories moved in the 7 days to 11 February 2024 16:00 UTC (2 warming, 1 cooling, 1 just cooled); 1 older "
        'one stands above quality. First: "Title of rising.md", +2, last moved 20 hours before.'
    )


def test_a_shorter_window_leaves_fewer_that_moved_and_none_out_that_stands():
    found = {window: warm_now(MOVED, within=window) for window in WINDOWS}
    moved = {window: int((table["status"] != "standing").sum()) for window, table in found.items()}
    assert moved == {"24 hours": 3, "2 days": 4, "7 days": 4, "30 days": 4}
    still = told(life("a.md", (1, 72, 78)), life("b.md", (1, 72, 75)), until=1000)
    assert list(warm_now(still)["status"]) == ["standing", "standing"]
    assert warm_now.finding(warm_now(still)) == (
        "No story moved in the 7 days to 11 February 2024 16:00 UTC; 2 stories stand above quality."
    )


def test_a_measure_spreads_over_its_ranges():
    table = heat_life_distribution(told(HIGH, LONG, COLD, until=100))
    assert dict(zip(table["range"], table["n"], strict=True)) == {
        "0": 0, "1": 1, "2": 0, "3 to 4": 0, "5 to 8": 1, "9 to 16": 0, "17 or more": 0,
    }  # fmt: skip
    hours = heat_life_distribution(told(HIGH, LONG, COLD, until=100), measure="hours above quality")
    assert list(hours.loc[hours["n"] > 0, "range"]) == ["0 to under 6", "48 to under 96"]
    assert heat_life_distribution.finding(hours) == (
        "2 lives rose above quality; the median of hours above quality is 27, the middle half 15.5 to 38.5; the "
        "fullest range is 0 to under 6, with 1 (50% [9, 91])."
    )


def test_classes_without_a_rule_met_are_no_part_of_the_shares():
    table = life_classes(told(HIGH, LONG, COLD, life("x.md", (0, 72, 72)), until=800)).set_index("class")
    assert list(table["n"]) == [1, 1, 1, 0, 0, 1, 0, 0]
    assert list(table["share"].iloc[:5].round(3)) == [0.333, 0.333, 0.333, 0, 0]
    assert table["share"].iloc[5:].isna().all()


OWN = life("a.md", (5, 54, 54), domain="one.example", published=False)
COPY = life("a.md", (10, 74, 74), (20,), (30, 74, 74), (40,), domain="two.example", published=True, over=True)
EDITED = life("b.md", (5, 60, 60), (15, 66, 60), (25, 61, 60))


def test_scores_that_change_by_themselves_or_with_another_article():
    table = unstable_scores(told(OWN, COPY, EDITED, COLD, until=50))
    assert list(table["path"]) == ["a.md", "b.md"]
    assert list(table["changes"]) == [4, 2]
    assert list(table["by_swap"]) == [4, 0]
    assert list(table["flips"]) == [3, 1]
    assert list(table["range"]) == [20, 6]
    assert table["swaps_with"].iloc[0] == "one.example; two.example"
    assert unstable_scores.finding(table) == (
        "2 files have a score that changed, 6 times in all, 4 of them because another article took the file. Most of "
        'all "Title of a.md" (one.example): 4 changes, 3 flips, from 54 to 74 points.'
    )


def test_heat_that_moves_is_told_apart_from_quality():
    data = told(HIGH, EDITED, life("c.md", (5, 60, 60), (9, 60, -1), (12, 60, 60)), until=50)
    assert list(unstable_scores(data, score="heat")["path"]) == ["high.md"]


def test_takeovers_name_both_sides():
    table = slug_takeovers(told(OWN, COPY, EDITED, until=50))
    assert list(table["path"]) == ["a.md"]
    row = table.iloc[0]
    assert (row["takeovers"], row["lives"], row["sides"]) == (4, 2, "one.example (54); two.example (74)")
    assert (row["quality_low"], row["quality_high"], row["decisions"]) == (54, 74, "unpublished; published")
    assert slug_takeovers.finding(table) == (
        "1 file changed hands, 4 times in all. Most often a.md: 4 times, between one.example (54); two.example (74). "
        "In 1 the decision depends on who has the file."
    )


def test_with_filters_the_other_sides_are_still_told():
    corpus = corpus_of([article(domain="one.example", quality=54), article(quality=90)])
    path = corpus.articles["path"].iloc[0]
    own = life(path, (5, 54, 54), domain="one.example")
    copy = life(path, (10, 74, 74), (20,), domain="two.example", over=True)
    side_data = SideData(history_of(own, copy, EDITED, until=50))
    data = Slice(corpus, Selection(quality_max=60), side_data)
    assert list(data.history.changes["domain"].unique()) == ["one.example"]
    assert list(slug_takeovers(data)["sides"]) == ["one.example (54); two.example (74)"]
    assert slug_takeovers(Slice(corpus, Selection(quality_min=61), side_data)).empty


def test_decisions_changed_after_publication_only():
    back = life(
        "a.md", (5, 65, 65), (10, 72, 72), (30, 66, 66), (40, 71, 71), published={5: False, 10: True, 30: False}
    )
    table = decisions_changed(told(back, HIGH, until=50))
    assert list(table["from_state"]) == ["published"]
    assert list(table["to_state"]) == ["unpublished"]
    row = table.iloc[0]
    assert (row["quality_before"], row["quality"], row["hours_after"]) == (72, 66, 20)
    assert decisions_changed.finding(table) == (
        "1 of 1 life ever published had the decision changed later, 1 time in all: 1 away from published. The newest: "
        '"Title of a.md", published to unpublished on 2 January 2024.'
    )


def test_each_list_names_the_collection_of_a_file_that_is_gone_too():
    path = "_archive/_news/2024/a.md"
    own = life(path, (5, 54, 54), (8, 54, 60), domain="one.example", published={5: True, 8: False})
    data = told(own, life(path, (10, 74, 80), (30,), domain="two.example", over=True), until=50)
    for answer in (heat_lives, warm_now, decisions_changed, unstable_scores, slug_takeovers):
        assert answer(data)[["collection", "path"]].drop_duplicates().to_numpy().tolist() == [["archive/news", path]]


def test_a_takeover_is_no_change_of_a_decision():
    assert decisions_changed(told(OWN, COPY, until=50)).empty
