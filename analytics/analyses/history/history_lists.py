"""Lists from the history: hottest lives, warm articles, versions of an article, changed decisions, unstable files."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.article_list import FILE_COLUMNS, list_cut_note, title_with_provider, with_collections
from analytics.analyses.common.wording import count_text
from analytics.analyses.history.lives import STATES, commit_times, hours_text, in_hours, lives, versions_of_lives
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.history.history_tables import History
from analytics.schema import Column, Table

SORTS = {
    "peak lift": "peak_lift",
    "hours to peak": "hours_to_peak",
    "hours above quality": "hours_above",
    "resets": "resets",
}
"""Measure that ranks lives → its column."""

HEAT_LIVES = Table(
    "heat_lives",
    "one row per life whose heat rose above its quality, the highest of the chosen measure first, then by path",
    (
        Column("rank", "whole", "place in the list"),
        Column("title", "text", "headline of the newest version"),
        Column("provider", "text", "outlet, or (none)"),
        Column("class", "text", "class of life, or why it has none"),
        Column("peak_lift", "whole", "highest heat lift", "points"),
        Column(
            "hours_to_peak", "number", "hours from first seen to the peak; missing for an unseen beginning", "hours"
        ),
        Column("hours_above", "number", "hours with heat above quality, all together", "hours"),
        Column("resets", "whole", "times that heat came back from above quality to it, or below"),
        Column("hours_seen", "number", "hours for which it was seen", "hours"),
        Column("first_seen", "time", "commit with which it appeared"),
        Column("begun", "flag", "whether its beginning was seen"),
        Column("quality", "whole", "newest quality score", "points"),
        *FILE_COLUMNS,
        Column("life", "whole", "number of the life: several can have had one file"),
        Column("total", "whole", "lives that belong on the list, shown or not"),
    ),
    key=("life",),
)

WARMING, COOLING, COOLED, STANDING = STATUSES = "warming", "cooling", "just cooled", "standing"
"""What a warm article does: moved up, moved down, or came back to its quality within the window; or did not move."""

WINDOWS = {"24 hours": 24, "2 days": 48, "7 days": 168, "30 days": 720}
"""The windows before the newest commit that can be looked at → hours."""

WARM_NOW = Table(
    "warm_now",
    "one row per article that is above its quality at the newest commit or came back to it within the window: those "
    "that warm, that cool, that just cooled, then those that stand; in each the highest lift first, the latest move, "
    "and by path",
    (
        Column("rank", "whole", "place in the list"),
        Column(
            "status",
            "label",
            f"{', '.join(STATUSES)}: which way it moved within the window, or above quality without a move in it",
        ),
        Column("title", "text", "headline"),
        Column("provider", "text", "outlet, or (none)"),
        Column("state", "text", "published, unpublished or unknown"),
        Column("quality", "whole", "quality score", "points"),
        Column("heat", "whole", "heat score", "points"),
        Column("lift", "whole", "heat minus quality", "points"),
        Column("peak_lift", "whole", "highest heat lift of its life", "points"),
        Column("moved_at", "time", "commit of the last move of the lift"),
        Column("hours_since", "number", "hours from then to the newest commit", "hours"),
        Column("window", "text", f"length of the window before the newest commit: {', '.join(WINDOWS)}"),
        Column("as_of", "time", "the newest commit"),
        *FILE_COLUMNS,
    ),
    key=("path",),
)

NOW = ["path", "title", "provider", "state", "quality", "heat", "lift", "peak_lift"]


@analysis(HEAT_LIVES)
def heat_lives(data: Slice, *, sort: str = "peak lift", limit: int = 50) -> pd.DataFrame:
    """The lives whose heat rose above quality, the highest of `sort` first, at most `limit`; missing ones last."""
    every = lives(data.history)
    rose = every[every["rises"] > 0]
    rose = rose.assign(hours_to_peak=rose["hours_to_peak"].where(rose["begun"].astype("bool")))
    ranked = rose.sort_values([SORTS[sort], "path", "life"], ascending=[False, True, True], na_position="last")
    table = ranked.head(limit).assign(rank=range(1, min(len(ranked), limit) + 1), total=len(ranked))
    hours = {name: table[name].round(1) for name in ("hours_to_peak", "hours_above", "hours_seen")}
    return with_collections(table.assign(**hours))[HEAT_LIVES.names]


@heat_lives.register_finding
def heat_lives_finding(table: pd.DataFrame) -> str:
    """The first life of the list in a sentence."""
    if table.empty:
        return "The history shows no life whose heat rose above its quality."
    first, total = table.iloc[0], int(table["total"].iloc[0])
    peak = "" if pd.isna(first["hours_to_peak"]) else f" {hours_text(first['hours_to_peak'])} after first seen"
    return (
        f"{count_text(total, 'life', 'lives')} rose above quality. First: {title_with_provider(first)}, at most "
        f"{first['peak_lift']:+d} points{peak}, {hours_text(first['hours_above'])} above quality in all, "
        f"{count_text(first['resets'], 'reset')}.{list_cut_note(table)}"
    )


@analysis(WARM_NOW)
def warm_now(data: Slice, *, within: str = "7 days") -> pd.DataFrame:
    """Articles whose heat moved above quality or back to it in the window before the newest commit, or stays above."""
    rows = versions_of_lives(data.history)
    if rows.empty:
        return WARM_NOW.empty()
    as_of = data.history.commits["seen_at"].max()
    moves = rows[rows["lift"].notna() & rows["lift"].ne(rows["before"]).fillna(value=True)]
    last = moves.drop_duplicates("life", keep="last").set_index("life")
    every = lives(data.history).set_index("life")
    shown = every.loc[every["lift"].notna(), NOW]
    moved = last.loc[shown.index]
    since = in_hours(as_of - moved["at"])
    recent, above = since <= WINDOWS[within], shown["lift"] > 0
    back = recent & ~above & (moved["before"] > 0).fillna(value=False)
    falling = (moved["before"] > moved["lift"]).fillna(value=False)
    places = [above & recent & ~falling, above & recent & falling, back, above & ~recent]
    table = shown.assign(
        status=np.select(places, STATUSES, ""),
        moved_at=moved["at"],
        hours_since=since.round(1),
        window=within,
        as_of=as_of,
    )
    table = table[table["status"] != ""].assign(place=lambda found: found["status"].map(STATUSES.index))
    table = table.sort_values(["place", "lift", "hours_since", "path"], ascending=[True, False, True, True])
    return with_collections(table.assign(rank=range(1, len(table) + 1)))[WARM_NOW.names]


@warm_now.register_finding
def warm_now_finding(table: pd.DataFrame) -> str:
    """How many articles moved within the window, the warmest of them, and how many stand above, in a sentence."""
    if table.empty:
        return "At the newest commit no article is above its quality, and none came back to it shortly before."
    counts = table["status"].astype("str").value_counts()
    first, standing = table.iloc[0], int(counts.get(STANDING, 0))
    moved = len(table) - standing
    days = f"the {first['window']} to {first['as_of']:%-d %B %Y %H:%M} UTC"
    if not moved:
        return f"No story moved in {days}; {count_text(standing, 'story stands', 'stories stand')} above quality."
    said = ", ".join(f"{counts[status]:,} {status}" for status in STATUSES[:-1] if counts.get(status))
    older = f"; {count_text(standing, 'older one stands', 'older ones stand')} above quality" if standing else ""
    lift = f"{first['lift']:+d}" if first["lift"] > 0 else "back at quality"
    return (
        f"{count_text(moved, 'story', 'stories')} moved in {days} ({said}){older}. First: "
        f"{title_with_provider(first)}, {lift}, last moved {hours_text(first['hours_since'])} before."
    )


HEAT_LIFE = Table(
    "heat_life",
    "one row per version of the article that changes something tracked, in the order of the history",
    (
        Column("hours", "number", "hours since first seen", "hours"),
        Column("hours_to", "number", "hours from first seen to the next version, or to the newest commit", "hours"),
        Column("at", "time", "when it was committed: never goes back along the history"),
        Column("kind", "label", "appeared, changed, removed or returned"),
        Column("quality", "whole", "quality score", "points"),
        Column("heat", "whole", "heat score; -1 marks an unranked article", "points"),
        Column("lift", "whole", "heat minus quality; missing when unranked, unscored or gone", "points"),
        Column("reset", "flag", "whether heat came back from above quality to it, or below"),
        Column("state", "text", "published, unpublished or unknown"),
        Column("fields", "text", "what moved, joined by '; '"),
        Column("commit", "text", "git commit"),
    ),
    key=("commit", "kind"),
)


@analysis(HEAT_LIFE)
def heat_life(data: Slice, path: str) -> pd.DataFrame:
    """The versions of the article at a path (HEAT_LIFE); none without a history, or when it does not know the article.

    The life is that of the article that has the file now: what others had it before is left out.
    """
    found = data.single(path).article
    history = data.whole.history
    if found.empty or history.changes.empty:
        return HEAT_LIFE.empty()
    article, changes = found.iloc[0], history.changes[history.changes["path"] == path]
    for name in ("domain", "url"):
        here = changes[name].isna() if pd.isna(article[name]) else changes[name].eq(article[name]).fillna(value=False)
        changes = changes[here.astype("bool")]
    rows = versions_of_lives(History(history.stamp, changes, history.commits))
    state = rows["published"].map({True: "published", False: "unpublished"}).astype("object").fillna("unknown")
    table = rows.assign(
        hours_to=(rows["hours"] + rows["span"]).round(1),
        hours=rows["hours"].round(1),
        reset=(rows["before"] > 0).fillna(value=False) & (rows["lift"] <= 0).fillna(value=False),
        state=state,
    )
    return table[HEAT_LIFE.names]


@heat_life.register_finding
def heat_life_finding(table: pd.DataFrame) -> str:
    """How far heat rose, when, for how long in all, and how often it came back, in a sentence."""
    if table.empty:
        return "The history does not know this article."
    known = table[table["lift"].notna()]
    if known.empty:
        return f"Heat was never ranked in {count_text(len(table), 'version')}."
    warm = known[known["lift"] > 0]
    if warm.empty:
        return f"Heat was never above quality in {count_text(len(table), 'version')}."
    peak = warm.iloc[warm["lift"].to_numpy("int64").argmax()]
    hours = float((warm["hours_to"] - warm["hours"]).sum())
    resets = int(table["reset"].sum())
    return (
        f"Heat rose at most {peak['lift']:+d} points above quality, {hours_text(peak['hours'])} after first "
        f"seen; it was above for {hours_text(hours)} in all and came back {count_text(resets, 'time')}."
    )


DECISIONS_CHANGED = Table(
    "decisions_changed",
    "one row per change of an article's published flag after it was first published, the newest first, then by path",
    (
        Column("rank", "whole", "place in the list"),
        Column("title", "text", "headline then"),
        Column("provider", "text", "outlet then, or (none)"),
        Column("changed_at", "time", "commit of the change"),
        Column("from_state", "label", "published, unpublished or unknown before"),
        Column("to_state", "label", "published, unpublished or unknown then"),
        Column("quality_before", "whole", "quality before", "points"),
        Column("quality", "whole", "quality then", "points"),
        Column("hours_after", "number", "hours since it was first published", "hours"),
        *FILE_COLUMNS,
        Column("commit", "text", "git commit"),
        Column("life", "whole", "number of the life: several can have had one file"),
        Column("published_lives", "whole", "lives of the history that were ever published"),
    ),
    key=("life", "commit"),
)


@analysis(DECISIONS_CHANGED)
def decisions_changed(data: Slice) -> pd.DataFrame:
    """Each change of the published flag of a life that was published before; times of absence are passed over."""
    rows = versions_of_lives(data.history)
    rows = rows[rows["there"]]
    published = rows["published"].fillna(value=False).astype("bool")
    first = rows[published].drop_duplicates("life").set_index("life")["at"]
    rows = rows.assign(state=rows["published"].map(STATES).astype("object").fillna("unknown"))
    before = rows.groupby("life")[["state", "quality"]].shift()
    since = pd.Series(first.reindex(rows["life"]).array, index=rows.index)
    changed = before["state"].notna() & before["state"].ne(rows["state"])
    changed &= published.groupby(rows["life"]).cummax().groupby(rows["life"]).shift().fillna(value=False).astype("bool")
    table = rows.assign(
        from_state=before["state"],
        to_state=rows["state"],
        quality_before=before["quality"],
        changed_at=rows["at"],
        hours_after=in_hours(rows["at"] - since).round(1),
        provider=rows["provider"].astype("object").fillna(NONE),
        published_lives=len(first),
    )[changed]
    table = table.sort_values(["place", "path", "life"], ascending=[False, True, True], ignore_index=True)
    return with_collections(table.assign(rank=range(1, len(table) + 1)))[DECISIONS_CHANGED.names]


@decisions_changed.register_finding
def decisions_changed_finding(table: pd.DataFrame) -> str:
    """How many decisions were changed after publication, and the newest, in a sentence."""
    if table.empty:
        return "No decision of the history was changed after an article had been published."
    first, lives = table.iloc[0], table["life"].nunique()
    back = int((table["to_state"] != "published").sum())
    return (
        f"{lives:,} of {count_text(int(first['published_lives']), 'life', 'lives')} ever published had the decision "
        f"changed later, {count_text(len(table), 'time')} in all: {back:,} away from published. The newest: "
        f"{title_with_provider(first)}, {first['from_state']} to {first['to_state']} "
        f"on {first['changed_at']:%-d %B %Y}."
    )


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
        *FILE_COLUMNS,
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
        *FILE_COLUMNS,
    ),
    key=("path",),
)


@analysis(UNSTABLE_SCORES)
def unstable_scores(data: Slice, *, score: str = "quality") -> pd.DataFrame:
    """The files whose quality or heat changed, over all articles that had the file; unranked heat is passed over."""
    rows = _versions_of_files(data)
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
        .join(_newest_title_and_provider(rows))
        .join(by_path[score].agg(lowest="min", highest="max", newest="last"))
    )
    table = table.assign(
        range=table["highest"] - table["lowest"], swaps_with=by_path["provider"].agg(_distinct_in_order)
    )
    table = table.reset_index().sort_values(["changes", "range", "path"], ascending=[False, False, True])
    return with_collections(table.assign(rank=range(1, len(table) + 1)))


@unstable_scores.register_finding
def unstable_scores_finding(table: pd.DataFrame) -> str:
    """How many files have moving scores, how much of it is swaps, and the worst, in a sentence."""
    if table.empty:
        return "No score has ever changed in the history."
    first, changes, swaps = table.iloc[0], int(table["changes"].sum()), int(table["by_swap"].sum())
    return (
        f"{count_text(len(table), 'file has', 'files have')} a score that changed, {count_text(changes, 'time')} in "
        f"all, {swaps:,} of them because another article took the file. Most of all {title_with_provider(first)}: "
        f"{count_text(first['changes'], 'change')}, {count_text(first['flips'], 'flip')}, "
        f"from {first['lowest']} to {first['highest']} points."
    )


@analysis(SLUG_TAKEOVERS)
def slug_takeovers(data: Slice) -> pd.DataFrame:
    """The files that changed hands: which articles had them, how often, and how each was scored."""
    rows = _versions_of_files(data)
    before = rows.groupby("path")["life"].shift()
    taken = rows[before.notna() & (before != rows["life"]).fillna(value=False)]
    if taken.empty:
        return SLUG_TAKEOVERS.empty()
    rows = rows[rows["path"].isin(taken["path"])]
    table: pd.DataFrame = (
        taken.groupby("path")["at"]
        .agg(takeovers="size", first_at="first", last_at="last")
        .join(_newest_title_and_provider(rows))
    )
    newest = rows.drop_duplicates("life", keep="last")
    held = rows.drop_duplicates("life")[["life"]].merge(newest, on="life").groupby("path")
    sides = held.apply(_providers_with_quality).str.join("; ")
    states = held["published"].agg(lambda flags: _distinct_in_order(map(_state_text, flags)))
    table = table.assign(lives=held.size(), sides=sides, decisions=states)
    table = table.join(held["quality"].agg(quality_low="min", quality_high="max"))
    table = table.reset_index().sort_values(["takeovers", "path"], ascending=[False, True])
    return with_collections(table.assign(rank=range(1, len(table) + 1)))


@slug_takeovers.register_finding
def slug_takeovers_finding(table: pd.DataFrame) -> str:
    """How many files changed hands, how often, and between whom the one that did so most, in a sentence."""
    if table.empty:
        return "No file of the history ever went from one article to another."
    first, differ = table.iloc[0], int(table["decisions"].str.contains("; ").sum())
    takeovers = count_text(int(table["takeovers"].sum()), "time")
    return (
        f"{count_text(len(table), 'file')} changed hands, {takeovers}"
        f" in all. Most often {first['path']}: {count_text(first['takeovers'], 'time')}, between "
        f"{first['sides']}. In {differ:,} the decision depends on who has the file."
    )


def _versions_of_files(data: Slice) -> pd.DataFrame:
    """The versions of each file of the slice, whichever article had it, without those in which it is removed.

    With filters, the files of the selected articles only.
    """
    history = data.whole.history
    rows = history.changes[history.changes["kind"] != "removed"]
    if not data.takes_all:
        rows = rows[rows["path"].isin(data.articles["path"])]
    rows = rows.sort_values(["path", "place"], kind="stable", ignore_index=True)
    provider = rows["provider"].astype("object").fillna(NONE).astype("str")
    return rows.assign(at=commit_times(history, rows), provider=provider)


def _newest_title_and_provider(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop_duplicates("path", keep="last").set_index("path")[["title", "provider"]]


def _distinct_in_order(labels: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(labels))


def _providers_with_quality(lives: pd.DataFrame) -> list[str]:
    scores = lives["quality"].astype("object").fillna("no quality")
    return [f"{name} ({score})" for name, score in zip(lives["provider"], scores, strict=True)]


def _state_text(published: Any) -> str:
    return "unknown" if pd.isna(published) else "published" if published else "unpublished"
