"""How heat stands to quality: states of heat, the distribution of heat lift, and both scores at once."""

import numpy as np
import pandas as pd

from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import interval_text, wilson

PLACES = ("above quality", "at quality", "below quality")
"""Where the heat of an article stands that has both scores."""

HEAT_KINDS = (*PLACES, "ranked, no quality", "unranked (-1)", "no heat")
"""Every article is of one of these kinds."""

HEAT_BY_STATE = Table(
    "heat_by_state",
    "one row per state of heat; none without an article",
    (
        Column("kind", "text", "heat above, at or below quality; ranked, no quality; unranked (-1); no heat"),
        Column("n", "whole", "articles", "articles"),
        Column("total", "whole", "all articles", "articles"),
        Column("share", "share", "of all articles"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
    ),
    key=("kind",),
)

HEAT_LIFT_DISTRIBUTION = Table(
    "heat_lift_distribution",
    "one row per whole number of points from the lowest to the highest heat lift; articles without a lift last, by "
    "kind, without a lift",
    (
        Column("lift", "whole", "heat minus quality", "points"),
        Column("kind", "text", "above, at or below quality; ranked, no quality; unranked (-1); no heat"),
        Column("n", "whole", "articles", "articles"),
        Column("compared", "whole", "articles with both a heat and a quality score", "articles"),
        Column("share", "share", "of the compared articles; missing for the others"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
    ),
    key=("lift", "kind"),
)

QUALITY_AND_HEAT = Table(
    "quality_and_heat",
    "one row per pair of ranges of quality and heat that occurs, and per range of quality for articles without a heat "
    "score; a missing score has no range",
    (
        Column("quality_from", "whole", "lowest quality of the range", "points"),
        Column("quality_to", "whole", "highest quality of the range", "points"),
        Column("heat_from", "whole", "lowest heat of the range; missing for unranked articles", "points"),
        Column("heat_to", "whole", "highest heat of the range", "points"),
        Column("heat_state", "label", "ranked, unranked (heat is -1) or missing"),
        Column("n", "whole", "articles", "articles"),
        Column("equal", "whole", "articles whose heat equals their quality", "articles"),
        Column("compared", "whole", "articles with both a heat and a quality score", "articles"),
        Column("share", "share", "of the compared articles; missing for the others"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
    ),
    key=("quality_from", "heat_from", "heat_state"),
)


def heat_by_state(part: Slice) -> pd.DataFrame:
    """How many articles have a heat above, at or below their quality, and how many cannot be compared, and why."""
    counts = _lifts(part).groupby("kind")["n"].sum()
    total = int(counts.sum())
    if not total:
        return HEAT_BY_STATE.empty()
    table = pd.DataFrame({"kind": list(HEAT_KINDS), "n": counts.reindex(HEAT_KINDS, fill_value=0).array})
    table["total"] = total
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return HEAT_BY_STATE.of(table)


def heat_by_state_finding(table: pd.DataFrame) -> str:
    """How heat stands to quality, in a sentence."""
    counts = table.set_index("kind")["n"].to_dict()
    if not counts:
        return "No articles."
    above, at, below = (int(counts[place]) for place in PLACES)
    compared = above + at + below
    others = [f"{counts[kind]:,} {_SAID[kind]}" for kind in HEAT_KINDS[3:] if counts[kind]]
    tail = f" Not compared: {', '.join(others)}." if others else ""
    if not compared:
        return f"No article has both a heat and a quality score.{tail}"
    if at == compared:
        return f"Heat equals quality for all {compared:,} compared articles.{tail}"
    share = wilson(pd.Series([above]), pd.Series([compared])).iloc[0]
    interval = interval_text(share)
    return (
        f"Heat is above quality for {above:,} of {compared:,} compared articles ({share['share']:.0%} {interval}), "
        f"equal for {at:,} and below for {below:,}.{tail}"
    )


_SAID = {"ranked, no quality": "without quality", "unranked (-1)": "unranked (-1)", "no heat": "without heat"}


def heat_lift_distribution(part: Slice) -> pd.DataFrame:
    """How many articles have each heat lift; every whole number between the lowest and the highest is there."""
    counts = _lifts(part)
    known, rest = counts[counts["lift"].notna()], counts[counts["lift"].isna()]
    if known.empty:
        return HEAT_LIFT_DISTRIBUTION.of(rest.assign(compared=0).reindex(columns=HEAT_LIFT_DISTRIBUTION.names))
    lifts = pd.DataFrame({"lift": np.arange(known["lift"].min(), known["lift"].max() + 1)}, dtype="Int64")
    table = lifts.assign(kind=_places(lifts["lift"])).merge(known[["lift", "n"]], on="lift", how="left")
    table = table.fillna({"n": 0})
    table[["share", "low", "high"]] = wilson(table["n"], pd.Series(known["n"].sum(), index=table.index))
    return HEAT_LIFT_DISTRIBUTION.of(pd.concat([table, rest]).assign(compared=known["n"].sum()))


def heat_lift_distribution_finding(table: pd.DataFrame) -> str:
    """How far heat moves away from quality, in a sentence."""
    known = table[table["lift"].notna()]
    others = [f"{row['n']:,} {_SAID[row['kind']]}" for _, row in table[table["lift"].isna()].iterrows()]
    tail = f" Not compared: {', '.join(others)}." if others else ""
    n, moved = int(known["n"].sum()), known[(known["lift"] != 0) & (known["n"] > 0)]
    if not n:
        return f"No article has both a heat and a quality score.{tail}"
    if moved.empty:
        return f"Heat equals quality for all {n:,} compared articles: every lift is 0.{tail}"
    apart = int(moved["n"].sum())
    share = wilson(pd.Series([apart]), pd.Series([n])).iloc[0]
    interval = interval_text(share)
    return (
        f"Heat differs from quality for {apart:,} of {n:,} compared articles ({share['share']:.0%} {interval}), by "
        f"{int(moved['lift'].min()):+d} to {int(moved['lift'].max()):+d} points.{tail}"
    )


def quality_and_heat(part: Slice, *, width: int = 10) -> pd.DataFrame:
    """How many articles have each pair of quality and heat, in ranges that start at multiples of `width`."""
    counts = part.tally("quality", "heat", "heat_state")
    heat = counts["heat"].where(counts["heat_state"] == "ranked")
    counts = counts.assign(
        quality_from=counts["quality"] // width * width,
        heat_from=heat // width * width,
        equal=counts["n"].where((heat == counts["quality"]).fillna(value=False), 0),
    )
    keys = ["quality_from", "heat_from", "heat_state"]
    table = counts.groupby(keys, dropna=False)[["n", "equal"]].sum().reset_index()
    both = table["quality_from"].notna() & table["heat_from"].notna()
    table["compared"] = int(table.loc[both, "n"].sum())
    table[["share", "low", "high"]] = wilson(table["n"], table["compared"].where(both, 0))
    table = table.assign(quality_to=table["quality_from"] + width - 1, heat_to=table["heat_from"] + width - 1)
    return QUALITY_AND_HEAT.of(table.sort_values(keys, na_position="last"))


def quality_and_heat_finding(table: pd.DataFrame) -> str:
    """Whether heat follows quality, and where most articles lie, in a sentence."""
    known = table[table["quality_from"].notna() & table["heat_from"].notna()]
    if known.empty:
        return "No article has both a heat and a quality score."
    n, equal = int(known["n"].sum()), int(known["equal"].sum())
    if equal == n:
        return f"Heat equals quality for all {n:,} compared articles: all lie on the diagonal."
    most = known.iloc[int(known["n"].argmax())]
    share = wilson(pd.Series([equal]), pd.Series([n])).iloc[0]
    interval = interval_text(share)
    return (
        f"Heat equals quality for {equal:,} of {n:,} compared articles ({share['share']:.0%} {interval}); most lie at "
        f"quality {most['quality_from']} to {most['quality_to']} and heat {most['heat_from']} to {most['heat_to']}: "
        f"{most['n']:,}."
    )


def _lifts(part: Slice) -> pd.DataFrame:
    """Counts by `lift` and by `kind`, one of `HEAT_KINDS`; in their order."""
    counts = part.tally("lift", "heat_state")
    others = counts["heat_state"].map({"ranked": HEAT_KINDS[3], "unranked": HEAT_KINDS[4], "missing": HEAT_KINDS[5]})
    kind = _places(counts["lift"]).where(counts["lift"].notna(), others)
    counts = counts.assign(kind=kind, place=kind.map(HEAT_KINDS.index))
    return counts.sort_values(["place", "lift"])[["lift", "kind", "n"]]


def _places(lifts: pd.Series) -> pd.Series:
    """Where heat stands to quality, in words."""
    known = lifts.fillna(0).to_numpy("int64")
    names = np.select([known > 0, known == 0], PLACES[:2], PLACES[2])
    return pd.Series(names, index=lifts.index, dtype="str")
