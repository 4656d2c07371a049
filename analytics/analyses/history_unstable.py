"""Files whose score does not hold still, and files that one article after another takes over."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analytics.analyses.history_lives import seen_at
from analytics.analyses.listing import counted, named
from analytics.engine.coded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table

UNSTABLE_SCORES = Table(
    "unstable_scores",
    "one row per file whose chosen score ever changed, the most changes first, then the widest range, then by path",
    (
        Column("rank", "whole", "place in the list"),
        Column("title", "text", "newest headline"),
        Column("provider", "text", "newest outlet, or (none)"),
        Column("changes", "whole", "changes of the score from one known value to the next"),
        Column("by_swap", "whole", "of these, changes that came with another article under the same name"),
        Column("flips", "whole", "changes in the other direction than the change before"),
        Column("lowest", "whole", "lowest score", "points"),
        Column("highest", "whole", "highest score", "points"),
        Column("range", "whole", "highest minus lowest", "points"),
        Column("newest", "whole", "newest score", "points"),
        Column("swaps_with", "text", "outlets that the file has had, in order of appearance, joined by '; '"),
        Column("path", "text", "file, from the corpus root: the article's id"),
    ),
    key=("path",),
)

SLUG_TAKEOVERS = Table(
    "slug_takeovers",
    "one row per file that ever went from one article to another, the most takeovers first, then by path",
    (
        Column("rank", "whole", "place in the list"),
        Column("title", "text", "newest headline"),
        Column("takeovers", "whole", "times that the file went from one article to another"),
        Column("lives", "whole", "different articles (by domain and address) that had the file"),
        Column(
            "sides", "text", "their outlets with the newest quality of each, in order of appearance, joined by '; '"
        ),
        Column("quality_low", "whole", "lowest quality among them", "points"),
        Column("quality_high", "whole", "highest quality among them", "points"),
        Column("decisions", "text", "published, unpublished or unknown: the different newest states, joined by '; '"),
        Column("first_at", "time", "commit of the first takeover"),
        Column("last_at", "time", "commit of the last takeover"),
        Column("provider", "text", "outlet that has the file now, or had it last; or (none)"),
        Column("path", "text", "file, from the corpus root: the article's id"),
    ),
    key=("path",),
)


def unstable_scores(part: Slice, *, score: str = "quality") -> pd.DataFrame:
    """The files whose quality or heat changed, over all articles that had the file; unranked heat is passed over."""
    rows = _held(part)
    rows = rows[(rows[score] >= 0).fillna(value=False)]
    if rows.empty:
        return UNSTABLE_SCORES.empty()
    by_path = rows.groupby("path")
    moved = by_path[score].diff().fillna(0)
    changes = rows.assign(moved=moved, swapped=by_path["life"].diff().fillna(0) != 0)[moved != 0]
    if changes.empty:
        return UNSTABLE_SCORES.empty()
    signs = (changes["moved"] > 0).astype("int64")
    flips = signs.groupby(changes["path"]).diff().fillna(0) != 0
    counts = changes.assign(flips=flips, changes=1).groupby("path")[["changes", "swapped", "flips"]].sum()
    table = (
        counts.rename(columns={"swapped": "by_swap"})
        .join(_newest(rows))
        .join(by_path[score].agg(lowest="min", highest="max", newest="last"))
    )
    table = table.assign(range=table["highest"] - table["lowest"], swaps_with=by_path["provider"].agg(_in_order))
    table = table.reset_index().sort_values(["changes", "range", "path"], ascending=[False, False, True])
    return UNSTABLE_SCORES.of(table.assign(rank=range(1, len(table) + 1)))


def unstable_scores_finding(table: pd.DataFrame) -> str:
    """How many files have moving scores, how much of it is swaps, and the worst, in a sentence."""
    if table.empty:
        return "No score has ever changed in the history."
    first, changes, swaps = table.iloc[0], int(table["changes"].sum()), int(table["by_swap"].sum())
    return (
        f"{counted(len(table), 'file has', 'files have')} a score that changed, {counted(changes, 'time', 'times')} in "
        f"all, {swaps:,} of them because another article took the file. Most of all {named(first)}: "
        f"{counted(first['changes'], 'change', 'changes')}, {counted(first['flips'], 'flip', 'flips')}, "
        f"from {first['lowest']} to {first['highest']} points."
    )


def slug_takeovers(part: Slice) -> pd.DataFrame:
    """The files that changed hands: which articles had them, how often, and how each was scored."""
    rows = _held(part)
    before = rows.groupby("path")["life"].shift()
    taken = rows[before.notna() & (before != rows["life"]).fillna(value=False)]
    if taken.empty:
        return SLUG_TAKEOVERS.empty()
    rows = rows[rows["path"].isin(taken["path"])]
    table = taken.groupby("path")["at"].agg(takeovers="size", first_at="first", last_at="last").join(_newest(rows))
    newest = rows.drop_duplicates("life", keep="last")
    held = rows.drop_duplicates("life")[["life"]].merge(newest, on="life").groupby("path")
    sides = held.apply(_sides).str.join("; ")
    states = held["published"].agg(lambda flags: _in_order(map(_state, flags)))
    table = table.assign(lives=held.size(), sides=sides, decisions=states)
    table = table.join(held["quality"].agg(quality_low="min", quality_high="max"))
    table = table.reset_index().sort_values(["takeovers", "path"], ascending=[False, True])
    return SLUG_TAKEOVERS.of(table.assign(rank=range(1, len(table) + 1)))


def slug_takeovers_finding(table: pd.DataFrame) -> str:
    """How many files changed hands, how often, and between whom the one that did so most, in a sentence."""
    if table.empty:
        return "No file of the history ever went from one article to another."
    first, differ = table.iloc[0], int(table["decisions"].str.contains("; ").sum())
    takeovers = counted(int(table["takeovers"].sum()), "time", "times")
    return (
        f"{counted(len(table), 'file', 'files')} changed hands, {takeovers}"
        f" in all. Most often {first['path']}: {counted(first['takeovers'], 'time', 'times')}, between "
        f"{first['sides']}. In {differ:,} the decision depends on who has the file."
    )


def _held(part: Slice) -> pd.DataFrame:
    """What each file of the slice held over time, whichever article had it: its versions but those of its absence.

    With filters, the files of the selected articles only.
    """
    history = part.whole.history
    rows = history.changes[history.changes["kind"] != "removed"]
    if not part.selection.takes_all:
        rows = rows[rows["path"].isin(part.articles["path"])]
    rows = rows.sort_values(["path", "place"], kind="stable", ignore_index=True)
    provider = rows["provider"].astype("object").fillna(NONE).astype("str")
    return rows.assign(at=seen_at(history, rows), provider=provider)


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop_duplicates("path", keep="last").set_index("path")[["title", "provider"]]


def _in_order(labels: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(labels))


def _sides(lives: pd.DataFrame) -> list[str]:
    scores = lives["quality"].astype("object").fillna("no quality")
    return [f"{name} ({score})" for name, score in zip(lives["provider"], scores, strict=True)]


def _state(published: Any) -> str:
    return "unknown" if pd.isna(published) else "published" if published else "unpublished"
