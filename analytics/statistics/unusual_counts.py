"""Days and runs of days whose counts are improbable beside those of the weeks nearby."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.statistics.change_test import FALSE_DISCOVERY_RATE
from analytics.statistics.multiple_tests import adjusted

NEARBY = 6
"""Weeks before, and weeks after, by which a run of days is judged."""

FEWEST_NEARBY = 28
"""Fewest days that the weeks before (or after) need for a run to be compared with them."""

CAUTION = 2.0
"""So many of its standard errors are added to the dispersion, because few weeks estimate it badly."""

JOINING_CHANCE = 0.05
"""Chance up to which a day next to an unusual one belongs to the same run."""

MOST_HIDDEN = 10
"""Most runs that are checked, one after the other, for hiding each other; also at most one for each ten weeks."""

ROUNDS = 5
"""Most times that what stands out is set aside and the rest is estimated anew."""

NONE, FEWER, USUAL, MORE = SIDES = ("none", "fewer", "usual", "more")

_MIDDLE_90 = (0.05, 0.95)

_Where = Literal["before", "after", "both"]
_SIDES_IN_TIME: tuple[_Where, ...] = ("before", "after")

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def unusual_runs(n: pd.Series, day: pd.Series) -> pd.DataFrame:
    """The runs of days with improbably many or few articles, and the empty ones that are improbably long.

    `n` are the counts of consecutive days. One row per run, in order: `first` and `last` (positions), `side` (MORE,
    FEWER, NONE), `n`, what is `expected`, the 5 and 95 % quantiles of that (`low`, `high`), `nearby` (days that it was
    judged by), and `q`: the false discovery rate of its most improbable day, of an empty run as a whole, among all days
    (Benjamini-Hochberg). Days beside it with a chance up to JOINING_CHANCE belong to the run.

    Expected is the level of the NEARBY weeks before and after, without the run's own, times the share of the weekday.
    Counts are negative binomial. Their variance has, beside that of Poisson, a dispersion between weeks, which all days
    of a week share, one within weeks, and the uncertainty of the level; both dispersions are by moments of the other
    weeks, and CAUTION standard errors higher. A count is unusual only where it is improbable both at the level of the
    weeks before and at that of the weeks after: where the level steps up or down, neither side is called unusual. What
    stands out is set aside and the rest is estimated again, so that it does not hide itself or others.
    Source: Farrington et al. 1996, Journal of the Royal Statistical Society A 159(3), 547-563, and Noufaily et al.
    2013, Statistics in Medicine 32(7), 1206-1222 (nearby weeks, dispersion, past outbreaks set aside, negative binomial
    limits); Hilbe 2011, Negative Binomial Regression, 2nd edition, Cambridge University Press (NB2).
    """
    counts = n.to_numpy("float64")
    weekday = day.dt.day_of_week.to_numpy("int64")
    week = (np.arange(len(counts)) + weekday[0]) // 7
    set_aside = _far_out(counts, weekday, week)
    for _ in range(ROUNDS):
        usual = _Usual(counts, weekday, week, ~set_aside)
        runs = _judged(usual)
        now = runs.named[runs.number]
        if (now == set_aside).all():
            break
        set_aside = now
    named = runs.named
    expected = _Distribution(*(value[named] for value in usual.distribution(runs.number)))
    low, high = (expected.quantile(share) for share in _MIDDLE_90)
    found = {
        "first": runs.first[named],
        "last": runs.last[named],
        "side": np.array(SIDES)[runs.side[named]],
        "n": np.add.reduceat(counts, runs.first)[named],
        "expected": expected.mean,
        "low": low,
        "high": high,
        "nearby": expected.nearby,
        "q": runs.q[named],
    }
    return pd.DataFrame(found)


def _far_out(counts: Numbers, weekday: Places, week: Places) -> Flags:
    """The days of weeks that hide each other.

    The weeks of the most improbable run are set aside, then those of the most improbable of the rest, and so on. Found
    are all up to the last run that stood out once those before it were set aside. Source: Rosner 1983, Technometrics
    25(2), 165-172 (generalized extreme Studentized deviate).
    """
    aside = found = np.zeros(len(counts), dtype=bool)
    for _ in range(min(MOST_HIDDEN, len(counts) // 70)):
        runs = _judged(_Usual(counts, weekday, week, ~aside))
        left = ~(aside[runs.first] & aside[runs.last]) & (runs.side != SIDES.index(USUAL))
        if not left.any():
            break
        most = np.where(left, runs.chance, np.inf).argmin()
        aside = aside | ((week >= week[runs.first[most]]) & (week <= week[runs.last[most]]))
        found = aside if runs.named[most] else found
    return found


@dataclass(frozen=True)
class _Usual:
    """What is usual by the days that are not set aside."""

    counts: Numbers
    weekday: Places
    week: Places
    usual: Flags

    @cached_property
    def share(self) -> Numbers:
        """What each day has by its weekday, where the mean weekday has 1; half an article more, so that none has 0."""
        total = np.bincount(self.weekday, self.counts * self.usual, 7) + 0.5
        mean = total / np.maximum(np.bincount(self.weekday, self.usual, 7), 1)
        found: Numbers = (mean / mean.mean())[self.weekday]
        return found

    @cached_property
    def _sums(self) -> tuple[Numbers, Numbers, Numbers]:
        """Articles, shares and days of all weeks before each, and of all."""
        each = (self.counts, self.share, np.ones(len(self.counts)))
        articles, shares, days = (np.append(0, np.bincount(self.week, value * self.usual).cumsum()) for value in each)
        return articles, shares, days

    def nearby(self, first: Places, last: Places, where: _Where) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Of the weeks near a first to a last week: articles a day, articles, shares and days."""
        start, end = first, last + 1
        if where != "after":
            start = np.maximum(first - NEARBY, 0)
        if where != "before":
            end = np.minimum(last + 1 + NEARBY, len(self._sums[0]) - 1)
        articles, shares, days = (sums[end] - sums[last + 1] + sums[first] - sums[start] for sums in self._sums)
        return (articles + 0.5) / np.maximum(shares, 1), articles, shares, days

    @cached_property
    def _moments(self) -> tuple[Numbers, Numbers]:
        """Sums up to each week of what tells the dispersion between weeks, and of what tells that of days.

        In columns: what the counts have above what is expected, what that is by a dispersion of 1, and the squares and
        the product of both. Products of two days of a week tell the dispersion between weeks, squares that of days.
        """
        weeks = np.arange(len(self._sums[0]) - 1)
        level, articles, shares, _ = self.nearby(weeks, weeks, "both")
        mean = level[self.week] * self.share * self.usual
        above = (self.counts - level[self.week] * self.share) * self.usual
        squares, expected = self._weekly(above**2), self._weekly(mean**2)
        products = self._weekly(above) ** 2 - squares
        pairs = self._weekly(mean) ** 2 - expected
        of_level, more = 1 / (articles + 0.5), 1 + 7 / np.maximum(shares, 1)
        between = _sums_up_to(products - pairs * of_level, pairs * more)
        both = _sums_up_to(squares - self._weekly(mean) - expected * of_level, expected * more)
        return between, both

    def _weekly(self, value: Numbers) -> Numbers:
        found: Numbers = np.bincount(self.week, value).astype("float64")
        return found

    def dispersions(self, first: Places, last: Places) -> tuple[Numbers, Numbers]:
        """By the weeks outside of a first and a last one: the dispersion between weeks, and the one within weeks."""
        between, both = (_ratio(sums[-1] - sums[last + 1] + sums[first]) for sums in self._moments)
        return between, np.maximum(both - between, 0)

    def distribution(self, run: Places, where: _Where = "both") -> "_Distribution":
        """What the count of each run of days is by chance at the level of the weeks before, after, or both."""
        begins = np.flatnonzero(np.diff(run, prepend=-1))
        first, last = self.week[begins], self.week[np.append(begins[1:], len(run)) - 1]
        level, articles, shares, days = self.nearby(first, last, where)
        between, within = self.dispersions(first, last)
        mean = level * np.bincount(run, self.share)
        part = np.cumsum((np.diff(run, prepend=-1) != 0) | (np.diff(self.week, prepend=-1) != 0)) - 1
        run_of_part = run[np.flatnonzero(np.diff(part, prepend=-1))]
        by_week = between * np.bincount(run_of_part, np.bincount(part, self.share) ** 2)
        by_day = within * np.bincount(run, self.share**2)
        of_level = 1 / (articles + 0.5) + (7 * between + within) / np.maximum(shares, 1)
        size = mean**2 / (level**2 * (by_week + by_day) + of_level * mean**2)
        return _Distribution(mean, size, size / (size + mean), days)


class _Distribution(NamedTuple):
    """Negative binomials, and the days nearby that they are known by."""

    mean: Numbers
    size: Numbers
    chance: Numbers
    nearby: Numbers

    def tails(self, counts: Numbers) -> tuple[Numbers, Numbers]:
        """The chances of as few and of as many, on the side of the mean where each count lies; 1 on the other."""
        from scipy.special import betainc  # here, so that no start-up waits for it

        few, size = counts < self.mean, self.size
        tail = betainc(
            np.where(few, size, counts), np.where(few, counts + 1, size), np.where(few, self.chance, 1 - self.chance)
        )
        return np.where(few, tail, 1), np.where(few, 1, tail)

    def of_nothing(self) -> Numbers:
        """The chance of 0."""
        found: Numbers = self.chance**self.size
        return found

    def quantile(self, share: float) -> Numbers:
        """The least count up to which at least a share lies."""
        from scipy.stats import nbinom

        return np.asarray(nbinom.ppf(share, self.size, self.chance), dtype="float64")


def _sums_up_to(above: Numbers, below: Numbers) -> Numbers:
    """Running sums of what a ratio and its standard error need, from none on."""
    each = np.column_stack([above, below, above**2, above * below, below**2])
    return np.vstack([np.zeros(5), each.cumsum(axis=0)])


def _ratio(sums: Numbers) -> Numbers:
    """The ratio of two sums, at least 0, and CAUTION standard errors more."""
    above, below, above_squared, product, below_squared = sums.T
    below = np.maximum(below, 1e-9)
    ratio = above / below
    residuals = above_squared - 2 * ratio * product + ratio**2 * below_squared
    found: Numbers = np.maximum(ratio, 0) + CAUTION * np.sqrt(np.maximum(residuals, 0)) / below
    return found


class _Runs(NamedTuple):
    """All runs of days on one side of what is usual.

    number: of each day, that of its run.
    first, last: positions of the runs' days; side: the index in SIDES; chance: that of the most improbable day, of an
    empty run as a whole; q: its false discovery rate among all days.
    """

    number: Places
    first: Places
    last: Places
    side: Places
    chance: Numbers
    q: Numbers

    @property
    def named(self) -> Flags:
        """Whether each run stands out."""
        found: Flags = (self.side != SIDES.index(USUAL)) & (self.q <= FALSE_DISCOVERY_RATE)
        return found


def _judged(usual: _Usual) -> _Runs:
    """All runs, with the chances of their counts by what is usual."""
    counts = usual.counts
    each = [usual.distribution(np.arange(len(counts)), where) for where in _SIDES_IN_TIME]
    tails = [one.tails(counts) for one in each]
    lower, upper = (_by_both(each, list(chances)) for chances in zip(*tails, strict=True))
    kinds = [SIDES.index(side) for side in (NONE, MORE, FEWER)]
    side = np.select([counts == 0, 2 * upper <= JOINING_CHANCE, 2 * lower <= JOINING_CHANCE], kinds, SIDES.index(USUAL))
    begins = np.diff(side, prepend=-1) != 0
    first, run = np.flatnonzero(begins), begins.cumsum() - 1
    whole = [usual.distribution(run, where) for where in _SIDES_IN_TIME]
    empty = _by_both(whole, [one.of_nothing() for one in whole])
    two_sided = np.minimum(1, 2 * np.minimum(lower, upper))
    chance = np.where(counts > 0, two_sided, np.where(begins, empty[run], 1))
    least, q = (np.minimum.reduceat(value, first) for value in (chance, adjusted(chance, "fdr_bh")))
    return _Runs(run, first, np.append(first[1:], len(run)) - 1, side[first], least, q)


def _by_both(expected: list[_Distribution], chances: list[Numbers]) -> Numbers:
    """The larger chance of those by the weeks before and after; 1 where neither are enough to judge by."""
    enough = [one.nearby >= FEWEST_NEARBY for one in expected]
    larger = np.maximum(*(np.where(known, chance, 0) for known, chance in zip(enough, chances, strict=True)))
    return np.where(enough[0] | enough[1], larger, 1)
