"""A selection in a few sentences, written from the numbers of the views."""

import calendar
from datetime import date

import pandas as pd

from analytics.analyses.common.days_in_words import articles_per_day, equally_long, long_past, no_data
from analytics.analyses.common.wording import count_text, interval_text
from analytics.analyses.comparison.figures_and_scores import known_scores
from analytics.analyses.overview import key_figures, share_changes
from analytics.catalog import VIEWS
from analytics.charts.theme import per_cent
from analytics.engine.slice import Slice
from analytics.statistics.effect_size import median_difference
from analytics.statistics.intervals import SMALL_N, newcombe, wilson

NAMED_MAX = 5
"""The most topics or providers that a sentence names."""

UNKNOWN_MAX = 3
"""The most labels with too few articles that a sentence names."""

MONTHS = {12: "year", 3: "quarter", 1: "month"}


def summary(data: Slice) -> list[str]:
    """The summary of a selection in sentences: articles, share published, quality, changes, problems.

    The first says when the days are long past. Each carries its n, a share its 95 % Wilson interval. A share is called
    up or down, and a topic or provider rising or falling, only where Newcombe's interval of the difference is apart
    from zero and both sides (a topic's or provider's articles of both periods together) reach SMALL_N; a median only
    where its bootstrap interval is.
    """
    late = long_past(data)
    if not data.n:
        return [f"{no_data(data)} {late}".strip()]
    figures = key_figures(data)
    rows = {str(row["figure"]): row for _, row in figures[figures["period"].isna()].iterrows()}
    sentences = [
        late,
        _count_sentence(data),
        _published_sentence(rows["share_published"]),
        _quality_sentence(data, rows["median_quality"]),
    ]
    if data.compared is not None:
        sentences += [_risers_and_fallers_sentence(data, data.compared, key) for key in ("topic", "provider")]
    listed = VIEWS["problems_listed"]
    return [sentence for sentence in [*sentences, listed.finding(listed.answer(data))] if sentence]


def period_before(data: Slice) -> str:
    """The comparison period in words: the quarter before, the 12 days before, the same days a year before."""
    before = data.compared
    assert before is not None
    assert before.selection.start is not None
    assert before.selection.end is not None
    unit = _length_in_words(before.selection.start, before.selection.end)
    if data.selection.compare == "year" and unit != "year":
        return f"the same {unit if unit in MONTHS.values() else 'days'} a year before"
    return f"the {unit} before"


def _length_in_words(start: date, end: date) -> str:
    """A range in words: year, quarter, month, `5 months`, day, `12 days`."""
    if start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        fits = months in MONTHS and (start.month - 1) % months == 0
        return MONTHS[months] if fits else f"{months} months"
    days = (end - start).days + 1
    return "day" if days == 1 else f"{days:,} days"


def _count_sentence(data: Slice) -> str:
    text = count_text(data.n, "article")
    if data.compared is None:
        return f"{text}."
    n, days, against = data.compared.n, data.compared.selection, period_before(data)
    counted = f"({n:,} from {days.start} to {days.end})"
    if n < SMALL_N:
        return f"{text}; too few in {against} for a rate of change {counted}."
    (_, now), (_, before) = articles_per_day(data), articles_per_day(data.compared)
    if not now or not before:
        return f"{text}."
    a_day = "" if equally_long(data, data.compared) else " a day"
    if now == before:
        return f"{text}, as many{a_day} as in {against} {counted}."
    change = f"{per_cent(abs(now / before - 1))} {'more' if now > before else 'fewer'}{a_day}"
    return f"{text}, {change} than in {against} {counted}."


def _published_sentence(row: pd.Series) -> str:
    if pd.isna(row["value"]):
        return "No article says whether it was published."
    if row["n"] < SMALL_N:
        return f"Nothing can be said about the share published, n = {row['n']:,}."
    decided = count_text(row["n"], "that says", "that say")
    text = f"Share published: {per_cent(row['value'])} {interval_text(row)} of the {decided} so"
    if pd.isna(row["previous"]):
        return f"{text}."
    if row["previous_n"] < SMALL_N:
        return f"{text}; nothing can be said about the period before, n = {row['previous_n']:,}."
    hits = pd.Series([round(row["previous"] * row["previous_n"])])
    now = pd.DataFrame({"share": [row["value"]], "low": [row["low"]], "high": [row["high"]]})
    moved = newcombe(now, wilson(hits, pd.Series([row["previous_n"]]))).iloc[0]
    points = f"{moved['difference'] * 100:+.0f} points {interval_text(moved)}"
    return f"{text}; {per_cent(row['previous'])} of {row['previous_n']:,} before: {_change_in_words(moved, points)}."


def _quality_sentence(data: Slice, row: pd.Series) -> str:
    if pd.isna(row["value"]) or row["n"] < SMALL_N:
        return f"Nothing can be said about quality, n = {row['n']:,} with a score."
    text = f"Median quality: {row['value']:g} (n = {row['n']:,})"
    if data.compared is None or pd.isna(row["previous"]):
        return f"{text}."
    if row["previous_n"] < SMALL_N:
        return f"{text}; nothing can be said about the period before, n = {row['previous_n']:,}."
    found = median_difference(known_scores(data.compared, "quality"), known_scores(data, "quality"), "quality")
    moved = pd.Series({"difference": found.value, "low": found.low, "high": found.high})
    points = f"{moved['difference']:+g} points [{moved['low']:g}, {moved['high']:g}]"
    return f"{text}; {row['previous']:g} before (n = {row['previous_n']:,}): {_change_in_words(moved, points)}."


def _change_in_words(moved: pd.Series, points: str) -> str:
    """A difference with its interval, or that it may be chance."""
    if moved["low"] > 0 or moved["high"] < 0:
        return f"{'up' if moved['difference'] > 0 else 'down'}, {points}"
    return "no change beyond chance"


def _risers_and_fallers_sentence(data: Slice, before: Slice, key: str) -> str:
    """The topics or providers that rose or fell beyond chance, and the number with too few articles."""
    table = share_changes(data, before, key)
    names = {"topic": "topics", "provider": "providers"}[key]
    if table.empty:
        return ""
    if min(data.n, before.n) < SMALL_N:
        few = f"n = {data.n:,} and {before.n:,} before"
        return f"Nothing can be said about rising and falling {names}, {few}."
    both = table["n"] + table["previous_n"]
    known, unknown = table[both >= SMALL_N], table.assign(both=both)[both < SMALL_N]
    clear = known[known["clear"]]
    rising, falling = clear[clear["change"] > 0], clear[clear["change"] < 0]
    changes = [
        f"{word}: {_shares_before_and_now(rows)}"
        for word, rows in (("rising", rising), ("falling", falling))
        if len(rows)
    ]
    if len(known):
        result = (
            f" {'; '.join(changes)}, of {len(known):,} compared"
            if changes
            else f": no clear change of {len(known):,} compared"
        )
        text = f"{names.capitalize()}{result}"
        return f"{text}; nothing can be said about {_labels_too_few(unknown)}." if len(unknown) else f"{text}."
    return f"Nothing can be said about {names}: {_labels_too_few(unknown)}."


def _shares_before_and_now(rows: pd.DataFrame) -> str:
    ordered = rows.head(NAMED_MAX)
    named = [
        f"{row['label']} ({per_cent(row['previous_share'])} of {row['previous_total']:,} → {per_cent(row['share'])} "
        f"of {row['total']:,})"
        for _, row in ordered.iterrows()
    ]
    return ", ".join(named) + _and_more(rows, ordered)


def _labels_too_few(rows: pd.DataFrame) -> str:
    """Those with fewer than SMALL_N articles in both periods together, the largest first."""
    ordered = rows.sort_values(["both", "label"], ascending=[False, True]).head(UNKNOWN_MAX)
    named = ", ".join(f"{row['label']} (n = {row['both']:,})" for _, row in ordered.iterrows())
    return f"{named}{_and_more(rows, ordered)}"


def _and_more(rows: pd.DataFrame, named: pd.DataFrame) -> str:
    more = len(rows) - len(named)
    return f" and {more:,} more" if more else ""
