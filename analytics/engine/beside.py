"""What is known of a corpus beside its files: its history, and what reviewers said of it."""

from dataclasses import dataclass

from analytics.corpus.history_tables import History
from analytics.reviewed import Reviewed


@dataclass(frozen=True, eq=False)
class Beside:
    """A history and what was reviewed; None for one that nobody looked for."""

    history: History | None = None
    reviewed: Reviewed | None = None


NOTHING = Beside()
