"""Agreement of people who judge the same items, with bootstrap intervals.

Verdicts come as `Codes`: a row an item, a column a person, the code of the verdict or ABSENT; for an ordinal measure
the codes are in the order of the verdicts. A measure is computed for many resamples at once, which takes a seventieth
of the time of a library's call for each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analytics.statistics.intervals import CONFIDENCE, SMALL_N

Codes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

ABSENT = -1
"""Code of a verdict that a person did not give."""

RESAMPLES = 1_000
SEED = 1971

NOBODY = "no two people judged the same item"
ONE_VERDICT = "people gave one verdict only: chance agrees as often"
NO_SPREAD = "all resamples agree alike: no interval"
UNDEFINED = "not defined in too many resamples: no interval"
FEW = f"fewer than {SMALL_N} items"


class Estimate(NamedTuple):
    """A measure with its 95 % interval, the items and people it rests on, and why a part is missing or doubtful."""

    value: float | None
    low: float | None
    high: float | None
    items: int
    people: int
    note: str


@dataclass(frozen=True)
class Measure:
    """A measure of agreement: its name, which items it can use, and how it is computed.

    `values` takes the items and how often each counts, a row a resample, and returns a value for each row, nan where
    the measure is not defined.
    """

    name: str
    usable: Callable[[Codes], Mask]
    values: Callable[[Codes, Codes], Numbers]


def estimate(measure: Measure, codes: Codes) -> Estimate:
    """The measure of some items with its percentile bootstrap interval over items; the seed is fixed.

    Items with the same verdicts are exchangeable, so the resampling draws how often each pattern comes, and the order
    of the items plays no part. There is no interval where the resamples do not differ, as when all agree on all items.
    Source: Efron, Tibshirani 1993, An Introduction to the Bootstrap, ch. 13; for such measures: Zapf, Castell,
    Morawietz, Karch 2016, BMC Medical Research Methodology 16:93.
    """
    used = codes[measure.usable(codes)]
    if not len(used):
        return Estimate(None, None, None, 0, 0, NOBODY)
    people = int((used != ABSENT).any(axis=0).sum())
    patterns, times = np.unique(used, axis=0, return_counts=True)
    value = float(measure.values(patterns, times[np.newaxis, :])[0])
    if np.isnan(value):
        return Estimate(None, None, None, len(used), people, ONE_VERDICT)
    low, high, doubt = _bootstrap_interval(measure, patterns, times)
    notes = [FEW] * (len(used) < SMALL_N) + [doubt] * bool(doubt)
    return Estimate(value, low, high, len(used), people, "; ".join(notes))


def contingency_table(codes: Codes) -> Codes:
    """How often two people, the two columns, gave each pair of verdicts on the items that both judged."""
    size = int(codes.max(initial=0)) + 1
    table = np.zeros((size, size), dtype="int64")
    both = codes[(codes != ABSENT).all(axis=1)]
    np.add.at(table, (both[:, 0], both[:, 1]), 1)
    return table


def kappa(table: Codes, ranks: Codes | None = None) -> float | None:
    """Cohen's kappa of two people from `contingency_table`; None without items or with a single verdict.

    With `ranks` (a number for each code, in order) a disagreement weighs as the distance of its two verdicts.
    Source: Cohen 1960, Educational and Psychological Measurement 20(1), 37-46; linear weights: Cohen 1968,
    Psychological Bulletin 70(4), 213-220; Cicchetti, Allison 1971, American Journal of EEG Technology 11(3), 101-109.
    """
    if np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < 2:
        return None
    from statsmodels.stats.inter_rater import cohens_kappa  # here, so that no start-up waits for it

    weights = {} if ranks is None else {"weights": ranks, "wt": "linear"}
    return float(cohens_kappa(table, return_results=False, **weights))


def _bootstrap_interval(measure: Measure, patterns: Codes, times: Codes) -> tuple[float | None, float | None, str]:
    """Both ends of the interval, or why there is none."""
    drawn = np.random.default_rng(SEED).multinomial(times.sum(), times / times.sum(), RESAMPLES)
    values = measure.values(patterns, drawn)
    known = values[np.isfinite(values)]
    if len(known) < CONFIDENCE * RESAMPLES:
        return None, None, UNDEFINED
    if np.ptp(known) < 1e-12:
        return None, None, NO_SPREAD
    low, high = np.quantile(known, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high), ""


def _categories(codes: Codes) -> Codes:
    return np.unique(codes[codes != ABSENT])


def _verdicts_per_item(codes: Codes) -> Codes:
    return np.asarray((codes != ABSENT).sum(axis=1))


def _category_counts(codes: Codes) -> Codes:
    """How many people gave each verdict, a row an item; verdicts that nobody gave have no column."""
    return np.stack([(codes == category).sum(axis=1) for category in _categories(codes)], axis=1)


def _judged_by_two(codes: Codes) -> Mask:
    return _verdicts_per_item(codes) >= 2


def _judged_by_equally_many(codes: Codes) -> Mask:
    """The items with the number of verdicts, at least two, that most items have."""
    judged = _verdicts_per_item(codes)
    numbers, times = np.unique(judged[judged >= 2], return_counts=True)
    if not len(numbers):
        return judged < 0
    return np.asarray(judged == numbers[times == times.max()].max())


def _ratio(numerator: Numbers, denominator: Numbers) -> Numbers:
    """Numerator by denominator, nan where the denominator is 0."""
    nan = np.full(numerator.shape, np.nan)
    ratio: Numbers = np.divide(numerator, denominator, out=nan, where=np.abs(denominator) > 1e-12)
    return ratio


def _raw_agreement(codes: Codes, times: Codes) -> Numbers:
    counts, judged = _category_counts(codes), _verdicts_per_item(codes)
    agreeing, pairs = (counts * (counts - 1)).sum(axis=1), judged * (judged - 1)
    return _ratio(1.0 * (times @ agreeing), 1.0 * (times @ pairs))


def _mean_kappa_of_pairs(codes: Codes, times: Codes) -> Numbers:
    pairs = combinations(range(codes.shape[1]), 2)
    values = np.stack([_kappa_of_two(codes[:, pair], times) for pair in pairs])
    known = np.isfinite(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=0), 1.0 * known.sum(axis=0))


def _kappa_of_two(codes: Codes, times: Codes) -> Numbers:
    both = (codes != ABSENT).all(axis=1)
    given = codes[both][:, :, np.newaxis] == _categories(codes)
    weights = 1.0 * times[:, both]
    total = weights.sum(axis=1)
    one, other = (_ratio(weights @ given[:, person], total[:, np.newaxis]) for person in (0, 1))
    observed = _ratio(weights @ (codes[both, 0] == codes[both, 1]), total)
    expected = (one * other).sum(axis=1)
    return _ratio(observed - expected, 1 - expected)


def _fleiss_kappa(codes: Codes, times: Codes) -> Numbers:
    counts, people, total = _category_counts(codes), int(_verdicts_per_item(codes)[0]), times.sum(axis=1)
    shares = (times @ counts) / (people * total[:, np.newaxis])
    observed = (times @ ((counts**2).sum(axis=1) - people)) / (people * (people - 1) * total)
    expected = (shares**2).sum(axis=1)
    return _ratio(observed - expected, 1 - expected)


def _nominal_alpha(codes: Codes, times: Codes) -> Numbers:
    return _alpha(codes, times, lambda sums: 1.0 - np.eye(sums.shape[1])[np.newaxis])


def _ordinal_alpha(codes: Codes, times: Codes) -> Numbers:
    """The distance of two verdicts is that of the middles of their ranks in the resample."""

    def distances(sums: Numbers) -> Numbers:
        middles = sums.cumsum(axis=1) - sums / 2
        return np.asarray((middles[:, :, np.newaxis] - middles[:, np.newaxis, :]) ** 2)

    return _alpha(codes, times, distances)


def _alpha(codes: Codes, times: Codes, distances: Callable[[Numbers], Numbers]) -> Numbers:
    """Krippendorff's alpha from the coincidences of verdicts; `distances` takes how often each verdict is paired."""
    counts = _category_counts(codes)
    size = counts.shape[1]
    paired = counts[:, :, np.newaxis] * counts[:, np.newaxis, :] - counts[:, :, np.newaxis] * np.eye(size)
    paired = paired / (_verdicts_per_item(codes) - 1)[:, np.newaxis, np.newaxis]
    observed = (times @ paired.reshape(len(codes), -1)).reshape(-1, size, size)
    sums = observed.sum(axis=2)
    total = sums.sum(axis=1)[:, np.newaxis, np.newaxis]
    expected = sums[:, :, np.newaxis] * sums[:, np.newaxis, :] / (total - 1)
    weight = distances(sums)
    return 1 - _ratio((observed * weight).sum(axis=(1, 2)), (expected * weight).sum(axis=(1, 2)))


RAW = Measure("raw agreement", _judged_by_two, _raw_agreement)
"""Share of the pairs of verdicts on the same item that are the same."""

COHEN = Measure("Cohen's kappa", _judged_by_two, _mean_kappa_of_pairs)
"""Of two people; of more the mean over their pairs (Light 1971, Psychological Bulletin 76(5), 365-377)."""

FLEISS = Measure("Fleiss' kappa", _judged_by_equally_many, _fleiss_kappa)
"""On items judged by equally many (Fleiss 1971, Psychological Bulletin 76(5), 378-382)."""

NOMINAL = Measure("Krippendorff's alpha", _judged_by_two, _nominal_alpha)
"""Allows for missing verdicts (Krippendorff 2004, Content Analysis, 2nd ed., ch. 11)."""

ORDINAL = Measure("Krippendorff's ordinal alpha", _judged_by_two, _ordinal_alpha)
"""The same; a disagreement weighs more the farther apart its verdicts are."""

MEASURES = (RAW, COHEN, FLEISS, NOMINAL, ORDINAL)
"""All measures in the order in which they are shown."""
