"""How the lives differ: one measure by ranges, and the classes of life."""

import pandas as pd

from analytics.analyses.history_lists import SORTS as MEASURES
from analytics.analyses.history_lives import LIVES, lives
from analytics.analyses.history_rules import CLASSES, UNCLASSED
from analytics.analyses.listing import counted
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, quantiles, wilson

POINTS = (0, 1, 2, 3, 5, 9, 17)
HOURS = (0, 6, 12, 24, 48, 96, 168, 336, 720)
TIMES = (0, 1, 2, 3, 5, 9, 17)
EDGES = {"peak lift": POINTS, "hours to peak": HOURS, "hours above quality": HOURS, "resets": TIMES}
"""Measure → where its ranges begin; the last one is open."""

SHARE_COLUMNS = (
    Column("n", "whole", "lives", "articles"),
    Column("total", "whole", "lives that are told apart", "articles"),
    Column("share", "share", "n, of total"),
    Column("low", "share", "lower end of the 95 % Wilson interval"),
    Column("high", "share", "upper end of the 95 % Wilson interval"),
    Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} lives"),
)

HEAT_LIFE_DISTRIBUTION = Table(
    "heat_life_distribution",
    "one row per range of the chosen measure, also those without a life",
    (
        Column("range", "text", "range of the measure in words; in points, hours or times"),
        Column("value_from", "whole", "where the range begins, included"),
        Column("value_to", "whole", "where the next one begins: not included; missing for the last one"),
        *SHARE_COLUMNS,
        Column("q25", "number", "value that a quarter of the lives do not exceed"),
        Column("median", "number", "value that half of the lives do not exceed"),
        Column("q75", "number", "value that three quarters of the lives do not exceed"),
        Column("measure", "text", "what is measured"),
    ),
    key=("value_from",),
)

LIFE_CLASSES = Table(
    "life_classes",
    "one row per class of life, then per reason why a life has no class",
    (
        Column("class", "text", f"{', '.join(CLASSES)}; or {', '.join(UNCLASSED)}"),
        *SHARE_COLUMNS,
        Column("median_quality", "number", "median quality of these lives, in their newest versions", "points"),
    ),
    key=("class",),
)

QUARTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75}


def heat_life_distribution(part: Slice, *, measure: str = "peak lift") -> pd.DataFrame:
    """How a measure spreads over the lives whose beginning was seen and whose heat rose above quality."""
    every = lives(part.history)
    values = every.loc[every["begun"].astype("bool") & (every["rises"] > 0), MEASURES[measure]].astype("Float64")
    if values.empty:
        return HEAT_LIFE_DISTRIBUTION.empty()
    edges, points = EDGES[measure], LIVES[MEASURES[measure]].kind == "whole"
    ends = [*edges[1:], None]
    table = pd.DataFrame({"value_from": edges, "value_to": pd.array(ends, dtype="Int64")})
    table["range"] = [_range(low, high, whole=points) for low, high in zip(edges, ends, strict=True)]
    places = pd.Series(pd.cut(values.astype("float64"), [*edges, float("inf")], right=False, labels=False))
    table["n"] = places.value_counts().reindex(table.index, fill_value=0)
    counts = pd.DataFrame({"value": values.round(1), "n": 1})
    spread = quantiles(counts, [], "value", QUARTILES)
    table = _shared(table, len(values)).assign(measure=measure)
    return HEAT_LIFE_DISTRIBUTION.of(table.assign(**{name: spread[name].iloc[0] for name in QUARTILES}))


def heat_life_distribution_finding(table: pd.DataFrame) -> str:
    """Median and quartiles of the measure, and its fullest range, in a sentence."""
    if table.empty:
        return "The history shows no life from its beginning whose heat rose above quality."
    first = table.iloc[0]
    most = table.iloc[table["n"].to_numpy("int64").argmax()]
    return (
        f"{counted(int(first['total']), 'life', 'lives')} rose above quality; the median of {first['measure']} is "
        f"{first['median']:,.4g}, the middle half {first['q25']:,.4g} to {first['q75']:,.4g}; the fullest range is "
        f"{most['range']}, with {most['n']:,} ({most['share']:.0%} {interval_text(most)})."
    )


def life_classes(part: Slice) -> pd.DataFrame:
    """How many lives are of each class (`history_rules`), as shares of those that have one."""
    every = lives(part.history)
    if every.empty:
        return LIFE_CLASSES.empty()
    by_class = every.groupby("class")["quality"].agg(["size", "median"])
    table = by_class.reindex([*CLASSES, *UNCLASSED]).reset_index()
    table = table.rename(columns={"size": "n", "median": "median_quality"}).fillna({"n": 0})
    shared = _shared(table, int(table.loc[: len(CLASSES) - 1, "n"].sum()))
    unclassed = shared["class"].isin(UNCLASSED)
    return LIFE_CLASSES.of(shared.assign(**{name: shared[name].mask(unclassed) for name in ("share", "low", "high")}))


def life_classes_finding(table: pd.DataFrame) -> str:
    """The share of each class, and how many lives have none, in a sentence."""
    known = table[table["share"].notna() & (table["n"] > 0)]
    if known.empty:
        return "The history shows no life long enough from its beginning to be told apart."
    ranked = known.sort_values("n", ascending=False, kind="stable")
    said = ", ".join(f"{row['class']} {row['n']:,} ({row['share']:.0%})" for _, row in ranked.iterrows())
    without = int(table.loc[table["class"].isin(UNCLASSED), "n"].sum())
    return f"Of {ranked['total'].iloc[0]:,} lives: {said}. {without:,} more cannot be told apart."


def _shared(table: pd.DataFrame, total: int) -> pd.DataFrame:
    """The counts of a table as shares of a total."""
    table = table.assign(total=total, small=total < SMALL_N)
    shares = wilson(table["n"].clip(upper=total), table["total"])
    return table.assign(**{name: shares[name] for name in shares.columns})


def _range(low: int, high: int | None, *, whole: bool) -> str:
    if high is None:
        return f"{low} or more"
    if whole:
        return f"{low}" if high == low + 1 else f"{low} to {high - 1}"
    return f"{low} to under {high}"
