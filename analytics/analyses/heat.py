"""How heat compares with quality: kinds of heat, heat lift, both scores together, and the hottest articles."""

import numpy as np
import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.article_list import (
    LISTED_COLUMNS,
    TOTAL,
    list_cut_note,
    ranked_article_list,
    title_with_provider,
)
from analytics.analyses.common.columns import quantile_columns, small_n_column, wilson_columns
from analytics.analyses.common.tallies_by_period import (
    BAND,
    PERIOD_COLUMNS,
    on_calendar,
    tally_by_period,
)
from analytics.analyses.common.wording import all_text, count_text, share_interval_text, share_text
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import SMALL_N, wilson

LIFT_KINDS = ("above quality", "at quality", "below quality")
"""How the heat of an article with both scores compares with its quality."""

HEAT_KINDS = (*LIFT_KINDS, "ranked, no quality", "unranked (-1)", "no heat")
"""Kinds of heat; every article is of exactly one."""

HEAT_BY_STATE = Table(
    "heat_by_state",
    "one row per state of heat; none without an article",
    (
        Column("kind", "text", "heat above, at or below quality; ranked, no quality; unranked (-1); no heat"),
        Column("n", "whole", "articles", "articles"),
        Column("total", "whole", "all articles", "articles"),
        Column("share", "share", "of all articles"),
        *wilson_columns(),
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
        *wilson_columns(),
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
        *wilson_columns(),
    ),
    key=("quality_from", "heat_from", "heat_state"),
)


@analysis(HEAT_BY_STATE)
def heat_by_state(data: Slice) -> pd.DataFrame:
    """Articles by kind of heat: above, at or below quality, or why the two cannot be compared."""
    counts = _tally_by_lift(data).groupby("kind")["n"].sum()
    total = int(counts.sum())
    if not total:
        return HEAT_BY_STATE.empty()
    table = pd.DataFrame({"kind": list(HEAT_KINDS), "n": counts.reindex(HEAT_KINDS, fill_value=0).array})
    table["total"] = total
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    return table


@heat_by_state.register_finding
def heat_by_state_finding(table: pd.DataFrame) -> str:
    """For how many articles heat is above, at or below quality, in a sentence."""
    counts = table.set_index("kind")["n"].to_dict()
    if not counts:
        return "No articles."
    above, at, below = (int(counts[place]) for place in LIFT_KINDS)
    compared = above + at + below
    others = [f"{counts[kind]:,} {_NOT_COMPARED_TEXTS[kind]}" for kind in HEAT_KINDS[3:] if counts[kind]]
    tail = f" Not compared: {', '.join(others)}." if others else ""
    if not compared:
        return f"No article has both a heat and a quality score.{tail}"
    if at == compared:
        return f"Heat equals quality for {all_text(compared, 'compared article')}.{tail}"
    share = wilson(pd.Series([above]), pd.Series([compared])).iloc[0]
    return (
        f"Heat is above quality for {above:,} of {count_text(compared, 'compared article')} ({share_text(share)}), "
        f"equal for {at:,} and below for {below:,}.{tail}"
    )


def _unranked_text(unranked: int, n: int) -> str:
    """How many of n articles that have a heat field are unranked."""
    known = count_text(n, "article with a heat field", "articles with a heat field")
    return f"{unranked:,} of {known} {'is' if 1 in (unranked, n) else 'are'} unranked"


_NOT_COMPARED_TEXTS = {
    "ranked, no quality": "without quality",
    "unranked (-1)": "unranked (-1)",
    "no heat": "without heat",
}


@analysis(HEAT_LIFT_DISTRIBUTION)
def heat_lift_distribution(data: Slice) -> pd.DataFrame:
    """Articles by heat lift, for every whole number from the lowest to the highest."""
    counts = _tally_by_lift(data)
    known, rest = counts[counts["lift"].notna()], counts[counts["lift"].isna()]
    if known.empty:
        return rest.assign(compared=0).reindex(columns=HEAT_LIFT_DISTRIBUTION.names)
    lifts = pd.DataFrame({"lift": np.arange(known["lift"].min(), known["lift"].max() + 1)}, dtype="Int64")
    table = lifts.assign(kind=_lift_kinds(lifts["lift"])).merge(known[["lift", "n"]], on="lift", how="left")
    table = table.fillna({"n": 0})
    table[["share", "low", "high"]] = wilson(table["n"], pd.Series(known["n"].sum(), index=table.index))
    return pd.concat([table, rest]).assign(compared=known["n"].sum())


@heat_lift_distribution.register_finding
def heat_lift_distribution_finding(table: pd.DataFrame) -> str:
    """How far heat moves away from quality, in a sentence."""
    known = table[table["lift"].notna()]
    others = [f"{row['n']:,} {_NOT_COMPARED_TEXTS[row['kind']]}" for _, row in table[table["lift"].isna()].iterrows()]
    tail = f" Not compared: {', '.join(others)}." if others else ""
    n, moved = int(known["n"].sum()), known[(known["lift"] != 0) & (known["n"] > 0)]
    if not n:
        return f"No article has both a heat and a quality score.{tail}"
    if moved.empty:
        return f"Heat equals quality for {all_text(n, 'compared article')}: every lift is 0.{tail}"
    apart = int(moved["n"].sum())
    share = wilson(pd.Series([apart]), pd.Series([n])).iloc[0]
    ends = dict.fromkeys(f"{int(end):+d}" for end in (moved["lift"].min(), moved["lift"].max()))
    return (
        f"Heat differs from quality for {apart:,} of {count_text(n, 'compared article')} ({share_text(share)}), by "
        f"{' to '.join(ends)} points.{tail}"
    )


@analysis(QUALITY_AND_HEAT)
def quality_and_heat(data: Slice, *, width: int = 10) -> pd.DataFrame:
    """Articles by range of quality and range of heat; ranges start at multiples of `width`."""
    counts = data.tally("quality", "heat", "heat_state")
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
    return table.sort_values(keys, na_position="last")


@quality_and_heat.register_finding
def quality_and_heat_finding(table: pd.DataFrame) -> str:
    """Whether heat follows quality, and where most articles lie, in a sentence."""
    known = table[table["quality_from"].notna() & table["heat_from"].notna()]
    if known.empty:
        return "No article has both a heat and a quality score."
    n, equal = int(known["n"].sum()), int(known["equal"].sum())
    if equal == n:
        return f"Heat equals quality for {all_text(n, 'compared article')}: all lie on the diagonal."
    most = known.iloc[int(known["n"].argmax())]
    share = wilson(pd.Series([equal]), pd.Series([n])).iloc[0]
    return (
        f"Heat equals quality for {equal:,} of {count_text(n, 'compared article')} ({share_text(share)}); most lie at "
        f"quality {most['quality_from']} to {most['quality_to']} and heat {most['heat_from']} to {most['heat_to']}: "
        f"{most['n']:,}."
    )


def _tally_by_lift(data: Slice) -> pd.DataFrame:
    """Articles by `lift` and `kind` (`HEAT_KINDS`), in that order."""
    counts = data.tally("lift", "heat_state")
    others = counts["heat_state"].map({"ranked": HEAT_KINDS[3], "unranked": HEAT_KINDS[4], "missing": HEAT_KINDS[5]})
    kind = _lift_kinds(counts["lift"]).where(counts["lift"].notna(), others)
    counts = counts.assign(kind=kind, place=kind.map(HEAT_KINDS.index))
    return counts.sort_values(["place", "lift"])[["lift", "kind", "n"]]


def _lift_kinds(lifts: pd.Series) -> pd.Series:
    """The kind (`LIFT_KINDS`) of each heat lift."""
    known = lifts.fillna(0).to_numpy("int64")
    names = np.select([known > 0, known == 0], LIFT_KINDS[:2], LIFT_KINDS[2])
    return pd.Series(names, index=lifts.index, dtype="str")


HEAT_LIFT_OVER_TIME = Table(
    "heat_lift_over_time",
    "one row per period",
    (
        *PERIOD_COLUMNS,
        Column("n", "whole", "articles", "articles"),
        Column("compared", "whole", "articles with both a heat and a quality score", "articles"),
        Column("unranked", "whole", "articles whose heat is -1", "articles"),
        Column("missing", "whole", "articles without heat", "articles"),
        Column("mean_lift", "number", "mean heat lift of the compared articles", "points"),
        *quantile_columns(BAND, "heat lift that {} of the compared articles do not exceed", "points"),
        Column("lifted", "whole", "compared articles whose heat is above their quality", "articles"),
        Column("share_unranked", "share", "unranked, of the articles that have a heat field"),
        *wilson_columns("share_unranked"),
    ),
    key=("period",),
)

UNRANKED_OVER_TIME = Table(
    "unranked_over_time",
    "one row per period",
    (
        *PERIOD_COLUMNS,
        Column("n", "whole", "articles that have a heat field", "articles"),
        Column("unranked", "whole", "articles whose heat is -1", "articles"),
        Column("missing", "whole", "articles without heat", "articles"),
        Column("share_unranked", "share", "unranked, of the articles that have a heat field"),
        *wilson_columns(),
        small_n_column(),
    ),
    key=("period",),
)


@analysis(HEAT_LIFT_OVER_TIME)
def heat_lift_over_time(data: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """Quantiles and mean of the heat lift by period, and how many articles are unranked (heat -1, never averaged)."""
    states = tally_by_period(data, "heat_state", grain=grain).pivot(index="period", columns="heat_state", values="n")
    states = states.reindex(columns=["ranked", "unranked", "missing"]).fillna(0)
    lifts = tally_by_period(data, "lift", grain=grain)
    lifts = lifts[lifts["lift"].notna()]
    sums = lifts.assign(total=lifts["lift"] * lifts["n"], lifted=lifts["n"].where(lifts["lift"] > 0, 0))
    sums = sums.groupby("period", as_index=False)[["total", "lifted"]].sum()
    table = on_calendar(data, grain, quantiles(lifts, ["period"], "lift", BAND).rename(columns={"n": "compared"}))
    table = table.merge(sums, on="period", how="left").merge(states.reset_index(), on="period", how="left")
    counts = ["compared", "lifted", "ranked", "unranked", "missing"]
    table = table.assign(mean_lift=table["total"] / table["compared"]).fillna(dict.fromkeys(counts, 0))
    recorded = table["ranked"] + table["unranked"]
    table["n"] = recorded + table["missing"]
    table[["share_unranked", "low", "high"]] = wilson(table["unranked"], recorded)
    return table[HEAT_LIFT_OVER_TIME.names]


@heat_lift_over_time.register_finding
def heat_lift_over_time_finding(table: pd.DataFrame) -> str:
    """Whether heat rises above quality at all, and the range of the means of the periods, in a sentence."""
    compared, lifted = int(table["compared"].sum()), int(table["lifted"].sum())
    recorded = int((table["n"] - table["missing"]).sum())
    unranked = int(table["unranked"].sum())
    tail = f" {_unranked_text(unranked, recorded)} (-1)." if recorded else ""
    if not compared:
        return f"No article has both a heat and a quality score.{tail}"
    if not lifted and not table["mean_lift"].fillna(0).ne(0).any():
        return f"Heat equals quality for {all_text(compared, 'compared article')}.{tail}"
    share = wilson(pd.Series([lifted]), pd.Series([compared])).iloc[0]
    head = (
        f"Heat is above quality for {lifted:,} of {count_text(compared, 'compared article')} "
        f"({share['share']:.0%} {share_interval_text(share)})"
    )
    known = table[table["complete"].astype("bool") & (table["compared"] >= SMALL_N)]
    if len(known) < 2:
        return f"{head}.{tail}"
    low, high = known["mean_lift"].min(), known["mean_lift"].max()
    return f"{head}; the mean lift of the {len(known):,} complete periods is from {low:+.1f} to {high:+.1f}.{tail}"


@analysis(UNRANKED_OVER_TIME)
def unranked_over_time(data: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """Share of unranked articles (heat -1) by period, of those that have a heat field."""
    counts = tally_by_period(data, "heat_state", grain=grain).pivot(index="period", columns="heat_state", values="n")
    counts = counts.reindex(columns=["ranked", "unranked", "missing"]).reset_index()
    table = on_calendar(data, grain, counts).fillna({"ranked": 0, "unranked": 0, "missing": 0})
    table["n"] = table["ranked"] + table["unranked"]
    table[["share_unranked", "low", "high"]] = wilson(table["unranked"], table["n"])
    table["small"] = table["n"] < SMALL_N
    return table.drop(columns="ranked")


@unranked_over_time.register_finding
def unranked_over_time_finding(table: pd.DataFrame) -> str:
    """The share unranked in all, and the range of the shares of the periods, in a sentence."""
    unranked, n, missing = (int(table[name].sum()) for name in ("unranked", "n", "missing"))
    tail = f" {count_text(missing, 'has', 'have')} no heat field." if missing else ""
    if not n:
        return f"No article with a date has a heat field.{tail}"
    if not unranked:
        dated = count_text(n, "article with a date and a heat field is", "articles with a date and a heat field are")
        return f"{'The' if n == 1 else 'All'} {dated} ranked; none has a heat of -1.{tail}"
    share = wilson(pd.Series([unranked]), pd.Series([n])).iloc[0]
    interval = share_interval_text(share)
    text = f"{_unranked_text(unranked, n)} ({share['share']:.0%} {interval})"
    known = table[table["complete"] & ~table["small"]]
    if len(known) < 2:
        return f"{text}.{tail}"
    low, high = known["share_unranked"].min(), known["share_unranked"].max()
    return f"{text}; from {low:.0%} to {high:.0%} in the {len(known):,} complete periods.{tail}"


HOTTEST_ARTICLES = Table(
    "hottest_articles",
    "one row per article with a heat score, the highest heat first, then by path",
    (*LISTED_COLUMNS, TOTAL),
    key=("path",),
)

MOST_LIFTED_ARTICLES = Table(
    "most_lifted_articles",
    "one row per article whose heat is above its quality, the highest lift first, then by path",
    (*LISTED_COLUMNS, TOTAL),
    key=("path",),
)


@analysis(HOTTEST_ARTICLES)
def hottest_articles(data: Slice, *, limit: int = 25) -> pd.DataFrame:
    """The `limit` articles with the highest heat; unranked ones (-1) and those without heat are left out."""
    counts = data.tally("heat_state")
    total = int(counts.loc[counts["heat_state"] == "ranked", "n"].sum())
    return ranked_article_list(HOTTEST_ARTICLES, data.rows("heat", limit=min(limit, total)), total)


@hottest_articles.register_finding
def hottest_articles_finding(table: pd.DataFrame) -> str:
    """The hottest article in a sentence."""
    if table.empty:
        return "No article has a heat score."
    first, total = table.iloc[0], int(table["total"].iloc[0])
    articles = count_text(total, "ranked article")
    text = f"The hottest of {articles} is {title_with_provider(first)} with a heat of {first['heat']}"
    if table["lift"].eq(0).fillna(value=False).all():
        return f"{text}; heat equals quality for {all_text(len(table), 'listed article')}.{list_cut_note(table)}"
    lift = "" if pd.isna(first["lift"]) else f", {first['lift']:+d} against its quality"
    lift = ", the same as its quality" if pd.notna(first["lift"]) and not first["lift"] else lift
    return f"{text}{lift}.{list_cut_note(table)}"


@analysis(MOST_LIFTED_ARTICLES)
def most_lifted_articles(data: Slice, *, limit: int = 25) -> pd.DataFrame:
    """The `limit` articles whose heat is farthest above their quality."""
    counts = data.tally("lift")
    total = int(counts.loc[(counts["lift"] > 0).fillna(value=False), "n"].sum())
    return ranked_article_list(MOST_LIFTED_ARTICLES, data.rows("lift", lifted=True, limit=limit), total)


@most_lifted_articles.register_finding
def most_lifted_articles_finding(table: pd.DataFrame) -> str:
    """The most lifted article in a sentence."""
    if table.empty:
        return "No article with both scores has a heat above its quality."
    first, total = table.iloc[0], int(table["total"].iloc[0])
    noun = "article is" if total == 1 else "articles are"
    scores = f"{first['lift']:+d} points, heat {first['heat']} at quality {first['quality']}"
    hottest = title_with_provider(first)
    return f"{total:,} {noun} hotter than the quality; most of all {hottest}: {scores}.{list_cut_note(table)}"
