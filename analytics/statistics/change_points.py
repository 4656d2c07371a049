"""Weeks in which the level of a score changed for good: stretches of weeks with a level of their own."""

import numpy as np
import numpy.typing as npt

FEWEST_WEEKS = 8
"""Fewest weeks of a stretch."""

LEVEL = 0.01
"""Significance level: the chance that weeks without any change of level are cut once or more."""

SHUFFLES = 999

Numbers = npt.NDArray[np.float64]


def stretch_starts(weekly_sums: Numbers, weekly_counts: Numbers) -> list[int]:
    """The position of the first week of each stretch; one stretch, from 0, where the level never changed.

    `weekly_sums` and `weekly_counts` are the sum of the values and the number of articles of each week, in order; ranks
    as values make the result depend on their order alone. Binary segmentation: weeks are cut where the means before and
    after differ most for their size, if that difference is larger than in all but LEVEL of as many shuffles of these
    weeks; then the same for both sides. Source: Vostrikova 1981, Soviet Mathematics Doklady 24, 55-59 (binary
    segmentation); the shuffles keep the articles of a week together. The same weeks give the same result.
    """
    found = [0]
    waiting = [(0, len(weekly_sums))]
    while waiting:
        start, end = waiting.pop()
        cut = _cut(weekly_sums[start:end], weekly_counts[start:end])
        if cut:
            found.append(start + cut)
            waiting += [(start, start + cut), (start + cut, end)]
    return sorted(found)


def _cut(sums: Numbers, n: Numbers) -> int:
    """The number of weeks before the cut; 0 where the level did not change."""
    if len(sums) < 2 * FEWEST_WEEKS or not n.sum():
        return 0
    differences = _differences(sums[np.newaxis], n[np.newaxis])[0]
    orders = np.random.default_rng(0).permuted(np.tile(np.arange(len(sums)), (SHUFFLES, 1)), axis=1)
    by_chance = _differences(sums[orders], n[orders]).max(axis=1)
    largest = differences.max()
    p = (1 + np.count_nonzero(by_chance >= largest)) / (1 + SHUFFLES)
    return int(differences.argmax()) + FEWEST_WEEKS if p <= LEVEL and largest > 0 else 0


def _differences(sums: Numbers, n: Numbers) -> Numbers:
    """Difference of the means before and after each possible cut, times the root of the articles it rests on."""
    total, all_n = sums.sum(axis=1, keepdims=True), n.sum(axis=1, keepdims=True)
    inside = slice(FEWEST_WEEKS - 1, -FEWEST_WEEKS)
    before, n_before = sums.cumsum(axis=1)[:, inside], n.cumsum(axis=1)[:, inside]
    weight = n_before * (all_n - n_before) / all_n
    centred = np.abs(before - n_before * total / all_n)
    found: Numbers = np.divide(centred, np.sqrt(weight), out=np.zeros_like(centred), where=weight > 0)
    return found
