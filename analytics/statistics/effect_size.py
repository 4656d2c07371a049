"""Effect sizes of two distributions of scores with their intervals: difference of the medians, and Cliff's delta.

Scores come as counts: one row a score with its `n`, as in a tally.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analytics.statistics.intervals import CONFIDENCE, SMALL_N

SIZES = {"negligible": 0.147, "small": 0.33, "medium": 0.474, "large": float("inf")}
"""Word for the size of Cliff's delta → the value that it stays below.

Source: Romano, Kromrey, Coraggio, Skowronek 2006, Annual Meeting of the Florida Association of Institutional Research;
Hess, Kromrey 2004, Annual Meeting of the American Educational Research Association.
"""

RESAMPLES = 4_000
SEED = 20_060

Scores = np.ndarray[tuple[int], np.dtype[np.float64]]
Counts = np.ndarray[tuple[int], np.dtype[np.int64]]


class Effect(NamedTuple):
    """An estimate with its 95 % interval; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None


def median_difference(first: pd.DataFrame, other: pd.DataFrame, score: str) -> Effect:
    """Median of the other minus median of the first, with its percentile bootstrap interval; the seed is fixed.

    No interval where either has fewer than SMALL_N scores. Drawing n articles with replacement is drawing the counts of
    their scores from a multinomial distribution, so the resampling works on the counts.
    Source: Efron, Tibshirani 1993, An Introduction to the Bootstrap, ch. 13; for medians of tied values, where formulas
    fail: Wilcox 2006, Computational Statistics & Data Analysis 51(3), 1934-1943.
    """
    sides = [_scores_and_counts(side, score) for side in (first, other)]
    if not all(counts.sum() for _, counts in sides):
        return Effect(None)
    before, after = (float(_medians(scores, counts[np.newaxis, :])[0]) for scores, counts in sides)
    if not _enough(sides):
        return Effect(after - before)
    rng = np.random.default_rng(SEED)
    drawn = [
        _medians(scores, rng.multinomial(counts.sum(), counts / counts.sum(), RESAMPLES)) for scores, counts in sides
    ]
    low, high = np.quantile(drawn[1] - drawn[0], [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Effect(after - before, float(low), float(high))


def cliffs_delta(first: pd.DataFrame, other: pd.DataFrame, score: str) -> Effect:
    """Cliff's delta: how much more often an article of the other scores above one of the first than below it, -1 to 1.

    It is 2U/(nm) - 1 of the Mann-Whitney U. No interval where either has fewer than SMALL_N scores. Where no pair is
    the other way round, nor equal, the variance is 0 and the interval that of a share of 1 on the smaller side.
    Source: Cliff 1993, Psychological Bulletin 114(3), 494-509 (unbiased variance and its least value); asymmetric
    interval with Student's t: Feng, Cliff 2004, Journal of Modern Applied Statistical Methods 3(2), 322-332. It is what
    R's effsize::cliff.delta gives.
    """
    sides = [_scores_and_counts(side, score) for side in (first, other)]
    (low_scores, low_counts), (high_scores, high_counts) = sides
    n, m = int(low_counts.sum()), int(high_counts.sum())
    if not n or not m:
        return Effect(None)
    sign = np.sign(np.subtract.outer(high_scores, low_scores))
    above, below = sign @ low_counts / n, high_counts @ sign / m
    delta = float(above @ high_counts / m)
    if not _enough(sides):
        return Effect(delta)
    spread = float(high_counts @ (sign - delta) ** 2 @ low_counts)
    by_other, by_first = high_counts @ (above - delta) ** 2, low_counts @ (below - delta) ** 2
    unbiased = (n**2 * by_other + m**2 * by_first - spread) / (n * m * (n - 1) * (m - 1))
    variance = max(float(unbiased), (1 - delta**2) / (n * m - 1))
    return Effect(delta, *_asymmetric_interval(delta, variance, n, m))


def size_word(delta: float) -> str:
    """The conventional word for the size of a Cliff's delta (`SIZES`)."""
    return next(word for word, bound in SIZES.items() if abs(delta) < bound)


def _asymmetric_interval(delta: float, variance: float, n: int, m: int) -> tuple[float, float]:
    square = float(stdtrit(n + m - 2, 0.5 + CONFIDENCE / 2)) ** 2
    if abs(delta) == 1:
        bound = (min(n, m) - square) / (min(n, m) + square)
        return (bound, 1.0) if delta > 0 else (-1.0, -bound)
    centre, base = delta - delta**3, 1 - delta**2 + square * variance
    half = float(np.sqrt(square * variance * ((1 - delta**2) ** 2 + square * variance)))
    return (centre - half) / base, (centre + half) / base


def _scores_and_counts(counts: pd.DataFrame, score: str) -> tuple[Scores, Counts]:
    """Scores in ascending order and how many articles have each."""
    known = counts[counts[score].notna() & (counts["n"] > 0)].sort_values(score)
    return known[score].to_numpy("float64"), known["n"].to_numpy("int64")


def _enough(sides: list[tuple[Scores, Counts]]) -> bool:
    return all(counts.sum() >= SMALL_N for _, counts in sides)


def _medians(scores: Scores, counts: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> Scores:
    """The median of each row of counts; all rows have the same sum."""
    ends = counts.cumsum(axis=1)
    n = int(ends[0, -1])
    middle = [scores[(ends <= rank).sum(axis=1)] for rank in ((n - 1) // 2, n // 2)]
    return np.asarray((middle[0] + middle[1]) / 2)
