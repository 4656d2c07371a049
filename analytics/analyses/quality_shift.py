"""How the quality scores of two periods differ."""

import pandas as pd
from scipy.stats import wasserstein_distance

from analytics.analyses.cut_off import CUT_OFF, with_cut_off
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, quantiles

QUANTILES = {"10 %": 0.10, "25 %": 0.25, "50 % (median)": 0.50, "75 %": 0.75, "90 %": 0.90}

QUALITY_SHIFT = Table(
    "quality_shift",
    "one row per quantile; none without a comparison period",
    (
        Column("quantile", "text", "share of the articles that do not exceed the score"),
        Column("period_from", "day", "first day of the selected period (UTC)"),
        Column("period_to", "day", "last day of the selected period"),
        Column("compared_from", "day", "first day of the comparison period (UTC)"),
        Column("compared_to", "day", "last day of the comparison period"),
        Column("n", "whole", "articles with a score in the selected period", "articles"),
        Column("n_compared", "whole", "articles with a score in the comparison period", "articles"),
        Column("score", "number", "quantile of the selected period", "points"),
        Column("score_compared", "number", "quantile of the comparison period", "points"),
        Column("difference", "number", "selected minus comparison period", "points"),
        Column("distance", "number", "Wasserstein distance of the two distributions: mean shift of a score", "points"),
        Column("small", "flag", f"true when either period has fewer than {SMALL_N} scored articles"),
        CUT_OFF,
    ),
    key=("quantile",),
)


def quality_shift(part: Slice) -> pd.DataFrame:
    """The quantiles of the scores in the selected and in the comparison period, and how far they lie apart.

    Empty without a comparison period (`Slice.compared`). The Wasserstein distance is the area between the two
    cumulative curves (Ramdas, Garcia, Cuturi 2017, Entropy 19(2); `scipy.stats.wasserstein_distance`).
    """
    before = part.compared
    if before is None:
        return QUALITY_SHIFT.empty()
    now_counts, before_counts = (_scores(side) for side in (part, before))
    table = pd.DataFrame({"quantile": list(QUANTILES)})
    sides = (("score", "n", now_counts), ("score_compared", "n_compared", before_counts))
    for score, n, counts in sides:
        found = quantiles(counts, [], "quality", QUANTILES)
        values = [found[name].iloc[0] if len(found) else pd.NA for name in QUANTILES]
        table[score], table[n] = pd.array(values, dtype="Float64"), int(counts["n"].sum())
    for name, side in (("period", part), ("compared", before)):
        span = side.span
        assert span is not None
        table[f"{name}_from"] = pd.Timestamp(span.start)
        table[f"{name}_to"] = pd.Timestamp(min(span.end, span.known_to) if side is part else span.end)
    table["difference"] = table["score"] - table["score_compared"]
    table["distance"] = pd.Series(_distance(now_counts, before_counts), index=table.index, dtype="Float64")
    table["small"] = (table["n"] < SMALL_N) | (table["n_compared"] < SMALL_N)
    return QUALITY_SHIFT.of(with_cut_off(part, table))


def quality_shift_finding(table: pd.DataFrame) -> str:
    """How the median moved, and how far the distributions lie apart, in a sentence."""
    if table.empty:
        return "Choose a period and what to compare it with."
    median = table[table["quantile"] == "50 % (median)"].iloc[0]
    now, before = (f"{median[f'{name}_from']:%Y-%m-%d} to {median[f'{name}_to']:%Y-%m-%d}" for name in _PERIODS)
    if median["small"]:
        counts = f"{median['n']:,} from {now}, {median['n_compared']:,} from {before}"
        return f"Too few scored articles for a statement, which needs {SMALL_N} on each side: {counts}."
    moved = abs(float(median["difference"]))
    size = f"{moved:g} point{'s' * (moved != 1)}"
    verb = (
        "did not move" if not median["difference"] else ("rose" if median["difference"] > 0 else "fell") + f" by {size}"
    )
    return (
        f"The median {verb}: {median['score']:g} from {now} (n = {median['n']:,}), against "
        f"{median['score_compared']:g} from {before} (n = {median['n_compared']:,}); over the whole distribution the "
        f"scores lie {median['distance']:.1f} points apart on average."
    )


_PERIODS = ("period", "compared")


def _scores(part: Slice) -> pd.DataFrame:
    counts = part.tally("quality")
    return counts[counts["quality"].notna()]


def _distance(one: pd.DataFrame, other: pd.DataFrame) -> float | None:
    if one.empty or other.empty:
        return None
    values, weights = ([side[name].to_numpy("float64") for side in (one, other)] for name in ("quality", "n"))
    return float(wasserstein_distance(values[0], values[1], weights[0], weights[1]))
