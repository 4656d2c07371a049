"""Group, count and sum encoded articles: the only step that touches every row."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from analytics.corpus.record_fields import PRESENCE
from analytics.engine import periods
from analytics.engine.encoded import LABELS, MISSING, NUMBERS, EncodedCorpus, Mask, Numbers
from analytics.errors import AnalyticsError

TIMES = ("day", "week", "month", "quarter", "year", "weekday", "hour")
KEYS = (*LABELS, "state", "topic", *NUMBERS, *TIMES, "story")
"""What a tally can group by."""

Codes = Mapping[str, Numbers]
"""Columns of encoded articles by name, one code a row."""

MEASURES: dict[str, Callable[[Codes], Numbers | Mask]] = {
    "published": lambda rows: rows["state"] == 0,
    "decided": lambda rows: rows["state"] != 2,
    "scored": lambda rows: rows["quality"] != MISSING,
    "ranked": lambda rows: rows["lift"] != MISSING,
    "quality": lambda rows: np.where(rows["quality"] != MISSING, rows["quality"], 0),
    "lift": lambda rows: np.where(rows["lift"] != MISSING, rows["lift"], 0),
} | {f"has_{field}": lambda rows, column=f"has_{field}": rows[column] for field in PRESENCE}
"""What a tally can sum: counts of articles in a state, sums of scores over those that have one,
and counts of articles that have a field (`has_title`, …)."""

_NEEDS = {"published": "state", "decided": "state", "scored": "quality", "ranked": "lift"}


MOST_EMPTY = 4
"""Groups are numbered anew when there may be more than so many of them a row."""


def tally(rows: Codes, row_count: int, keys: Sequence[str], sums: Mapping[str, str]) -> dict[str, Numbers]:
    """`row_count` encoded rows grouped by `keys`, in their order: codes of the keys, `n` (rows) and each sum."""
    codes = {key: _codes(rows, key) for key in keys}
    groups, most = np.zeros(row_count, dtype="int64"), 1
    for values in codes.values():
        known = values != MISSING
        low, high = (int(values[known].min()), int(values[known].max())) if known.any() else (0, 0)
        groups = groups * (high - low + 2) + np.where(known, values - low + 1, 0)
        most *= high - low + 2
        if most > MOST_EMPTY * row_count + 1_000:
            found, groups = np.unique(groups, return_inverse=True)
            most = len(found)
    counts = np.bincount(groups, minlength=most)
    found = np.flatnonzero(counts) if keys else np.zeros(1, dtype="int64")
    row_of = np.zeros(most, dtype="int64")
    row_of[groups] = np.arange(row_count)
    table = {key: values[row_of[found]] for key, values in codes.items()} | {"n": counts[found]}
    for name, measure in sums.items():
        table[name] = np.bincount(groups, MEASURES[measure](rows), most)[found].astype("int64")
    return table


def columns_needed(keys: Sequence[str], sums: Mapping[str, str]) -> list[str]:
    """The columns of the encoded articles that a tally reads. Raises AnalyticsError on unknown keys and measures."""
    unknown = [key for key in keys if key not in KEYS] + [name for name in sums.values() if name not in MEASURES]
    if unknown:
        raise AnalyticsError(
            f"A tally knows no {unknown[0]!r}: it groups by {', '.join(KEYS)}, sums {', '.join(MEASURES)}."
        )
    taken = [name for name in sums if name in (*keys, "n")]
    if taken:
        raise AnalyticsError(f"A tally has a column {taken[0]!r} already. Give the sum another name.")
    wanted = [_source(key) for key in keys if key != "topic"] + [_NEEDS.get(name, name) for name in sums.values()]
    return list(dict.fromkeys(wanted))


def decode(counts: Codes, keys: Sequence[str], encoded: EncodedCorpus) -> pd.DataFrame:
    """A tally with its codes decoded to plain text, nullable whole numbers and UTC days."""
    columns = {key: _decode(counts[key], key, encoded) for key in keys}
    rest = {name: pd.array(values, dtype="Int64") for name, values in counts.items() if name not in keys}
    return pd.DataFrame(columns | rest)


def _source(key: str) -> str:
    return {"quarter": "month", "year": "month", "weekday": "day"}.get(key, key)


def _codes(rows: Codes, key: str) -> Numbers:
    values = rows[_source(key)].astype("int64")
    if key == "quarter":
        return np.where(values != MISSING, values // 3, MISSING)
    if key == "year":
        return np.where(values != MISSING, values // 12, MISSING)
    if key == "weekday":
        return np.where(values != MISSING, (values + 3) % 7, -1)
    return values


def _decode(codes: Numbers, key: str, encoded: EncodedCorpus) -> pd.Series | ExtensionArray:
    if key in (*NUMBERS, "hour", "story"):
        return pd.arrays.IntegerArray(codes, codes < 0 if key == "hour" else codes == MISSING)
    if key in periods.GRAINS:
        here = codes != MISSING
        return periods.period_starts(pd.Series(np.where(here, codes, 0)), key).where(here)
    return encoded.texts[key].take(codes)
