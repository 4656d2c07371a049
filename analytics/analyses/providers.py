"""Where the articles come from."""

import pandas as pd

from analytics.analyses.movement import moved
from analytics.analyses.time import PERIOD_COLUMNS, by_period, crossed
from analytics.analyses.topics import top_labels
from analytics.engine.coded import NONE, OTHER
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, quantiles, wilson

PROVIDERS_RANKED = Table(
    "providers_ranked",
    "one row per provider, most articles first; the providers that are not shown by name are pooled as All others",
    (
        Column("rank", "whole", "place by number of articles; none for All others"),
        Column("provider", "text", "provider, All others, or (none) for articles without one"),
        Column("providers", "whole", "providers in the row: 1, how many are pooled, or 0 for (none)", "providers"),
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
    key=("provider",),
)

PROVIDERS_OVER_TIME = Table(
    "providers_over_time",
    "one row per period and provider; the providers that are not shown by name are pooled as All others",
    (
        *PERIOD_COLUMNS,
        Column("provider", "text", "provider, All others, or (none) for articles without one"),
        Column("n", "whole", "articles", "articles"),
        Column("total", "whole", "all articles of the period", "articles"),
        Column("share", "share", "of all articles of the period"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
    ),
    key=("period", "provider"),
)


def providers_ranked(part: Slice, *, top: int = 12) -> pd.DataFrame:
    """The providers by number of articles, with the share that is published and its 95 % Wilson interval.

    The first `top` by name (0: all), the rest pooled as one row. The share is of sums, never a mean of shares.
    """
    counts = part.tally("provider", published="published", decided="decided", scored="scored")
    counts = counts.sort_values(["n", "provider"], ascending=[False, True]).reset_index(drop=True)
    named = counts["provider"].where((counts.index < top) | (top == 0) | (len(counts) <= top + 1), OTHER)
    names = dict(zip(counts["provider"], named, strict=True))
    counts = counts.assign(provider=named, providers=(counts["provider"] != NONE).astype("int64"))
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
    named = table[~table["provider"].isin([NONE, OTHER])]
    if named.empty:
        return "No article names a provider."
    first, n, providers = named.iloc[0], table["n"].sum(), table["providers"].sum()
    text = (
        f"{first['provider']} has {first['n']:,} of {n:,} articles ({first['share']:.0%}), from {providers:,} providers"
    )
    if pd.isna(first["share_published"]):
        return f"{text}."
    interval = interval_text(first)
    return (
        f"{text}; {first['share_published']:.0%} {interval} of its {first['decided']:,} decided articles are published."
    )


def providers_over_time(part: Slice, *, grain: str = AUTO, top: int = 5) -> pd.DataFrame:
    """How many articles of each period come from each provider, by name for the `top` largest of the slice.

    An article has one provider, so that the counts of a period add up to its total.
    """
    shown = top_labels(part, "provider", top)
    counts = by_period(part, "provider", grain=grain)
    names = counts["provider"].where(counts["provider"].isin([*shown, NONE]), OTHER)
    counts = counts.assign(provider=names).groupby(["period", "provider"], as_index=False)[["n"]].sum()
    rest = [label for label in (OTHER, NONE) if label in set(counts["provider"])]
    table = crossed(part, grain, "provider", [*shown, *rest])
    table = table.merge(counts, on=["period", "provider"], how="left").fillna({"n": 0})
    table["total"] = table.groupby("period")["n"].transform("sum")
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return PROVIDERS_OVER_TIME.of(table)


def providers_over_time_finding(table: pd.DataFrame) -> str:
    """The provider whose share moved most between the first and the last third of the complete periods."""
    named = table[~table["provider"].isin([OTHER, NONE])]
    if not named["n"].sum():
        return "No article with a date names a provider."
    known = named[named["complete"]]
    periods = known["period"].unique()
    if len(periods) < 3:
        return f"Providers by name: {named.loc[named['n'] > 0, 'provider'].nunique()}; too few periods for a trend."
    return moved(known, "provider")
