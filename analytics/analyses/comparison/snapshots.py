"""Changes between two states of a corpus: of articles, of topics, and providers that are new, silent or gone."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analytics.analyses.common.article_list import FILE_COLUMNS, with_collections
from analytics.analyses.common.publish_cut_off import publish_cut_off
from analytics.analyses.overview import BIGGEST_CHANGES, share_changes
from analytics.analyses.providers.turnover import provider_activity
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table


class MatchedArticles(NamedTuple):
    """Articles of two states: the columns of `_compared_columns`, those of the old state with the suffix `_was`.

    `same` holds the articles that are in both, those that have `moved` too; `taken` the files that are another
    outlet's now; `added` has only the new columns, `removed` only the old ones.
    """

    same: pd.DataFrame
    moved: pd.DataFrame
    taken: pd.DataFrame
    added: pd.DataFrame
    removed: pd.DataFrame


def matched_articles(old: Slice, new: Slice) -> MatchedArticles:
    """Find each article of one state in the other.

    It is the same article at the same path, unless outlet (domain, else provider) and address are both known and both
    different: a path is no identity, syndicated copies overwrite each other. What is left is looked for by its address:
    found at another path it has moved, first to one with the same file name; where several share the address, in the
    order of their paths, each once. Of a path that is then left on both sides, another outlet has taken over the file.
    """
    was, is_now = _compared_columns(old).add_suffix("_was"), _compared_columns(new)
    both = is_now.merge(was, left_on="path", right_on="path_was")
    stayed = both[~(_known_and_different(both, "outlet") & _known_and_different(both, "url"))]
    came, left = _without(is_now, stayed, "path"), _without(was, stayed, "path_was")
    moved = []
    for keys in (["url", "name"], ["url"]):
        moved.append(_matched_by_address(came, left, keys))
        came, left = _without(came, moved[-1], "path"), _without(left, moved[-1], "path_was")
    taken = came.merge(left, left_on="path", right_on="path_was")
    return MatchedArticles(
        same=pd.concat([stayed, *moved], ignore_index=True),
        moved=pd.concat(moved, ignore_index=True),
        taken=taken,
        added=_without(came, taken, "path"),
        removed=_without(left, taken, "path_was"),
    )


def _compared_columns(data: Slice) -> pd.DataFrame:
    """The values of each article that are compared."""
    articles = data.articles
    provider, domain = (articles[name].astype("str") for name in ("provider", "domain"))
    state = articles["published"].map({True: "published", False: "unpublished"}).astype("str").fillna("unknown")
    return articles[["path", "title", "published_at", "quality", "heat", "url"]].assign(
        name=articles["path"].str.replace(r"^.*/", "", regex=True),
        provider=provider.fillna(NONE),
        outlet=domain.fillna(provider),
        topics=data.topics_of(articles),
        state=state,
    )


def _known_and_different(rows: pd.DataFrame, column: str) -> pd.Series:
    """Where a value is known in both states and is another one."""
    was, is_now = rows[f"{column}_was"], rows[column]
    return was.notna() & is_now.notna() & (was != is_now)


def _without(rows: pd.DataFrame, found: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows whose value of a column is not among those that were found."""
    return rows[~rows[column].isin(found[column])]


def _matched_by_address(came: pd.DataFrame, left: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """New articles, each joined to a vanished one with the same keys."""
    came, left = came[came["url"].notna()], left[left["url_was"].notna()]
    before = [f"{key}_was" for key in keys]
    came = came.assign(place=came.groupby(keys).cumcount())
    left = left.assign(place_was=left.groupby(before).cumcount())
    pairs = came.merge(left, left_on=[*keys, "place"], right_on=[*before, "place_was"])
    return pairs.drop(columns=["place", "place_was"])


KINDS = (
    "added",
    "removed",
    "moved",
    "taken over",
    "published",
    "unpublished",
    "state lost",
    "rose over the cut-off",
    "fell below the cut-off",
    "retitled",
    "provider changed",
    "topics changed",
    "quality changed",
    "heat changed",
)
"""Kinds of change of an article, the most important for an editor first."""

SCORED = ("rose over the cut-off", "fell below the cut-off", "quality changed", "heat changed")
"""The kinds of change that consist of two scores."""

ARTICLE_CHANGES = Table(
    "article_changes",
    "one row per article and kind of change, by kind and then by path",
    (
        Column("change", "label", ", ".join(KINDS)),
        Column("title", "text", "headline now, or as it was when the article is gone"),
        Column("provider", "text", "outlet, or (none)"),
        Column("published_at", "time", "time of publication"),
        Column("before", "text", "file, outlet, state, title, provider or topics before; missing for other changes"),
        Column("after", "text", "what that is now"),
        Column("score_before", "whole", "quality or heat before, where a score changed", "points"),
        Column("score_after", "whole", "quality or heat now, where a score changed", "points"),
        Column("quality", "whole", "quality score now, or as it was", "points"),
        Column("url", "text", "web address"),
        *FILE_COLUMNS,
    ),
    key=("change", "path"),
)

PROVIDER_KINDS = ("new", "silent", "gone")

PROVIDER_CHANGES = Table(
    "provider_changes",
    "one row per provider that is new, silent or gone, most articles first within each",
    (
        Column(
            "change",
            "label",
            "new: no article before; silent: overdue now (provider_activity) and not so before; gone: no article now",
        ),
        Column("provider", "text", "outlet"),
        Column("n", "whole", "its articles now; of those that are gone, before", "articles"),
        Column("last_day", "day", "day of its last article (UTC)"),
        Column("days_since", "whole", "days from its last article to the newest of the corpus", "days"),
    ),
    key=("change", "provider"),
)

_COMPARED = {
    "title": "retitled",
    "provider": "provider changed",
    "topics": "topics changed",
    "quality": "quality changed",
    "heat": "heat changed",
}
"""Column → the kind of change when it differs."""

_STATES = {"published": "published", "unpublished": "unpublished", "unknown": "state lost"}
"""State of publication → the kind of change into it."""

_SHOWN = ("title", "provider", "published_at", "quality", "url")


def article_changes(old: Slice, new: Slice) -> pd.DataFrame:
    """Each change of each article between two states of a corpus (ARTICLE_CHANGES).

    What counts as the same article, and as moved or taken over, is decided by `matched_articles`; of a moved
    article its other changes are listed as well, of one that was taken over not. Topics in another order are the same
    topics. The cut-off is that of the new state.
    """
    pairs = matched_articles(old, new)
    same = pairs.same
    rows = [
        _change_rows("added", pairs.added),
        _change_rows("removed", _with_old_values(pairs.removed)),
        _change_rows("moved", pairs.moved, "path"),
        _change_rows("taken over", pairs.taken, "outlet"),
        *(
            _change_rows(kind, same[(same["state"] == name) & _differences(same, "state")], "state")
            for name, kind in _STATES.items()
        ),
        *_cut_off_crossings(same, publish_cut_off(new)),
        *(_change_rows(kind, same[_differences(same, column)], column) for column, kind in _COMPARED.items()),
    ]
    table = pd.concat(rows)
    order = pd.Categorical(table["change"], categories=KINDS, ordered=True)
    table = table.assign(place=order.codes).sort_values(["place", "path"], kind="stable")
    return ARTICLE_CHANGES.of(with_collections(table)[ARTICLE_CHANGES.names])


def new_silent_gone_providers(old: Slice, new: Slice) -> pd.DataFrame:
    """Providers that are new, newly silent or gone in the new state of a corpus (PROVIDER_CHANGES)."""
    was, is_now = _provider_activity(old), _provider_activity(new)
    overdue = is_now.index[is_now["status"] == "overdue"]
    overdue_before = was.index[was["status"] == "overdue"]
    found = {
        "new": is_now[~is_now.index.isin(was.index)],
        "silent": is_now[is_now.index.isin(overdue.intersection(was.index).difference(overdue_before))],
        "gone": was[~was.index.isin(is_now.index)],
    }
    rows = [side.reset_index().assign(change=kind) for kind, side in found.items()]
    table = pd.concat([side.sort_values(["n", "provider"], ascending=[False, True]) for side in rows])
    return PROVIDER_CHANGES.of(table[PROVIDER_CHANGES.names])


def topic_share_changes(recent: Slice) -> pd.DataFrame:
    """Change of each topic's share from a slice's comparison period to the slice, clear ones first (BIGGEST_CHANGES).

    Empty without a comparison period.
    """
    before = recent.compared
    return BIGGEST_CHANGES.empty() if before is None else BIGGEST_CHANGES.of(share_changes(recent, before, "topic"))


def _provider_activity(data: Slice) -> pd.DataFrame:
    """Articles of each provider, with a date or without, and when it was last heard of."""
    counts = data.tally("provider")
    known = provider_activity(data)[["provider", "last_day", "days_since", "status"]]
    return counts[counts["provider"] != NONE].merge(known, on="provider", how="left").set_index("provider")


def _with_old_values(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(**{name: rows[f"{name}_was"] for name in ("path", *_SHOWN)})


def _differences(rows: pd.DataFrame, column: str) -> pd.Series:
    was, is_now = rows[f"{column}_was"], rows[column]
    equal = (was == is_now).fillna(value=False).astype("bool") | (was.isna() & is_now.isna())
    if column != "topics":
        return ~equal
    texts = rows.loc[~equal, ["topics_was", "topics"]]
    reordered = [
        _sorted_topics(before) == _sorted_topics(after) for before, after in zip(*map(texts.get, texts), strict=True)
    ]
    return ~equal & ~equal.index.isin(texts.index[reordered])


def _sorted_topics(text: object) -> Sequence[str]:
    return sorted(text.split("; ")) if isinstance(text, str) else []


def _cut_off_crossings(same: pd.DataFrame, threshold: int | None) -> list[pd.DataFrame]:
    """Articles whose quality went over the cut-off, or below it."""
    if threshold is None:
        return []
    was, is_now = same["quality_was"], same["quality"]
    up = ((was < threshold) & (is_now >= threshold)).fillna(value=False).astype("bool")
    down = ((was >= threshold) & (is_now < threshold)).fillna(value=False).astype("bool")
    return [_change_rows(kind, same[side], "quality") for kind, side in zip(SCORED, (up, down), strict=False)]


def _change_rows(kind: str, rows: pd.DataFrame, column: str | None = None) -> pd.DataFrame:
    """The rows as changes of a kind, with the changed column before and after."""
    missing = {"text": pd.Series(pd.NA, rows.index, "str"), "score": pd.Series(pd.NA, rows.index, "Int64")}
    values = dict.fromkeys(("before", "after"), missing["text"]) | dict.fromkeys(
        ("score_before", "score_after"), missing["score"]
    )
    if column is not None:
        start = "score_" if kind in SCORED else ""
        values |= {f"{start}before": rows[f"{column}_was"], f"{start}after": rows[column]}
    return rows[["path", *_SHOWN]].assign(change=kind, **values)
