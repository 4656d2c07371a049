"""Group, count and sum encoded articles: the only step that touches every row."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analytics.corpus.record_fields import PRESENCE
from analytics.engine import periods
from analytics.engine.encoded import LABELS, MISSING, NONE, NUMBERS, OTHER, EncodedCorpus
from analytics.errors import AnalyticsError
from analytics.selection.fields import WEEKDAYS

TIMES = ("day", "week", "month", "quarter", "year", "weekday", "hour")
KEYS = (*LABELS, "state", "topic", *NUMBERS, *TIMES, "story")
"""What a tally can group by."""

MEASURES: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "published": lambda rows: rows["state"] == 0,
    "decided": lambda rows: rows["state"] != 2,
    "scored": lambda rows: rows["quality"] != MISSING,
    "ranked": lambda rows: rows["lift"] != MISSING,
    "quality": lambda rows: rows["quality"].where(rows["quality"] != MISSING, 0),
    "lift": lambda rows: rows["lift"].where(rows["lift"] != MISSING, 0),
} | {f"has_{field}": lambda rows, column=f"has_{field}": rows[column] for field in PRESENCE}
"""What a tally can sum: counts of articles in a state, sums of scores over those that have one,
and counts of articles that have a field (`has_title`, …)."""

_NEEDS = {"published": "state", "decided": "state", "scored": "quality", "ranked": "lift"}


def tally(rows: pd.DataFrame, keys: Sequence[str], sums: Mapping[str, str]) -> pd.DataFrame:
    """Encoded rows grouped by `keys`: the codes of the keys, `n` (rows) and a column for each sum."""
    frame = pd.DataFrame({key: _codes(rows, key) for key in keys} | {"n": np.ones(len(rows), dtype="int64")})
    for name, measure in sums.items():
        frame[name] = MEASURES[measure](rows).astype("int64").to_numpy()
    if not keys:
        return frame.sum().astype("int64").to_frame().T
    counts = frame.groupby(list(keys), sort=True)[["n", *sums]].sum()
    return counts.reset_index()


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


def decode(counts: pd.DataFrame, keys: Sequence[str], encoded: EncodedCorpus) -> pd.DataFrame:
    """A tally with its codes decoded to plain text, nullable whole numbers and UTC days."""
    columns = {key: _decode(counts[key], key, encoded) for key in keys}
    rest = {name: counts[name].astype("Int64") for name in counts.columns if name not in keys}
    return pd.DataFrame(columns | rest)


def _source(key: str) -> str:
    return {"quarter": "month", "year": "month", "weekday": "day"}.get(key, key)


def _codes(rows: pd.DataFrame, key: str) -> pd.Series:
    values = rows[_source(key)]
    if key == "quarter":
        return (values // 3).where(values != MISSING, MISSING)
    if key == "year":
        return (values // 12).where(values != MISSING, MISSING)
    if key == "weekday":
        return ((values + 3) % 7).where(values != MISSING, -1)
    return values


def _decode(codes: pd.Series, key: str, encoded: EncodedCorpus) -> pd.Series:
    if key in NUMBERS:
        return codes.astype("Int64").mask(codes == MISSING)
    if key == "story":
        return codes.astype("Int64")
    if key == "hour":
        return codes.astype("Int64").mask(codes < 0)
    if key in periods.GRAINS:
        here = codes != MISSING
        return periods.starts(codes.where(here, 0), key).where(here)
    labels = pd.Index(WEEKDAYS, dtype="str") if key == "weekday" else encoded.labels[key]
    return pd.Series(labels.append(pd.Index([OTHER, NONE])).take(codes.to_numpy()), index=codes.index, dtype="str")
