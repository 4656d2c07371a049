"""Figures and scores of several selections side by side, and the articles that two of them share."""

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.days_of_slice import dated_articles_and_mean_per_day
from analytics.analyses.common.wording import count_text
from analytics.engine.comparison import Comparison
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.schema import UNIT_OF_ROW, Column, Table
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import SMALL_N, wilson

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
        Column("figure", "name", ", ".join(FIGURES)),
        Column("selection", "text", "name of the selection"),
        Column("unit", "text", "unit of the value"),
        Column("value", "number", "the figure; missing where nothing can be said", UNIT_OF_ROW),
        Column("n", "whole", "articles that the figure rests on", "articles"),
        Column("low", "number", "lower end of the 95 % Wilson interval, for shares", UNIT_OF_ROW),
        Column("high", "number", "upper end of the 95 % Wilson interval, for shares", UNIT_OF_ROW),
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


@analysis(COMPARED_FIGURES)
def compared_figures(comparison: Comparison) -> pd.DataFrame:
    """Counts, shares and medians of each selection.

    The share published is of the articles that say so, the share unranked of those that have a heat, -1 included.
    Articles a day count those of the days of the chosen range, as far as the corpus reaches.
    """
    rows = [figures_of(data).assign(selection=name) for name, data in comparison.sides]
    table = pd.concat(rows).astype({"value": "Float64", "n": "Int64"})
    order = {name: place for place, name in enumerate(FIGURES)}
    table = table.sort_values("figure", key=lambda names: names.map(order), kind="stable")
    return table.assign(unit=table["figure"].map(FIGURES), small=table["n"] < SMALL_N)


@compared_figures.register_finding
def compared_figures_finding(table: pd.DataFrame) -> str:
    """How many articles each selection has."""
    counts = table[table["figure"] == "articles"]
    return "; ".join(f"{row['selection']}: {count_text(row['n'], 'article')}" for _, row in counts.iterrows()) + "."


def figures_of(data: Slice) -> pd.DataFrame:
    """The figures of one slice: `figure`, `value`, `n`, `low`, `high`."""
    states = data.tally(published="published", decided="decided").iloc[0]
    heats = data.tally("heat_state").set_index("heat_state")["n"]
    with_heat = int(heats.get("ranked", 0) + heats.get("unranked", 0))
    dated, rate = dated_articles_and_mean_per_day(data)
    rows = [
        {"figure": "articles", "value": data.n, "n": data.n},
        {"figure": "articles_per_day", "value": pd.NA if rate is None else rate, "n": dated},
        _share_figure("share_published", int(states["published"]), int(states["decided"])),
        _share_figure("share_unranked", int(heats.get("unranked", 0)), with_heat),
        *(_median_figure(data, figure, score) for figure, score in SCORES.items()),
        *({"figure": f"{key}s", "value": _number_of_labels(data, key), "n": data.n} for key in ("provider", "topic")),
    ]
    return pd.DataFrame(rows, columns=["figure", "value", "n", "low", "high"])


def tally_known_scores(data: Slice, score: str) -> pd.DataFrame:
    """Number of articles `n` with each value of a score, without missing scores and unranked heat."""
    counts = data.tally(score)
    unknown = counts[score].isna() | (counts[score].eq(-1) & (score == "heat"))
    return counts[~unknown]


@analysis(COMPARED_OVERLAPS)
def compared_overlaps(comparison: Comparison) -> pd.DataFrame:
    """How many articles two selections share."""
    sizes = {name: data.n for name, data in comparison.sides}
    rows = [
        {"pair": f"{one} and {other}", "one": one, "other": other, "n_both": n} for one, other, n in comparison.shared()
    ]
    table = pd.DataFrame(rows)
    return table.assign(n_one=table["one"].map(sizes), n_other=table["other"].map(sizes))


@compared_overlaps.register_finding
def compared_overlaps_finding(table: pd.DataFrame) -> str:
    """Whether the selections are independent, in a sentence."""
    both = table[table["n_both"] > 0]
    if both.empty:
        return "No article is in two of the selections."
    said = ", ".join(f"{row['n_both']:,} in {row['one']} and {row['other']}" for _, row in both.iterrows())
    return f"Articles in two selections: {said}. These are not independent: the intervals of a difference do not hold."


def _share_figure(figure: str, hits: int, n: int) -> dict[str, object]:
    found = wilson(pd.Series([hits]), pd.Series([n])).iloc[0]
    return {"figure": figure, "value": found["share"], "n": n, "low": found["low"], "high": found["high"]}


def _median_figure(data: Slice, figure: str, score: str) -> dict[str, object]:
    found = quantiles(tally_known_scores(data, score), [], score, {"value": 0.5})
    if found.empty:
        return {"figure": figure, "value": pd.NA, "n": 0}
    return {"figure": figure, "value": found["value"].iloc[0], "n": found["n"].iloc[0]}


def _number_of_labels(data: Slice, key: str) -> int:
    return int((data.tally(key)[key] != NONE).sum())


WIDTHS = (1, 2, 5, 10)
"""Widths that a range of scores can have, in points."""


def _score_table(score: str) -> Table:
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


COMPARED_QUALITY = _score_table("quality")
COMPARED_HEAT = _score_table("heat")


@analysis(COMPARED_QUALITY)
def compared_quality(comparison: Comparison, *, width: int = 5) -> pd.DataFrame:
    """Share of each selection's scored articles with a quality in each range, and with its lowest score or more."""
    return _score_distribution(comparison, "quality", width)


@analysis(COMPARED_HEAT)
def compared_heat(comparison: Comparison, *, width: int = 5) -> pd.DataFrame:
    """Share of each selection's ranked articles with a heat in each range, and with its lowest score or more."""
    return _score_distribution(comparison, "heat", width)


@compared_quality.register_finding
@compared_heat.register_finding
def compared_scores_finding(table: pd.DataFrame) -> str:
    """The fullest range of each selection in a sentence."""
    if table.empty:
        return "No article of these selections has a score."
    return "; ".join(_fullest_range_text(rows) for _, rows in table.groupby("selection", sort=False)) + "."


def _score_distribution(comparison: Comparison, score: str, width: int) -> pd.DataFrame:
    counts = pd.concat([_count_by_range(data, score, width).assign(selection=name) for name, data in comparison.sides])
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


def _count_by_range(data: Slice, score: str, width: int) -> pd.DataFrame:
    counts = tally_known_scores(data, score)
    return counts.assign(score_from=counts[score] // width * width).groupby("score_from", as_index=False)[["n"]].sum()


def _fullest_range_text(rows: pd.DataFrame) -> str:
    name, total = rows["selection"].iloc[0], rows["total"].iloc[0]
    if total < SMALL_N:
        return f"{name} has {count_text(total, 'article')} with a score, too few to speak of a distribution"
    most = rows.iloc[int(rows["n"].argmax())]
    span = (
        f"{most['score_from']} to {most['score_to']}" if most["score_to"] > most["score_from"] else most["score_from"]
    )
    return f"{name} scores {span} most often ({most['share']:.0%} of {total:,} scored articles)"
