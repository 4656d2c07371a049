"""How long heat stays above quality, also where its way back was not seen."""

import pandas as pd

from analytics.analyses.history_groups import ALL, life_groups, sized
from analytics.analyses.history_lives import hours_said, lives
from analytics.analyses.listing import counted
from analytics.analyses.survival import holm, kaplan_meier, log_rank, median
from analytics.engine.coded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import CONFIDENCE, SMALL_N

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
        Column("p", "share", "log-rank p of the group against all other lives, by Holm's method for all by name"),
        Column("small", "flag", f"true for a group of fewer than {SMALL_N} lives"),
    ),
    key=("group", "hours"),
)


def time_to_cool(part: Slice, *, by: str = ALL) -> pd.DataFrame:
    """The Kaplan-Meier curve of the hours from the first rise above quality to the first return, a group at a time.

    Of the lives whose beginning was seen. One that was last seen warm, became unranked or was gone is right-censored
    there. Hours are rounded to 0.1. Groups are compared only where both sides have enough lives.
    """
    every = lives(part.history)
    rose = every[every["begun"].astype("bool") & every["warm_hours"].notna()]
    if rose.empty:
        return TIME_TO_COOL.empty()
    spells = rose.assign(warm_hours=rose["warm_hours"].round(1)).set_index("life")
    groups = life_groups(part, rose, by)
    members = {name: spells.index.isin(groups.loc[groups["group"] == name, "life"]) for name in sized(groups)}
    tables = [_curve(name, spells[inside]) for name, inside in members.items()]
    tested = {name: _compared(spells, pd.Series(inside, index=spells.index)) for name, inside in members.items()}
    named = pd.Series({name: p for name, p in tested.items() if name not in (OTHER, NONE)}, dtype="Float64")
    table = pd.concat(tables, ignore_index=True)
    return TIME_TO_COOL.of(table.assign(p=table["group"].map(holm(named))))


def time_to_cool_finding(table: pd.DataFrame) -> str:
    """The median of each group and whether a group differs from all others, in a sentence."""
    if table.empty:
        return "The history shows no life from its beginning whose heat rose above quality."
    first = table.drop_duplicates("group")
    if list(first["group"]) == [ALL]:
        row = first.iloc[0]
        return (
            f"Of {row['n']:,} lives whose heat rose above quality, half are back after {_median(row)}; "
            f"{counted(int(row['still_warm']), 'was', 'were')} not seen back."
        )
    large = first[~first["small"].astype("bool")]
    if large.empty:
        return f"None of {len(first):,} groups has the {SMALL_N} lives that a statement needs."
    sides = "; ".join(f"{row['group']} {_median(row)}, n = {row['n']:,}" for _, row in large.iterrows())
    known = first[first["p"].notna()].sort_values("p", kind="stable")
    if known.empty:
        return f"Median time until heat is back at quality: {sides}. No other group is large enough to compare."
    least = known.iloc[0]
    p = "p < 0.001" if least["p"] < 0.001 else f"p = {least['p']:.2g}"
    if least["p"] > 1 - CONFIDENCE:
        return f"Median time until heat is back at quality: {sides}. No group differs beyond chance (log-rank {p})."
    return f"Median time until heat is back at quality: {sides}. {least['group']} differs beyond chance (log-rank {p})."


def _curve(name: str, spells: pd.DataFrame) -> pd.DataFrame:
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


def _compared(spells: pd.DataFrame, inside: pd.Series) -> float | None:
    if min(inside.sum(), (~inside).sum()) < SMALL_N:
        return None
    return log_rank(spells["warm_hours"], spells["cooled"].astype("bool"), inside)


def _median(row: pd.Series) -> str:
    if pd.isna(row["median"]):
        return "an unknown time (over half still warm)"
    high = "open" if pd.isna(row["median_high"]) else hours_said(row["median_high"])
    low = "open" if pd.isna(row["median_low"]) else hours_said(row["median_low"])
    return f"{hours_said(row['median'])} hours [{low}, {high}]"
