"""How heat moves away from quality over the hours of a life."""

import numpy as np
import pandas as pd

from analytics.analyses.history_groups import ALL, life_groups, sized
from analytics.analyses.history_lives import lives, versions
from analytics.analyses.listing import counted
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, quantiles, wilson

STEPS = {3: 1, 7: 3, 14: 6, 30: 12}
"""Days that the curve reaches → hours from one of its points to the next."""

ROSE, EVERY = LIVES_SHOWN = "that ever rose", "all"

BAND = {"q25": 0.25, "median": 0.50, "q75": 0.75}

HEAT_CURVE = Table(
    "heat_curve",
    "one row per group and step of hours since first seen; the groups by number of lives",
    (
        Column("group", "text", "topic, provider, type or state; all when the lives are not told apart"),
        Column("hours", "whole", "hours since first seen", "hours"),
        Column("n", "whole", "lives at risk: seen for longer than that, there and ranked then", "articles"),
        Column("unknown", "whole", "lives whose heat lift was not known then, though seen for longer", "articles"),
        *(
            Column(name, "number", f"heat lift that {probability:.0%} of the lives at risk do not exceed", "points")
            for name, probability in BAND.items()
        ),
        Column("above", "whole", "lives at risk with heat above quality", "articles"),
        Column("share", "share", "above, of the lives at risk"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
        Column("small", "flag", f"true for fewer than {SMALL_N} lives at risk"),
        Column("rose", "whole", "lives of the group that ever rose above their quality", "articles"),
        Column("total", "whole", "lives of the group whose beginning was seen", "articles"),
    ),
    key=("group", "hours"),
)


def heat_curve(part: Slice, *, by: str = ALL, reach: int = 7, which: str = ROSE) -> pd.DataFrame:
    """Heat lift by hours since first seen, of the lives whose beginning was seen, for the first `reach` days."""
    every = lives(part.history)
    begun = every[every["begun"].astype("bool")]
    if begun.empty:
        return HEAT_CURVE.empty()
    rose = begun["rises"] > 0
    groups = life_groups(part, begun, by)
    totals = groups.assign(rose=groups["life"].isin(begun.loc[rose, "life"])).groupby("group")["rose"]
    chosen = begun[rose] if which == ROSE else begun
    counts = _at_steps(versions(part.history), reach).merge(groups[groups["life"].isin(chosen["life"])], on="life")
    counts = counts.groupby(["group", "hours", "lift"], as_index=False, dropna=False).size()
    counts = counts.rename(columns={"size": "n"})
    table = _grid(sized(groups), reach).merge(_summed(counts), on=["group", "hours"], how="left")
    table = table.fillna({"n": 0, "above": 0, "unknown": 0})
    table[["share", "low", "high"]] = wilson(table["above"], table["n"])
    table["small"] = table["n"] < SMALL_N
    table["rose"], table["total"] = table["group"].map(totals.sum()), table["group"].map(totals.size())
    return HEAT_CURVE.of(table)


def heat_curve_finding(table: pd.DataFrame) -> str:
    """How many lives rise, when the median is highest, and how many are above quality then, in a sentence."""
    if table.empty:
        return "The history shows no life from its beginning."
    first = table.drop_duplicates("group")
    known = table[~table["small"].astype("bool") & table["median"].notna()]
    large = first[first["group"].isin(known["group"])]
    if large.empty:
        rose, total = int(first["rose"].max()), int(first["total"].max())
        return f"Too few lives for a statement, which needs {SMALL_N}: of at most {total:,} in a group {rose:,} rose."
    parts = [_said(known[known["group"] == row["group"]], row) for _, row in large.head(2).iterrows()]
    others = len(first) - len(parts)
    return " ".join(parts) + (f" {counted(others, 'more group is', 'more groups are')} in the table." if others else "")


def _said(known: pd.DataFrame, row: pd.Series) -> str:
    name = "" if row["group"] == ALL else f"{row['group']}: "
    head = f"{name}{row['rose']:,} of {row['total']:,} lives ever rose above their quality"
    top = known.sort_values(["median", "share", "hours"], ascending=[False, False, True], kind="stable").iloc[0]
    band = f"{top['median']:+.3g} points, middle half {top['q25']:+.3g} to {top['q75']:+.3g}"
    above = f"{top['above']:,} of {top['n']:,} above quality ({top['share']:.0%} {interval_text(top)})"
    return f"{head}; the median is highest {top['hours']:,} hours after first seen: {band}; {above}."


def _at_steps(rows: pd.DataFrame, reach: int) -> pd.DataFrame:
    """The version that each life had at each step of hours at which it was still seen: `life`, `hours`, `lift`."""
    step, last = STEPS[reach], reach * 24
    here = rows[rows["there"]]
    first = np.ceil(here["hours"].to_numpy() / step).astype("int64")
    end = np.ceil((here["hours"] + here["span"]).to_numpy() / step).astype("int64").clip(max=last // step + 1)
    times = (end - first).clip(min=0)
    at = np.arange(times.sum()) - np.repeat(times.cumsum() - times, times) + np.repeat(first, times)
    found = here[["life", "lift"]].loc[here.index.repeat(times)].reset_index(drop=True)
    return found.assign(hours=pd.array(at * step, dtype="Int64"))


def _summed(counts: pd.DataFrame) -> pd.DataFrame:
    """Quantiles and counts of each group and step from its lifts, missing ones among them."""
    known = quantiles(counts, ["group", "hours"], "lift", BAND)
    above = counts["n"].where((counts["lift"] > 0).fillna(value=False), 0)
    unknown = counts["n"].where(counts["lift"].isna(), 0)
    sums = counts[["group", "hours"]].assign(above=above, unknown=unknown)
    return sums.groupby(["group", "hours"], as_index=False).sum().merge(known, on=["group", "hours"], how="left")


def _grid(groups: list[str], reach: int) -> pd.DataFrame:
    hours = pd.DataFrame({"hours": pd.array(range(0, reach * 24 + 1, STEPS[reach]), dtype="Int64")})
    return pd.DataFrame({"group": pd.Series(groups, dtype="str")}).merge(hours, how="cross")
