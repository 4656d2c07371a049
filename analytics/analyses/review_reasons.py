"""What came of the items of each agenda reason, and what groups decided."""

import pandas as pd

from analytics.analyses.review_verdicts import ALL, ITEM_COLUMNS, counted, verdicts_of_items
from analytics.engine.coded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, wilson

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
"""What became of an item, the open points first."""

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


def verdicts_by_reason(part: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """How many items of each agenda reason got each verdict; a reason has a row for each verdict that was given."""
    rows = verdicts_of_items(part, sessions)
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
    return VERDICTS_BY_REASON.of(table[VERDICTS_BY_REASON.names])


def verdicts_by_reason_finding(table: pd.DataFrame) -> str:
    """The agenda reasons whose items most and least often have a wrong score, in a sentence."""
    if table.empty:
        return "No item of an agenda has a verdict."
    sums = table.groupby("reason", sort=False).agg(wrong=("wrong", "sum"), decided=("decided", "first"))
    sums = sums[sums["decided"] >= SMALL_N]
    if sums.empty:
        return f"No agenda reason has the {SMALL_N} items with a verdict that a statement needs."
    sums = sums.join(wilson(sums["wrong"], sums["decided"])).sort_values("share", ascending=False, kind="stable")
    said = [
        f"{reason} ({row['share']:.0%} {interval_text(row)} of {counted(int(row['decided']), 'item')})"
        for reason, row in sums.iloc[[0, -1]].iterrows()
    ]
    if len(sums) == 1:
        return f"The score is found wrong for {said[0]}, the only reason with {SMALL_N} items or more."
    return f"The score is found wrong most often for {said[0]} and least often for {said[1]}."


def review_decisions_listed(part: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """What groups decided: the latest decision of each item."""
    taken = part.reviewed.decisions
    taken = taken[taken["current"].fillna(value=False)].rename(columns={"state": "outcome"})
    taken = taken[["item", "outcome", "verdict", "quality", "by", "present", "note", "at"]]
    items = verdicts_of_items(part)[[column.name for column in ITEM_COLUMNS]]
    rows = items.merge(taken, on="item")
    rows = rows if sessions == ALL else rows[rows["session"] == rows["session"].max()]
    place = rows["outcome"].astype("str").map({name: place for place, name in enumerate(OUTCOMES)})
    rows = rows.assign(place=place, verdict=rows["verdict"].astype("str"))
    rows = rows.sort_values(["place", "session", "position"], ascending=[True, False, True])
    return REVIEW_DECISIONS_LISTED.of(rows[REVIEW_DECISIONS_LISTED.names])


def review_decisions_listed_finding(table: pd.DataFrame) -> str:
    """How many items are decided, and how many are open points, in a sentence."""
    if table.empty:
        return "No group has decided on an item yet."
    counts = table["outcome"].astype("str").value_counts()
    said = [f"{int(counts[name]):,} {words}" for name, words in _WORDS.items() if name in counts]
    n = len(table)
    return f"Groups decided on {counted(n, 'item')}: {', '.join(said)}."


_WORDS = {"settled": "settled", "another look": "to be looked at again", "reopened": "reopened"}
