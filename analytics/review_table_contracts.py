"""Tables of review sessions: the store of reviews fills them, the analyses read them."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd

from analytics.schema import Column, Table

SESSION = Column("session", "whole", "number of the session")
ITEM = Column("item", "whole", "number of the item; an article stands once in a session")

REVIEW_SESSIONS = Table(
    "review_sessions",
    "one row per session, in the order in which they were made",
    (
        SESSION,
        Column("title", "text", "what the session is called"),
        Column("state", "label", "judging, settling or closed"),
        Column("selection", "text", "canonical text of the selection that the agenda was made from"),
        Column("corpus", "text", "name of the corpus"),
        Column("fingerprint", "text", "content of the corpus when the agenda was made"),
        Column("commit", "text", "git commit of the corpus then, if it was in git"),
        Column("budget", "whole", "time for the session", "minutes"),
        Column("seed", "whole", "seed of the control sample"),
        Column("eligible", "whole", "articles of the selection, of which the control sample was drawn", "articles"),
        Column("made_at", "time", "when the agenda was fixed"),
        Column("made_by", "text", "who made it"),
    ),
    key=("session",),
)

REVIEW_ITEMS = Table(
    "review_items",
    "one row per item of a session, in the order of the agenda",
    (
        ITEM,
        SESSION,
        Column("position", "whole", "place on the agenda, from 1"),
        Column("path", "text", "file of the article in the corpus of now; as it was then when the article is gone"),
        Column("url", "text", "web address when the agenda was made"),
        Column("title", "text", "headline when the agenda was made"),
        Column("provider", "text", "outlet when the agenda was made"),
        Column("quality", "whole", "recorded quality when the agenda was made", "points"),
        Column("heat", "whole", "recorded heat when the agenda was made; -1 marks an unranked article", "points"),
        Column("published", "flag", "whether it was published when the agenda was made"),
        Column("topics", "text", "topics when the agenda was made, joined by '; '"),
        Column("reasons", "text", "names of the agenda reasons that put it there, joined by '; '"),
        Column("why", "text", "what the reasons say of the article, joined by '; '"),
        Column("control", "flag", "whether it is one of the random control sample"),
        Column("added", "flag", "whether it was added after the agenda was fixed"),
        Column("added_by", "text", "who put it there"),
        Column("found", "flag", "whether the article is in the corpus of now; missing when no corpus was looked at"),
    ),
    key=("item",),
)

REVIEW_JUDGEMENTS = Table(
    "review_judgements",
    "one row per judgement ever given, in the order in which they came",
    (
        Column("judgement", "whole", "number of the judgement"),
        ITEM,
        SESSION,
        Column("person", "text", "who judged"),
        Column("verdict", "label", "the verdict; missing when the person skipped the item"),
        Column("rank", "whole", "place of the verdict in the order from worst to best; missing for one outside of it"),
        Column(
            "agrees", "flag", "whether the verdict says that the recorded score is right; missing where it says nothing"
        ),
        Column("quality", "whole", "suggested quality", "points"),
        Column("reasons", "text", "reasons from the list, joined by '; '"),
        Column("note", "text", "free note"),
        Column("at", "time", "when it was stored"),
        Column("current", "flag", "whether it is the person's latest of the item"),
    ),
    key=("judgement",),
)

REVIEW_DECISIONS = Table(
    "review_decisions",
    "one row per decision of a group ever taken, in the order in which they came",
    (
        Column("decision", "whole", "number of the decision"),
        ITEM,
        SESSION,
        Column("verdict", "label", "what was decided; missing when the item was reopened"),
        Column("rank", "whole", "place of the verdict in the order from worst to best; missing for one outside of it"),
        Column(
            "agrees", "flag", "whether the verdict says that the recorded score is right; missing where it says nothing"
        ),
        Column("state", "label", "settled, another look or reopened"),
        Column("quality", "whole", "agreed quality", "points"),
        Column("note", "text", "free note"),
        Column("present", "text", "who was there, joined by '; '"),
        Column("by", "text", "who wrote it down"),
        Column("at", "time", "when it was stored"),
        Column("current", "flag", "whether it is the latest of the item"),
    ),
    key=("decision",),
)


@dataclass(frozen=True, eq=False)
class ReviewTables:
    """A snapshot of a store of reviews; its frames are read-only. `stamp` changes with every write to the store."""

    stamp: str
    sessions: pd.DataFrame
    items: pd.DataFrame
    judgements: pd.DataFrame
    decisions: pd.DataFrame

    @classmethod
    def nothing(cls) -> "ReviewTables":
        """The empty tables of a store without sessions."""
        tables = (REVIEW_SESSIONS, REVIEW_ITEMS, REVIEW_JUDGEMENTS, REVIEW_DECISIONS)
        return cls("", *(table.empty() for table in tables))

    def of_items(self, items: pd.DataFrame) -> "ReviewTables":
        """All sessions, with some of the items and their judgements and decisions."""
        judgements, decisions = (
            rows[rows["item"].isin(items["item"])].reset_index(drop=True) for rows in (self.judgements, self.decisions)
        )
        return ReviewTables(self.stamp, self.sessions, items.reset_index(drop=True), judgements, decisions)

    def without_items(self, numbers: Collection[int]) -> "ReviewTables":
        """The tables without some items, their judgements and decisions; the stamp says which were taken out."""
        if not numbers:
            return self
        kept = self.of_items(self.items[~self.items["item"].isin(numbers)])
        return replace(kept, stamp=f"{self.stamp} without {','.join(map(str, sorted(numbers)))}")
