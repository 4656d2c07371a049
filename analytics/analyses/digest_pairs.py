"""Which article of one state of a corpus is which of another."""

from typing import NamedTuple

import pandas as pd

from analytics.engine.coded import NONE
from analytics.engine.slice import Slice


class Pairs(NamedTuple):
    """Articles of two states: the columns of `_states`, those of the old state with `_was` at their ends.

    `same` holds the articles that are in both, those that have `moved` too; `taken` the files that are another
    outlet's now; `added` has only the new columns, `removed` only the old ones.
    """

    same: pd.DataFrame
    moved: pd.DataFrame
    taken: pd.DataFrame
    added: pd.DataFrame
    removed: pd.DataFrame


def paired(old: Slice, new: Slice) -> Pairs:
    """Find each article of one state in the other.

    It is the same article at the same path, unless outlet (domain, else provider) and address are both known and both
    others: a path is no identity, syndicated copies overwrite each other. What is left is looked for by its address:
    found at another path it has moved, first to one with the same file name; where several share the address, in the
    order of their paths, each once. Of a path that is then left on both sides, another outlet has taken over the file.
    """
    was, is_now = _states(old).add_suffix("_was"), _states(new)
    both = is_now.merge(was, left_on="path", right_on="path_was")
    stayed = both[~(_others(both, "outlet") & _others(both, "url"))]
    came, left = _less(is_now, stayed, "path"), _less(was, stayed, "path_was")
    moved = []
    for keys in (["url", "name"], ["url"]):
        moved.append(_matched(came, left, keys))
        came, left = _less(came, moved[-1], "path"), _less(left, moved[-1], "path_was")
    taken = came.merge(left, left_on="path", right_on="path_was")
    return Pairs(
        same=pd.concat([stayed, *moved], ignore_index=True),
        moved=pd.concat(moved, ignore_index=True),
        taken=taken,
        added=_less(came, taken, "path"),
        removed=_less(left, taken, "path_was"),
    )


def _states(part: Slice) -> pd.DataFrame:
    """What a digest compares of each article."""
    articles = part.articles
    provider, domain = (articles[name].astype("str") for name in ("provider", "domain"))
    state = articles["published"].map({True: "published", False: "unpublished"}).astype("str").fillna("unknown")
    return articles[["path", "title", "published_at", "quality", "heat", "url"]].assign(
        name=articles["path"].str.replace(r"^.*/", "", regex=True),
        provider=provider.fillna(NONE),
        outlet=domain.fillna(provider),
        topics=part.topics_of(articles),
        state=state,
    )


def _others(rows: pd.DataFrame, column: str) -> pd.Series:
    """Where a value is known in both states and is another one."""
    was, is_now = rows[f"{column}_was"], rows[column]
    return was.notna() & is_now.notna() & (was != is_now)


def _less(rows: pd.DataFrame, found: pd.DataFrame, path: str) -> pd.DataFrame:
    return rows[~rows[path].isin(found[path])]


def _matched(came: pd.DataFrame, left: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The articles that came, each beside one that left and has the same keys."""
    came, left = came[came["url"].notna()], left[left["url_was"].notna()]
    before = [f"{key}_was" for key in keys]
    came = came.assign(place=came.groupby(keys).cumcount())
    left = left.assign(place_was=left.groupby(before).cumcount())
    pairs = came.merge(left, left_on=[*keys, "place"], right_on=[*before, "place_was"])
    return pairs.drop(columns=["place", "place_was"])
