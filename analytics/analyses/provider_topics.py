"""Which provider writes about what."""

import pandas as pd

from analytics.analyses.pools import pooled
from analytics.analyses.topics import top_labels, umbrella_topics
from analytics.engine.coded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, wilson

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


def providers_by_topic(part: Slice, *, top: int = 10, topics: int = 6, umbrella: str = "left out") -> pd.DataFrame:
    """What share of each provider's articles is about each topic, for the `top` largest providers and `topics`.

    Umbrella topics (on at least 90 % of the whole corpus) are left out unless `umbrella` is "shown". An article with
    several of the topics that are not shown counts once under All others.
    """
    left_out = umbrella_topics(part) if umbrella == "left out" else []
    names, totals = _providers(part, top)
    every = top_labels(part, "topic", None, left_out)
    shown = every[:topics]
    counts = part.tally("provider", "topic", keep_topics=[*shown, *left_out])
    counts = counts[~counts["topic"].isin(left_out)].assign(provider=lambda rows: rows["provider"].map(names))
    counts = counts.groupby(["provider", "topic"], as_index=False)[["n"]].sum()
    rest = [label for label in (OTHER, NONE) if label in set(counts["topic"])]
    sizes = dict.fromkeys(shown, 1) | {OTHER: len(every) - len(shown), NONE: 0}
    columns = pd.DataFrame({"topic": pd.Series([*shown, *rest], dtype="str")})
    table = totals.merge(columns.assign(topics=columns["topic"].map(sizes)), how="cross")
    table = table.merge(counts, on=["provider", "topic"], how="left").fillna({"n": 0})
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    about = table.groupby("topic")["n"].transform("sum")
    return PROVIDERS_BY_TOPIC.of(table.assign(share_of_all=about / part.n, small=table["total"] < SMALL_N))


def _providers(part: Slice, top: int) -> tuple[dict[str, str], pd.DataFrame]:
    """Provider → the name it is shown under, and `provider`, `providers`, `total`; largest first, then the rest."""
    counts = part.tally("provider").sort_values(["n", "provider"], ascending=[False, True]).reset_index(drop=True)
    unnamed = counts["provider"] == NONE
    counts = pd.concat([counts[~unnamed], counts[unnamed]])
    shown = pooled(counts.loc[~unnamed, "provider"], top).reindex(counts.index).fillna(NONE)
    rows = counts.assign(shown=shown, providers=(~unnamed).astype("int64"))
    totals = rows.groupby("shown", sort=False, as_index=False).agg(providers=("providers", "sum"), total=("n", "sum"))
    return dict(zip(rows["provider"], rows["shown"], strict=True)), totals.rename(columns={"shown": "provider"})


def providers_by_topic_finding(table: pd.DataFrame) -> str:
    """The provider that is most devoted to a topic beyond what is usual, and what is not shown by name."""
    named = table[~table["provider"].isin([OTHER, NONE]) & ~table["topic"].isin([OTHER, NONE])]
    if not named["n"].sum():
        return "No article has both a provider and a topic to show."
    beyond = named[~named["small"] & (named["low"] > named["share_of_all"])]
    cut = _cut(table)
    if beyond.empty:
        return f"No provider is given to a topic beyond what is usual.{cut}"
    excess = (beyond["share"] - beyond["share_of_all"]).astype("float64")
    most = beyond.loc[excess.sort_values(ascending=False, kind="stable").index[0]]
    interval = interval_text(most)
    return (
        f"{most['provider']} is the most devoted: {most['share']:.0%} {interval} of its {most['total']:,} articles are "
        f"about {most['topic']}, against {most['share_of_all']:.0%} of all.{cut}"
    )


def _cut(table: pd.DataFrame) -> str:
    """What is pooled, in a sentence of its own."""
    providers = table.loc[table["provider"] == OTHER, "providers"].head(1).sum()
    topics = table.loc[table["topic"] == OTHER, "topics"].head(1).sum()
    parts = [f"{providers} providers" * bool(providers), f"{topics} topics" * bool(topics)]
    said = " and ".join(filter(None, parts))
    return f" Pooled as All others: {said}." if said else ""
