"""What is known of a corpus beside its files: its history, and what reviewers said of it."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from analytics.corpus.history_tables import History
from analytics.reviewed import Reviewed


@dataclass(frozen=True, eq=False)
class Beside:
    """A history and what was reviewed; None for one that nobody looked for."""

    history: History | None = None
    reviewed: Reviewed | None = None

    @property
    def stamp(self) -> str:
        """What changes with what is known."""
        return " ".join(known.stamp for known in (self.history, self.reviewed) if known is not None)


NOTHING = Beside()

LIFE = ["path", "domain", "url"]
"""What tells the lives of articles apart (history_tables.CHANGES)."""


def of_articles(history: History, articles: pd.DataFrame) -> History:
    """The history of some articles: the changes of those lives that have the path, domain and address of one."""
    lives = history.changes.drop_duplicates("life")[["life", *LIFE]].astype(dict.fromkeys(LIFE, "str"))
    inside = lives.merge(articles[LIFE].astype(dict.fromkeys(LIFE, "str")), on=LIFE)["life"]
    changes = history.changes[history.changes["life"].isin(inside)].reset_index(drop=True)
    return replace(history, changes=changes)


def until(history: History, day: date) -> History:
    """The history as it was when a day ended (UTC): its commits up to then, by the time that never goes back."""
    end = pd.Timestamp(day, tz="UTC") + pd.Timedelta(days=1)
    commits = history.commits[history.commits["seen_at"] < end].reset_index(drop=True)
    changes = history.changes[history.changes["place"].isin(commits["place"])].reset_index(drop=True)
    return replace(history, changes=changes, commits=commits)
