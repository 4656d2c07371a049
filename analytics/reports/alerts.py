"""What a recipe wants to be told: thresholds that the selection has crossed."""

from dataclasses import dataclass, replace

import pandas as pd

from analytics.analyses.comparison import known_scores
from analytics.analyses.comparison_effects import median_difference
from analytics.analyses.key_figures import key_figures
from analytics.analyses.provider_life import provider_activity
from analytics.analyses.unusual import unusual_days, unusual_days_finding
from analytics.engine.slice import Slice
from analytics.kept.recipes import Alerts
from analytics.parts import SEVERITIES
from analytics.stats import SMALL_N, interval_text


@dataclass(frozen=True)
class Alert:
    """A threshold that was crossed: its name in the recipe, and a sentence with the numbers."""

    name: str
    sentence: str


def alerts(part: Slice, wanted: Alerts) -> list[Alert]:
    """The thresholds that a selection has crossed, in the order of the recipe's fields.

    A share or a median counts only with n of at least 10. The median is held against the comparison period, the one
    before unless the selection names another; its fall counts only where the 95 % interval of the difference lies
    below 0. Unusual are days of the selection by the standard of all days before. Nothing is raised by what cannot be
    told.
    """
    found = [
        ("share_published_below", _published(part, wanted.share_published_below)),
        ("median_quality_down_by", _quality(part, wanted.median_quality_down_by)),
        ("provider_silent_days", _silent(part, wanted.provider_silent_days)),
        ("unusual_volume", _unusual(part) if wanted.unusual_volume else ""),
        ("problems", _problems(part, wanted.problems)),
    ]
    return [Alert(name, sentence) for name, sentence in found if sentence]


def _published(part: Slice, least: float | None) -> str:
    if least is None:
        return ""
    figures = key_figures(part)
    row = figures[figures["period"].isna() & (figures["figure"] == "share_published")].iloc[0]
    if pd.isna(row["value"]) or row["n"] < SMALL_N or row["value"] >= least:
        return ""
    return f"Share published is {row['value']:.1%} {interval_text(row)} of {row['n']:,}, below {least * 100:g}%."


def _quality(part: Slice, least: float | None) -> str:
    if least is None:
        return ""
    before = part.compared or part.through(replace(part.selection, compare="previous")).compared
    if before is None:
        return ""
    fall = median_difference(known_scores(before, "quality"), known_scores(part, "quality"), "quality")
    if fall.value is None or fall.high is None or fall.high >= 0 or -fall.value < least:
        return ""
    days = before.selection
    return (
        f"Median quality is {-fall.value:g} points below that of {days.start} to {days.end} "
        f"(95 % interval of the difference {fall.low:g} to {fall.high:g}); {least:g} or more is reported."
    )


def _silent(part: Slice, days: int | None) -> str:
    if days is None:
        return ""
    table = provider_activity(part)
    late = table[(table["days_since"] >= days) & (table["status"] == "overdue")]
    if late.empty:
        return ""
    named = ", ".join(f"{row.provider} ({row.days_since:,} days)" for row in late.itertuples())
    return f"Silent for {days:,} days or more, and for longer than ever: {named}."


def _unusual(part: Slice) -> str:
    start = part.selection.start
    table = unusual_days(part.through(replace(part.selection, start=None, compare=None)))
    if start is not None:
        table = table[table["last_day"] >= pd.Timestamp(start)]
    return unusual_days_finding(table) if len(table) else ""


def _problems(part: Slice, level: str) -> str:
    if level == "never":
        return ""
    counts = part.problems["severity"].value_counts()
    grave = {severity: int(counts.get(severity, 0)) for severity in SEVERITIES[: SEVERITIES.index(level) + 1]}
    said = ", ".join(f"{n:,} of severity {severity}" for severity, n in grave.items() if n)
    return f"Problems in the files: {said}." if said else ""
