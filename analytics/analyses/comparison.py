"""The figures of several selections side by side, and the articles that two of them share."""

import pandas as pd

from analytics.engine.coded import NONE
from analytics.engine.comparison import Comparison
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, quantiles, wilson

FIGURES = {
    "articles": "articles",
    "articles_per_day": "articles a day",
    "share_published": "share",
    "share_unranked": "share",
    "median_quality": "points",
    "median_heat": "points",
    "median_heat_lift": "points",
    "providers": "providers",
    "topics": "topics",
}
"""Figure → its unit."""

SCORES = {"median_quality": "quality", "median_heat": "heat", "median_heat_lift": "lift"}
"""Figure → the score that it is the median of."""

COMPARED_FIGURES = Table(
    "compared_figures",
    "one row per figure and selection, in their order",
    (
        Column("figure", "text", ", ".join(FIGURES)),
        Column("selection", "text", "name of the selection"),
        Column("unit", "text", "unit of the value"),
        Column("value", "number", "the figure; missing where nothing can be said"),
        Column("n", "whole", "articles that the figure rests on", "articles"),
        Column("low", "number", "lower end of the 95 % Wilson interval, for shares"),
        Column("high", "number", "upper end of the 95 % Wilson interval, for shares"),
        Column("small", "flag", f"true when the figure rests on fewer than {SMALL_N} articles"),
    ),
    key=("figure", "selection"),
)

COMPARED_OVERLAPS = Table(
    "compared_overlaps",
    "one row per two selections",
    (
        Column("pair", "text", "the two selections"),
        Column("one", "text", "name of the one"),
        Column("other", "text", "name of the other"),
        Column("n_one", "whole", "articles of the one", "articles"),
        Column("n_other", "whole", "articles of the other", "articles"),
        Column("n_both", "whole", "articles in both", "articles"),
    ),
    key=("one", "other"),
)


def compared_figures(comparison: Comparison) -> pd.DataFrame:
    """Counts, shares and medians of each selection.

    The share published is of the articles that say so, the share unranked of those that have a heat, -1 included.
    Articles a day count those with a date, over the days of the chosen range to the last day of the corpus.
    """
    rows = [figures_of(part).assign(selection=name) for name, part in comparison.sides]
    table = pd.concat(rows).astype({"value": "Float64", "n": "Int64"})
    order = {name: place for place, name in enumerate(FIGURES)}
    table = table.sort_values("figure", key=lambda names: names.map(order), kind="stable")
    return COMPARED_FIGURES.of(table.assign(unit=table["figure"].map(FIGURES), small=table["n"] < SMALL_N))


def compared_figures_finding(table: pd.DataFrame) -> str:
    """How many articles each selection has."""
    counts = table[table["figure"] == "articles"]
    return "; ".join(f"{row['selection']}: {row['n']:,} articles" for _, row in counts.iterrows()) + "."


def figures_of(part: Slice) -> pd.DataFrame:
    """The figures of one slice: `figure`, `value`, `n`, `low`, `high`."""
    states = part.tally(published="published", decided="decided").iloc[0]
    heats = part.tally("heat_state").set_index("heat_state")["n"]
    with_heat = int(heats.get("ranked", 0) + heats.get("unranked", 0))
    dated = part.tally("day").dropna()
    rows = [
        {"figure": "articles", "value": part.n, "n": part.n},
        {"figure": "articles_per_day", "value": _per_day(part, int(dated["n"].sum())), "n": dated["n"].sum()},
        _share("share_published", int(states["published"]), int(states["decided"])),
        _share("share_unranked", int(heats.get("unranked", 0)), with_heat),
        *(_median(part, figure, score) for figure, score in SCORES.items()),
        *({"figure": f"{key}s", "value": _distinct(part, key), "n": part.n} for key in ("provider", "topic")),
    ]
    return pd.DataFrame(rows, columns=["figure", "value", "n", "low", "high"])


def known_scores(part: Slice, score: str) -> pd.DataFrame:
    """How many articles of a slice have each value of a score: the score and `n`; an unranked heat is none."""
    counts = part.tally(score)
    unknown = counts[score].isna() | (counts[score].eq(-1) & (score == "heat"))
    return counts[~unknown]


def compared_overlaps(comparison: Comparison) -> pd.DataFrame:
    """How many articles two selections share."""
    sizes = {name: part.n for name, part in comparison.sides}
    rows = [
        {"pair": f"{one} and {other}", "one": one, "other": other, "n_both": n} for one, other, n in comparison.shared()
    ]
    table = pd.DataFrame(rows)
    return COMPARED_OVERLAPS.of(table.assign(n_one=table["one"].map(sizes), n_other=table["other"].map(sizes)))


def compared_overlaps_finding(table: pd.DataFrame) -> str:
    """Whether the selections are independent, in a sentence."""
    both = table[table["n_both"] > 0]
    if both.empty:
        return "No article is in two of the selections."
    said = ", ".join(f"{row['n_both']:,} in {row['one']} and {row['other']}" for _, row in both.iterrows())
    return f"Articles in two selections: {said}. These are not independent: the intervals of a difference do not hold."


def _share(figure: str, hits: int, n: int) -> dict[str, object]:
    found = wilson(pd.Series([hits]), pd.Series([n])).iloc[0]
    return {"figure": figure, "value": found["share"], "n": n, "low": found["low"], "high": found["high"]}


def _median(part: Slice, figure: str, score: str) -> dict[str, object]:
    found = quantiles(known_scores(part, score), [], score, {"value": 0.5})
    if found.empty:
        return {"figure": figure, "value": pd.NA, "n": 0}
    return {"figure": figure, "value": found["value"].iloc[0], "n": found["n"].iloc[0]}


def _distinct(part: Slice, key: str) -> int:
    return int((part.tally(key)[key] != NONE).sum())


def _per_day(part: Slice, dated: int) -> object:
    if part.span is None:
        return pd.NA
    days = (min(part.span.end, part.span.known_to) - part.span.start).days + 1
    return dated / days if days > 0 else pd.NA
