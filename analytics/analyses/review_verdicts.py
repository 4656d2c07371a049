"""What the people of review sessions said: their current verdicts, and the one verdict of each item.

Sessions that are still being judged are left out everywhere: people judge without knowing what others say.
"""

import pandas as pd

from analytics.engine.slice import Slice
from analytics.schema import Column, Table

ALL, NEWEST = SESSIONS = ("all", "newest")
"""Which sessions a view looks at: all of them, or the newest in which somebody gave a verdict."""

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
    Column("path", "text", "file of the article; as it was then when the article is gone"),
    Column("found", "flag", "whether the article is in the corpus of now; missing when no corpus was looked at"),
    Column("recorded", "whole", "recorded quality when the agenda was made", "points"),
)
"""What tables with a row an item say of it."""

DECISION, MAJORITY, TIE, NOBODY = BASES = ("group decision", "most people", "tie", "nobody judged")
"""What the verdict of an item rests on, and why there is none."""

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


def verdicts_given(part: Slice, sessions: str = ALL) -> pd.DataFrame:
    """The current verdicts, one row a person and item, with what is known of the item; skips are none.

    Columns: `item`, `person`, `verdict`, `rank`, `agrees`, `suggested`, then those of the items.
    """
    given = part.reviewed.judgements
    given = given[given["current"].fillna(value=False) & given["verdict"].notna()].rename(
        columns={"quality": "suggested"}
    )
    given = given.astype({"verdict": "str"})[["item", "person", "verdict", "rank", "agrees", "suggested"]]
    rows = given.merge(_items(part), on="item").sort_values(["session", "position", "person"], ascending=True)
    return _of_sessions(rows, sessions).reset_index(drop=True)


def verdicts_of_items(part: Slice, sessions: str = ALL) -> pd.DataFrame:
    """The items with the verdict of each: `people`, `verdicts`, `verdict`, `agrees`, `basis`; newest session first.

    The verdict is the group's where it settled the item, else the one that most people gave; a tie gives none.
    """
    items, given = _items(part), verdicts_given(part)
    said = given.groupby(["item", "verdict"], sort=True, dropna=False).agg(
        n=("person", "size"), agrees=("agrees", "last")
    )
    said = said.reset_index().sort_values(["item", "n", "verdict"], ascending=[True, False, True])
    most = said[said["n"] == said.groupby("item")["n"].transform("max")]
    clear = most[~most["item"].duplicated(keep=False)].assign(basis=MAJORITY)
    chosen = pd.concat([_settled(part), clear[["item", "verdict", "agrees", "basis"]]]).drop_duplicates("item")
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
    rows = rows.sort_values(["session", "position"], ascending=[False, True])
    judged = rows.loc[rows["basis"] != NOBODY, "session"].max()
    return (rows if sessions == ALL else rows[rows["session"] == judged]).reset_index(drop=True)


def reviewed_items(part: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """Every item with the verdict that it has, and what that rests on."""
    return REVIEWED_ITEMS.of(verdicts_of_items(part, sessions)[REVIEWED_ITEMS.names])


def reviewed_items_finding(table: pd.DataFrame) -> str:
    """How many items have a verdict, and why the others have none, in a sentence."""
    if table.empty:
        return "No session that has been judged is about the selected articles."
    counts = table["basis"].astype("str").value_counts()
    n, has = len(table), int(counts.reindex([DECISION, MAJORITY]).fillna(0).sum())
    said = [f"{int(counts[basis]):,} {words}" for basis, words in _WORDS.items() if basis in counts]
    return f"{has:,} of {n:,} {'item has' if n == 1 else 'items have'} a verdict: {', '.join(said)}."


_WORDS = {DECISION: "by the group", MAJORITY: "by most people", TIE: "tied", NOBODY: "judged by nobody"}


def named(table: pd.DataFrame) -> str:
    """The session of the first row in words."""
    return f"session {table['session'].iloc[0]} ({table['session_title'].iloc[0]})"


def counted(n: int, noun: str) -> str:
    """A number of things in words: 1 item, 2 items."""
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def _items(part: Slice) -> pd.DataFrame:
    """The items of all sessions that are not being judged any more."""
    sessions = part.reviewed.sessions
    titles = sessions[sessions["state"] != JUDGING].set_index("session")["title"]
    items = part.reviewed.items.rename(columns={"quality": "recorded"})
    items = items[items["session"].isin(titles.index)]
    items = items.assign(session_title=items["session"].map(titles).astype("str"))
    return items[[*(column.name for column in ITEM_COLUMNS), "topics", "reasons", "control"]]


def _of_sessions(rows: pd.DataFrame, sessions: str) -> pd.DataFrame:
    return rows if sessions == ALL else rows[rows["session"] == rows["session"].max()]


def _settled(part: Slice) -> pd.DataFrame:
    """The verdicts that groups settled: `item`, `verdict`, `agrees`, `basis`."""
    taken = part.reviewed.decisions
    settled = taken["current"].fillna(value=False) & taken["state"].eq("settled") & taken["verdict"].notna()
    return taken.loc[settled, ["item", "verdict", "agrees"]].astype({"verdict": "str"}).assign(basis=DECISION)
