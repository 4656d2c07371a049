"""Verdicts of review sessions: of each person, of each item, and by agenda reason.

Sessions that are still being judged are left out everywhere: people judge without knowing what others say. What became
of the items goes by decisions and current verdicts; agreement and the control sample by each person's first verdict.
"""

from collections.abc import Callable

import pandas as pd

from analytics.analyses.common.against_others import apart_text, shares_against_others
from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.article_list import COLLECTION, with_collections
from analytics.analyses.common.wording import count_text, share_text
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.intervals import SMALL_N, wilson

ALL, NEWEST = SESSIONS = ("all", "newest")
"""Sessions that a view looks at: all of them, or the newest with a verdict (a list of decisions: with a decision)."""

JUDGING = "judging"
"""State of a session in which people judge, each on their own."""

NUMBER = Column("session", "whole", "number of the session")
SESSION_COLUMNS = (NUMBER, Column("session_title", "text", "what the session is called"))

ITEM_COLUMNS = (
    *SESSION_COLUMNS,
    Column("item", "whole", "number of the item"),
    Column("position", "whole", "place on the agenda, from 1"),
    Column("title", "text", "headline when the agenda was made"),
    Column("provider", "text", "outlet when the agenda was made"),
    COLLECTION,
    Column("path", "text", "file of the article; as it was then when the article is gone"),
    Column("found", "flag", "whether the article is in the corpus of now; missing when no corpus was looked at"),
    Column("recorded", "whole", "recorded quality when the agenda was made", "points"),
)
"""Common columns of the tables with one row per item."""

DECISION, MAJORITY, TIE, NOBODY = BASES = ("group decision", "most people", "tie", "nobody judged")
"""What the verdict of an item rests on, or why there is none."""

REVIEWED_ITEMS = Table(
    "reviewed_items",
    "one row per item of a session, newest session first, in the order of the agenda",
    (
        *ITEM_COLUMNS,
        Column("reasons", "text", "agenda reasons that put it there, joined by '; '"),
        Column("control", "flag", "whether it is one of the random control sample"),
        Column("people", "whole", "people who gave a verdict", "people"),
        Column("verdicts", "text", "their verdicts with how many gave each, most first"),
        Column("verdict", "text", "verdict of the item: the group's, or the one that most people gave"),
        Column("basis", "label", "what the verdict rests on: group decision or most people; tie or nobody judged"),
        Column("agrees", "flag", "whether the verdict says that the recorded score is right; missing if neither"),
    ),
    key=("item",),
)


def first_verdicts(judgements: pd.DataFrame) -> pd.DataFrame:
    """Of judgements (REVIEW_JUDGEMENTS), the first verdict of each person and item, in the order in which they came.

    A skip is no verdict. A later verdict, or a skip after one, changes nothing: it was given when the person knew more,
    after a discussion, the verdicts of others or the score. Agreement of people and what is estimated from the control
    sample go by these.
    """
    return judgements[judgements["verdict"].notna()].sort_values("judgement").drop_duplicates(["item", "person"])


def current_verdicts(judgements: pd.DataFrame) -> pd.DataFrame:
    """Of judgements (REVIEW_JUDGEMENTS), the latest of each person and item where that is a verdict, not a skip."""
    return judgements[judgements["current"].fillna(value=False) & judgements["verdict"].notna()]


def verdicts_given(
    data: Slice, newest_or_all: str = ALL, *, chosen: Callable[[pd.DataFrame], pd.DataFrame] = current_verdicts
) -> pd.DataFrame:
    """The verdicts of each person, one row a person and item, with what is known of the item; without skips.

    Which verdict counts of several that a person gave on an item is `chosen`: `current_verdicts` or `first_verdicts`.
    Columns: `item`, `person`, `verdict`, `rank`, `agrees`, `suggested`, then those of the items.
    """
    given = chosen(data.reviewed.judgements).rename(columns={"quality": "suggested"})
    given = given.astype({"verdict": "str"})[["item", "person", "verdict", "rank", "agrees", "suggested"]]
    rows = given.merge(_items_of_closed_sessions(data), on="item").sort_values(
        ["session", "position", "person"], ascending=True
    )
    return _newest_or_all(rows, newest_or_all).reset_index(drop=True)


def verdict_per_item(data: Slice, newest_or_all: str = ALL) -> pd.DataFrame:
    """The items with the verdict of each: `people`, `verdicts`, `verdict`, `agrees`, `basis`; newest session first.

    The verdict is the group's where it settled the item, else the one that most people gave; a tie gives none.
    """
    rows = _with_verdicts(_items_of_closed_sessions(data), verdicts_given(data), _group_verdicts(data))
    judged = rows.loc[rows["basis"] != NOBODY, "session"].max()
    return (rows if newest_or_all == ALL else rows[rows["session"] == judged]).reset_index(drop=True)


def first_verdict_per_item(data: Slice) -> pd.DataFrame:
    """As `verdict_per_item`, but the verdict is the one that most people gave first (`first_verdicts`).

    What groups decided does not count: they had seen the score and each other's verdicts.
    """
    given, no_group = verdicts_given(data, chosen=first_verdicts), _group_verdicts(data).head(0)
    return _with_verdicts(_items_of_closed_sessions(data), given, no_group).reset_index(drop=True)


def _with_verdicts(items: pd.DataFrame, given: pd.DataFrame, of_groups: pd.DataFrame) -> pd.DataFrame:
    """Items with the verdict of each: that of a group, else of most people's given verdicts; newest session first."""
    said = given.groupby(["item", "verdict"], sort=True, dropna=False).agg(
        n=("person", "size"), agrees=("agrees", "last")
    )
    said = said.reset_index().sort_values(["item", "n", "verdict"], ascending=[True, False, True])
    most = said[said["n"] == said.groupby("item")["n"].transform("max")]
    clear = most[~most["item"].duplicated(keep=False)].assign(basis=MAJORITY)
    chosen = pd.concat([of_groups, clear[["item", "verdict", "agrees", "basis"]]]).drop_duplicates("item")
    chosen = chosen.set_index("item")
    people, item = given.groupby("item").size(), items["item"]
    words = (said["verdict"] + " " + said["n"].astype("str")).groupby(said["item"]).agg(", ".join)
    without = pd.Series(NOBODY, index=items.index, dtype="str").mask(item.isin(people.index), TIE)
    rows = items.assign(
        people=item.map(people).fillna(0).astype("Int64"),
        verdicts=item.map(words).astype("str").fillna(""),
        verdict=item.map(chosen["verdict"]).astype("str"),
        agrees=item.map(chosen["agrees"]).astype("boolean"),
        basis=item.map(chosen["basis"]).astype("str").fillna(without),
    )
    return rows.sort_values(["session", "position"], ascending=[False, True])


@analysis(REVIEWED_ITEMS)
def reviewed_items(data: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """Every item with its verdict, and what that rests on."""
    return verdict_per_item(data, sessions)[REVIEWED_ITEMS.names]


@reviewed_items.register_finding
def reviewed_items_finding(table: pd.DataFrame) -> str:
    """How many items have a verdict, and why the others have none, in a sentence."""
    if table.empty:
        return "No session that has been judged is about the selected articles."
    counts = table["basis"].astype("str").value_counts()
    n, has = len(table), int(counts.reindex([DECISION, MAJORITY]).fillna(0).sum())
    said = [f"{int(counts[basis]):,} {words}" for basis, words in _BASIS_WORDS.items() if basis in counts]
    return f"{has:,} of {n:,} {'item has' if n == 1 else 'items have'} a verdict: {', '.join(said)}."


_BASIS_WORDS = {DECISION: "by the group", MAJORITY: "by most people", TIE: "tied", NOBODY: "judged by nobody"}


def session_of_first_row_text(table: pd.DataFrame) -> str:
    """The session of the first row in words: number and title."""
    return f"session {table['session'].iloc[0]} ({table['session_title'].iloc[0]})"


def _items_of_closed_sessions(data: Slice) -> pd.DataFrame:
    """The items of all sessions that are not being judged any more."""
    sessions = data.reviewed.sessions
    titles = sessions[sessions["state"] != JUDGING].set_index("session")["title"]
    items = data.reviewed.items.rename(columns={"quality": "recorded"})
    items = items[items["session"].isin(titles.index)]
    items = with_collections(items.assign(session_title=items["session"].map(titles).astype("str")))
    return items[[*(column.name for column in ITEM_COLUMNS), "topics", "reasons", "control"]]


def _newest_or_all(rows: pd.DataFrame, sessions: str) -> pd.DataFrame:
    return rows if sessions == ALL else rows[rows["session"] == rows["session"].max()]


def _group_verdicts(data: Slice) -> pd.DataFrame:
    """The verdicts that groups settled: `item`, `verdict`, `agrees`, `basis`."""
    taken = data.reviewed.decisions
    settled = taken["current"].fillna(value=False) & taken["state"].eq("settled") & taken["verdict"].notna()
    return taken.loc[settled, ["item", "verdict", "agrees"]].astype({"verdict": "str"}).assign(basis=DECISION)


VERDICTS_BY_REASON = Table(
    "verdicts_by_reason",
    "one row per agenda reason and verdict; the reason with the most items first, the most frequent verdict first",
    (
        Column("reason", "text", "agenda reason; an item counts under each of its reasons"),
        Column("verdict", "text", "verdict of the item: the group's, or the one that most people gave"),
        Column("n", "whole", "items of the reason with the verdict", "items"),
        Column("decided", "whole", "items of the reason that have a verdict", "items"),
        Column("undecided", "whole", "items of the reason without one: judged by nobody, or tied", "items"),
        Column("share", "share", "items with the verdict, of those of the reason that have one"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
        Column("wrong", "whole", "items of the row whose verdict says that the recorded score is wrong", "items"),
        Column("small", "flag", f"true when fewer than {SMALL_N} items of the reason have a verdict"),
    ),
    key=("reason", "verdict"),
)

OUTCOMES = ("another look", "reopened", "settled")
"""Outcomes of a group's decision, the open points first."""

REVIEW_DECISIONS_LISTED = Table(
    "review_decisions_listed",
    "one row per item on which a group decided: open points first, then the newest session, in order of the agenda",
    (
        *ITEM_COLUMNS,
        Column("outcome", "label", "another look, reopened or settled"),
        Column("verdict", "text", "what was decided; missing when the item was reopened"),
        Column("quality", "whole", "agreed quality", "points"),
        Column("by", "text", "who wrote it down"),
        Column("present", "text", "who was there, joined by '; '"),
        Column("note", "text", "free note"),
        Column("at", "time", "when it was stored"),
    ),
    key=("item",),
)


@analysis(VERDICTS_BY_REASON)
def verdicts_by_reason(data: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """How many items of each agenda reason got each verdict; a reason has a row for each verdict that was given."""
    rows = verdict_per_item(data, sessions)
    rows = rows.assign(reason=rows["reasons"].fillna("").str.split("; ")).explode("reason")
    rows = rows.assign(reason=rows["reason"].mask(rows["reason"] == "", NONE).astype("str"))
    rows = rows.assign(has=rows["verdict"].notna(), wrong=rows["agrees"].eq(other=False).fillna(value=False))
    reasons = rows.groupby("reason", as_index=False).agg(items=("item", "size"), decided=("has", "sum"))
    counts = (
        rows[rows["has"]].groupby(["reason", "verdict"], as_index=False).agg(n=("item", "size"), wrong=("wrong", "sum"))
    )
    verdicts = counts.groupby("verdict", as_index=False).agg(given=("n", "sum"))
    table = reasons.merge(verdicts, how="cross").merge(counts, on=["reason", "verdict"], how="left")
    table = table.fillna({"n": 0, "wrong": 0}).assign(undecided=table["items"] - table["decided"])
    order = ["items", "reason", "given", "verdict"]
    table = table.sort_values(order, ascending=[False, True, False, True]).reset_index(drop=True)
    table = table.join(wilson(table["n"], table["decided"])).assign(small=table["decided"] < SMALL_N)
    return table[VERDICTS_BY_REASON.names]


@verdicts_by_reason.register_finding
def verdicts_by_reason_finding(table: pd.DataFrame) -> str:
    """The agenda reasons whose items have a wrong score more, and less, often than the others, in a sentence."""
    if table.empty:
        return "No item of an agenda has a verdict."
    sums = table.groupby("reason", sort=False).agg(wrong=("wrong", "sum"), decided=("decided", "first"))
    sums = sums[sums["decided"] >= SMALL_N]
    if sums.empty:
        return f"No agenda reason has the {SMALL_N} items with a verdict that a statement needs."
    sums = sums.join(wilson(sums["wrong"], sums["decided"])).sort_values("share", ascending=False, kind="stable")
    sums["said"] = [
        f"{reason} ({share_text(row)} of {count_text(int(row['decided']), 'item')})" for reason, row in sums.iterrows()
    ]
    if len(sums) == 1:
        return f"The score is found wrong for {sums['said'].iloc[0]}, the only reason with {SMALL_N} items or more."
    sums = sums.join(shares_against_others(sums["wrong"], sums["decided"]))
    apart = apart_text(sums, "more often for", "less often for")
    if apart:
        return f"The score is found wrong {apart}; {len(sums):,} reasons compared."
    low, high = sums["share"].min(), sums["share"].max()
    return (
        "For no reason is the score found wrong clearly more or less often than for the others "
        f"({len(sums):,} compared); shares from {low:.0%} to {high:.0%}."
    )


@analysis(REVIEW_DECISIONS_LISTED)
def review_decisions_listed(data: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """The latest decision of the group on each item."""
    taken = data.reviewed.decisions
    taken = taken[taken["current"].fillna(value=False)].rename(columns={"state": "outcome"})
    taken = taken[["item", "outcome", "verdict", "quality", "by", "present", "note", "at"]]
    items = verdict_per_item(data)[[column.name for column in ITEM_COLUMNS]]
    rows = items.merge(taken, on="item")
    rows = rows if sessions == ALL else rows[rows["session"] == rows["session"].max()]
    place = rows["outcome"].astype("str").map({name: place for place, name in enumerate(OUTCOMES)})
    rows = rows.assign(place=place, verdict=rows["verdict"].astype("str"))
    rows = rows.sort_values(["place", "session", "position"], ascending=[True, False, True])
    return rows[REVIEW_DECISIONS_LISTED.names]


@review_decisions_listed.register_finding
def review_decisions_listed_finding(table: pd.DataFrame) -> str:
    """How many items are decided, and how many are open points, in a sentence."""
    if table.empty:
        return "No group has decided on an item yet."
    counts = table["outcome"].astype("str").value_counts()
    said = [f"{int(counts[name]):,} {words}" for name, words in _OUTCOME_WORDS.items() if name in counts]
    n = len(table)
    return f"Groups decided on {count_text(n, 'item')}: {', '.join(said)}."


_OUTCOME_WORDS = {"settled": "settled", "another look": "to be looked at again", "reopened": "reopened"}
