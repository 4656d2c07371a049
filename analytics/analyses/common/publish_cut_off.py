"""The publish cut-off: the quality score that best separates published from unpublished articles."""

import pandas as pd

from analytics.engine.slice import Slice
from analytics.schema import Column
from analytics.statistics.descriptive import cut_off

FEWEST_FOR_CUT_OFF = 30
"""Of fewer scored and decided articles no cut-off is found, and none is said to have no exception."""

CUT_OFF = Column(
    "cut_off",
    "whole",
    "score from which articles are published, found in the whole corpus whatever is selected; missing without one",
    "points",
)


def publish_cut_off(data: Slice) -> int | None:
    """The score from which articles are published, whatever is selected: the one that the corpus's profile gives, else
    the one that the whole corpus shows (`descriptive.cut_off`).

    It shows none when fewer than FEWEST_FOR_CUT_OFF articles are both scored and decided, when all have one state, or
    when the best cut-off does not halve the exceptions that the same answer for all would have (lambda of 0.5; Goodman,
    Kruskal 1954, Journal of the American Statistical Association 49(268)).
    """
    if data.corpus.profile.cut_off is not None:
        return data.corpus.profile.cut_off
    counts = data.whole.tally("quality", published="published", decided="decided")
    found = cut_off(counts["quality"], counts["published"], counts["decided"])
    if found is None or found.n < FEWEST_FOR_CUT_OFF or 2 * found.exceptions > found.minority:
        return None
    return found.threshold


def with_cut_off(data: Slice, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the cut-off in the column `cut_off`, for its chart to mark."""
    threshold = publish_cut_off(data)
    values = pd.Series(pd.NA if threshold is None else threshold, index=table.index, dtype=CUT_OFF.dtype)
    return table.assign(cut_off=values)


def read_cut_off_column(table: pd.DataFrame) -> int | None:
    """The cut-off in the column `cut_off` of a table; None without one."""
    known = table["cut_off"].dropna()
    return None if known.empty else int(known.iloc[0])
