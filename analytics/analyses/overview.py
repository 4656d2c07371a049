"""What there is, in all."""

import pandas as pd

from analytics.analyses.time import PERIOD_COLUMNS, by_period, crossed, undated
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.parts import STATES
from analytics.schema import Column, Table
from analytics.stats import interval_text, wilson

ARTICLES_OVER_TIME = Table(
    "articles_over_time",
    "one row per period and published state; articles without a date last, without a period",
    (
        *PERIOD_COLUMNS,
        Column("state", "label", "published, unpublished or unknown"),
        Column("n", "whole", "articles", "articles"),
        Column("total", "whole", "all articles of the period", "articles"),
        Column("share", "share", "of all articles of the period"),
    ),
    key=("period", "state"),
)


def articles_over_time(part: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """How many articles each period has, by published state."""
    counts = by_period(part, "state", grain=grain)
    table = crossed(part, grain, "state", _states(part)).merge(counts, on=["period", "state"], how="left")
    if undated(part):
        years = part.tally("year", "state")
        table = pd.concat([table, years.loc[years["year"].isna(), ["state", "n"]]])
    table = table.fillna({"n": 0})
    table["total"] = table.groupby("period", dropna=False)["n"].transform("sum")
    table["share"] = table["n"] / table["total"].where(table["total"] > 0)
    return ARTICLES_OVER_TIME.of(table)


def articles_over_time_finding(table: pd.DataFrame) -> str:
    """Number of articles and share published in a sentence."""
    n = int(table["n"].sum())
    if not n:
        return "No articles."
    counts = table.groupby("state", observed=True)["n"].sum()
    published, unpublished = (int(counts.get(state, 0)) for state in ("published", "unpublished"))
    undecided, without_date = n - published - unpublished, int(table.loc[table["period"].isna(), "n"].sum())
    share = wilson(pd.Series([published]), pd.Series([published + unpublished])).iloc[0]
    text = f"{n:,} articles"
    if published + unpublished:
        interval = interval_text(share)
        text += f", of which {published:,} published ({share['share']:.0%} {interval}"
        text += f" of {published + unpublished:,} decided)"
    extra = [f"{undecided:,} do not say" * bool(undecided), f"{without_date:,} have no date" * bool(without_date)]
    return "; ".join(filter(None, [text, *extra])) + "."


def _states(part: Slice) -> list[str]:
    present = set(part.tally("state")["state"])
    return [state for state in STATES if state in present]
