"""The git history and the reviews of a corpus: data that some views need besides the articles."""

from dataclasses import dataclass, replace

import pandas as pd

from analytics.engine.caching import cached_with_owner
from analytics.history.history_tables import History
from analytics.review_table_contracts import ReviewTables


@dataclass(frozen=True, eq=False)
class SideData:
    """The history and the reviews of a corpus; None for what was not loaded. `reviews_missing`: why reviews failed."""

    history: History | None = None
    reviewed: ReviewTables | None = None
    reviews_missing: str = ""

    @property
    def stamp(self) -> str:
        """A text that changes whenever the history or the reviews do."""
        return " ".join(each.stamp for each in (self.history, self.reviewed) if each is not None)


NO_SIDE_DATA = SideData()

LIFE = ["path", "domain", "url"]
"""The columns that identify the life of an article (`history_tables.CHANGES`)."""


def history_of_articles(history: History, articles: pd.DataFrame) -> History:
    """The history of some articles: the changes of those lives that have the path, domain and address of one."""
    inside = _lives(history).merge(articles[LIFE].astype(dict.fromkeys(LIFE, "str")), on=LIFE)["life"]
    return history_of_changes(history, history.changes["life"].isin(inside))


def history_of_changes(history: History, mask: pd.Series) -> History:
    """A history with only the changes that a mask chooses; its `whole` is the given history."""
    return replace(history, changes=history.changes[mask].reset_index(drop=True), whole=history)


@cached_with_owner
def _lives(history: History) -> pd.DataFrame:
    """Each life of a history by its number and what identifies its article."""
    return history.changes.drop_duplicates("life")[["life", *LIFE]].astype(dict.fromkeys(LIFE, "str"))
