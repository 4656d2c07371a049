"""Counts by group (topic, provider, type, published state), the frequent ones by name and the rest pooled."""

import pandas as pd

from analytics.analyses.pools import pooled
from analytics.analyses.topics import top_labels, umbrella_topics
from analytics.engine.coded import NONE, OTHER
from analytics.engine.slice import Slice

GROUPS = ("topic", "provider", "type", "state")
"""What a view can compare by."""


def by_group(part: Slice, by: str, top: int, *keys: str, **sums: str) -> pd.DataFrame:
    """`Slice.tally` by group and further keys: `group`, the keys, `n` and the sums.

    The `top` most frequent groups go by name (0: all), the rest are pooled as All others; see `in_order`. An article
    counts under each of its topics and once under All others; umbrella topics are left out.
    """
    left_out = umbrella_topics(part) if by == "topic" else []
    ranked = pd.Series(top_labels(part, by, None, left_out), dtype="str")
    shown = ranked[pooled(ranked, top) == ranked].tolist()
    counts = part.tally(by, *keys, keep_topics=[*shown, *left_out] if by == "topic" else None, **sums)
    counts = counts[~counts[by].isin(left_out)]
    names = counts[by].where(counts[by].isin([*shown, NONE]), OTHER)
    counts = counts.assign(group=names)
    return counts.groupby(["group", *keys], sort=False, dropna=False)[["n", *sums]].sum().reset_index()


def in_order(counts: pd.DataFrame) -> list[str]:
    """The groups, most articles first, ties in alphabetical order; All others and (none) last."""
    sizes = counts.groupby("group", as_index=False)["n"].sum()
    sizes = sizes.assign(last=sizes["group"].map({OTHER: 1, NONE: 2}).fillna(0))
    return list(sizes.sort_values(["last", "n", "group"], ascending=[True, False, True])["group"])
