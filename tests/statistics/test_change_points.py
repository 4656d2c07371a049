"""Weeks in which a level changed: found where it did, hardly ever where it did not."""

import numpy as np
import pytest

from analytics.statistics.change_points import FEWEST_WEEKS, stretch_starts


def weeks(*levels: tuple[int, float], seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Sums and numbers of articles: so many weeks with values around such a level, 1 to 14 articles a week."""
    chance = np.random.default_rng(seed)
    means = np.repeat([level for _, level in levels], [count for count, _ in levels])
    n = chance.integers(1, 15, len(means)).astype("float64")
    shifts = means + chance.normal(0, 0.3, len(means))
    return np.array([chance.normal(shift, 1, int(count)).sum() for shift, count in zip(shifts, n, strict=True)]), n


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([(60, 0.0)], [0]),
        ([(30, 0.0), (30, 1.0)], [0, 30]),
        ([(30, 0.0), (30, -1.0), (30, 0.5)], [0, 30, 60]),
        ([(2 * FEWEST_WEEKS - 1, 0.0)], [0]),
        ([(FEWEST_WEEKS, 0.0), (FEWEST_WEEKS, 3.0)], [0, FEWEST_WEEKS]),
    ],
)
def test_stretches_begin_where_the_level_changes(levels: list[tuple[int, float]], expected: list[int]) -> None:
    found = stretch_starts(*weeks(*levels))
    assert len(found) == len(expected)
    assert all(abs(one - other) <= 1 for one, other in zip(found, expected, strict=True))


def test_nothing_has_one_stretch_and_so_have_equal_values() -> None:
    assert stretch_starts(np.zeros(0), np.zeros(0)) == [0]
    assert stretch_starts(np.zeros(40), np.zeros(40)) == [0]
    assert stretch_starts(np.full(40, 5.0), np.ones(40)) == [0]


def test_weeks_without_a_change_are_cut_in_few_of_many_runs() -> None:
    cut = sum(len(stretch_starts(*weeks((50, 0.0), seed=seed))) > 1 for seed in range(200))
    assert cut <= 8  # 1 % of 200 is 2; more than 8 has a chance below 0.001


def test_the_same_weeks_give_the_same_stretches_whatever_the_unit() -> None:
    sums, n = weeks((30, 0.0), (30, 1.0))
    assert stretch_starts(sums, n) == stretch_starts(sums, n) == stretch_starts(1000 * sums + 7 * n, n)
