"""What changed most between the chosen period and the one it is compared with."""

import pandas as pd

from analytics.analyses.topics import umbrella_topics
from analytics.engine.coded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, newcombe, wilson

BIGGEST_CHANGES = Table(
    "biggest_changes",
    "one row per topic or provider, the largest change first within its kind; without a comparison period, none",
    (
        Column("kind", "label", "topic or provider"),
        Column("label", "text", "topic or provider"),
        Column("n", "whole", "articles in the chosen period", "articles"),
        Column("total", "whole", "all articles of the chosen period", "articles"),
        Column("share", "share", "of all articles of the chosen period"),
        Column("previous_n", "whole", "articles in the comparison period", "articles"),
        Column("previous_total", "whole", "all articles of the comparison period", "articles"),
        Column("previous_share", "share", "of all articles of the comparison period"),
        Column("change", "number", "share less previous share, -1 to 1"),
        Column("low", "number", "lower end of the 95 % interval of the change"),
        Column("high", "number", "upper end of the 95 % interval of the change"),
        Column("clear", "flag", "true when the interval is apart from zero and both periods have enough articles"),
    ),
    key=("kind", "label"),
)

NOTHING_TO_COMPARE = "Choose a period (From) and what to compare it with to see what changed."


def biggest_changes(part: Slice, *, top: int = 8) -> pd.DataFrame:
    """The topics and providers whose share of the articles changed most, `top` of each kind, with Newcombe's interval.

    Umbrella topics are left out; so are articles without the label. Shares are of all articles of their period.
    """
    before = part.compared
    if before is None:
        return BIGGEST_CHANGES.empty()
    found = [share_changes(part, before, key).head(top) for key in ("topic", "provider")]
    return BIGGEST_CHANGES.of(pd.concat(found))


def biggest_changes_finding(table: pd.DataFrame) -> str:
    """The largest clear rise and fall in a sentence."""
    if table.empty:
        return NOTHING_TO_COMPARE
    clear = table[table["clear"]]
    if clear.empty:
        return f"No topic's or provider's share changed beyond chance (n = {table['total'].max():,})."
    rows = clear.sort_values("change")
    said = [_said(row) for _, row in rows.iloc[[0, -1]].drop_duplicates().iterrows()]
    return f"{'; '.join(said)}."


def share_changes(part: Slice, before: Slice, key: str) -> pd.DataFrame:
    """How the share of each topic or provider differs between two slices, largest difference first (BIGGEST_CHANGES).

    Umbrella topics are left out; so are articles without the label.
    """
    left_out = [NONE, *(umbrella_topics(part) if key == "topic" else [])]
    now, then = (_counted(each, key, left_out) for each in (part, before))
    table = now.merge(then, on=key, how="outer", suffixes=("", "_before")).fillna({"n": 0, "n_before": 0})
    table = table.assign(total=part.n, total_before=before.n)
    shares = wilson(table["n"], table["total"]), wilson(table["n_before"], table["total_before"])
    table[["change", "low", "high"]] = newcombe(*shares)
    table = table.assign(share=shares[0]["share"], previous_share=shares[1]["share"], kind=key)
    table["clear"] = ((table["low"] > 0) | (table["high"] < 0)) & (min(part.n, before.n) >= SMALL_N)
    table["size"] = table["change"].abs()
    table = table.sort_values(["size", key], ascending=[False, True], kind="stable")
    named = {key: "label", "n_before": "previous_n", "total_before": "previous_total"}
    return table.rename(columns=named).fillna({"clear": False})[BIGGEST_CHANGES.names]


def _counted(part: Slice, key: str, left_out: list[str]) -> pd.DataFrame:
    counts = part.tally(key)
    return counts[~counts[key].isin(left_out)]


def _said(row: pd.Series) -> str:
    verb = "rose" if row["change"] > 0 else "fell"
    now, then = f"{row['share']:.0%} (n = {row['n']:,})", f"{row['previous_share']:.0%} (n = {row['previous_n']:,})"
    return f"{row['label']} {verb} from {then} to {now} of the articles"
