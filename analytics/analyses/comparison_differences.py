"""How far each selection lies from the first: shares, medians, and Cliff's delta, each with its interval."""

from typing import Any

import pandas as pd

from analytics.analyses.comparison import FIGURES, SCORES, figures_of, known_scores
from analytics.analyses.comparison_effects import SIZES, Effect, cliffs_delta, median_difference, size_word
from analytics.engine.comparison import Comparison
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, newcombe

SHARES = ("share_published", "share_unranked")
EFFECTS = {"quality_effect": "quality", "heat_effect": "heat", "heat_lift_effect": "lift"}
"""Measure → the score whose Cliff's delta it is."""

MEASURES = {name: FIGURES[name] for name in (*SHARES, *SCORES)} | dict.fromkeys(EFFECTS, "Cliff's delta")
"""What is compared → its unit."""

_FIGURES = {name: name for name in (*SHARES, *SCORES)} | dict(zip(EFFECTS, SCORES, strict=True))
"""Measure → the figure that tells its value and n."""

HIGHER, LOWER, CHANCE, TOO_FEW = "higher", "lower", "within chance", "too few articles"

_HOW_FAR = {"negligible": "hardly ", "small": "a little ", "medium": "", "large": "far "}

COMPARED_DIFFERENCES = Table(
    "compared_differences",
    "one row per measure and selection after the first",
    (
        Column("measure", "text", ", ".join(MEASURES)),
        Column("selection", "text", "name of the selection"),
        Column("first", "text", "name of the first selection, which it is held against"),
        Column("unit", "text", "unit of values and difference"),
        Column("n", "whole", "articles of the selection that the value rests on", "articles"),
        Column("n_first", "whole", "articles of the first that its value rests on", "articles"),
        Column("value", "number", "the measure in the selection; for Cliff's delta the median score"),
        Column("value_first", "number", "the measure in the first; for Cliff's delta the median score"),
        Column("difference", "number", "value less value of the first; or Cliff's delta, -1 to 1"),
        Column("low", "number", "lower end of the 95 % interval of the difference"),
        Column("high", "number", "upper end of the 95 % interval of the difference"),
        Column("size", "text", f"conventional word for a Cliff's delta: {', '.join(SIZES)}"),
        Column("verdict", "text", f"{HIGHER}, {LOWER}, {CHANCE}, or {TOO_FEW} (fewer than {SMALL_N} on a side)"),
    ),
    key=("measure", "selection"),
)


def compared_differences(comparison: Comparison) -> pd.DataFrame:
    """Each selection against the first.

    Shares with Newcombe's interval, medians with a bootstrap interval (`comparison_effects.median_difference`), scores
    with Cliff's delta. Where a side has fewer than SMALL_N articles there is no interval, and nothing can be said.
    """
    name, first = comparison.sides[0]
    then, *figures = [figures_of(part).set_index("figure").astype("Float64") for _, part in comparison.sides]
    rows = [
        _rows(now, then, _effects(first, part)).assign(selection=other, first=name)
        for (other, part), now in zip(comparison.sides[1:], figures, strict=True)
    ]
    table = pd.concat(rows)
    order = {measure: place for place, measure in enumerate(MEASURES)}
    table = table.sort_values("measure", key=lambda names: names.map(order), kind="stable")
    return COMPARED_DIFFERENCES.of(table.assign(unit=table["measure"].map(MEASURES)))


def compared_differences_finding(table: pd.DataFrame) -> str:
    """Quality and share published of each selection against the first, in a sentence each."""
    return " ".join(_said(rows) for _, rows in table.groupby("selection", sort=False))


def _effects(first: Slice, part: Slice) -> dict[str, Effect]:
    """How far the scores of one slice lie from those of the first."""
    found = {}
    for method, scored in ((median_difference, SCORES), (cliffs_delta, EFFECTS)):
        for measure, score in scored.items():
            found[measure] = method(known_scores(first, score), known_scores(part, score), score)
    return found


def _rows(now: pd.DataFrame, then: pd.DataFrame, effects: dict[str, Effect]) -> pd.DataFrame:
    """All measures of one slice against the first, from the figures of both."""
    found = {measure: Effect(*_shares(now, then, measure)) for measure in SHARES} | effects
    table = pd.DataFrame(
        {
            "measure": list(MEASURES),
            "value": [now["value"][_FIGURES[measure]] for measure in MEASURES],
            "n": [now["n"][_FIGURES[measure]] for measure in MEASURES],
            "value_first": [then["value"][_FIGURES[measure]] for measure in MEASURES],
            "n_first": [then["n"][_FIGURES[measure]] for measure in MEASURES],
            "difference": pd.array([found[measure].value for measure in MEASURES], dtype="Float64"),
            "low": pd.array([found[measure].low for measure in MEASURES], dtype="Float64"),
            "high": pd.array([found[measure].high for measure in MEASURES], dtype="Float64"),
        }
    )
    table["size"] = [_size(measure, found[measure].value) for measure in MEASURES]
    return table.assign(verdict=[_verdict(row) for _, row in table.iterrows()])


def _size(measure: str, difference: float | None) -> str:
    return "" if measure not in EFFECTS or difference is None else size_word(difference)


def _shares(now: pd.DataFrame, then: pd.DataFrame, measure: str) -> tuple[Any, ...]:
    sides = [side.loc[[measure]].rename(columns={"value": "share"}) for side in (now, then)]
    found = newcombe(*sides).iloc[0]
    enough = min(side["n"].iloc[0] for side in sides) >= SMALL_N
    known = ["difference", "low", "high"] if enough else ["difference"]
    return tuple(None if pd.isna(found[name]) else found[name] for name in known)


def _verdict(row: pd.Series) -> str:
    if min(row["n"], row["n_first"]) < SMALL_N:
        return TOO_FEW
    return HIGHER if row["low"] > 0 else LOWER if row["high"] < 0 else CHANCE


def _said(rows: pd.DataFrame) -> str:
    by_measure = {str(row["measure"]): row for _, row in rows.iterrows()}
    share, median, effect = (by_measure[name] for name in ("share_published", "median_quality", "quality_effect"))
    return f"{share['selection']} against {share['first']}: {_quality(median, effect)}; {_published(share)}."


def _quality(median: pd.Series, effect: pd.Series) -> str:
    if effect["verdict"] == TOO_FEW:
        return f"nothing can be said of quality ({_few(effect, 'articles with a score')})"
    verdict = "quality does not differ beyond chance"
    if effect["verdict"] != CHANCE:
        verdict = f"quality is {_HOW_FAR[effect['size']]}{effect['verdict']}"
    return (
        f"{verdict} (median {median['value']:g} against {median['value_first']:g}, "
        f"n = {median['n']:,} and {median['n_first']:,}; {effect['size']} effect, "
        f"Cliff's delta {effect['difference']:+.2f} {_interval(effect, '.2f')})"
    )


def _published(share: pd.Series) -> str:
    if share["verdict"] == TOO_FEW:
        return f"nothing can be said of the share published ({_few(share, 'decided articles')})"
    verdict = "does not differ beyond chance" if share["verdict"] == CHANCE else f"is {share['verdict']}"
    return (
        f"the share published {verdict} ({share['value']:.0%} against {share['value_first']:.0%}, "
        f"{share['difference'] * 100:+.0f} points of 100 {_interval(share, '.0f', 100)})"
    )


def _few(row: pd.Series, what: str) -> str:
    return f"{row['n']:,} and {row['n_first']:,} {what}; it takes {SMALL_N} on each side"


def _interval(row: pd.Series, digits: str, factor: int = 1) -> str:
    return f"[{row['low'] * factor:+{digits}}, {row['high'] * factor:+{digits}}]"
