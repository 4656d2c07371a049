"""Pairs of topics on the same articles, and the network and groups that they form."""

from typing import Any

import pandas as pd

from analytics.analyses.common.against_others import shares_against_others
from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.frequent_labels import umbrella_topics
from analytics.analyses.common.wording import count_text, share_interval_text
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.change_test import TOO_FEW, UP
from analytics.statistics.descriptive import npmi
from analytics.statistics.intervals import wilson

SEED = 1
"""Random seed of layout and groups, so that the same articles give the same picture."""

PULL = 4.0
"""How strongly each part of a network is drawn to the middle, so that a pair without other ties stays near."""

PAIR_COLUMNS = (
    Column("n", "whole", "articles with both topics", "articles"),
    Column("n_a", "whole", "articles with topic_a", "articles"),
    Column("n_b", "whole", "articles with topic_b", "articles"),
    Column("either", "whole", "articles with one of the two topics or both", "articles"),
    Column("total", "whole", "all articles", "articles"),
    Column("share_both", "share", "Jaccard index: articles with both topics, of those with one of them or both"),
    Column("low", "share", "lower end of the 95 % Wilson interval of share_both"),
    Column("high", "share", "upper end of the 95 % Wilson interval of share_both"),
    Column("npmi", "number", "normalised pointwise mutual information: 0 as by chance, 1 only together, below 0 apart"),
)
CORPUS_COLUMNS = (
    Column("topics", "whole", "topics of the articles, without umbrella topics", "topics"),
    Column("left_out", "text", "umbrella topics, which are on nearly every article and are left out; none without one"),
)

TOPIC_PAIRS = Table(
    "topic_pairs",
    "one row per pair of topics that share enough articles, most articles first",
    (
        Column("topic_a", "text", "the first topic of the pair in alphabetical order"),
        Column("topic_b", "text", "the second topic"),
        *PAIR_COLUMNS,
        *CORPUS_COLUMNS,
    ),
    key=("topic_a", "topic_b"),
)

TOPIC_NETWORK = Table(
    "topic_network",
    "one row per edge: a pair of topics that share enough articles, most articles first",
    (
        Column("topic_a", "text", "the first topic of the edge in alphabetical order"),
        Column("topic_b", "text", "the second topic"),
        *PAIR_COLUMNS,
        Column("group_a", "text", "group of topic_a, named by its most frequent topic"),
        Column("group_b", "text", "group of topic_b"),
        Column("x_a", "number", "place of topic_a in the drawing, -1 to 1"),
        Column("y_a", "number", "place of topic_a in the drawing, -1 to 1"),
        Column("x_b", "number", "place of topic_b in the drawing, -1 to 1"),
        Column("y_b", "number", "place of topic_b in the drawing, -1 to 1"),
        *CORPUS_COLUMNS,
    ),
    key=("topic_a", "topic_b"),
)


@analysis(TOPIC_PAIRS)
def topic_pairs(data: Slice, *, minimum: int = 5) -> pd.DataFrame:
    """Pairs of topics on at least `minimum` articles together, with Jaccard index and NPMI.

    Umbrella topics are left out. Sources: Jaccard 1912; Bouma 2009 (NPMI); both as in van Eck, Waltman 2009, JASIST
    60(8), who compare such measures.
    """
    return _measured_pairs(data, minimum)


@analysis(TOPIC_NETWORK)
def topic_network(data: Slice, *, minimum: int = 5) -> pd.DataFrame:
    """The pairs of `topic_pairs` as edges of a network, with a position and a group for each topic.

    Positions: force-directed layout (Fruchterman, Reingold 1991; found as in Hamaguchi and others 2024) with a pull of
    each part to the middle, with a fixed seed, stretched to the whole drawing. Groups:
    Louvain communities (Blondel and others 2008), weighted by joint articles, with a fixed seed. Topics without an edge
    are left out.
    """
    import networkx as nx  # here, so that no start-up waits for it

    pairs = _measured_pairs(data, minimum)
    graph = nx.Graph()
    joint = pairs["n"].astype("int64")
    graph.add_weighted_edges_from(zip(pairs["topic_a"], pairs["topic_b"], joint, strict=True))
    places = _places(graph) if len(graph) else {}
    found = nx.community.louvain_communities(graph, seed=SEED) if len(graph) else []
    sizes = {topic: n for side in "ab" for topic, n in zip(pairs[f"topic_{side}"], pairs[f"n_{side}"], strict=True)}
    groups = {topic: min(group, key=lambda name: (-sizes[name], name)) for group in found for topic in group}
    for side in ("a", "b"):
        ends = pairs[f"topic_{side}"]
        pairs[f"group_{side}"] = ends.map(groups).astype("str")
        for axis, number in (("x", 0), ("y", 1)):
            spots = {topic: round(place[number], 4) for topic, place in places.items()}
            pairs[f"{axis}_{side}"] = ends.map(spots).astype("Float64")
    return pairs


def _places(graph: Any) -> dict[str, tuple[float, float]]:
    """A place for each node of a graph, from -1 to 1 both ways."""
    import networkx as nx

    found = nx.spring_layout(
        graph, k=2 / len(graph) ** 0.5, iterations=100, weight=None, seed=SEED, method="energy", gravity=PULL
    )
    places = pd.DataFrame.from_dict(found, orient="index")
    low, high = places.min(), places.max()
    spread = (2 * (places - low) / (high - low) - 1).fillna(0.0)  # where all lie on a line, it is the middle
    return {str(name): (float(x), float(y)) for name, x, y in spread.itertuples()}


def _measured_pairs(data: Slice, minimum: int) -> pd.DataFrame:
    left_out = umbrella_topics(data)
    counts = data.tally("topic")
    counts = counts[~counts["topic"].isin([*left_out, NONE])]
    sizes = dict(zip(counts["topic"], counts["n"], strict=True))
    pairs = data.topic_pairs()
    pairs = pairs[(pairs["n"] >= minimum) & ~pairs["topic_a"].isin(left_out) & ~pairs["topic_b"].isin(left_out)]
    pairs = pairs.sort_values(["n", "topic_a", "topic_b"], ascending=[False, True, True]).reset_index(drop=True)
    pairs = pairs.assign(**{f"n_{side}": pairs[f"topic_{side}"].map(sizes).astype("Int64") for side in ("a", "b")})
    pairs["either"] = pairs["n_a"] + pairs["n_b"] - pairs["n"]
    pairs["total"] = pd.Series(data.n, index=pairs.index, dtype="Int64")
    pairs[["share_both", "low", "high"]] = wilson(pairs["n"], pairs["either"])
    pairs["npmi"] = npmi(pairs["n"], pairs["n_a"], pairs["n_b"], pairs["total"])
    pairs["topics"] = pd.Series(len(counts), index=pairs.index, dtype="Int64")
    return pairs.assign(left_out="; ".join(left_out) or None)


@topic_pairs.register_finding
def topic_pairs_finding(table: pd.DataFrame) -> str:
    """The pair that meets most often, and how many pairs meet more often than by chance, in a sentence."""
    if table.empty:
        return "No two topics beside the umbrella topics share enough articles."
    often = table.iloc[0]
    as_often = int((table["n"] == often["n"]).sum())
    of_all = count_text(often["total"], "article")
    tied = f", as do {as_often - 1:,} more" if as_often > 1 else ""
    text = f"{often['topic_a']} and {often['topic_b']} meet most often{tied}: on {often['n']:,} of {of_all}."
    outcome = shares_against_others(table["n"], table["n_a"], table["n_b"], table["total"])["outcome"]
    compared = f"{count_text(int(outcome.ne(TOO_FEW).sum()), 'pair')} compared"
    beyond = table[outcome == UP].sort_values(["npmi", "n", "topic_a"], ascending=[False, False, True], kind="stable")
    if beyond.empty:
        return f"{text} No pair meets clearly more often than by chance ({compared}). {_left_out_text(table)}".strip()
    close = beyond.iloc[0]
    text += (
        f" {len(beyond):,} of {compared} meet{'s' * (len(beyond) == 1)} more often than by chance; the largest NPMI "
        f"({close['npmi']:.2f}) is that of "
        f"{close['topic_a']} and {close['topic_b']}, {close['share_both']:.0%} {share_interval_text(close)} of "
        f"the {close['either']:,} with either."
    )
    return f"{text} {_left_out_text(table)}".strip()


@topic_network.register_finding
def topic_network_finding(table: pd.DataFrame) -> str:
    """How many topics are tied, and in which groups, in a sentence."""
    if table.empty:
        return "No two topics beside the umbrella topics share enough articles."
    ends = [table[["topic_" + side, "group_" + side]].set_axis(["topic", "group"], axis=1) for side in ("a", "b")]
    nodes = pd.concat(ends).drop_duplicates("topic")
    sizes = nodes.groupby("group").size().sort_index().sort_values(ascending=False, kind="stable")
    named = ", ".join(f"{name} ({size})" for name, size in sizes.head(5).items())
    more = f" and {len(sizes) - 5} more" if len(sizes) > 5 else ""
    text = (
        f"{len(nodes):,} of {table['topics'].iloc[0]:,} topics are tied by {count_text(len(table), 'pair')}, "
        f"in {count_text(len(sizes), 'group')} around {named}{more}."
    )
    return f"{text} {_left_out_text(table)}".strip()


def _left_out_text(table: pd.DataFrame) -> str:
    names = table["left_out"].iloc[0]
    return "" if pd.isna(names) else f"Left out as umbrella: {names}."
