"""Days that are out of the ordinary."""

import numpy as np
import pandas as pd

from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, UNUSUAL, robust_centre

BESIDE = 1.5
"""A robust z from which a day beside an unusual one belongs to it."""

RARE = 365
"""A stretch of empty days is unusual when its chance is below 1 in so many."""

RANGE = (0.05, 0.95)

MORE, FEWER, NONE_AT_ALL = REASONS = "more than usual", "fewer than usual", "none at all"

UNUSUAL_DAYS = Table(
    "unusual_days",
    "one row per unusual day or stretch of days, newest first",
    (
        Column("first_day", "day", "first day (UTC)"),
        Column("last_day", "day", "last day (UTC)"),
        Column("days", "whole", "days of the stretch", "days"),
        Column("reason", "label", ", ".join(REASONS)),
        Column("n", "whole", "articles of the stretch", "articles"),
        Column("usual", "number", "median of the stretches that are as long and begin on the same weekday", "articles"),
        Column("usual_from", "number", "their 5 % quantile", "articles"),
        Column("usual_to", "number", "their 95 % quantile", "articles"),
        Column("stretches", "whole", "how many such stretches the range has, this one included", "stretches"),
        Column("z", "number", "the day's robust z that is farthest from 0"),
        Column("chance", "share", "of empty days: the chance that days of these weekdays are all empty"),
        Column("judged", "whole", "days that were judged", "days"),
    ),
    key=("first_day",),
)


def unusual_days(part: Slice) -> pd.DataFrame:
    """Days with many more or fewer articles than the same weekday has, and stretches without any.

    More, fewer: the robust z of log(1 + articles) against the same weekday is at least 3.5 away from 0 (Iglewicz,
    Hoaglin 1993; the logarithm because counts are skewed); days beside it from 1.5 on join. The spread is at least what
    counts have by chance, sqrt(mean) / (1 + mean) (Poisson, delta method).
    None at all: such a day, or a run of empty days whose chance is below 1 in 365: the product over its days of how
    often the other same weekdays are empty, (empty + 1) / (others + 2), the rule of succession (Laplace).
    Judged are the days that range and corpus have in common, when they are at least 10 weeks.
    """
    days = _days(part)
    if len(days) < 7 * SMALL_N or not days["n"].sum():
        return UNUSUAL_DAYS.empty()
    runs = days.assign(run=(days["reason"] != days["reason"].shift()).cumsum(), size=days["z"].abs())
    farthest = runs.sort_values("size", ascending=False, kind="stable").groupby("run", as_index=False)
    found = farthest.agg(reason=("reason", "first"), z=("z", "first"), n=("n", "sum"), chance=("chance", "prod"))
    ends = runs.groupby("run")["day"].agg(["min", "max", "size"]).reset_index(drop=True)
    found = found.assign(first_day=ends["min"], last_day=ends["max"], days=ends["size"])
    empty = found["reason"] == NONE_AT_ALL
    found = found[((found["z"].abs() >= UNUSUAL) & (found["reason"] != "")) | (empty & (found["chance"] < 1 / RARE))]
    usual = [_usual(days, first, length) for first, length in zip(found["first_day"], found["days"], strict=True)]
    usual_columns = pd.DataFrame(usual, columns=["usual", "usual_from", "usual_to", "stretches"], index=found.index)
    table = pd.concat([found.drop(columns="run"), usual_columns], axis=1).assign(judged=len(days))
    table["chance"] = table["chance"].where(table["reason"] == NONE_AT_ALL)
    return UNUSUAL_DAYS.of(table.sort_values("first_day", ascending=False))


def _days(part: Slice) -> pd.DataFrame:
    """Every day to judge: `day`, `n`, `z`, `reason` (that it may be part of) and `chance` (to be empty)."""
    calendar, whole = part.calendar("day"), part.whole.span
    if whole is None:
        return calendar.iloc[:0]
    days = calendar.loc[calendar["complete"] & (calendar["period"] >= pd.Timestamp(whole.start)), ["period"]]
    days = days.rename(columns={"period": "day"}).reset_index(drop=True)
    counts = part.tally("day")
    days = days.merge(counts[counts["day"].notna()], on="day", how="left").fillna({"n": 0})
    n, weekday = days["n"].astype("int64"), days["day"].dt.day_of_week
    groups, empty = n.groupby(weekday), n.eq(0)
    mean, size = groups.transform("mean"), pd.Series(np.log1p(n))
    usual = robust_centre(size, weekday)
    spread = usual["spread"].fillna(0).clip(lower=mean**0.5 / (1 + mean))
    z = ((size - usual["centre"]) / spread.where(spread > 0)).fillna(0)
    reason = np.select([empty, z >= BESIDE, z <= -BESIDE], [NONE_AT_ALL, MORE, FEWER], "")
    chance = empty.groupby(weekday).transform("sum") / (groups.transform("size") + 1)
    return days.assign(n=n, z=z, reason=reason, chance=chance)


def _usual(days: pd.DataFrame, first: pd.Timestamp, length: int) -> tuple[float, float, float, int]:
    """Median, 5 % and 95 % quantile and number of the stretches of a length that begin on the same weekday."""
    sums = np.convolve(days["n"].to_numpy(), np.ones(length, dtype="int64"), mode="valid")
    begun = days["day"].iloc[: len(sums)].dt.day_of_week.to_numpy() == first.day_of_week
    low, high = np.quantile(sums[begun], RANGE)
    return float(np.median(sums[begun])), float(low), float(high), int(begun.sum())


def unusual_days_finding(table: pd.DataFrame) -> str:
    """How many there are of each kind, and the two newest of each, in a sentence."""
    if table.empty:
        return f"No day stands out, or there are fewer than {SMALL_N} weeks to judge by."
    counts = table["reason"].astype("str").value_counts()
    kinds = [f"{counts[reason]} with {reason}" for reason in REASONS if reason in counts]
    newest = [_said(row) for reason in REASONS for _, row in table[table["reason"] == reason].head(2).iterrows()]
    head = f"Unusual days or stretches in {table['judged'].iloc[0]:,} days: {', '.join(kinds)}"
    return f"{head}. The newest of each: {'; '.join(newest)}."


def _said(row: pd.Series) -> str:
    first, last = row["first_day"], row["last_day"]
    when = f"{first:%-d %B %Y}" if first == last else f"{first:%-d %B %Y} to {last:%-d %B %Y}"
    return f"{when} with {row['n']:,} (usually {row['usual_from']:.0f} to {row['usual_to']:.0f})"
