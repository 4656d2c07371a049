"""The few figures that say how the corpus stands, each against the comparison period."""

import pandas as pd

from analytics.analyses.time import PERIOD_COLUMNS, by_period, on_calendar
from analytics.engine.coded import NONE
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import interval_text, quantiles, wilson

FIGURES = {
    "articles": "articles",
    "share_published": "share",
    "median_quality": "points",
    "median_heat_lift": "points",
    "providers": "providers",
    "topics": "topics",
    "days_since_last": "days",
}
"""Figure → its unit."""

KEY_FIGURES = Table(
    "key_figures",
    "one row per figure for the whole selection, without a period, and then one per figure and period",
    (
        Column("figure", "text", ", ".join(FIGURES)),
        Column("unit", "text", "unit of the value"),
        *PERIOD_COLUMNS,
        Column("value", "number", "the figure; missing where nothing can be said"),
        Column("n", "whole", "articles that the figure rests on", "articles"),
        Column("low", "number", "lower end of the 95 % Wilson interval, for shares"),
        Column("high", "number", "upper end of the 95 % Wilson interval, for shares"),
        Column("previous", "number", "the figure in the comparison period"),
        Column("previous_n", "whole", "articles that the comparison rests on", "articles"),
        Column("change", "number", "value less previous"),
    ),
    key=("figure", "period"),
)

HALF = {"value": 0.5}

_HAVING = {"provider": "has_provider", "topic": "has_topics", "day": "has_published_at"}
"""Key that a figure counts → the measure that counts the articles which have it."""


def key_figures(part: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """Articles, share published, median quality and heat lift, providers, topics, days since the last article.

    The whole selection is held against the comparison period (`Slice.compared`), where there is one; the figures of the
    periods draw the small lines. Days since the last article count to the last day of the range.
    """
    whole = _whole(part)
    if part.compared is not None:
        before = _whole(part.compared)[["figure", "value", "n"]]
        whole = whole.merge(before.rename(columns={"value": "previous", "n": "previous_n"}), on="figure")
        whole["change"] = whole["value"] - whole["previous"]
    table = pd.concat([whole, _periods(part, grain)])
    table["unit"] = table["figure"].map(FIGURES)
    return KEY_FIGURES.of(table.reindex(columns=KEY_FIGURES.names))


def key_figures_finding(table: pd.DataFrame) -> str:
    """Articles and share published, and their change, in a sentence."""
    figures = {str(row["figure"]): row for _, row in table[table["period"].isna()].iterrows()}
    if not figures:
        return "No articles."
    articles, share = figures["articles"], figures["share_published"]
    if not articles["value"]:
        return "No articles."
    text = f"{articles['value']:,.0f} articles"
    if pd.notna(articles["previous"]):
        text += f" ({articles['change']:+,.0f} against {articles['previous']:,.0f})"
    if pd.notna(share["value"]):
        text += f", {share['value']:.0%} {interval_text(share)} published"
        text += f" of the {share['n']:,} that say so"
    if pd.notna(share["change"]):
        text += f" ({share['change'] * 100:+.0f} percentage points)"
    return f"{text}."


def _whole(part: Slice) -> pd.DataFrame:
    """The figures of a slice as a whole, one row each."""
    sums = part.tally(published="published", decided="decided", **_HAVING).iloc[0]
    share = wilson(pd.Series([sums["published"]]), pd.Series([sums["decided"]])).iloc[0]
    rows = [
        {"figure": "articles", "value": part.n, "n": part.n},
        {
            "figure": "share_published",
            "value": share["share"],
            "n": sums["decided"],
            "low": share["low"],
            "high": share["high"],
        },
        _median(part, "median_quality", "quality"),
        _median(part, "median_heat_lift", "lift"),
        {"figure": "providers", "value": _distinct(part, "provider"), "n": sums["provider"]},
        {"figure": "topics", "value": _distinct(part, "topic"), "n": sums["topic"]},
        {"figure": "days_since_last", "value": _days_since_last(part), "n": sums["day"]},
    ]
    kinds = dict.fromkeys(["value", "low", "high"], "Float64") | {"n": "Int64"}
    return pd.DataFrame(rows).astype(kinds)


def _periods(part: Slice, grain: str) -> pd.DataFrame:
    """The figures of each period, one row each."""
    sums = by_period(part, "state", grain=grain)
    decided = sums[sums["state"] != "unknown"].groupby("period")["n"].sum().rename("n").reset_index()
    published = sums[sums["state"] == "published"][["period", "n"]].rename(columns={"n": "published"})
    shares = decided.merge(published, on="period", how="left").fillna({"published": 0})
    shares["value"] = shares["published"] / shares["n"]
    series: dict[str, pd.DataFrame] = {
        "articles": by_period(part, grain=grain).assign(value=lambda rows: rows["n"]),
        "share_published": shares[["period", "n", "value"]],
        "median_quality": quantiles(by_period(part, "quality", grain=grain), ["period"], "quality", HALF),
        "median_heat_lift": quantiles(by_period(part, "lift", grain=grain), ["period"], "lift", HALF),
        "providers": _distinct_by_period(part, "provider", grain),
        "topics": _distinct_by_period(part, "topic", grain),
    }
    laid = []
    for figure, values in series.items():
        frame = on_calendar(part, grain, values).assign(figure=figure)
        counted = figure not in ("share_published", "median_quality", "median_heat_lift")
        laid.append(frame.fillna({"n": 0, "value": 0} if counted else {"n": 0}))
    return pd.concat(laid).astype({"value": "Float64", "n": "Int64"})


def _median(part: Slice, figure: str, score: str) -> dict[str, object]:
    found = quantiles(part.tally(score), [], score, HALF)
    row: dict[str, object] = {"value": pd.NA, "n": 0}
    if not found.empty:
        row = {"value": found["value"].iloc[0], "n": found["n"].iloc[0]}
    return {"figure": figure} | row


def _distinct(part: Slice, key: str) -> int:
    return int((part.tally(key)[key] != NONE).sum())


def _distinct_by_period(part: Slice, key: str, grain: str) -> pd.DataFrame:
    counts = by_period(part, key, grain=grain)
    counts = counts[counts[key] != NONE]
    values = counts.groupby("period")[key].size().rename("value").reset_index()
    return (
        by_period(part, grain=grain, sums={"having": _HAVING[key]})
        .assign(n=lambda rows: rows["having"])
        .merge(values, on="period", how="left")
    )


def _days_since_last(part: Slice) -> object:
    last = part.tally("day")["day"].max()
    if pd.isna(last) or part.span is None:
        return pd.NA
    return (pd.Timestamp(min(part.span.end, part.span.known_to)) - last).days
