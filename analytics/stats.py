"""The statistical tools that the analyses share, each with its source. All work on small tables of counts."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

CONFIDENCE = 0.95
SMALL_N = 10
"""Below this many articles a rate is marked as uncertain and no test is made."""


def wilson(successes: pd.Series, n: pd.Series) -> pd.DataFrame:
    """Share of successes with its 95 % Wilson score interval: `share`, `low`, `high` in 0..1, missing where n is 0.

    Source: Wilson 1927; recommended for small n by Brown, Cai, DasGupta 2001, Statistical Science 16(2).
    """
    hits, total = successes.astype("float64"), n.astype("float64").where(n > 0)
    z = float(ndtri(0.5 + CONFIDENCE / 2))
    share = hits / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half: pd.Series = z / (1 + z * z / total) * np.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    low, high = (centre - half).where(hits > 0, 0.0), (centre + half).where(hits < total, 1.0)
    columns = {"share": share, "low": low.clip(0, 1), "high": high.clip(0, 1)}
    return pd.DataFrame({name: values.where(total.notna()).astype("Float64") for name, values in columns.items()})


def quantiles(counts: pd.DataFrame, by: Sequence[str], value: str, probabilities: dict[str, float]) -> pd.DataFrame:
    """Exact quantiles of values that come as counts.

    `counts` has the columns of `by`, the numeric `value` and `n`; missing values are left out. Returns one row a group
    of `by` that has a value, with `n` and a Float64 column for each of `probabilities` (name → probability).
    Interpolates linearly between order statistics, as numpy does (Hyndman, Fan 1996, The American Statistician 50(4),
    type 7).
    """
    known = counts[counts[value].notna() & (counts["n"] > 0)]
    if known.empty:
        return pd.DataFrame({name: counts[name].iloc[:0] for name in by} | _no_quantiles(probabilities))
    grouped = known.groupby([*by, value], sort=True, dropna=False)["n"].sum().reset_index()
    values, weights = grouped[value].to_numpy("float64"), grouped["n"].to_numpy("int64")
    ends = weights.cumsum()
    totals = grouped.groupby(list(by), sort=True, dropna=False)["n"].sum() if by else None
    n = np.array([ends[-1]]) if totals is None else totals.to_numpy("int64")
    offsets = n.cumsum() - n
    columns: dict[str, object] = {"n": pd.array(n, dtype="Int64")}
    for name, probability in probabilities.items():
        rank = (n - 1) * probability
        below, above = np.floor(rank).astype("int64"), np.ceil(rank).astype("int64")
        low = values[np.searchsorted(ends, offsets + below, side="right")]
        high = values[np.searchsorted(ends, offsets + above, side="right")]
        columns[name] = pd.array(low + (high - low) * (rank - below), dtype="Float64")
    groups = pd.DataFrame(index=range(1)) if totals is None else totals.index.to_frame(index=False)
    return groups.assign(**columns)  # type: ignore[arg-type]


def _no_quantiles(probabilities: dict[str, float]) -> dict[str, pd.Series]:
    return {"n": pd.Series(dtype="Int64")} | {name: pd.Series(dtype="Float64") for name in probabilities}
