"""Did a share or a mean change between two groups of articles? One test for every label that was looked at.

Articles of one week and copies of one story are not independent of each other: the standard error allows for both, and
for the many labels of which one moves by chance.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.special import stdtr, stdtrit

from analytics.statistics.intervals import CONFIDENCE, SMALL_N
from analytics.statistics.multiple_tests import adjusted

UP, DOWN, NO_CLEAR_CHANGE, TOO_FEW = OUTCOMES = ("up", "down", "no clear change", "too few to tell")
"""The outcomes of the test; there is no other."""

FALSE_DISCOVERY_RATE = 0.10
"""Of what a list calls clear, the share that may be chance."""

CHANGES_FALSE_DISCOVERY_RATE = 0.07
"""The same for the changes of one family. A report looks at three (topics, providers, figures): with 7 % for each, at
most one in ten reports on nothing but chance names a change (docs/numbers.md)."""

FEWEST_CLUSTERS = 2
"""Weeks with articles that each group needs: how much weeks differ cannot be known from one."""

Numbers = npt.NDArray[np.float64]


class Group(NamedTuple):
    """One of two groups of articles, summed by clusters such as week and story.

    `values`: a row for each label and combination of clusters that occurs, with the `sum` of the articles' values
    (for a share, how many have the label) and of their `squares`. `sizes`: a row for each combination of clusters, with
    `n` articles. Columns of clusters are whole numbers; the first decides on the degrees of freedom.
    """

    values: pd.DataFrame
    sizes: pd.DataFrame


def change_test(then: Group, now: Group, clusters: Sequence[str] = ("week", "story")) -> pd.DataFrame:
    """Difference of each label's mean, now less then, with its 95 % interval and its p-value.

    One row per label, which is the index, in their order: `sum_then`, `n_then`, `mean_then`, the same for now,
    `weeks_then` and `weeks_now` (first clusters with articles), `difference`, `low`, `high`, `p`. Interval and p are
    missing where a group has fewer than SMALL_N articles or FEWEST_CLUSTERS weeks, all means where a group is empty.

    The variance is the largest of those by each of the `clusters` (covariance of the groups included, where they share
    clusters) and of the two that take articles as independent, with and without pooling the groups: it is never smaller
    than binomial. By clusters it is that of the jackknife that leaves out one cluster at a time, so that a few full
    weeks do not look more certain than they are. Student's t with Welch's degrees of freedom, for which a group counts
    as many weeks as would, if they were equally full, share its articles as evenly.
    Source: Bell, McCaffrey 2002, Survey Methodology 28(2), 169-181; MacKinnon, Nielsen, Webb 2023, Journal of Applied
    Econometrics 38(5), 671-694 (CV3, the jackknife); Carter, Schnepel, Steigerwald 2017, Review of Economics and
    Statistics 99(4), 698-709 (effective number of clusters); Welch 1947, Biometrika 34, 28-35.
    """
    labels = pd.Index(sorted({*then.values["label"], *now.values["label"]}), name="label", dtype="str")
    groups = (then, now)
    n = [float(group.sizes["n"].sum()) for group in groups]
    sums, squares = ([_by_label(group, labels, name) for group in groups] for name in ("sum", "squares"))
    means = [total / size if size else np.full(len(labels), np.nan) for total, size in zip(sums, n, strict=True)]
    weeks = [int(group.sizes.loc[group.sizes["n"] > 0, clusters[0]].nunique()) for group in groups]
    difference = means[1] - means[0]
    table = pd.DataFrame(index=labels)
    for name, at in (("then", 0), ("now", 1)):
        table[f"sum_{name}"], table[f"n_{name}"] = sums[at], int(n[at])
        table[f"mean_{name}"], table[f"weeks_{name}"] = means[at], weeks[at]
    if min(n) < SMALL_N or min(weeks) < FEWEST_CLUSTERS:
        return table.assign(difference=difference, low=np.nan, high=np.nan, p=np.nan)
    variances = [_clustered_variance(groups, labels, means, n, cluster) for cluster in clusters]
    variances += _independent_variances(sums, squares, n)
    error, freedom = np.sqrt(np.max(variances, axis=0)), _degrees_of_freedom(groups, sums, squares, clusters[0])
    half = stdtrit(freedom, 0.5 + CONFIDENCE / 2) * error
    size = np.divide(np.abs(difference), error, out=np.zeros_like(error), where=error > 0)
    return table.assign(
        difference=difference, low=difference - half, high=difference + half, p=2 * stdtr(freedom, -size)
    )


def change_from_rest(
    own: pd.DataFrame, every: pd.DataFrame, clusters: Sequence[str] = ("week", "story")
) -> pd.DataFrame:
    """The change test of each label against all other articles: then is the rest, now the label.

    `own` has a row for each label and combination of `clusters`, with `n`, `sum` and `squares` of its values; `every`
    has those of all articles, whatever their label. Columns and values as those of `change_test` on two such groups.
    """
    labels, codes = np.unique(own["label"].to_numpy("object"), return_inverse=True)
    known = {cluster: pd.Index(every[cluster].unique()) for cluster in clusters}
    total = {
        cluster: _sums_by_code(every, known[cluster].get_indexer(every[cluster]), len(known[cluster]))
        for cluster in clusters
    }
    rows = []
    for place in range(len(labels)):
        here = own[codes == place]
        its = {
            cluster: _sums_by_code(here, known[cluster].get_indexer(here[cluster]), len(known[cluster]))
            for cluster in clusters
        }
        rows.append(_row_against_rest([total[cluster] for cluster in clusters], [its[cluster] for cluster in clusters]))
    return pd.DataFrame(rows, index=pd.Index(labels, name="label", dtype="str"), columns=_COLUMNS).astype(_DTYPES)


_COLUMNS = (
    *("sum_then", "n_then", "mean_then", "weeks_then", "sum_now", "n_now", "mean_now", "weeks_now"),
    *("difference", "low", "high", "p"),
)
_DTYPES = dict.fromkeys(_COLUMNS, "float64") | dict.fromkeys(("n_then", "weeks_then", "n_now", "weeks_now"), "int64")


def _sums_by_code(rows: pd.DataFrame, codes: npt.NDArray[np.int64], size: int) -> Numbers:
    """A row each for the `n`, the `sum` and the `squares` of the rows, a column for each code."""
    names = ("n", "sum", "squares")
    return np.stack([np.bincount(codes, rows[name].to_numpy("float64"), size) for name in names])


def _row_against_rest(total: Sequence[Numbers], own: Sequence[Numbers]) -> tuple[float, ...]:
    """The row of one label: `total` and `own` are sums by each kind of clusters, as `_sums_by_code` gives them."""
    groups = [[every - its for every, its in zip(total, own, strict=True)], list(own)]
    n, sums, squares = ([float(group[0][at].sum()) for group in groups] for at in range(3))
    weeks = [int(np.count_nonzero(group[0][0])) for group in groups]
    means = [hits / size if size else np.nan for hits, size in zip(sums, n, strict=True)]
    difference = means[1] - means[0]
    head = (sums[0], n[0], means[0], weeks[0], sums[1], n[1], means[1], weeks[1], difference)
    if min(n) < SMALL_N or min(weeks) < FEWEST_CLUSTERS:
        return (*head, np.nan, np.nan, np.nan)
    variances = []
    for then, now in zip(*groups, strict=True):
        moved = [_moves_without(side, mean, size) for side, mean, size in zip((then, now), means, n, strict=True)]
        variances.append(float(((moved[1] - moved[0]) ** 2).sum()))
    arrays = ([np.array([value]) for value in pair] for pair in (sums, squares))
    sums_of, squares_of = arrays
    variances += [float(value[0]) for value in _independent_variances(sums_of, squares_of, n)]
    freedom = float(_welch_freedom([group[0][0] for group in groups], sums_of, squares_of)[0])
    error = max(variances) ** 0.5
    half = float(stdtrit(freedom, 0.5 + CONFIDENCE / 2)) * error
    p = 2 * float(stdtr(freedom, -abs(difference) / error)) if error else 1.0
    return (*head, difference - half, difference + half, p)


def _moves_without(sums: Numbers, mean: float, n: float) -> Numbers:
    """How far the mean moves when each cluster is left out, scaled so that the sum of the squares is its variance."""
    size, hits = sums[0], sums[1]
    m = np.count_nonzero(size)
    rest = np.where(size < n, n - size, np.nan)
    found: Numbers = (hits - mean * size) / rest * np.sqrt((m - 1) / m)
    return found


def with_q_and_outcome(tests: pd.DataFrame, enough: pd.Series) -> pd.DataFrame:
    """The tests of one family with `q` and `outcome`: what changed, of all labels that were compared.

    `tests` has the columns of `change_test`, of one call or of several; those that are not `enough`, or have no p, are
    too few to tell and no part of the family. Up or down where the false discovery rate q is at most
    CHANGES_FALSE_DISCOVERY_RATE and the 95 % interval leaves out 0.
    Source: Benjamini, Hochberg 1995, Journal of the Royal Statistical Society B 57(1), 289-300.
    """
    known = enough.to_numpy("bool") & tests["p"].notna().to_numpy()
    q = np.full(len(tests), np.nan)
    q[known] = adjusted(tests["p"].to_numpy("float64")[known], "fdr_bh")
    clear = known & (q <= CHANGES_FALSE_DISCOVERY_RATE) & ((tests["low"] > 0) | (tests["high"] < 0)).to_numpy("bool")
    up = (tests["difference"] > 0).to_numpy("bool")
    outcome = np.select([~known, clear & up, clear], [TOO_FEW, UP, DOWN], NO_CLEAR_CHANGE)
    return tests.assign(q=q, outcome=pd.Series(outcome, tests.index, "str"))


def _by_label(group: Group, labels: pd.Index, name: str) -> Numbers:
    codes = labels.get_indexer(pd.Index(group.values["label"]))
    return np.bincount(codes, group.values[name].to_numpy("float64"), len(labels)).astype("float64")


def _clustered_variance(
    groups: Sequence[Group], labels: pd.Index, means: Sequence[Numbers], n: Sequence[float], cluster: str
) -> Numbers:
    """Variance of the differences of the labels' means when the articles of a cluster belong together: the jackknife's.

    With h values and s of n articles in a cluster, leaving the cluster out moves a mean by (h - mean · s) / (n - s).
    The sums of the squares are multiplied out, so that only clusters in which a label occurs are looked at one by one.
    """
    known = pd.Index(np.unique(np.concatenate([group.sizes[cluster].to_numpy("int64") for group in groups])))
    hits, sizes, variance = [], [], np.zeros(len(labels))
    for group, mean, total in zip(groups, means, n, strict=True):
        size = np.bincount(known.get_indexer(pd.Index(group.sizes[cluster])), group.sizes["n"], len(known))
        places = labels.get_indexer(pd.Index(group.values["label"])), known.get_indexer(pd.Index(group.values[cluster]))
        hit = csr_matrix((group.values["sum"].to_numpy("float64"), places), (len(labels), len(known)))
        m = np.count_nonzero(size)
        rest = np.where(size < total, total - size, np.nan)
        weight = np.sqrt((m - 1) / m) / rest if m > 1 else np.full(len(known), np.nan)
        hit, size = hit.multiply(weight).tocsr(), size * weight
        variance += _row_sums(hit.multiply(hit)) - 2 * mean * (hit @ size) + mean**2 * (size @ size)
        hits.append(hit)
        sizes.append(size)
    shared = _row_sums(hits[0].multiply(hits[1])) + means[0] * means[1] * (sizes[0] @ sizes[1])
    shared -= means[0] * (hits[1] @ sizes[0]) + means[1] * (hits[0] @ sizes[1])
    found: Numbers = variance - 2 * shared
    return found


def _degrees_of_freedom(
    groups: Sequence[Group], sums: Sequence[Numbers], squares: Sequence[Numbers], cluster: str
) -> Numbers:
    sizes = [group.sizes.groupby(cluster)["n"].sum().to_numpy("float64") for group in groups]
    return _welch_freedom(sizes, sums, squares)


def _welch_freedom(sizes: Sequence[Numbers], sums: Sequence[Numbers], squares: Sequence[Numbers]) -> Numbers:
    """Welch's degrees of freedom of each label's difference, with the effective number of clusters of each group."""
    variances, freedoms = [], []
    for size, total, square in zip(sizes, sums, squares, strict=True):
        n = size.sum()
        variances.append(np.maximum(square - total**2 / n, 0) / n**2)
        freedoms.append(n**2 / (size @ size) - 1)
    above = (variances[0] + variances[1]) ** 2
    below = variances[0] ** 2 / freedoms[0] + variances[1] ** 2 / freedoms[1]
    known = below > 0
    found: Numbers = np.divide(above, below, out=np.full(len(above), float(min(freedoms))), where=known)
    return found


def _row_sums(matrix: csr_matrix) -> Numbers:
    return np.asarray(matrix.sum(axis=1), dtype="float64").ravel()


def _independent_variances(sums: Sequence[Numbers], squares: Sequence[Numbers], n: Sequence[float]) -> list[Numbers]:
    """Variances of the differences if articles were independent: of each group's own spread, and of both pooled."""
    own = sum(
        (square - total**2 / size) / (size - 1) / size for total, square, size in zip(sums, squares, n, strict=True)
    )
    whole = sum(n)
    pooled = (sum(squares) - sum(sums) ** 2 / whole) / (whole - 1) * (1 / n[0] + 1 / n[1])
    return [np.asarray(own), np.asarray(pooled)]
