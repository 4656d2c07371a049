"""Agreement of sessions and of pairs, on verdicts that a reader can count."""

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.review.agreement import review_agreement, review_pairs
from analytics.statistics.agreement import ABSENT, COHEN, FLEISS, MEASURES, NOMINAL, ORDINAL, RAW
from tests.made_reviews import RULES, VERDICTS, Said, part_with, reviewed
from tests.plain import rows_of, wilson
from tests.statistics.test_agreement import PLAIN, plain_cohen

BY_RANK = [verdict.name for verdict in sorted(RULES.verdicts, key=lambda each: each.rank or 0) if verdict.rank]
PEOPLE = ("Ann", "Ben", "Cem")


def said_by(session: int, **verdicts: str) -> list[Said]:
    """Verdicts by person, a letter an item: k(eep), p(romote), d(rop), h(old), or a dot for none."""
    names = {"k": "keep", "p": "promote", "d": "drop", "h": "hold"}
    return [
        Said(session, item, person, names[letter])
        for person, letters in verdicts.items()
        for item, letter in enumerate(letters)
        if letter != "."
    ]


TWO = part_with(reviewed([*said_by(1, Ann="kkkkkkpppp", Ben="kkkkkppppk"), *said_by(2, Ann="kd.", Ben="kkh")]))


def test_agreement_of_two_by_hand() -> None:
    """Both say keep 6 times and promote 4 times; 8 of 10 agree; by chance 0.36 + 0.16 would: 0.28 / 0.48."""
    table = review_agreement(TWO).set_index(["session", "measure"])
    assert table.index.tolist() == [(session, measure.name) for session in (2, 1) for measure in MEASURES]
    first = table.loc[1]
    assert first.loc[RAW.name, ["value", "n_items", "n_people"]].tolist() == [0.8, 10, 2]
    assert first.loc[[COHEN.name, FLEISS.name], "value"].tolist() == pytest.approx([0.28 / 0.48] * 2)
    assert first.loc[NOMINAL.name, "value"] == pytest.approx(1 - 0.2 / (2 * 12 * 8 / (20 * 19)))
    assert not first["small"].any()
    assert table.loc[2]["n_items"].tolist() == [2] * 5
    assert table.loc[2]["small"].all()


def test_the_finding_says_how_many_and_that_they_are_few() -> None:
    assert review_agreement.finding(review_agreement(TWO)) == (
        "In session 2 (Week 2) 50% of the pairs of verdicts on the same item agree; Krippendorff's ordinal alpha is "
        "0.00 (2 people, 2 items, fewer than the 10 that a firm statement needs)."
    )
    whole = review_agreement.finding(review_agreement(TWO).query("session == 1"))
    assert whole.startswith("In session 1 (Week 1) 80% of the pairs of verdicts on the same item agree; Krippendorff's")
    assert whole.endswith("(2 people, 10 items).")


def test_verdicts_without_a_rank_are_left_out_of_the_ordinal_alpha_only() -> None:
    table = review_agreement(part_with(reviewed(said_by(1, Ann="khkp", Ben="khpp")))).set_index("measure")
    assert table["n_items"].to_dict() == {RAW.name: 4, COHEN.name: 4, FLEISS.name: 4, NOMINAL.name: 4, ORDINAL.name: 3}


def test_one_person_alone_agrees_with_nobody() -> None:
    table = review_agreement(part_with(reviewed(said_by(1, Ann="kkp"))))
    assert table["value"].isna().all()
    assert set(table["note"]) == {"no two people judged the same item"}
    assert review_agreement.finding(table) == "In no session did two people judge the same item."
    assert review_pairs(part_with(reviewed(said_by(1, Ann="kkp", Ben="...h")))).empty


def test_verdicts_that_were_changed_after_a_discussion_count_as_they_were_first() -> None:
    """In the end all agree; at first 8 of 10 did. A skip before the first verdict is none, nor is one after it."""
    first = said_by(1, Ann="kkkkkkpppp", Ben="kkkkkppppk")
    skipped = Said(1, 0, "Ann", None)
    talked_over = [skipped, *first, *said_by(1, Ann="k" * 10, Ben="k" * 10), skipped]
    for measure in (review_agreement, review_pairs):
        expected, found = (rows_of(measure(part_with(reviewed(said)))) for said in (first, talked_over))
        assert found == expected
    assert review_pairs(part_with(reviewed(talked_over)))["agreed"].tolist() == [8]


LINES = st.builds(
    Said, st.just(1), st.integers(0, 5), st.sampled_from(PEOPLE), st.sampled_from([None, *VERDICTS]), st.none()
)


@pytest.mark.slow
@given(st.lists(LINES, max_size=25))
def test_measures_and_pairs_are_those_of_the_definitions(said: list[Said]) -> None:
    data = part_with(reviewed(said))
    given_ = {(line.item, line.person): line.verdict for line in reversed(said) if line.verdict}
    for row in review_agreement(data).itertuples():
        names = BY_RANK if row.measure == ORDINAL.name else VERDICTS
        items = [[code_of(given_.get((item, who)), names) for who in PEOPLE] for item in range(6)]
        assert plainly(row.value) == near_to(PLAIN[row.measure](items))
    for row in review_pairs(data).itertuples():
        both = [
            (given_[item, row.person], given_[item, row.other])
            for item in range(6)
            if {(item, row.person), (item, row.other)} <= given_.keys()
        ]
        ranked = [pair for pair in both if set(pair) <= set(BY_RANK)]
        assert (row.n_items, row.n_ranked, row.agreed) == (len(both), len(ranked), sum(a == b for a, b in both))
        assert (row.share, row.low, row.high) == pytest.approx(wilson(row.agreed, row.n_items))
        assert plainly(row.kappa) == near_to(plain_cohen(both))
        assert plainly(row.kappa_weighted) == near_to(plain_cohen(ranked, {name: rank_of(name) for name in BY_RANK}))


def code_of(verdict: str | None, names: Sequence[str]) -> int:
    return names.index(verdict) if verdict in names else ABSENT


def rank_of(name: str) -> int:
    return RULES.verdict(name).rank


def plainly(value: object) -> float | None:
    return None if pd.isna(value) else float(value)


def near_to(value: float | None) -> object:
    return None if value is None else pytest.approx(value, abs=1e-9)


def test_two_who_agree_less_than_the_others_are_named_where_that_is_clear() -> None:
    said = said_by(1, Ann="kkkkkkkkkk", Ben="kkkkkkkkpp", Cem="kkkkpppppp")
    table = review_pairs(part_with(reviewed(said)))
    assert list(zip(table["person"], table["other"], table["agreed"], strict=True)) == [
        ("Ann", "Ben", 8),
        ("Ann", "Cem", 4),
        ("Ben", "Cem", 6),
    ]
    assert review_pairs.finding(table) == (
        "In session 1 (Week 1) the 3 pairs of people agree on 40% to 80% of the items that both judged; none clearly "
        "less than the others."
    )
    apart = review_pairs(part_with(reviewed(said_by(1, Ann="k" * 20, Ben="k" * 20, Cem="k" * 20, Dan="p" * 20))))
    assert review_pairs.finding(apart) == (
        "In session 1 (Week 1) the 6 pairs of people agree on 0% to 100% of the items that both judged; Ann and Dan "
        "less than the others: 0% [0, 16] of the 20 items that both judged."
    )
    few = review_pairs(part_with(reviewed(said_by(1, Ann="kp", Ben="kk"))))
    assert review_pairs.finding(few) == (
        "In session 1 (Week 1) no two people judged 10 items in common, at most 2: too few to compare."
    )
