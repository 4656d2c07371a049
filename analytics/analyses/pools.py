"""Rankings that show the first labels by name and pool the rest."""

import pandas as pd

from analytics.engine.coded import OTHER


def pooled(labels: pd.Series, top: int) -> pd.Series:
    """The name under which each label of a ranking is shown: its own for the first `top` (0: all), else All others.

    `labels` stand in the order of the ranking, each once. A single label is never pooled alone.
    """
    place = pd.Series(range(len(labels)), index=labels.index)
    return labels.where((place < top) | (top == 0) | (len(labels) <= top + 1), OTHER)
