"""Medians and Cliff's delta from counts, held against scipy, a double loop, and a published example."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap, mannwhitneyu

from analytics.statistics import effect_size
from analytics.statistics.effect_size import cliffs_delta, median_difference, size_word

few = st.lists(st.integers(0, 30), min_size=1, max_size=25)


def counted(values: list[int]) -> pd.DataFrame:
    counts = Counter(values)
    return pd.DataFrame({"score": list(counts), "n": list(counts.values())}).astype("Int64")


@given(few, few)
def test_cliffs_delta_is_that_of_a_double_loop_and_of_mann_whitney(first: list[int], other: list[int]) -> None:
    found = cliffs_delta(counted(first), counted(other), "score").value
    wins = sum((b > a) - (b < a) for a in first for b in other)
    assert found == pytest.approx(wins / (len(first) * len(other)))
    u = mannwhitneyu(other, first).statistic
    assert found == pytest.approx(2 * u / (len(first) * len(other)) - 1)


def test_the_interval_is_that_of_the_published_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hogarty, Kromrey 1999; the interval as R's effsize prints it."""
    monkeypatch.setattr(effect_size, "SMALL_N", 6)
    treated, control = [10, 10, 20, 20, 20, 30, 30, 30, 40, 50], [10, 20, 30, 40, 40, 50]
    found = cliffs_delta(counted(control), counted(treated), "score")
    assert found == pytest.approx((-0.25, -0.7265846, 0.3890062), abs=1e-7)


@given(st.lists(st.integers(0, 30), min_size=10, max_size=40), st.lists(st.integers(0, 30), min_size=10, max_size=40))
def test_the_interval_of_cliffs_delta_holds_it_and_turns_with_the_sides(first: list[int], other: list[int]) -> None:
    delta, low, high = cliffs_delta(counted(first), counted(other), "score")
    assert -1 <= low <= delta + 1e-9
    assert delta - 1e-9 <= high <= 1
    assert cliffs_delta(counted(other), counted(first), "score") == pytest.approx((-delta, -high, -low))


def test_scores_that_do_not_meet_have_an_interval_all_the_same() -> None:
    low, high = list(range(12)), list(range(50, 70))
    found = cliffs_delta(counted(low), counted(high), "score")
    assert found == pytest.approx((1, (12 - 2.0422725**2) / (12 + 2.0422725**2), 1))


@given(few, few)
def test_the_difference_of_medians_is_numpys(first: list[int], other: list[int]) -> None:
    found = median_difference(counted(first), counted(other), "score")
    assert found.value == np.median(other) - np.median(first)
    assert (found.low is None) == (min(len(first), len(other)) < 10)


@pytest.mark.parametrize("sizes", [(40, 25), (31, 60), (300, 200)])
def test_the_interval_of_the_medians_is_that_of_scipys_bootstrap(sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    first, other = (rng.normal(70 + 5 * place, 15, size).round() for place, size in enumerate(sizes))

    def difference(one: np.ndarray, two: np.ndarray, axis: int) -> np.ndarray:
        return np.median(two, axis=axis) - np.median(one, axis=axis)

    reference = bootstrap((first, other), difference, method="percentile", n_resamples=4_000, rng=rng)
    found = median_difference(counted(first.astype(int).tolist()), counted(other.astype(int).tolist()), "score")
    assert (found.low, found.high) == pytest.approx(tuple(reference.confidence_interval), abs=0.51)


def test_nothing_comes_of_nothing() -> None:
    nothing, some = counted([]).astype("Int64"), counted([70] * 12)
    assert cliffs_delta(nothing, some, "score") == (None, None, None)
    assert median_difference(some, nothing, "score") == (None, None, None)


@pytest.mark.parametrize(
    ("delta", "word"),
    [(0, "negligible"), (-0.146, "negligible"), (0.147, "small"), (-0.33, "medium"), (0.474, "large"), (-1, "large")],
)
def test_the_size_of_an_effect_has_its_word(delta: float, word: str) -> None:
    assert size_word(delta) == word
