"""What changed, in sentences and lines of plain text."""

from collections.abc import Sequence

import pandas as pd

from analytics.analyses.digest import SCORED
from analytics.analyses.provider_life import OVERDUE_TIMES
from analytics.engine.coded import NONE
from analytics.engine.slice import Slice
from analytics.reports.check import printable
from analytics.reports.markdown import escaped
from analytics.stats import SMALL_N, interval_text

LISTED = 15
"""How many articles of a kind Markdown and HTML name, and how many labels a sentence; CSV and JSON have all."""


def change_line(row: pd.Series) -> str:
    """A change of an article in a line, not escaped."""
    return f"{row['path'] if pd.isna(row['title']) else row['title']} {change_words(row)}"


def change_words(row: pd.Series) -> str:
    """Whose article it is and what was before and is now, not escaped."""
    outlet = f"({row['provider']})" if row["provider"] != NONE else NONE
    if row["change"] in ("added", "removed"):
        return outlet
    if row["change"] == "retitled":
        return f"{outlet}, before: {NONE if pd.isna(row['before']) else row['before']}"
    names = ("score_before", "score_after") if row["change"] in SCORED else ("before", "after")
    before, after = (NONE if pd.isna(row[name]) or row[name] == "" else row[name] for name in names)
    return f"{outlet}: {before} → {after}"


_PROVIDERS = {
    "new": "New providers",
    "silent": f"Fallen silent, for longer than ever and than {OVERDUE_TIMES} of their usual gaps",
    "gone": "Providers without an article now",
}


def provider_sentence(rows: pd.DataFrame, kind: str) -> str:
    """The providers of a kind of change, the first of them by name; empty without any."""
    named = [
        f"{row.provider} ({row.n:,}{f', the last on {row.last_day:%Y-%m-%d}' if kind == 'silent' else ''})"
        for row in rows.itertuples()
    ]
    return f"{_PROVIDERS[kind]}: {_enumerated(named, ', ')}." if named else ""


def _enumerated(named: Sequence[str], between: str) -> str:
    more = f"{between}and {len(named) - LISTED:,} more" if len(named) > LISTED else ""
    return between.join(named[:LISTED]) + more


def topic_sentence(recent: Slice, table: pd.DataFrame) -> str:
    """What is compared, and each topic whose share moved beyond chance."""
    before = recent.compared
    if before is None or recent.span is None:
        missing = f"{recent.selection.start} or later" if recent.selection.start else "in the earlier state"
        return f"Nothing can be said of topics: no article is dated {missing}."
    then, now = (
        f"{part.selection.start} to {end}"
        for part, end in ((before, before.selection.end), (recent, recent.span.known_to))
    )
    compared = f"of {recent.n:,} articles dated {now} against {before.n:,} of {then}"
    if min(recent.n, before.n) < SMALL_N:
        return f"Nothing can be said of topics: that takes {SMALL_N} articles on either side; there are {compared[3:]}."
    clear = table[table["clear"]]
    if clear.empty:
        return f"Topics, {compared}: no share changed beyond chance (95 % interval)."
    named = [
        f"{row['label']} {'up' if row['change'] > 0 else 'down'} from {row['previous_share']:.0%} to "
        f"{row['share']:.0%} (difference {interval_text(row)} points)"
        for _, row in clear.iterrows()
    ]
    return f"Topics, {compared}: {_enumerated(named, '; ')}."


def markdown(text: str) -> str:
    """Text from outside as Markdown shows it: as text, on one line."""
    return escaped(printable(" ".join(text.split())))
