"""What changed between two slices, as claims: the surest first, each with the view that shows it."""

from dataclasses import dataclass

import pandas as pd

from analytics.analyses.common.changes import (
    CHANGED,
    label_and_figure_changes,
    no_clear_change_text,
    noun_counts_text,
    too_few_text,
)
from analytics.charts.theme import per_cent_text
from analytics.engine.slice import Slice
from analytics.statistics.change_test import TOO_FEW, UP
from analytics.statistics.descriptive import quantiles

VIEW_OF = {
    "share_published": "key_figures",
    "quality": "quality_shift",
    "lift": "heat_lift_over_time",
    "topic": "topic_changes",
    "provider": "providers_over_time",
}
"""Figure, or kind of label, that changed → the view that shows it."""


@dataclass(frozen=True)
class Claim:
    """One clear change.

    outcome: up or down.
    text: what changed, from which value to which.
    evidence: the size of the change with its 95 % interval.
    view: slug of the view that shows it.
    certainty: the size of the change divided by the width of its interval; claims are ordered by it.
    """

    outcome: str
    text: str
    evidence: str
    view: str
    certainty: float


def clear_changes(now: Slice, then: Slice) -> list[Claim]:
    """Every clear change of the figures, topics and providers from one slice to another, the surest first."""
    tests = label_and_figure_changes(now, then)
    found = [
        _claim(row, now, then) for _, row in tests[tests["outcome"].isin(CHANGED)].iterrows() if row["kind"] != "heat"
    ]
    return sorted(found, key=lambda claim: -claim.certainty)


def no_clear_change_sentences(now: Slice, then: Slice) -> list[str]:
    """Sentences on what was compared and did not change clearly, and on what has too few articles to tell."""
    tests = label_and_figure_changes(now, then)
    tests = tests[tests["kind"] != "heat"]
    figures = tests[tests["kind"] == "figure"]
    still = [_FIGURES[label] for label in figures.loc[~figures["outcome"].isin([*CHANGED, TOO_FEW]), "label"]]
    sentences = [f"No clear change of {_and(still)}."] if still else []
    counts = {}
    for kind in ("topic", "provider"):
        told = tests[(tests["kind"] == kind) & (tests["outcome"] != TOO_FEW)]
        counts[kind] = 0 if told["outcome"].isin(CHANGED).any() else len(told)
    if any(counts.values()):
        sentences.append(f"{no_clear_change_text(noun_counts_text(counts))}.")
    if not len(tests[tests["outcome"] != TOO_FEW]):
        weeks = [int(tests[side].max()) if len(tests) else 0 for side in ("weeks_then", "weeks_now")]
        sentences.append(f"{too_few_text((then.n, now.n), weeks)}.")
    return sentences


_FIGURES = {"share_published": "share published", "quality": "quality", "lift": "heat lift"}


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _claim(row: pd.Series, now: Slice, then: Slice) -> Claim:
    label, kind = str(row["label"]), str(row["kind"])
    if label == "share_published" and kind == "figure":
        text, evidence = _share_published_text(row), share_difference_text(row)
    elif kind == "figure":
        medians = f"median {_median(now, label)}, from {_median(then, label)}"
        text = f"{_capital(_FIGURES[label])} is {row['outcome']}: {medians}"
        evidence = newer_higher_share_text(row)
    else:
        shares = f"{per_cent_text(row['mean_now'])} of the articles, from {per_cent_text(row['mean_then'])}"
        text, evidence = f"{label} is {row['outcome']}: {shares}", share_difference_text(row)
    certainty = abs(row["difference"]) / max(row["high"] - row["low"], 1e-9)
    return Claim(str(row["outcome"]), text, evidence, VIEW_OF[label if kind == "figure" else kind], float(certainty))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _share_published_text(row: pd.Series) -> str:
    verb = "More" if row["outcome"] == UP else "Less"
    sides = [f"{per_cent_text(row[f'mean_{side}'])} of {row[f'n_{side}']:,.0f}" for side in ("now", "then")]
    return f"{verb} is published: {sides[0]} decided articles, from {sides[1]}"


def _median(data: Slice, score: str) -> str:
    return f"{quantiles(data.tally(score), [], score, {'median': 0.5})['median'].iloc[0]:g}"


def share_difference_text(row: pd.Series) -> str:
    """A difference of two shares with its 95 % interval: `+34 points [95 %: +20 to +47]`."""
    return f"{_points(row['difference']):+d} points [95 %: {_points(row['low']):+d} to {_points(row['high']):+d}]"


def _points(share: float) -> int:
    return round(100 * share)


def newer_higher_share_text(row: pd.Series) -> str:
    """Cliff's delta as the share of pairs in which the newer article has the higher score, ties as half."""
    share, low, high = (per_cent_text((1 + row[name]) / 2) for name in ("difference", "low", "high"))
    return f"The newer article scores higher in {share} of pairs [95 %: {low} to {high}; 50%: as before]"
