"""The course of lives: heat by hours since first seen, time to cool, distributions and classes."""

import numpy as np
import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.columns import QUARTILES, quantile_columns, small_n_column, wilson_columns
from analytics.analyses.common.wording import count_text, none_text, share_text
from analytics.analyses.history.history_lists import SORTS
from analytics.analyses.history.lives import (
    ALL,
    CLASSES,
    LIVES,
    UNCLASSED,
    groups_by_life_count,
    hours_number_text,
    hours_text,
    life_group_pairs,
    lives,
    versions_of_lives,
)
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import CONFIDENCE, SMALL_N, wilson
from analytics.statistics.survival import holm, kaplan_meier, log_rank, median

HOURS_A_STEP = {3: 1, 7: 3, 14: 6, 30: 12}
"""Days that the heat curve covers → hours between two of its points."""

LIVES_THAT_ROSE, ALL_LIVES = LIVES_SHOWN = "that ever rose", "all"

HEAT_CURVE = Table(
    "heat_curve",
    "one row per group and step of hours since first seen; the groups by number of lives",
    (
        Column("group", "text", "topic, provider, type or state; all when the lives are not told apart"),
        Column("hours", "whole", "hours since first seen", "hours"),
        Column("n", "whole", "lives at risk: seen for longer than that, there and ranked then", "articles"),
        Column("unknown", "whole", "lives whose heat lift was not known then, though seen for longer", "articles"),
        *quantile_columns(QUARTILES, "heat lift that {} of the lives at risk do not exceed", "points"),
        Column("above", "whole", "lives at risk with heat above quality", "articles"),
        Column("share", "share", "above, of the lives at risk"),
        *wilson_columns(),
        Column("small", "flag", f"true for fewer than {SMALL_N} lives at risk"),
        Column("rose", "whole", "lives of the group that ever rose above their quality", "articles"),
        Column("total", "whole", "lives of the group whose beginning was seen", "articles"),
    ),
    key=("group", "hours"),
)


@analysis(HEAT_CURVE)
def heat_curve(data: Slice, *, by: str = ALL, reach: int = 7, which: str = LIVES_THAT_ROSE) -> pd.DataFrame:
    """Heat lift by hours since first seen, over the first `reach` days of lives whose beginning was seen."""
    every = lives(data.history)
    begun = every[every["begun"].astype("bool")]
    if begun.empty:
        return HEAT_CURVE.empty()
    rose = begun["rises"] > 0
    groups = life_group_pairs(data, begun, by)
    totals = groups.assign(rose=groups["life"].isin(begun.loc[rose, "life"])).groupby("group")["rose"]
    chosen = begun[rose] if which == LIVES_THAT_ROSE else begun
    counts = _versions_at_steps(versions_of_lives(data.history), reach).merge(
        groups[groups["life"].isin(chosen["life"])], on="life"
    )
    counts = counts.groupby(["group", "hours", "lift"], as_index=False, dropna=False).size()
    counts = counts.rename(columns={"size": "n"})
    table = _groups_by_steps(groups_by_life_count(groups), reach).merge(
        _quantiles_at_steps(counts), on=["group", "hours"], how="left"
    )
    table = table.fillna({"n": 0, "above": 0, "unknown": 0})
    table[["share", "low", "high"]] = wilson(table["above"], table["n"])
    table["small"] = table["n"] < SMALL_N
    table["rose"], table["total"] = table["group"].map(totals.sum()), table["group"].map(totals.size())
    return table


@heat_curve.register_finding
def heat_curve_finding(table: pd.DataFrame) -> str:
    """How many lives rise, when the median is highest, and how many are above quality then, in a sentence."""
    if table.empty:
        return "The history shows no life from its beginning."
    first = table.drop_duplicates("group")
    known = table[~table["small"].astype("bool") & table["median"].notna()]
    large = first[first["group"].isin(known["group"])]
    if large.empty:
        rose, total = int(first["rose"].max()), int(first["total"].max())
        return f"Too few lives for a statement, which needs {SMALL_N}: of at most {total:,} in a group {rose:,} rose."
    parts = [_group_sentence(known[known["group"] == row["group"]], row) for _, row in large.head(2).iterrows()]
    others = len(first) - len(parts)
    return " ".join(parts) + (
        f" {count_text(others, 'more group is', 'more groups are')} in the table." if others else ""
    )


def _group_sentence(known: pd.DataFrame, row: pd.Series) -> str:
    name = "" if row["group"] == ALL else f"{row['group']}: "
    head = f"{name}{row['rose']:,} of {count_text(row['total'], 'life', 'lives')} ever rose above their quality"
    highest = known[known["median"] == known["median"].max()].sort_values("hours")
    top, last = highest.iloc[0], highest.iloc[-1]
    hours = hours_text(top["hours"])
    at = f"{hours} after" if len(highest) == 1 else f"from {hours} to {hours_text(last['hours'])} after"
    band = f"{top['median']:+.3g} points, middle half {top['q25']:+.3g} to {top['q75']:+.3g}"
    above = f"{top['above']:,} of {top['n']:,} above quality ({share_text(top)})"
    return f"{head}; the median is highest {at} first seen: {band}; {above}{' at the first' * (len(highest) > 1)}."


def _versions_at_steps(rows: pd.DataFrame, reach: int) -> pd.DataFrame:
    """The lift of each life at each step of hours at which it was there: `life`, `hours`, `lift`."""
    step, last = HOURS_A_STEP[reach], reach * 24
    here = rows[rows["there"]]
    first = np.ceil(here["hours"].to_numpy() / step).astype("int64")
    end = np.ceil((here["hours"] + here["span"]).to_numpy() / step).astype("int64").clip(max=last // step + 1)
    times = (end - first).clip(min=0)
    at = np.arange(times.sum()) - np.repeat(times.cumsum() - times, times) + np.repeat(first, times)
    found = here[["life", "lift"]].loc[here.index.repeat(times)].reset_index(drop=True)
    return found.assign(hours=pd.array(at * step, dtype="Int64"))


def _quantiles_at_steps(counts: pd.DataFrame) -> pd.DataFrame:
    """Quantiles, counts above quality and unknown lifts by group and step."""
    known = quantiles(counts, ["group", "hours"], "lift", QUARTILES)
    above = counts["n"].where((counts["lift"] > 0).fillna(value=False), 0)
    unknown = counts["n"].where(counts["lift"].isna(), 0)
    sums = counts[["group", "hours"]].assign(above=above, unknown=unknown)
    return sums.groupby(["group", "hours"], as_index=False).sum().merge(known, on=["group", "hours"], how="left")


def _groups_by_steps(groups: list[str], reach: int) -> pd.DataFrame:
    hours = pd.DataFrame({"hours": pd.array(range(0, reach * 24 + 1, HOURS_A_STEP[reach]), dtype="Int64")})
    return pd.DataFrame({"group": pd.Series(groups, dtype="str")}).merge(hours, how="cross")


TIME_TO_COOL = Table(
    "time_to_cool",
    "one row per group and number of hours at which one of its lives cooled or was last seen warm, and 0",
    (
        Column("group", "text", "topic, provider, type or state; all when the lives are not told apart"),
        Column("hours", "number", "hours since heat first rose above quality", "hours"),
        Column("at_risk", "whole", "lives that were warm for as long", "articles"),
        Column("cooled", "whole", "of these, lives whose heat was then back at quality, or below", "articles"),
        Column("censored", "whole", "of these, lives last seen warm then: what came after is not known", "articles"),
        Column("share", "share", "estimated share of lives that are warm for longer (Kaplan-Meier)"),
        Column("low", "share", "lower end of its 95 % interval; missing when all have cooled"),
        Column("high", "share", "upper end of its 95 % interval; missing when all have cooled"),
        Column("n", "whole", "lives of the group that rose above quality", "articles"),
        Column("still_warm", "whole", "of these, lives whose way back was not seen", "articles"),
        Column("median", "number", "hours that half of the lives are warm; missing when over half still are", "hours"),
        Column("median_low", "number", "lower end of its 95 % interval", "hours"),
        Column("median_high", "number", "upper end of its 95 % interval; missing when open", "hours"),
        Column("p", "number", "log-rank p of the group against all other lives, by Holm's method for all by name"),
        Column("small", "flag", f"true for a group of fewer than {SMALL_N} lives"),
    ),
    key=("group", "hours"),
)


@analysis(TIME_TO_COOL)
def time_to_cool(data: Slice, *, by: str = ALL) -> pd.DataFrame:
    """Kaplan-Meier curve by group of the hours from the first rise above quality to the first return.

    Of the lives whose beginning was seen; those last seen warm, unranked or gone are right-censored. Hours are rounded
    to 0.1. A group is compared with all other lives only where both sides have enough.
    """
    every = lives(data.history)
    rose = every[every["begun"].astype("bool") & every["warm_hours"].notna()]
    if rose.empty:
        return TIME_TO_COOL.empty()
    spells = rose.assign(warm_hours=rose["warm_hours"].round(1)).set_index("life")
    groups = life_group_pairs(data, rose, by)
    members = {
        name: spells.index.isin(groups.loc[groups["group"] == name, "life"]) for name in groups_by_life_count(groups)
    }
    tables = [_survival_curve(name, spells[inside]) for name, inside in members.items()]
    tested = {
        name: _log_rank_against_others(spells, pd.Series(inside, index=spells.index))
        for name, inside in members.items()
    }
    named = pd.Series({name: p for name, p in tested.items() if name not in (OTHER, NONE)}, dtype="Float64")
    table = pd.concat(tables, ignore_index=True)
    return table.assign(p=table["group"].map(holm(named)))


@time_to_cool.register_finding
def time_to_cool_finding(table: pd.DataFrame) -> str:
    """The median of each group and whether a group differs from all others, in a sentence."""
    if table.empty:
        return "The history shows no life from its beginning whose heat rose above quality."
    first = table.drop_duplicates("group")
    if list(first["group"]) == [ALL]:
        row = first.iloc[0]
        return (
            f"Of {count_text(row['n'], 'life', 'lives')} whose heat rose above quality, half are back after "
            f"{_median_text(row)}; "
            f"{count_text(int(row['still_warm']), 'was', 'were')} not seen back."
        )
    large = first[~first["small"].astype("bool")]
    if large.empty:
        return f"{none_text(len(first), 'group')} has the {SMALL_N} lives that a statement needs."
    sides = "; ".join(f"{row['group']} {_median_text(row)}, n = {row['n']:,}" for _, row in large.iterrows())
    known = first[first["p"].notna()].sort_values("p", kind="stable")
    if known.empty:
        return f"Median time until heat is back at quality: {sides}. No other group is large enough to compare."
    least = known.iloc[0]
    p = "p < 0.001" if least["p"] < 0.001 else f"p = {least['p']:.2g}"
    if least["p"] > 1 - CONFIDENCE:
        return f"Median time until heat is back at quality: {sides}. No group differs beyond chance (log-rank {p})."
    return f"Median time until heat is back at quality: {sides}. {least['group']} differs beyond chance (log-rank {p})."


def _survival_curve(name: str, spells: pd.DataFrame) -> pd.DataFrame:
    curve = kaplan_meier(spells["warm_hours"], spells["cooled"])
    half = median(curve)
    return curve.rename(columns={"ended": "cooled"}).assign(
        group=name,
        n=len(spells),
        still_warm=int((~spells["cooled"].astype("bool")).sum()),
        median=half.hours,
        median_low=half.low,
        median_high=half.high,
        small=len(spells) < SMALL_N,
    )


def _log_rank_against_others(spells: pd.DataFrame, inside: pd.Series) -> float | None:
    if min(inside.sum(), (~inside).sum()) < SMALL_N:
        return None
    return log_rank(spells["warm_hours"], spells["cooled"].astype("bool"), inside)


def _median_text(row: pd.Series) -> str:
    if pd.isna(row["median"]):
        return "an unknown time (over half still warm)"
    high = "open" if pd.isna(row["median_high"]) else hours_number_text(row["median_high"])
    low = "open" if pd.isna(row["median_low"]) else hours_number_text(row["median_low"])
    return f"{hours_text(row['median'])} [{low}, {high}]"


_POINTS = (0, 1, 2, 3, 5, 9, 17)
_HOURS = (0, 6, 12, 24, 48, 96, 168, 336, 720)
_TIMES = (0, 1, 2, 3, 5, 9, 17)
RANGE_STARTS = {"peak lift": _POINTS, "hours to peak": _HOURS, "hours above quality": _HOURS, "resets": _TIMES}
"""Measure → where its ranges begin; the last range is open."""

SHARE_COLUMNS = (
    Column("n", "whole", "lives", "articles"),
    Column("total", "whole", "lives that are told apart", "articles"),
    Column("share", "share", "n, of total"),
    *wilson_columns(),
    small_n_column("lives"),
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


@analysis(HEAT_LIFE_DISTRIBUTION)
def heat_life_distribution(data: Slice, *, measure: str = "peak lift") -> pd.DataFrame:
    """Lives by range of a measure, of those whose beginning was seen and whose heat rose above quality."""
    every = lives(data.history)
    values = every.loc[every["begun"].astype("bool") & (every["rises"] > 0), SORTS[measure]].astype("Float64")
    if values.empty:
        return HEAT_LIFE_DISTRIBUTION.empty()
    edges, points = RANGE_STARTS[measure], LIVES[SORTS[measure]].kind == "whole"
    ends = [*edges[1:], None]
    table = pd.DataFrame({"value_from": edges, "value_to": pd.array(ends, dtype="Int64")})
    table["range"] = [_range_text(low, high, whole=points) for low, high in zip(edges, ends, strict=True)]
    places = pd.Series(pd.cut(values.astype("float64"), [*edges, float("inf")], right=False, labels=False))
    table["n"] = places.value_counts().reindex(table.index, fill_value=0)
    counts = pd.DataFrame({"value": values.round(1), "n": 1})
    spread = quantiles(counts, [], "value", QUARTILES)
    table = _with_shares(table, len(values)).assign(measure=measure)
    return table.assign(**{name: spread[name].iloc[0] for name in QUARTILES})


@heat_life_distribution.register_finding
def heat_life_distribution_finding(table: pd.DataFrame) -> str:
    """Median and quartiles of the measure, and its fullest range, in a sentence."""
    if table.empty:
        return "The history shows no life from its beginning whose heat rose above quality."
    first = table.iloc[0]
    most = table.iloc[table["n"].to_numpy("int64").argmax()]
    return (
        f"{count_text(int(first['total']), 'life', 'lives')} rose above quality; the median of {first['measure']} is "
        f"{first['median']:,.4g}, the middle half {first['q25']:,.4g} to {first['q75']:,.4g}; the fullest range is "
        f"{most['range']}, with {most['n']:,} ({share_text(most)})."
    )


@analysis(LIFE_CLASSES)
def life_classes(data: Slice) -> pd.DataFrame:
    """How many lives are of each class (`lives.RULES`), as shares of those that have one."""
    every = lives(data.history)
    if every.empty:
        return LIFE_CLASSES.empty()
    by_class = every.groupby("class")["quality"].agg(["size", "median"])
    table = by_class.reindex([*CLASSES, *UNCLASSED]).reset_index()
    table = table.rename(columns={"size": "n", "median": "median_quality"}).fillna({"n": 0})
    shared = _with_shares(table, int(table.loc[: len(CLASSES) - 1, "n"].sum()))
    unclassed = shared["class"].isin(UNCLASSED)
    return shared.assign(**{name: shared[name].mask(unclassed) for name in ("share", "low", "high")})


@life_classes.register_finding
def life_classes_finding(table: pd.DataFrame) -> str:
    """The share of each class, and how many lives have none, in a sentence."""
    known = table[table["share"].notna() & (table["n"] > 0)]
    if known.empty:
        return "The history shows no life long enough from its beginning to be told apart."
    ranked = known.sort_values("n", ascending=False, kind="stable")
    said = ", ".join(f"{row['class']} {row['n']:,} ({row['share']:.0%})" for _, row in ranked.iterrows())
    without = int(table.loc[table["class"].isin(UNCLASSED), "n"].sum())
    lives = count_text(int(ranked["total"].iloc[0]), "life", "lives")
    return f"Of {lives}: {said}. {without:,} more cannot be told apart."


def _with_shares(table: pd.DataFrame, total: int) -> pd.DataFrame:
    """The table with the share of each count `n` in a total (`SHARE_COLUMNS`)."""
    table = table.assign(total=total, small=total < SMALL_N)
    return table.join(wilson(table["n"].clip(upper=total), table["total"]))


def _range_text(low: int, high: int | None, *, whole: bool) -> str:
    if high is None:
        return f"{low} or more"
    if whole:
        return f"{low}" if high == low + 1 else f"{low} to {high - 1}"
    return f"{low} to under {high}"
