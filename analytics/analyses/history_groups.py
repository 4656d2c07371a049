"""Lives by group: all together, or by topic, provider, type or state, the frequent groups by name."""

import pandas as pd

from analytics.analyses.pools import pooled
from analytics.analyses.topics import umbrella_topics
from analytics.engine.coded import NONE, OTHER
from analytics.engine.slice import Slice

ALL = "all"
GROUPS = (ALL, "topic", "provider", "type", "state")
"""What lives can be told apart by."""

TOP = 4
"""Groups by name: as many curves as can be told apart in one chart."""


def life_groups(part: Slice, lives: pd.DataFrame, by: str) -> pd.DataFrame:
    """Which groups each life is in: `life`, `group`, each pair once.

    The `TOP` groups with most lives go by name, ties in alphabetical order, the rest are pooled as All others. A life
    is in the group of each of its topics, and once in All others; umbrella topics are left out.
    """
    pairs = _labels(part, lives, by)
    counts = pairs.loc[pairs["group"] != NONE, "group"].value_counts().rename_axis("group").reset_index(name="n")
    ranked = counts.sort_values(["n", "group"], ascending=[False, True], ignore_index=True)["group"]
    shown = ranked[pooled(ranked, TOP) == ranked]
    named = pairs["group"].where(pairs["group"].isin([*shown, NONE]), OTHER)
    return pairs.assign(group=named).drop_duplicates(ignore_index=True)


def sized(pairs: pd.DataFrame) -> list[str]:
    """The groups of `life_groups`, most lives first, ties in alphabetical order; All others and (none) last."""
    sizes = pairs["group"].value_counts().rename_axis("group").reset_index(name="n")
    sizes = sizes.assign(last=sizes["group"].map({OTHER: 1, NONE: 2}).fillna(0))
    return list(sizes.sort_values(["last", "n", "group"], ascending=[True, False, True])["group"])


def _labels(part: Slice, lives: pd.DataFrame, by: str) -> pd.DataFrame:
    if by == ALL:
        return lives[["life"]].assign(group=pd.Series(ALL, index=lives.index, dtype="str"))
    if by != "topic":
        return pd.DataFrame({"life": lives["life"], "group": lives[by].astype("str")})
    topics = lives["topics"].fillna(NONE).str.split("; ")
    pairs = lives[["life"]].assign(group=topics).explode("group").astype({"group": "str"})
    return pairs[~pairs["group"].isin(umbrella_topics(part))]
