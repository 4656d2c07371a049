"""How far people agree on the same items, with and without what chance would give, each measure with its source.

Verdicts come as `Codes`: a row an item, a column a person, the code of the verdict or ABSENT. For a measure that knows
an order the codes are in it. The values are those of statsmodels and krippendorff. The intervals rest on a thousand
resamples: a library's call for each takes some seventy times as long as the arrays here, which give the same values.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import krippendorff
import numpy as np
import numpy.typing as npt
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from analytics.statistics.intervals import CONFIDENCE, SMALL_N

Codes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

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
    """A measure with its 95 % interval, what it rests on, and why something of it is missing or doubtful."""

    value: float | None
    low: float | None
    high: float | None
    items: int
    people: int
    note: str


@dataclass(frozen=True)
class Measure:
    """A measure of agreement: its name, which items it can use, its value, and its values for resamples.

    `resampled` takes items and how often each counts, a row a resample; where it is not defined it gives nan.
    """

    name: str
    usable: Callable[[Codes], npt.NDArray[np.bool_]]
    value: Callable[[Codes], float]
    resampled: Callable[[Codes, Codes], Numbers]
    beyond_chance: bool = True


def estimate(measure: Measure, codes: Codes) -> Estimate:
    """The measure of some items with its percentile bootstrap interval over items (the seed is fixed).

    Items with the same verdicts are exchangeable, so the resampling draws how often each pattern comes, and the order
    of the items plays no part. There is no interval where the resamples do not differ, as when all agree on all items:
    a width of nothing would say that chance has no part. Source: Efron, Tibshirani 1993, An Introduction to the
    Bootstrap, ch. 13; for such measures: Zapf, Castell, Morawietz, Karch 2016, BMC Medical Research Methodology 16:93.
    """
    used = codes[measure.usable(codes)]
    people = int((used != ABSENT).any(axis=0).sum()) if len(used) else 0
    if not len(used) or (measure.beyond_chance and len(_categories(used)) < 2):
        return Estimate(None, None, None, len(used), people, ONE_VERDICT if len(used) else NOBODY)
    patterns, times = np.unique(used, axis=0, return_counts=True)
    value = measure.value(np.repeat(patterns, times, axis=0))
    if not np.isfinite(value):
        return Estimate(None, None, None, len(used), people, ONE_VERDICT)
    low, high, doubt = _interval(measure, patterns, times)
    notes = [FEW] * (len(used) < SMALL_N) + [doubt] * bool(doubt)
    return Estimate(value, low, high, len(used), people, "; ".join(notes))


def pair_table(codes: Codes) -> Codes:
    """How often two people, the two columns, gave each pair of verdicts on the items that both judged."""
    size = int(codes.max(initial=0)) + 1
    table = np.zeros((size, size), dtype="int64")
    both = codes[(codes != ABSENT).all(axis=1)]
    np.add.at(table, (both[:, 0], both[:, 1]), 1)
    return table


def kappa(table: Codes, places: Codes | None = None) -> float | None:
    """Cohen's kappa of two people from `pair_table`; None without items or with a single verdict.

    With `places` (a number for each code, in order) a disagreement weighs as the distance of its two verdicts.
    Source: Cohen 1960, Educational and Psychological Measurement 20(1), 37-46; linear weights: Cohen 1968,
    Psychological Bulletin 70(4), 213-220; Cicchetti, Allison 1971, American Journal of EEG Technology 11(3), 101-109.
    """
    if np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < 2:
        return None
    weights = {} if places is None else {"weights": places, "wt": "linear"}
    return float(cohens_kappa(table, return_results=False, **weights))


def _interval(measure: Measure, patterns: Codes, times: Codes) -> tuple[float | None, float | None, str]:
    drawn = np.random.default_rng(SEED).multinomial(times.sum(), times / times.sum(), RESAMPLES)
    values = measure.resampled(patterns, drawn)
    known = values[np.isfinite(values)]
    if len(known) < CONFIDENCE * RESAMPLES:
        return None, None, UNDEFINED
    if np.ptp(known) < 1e-12:
        return None, None, NO_SPREAD
    low, high = np.quantile(known, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high), ""


def _categories(codes: Codes) -> Codes:
    return np.unique(codes[codes != ABSENT])


def _judged(codes: Codes) -> Codes:
    """By how many each item was judged."""
    return np.asarray((codes != ABSENT).sum(axis=1))


def _counts(codes: Codes) -> Codes:
    """How many people gave each verdict, a row an item; verdicts that nobody gave have no column."""
    return np.stack([(codes == category).sum(axis=1) for category in _categories(codes)], axis=1)


def _by_two(codes: Codes) -> npt.NDArray[np.bool_]:
    return _judged(codes) >= 2


def _by_as_many(codes: Codes) -> npt.NDArray[np.bool_]:
    """The items that were judged by the number of people, at least two, that most items were judged by."""
    judged = _judged(codes)
    numbers, times = np.unique(judged[judged >= 2], return_counts=True)
    if not len(numbers):
        return judged < 0
    return np.asarray(judged == numbers[times == times.max()].max())


def _ratio(over: Numbers, under: Numbers) -> Numbers:
    """One by the other, nan where that is nothing."""
    ratio: Numbers = np.divide(over, under, out=np.full(over.shape, np.nan), where=np.abs(under) > 1e-12)
    return ratio


def _raw(codes: Codes, drawn: Codes) -> Numbers:
    counts = _counts(codes)
    agreeing = (counts * (counts - 1)).sum(axis=1)
    pairs = _judged(codes) * (_judged(codes) - 1)
    return _ratio(1.0 * (drawn @ agreeing), 1.0 * (drawn @ pairs))


def _raw_value(codes: Codes) -> float:
    return float(_raw(codes, np.ones((1, len(codes)), dtype="int64"))[0])


def _pairs(codes: Codes) -> Iterator[Codes]:
    """The verdicts of each two people, in columns."""
    for one, other in combinations(range(codes.shape[1]), 2):
        yield codes[:, [one, other]]


def _cohen_value(codes: Codes) -> float:
    found = [kappa(pair_table(pair)) for pair in _pairs(codes)]
    known = [value for value in found if value is not None]
    return sum(known) / len(known) if known else float("nan")


def _cohen(codes: Codes, drawn: Codes) -> Numbers:
    values = np.stack([_cohen_of_two(pair, drawn) for pair in _pairs(codes)])
    known = np.isfinite(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=0), 1.0 * known.sum(axis=0))


def _cohen_of_two(pair: Codes, drawn: Codes) -> Numbers:
    both = (pair != ABSENT).all(axis=1)
    given = pair[both][:, :, np.newaxis] == _categories(pair)
    weights = 1.0 * drawn[:, both]
    total = weights.sum(axis=1)
    one, other = (_ratio(weights @ given[:, person], total[:, np.newaxis]) for person in (0, 1))
    observed = _ratio(weights @ (pair[both, 0] == pair[both, 1]), total)
    expected = (one * other).sum(axis=1)
    return _ratio(observed - expected, 1 - expected)


def _fleiss_value(codes: Codes) -> float:
    return float(fleiss_kappa(_counts(codes)))


def _fleiss(codes: Codes, drawn: Codes) -> Numbers:
    counts, people, total = _counts(codes), int(_judged(codes)[0]), drawn.sum(axis=1)
    shares = (drawn @ counts) / (people * total[:, np.newaxis])
    observed = (drawn @ ((counts**2).sum(axis=1) - people)) / (people * (people - 1) * total)
    expected = (shares**2).sum(axis=1)
    return _ratio(observed - expected, 1 - expected)


def _nominal_value(codes: Codes) -> float:
    return float(krippendorff.alpha(value_counts=_counts(codes), level_of_measurement="nominal"))


def _ordinal_value(codes: Codes) -> float:
    return float(krippendorff.alpha(value_counts=_counts(codes), level_of_measurement="ordinal"))


def _nominal(codes: Codes, drawn: Codes) -> Numbers:
    return _alpha(codes, drawn, lambda sums: 1.0 - np.eye(sums.shape[1])[np.newaxis])


def _ordinal(codes: Codes, drawn: Codes) -> Numbers:
    """The distance of two verdicts is that of the middles of their ranks in the resample."""

    def distances(sums: Numbers) -> Numbers:
        middles = sums.cumsum(axis=1) - sums / 2
        return np.asarray((middles[:, :, np.newaxis] - middles[:, np.newaxis, :]) ** 2)

    return _alpha(codes, drawn, distances)


def _alpha(codes: Codes, drawn: Codes, distances: Callable[[Numbers], Numbers]) -> Numbers:
    counts = _counts(codes)
    size = counts.shape[1]
    paired = counts[:, :, np.newaxis] * counts[:, np.newaxis, :] - counts[:, :, np.newaxis] * np.eye(size)
    paired = paired / (_judged(codes) - 1)[:, np.newaxis, np.newaxis]
    observed = (drawn @ paired.reshape(len(codes), -1)).reshape(-1, size, size)
    sums = observed.sum(axis=2)
    total = sums.sum(axis=1)[:, np.newaxis, np.newaxis]
    expected = sums[:, :, np.newaxis] * sums[:, np.newaxis, :] / (total - 1)
    weight = distances(sums)
    return 1 - _ratio((observed * weight).sum(axis=(1, 2)), (expected * weight).sum(axis=(1, 2)))


RAW = Measure("raw agreement", _by_two, _raw_value, _raw, beyond_chance=False)
"""Of all pairs of verdicts on the same item, the share that is the same."""

COHEN = Measure("Cohen's kappa", _by_two, _cohen_value, _cohen)
"""Of two people; of more the mean over their pairs (Light 1971, Psychological Bulletin 76(5), 365-377)."""

FLEISS = Measure("Fleiss' kappa", _by_as_many, _fleiss_value, _fleiss)
"""On items judged by equally many (Fleiss 1971, Psychological Bulletin 76(5), 378-382)."""

NOMINAL = Measure("Krippendorff's alpha", _by_two, _nominal_value, _nominal)
"""Whatever is missing (Krippendorff 2004, Content Analysis, 2nd ed., ch. 11)."""

ORDINAL = Measure("Krippendorff's ordinal alpha", _by_two, _ordinal_value, _ordinal)
"""The same where a disagreement weighs more the farther its verdicts lie apart."""

MEASURES = (RAW, COHEN, FLEISS, NOMINAL, ORDINAL)
"""The measures in the order in which they are told."""
