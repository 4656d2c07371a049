"""Providers by number of articles: ranked, over time, and by topic."""

import pandas as pd

from analytics.analyses.common.against_others import shares_against_others
from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.frequent_labels import pool_rare, top_labels, umbrella_topics
from analytics.analyses.common.tallies_by_period import (
    PERIOD_COLUMNS,
    largest_share_shift_text,
    period_label_grid,
    tally_by_period,
)
from analytics.analyses.common.wording import all_text, count_text, share_text
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.change_test import TOO_FEW, UP
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import SMALL_N, wilson

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


@analysis(PROVIDERS_RANKED)
def providers_ranked(data: Slice, *, top: int = 12) -> pd.DataFrame:
    """The providers by number of articles, with the share that is published and its 95 % Wilson interval.

    The first `top` by name (0: all), the rest pooled as one row. The share is of sums, never a mean of shares.
    """
    counts = data.tally("provider", published="published", decided="decided", scored="scored")
    counts = counts.sort_values(["n", "provider"], ascending=[False, True]).reset_index(drop=True)
    named = counts["provider"].where((counts.index < top) | (top == 0) | (len(counts) <= top + 1), OTHER)
    names = dict(zip(counts["provider"], named, strict=True))
    counts = counts.assign(provider=named, providers=(counts["provider"] != NONE).astype("int64"))
    table = counts.groupby("provider", sort=False, as_index=False)[
        ["providers", "n", "decided", "published", "scored"]
    ].sum()
    scores = data.tally("provider", "quality").assign(provider=lambda rows: rows["provider"].map(names).astype("str"))
    medians = quantiles(scores, ["provider"], "quality", {"median_quality": 0.5}).drop(columns="n")
    table = table.merge(medians, on="provider", how="left")
    table["rank"] = pd.array(range(1, len(table) + 1), dtype="Int64")
    table["rank"] = table["rank"].mask(table["provider"] == OTHER)
    table["share"] = table["n"] / table["n"].sum()
    table[["share_published", "low", "high"]] = wilson(table["published"], table["decided"])
    table["small"] = table["decided"] < SMALL_N
    return table


@providers_ranked.register_finding
def providers_ranked_finding(table: pd.DataFrame) -> str:
    """The largest provider in a sentence."""
    if table.empty:
        return "No articles."
    named = table[~table["provider"].isin([NONE, OTHER])]
    if named.empty:
        return "No article names a provider."
    first, n, providers = named.iloc[0], int(table["n"].sum()), int(table["providers"].sum())
    text = (
        f"{first['provider']} has {first['n']:,} of {count_text(n, 'article')} ({first['share']:.0%}), "
        f"from {count_text(providers, 'provider')}"
    )
    if first["n"] == n:
        text = f"{first['provider']}, the only provider, has {all_text(n, 'article')}"
    if pd.isna(first["share_published"]):
        return f"{text}."
    decided = count_text(first["decided"], "decided article is", "decided articles are")
    return f"{text}; {share_text(first, 'share_published')} of its {decided} published."


@analysis(PROVIDERS_OVER_TIME)
def providers_over_time(data: Slice, *, grain: str = AUTO, top: int = 5) -> pd.DataFrame:
    """How many articles of each period come from each provider, by name for the `top` largest of the slice.

    An article has one provider, so that the counts of a period add up to its total.
    """
    shown = top_labels(data, "provider", top)
    counts = tally_by_period(data, "provider", grain=grain)
    names = counts["provider"].where(counts["provider"].isin([*shown, NONE]), OTHER)
    counts = counts.assign(provider=names).groupby(["period", "provider"], as_index=False)[["n"]].sum()
    rest = [label for label in (OTHER, NONE) if label in set(counts["provider"])]
    table = period_label_grid(data, grain, "provider", [*shown, *rest])
    table = table.merge(counts, on=["period", "provider"], how="left").fillna({"n": 0})
    table["total"] = table.groupby("period")["n"].transform("sum")
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return table


@providers_over_time.register_finding
def providers_over_time_finding(table: pd.DataFrame) -> str:
    """The provider whose share moved most between the first and the last third of the complete periods."""
    named = table[~table["provider"].isin([OTHER, NONE])]
    if not named["n"].sum():
        return "No article with a date names a provider."
    known = named[named["complete"]]
    periods = known["period"].unique()
    if len(periods) < 3:
        return f"Providers by name: {named.loc[named['n'] > 0, 'provider'].nunique()}; too few periods for a trend."
    return largest_share_shift_text(known, "provider")


PROVIDERS_BY_TOPIC = Table(
    "providers_by_topic",
    "one row per provider and topic, most articles first; what is not shown by name is pooled as All others",
    (
        Column("provider", "text", "provider, All others, or (none) for articles without one"),
        Column("providers", "whole", "providers in the row: 1, how many are pooled, or 0 for (none)", "providers"),
        Column("topic", "text", "topic, All others, or (none) for articles without a topic"),
        Column("topics", "whole", "topics in the column: 1, how many are pooled, or 0 for (none)", "topics"),
        Column("n", "whole", "the provider's articles with the topic; an article counts under each topic", "articles"),
        Column("total", "whole", "all articles of the provider", "articles"),
        Column("share", "share", "articles with the topic, of all articles of the provider"),
        Column("low", "share", "lower end of the 95 % Wilson interval of share"),
        Column("high", "share", "upper end of the 95 % Wilson interval of share"),
        Column("share_of_all", "share", "articles with the topic, of all articles of all providers"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} articles"),
    ),
    key=("provider", "topic"),
)


@analysis(PROVIDERS_BY_TOPIC)
def providers_by_topic(data: Slice, *, top: int = 10, topics: int = 6, umbrella: str = "left out") -> pd.DataFrame:
    """What share of each provider's articles is about each topic, for the `top` largest providers and `topics`.

    Umbrella topics (on at least 90 % of the whole corpus) are left out unless `umbrella` is "shown". An article with
    several of the topics that are not shown counts once under All others.
    """
    left_out = umbrella_topics(data) if umbrella == "left out" else []
    names, totals = _pooled_providers(data, top)
    every = top_labels(data, "topic", None, left_out)
    shown = every[:topics]
    counts = data.tally("provider", "topic", keep_topics=[*shown, *left_out])
    counts = counts[~counts["topic"].isin(left_out)].assign(
        provider=lambda rows: rows["provider"].map(names).astype("str")
    )
    counts = counts.groupby(["provider", "topic"], as_index=False)[["n"]].sum()
    rest = [label for label in (OTHER, NONE) if label in set(counts["topic"])]
    sizes = dict.fromkeys(shown, 1) | {OTHER: len(every) - len(shown), NONE: 0}
    columns = pd.DataFrame({"topic": pd.Series([*shown, *rest], dtype="str")})
    table = totals.merge(columns.assign(topics=columns["topic"].map(sizes)), how="cross")
    table = table.merge(counts, on=["provider", "topic"], how="left").fillna({"n": 0})
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    about = table.groupby("topic")["n"].transform("sum")
    return table.assign(share_of_all=about / data.n, small=table["total"] < SMALL_N)


def _pooled_providers(data: Slice, top: int) -> tuple[dict[str, str], pd.DataFrame]:
    """Provider → the name it is shown under, and `provider`, `providers`, `total`; largest first, then the rest."""
    counts = data.tally("provider").sort_values(["n", "provider"], ascending=[False, True]).reset_index(drop=True)
    unnamed = counts["provider"] == NONE
    counts = pd.concat([counts[~unnamed], counts[unnamed]])
    shown = pool_rare(counts.loc[~unnamed, "provider"], top).reindex(counts.index).fillna(NONE)
    rows = counts.assign(shown=shown, providers=(~unnamed).astype("int64"))
    totals = rows.groupby("shown", sort=False, as_index=False).agg(providers=("providers", "sum"), total=("n", "sum"))
    return dict(zip(rows["provider"], rows["shown"], strict=True)), totals.rename(columns={"shown": "provider"})


@providers_by_topic.register_finding
def providers_by_topic_finding(table: pd.DataFrame) -> str:
    """How many providers write more often about a topic than the others, and what is not shown by name."""
    named = table[~table["provider"].isin([OTHER, NONE]) & ~table["topic"].isin([OTHER, NONE])]
    if not named["n"].sum():
        return "No article has both a provider and a topic to show."
    about = table.groupby("topic")["n"].transform("sum")[named.index]
    every = pd.Series(table.drop_duplicates("provider")["total"].sum(), index=named.index)
    tests = named.join(shares_against_others(named["n"], named["total"], about, every))
    cut, pairs = _pooled_text(table), int(tests["outcome"].ne(TOO_FEW).sum())
    compared = f"{count_text(pairs, 'pair')} of a provider and a topic compared"
    beyond = tests[tests["outcome"] == UP]
    if beyond.empty:
        return f"No provider writes clearly more often about a topic than the others ({compared}).{cut}"
    excess = (beyond["share"] - beyond["share_others"]).astype("float64")
    first = beyond.loc[excess.sort_values(ascending=False, kind="stable").index[0]]
    return (
        f"{len(beyond):,} of {compared} stand{'s' * (len(beyond) == 1)} out: the provider writes more often about the "
        f"topic than the others. The largest difference: {first['provider']} about {first['topic']}, "
        f"{share_text(first)} of its {first['total']:,} articles, "
        f"against {first['share_others']:.0%} of the others'.{cut}"
    )


def _pooled_text(table: pd.DataFrame) -> str:
    """What is pooled, in a sentence of its own."""
    providers = int(table.loc[table["provider"] == OTHER, "providers"].head(1).sum())
    topics = int(table.loc[table["topic"] == OTHER, "topics"].head(1).sum())
    parts = [count_text(n, noun) * bool(n) for n, noun in ((providers, "provider"), (topics, "topic"))]
    said = " and ".join(filter(None, parts))
    return f" Pooled as All others: {said}." if said else ""
