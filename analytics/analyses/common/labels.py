"""Counts by group (topic, provider, type, published state), the frequent ones by name and the rest pooled."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import pandas as pd

from analytics.corpus.loader import Corpus
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.slice import Slice

GROUPS = ("topic", "provider", "type", "state")
"""What a view can compare by."""


def by_group(data: Slice, by: str, top: int, *keys: str, **sums: str) -> pd.DataFrame:
    """`Slice.tally` by group and further keys: `group`, the keys, `n` and the sums.

    The `top` most frequent groups go by name (0: all), the rest are pooled as All others; see `in_order`. An article
    counts under each of its topics and once under All others; umbrella topics are left out.
    """
    left_out = umbrella_topics(data) if by == "topic" else []
    ranked = pd.Series(top_labels(data, by, None, left_out), dtype="str")
    shown = ranked[pooled(ranked, top) == ranked].tolist()
    counts = data.tally(by, *keys, keep_topics=[*shown, *left_out] if by == "topic" else None, **sums)
    counts = counts[~counts[by].isin(left_out)]
    names = counts[by].where(counts[by].isin([*shown, NONE]), OTHER)
    counts = counts.assign(group=names)
    return counts.groupby(["group", *keys], sort=False, dropna=False)[["n", *sums]].sum().reset_index()


def in_order(counts: pd.DataFrame) -> list[str]:
    """The groups, most articles first, ties in alphabetical order; All others and (none) last."""
    sizes = counts.groupby("group", as_index=False)["n"].sum()
    sizes = sizes.assign(last=sizes["group"].map({OTHER: 1, NONE: 2}).fillna(0))
    return list(sizes.sort_values(["last", "n", "group"], ascending=[True, False, True])["group"])


def pooled(labels: pd.Series, top: int) -> pd.Series:
    """The name under which each label of a ranking is shown: its own for the first `top` (0: all), else All others.

    `labels` stand in the order of the ranking, each once. A single label is never pooled alone.
    """
    place = pd.Series(range(len(labels)), index=labels.index)
    return labels.where((place < top) | (top == 0) | (len(labels) <= top + 1), OTHER)


UMBRELLA_SHARE = 0.9
"""A topic on at least this share of the whole corpus says nothing about an article."""


_UMBRELLAS: WeakKeyDictionary[Corpus, tuple[str, ...]] = WeakKeyDictionary()


def umbrella_topics(data: Slice) -> list[str]:
    """Topics that are on nearly every article of the whole corpus, whatever is selected."""
    if data.corpus not in _UMBRELLAS:
        whole = data.whole
        counts = whole.tally("topic")
        nearly_all = (counts["n"] >= UMBRELLA_SHARE * whole.n) & (counts["topic"] != NONE)
        _UMBRELLAS[data.corpus] = tuple(counts.loc[nearly_all, "topic"])
    return list(_UMBRELLAS[data.corpus])


def top_labels(data: Slice, key: str, top: int | None = None, left_out: Sequence[str] = ()) -> list[str]:
    """The labels of a key (topic, provider) in a slice, most frequent first, ties in alphabetical order."""
    counts = data.tally(key)
    counts = counts[~counts[key].isin([*left_out, NONE])]
    return counts.sort_values(["n", key], ascending=[False, True])[key].head(top or len(counts)).tolist()


def by_name(labels: list[str], top: int) -> list[str]:
    """The labels of a ranking to show by name: the first `top` (0: all); one alone is never left over."""
    return labels if top == 0 or len(labels) <= top + 1 else labels[:top]


def per_cent(share: float, low: float, high: float) -> str:
    """A share with its interval in words."""
    return f"{share:.0%} [{low * 100:.0f}, {high * 100:.0f}]"
