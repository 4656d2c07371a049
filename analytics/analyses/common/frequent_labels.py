"""Labels (topics, providers, types, states) by frequency: which are shown by name, pooled, or left out."""

from collections.abc import Sequence

import pandas as pd

from analytics.corpus.loader import Corpus
from analytics.engine.caching import cached_with_owner
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.slice import Slice

GROUPS = ("topic", "provider", "type", "state")
"""Keys whose groups a view can compare."""

UMBRELLA_SHARE = 0.9
"""A topic on at least this share of the whole corpus is an umbrella topic: it says nothing about an article."""


def tally_by_group(data: Slice, by: str, top: int, *keys: str, **sums: str) -> pd.DataFrame:
    """`Slice.tally` by group and further keys: `group`, the keys, `n` and the sums.

    The `top` most frequent groups go by name (0: all), the rest are pooled as All others. An article counts under each
    of its topics and once under All others; umbrella topics are left out.
    """
    left_out = umbrella_topics(data) if by == "topic" else []
    shown = shown_labels(top_labels(data, by, left_out=left_out), top)
    counts = data.tally(by, *keys, keep_topics=[*shown, *left_out] if by == "topic" else None, **sums)
    counts = counts[~counts[by].isin(left_out)]
    counts = counts.assign(group=counts[by].where(counts[by].isin([*shown, NONE]), OTHER))
    return counts.groupby(["group", *keys], sort=False, dropna=False)[["n", *sums]].sum().reset_index()


def groups_by_size(counts: pd.DataFrame) -> list[str]:
    """The groups of `tally_by_group`, most articles first, ties in alphabetical order; All others and (none) last."""
    sizes = counts.groupby("group", as_index=False)["n"].sum()
    sizes = sizes.assign(last=sizes["group"].map({OTHER: 1, NONE: 2}).fillna(0))
    return list(sizes.sort_values(["last", "n", "group"], ascending=[True, False, True])["group"])


def top_labels(data: Slice, key: str, top: int | None = None, left_out: Sequence[str] = ()) -> list[str]:
    """The labels of a key (topic, provider) in a slice, most frequent first, ties in alphabetical order."""
    counts = data.tally(key)
    counts = counts[~counts[key].isin([*left_out, NONE])]
    return counts.sort_values(["n", key], ascending=[False, True])[key].head(top or len(counts)).tolist()


def shown_labels(ranking: list[str], top: int) -> list[str]:
    """The labels of a ranking to show by name: the first `top` (0: all), and one more if only that one is left."""
    return ranking if top == 0 or len(ranking) <= top + 1 else ranking[:top]


def pool_rare(ranking: pd.Series, top: int) -> pd.Series:
    """The name shown for each label of a ranking, which holds each once: its own (`shown_labels`) or All others."""
    return ranking.where(ranking.isin(shown_labels(ranking.tolist(), top)), OTHER)


def umbrella_topics(data: Slice) -> list[str]:
    """Topics that tell no articles apart, whatever is selected: those that the corpus's profile names, else those that
    are on nearly every article of the whole corpus."""
    named = data.corpus.profile.umbrella
    return _umbrella_topics(data.corpus) if named is None else list(named)


@cached_with_owner
def _umbrella_topics(corpus: Corpus) -> list[str]:
    whole = Slice(corpus)
    counts = whole.tally("topic")
    return counts.loc[(counts["n"] >= UMBRELLA_SHARE * whole.n) & (counts["topic"] != NONE), "topic"].tolist()
