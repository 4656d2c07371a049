"""Agenda reasons that lie in the scores: around the cut-off, heat, rank, and the provider's other articles."""

import pandas as pd

from analytics.analyses.heat_lists import most_lifted_articles
from analytics.analyses.publish_lists import ABOVE, BELOW, near_misses, publish_exceptions
from analytics.engine.slice import Slice
from analytics.reviews.reasoned import points, reasoned
from analytics.stats import SMALL_N, UNUSUAL, quantiles, robust_centre

WIDTH = 5
"""Points on either side of the cut-off that count as near."""

LIFT_LEAST = 10
"""Points of heat above quality from which the lift is large: what heat adds from day to day is mostly 1 to 8."""

STRONG = 0.75
"""Share of the scored articles that a strong one is at least as good as."""


def near_miss(part: Slice) -> pd.DataFrame:
    """Decided articles within `WIDTH` points of the cut-off (REASONED), those that fewest points would flip first."""
    sides = [near_misses(part, side=side, width=WIDTH, limit=max(part.n, 1)) for side in (BELOW, ABOVE)]
    rows = pd.concat(sides, ignore_index=True)
    short = rows["beyond"].where(rows["beyond"] < 0, -1 - rows["beyond"])
    return reasoned(part, rows.assign(why=_beside_cut_off(rows), strength=short))


def against_score(part: Slice) -> pd.DataFrame:
    """Articles published below the cut-off or unpublished at or above it (REASONED), the farthest from it first."""
    rows = publish_exceptions(part, limit=max(part.n, 1))
    return reasoned(part, rows.assign(why=_beside_cut_off(rows), strength=rows["beyond"].abs()))


def heat_lift(part: Slice) -> pd.DataFrame:
    """Articles whose heat is at least `LIFT_LEAST` points above their quality (REASONED), the most lifted first."""
    rows = most_lifted_articles(part, limit=max(part.n, 1))
    rows = rows[rows["lift"] >= LIFT_LEAST]
    scores = zip(rows["heat"], rows["lift"], rows["quality"], strict=True)
    why = [f"heat {heat}, {points(lift)} above its quality of {quality}" for heat, lift, quality in scores]
    return reasoned(part, rows.assign(why=why, strength=rows["lift"]))


def unranked_though_strong(part: Slice) -> pd.DataFrame:
    """Unranked articles (heat -1) in the best quarter of the corpus by quality (REASONED), the best first."""
    counts = part.whole.tally("quality")
    least = quantiles(counts, [], "quality", {"strong": STRONG})["strong"]
    articles = part.articles
    rows = articles[articles["heat_state"].eq("unranked") & articles["quality"].notna()]
    rows = rows[rows["quality"] >= least.iloc[0]] if len(least) else rows.iloc[:0]
    scored = int(counts.loc[counts["quality"].notna(), "n"].sum())
    why = [
        f"not ranked by heat, though its quality of {quality} is in the best quarter ({least.iloc[0]:g} or more) of "
        f"{scored:,} articles"
        for quality in rows["quality"]
    ]
    return reasoned(part, rows.assign(why=why, strength=rows["quality"]))


def extreme_for_provider(part: Slice) -> pd.DataFrame:
    """Articles whose quality is unusual for their provider (REASONED), the most unusual first.

    Unusual is a robust z (`stats.robust_centre`) of `UNUSUAL` or more, either way, among all articles of the provider
    in the corpus, when at least `SMALL_N` of them are scored (Iglewicz, Hoaglin 1993, How to Detect and Handle
    Outliers).
    """
    articles = part.whole.articles
    rows = articles.loc[articles["quality"].notna() & articles["provider"].notna(), ["path", "provider", "quality"]]
    rows = rows.astype({"provider": "str", "quality": "float64"})
    n = rows.groupby("provider")["path"].transform("size")
    usual = robust_centre(rows["quality"], rows["provider"])
    rows = rows.assign(n=n, centre=usual["centre"], z=(rows["quality"] - usual["centre"]) / usual["spread"])
    rows = rows[(rows["n"] >= SMALL_N) & (rows["z"].abs() >= UNUSUAL)]
    told = zip(rows["quality"], rows["provider"], rows["centre"], rows["n"], rows["z"], strict=True)
    why = [
        f"quality {quality:g}, where {provider} usually has {centre:g} (median of {n:,}; robust z {z:+.1f}, "
        f"unusual from {UNUSUAL})"
        for quality, provider, centre, n, z in told
    ]
    return reasoned(part, rows.assign(why=why, strength=rows["z"].abs()))


def _beside_cut_off(rows: pd.DataFrame) -> list[str]:
    """State, quality and place of each article beside the cut-off, in words."""
    told = zip(rows["state"], rows["quality"], rows["beyond"], rows["cut_off"], strict=True)
    return [f"{state} at quality {quality}, {_place(beyond, cut_off)}" for state, quality, beyond, cut_off in told]


def _place(beyond: int, cut_off: int) -> str:
    if not beyond:
        return f"right at the cut-off of {cut_off}"
    return f"{points(abs(beyond))} {'above' if beyond > 0 else 'under'} the cut-off of {cut_off}"
