"""How complete the records are: which fields articles have, when, and where."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.analyses.pools import pooled
from analytics.analyses.time import PERIOD_COLUMNS, by_period, crossed, period_name
from analytics.engine.coded import PRESENCE
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, wilson

COMPLETE, CRITICAL, WHOLLY = "complete", "critical", "missing wholly"
LIMITS = {COMPLETE: 0, "good": 10, "acceptable": 20, "poor": 50}
"""Band → per cent of the articles that may lack the field; beyond the last one it is critical."""

BANDS = (*LIMITS, CRITICAL, WHOLLY)

_SHARE = (
    Column("n", "whole", "articles", "articles"),
    Column("present", "whole", "articles that have the field", "articles"),
    Column("share", "share", "articles that have the field, of all in the row; none where there are none"),
    Column("low", "share", "lower end of the 95 % Wilson interval of share"),
    Column("high", "share", "upper end of the 95 % Wilson interval of share"),
    Column("band", "label", f"{', '.join(BANDS)}; none without articles"),
)
_FIELD = Column("field", "text", "field of the record")

COMPLETENESS_BY_FIELD = Table(
    "completeness_by_field",
    "one row per field, the least complete first",
    (_FIELD, *_SHARE),
    key=("field",),
)

COMPLETENESS_OVER_TIME = Table(
    "completeness_over_time",
    "one row per period and field, the least complete field first",
    (*PERIOD_COLUMNS, _FIELD, *_SHARE),
    key=("period", "field"),
)

COMPLETENESS_BY_COLLECTION = Table(
    "completeness_by_collection",
    "one row per collection and field; the collections that are not shown by name are pooled as All others",
    (
        Column("collection", "text", "collection, or All others"),
        Column("collections", "whole", "collections in the row: 1, or how many are pooled", "collections"),
        _FIELD,
        *_SHARE,
    ),
    key=("collection", "field"),
)


def completeness_by_field(part: Slice) -> pd.DataFrame:
    """How many articles have each field of the record."""
    table = _long(part.tally(**_sums()), [])
    return COMPLETENESS_BY_FIELD.of(_rated(table.set_index("field").loc[_fields(part)].reset_index()))


def completeness_by_field_finding(table: pd.DataFrame) -> str:
    """How many fields are complete, which are missing wholly, and the largest gap of the rest, in a sentence."""
    if table.empty:
        return "No articles."
    n, complete = int(table["n"].iloc[0]), int((table["band"] == COMPLETE).sum())
    if complete == len(table):
        return f"All {complete} fields are complete in all {n:,} articles."
    parts = [f"{complete} of {len(table)} fields are complete in all {n:,} articles"]
    wholly = table.loc[table["band"] == WHOLLY, "field"].tolist()
    if wholly:
        parts.append(f"{len(wholly)} missing wholly ({', '.join(wholly)})")
    rest = table[~table["band"].isin([COMPLETE, WHOLLY])]
    if len(rest):
        worst = rest.iloc[0]
        interval = interval_text(worst)
        gap = f"largest gap{' of the rest' * bool(wholly)}: {worst['field']}"
        parts.append(f"{gap}, missing from {n - worst['present']:,} (present in {_per_cent(worst)} {interval})")
    return "; ".join(parts) + "."


def completeness_over_time(part: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """How many articles of each period have each field; the date itself is left out, which all of them have.

    Periods without articles have no share.
    """
    fields = [field for field in _fields(part) if field != "published_at"]
    counts = _long(by_period(part, grain=grain, sums=_sums()), ["period"])
    table = crossed(part, grain, "field", fields).merge(counts, on=["period", "field"], how="left")
    return COMPLETENESS_OVER_TIME.of(_rated(table.fillna({"n": 0, "present": 0})))


def completeness_over_time_finding(table: pd.DataFrame) -> str:
    """The field whose completeness moved most between the first and the last third of the complete periods."""
    known = table[table["complete"] & (table["n"] > 0)]
    periods = known["period"].unique()
    if len(periods) < 3:
        return "Fewer than three complete periods have articles: too few to say what changed."
    third = len(periods) // 3
    early, late = (_shares(known[known["period"].isin(some)]) for some in (periods[:third], periods[-third:]))
    spans = f"the first and the last {third} complete periods with articles"
    spans += f" ({period_name(known.iloc[0])} to {period_name(known.iloc[-1])})"
    place = _furthest_apart(early, late)
    if place is None:
        return f"No field became more or less complete beyond chance between {spans}."
    moved, was, now = early.index[place], early.iloc[place], late.iloc[place]
    verb = "rose" if now["share"] > was["share"] else "fell"
    return f"{moved} {verb} from {_of(was)} to {_of(now)} of the articles between {spans}."


def completeness_by_collection(part: Slice, *, top: int = 6) -> pd.DataFrame:
    """How many articles of each collection have each field; collections by number of articles.

    The first `top` by name (0: all), the rest pooled as one. Shares are of sums, never a mean of shares.
    """
    counts = part.tally("collection", **_sums()).sort_values(["n", "collection"], ascending=[False, True])
    counts = counts.assign(collection=pooled(counts["collection"], top), collections=1)
    counts = counts.groupby("collection", sort=False, as_index=False)[["collections", "n", *_sums()]].sum()
    order = pd.DataFrame({"field": pd.Series(_fields(part), dtype="str")})
    table = counts[["collection", "collections"]].merge(order, how="cross")
    table = table.merge(_long(counts, ["collection"]), on=["collection", "field"], how="left")
    return COMPLETENESS_BY_COLLECTION.of(_rated(table))


def completeness_by_collection_finding(table: pd.DataFrame) -> str:
    """The collection and field that lie furthest below the rest of the articles, in a sentence."""
    if table.empty:
        return "No articles."
    if table["collection"].nunique() == 1:
        first = table.iloc[0]
        return f"All {first['n']:,} articles are in one collection, {first['collection']}."
    rest = table.groupby("field")[["n", "present"]].transform("sum") - table[["n", "present"]]
    rest = rest.join(wilson(rest["present"], rest["n"]))
    below = table["share"] < rest["share"]
    here, rest = table[below], rest[below]
    place = _furthest_apart(here, rest)
    if place is None:
        return "No collection lacks a field beyond chance more than the rest."
    worst = here.iloc[place]
    is_in = f"{worst['field']} is in {_of(worst)}, elsewhere in {_of(rest.iloc[place])}"
    return f"{worst['collection']} lacks most against the rest: {is_in}."


def _sums() -> dict[str, str]:
    return {f"has_{field}": f"has_{field}" for field in PRESENCE}


def _fields(part: Slice) -> list[str]:
    """The fields, the least complete first, of equals in the order of the record; none without articles."""
    counts = part.tally(**_sums()).iloc[0]
    return sorted(PRESENCE, key=lambda field: int(counts[f"has_{field}"])) if counts["n"] else []


def _long(counts: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """A tally with a column for each field → one row per keys and field: `n`, `present`."""
    names = {f"has_{field}": field for field in PRESENCE}
    table = counts.rename(columns=names)[[*keys, "n", *PRESENCE]]
    return table.melt([*keys, "n"], var_name="field", value_name="present").astype({"field": "str"})


def _rated(table: pd.DataFrame) -> pd.DataFrame:
    """The table with share, interval and band of each row."""
    n, missing = table["n"].astype("int64"), (table["n"] - table["present"]).astype("int64")
    limits = [missing * 100 <= limit * n for limit in LIMITS.values()]
    band = np.select([n == 0, (missing == n), *limits], ["", WHOLLY, *LIMITS], CRITICAL)
    rates = wilson(table["present"], table["n"])
    return table.assign(**rates, band=pd.Series(band, index=table.index, dtype="str").replace("", pd.NA))


def _shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of each field over several periods, as a ratio of sums, with its interval."""
    sums = rows.groupby("field", sort=False)[["n", "present"]].sum()
    return sums.join(wilson(sums["present"], sums["n"]))


def _furthest_apart(one: pd.DataFrame, other: pd.DataFrame) -> int | None:
    """The place where two shares differ most, of those whose intervals lie apart and that rest on articles enough."""
    enough = (one["n"] >= SMALL_N) & (other["n"] >= SMALL_N)
    apart = enough & ((one["low"] > other["high"]) | (other["low"] > one["high"]))
    gaps = (one["share"] - other["share"]).abs().where(apart).astype("float64").fillna(0.0)
    return int(gaps.to_numpy().argmax()) if apart.any() else None


def _of(row: pd.Series) -> str:
    return f"{_per_cent(row)} ({row['present']:,.0f} of {row['n']:,.0f})"


def _per_cent(row: pd.Series) -> str:
    """A share that is not everything is never said to be 100 %, nor one that is not nothing 0 %."""
    if 0.995 <= row["share"] < 1:
        return "more than 99%"
    return "less than 1%" if 0 < row["share"] < 0.005 else f"{row['share']:.0%}"
