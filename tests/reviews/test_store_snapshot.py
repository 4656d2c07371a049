"""The frames that analyses read, row by row."""

import pandas as pd
import pytest

from analytics.analyses.review.agreement import review_pairs
from analytics.review_table_contracts import REVIEW_DECISIONS, REVIEW_ITEMS, REVIEW_JUDGEMENTS, REVIEW_SESSIONS
from analytics.reviews.models import Opinion, Reason, Settlement
from analytics.reviews.store.store import Store
from tests.made_reviews import part_with
from tests.reviews.made import begun, candidate, draft


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    plain = frame[list(columns)].astype("object")
    return list(plain.where(plain.notna(), None).itertuples(index=False, name=None))


@pytest.mark.slow
def test_an_empty_store_gives_empty_frames(store: Store) -> None:
    found = store.snapshot()
    for table, frame in (
        (REVIEW_SESSIONS, found.sessions),
        (REVIEW_ITEMS, found.items),
        (REVIEW_JUDGEMENTS, found.judgements),
        (REVIEW_DECISIONS, found.decisions),
    ):
        table.check(frame)
        assert frame.empty


def test_a_snapshot_tells_all_in_the_order_in_which_it_came(store: Store) -> None:
    reasons = (Reason("near miss", "1 below"), Reason("no topic", "no keyword"))
    first, (one, two) = begun(store, "one", "two")
    second = store.create(draft(candidates=(candidate("one", reasons=reasons, control=True, quality=None),)), "Bob")
    store.add(first, [candidate("late")], "Bob")
    store.judge(one, "Ann", Opinion("keep", 70, ("duplicate", "weak source"), "So."))
    store.judge(one, "Bob", Opinion("fix data"))
    store.judge(two, "Ann", Opinion(None))
    store.judge(one, "Ann", Opinion("drop"))
    store.settle(one, "Ann", Settlement("another look", "demote", 60, "Ask.", ("Ann", "Bob")))
    store.settle(one, "Ann", Settlement("reopened", None))
    store.move(second, "closed", "Bob")
    found = store.snapshot()
    for table, frame in (
        (REVIEW_SESSIONS, found.sessions),
        (REVIEW_ITEMS, found.items),
        (REVIEW_JUDGEMENTS, found.judgements),
        (REVIEW_DECISIONS, found.decisions),
    ):
        table.check(frame)
    assert rows(found.sessions, "session", "state", "selection", "budget", "made_by") == [
        (first, "judging", "topics=AI", 45, "Ann"),
        (second, "closed", "topics=AI", 45, "Bob"),
    ]
    assert rows(found.items, "session", "position", "path", "topics", "quality", "reasons", "added", "found") == [
        (first, 1, "_news/one.md", "AI; Power", 69, "near miss", False, None),
        (first, 2, "_news/two.md", "AI; Power", 69, "near miss", False, None),
        (first, 3, "_news/late.md", "AI; Power", 69, "near miss", True, None),
        (second, 1, "_news/one.md", "AI; Power", None, "near miss; no topic", False, None),
    ]
    assert rows(found.items, "why", "control", "added_by")[2:] == [
        ("1 point below the cut-off", False, "Bob"),
        ("1 below; no keyword", True, "Bob"),
    ]
    assert rows(found.judgements, "item", "person", "verdict", "rank", "agrees", "quality", "reasons", "current") == [
        (one, "Ann", "keep", 3, True, 70, "duplicate; weak source", False),
        (one, "Bob", "fix data", None, None, None, "", True),
        (two, "Ann", None, None, None, None, "", True),
        (one, "Ann", "drop", 1, False, None, "", True),
    ]
    assert rows(found.decisions, "item", "session", "verdict", "rank", "state", "quality", "present", "current") == [
        (one, first, "demote", 2, "another look", 60, "Ann; Bob", False),
        (one, first, None, None, "reopened", None, "", True),
    ]
    assert [each.at for each in store.history(one)] == list(found.judgements["at"].iloc[[0, 1, 3]])


def test_a_snapshot_of_a_session_is_the_part_of_the_whole_that_is_about_it(store: Store) -> None:
    first, (one, _) = begun(store, "one", "two")
    second, (three,) = begun(store, "three")
    for item in (one, three):
        store.judge(item, "Ann", Opinion("keep"))
        store.settle(item, "Ann", Settlement("settled", "keep"))
    whole = store.snapshot()
    for number in (first, second):
        data = store.snapshot(number)
        assert data.stamp == store.stamp(number)
        for name in ("sessions", "items", "judgements", "decisions"):
            frame = getattr(whole, name)
            mine = frame[frame["session"] == number].reset_index(drop=True)
            pd.testing.assert_frame_equal(getattr(data, name), mine)


def test_a_person_who_spells_the_name_in_two_ways_is_one_of_a_pair(store: Store) -> None:
    session, items = begun(store, "one", "two", "three")
    for item, typed in zip(items, ("Ann", "ANN", "\uff41nn"), strict=True):
        store.judge(item, typed, Opinion("keep"))
        store.judge(item, "Bob", Opinion("keep"))
    store.move(session, "settling", "ann")
    pairs = review_pairs(part_with(store.snapshot()))
    assert rows(pairs, "person", "other", "n_items", "agreed") == [("Ann", "Bob", 3, 3)]
