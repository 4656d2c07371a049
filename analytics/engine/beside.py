"""What is known of a corpus beside its files: its history, and what reviewers said of it."""

from dataclasses import dataclass

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
