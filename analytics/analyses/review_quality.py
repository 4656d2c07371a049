"""The quality that people suggest against the one that is recorded (Bland, Altman)."""

import pandas as pd

from analytics.analyses.clustered import clustered_means
from analytics.analyses.review_verdicts import ALL, ITEM_COLUMNS, counted, verdicts_given
from analytics.analyses.topics import umbrella_topics
from analytics.engine.coded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N

LIMIT_SDS = 1.96
"""Standard deviations from the mean difference to the limits of agreement (Bland, Altman 1986)."""

BY = ("provider", "topic", "session", "person")
"""What suggestions can be grouped by."""

_LIMITS = (
    Column("bias", "number", "mean of the differences", "points"),
    Column("low_limit", "number", "lower limit of agreement: mean less 1.96 standard deviations", "points"),
    Column("high_limit", "number", "upper limit of agreement: mean and 1.96 standard deviations", "points"),
)

SUGGESTED_QUALITY = Table(
    "suggested_quality",
    "one row per suggested quality, newest session first, in the order of the agenda, then by person",
    (
        *ITEM_COLUMNS,
        Column("person", "text", "who suggests it"),
        Column("suggested", "whole", "suggested quality", "points"),
        Column("mean", "number", "mean of suggested and recorded quality; missing when nothing is recorded", "points"),
        Column("difference", "whole", "suggested minus recorded quality; missing when nothing is recorded", "points"),
        *(Column(each.name, each.kind, f"{each.meaning}; of all rows", each.unit) for each in _LIMITS),
        Column("n", "whole", "differences that these rest on", "suggestions"),
        Column("n_items", "whole", "items that the differences are of", "items"),
    ),
    key=("item", "person"),
)

SUGGESTED_QUALITY_BY = Table(
    "suggested_quality_by",
    "one row per provider, topic, session or person with a suggestion, most suggestions first",
    (
        Column("group", "text", "provider, topic, number and title of the session, or person; (none) without one"),
        Column("n", "whole", "suggestions for articles with a recorded quality", "suggestions"),
        Column("n_items", "whole", "items that they are of", "items"),
        _LIMITS[0],
        Column("bias_low", "number", "lower end of the 95 % interval of bias", "points"),
        Column("bias_high", "number", "upper end of the 95 % interval of bias", "points"),
        Column("sd", "number", "standard deviation of the differences", "points"),
        *_LIMITS[1:],
        Column("small", "flag", f"true when it rests on fewer than {SMALL_N} items"),
    ),
    key=("group",),
)


def suggested_quality(part: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """Every suggested quality against the recorded one, with bias and limits of agreement of them all.

    Source: Bland, Altman 1986, The Lancet 327(8476), 307-310.
    """
    rows = _suggestions(part, sessions)
    known = rows[rows["difference"].notna()]
    whole = clustered_means(known.assign(all="all"), ["all"], "difference", "item")
    said = with_limits(whole).iloc[0].to_dict() if len(whole) else {"bias": None, "low_limit": None, "high_limit": None}
    constant = {name: said[name] for name in ("bias", "low_limit", "high_limit")}
    rows = rows.assign(mean=(rows["suggested"] + rows["recorded"]) / 2, n=len(known), n_items=known["item"].nunique())
    rows = rows.assign(**{name: pd.Series(value, rows.index, "Float64") for name, value in constant.items()})
    rows = rows.sort_values(["session", "position", "person"], ascending=[False, True, True])
    return SUGGESTED_QUALITY.of(rows[SUGGESTED_QUALITY.names])


def suggested_quality_finding(table: pd.DataFrame) -> str:
    """How far the suggestions lie from the recorded quality, in a sentence."""
    known = table[table["difference"].notna()]
    if known.empty:
        return "Nobody suggested a quality for an article that has one."
    first = known.iloc[0]
    away = "the recorded one"
    if first["bias"]:
        away = f"{abs(first['bias']):.1f} points {'above' if first['bias'] > 0 else 'below'} {away}"
    text = f"Suggested quality is on average {away}"
    basis = f"{counted(first['n'], 'suggestion')} for {counted(first['n_items'], 'item')}"
    if pd.isna(first["low_limit"]):
        return f"{text} ({basis})."
    limits = f"95 % of the differences are expected between {first['low_limit']:+.1f} and {first['high_limit']:+.1f}"
    few = f"; fewer than {SMALL_N} items, so all of this is rough" if first["n_items"] < SMALL_N else ""
    return f"{text}; {limits} ({basis}{few})."


def suggested_quality_by(part: Slice, *, by: str = "provider", sessions: str = ALL) -> pd.DataFrame:
    """Bias and limits of agreement of each group; an item counts under each of its topics, umbrella topics left out."""
    rows = _suggestions(part, sessions)
    rows = _grouped(part, rows[rows["difference"].notna()], by)
    table = with_limits(clustered_means(rows, ["group"], "difference", "item"))
    table = table.rename(columns={"clusters": "n_items", "low": "bias_low", "high": "bias_high"})
    table = table.sort_values(["n", "group"], ascending=[False, True])
    return SUGGESTED_QUALITY_BY.of(table.assign(small=table["n_items"] < SMALL_N))


def suggested_quality_by_finding(table: pd.DataFrame) -> str:
    """The group whose recorded quality people find farthest off, in a sentence."""
    if table.empty:
        return "Nobody suggested a quality for an article that has one."
    enough = table[~table["small"]]
    if enough.empty:
        return f"No group has the {SMALL_N} items with a suggestion that a statement needs."
    row = enough.loc[enough["bias"].abs().sort_values(ascending=False, kind="stable").index[0]]
    way = "too low" if row["bias"] > 0 else "too high"
    interval = f"[{row['bias_low']:+.1f}, {row['bias_high']:+.1f}]"
    clear = "" if row["bias_low"] * row["bias_high"] > 0 else ", which may be chance"
    basis = f"{counted(row['n'], 'suggestion')} for {counted(row['n_items'], 'item')}"
    said = f"by {abs(row['bias']):.1f} points {interval} of suggested minus recorded ({basis}){clear}"
    return f"People find the recorded quality farthest off for {row['group']}: {way} {said}."


def with_limits(means: pd.DataFrame) -> pd.DataFrame:
    """`clustered_means` of differences with the limits of agreement; `mean` is called bias."""
    half = LIMIT_SDS * means["sd"]
    return means.rename(columns={"mean": "bias"}).assign(
        low_limit=means["mean"] - half, high_limit=means["mean"] + half
    )


def _suggestions(part: Slice, sessions: str) -> pd.DataFrame:
    rows = verdicts_given(part, sessions)
    rows = rows[rows["suggested"].notna()]
    return rows.assign(difference=rows["suggested"] - rows["recorded"])


def _grouped(part: Slice, rows: pd.DataFrame, by: str) -> pd.DataFrame:
    if by == "session":
        return rows.assign(group=rows["session"].astype("str") + ". " + rows["session_title"])
    if by != "topic":
        return rows.assign(group=rows[by].fillna(NONE))
    rows = rows.assign(group=rows["topics"].fillna("").str.split("; ")).explode("group")
    rows = rows[~rows["group"].isin(umbrella_topics(part))]
    return rows.assign(group=rows["group"].mask(rows["group"] == "", NONE).astype("str"))
