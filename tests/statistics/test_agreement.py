"""Measures of agreement on published examples, and against their definitions in plain Python on random verdicts."""

from collections import Counter
from itertools import combinations, permutations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import fleiss_kappa

from analytics.statistics import agreement as measures
from analytics.statistics.agreement import (
    ABSENT,
    COHEN,
    FLEISS,
    MEASURES,
    NOMINAL,
    ORDINAL,
    RAW,
    Codes,
    Measure,
    contingency_table,
    estimate,
    kappa,
)

Verdicts = list[list[int]]
"""Plain verdicts, an item a list: the code of each person, ABSENT for none."""

DIAGNOSES = """444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445
333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555"""
"""Six psychiatric diagnoses of each of 30 patients: Fleiss 1971, Psychological Bulletin 76(5), table 1."""


def codes_of(*lines: str) -> Codes:
    """Verdicts written as digits, a line an item; a dot for none."""
    return np.array([[ABSENT if mark == "." else int(mark) for mark in line] for line in lines])


KRIPPENDORFF = codes_of("11.1", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", ".555", "..11", ".3..")
"""Twelve units and four observers: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C."""


def tabled(*rows: tuple[int, ...]) -> Codes:
    """The verdicts of two people that make a table."""
    return np.array([pair for pair, n in np.ndenumerate(np.array(rows)) for _ in range(n)])


def plain_raw(items: Verdicts) -> float | None:
    pairs = [one == other for item in items for one, other in combinations(given_in(item), 2)]
    return sum(pairs) / len(pairs) if pairs else None


def plain_cohen(pairs: list[tuple[int, int]], distance: dict[int, float] | None = None) -> float | None:
    """One minus the mean distance of the verdicts, by that of every verdict of one with every one of the other."""

    def apart(a: int, b: int) -> float:
        return float(a != b) if distance is None else abs(distance[a] - distance[b])

    if not pairs:
        return None
    observed = sum(apart(a, b) for a, b in pairs) / len(pairs)
    expected = sum(apart(a, b) for a, _ in pairs for _, b in pairs) / len(pairs) ** 2
    return 1 - observed / expected if expected else None


def plain_light(items: Verdicts) -> float | None:
    people = range(len(items[0])) if items else ()
    both = [
        [(item[one], item[other]) for item in items if ABSENT not in (item[one], item[other])]
        for one, other in combinations(people, 2)
    ]
    known = [value for value in map(plain_cohen, both) if value is not None]
    return sum(known) / len(known) if known else None


def plain_fleiss(items: Verdicts) -> float | None:
    sizes = Counter(len(given_in(item)) for item in items if len(given_in(item)) > 1)
    if not sizes:
        return None
    m = max(sizes, key=lambda size: (sizes[size], size))
    used = [given_in(item) for item in items if len(given_in(item)) == m]
    observed = sum(a == b for item in used for a, b in permutations(item, 2)) / (len(used) * m * (m - 1))
    every = [verdict for item in used for verdict in item]
    expected = sum((n / len(every)) ** 2 for n in Counter(every).values())
    return (observed - expected) / (1 - expected) if expected < 1 else None


def plain_alpha(items: Verdicts, *, ordinal: bool) -> float | None:
    """Observed by expected disagreement: within items, each by its size less one, and among all paired verdicts."""
    used = [given_in(item) for item in items if len(given_in(item)) > 1]
    every = sorted(verdict for item in used for verdict in item)

    def apart(a: int, b: int) -> float:
        if not ordinal:
            return float(a != b)
        low, high = sorted((a, b))
        between = sum(low <= verdict <= high for verdict in every)
        return (between - (every.count(a) + every.count(b)) / 2) ** 2

    expected = sum(apart(a, b) for a, b in permutations(every, 2)) / max(len(every) - 1, 1)
    observed = sum(apart(a, b) / (len(item) - 1) for item in used for a, b in permutations(item, 2))
    return 1 - observed / expected if expected else None


PLAIN = {
    RAW.name: plain_raw,
    COHEN.name: plain_light,
    FLEISS.name: plain_fleiss,
    NOMINAL.name: lambda items: plain_alpha(items, ordinal=False),
    ORDINAL.name: lambda items: plain_alpha(items, ordinal=True),
}


def given_in(item: list[int]) -> list[int]:
    return [verdict for verdict in item if verdict != ABSENT]


@st.composite
def verdicts(draw: st.DrawFn) -> Verdicts:
    people = draw(st.integers(1, 4))
    one = st.sampled_from([ABSENT, 0, 0, 1, 2, 5])
    return draw(st.lists(st.lists(one, min_size=people, max_size=people), min_size=1, max_size=9))


every_measure = pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)


def test_fleiss_kappa_of_the_psychiatric_diagnoses_is_the_published_one() -> None:
    found = estimate(FLEISS, codes_of(*DIAGNOSES.split()))
    assert round(found.value, 3) == 0.430
    assert (found.items, found.people, found.note) == (30, 6, "")


@pytest.mark.parametrize(("measure", "published"), [(NOMINAL, 0.743), (ORDINAL, 0.815)])
def test_alpha_of_krippendorffs_example_is_the_published_one(measure: Measure, published: float) -> None:
    found = estimate(measure, KRIPPENDORFF)
    assert round(found.value, 3) == published
    assert (found.items, found.people) == (11, 4)


@pytest.mark.parametrize(
    ("table", "published"),
    [
        (((88, 14, 18), (10, 40, 10), (2, 6, 12)), 0.492),
        (((75, 1, 4), (5, 4, 1), (0, 0, 10)), 0.676),
    ],
    ids=[
        "Cohen 1960, Educational and Psychological Measurement 20(1), table 1",
        "Fleiss 1981, Statistical Methods, 13.1",
    ],
)
def test_cohens_kappa_is_the_published_one(table: tuple[tuple[int, ...], ...], published: float) -> None:
    codes = tabled(*table)
    assert contingency_table(codes).tolist() == [list(row) for row in table]
    assert round(kappa(contingency_table(codes)), 3) == published
    assert round(estimate(COHEN, codes).value, 3) == published


def test_weighted_kappa_is_the_published_one() -> None:
    """85 mammograms and two radiologists: Altman 1991, Practical Statistics for Medical Research, 14.3."""
    table = contingency_table(tabled((21, 12, 0, 0), (4, 17, 1, 0), (3, 9, 15, 2), (0, 0, 0, 1)))
    assert round(kappa(table), 2) == 0.47
    assert round(kappa(table, np.arange(4)), 2) == 0.57


@given(items=verdicts())
def test_alpha_is_that_of_the_krippendorff_package(items: Verdicts) -> None:
    used = [item for item in items if len(given_in(item)) > 1]
    if len({verdict for item in used for verdict in given_in(item)}) < 2:
        return
    ratings = np.array([[np.nan if verdict == ABSENT else verdict for verdict in item] for item in used]).T
    for measure, level in ((NOMINAL, "nominal"), (ORDINAL, "ordinal")):
        expected = krippendorff.alpha(ratings, level_of_measurement=level)
        assert estimate(measure, np.array(items)).value == pytest.approx(expected)


def test_fleiss_kappa_is_that_of_statsmodels() -> None:
    codes = codes_of(*DIAGNOSES.split())
    counts = np.stack([(codes == category).sum(axis=1) for category in range(1, 6)], axis=1)
    assert estimate(FLEISS, codes).value == pytest.approx(fleiss_kappa(counts))


@every_measure
@given(items=verdicts())
def test_values_are_those_of_the_definitions(measure: Measure, items: Verdicts) -> None:
    found, expected = estimate(measure, np.array(items)), PLAIN[measure.name](items)
    assert found.value == (None if expected is None else pytest.approx(expected))


@every_measure
@given(items=verdicts(), seed=st.integers(0, 5))
def test_a_resample_has_the_value_of_its_items(measure: Measure, items: Verdicts, seed: int) -> None:
    codes = np.array(items)
    used = codes[measure.usable(codes)]
    if not len(used):
        return
    drawn = np.random.default_rng(seed).multinomial(len(used), np.full(len(used), 1 / len(used)), 3)
    for times, value in zip(drawn, measure.values(used, drawn), strict=True):
        expected = PLAIN[measure.name](np.repeat(used, times, axis=0).tolist())
        assert np.isnan(value) if expected is None else value == pytest.approx(expected, abs=1e-9)


@given(items=verdicts())
def test_weighted_kappa_is_that_of_the_definition(items: Verdicts) -> None:
    pairs = [tuple(item[:2]) for item in items if len(item) > 1 and ABSENT not in item[:2]]
    codes = np.array(pairs, dtype="int64").reshape(-1, 2)
    ranks = np.array([1, 2, 4, 7, 7, 9])[: codes.max(initial=0) + 1]
    expected = plain_cohen(pairs, dict(enumerate(map(float, ranks))))
    found = kappa(contingency_table(codes), ranks)
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("lines", "note"),
    [
        ([], measures.NOBODY),
        (["1.", ".1"], measures.NOBODY),
        (["11", "11", "11"], measures.ONE_VERDICT),
    ],
)
def test_what_is_not_defined_says_why(lines: list[str], note: str) -> None:
    codes = codes_of(*lines) if lines else np.zeros((0, 0), dtype="int64")
    for measure in (COHEN, FLEISS, NOMINAL, ORDINAL):
        assert estimate(measure, codes)[:3] == (None, None, None)
        assert estimate(measure, codes).note == note


def test_full_agreement_has_no_interval_and_few_items_are_told() -> None:
    assert estimate(RAW, codes_of("11", "22")) == (1.0, None, None, 2, 2, f"{measures.FEW}; {measures.NO_SPREAD}")
    assert estimate(NOMINAL, codes_of(*["11", "22"] * 6)) == (1.0, None, None, 12, 2, measures.NO_SPREAD)


def test_a_measure_that_most_resamples_cannot_tell_has_no_interval() -> None:
    found = estimate(COHEN, codes_of(*["11"] * 19, "12"))
    assert found == (pytest.approx(0), None, None, 20, 2, measures.UNDEFINED)


@every_measure
def test_the_interval_is_the_same_again_and_in_any_order_of_items(measure: Measure) -> None:
    codes = codes_of(*DIAGNOSES.split())
    found = estimate(measure, codes)
    assert found == estimate(measure, codes) == estimate(measure, codes[::-1])
    assert found.low < found.value < found.high


def test_the_interval_of_raw_agreement_of_two_is_that_of_a_binomial() -> None:
    """Of 40 items 30 agree: resampling items is drawing 40 times with a chance of 3 in 4."""
    found = estimate(RAW, tabled((15, 5), (5, 15)))
    drawn = np.random.default_rng(1).binomial(40, 0.75, 100_000) / 40
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.03)


def test_the_interval_holds_the_true_kappa_about_as_often_as_it_says() -> None:
    """Two people of whom each gives one of three verdicts; the same one in 70 of 100 cases: a kappa of 0.55."""
    rng, hits, tables = np.random.default_rng(3), 0, 200
    chances = np.where(np.eye(3) > 0, 0.7 / 3, 0.3 / 6).ravel()
    for _ in range(tables):
        table = rng.multinomial(80, chances).reshape(3, 3)
        found = estimate(NOMINAL, tabled(*table.tolist()))
        hits += found.low <= 0.55 <= found.high
    assert 0.90 <= hits / tables <= 0.99
