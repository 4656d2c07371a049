"""Tables over time: their period columns, tallies by period, the full calendar, and the largest shift of a share."""

from collections.abc import Callable, Mapping

import pandas as pd

from analytics.analyses.common.changes import CHANGED, difference_interval_text, no_clear_change_text, too_few_text
from analytics.analyses.common.wording import count_text
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column
from analytics.statistics.change_test import TOO_FEW, UP, Group, change_test, with_q_and_outcome
from analytics.statistics.intervals import SMALL_N

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


def in_period_text(row: pd.Series) -> str:
    """A row's period after its preposition: `on 3 May 2024`, `in the week of 6 May 2024`, `in May 2024`."""
    return f"{'on' if row['period'] == row['period_end'] else 'in'} {period_name(row)}"


def sentence_start_of_period(row: pd.Series) -> str:
    """The same at the start of a sentence: `On 3 May 2024`, `In May 2024`."""
    text = in_period_text(row)
    return text[0].upper() + text[1:]


def largest_share_shift_text(
    period_rows: pd.DataFrame,
    label_column: str,
    hits: str = "n",
    total: str = "total",
    name: Callable[[str], str] = str,
) -> str:
    """Sentence: the label whose share moved most between the first and the last third of the periods, if any did.

    `period_rows` has three complete periods or more, sorted, with `period`, `period_end`, `hits` and `total` for each
    label; `name` turns a label into the words that are shown. By the change test of all its labels; clusters are the
    periods, or weeks where these are days. Shares are ratios of sums.
    """
    periods = period_rows["period"].unique()
    third = len(periods) // 3
    sides = [period_rows[period_rows["period"].isin(some)] for some in (periods[:third], periods[-third:])]
    then, now = (_group_by_period(side, label_column, hits, total) for side in sides)
    tests = change_test(then, now, ("week",))
    tests[["low", "high"]] = tests[["low", "high"]].clip(-1, 1)
    tests = with_q_and_outcome(tests, tests["sum_then"] + tests["sum_now"] >= SMALL_N)
    span = f"({period_name(period_rows.iloc[0])} to {period_name(period_rows.iloc[-1])})"
    ends = "complete period" if third == 1 else f"{third:,} complete periods"
    between = f"between the first and the last {ends} {span}"
    compared = int((tests["outcome"] != TOO_FEW).sum())
    if not compared:
        totals, weeks = (tests[[f"{of}_then", f"{of}_now"]].iloc[0].tolist() for of in ("n", "weeks"))
        return f"{too_few_text(totals, weeks, 'weeks' if _days_of_period(period_rows) <= 7 else 'periods')} {between}."
    family = count_text(compared, label_column)
    changed = tests[tests["outcome"].isin(CHANGED)].sort_values("difference", key=lambda size: -size.abs().round(9))
    if changed.empty:
        return f"{no_clear_change_text(family)} {between}."
    row = changed.iloc[0]
    verb = "rose" if row["outcome"] == UP else "fell"
    n = f"n = {row['n_then']:,.0f} and {row['n_now']:,.0f}"
    moved = f"{name(str(row.name))} {verb} from {row['mean_then']:.0%} to {row['mean_now']:.0%} of the articles"
    return f"{moved} ({difference_interval_text(row)}; {n}) {between}; {len(changed)} of {family} compared."


def _group_by_period(rows: pd.DataFrame, label: str, hits: str, total: str) -> Group:
    """The articles of some periods for the change test; days are put together to weeks."""
    days = rows["period"].to_numpy().astype("datetime64[D]").astype("int64")
    weeks = (days + 3) // 7 if _days_of_period(rows) < 7 else days
    found = pd.DataFrame({"week": weeks, "label": rows[label].astype("str"), "sum": rows[hits], "squares": rows[hits]})
    sizes = rows.assign(week=weeks, n=rows[total]).drop_duplicates("period")
    return Group(found.reset_index(drop=True), sizes[["week", "n"]].reset_index(drop=True))


def _days_of_period(rows: pd.DataFrame) -> int:
    return int((rows["period_end"].iloc[0] - rows["period"].iloc[0]).days) + 1
