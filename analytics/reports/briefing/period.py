"""The days that a briefing is about when nobody chose any: the shortest that hold enough to say what changed."""

from dataclasses import replace

from analytics.engine.periods import newest_covered_period
from analytics.engine.slice import Slice
from analytics.selection.fields import COMPARISONS, LENGTHS, Length
from analytics.selection.selection import Selection

FEWEST = 100
"""The fewest articles that the days of a briefing and its comparison period must have for a length to be chosen."""


def briefing_period(data: Slice, length: Length | None = None) -> tuple[Selection, Length | None]:
    """The selection of a briefing, which covers the newest days of a length that are over, and that length.

    A selection that has days keeps them, and the length is None. Without a `length` it is the shortest of LENGTHS whose
    days have FEWEST articles, and so have the days before them or a year before. Where none has, the days stay open and
    the length is None.
    """
    chosen = data.selection
    newest = data.whole.last_day
    if chosen.start or chosen.end or newest is None:
        return chosen, None
    for each in LENGTHS if length is None else (length,):
        start, end = newest_covered_period(each, newest, data.corpus.today)
        selection = replace(chosen, start=start, end=end)
        if length is not None or _holds_enough(data, selection):
            return selection, each
    return chosen, None


def _holds_enough(data: Slice, selection: Selection) -> bool:
    if data.with_selection(selection).n < FEWEST:
        return False
    others = [data.with_selection(replace(selection, compare=how)).compared for how in COMPARISONS]
    return any(other is not None and other.n >= FEWEST for other in others)
