"""How often the score is right, on control samples and sessions that a reader can count."""

from dataclasses import replace

import pandas as pd
import pytest

from analytics.analyses.review.score_accuracy import CONTROL, TARGETED, control_sample, review_drift
from analytics.review_table_contracts import ReviewTables
from tests.made_reviews import Listed, Said, Settled, part_with, reviewed
from tests.plain import rows_of, wilson

CONTROLS = {(1, n): Listed(control=n < 5) for n in range(9)}


def test_right_silent_and_undecided_items_are_counted_apart() -> None:
    """Control: right, wrong, silent, tied, wrong (the group differs). Targeted: three wrong, one judged by nobody."""
    said = [
        Said(1, 0, "Ann", "keep"),
        Said(1, 1, "Ann", "drop"),
        Said(1, 2, "Ann", "hold"),
        Said(1, 3, "Ann", "keep"),
        Said(1, 3, "Ben", "drop"),
        Said(1, 4, "Ann", "drop"),
        *(Said(1, n, "Ann", "promote") for n in (5, 6, 7)),
        Said(1, 8, "Ann", None),
    ]
    table = control_sample(part_with(reviewed(said, [Settled(1, 4, "keep")], CONTROLS)))
    columns = ["sample", "items", "undecided", "silent", "n", "right"]
    assert [tuple(row) for row in table[columns].itertuples(index=False)] == [
        (CONTROL, 5, 1, 1, 3, 1),
        (TARGETED, 4, 1, 0, 3, 0),
    ]
    assert table["eligible"].tolist() == [100, pd.NA]
    assert table.loc[1, ["share", "low", "high"]].tolist() == pytest.approx(wilson(0, 3))
    assert control_sample.finding(table) == (
        "By the control sample the score is right for 33% [6, 79] of 3 items, fewer than the 10 that a firm statement "
        "needs; of those on the agenda because something is doubtful, for 0% of 3 items."
    )


def drawn(items: int, eligible: int, session: int = 1, right: int | None = None) -> ReviewTables:
    """A control sample of so many items out of the eligible articles; the first are right, half of them unless told."""
    listed = {(session, n): Listed(control=True) for n in range(items)}
    wanted = items // 2 if right is None else right
    known = reviewed([Said(session, n, "Ann", "keep" if n < wanted else "drop") for n in range(items)], listed=listed)
    return replace(known, sessions=known.sessions.assign(eligible=pd.array([eligible], dtype="Int64")))


def test_the_interval_is_that_of_a_sample_of_a_population_that_is_known() -> None:
    """20 of 39 tell as much as 20 · 38 / 19 = 40 of endless many would; all of 20 leave nothing open."""
    (row,) = rows_of(control_sample(part_with(drawn(20, 39))))
    assert [row["share"], row["low"], row["high"]] == pytest.approx(wilson(20, 40))
    (row,) = rows_of(control_sample(part_with(drawn(20, 20))))
    assert (row["share"], row["low"], row["high"]) == (0.5, 0.5, 0.5)
    assert control_sample.finding(control_sample(part_with(drawn(20, 20)))) == (
        "By the control sample the score is right for 50% [50, 50] of 20 items."
    )


def test_of_several_sessions_the_variances_add_up() -> None:
    """10 of 19 (as 20) and 20 of 39 (as 40): 30² / (10² / 20 + 20² / 40) = 60; a whole selection adds no doubt."""
    one, other = (control_sample(part_with(drawn(*how))) for how in ((10, 19, 1), (20, 39, 2)))
    assert wilson(30, 60)[1:] == pytest.approx((0.377, 0.623), abs=5e-4)
    assert control_sample.finding(pd.concat([other, one])) == (
        "By the control sample the score is right for 50% [38, 62] of 30 items."
    )
    whole = [control_sample(part_with(drawn(10, 10, session))) for session in (1, 2)]
    assert control_sample.finding(pd.concat(whole)).endswith("for 50% [50, 50] of 20 items.")


def test_what_was_said_after_the_score_was_shown_does_not_count() -> None:
    """Ann changes all her verdicts, skips one in the end, and the group settles them otherwise."""
    listed = {(1, n): Listed(control=True) for n in range(10)}
    first = [Said(1, n, "Ann", "drop" if n < 9 else "keep") for n in range(10)]
    later = [*(Said(1, n, "Ann", "keep") for n in range(10)), Said(1, 4, "Ann", None)]
    settled = [Settled(1, n, "keep") for n in range(10)]
    tables = [
        control_sample(part_with(reviewed(said, by, listed))) for said, by in ((first, ()), (first + later, settled))
    ]
    assert rows_of(tables[0]) == rows_of(tables[1])
    assert tables[1][["n", "right", "undecided"]].to_numpy().tolist() == [[10, 1, 0]]
    drifts = [review_drift(part_with(reviewed(said, listed=listed))) for said in (first, first + later)]
    assert rows_of(drifts[0]) == rows_of(drifts[1])


def test_the_finding_is_of_all_sessions_together() -> None:
    listed = {(session, n): Listed(control=True) for session in (1, 2) for n in range(8)}
    said = [Said(session, n, "Ann", "keep" if n < 6 else "drop") for session, n in listed]
    table = control_sample(part_with(reviewed(said, listed=listed)))
    assert table["session"].tolist() == [2, 1]
    assert control_sample.finding(table) == "By the control sample the score is right for 75% [51, 89] of 16 items."


def test_a_session_without_a_control_sample_says_nothing_of_the_scores() -> None:
    table = control_sample(part_with(reviewed([Said(1, 1, "Ann", "drop")])))
    assert table["sample"].tolist() == [TARGETED]
    assert control_sample.finding(table).startswith("No item of a control sample has a verdict")


def test_drift_by_hand() -> None:
    """Session 1: keep 4 of 8 verdicts on 4 items. Session 2: one verdict, which says nothing of the score."""
    said = [Said(1, n, who, "keep" if n < 2 else "drop", 70 + n) for n in range(4) for who in ("Ann", "Ben")]
    table = review_drift(part_with(reviewed([*said, Said(2, 1, "Ann", "hold")])))
    assert table["session"].tolist() == [2, 1]
    columns = ["n", "n_items", "agreeing", "suggestions", "suggested_items"]
    assert table[columns].to_numpy().tolist() == [[0, 0, 0, 0, 0], [8, 4, 4, 8, 4]]
    assert table.loc[0, ["share", "low", "high", "difference"]].isna().all()
    assert table.loc[1, ["share", "low", "high"]].tolist() == pytest.approx(wilson(2, 4))
    row = table.loc[1]
    assert row["difference"] == 1.5
    assert row["difference_high"] - 1.5 == pytest.approx(3.1824 * 1.290994 / 2, abs=1e-3)
    assert (
        review_drift.finding(table) == "No session has the 10 items with a verdict on the score that a statement needs."
    )


@pytest.mark.parametrize(
    ("later", "words"),
    [(2, "-70 points, more than chance."), (8, "-10 points, no more than chance would do.")],
)
def test_the_finding_tells_a_shift_from_chance(later: int, words: str) -> None:
    said = [Said(s, n, "Ann", "keep" if n < right else "drop") for s, right in ((1, 9), (2, later)) for n in range(10)]
    finding = review_drift.finding(review_drift(part_with(reviewed(said))))
    assert finding.endswith(f"of 10 verdicts agree with the score; against session 1 (Week 1) that is {words}")
    alone = review_drift.finding(review_drift(part_with(reviewed(said[:10]))))
    assert alone == "In session 1 (Week 1) 90% [60, 98] of 10 verdicts agree with the score (10 items)."
