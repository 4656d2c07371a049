"""The verdict of each item, agenda reasons and decisions, on sessions that a reader can check by eye."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.review.verdicts import (
    DECISION,
    MAJORITY,
    NOBODY,
    OUTCOMES,
    TIE,
    first_verdicts,
    review_decisions_listed,
    reviewed_items,
    verdicts_by_reason,
    verdicts_given,
)
from analytics.selection.selection import Selection
from tests.corpora import article
from tests.made_reviews import VERDICTS, Listed, Said, Settled, part_with, reviewed
from tests.plain import near, rows_of, wilson

KNOWN = reviewed(
    [
        Said(1, 1, "Ann", "keep"),
        Said(1, 1, "Ben", "keep"),
        Said(1, 1, "Cem", "drop"),
        Said(1, 2, "Ann", "keep"),
        Said(1, 2, "Ben", "drop"),
        Said(1, 3, "Ann", None, 50),
        Said(2, 1, "Ann", "hold"),
        Said(2, 1, "Ann", "promote"),
        Said(2, 2, "Ann", "drop"),
        Said(2, 2, "Ann", None),
    ],
    [Settled(1, 1, "demote"), Settled(1, 2, "keep"), Settled(1, 2, None, state="reopened"), Settled(2, 3, "hold")],
    {(1, 1): Listed(reasons="near miss; missing scores"), (2, 3): Listed(reasons=""), (1, 4): Listed()},
)


def test_the_first_verdict_of_each_person_and_item_is_not_changed_by_later_ones() -> None:
    """Ann skips, judges, changes and skips again; Ben changes; the order of the rows does not matter."""
    known = reviewed(
        [
            Said(1, 1, "Ann", None),
            Said(1, 1, "Ben", "drop", 40),
            Said(1, 1, "Ann", "keep", 70),
            Said(1, 1, "Ben", "keep", 70),
            Said(1, 2, "Ben", "hold"),
            Said(1, 1, "Ann", "promote", 90),
            Said(1, 1, "Ann", None),
            Said(1, 3, "Ann", None),
        ]
    ).judgements
    expected = [(1, "Ben", "drop", 40), (1, "Ann", "keep", 70), (2, "Ben", "hold", None)]
    for judgements in (known, known.iloc[::-1]):
        table = first_verdicts(judgements)[["item", "person", "verdict", "quality"]].astype("object")
        assert [tuple(row) for row in table.where(table.notna(), None).itertuples(index=False)] == expected
    assert first_verdicts(known.head(0)).empty


def test_only_the_current_verdicts_count_and_skips_are_none() -> None:
    given_ = verdicts_given(part_with(KNOWN))
    assert list(zip(given_["title"], given_["person"], given_["verdict"], strict=True)) == [
        ("Title 1-1", "Ann", "keep"),
        ("Title 1-1", "Ben", "keep"),
        ("Title 1-1", "Cem", "drop"),
        ("Title 1-2", "Ann", "keep"),
        ("Title 1-2", "Ben", "drop"),
        ("Title 2-1", "Ann", "promote"),
    ]


def test_the_verdict_of_an_item_is_the_groups_else_that_of_most_people() -> None:
    table = reviewed_items(part_with(KNOWN))
    found = table[["title", "people", "verdicts", "verdict", "basis", "agrees"]].assign(
        basis=table["basis"].astype("str")
    )
    assert rows_of(found) == [
        dict(zip(found.columns, row, strict=True))
        for row in (
            ("Title 2-1", 1, "promote 1", "promote", MAJORITY, False),
            ("Title 2-2", 0, "", None, NOBODY, None),
            ("Title 2-3", 0, "", "hold", DECISION, None),
            ("Title 1-1", 3, "keep 2, drop 1", "demote", DECISION, False),
            ("Title 1-2", 2, "drop 1, keep 1", None, TIE, None),
            ("Title 1-3", 0, "", None, NOBODY, None),
            ("Title 1-4", 0, "", None, NOBODY, None),
        )
    ]
    said = "3 of 7 items have a verdict: 2 by the group, 1 by most people, 1 tied, 3 judged by nobody."
    assert reviewed_items.finding(table) == said


def test_the_newest_session_is_the_newest_in_which_anything_was_said() -> None:
    later = reviewed([Said(1, 1, "Ann", "keep")], listed={(2, 1): Listed()})
    assert reviewed_items(part_with(later), sessions="newest")["session"].tolist() == [1]
    assert reviewed_items(part_with(KNOWN), sessions="newest")["session"].tolist() == [2, 2, 2]


def test_a_selection_leaves_the_items_of_its_articles() -> None:
    articles = [article(quality=60), article(quality=80)]
    known = reviewed([Said(1, 1, "Ann", "keep")], listed={(1, n): Listed(path=f"_news/000{n}.md") for n in (0, 1, 2)})
    found = [reviewed_items(part_with(known, articles, Selection(quality_min=bound)))["path"] for bound in (None, 70)]
    assert [paths.tolist() for paths in found] == [
        ["_news/0000.md", "_news/0001.md", "_news/0002.md"],
        ["_news/0001.md"],
    ]


def test_reasons_lead_to_verdicts() -> None:
    table = verdicts_by_reason(part_with(KNOWN))
    columns = ["reason", "verdict", "n", "decided", "undecided", "wrong"]
    assert [tuple(row) for row in table[columns].itertuples(index=False)] == [
        ("near miss", "demote", 1, 2, 4, 1),
        ("near miss", "hold", 0, 2, 4, 0),
        ("near miss", "promote", 1, 2, 4, 1),
        ("(none)", "demote", 0, 1, 0, 0),
        ("(none)", "hold", 1, 1, 0, 0),
        ("(none)", "promote", 0, 1, 0, 0),
        ("missing scores", "demote", 1, 1, 0, 1),
        ("missing scores", "hold", 0, 1, 0, 0),
        ("missing scores", "promote", 0, 1, 0, 0),
    ]
    assert near(rows_of(table[["share", "low", "high"]].head(1))) == near(
        [dict(zip(("share", "low", "high"), wilson(1, 2), strict=True))]
    )


def test_the_reasons_that_pay_and_do_not_are_named() -> None:
    listed = {(1, n): Listed(reasons="near miss" if n < 10 else "duplicate") for n in range(20)}
    said = [Said(1, n, "Ann", "keep" if n % 10 < 3 or n >= 19 else "drop") for n in range(20)]
    finding = verdicts_by_reason.finding(verdicts_by_reason(part_with(reviewed(said, listed=listed))))
    assert finding == (
        "For no reason is the score found wrong clearly more or less often than for the others (2 compared); "
        "shares from 60% to 70%."
    )
    said = [Said(1, n, "Ann", "keep" if n < 10 else "drop") for n in range(20)]
    finding = verdicts_by_reason.finding(verdicts_by_reason(part_with(reviewed(said, listed=listed))))
    assert finding == (
        "The score is found wrong more often for duplicate (100% [72, 100] of 10 items), "
        "less often for near miss (0% [0, 28] of 10 items); 2 reasons compared."
    )


def test_decisions_are_listed_open_points_first() -> None:
    known = reviewed(
        [],
        [
            Settled(1, 1, "keep", 80),
            Settled(1, 2, "hold", state="another look"),
            Settled(2, 1, "drop"),
            Settled(2, 2, "keep"),
            Settled(2, 2, None, state="reopened"),
        ],
    )
    table = review_decisions_listed(part_with(known))
    assert list(zip(table["path"], table["outcome"], table["verdict"].fillna("-"), strict=True)) == [
        ("_news/1-2.md", "another look", "hold"),
        ("_news/2-2.md", "reopened", "-"),
        ("_news/2-1.md", "settled", "drop"),
        ("_news/1-1.md", "settled", "keep"),
    ]
    assert table[["quality", "present", "by"]].iloc[3].tolist() == [80, "Ann; Ben", "Ann"]
    said = "Groups decided on 4 items: 2 settled, 1 to be looked at again, 1 reopened."
    assert review_decisions_listed.finding(table) == said
    assert review_decisions_listed(part_with(known), sessions="newest")["session"].tolist() == [2, 2]


LINES = st.builds(
    Said, st.integers(1, 2), st.integers(1, 3), st.sampled_from("ABC"), st.sampled_from([None, *VERDICTS]), st.none()
)
SETTLED = st.builds(
    Settled, st.integers(1, 2), st.integers(1, 3), st.sampled_from(VERDICTS), st.none(), st.sampled_from(OUTCOMES)
)


@pytest.mark.slow
@given(st.lists(LINES), st.lists(SETTLED))
def test_verdicts_of_items_are_those_of_a_loop(said: list[Said], settled: list[Settled]) -> None:
    known = reviewed(said, settled)
    table = reviewed_items(part_with(known))
    latest = {(line.session, line.item, line.person): line.verdict for line in said}
    latest_of_group = {(line.session, line.item): line for line in settled}
    groups = {place: line.verdict for place, line in latest_of_group.items() if line.state == "settled"}
    for row in table.itertuples():
        place = (row.session, row.position)
        here = [verdict for (*where, _), verdict in latest.items() if tuple(where) == place and verdict]
        most = {verdict for verdict in here if here.count(verdict) == max(map(here.count, here))}
        expected = groups.get(place) or (most.pop() if len(most) == 1 else None)
        assert (row.verdict if row.verdict == row.verdict else None) == expected
        assert row.people == len(here)
