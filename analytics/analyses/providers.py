"""Where the articles come from."""

import pandas as pd

from analytics.engine.coded import OTHER
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, quantiles, wilson

PROVIDERS_RANKED = Table(
    "providers_ranked",
    "one row per provider, most articles first; the providers that are not shown by name are pooled as All others",
    (
        Column("rank", "whole", "place by number of articles; none for All others"),
        Column("provider", "text", "provider, All others, or (none) for articles without one"),
        Column("providers", "whole", "providers in the row: 1, or how many are pooled", "providers"),
        Column("n", "whole", "articles", "articles"),
        Column("share", "share", "of all articles"),
        Column("decided", "whole", "articles that say whether they were published", "articles"),
        Column("published", "whole", "published articles", "articles"),
        Column("share_published", "share", "published, of the decided articles"),
        Column("low", "share", "lower end of the 95 % Wilson interval of share_published"),
        Column("high", "share", "upper end of the 95 % Wilson interval of share_published"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} articles"),
        Column("scored", "whole", "articles with a quality score", "articles"),
        Column("median_quality", "number", "median quality score", "points"),
    ),
)


def providers_ranked(part: Slice, *, top: int = 12) -> pd.DataFrame:
    """The providers by number of articles, with the share that is published and its 95 % Wilson interval.

    The first `top` by name (0: all), the rest pooled as one row. The share is of sums, never a mean of shares.
    """
    counts = part.tally("provider", published="published", decided="decided", scored="scored")
    counts = counts.sort_values(["n", "provider"], ascending=[False, True]).reset_index(drop=True)
    named = counts["provider"].where((counts.index < top) | (top == 0) | (len(counts) <= top + 1), OTHER)
    names = dict(zip(counts["provider"], named, strict=True))
    counts = counts.assign(provider=named, providers=1)
    table = counts.groupby("provider", sort=False, as_index=False)[
        ["providers", "n", "decided", "published", "scored"]
    ].sum()
    scores = part.tally("provider", "quality").assign(provider=lambda rows: rows["provider"].map(names))
    medians = quantiles(scores, ["provider"], "quality", {"median_quality": 0.5}).drop(columns="n")
    table = table.merge(medians, on="provider", how="left")
    table["rank"] = pd.array(range(1, len(table) + 1), dtype="Int64")
    table["rank"] = table["rank"].mask(table["provider"] == OTHER)
    table["share"] = table["n"] / table["n"].sum()
    table[["share_published", "low", "high"]] = wilson(table["published"], table["decided"])
    table["small"] = table["decided"] < SMALL_N
    return PROVIDERS_RANKED.of(table)


def providers_ranked_finding(table: pd.DataFrame) -> str:
    """The largest provider in a sentence."""
    if table.empty:
        return "No articles."
    first, n, providers = table.iloc[0], table["n"].sum(), table["providers"].sum()
    text = (
        f"{first['provider']} has {first['n']:,} of {n:,} articles ({first['share']:.0%}), from {providers:,} providers"
    )
    if pd.isna(first["share_published"]):
        return f"{text}."
    interval = f"[{first['low'] * 100:.0f}, {first['high'] * 100:.0f}]"
    return (
        f"{text}; {first['share_published']:.0%} {interval} of its {first['decided']:,} decided articles are published."
    )
