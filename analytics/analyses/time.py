"""What the analyses over time share: the calendar that each table is laid on."""

from collections.abc import Mapping

import pandas as pd

from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column

PERIOD_COLUMNS = (
    Column("period", "day", "first day of the period (UTC; weeks from Monday)"),
    Column("period_end", "day", "last day of the period"),
    Column("complete", "flag", "false for a period that the data or the chosen range does not cover to its end"),
)

BAND = {"q10": 0.10, "q25": 0.25, "median": 0.50, "q75": 0.75, "q90": 0.90}
"""Quantiles of a band chart."""


def on_calendar(part: Slice, grain: str, table: pd.DataFrame) -> pd.DataFrame:
    """Lay a table with `period` on all periods of the chosen range; periods without a row have missing values."""
    return part.calendar(part.grain(grain)).merge(table, on="period", how="left")


def by_period(
    part: Slice,
    *keys: str,
    grain: str = AUTO,
    keep_topics: list[str] | None = None,
    sums: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """`Slice.tally` by period and further keys; articles without a date are left out."""
    found = part.grain(grain)
    counts = part.tally(found, *keys, keep_topics=keep_topics, **(sums or {})).rename(columns={found: "period"})
    return counts[counts["period"].notna()]


def crossed(part: Slice, grain: str, name: str, labels: list[str]) -> pd.DataFrame:
    """Every period of the chosen range with every label: the frame on which counts are filled with 0."""
    return part.calendar(part.grain(grain)).merge(pd.DataFrame({name: pd.Series(labels, dtype="str")}), how="cross")


def undated(part: Slice) -> int:
    """Articles of the slice without a date, which no chart over time can show."""
    years = part.tally("year")
    return int(years.loc[years["year"].isna(), "n"].sum())


def period_name(row: pd.Series) -> str:
    """A row's period in words: a day, the week of a Monday, a month, a quarter or a year."""
    first, last = row["period"], row["period_end"]
    days = (last - first).days + 1
    if days == 1:
        return f"{first:%-d %B %Y}"
    if days == 7:
        return f"the week of {first:%-d %B %Y}"
    if days > 300:
        return f"{first:%Y}"
    return f"{first:%B %Y}" if days < 40 else f"quarter {first.quarter} of {first:%Y}"
