"""How often the score is right, on control samples and sessions that a reader can count."""

import pytest

from analytics.analyses.review.score_accuracy import CONTROL, TARGETED, control_sample, review_drift
from tests.made_reviews import Listed, Said, Settled, part_with, reviewed
from tests.plain import wilson

CONTROLS = {(1, n): Listed(control=n < 5) for n in range(9)}


def test_right_silent_and_undecided_items_are_counted_apart() -> None:
    """Control: right, wrong, silent, tied, right by the group. Targeted: wrong three times, one judged by nobody."""
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
        (CONTROL, 5, 1, 1, 3, 2),
        (TARGETED, 4, 1, 0, 3, 0),
    ]
    assert table.loc[0, ["share", "low", "high"]].tolist() == pytest.approx(wilson(2, 3))
    assert control_sample.finding(table) == (
        "By the control sample the score is right for 67% [21, 94] of 3 items, fewer than the 10 that a firm statement "
        "needs; of those on the agenda because something is doubtful, for 0% of 3 items."
    )


def test_the_finding_is_of_all_sessions_together() -> None:
    listed = {(session, n): Listed(control=True) for session in (1, 2) for n in range(8)}
    said = [Said(session, n, "Ann", "keep" if n < 6 else "drop") for session, n in listed]
    table = control_sample(part_with(reviewed(said, listed=listed)))
    assert table["session"].tolist() == [2, 1]
    assert control_sample.finding(table) == "By the control sample the score is right for 75% [51, 90] of 16 items."


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
