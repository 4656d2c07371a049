"""Which topics and providers have another share in one selection than in another."""

import pandas as pd

from analytics.analyses.changes import share_changes
from analytics.engine.comparison import Comparison
from analytics.schema import Column, Table
from analytics.stats import SMALL_N


def _table(key: str) -> Table:
    return Table(
        f"compared_{key}s",
        f"one row per selection after the first and {key}, largest difference first",
        (
            Column("selection", "text", "name of the selection"),
            Column("first", "text", "name of the first selection, which it is held against"),
            Column(key, "text", key),
            Column("n", "whole", f"articles of the selection with the {key}", "articles"),
            Column("total", "whole", "all articles of the selection", "articles"),
            Column("share", "share", "of all articles of the selection"),
            Column("first_n", "whole", f"articles of the first with the {key}", "articles"),
            Column("first_total", "whole", "all articles of the first", "articles"),
            Column("first_share", "share", "of all articles of the first"),
            Column("change", "number", "share less share in the first, -1 to 1"),
            Column("low", "number", "lower end of Newcombe's 95 % interval of the difference"),
            Column("high", "number", "upper end of Newcombe's 95 % interval of the difference"),
            Column("clear", "flag", f"true when the interval is apart from 0 and both have {SMALL_N} articles or more"),
            Column("of", "whole", f"{key}s in either selection, of which the largest differences are shown"),
        ),
        key=("selection", key),
    )


COMPARED_TOPICS = _table("topic")
COMPARED_PROVIDERS = _table("provider")


def compared_topics(comparison: Comparison, *, top: int = 8) -> pd.DataFrame:
    """The `top` topics (0: all) whose share differs most from the first; an article counts under each of its topics."""
    return COMPARED_TOPICS.of(_changes(comparison, "topic", top))


def compared_providers(comparison: Comparison, *, top: int = 8) -> pd.DataFrame:
    """The `top` providers (0: all) whose share of the articles differs most from the first."""
    return COMPARED_PROVIDERS.of(_changes(comparison, "provider", top))


def compared_shares_finding(table: pd.DataFrame) -> str:
    """The largest differences to either side of each selection, in a sentence each."""
    if table.empty:
        return "Nothing to hold against each other."
    return " ".join(_said(rows) for _, rows in table.groupby("selection", sort=False))


def _changes(comparison: Comparison, key: str, top: int) -> pd.DataFrame:
    first_name, first = comparison.sides[0]
    found = []
    for name, part in comparison.sides[1:]:
        rows = share_changes(part, first, key)
        found.append(rows.assign(selection=name, of=len(rows)).head(top or len(rows)))
    named = {"label": key} | {f"previous_{column}": f"first_{column}" for column in ("n", "total", "share")}
    return pd.concat(found).assign(first=first_name).drop(columns="kind").rename(columns=named)


def _said(rows: pd.DataFrame) -> str:
    names, key = rows.iloc[0][["selection", "first"]], rows.columns[2]
    head = f"{names['selection']} against {names['first']}"
    total, first_total = rows[["total", "first_total"]].iloc[0]
    if min(total, first_total) < SMALL_N:
        return f"{head}: {total:,} and {first_total:,} articles are too few to compare shares; it takes {SMALL_N} each."
    cut = f" ({len(rows)} of {rows['of'].iloc[0]:,} {key}s shown)" if len(rows) < rows["of"].iloc[0] else ""
    clear = rows[rows["clear"]].sort_values("change", ascending=False, kind="stable")
    if clear.empty:
        return f"{head}: no {key}'s share differs beyond chance{cut}."
    ends = clear.iloc[[0, -1]].drop_duplicates(key)
    moved = [
        f"{row[key]} has {'more' if row['change'] > 0 else 'less'}, {row['share']:.0%} (n = {row['n']:,}) against "
        f"{row['first_share']:.0%} (n = {row['first_n']:,})"
        for _, row in ends.iterrows()
    ]
    return f"{head}: {'; '.join(moved)}{cut}."
