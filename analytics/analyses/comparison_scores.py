"""The scores of several selections over one another, as shares, so that sizes do not matter."""

import pandas as pd

from analytics.analyses.comparison import known_scores
from analytics.engine.comparison import Comparison
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, wilson

WIDTHS = (1, 2, 5, 10)
"""How many points a range can be wide."""


def _table(score: str) -> Table:
    return Table(
        f"compared_{score}",
        "one row per selection and range of scores, from the lowest to the highest that any selection has",
        (
            Column("selection", "text", "name of the selection"),
            Column("score_from", "whole", "lowest score of the range", "points"),
            Column("score_to", "whole", "highest score of the range", "points"),
            Column("n", "whole", "articles in the range", "articles"),
            Column("total", "whole", f"articles of the selection with a {score}", "articles"),
            Column("share", "share", f"articles in the range, of those of the selection with a {score}"),
            Column("low", "share", "lower end of the 95 % Wilson interval of share"),
            Column("high", "share", "upper end of the 95 % Wilson interval of share"),
            Column("share_reached", "share", f"articles that reach score_from, of those with a {score}"),
            Column("small", "flag", f"true when the selection has fewer than {SMALL_N} articles with a {score}"),
        ),
        key=("selection", "score_from"),
    )


COMPARED_QUALITY = _table("quality")
COMPARED_HEAT = _table("heat")


def compared_quality(comparison: Comparison, *, width: int = 5) -> pd.DataFrame:
    """Which share of each selection's scored articles has a quality in each range, and reaches it."""
    return COMPARED_QUALITY.of(_spread(comparison, "quality", width))


def compared_heat(comparison: Comparison, *, width: int = 5) -> pd.DataFrame:
    """Which share of each selection's ranked articles has a heat in each range, and reaches it."""
    return COMPARED_HEAT.of(_spread(comparison, "heat", width))


def compared_scores_finding(table: pd.DataFrame) -> str:
    """The fullest range of each selection in a sentence."""
    if table.empty:
        return "No article of these selections has a score."
    return "; ".join(_fullest(rows) for _, rows in table.groupby("selection", sort=False)) + "."


def _spread(comparison: Comparison, score: str, width: int) -> pd.DataFrame:
    counts = pd.concat([_ranges(part, score, width).assign(selection=name) for name, part in comparison.sides])
    known = counts["score_from"]
    starts = range(int(known.min()), int(known.max()) + 1, width) if len(known) else ()
    names = pd.DataFrame({"selection": comparison.names}, dtype="str")
    table = names.merge(pd.DataFrame({"score_from": pd.array(starts, dtype="Int64")}), how="cross")
    table = table.merge(counts, on=["selection", "score_from"], how="left").fillna({"n": 0})
    sizes = table.groupby("selection", sort=False)["n"]
    table["total"] = sizes.transform("sum")
    table[["share", "low", "high"]] = wilson(table["n"], table["total"])
    reached = table["total"] - sizes.cumsum() + table["n"]
    table["share_reached"] = wilson(reached, table["total"])["share"]
    return table.assign(score_to=table["score_from"] + width - 1, small=table["total"] < SMALL_N)


def _ranges(part: Slice, score: str, width: int) -> pd.DataFrame:
    counts = known_scores(part, score)
    return counts.assign(score_from=counts[score] // width * width).groupby("score_from", as_index=False)[["n"]].sum()


def _fullest(rows: pd.DataFrame) -> str:
    name, total = rows["selection"].iloc[0], rows["total"].iloc[0]
    if total < SMALL_N:
        return f"{name} has {total:,} articles with a score, too few to speak of a distribution"
    most = rows.iloc[int(rows["n"].argmax())]
    span = (
        f"{most['score_from']} to {most['score_to']}" if most["score_to"] > most["score_from"] else most["score_from"]
    )
    return f"{name} has most of its {total:,} scored articles at {span} ({most['share']:.0%})"
