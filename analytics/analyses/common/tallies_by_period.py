"""Tables over time: their period columns, tallies by period, the full calendar, and the largest shift of a share."""

from collections.abc import Mapping

import pandas as pd

from analytics.analyses.common.wording import count_text
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column
from analytics.statistics.intervals import SMALL_N, newcombe, wilson

PERIOD_COLUMNS = (
    Column("period", "day", "first day of the period (UTC; weeks from Monday)"),
    Column("period_end", "day", "last day of the period"),
    Column(
        "complete",
        "flag",
        "false for a period that is not over, in which the corpus begins, or that the chosen range cuts",
    ),
)

BAND = {"q10": 0.10, "q25": 0.25, "median": 0.50, "q75": 0.75, "q90": 0.90}
"""Quantiles of a band chart."""


def on_calendar(data: Slice, grain: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table by `period` with a row for every period of the chosen range; where it had none, values are missing."""
    return data.calendar(data.grain(grain)).merge(table, on="period", how="left")


def tally_by_period(
    data: Slice,
    *keys: str,
    grain: str = AUTO,
    keep_topics: list[str] | None = None,
    sums: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """`Slice.tally` by period and further keys; articles without a date are left out."""
    found = data.grain(grain)
    counts = data.tally(found, *keys, keep_topics=keep_topics, **(sums or {})).rename(columns={found: "period"})
    return counts[counts["period"].notna()]


def period_label_grid(data: Slice, grain: str, name: str, labels: list[str]) -> pd.DataFrame:
    """Every period of the chosen range with every label, in the column `name`, to which counts are merged."""
    return data.calendar(data.grain(grain)).merge(pd.DataFrame({name: pd.Series(labels, dtype="str")}), how="cross")


def count_undated(data: Slice) -> int:
    """Number of articles of the slice without a date, which no chart over time can show."""
    years = data.tally("year")
    return int(years.loc[years["year"].isna(), "n"].sum())


def period_name(row: pd.Series) -> str:
    """A row's period in words: a day, the week of its Monday, a month, a quarter or a year."""
    first, last = row["period"], row["period_end"]
    days = (last - first).days + 1
    if days == 1:
        return f"{first:%-d %B %Y}"
    if days == 7:
        return f"the week of {first:%-d %B %Y}"
    if days > 300:
        return f"{first:%Y}"
    return f"{first:%B %Y}" if days < 40 else f"quarter {first.quarter} of {first:%Y}"


def largest_shift_text(known: pd.DataFrame, label: str) -> str:
    """Sentence: the label whose share moved most, beyond chance, between the first and the last third of the periods.

    `known` has three complete periods or more, sorted, with `period`, `period_end`, `n` and `total` for each label.
    Shares are ratios of sums. Beyond chance: Newcombe's 95 % interval of the difference leaves out 0, and both thirds
    have enough articles.
    """
    periods = known["period"].unique()
    third = len(periods) // 3
    then, now = (
        _shares_by_label(known[known["period"].isin(some)], label) for some in (periods[:third], periods[-third:])
    )
    difference = newcombe(now, then)
    sure = (difference["low"] > 0) | (difference["high"] < 0)
    enough = (then["total"] >= SMALL_N) & (now["total"] >= SMALL_N)
    change = difference["difference"].where(sure & enough).astype("float64").dropna()
    span = f"({period_name(known.iloc[0])} to {period_name(known.iloc[-1])})"
    between = f"between the first and the last {count_text(third, 'complete period')} {span}"
    if change.empty:
        return f"No {label}'s share moved beyond chance {between}."
    name = change.abs().round(9).sort_values(ascending=False, kind="stable").index.astype("str")[0]
    verb = "rose" if change[name] > 0 else "fell"
    was, is_now = _share_with_counts(then.loc[name]), _share_with_counts(now.loc[name])
    return f"{name} {verb} from {was} to {is_now} of the articles {between}."


def _shares_by_label(rows: pd.DataFrame, label: str) -> pd.DataFrame:
    sums = rows.groupby(label, sort=False)[["n", "total"]].sum()
    return sums.join(wilson(sums["n"], sums["total"]))


def _share_with_counts(row: pd.Series) -> str:
    return f"{row['share']:.0%} ({row['n']:,.0f} of {row['total']:,.0f})"
