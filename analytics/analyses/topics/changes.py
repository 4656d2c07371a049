"""Rising and falling topics: shares of the articles in two periods compared."""

from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.changes import CHANGED, Q, difference_interval_text, no_clear_change_text, too_few_text
from analytics.analyses.common.frequent_labels import shown_labels, umbrella_topics
from analytics.analyses.common.wording import count_text
from analytics.analyses.overview import share_changes
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.schema import SHARE, Column, Table
from analytics.statistics.change_test import OUTCOMES
from analytics.statistics.intervals import SMALL_N, wilson

HALVES = "halves"
BASES = {
    "previous": "the period before",
    "year": "the same period a year before",
    HALVES: "no comparison period is chosen: the newest half of the complete periods against the half before",
}
"""How the two compared periods were chosen → description."""

TOPIC_CHANGES = Table(
    "topic_changes",
    "one row per topic, risers first; the topics that are not shown by name are pooled as All others",
    (
        Column("topic", "text", "topic, All others, or (none) for articles without a topic"),
        Column("topics", "whole", "topics in the row: 1, how many are pooled, or 0 for (none)", "topics"),
        Column("n_then", "whole", "articles with the topic in the earlier period", "articles"),
        Column("total_then", "whole", "all articles of the earlier period", "articles"),
        Column("share_then", "share", "articles with the topic, of all articles of the earlier period"),
        Column("share_then_low", "share", "lower end of the 95 % Wilson interval of share_then"),
        Column("share_then_high", "share", "upper end of the 95 % Wilson interval of share_then"),
        Column("n_now", "whole", "articles with the topic in the later period", "articles"),
        Column("total_now", "whole", "all articles of the later period", "articles"),
        Column("share_now", "share", "articles with the topic, of all articles of the later period"),
        Column("share_now_low", "share", "lower end of the 95 % Wilson interval of share_now"),
        Column("share_now_high", "share", "upper end of the 95 % Wilson interval of share_now"),
        Column("difference", "number", "share_now minus share_then; 0.05 is five percentage points", SHARE),
        Column(
            "difference_low",
            "number",
            "lower end of its 95 % interval by weeks and stories; not of pooled rows",
            SHARE,
        ),
        Column("difference_high", "number", "upper end of its 95 % interval", SHARE),
        Q,
        Column("outcome", "label", f"{', '.join(OUTCOMES)}: the change test (docs/numbers.md); none for pooled rows"),
        Column("small", "flag", f"true with under {SMALL_N} articles in a period, or with the topic in both together"),
        Column("weeks_then", "whole", "weeks of the earlier period with articles", "weeks"),
        Column("weeks_now", "whole", "weeks of the later period with articles", "weeks"),
        Column("of_topics", "whole", "topics with enough articles to be compared, shown or not", "topics"),
        Column("compared", "text", "previous, year or halves: how the two periods were found"),
        Column("then_from", "day", "first day of the earlier period"),
        Column("then_to", "day", "last day of the earlier period"),
        Column("now_from", "day", "first day of the later period"),
        Column("now_to", "day", "last day of the later period"),
    ),
    key=("topic",),
)


class PeriodPair(NamedTuple):
    """An earlier and a later slice to compare, and how they were chosen (a key of `BASES`)."""

    then: Slice
    now: Slice
    compared: str


def periods_to_compare(data: Slice) -> PeriodPair | None:
    """The comparison period and the selected one; without one, the halves of the complete periods of the slice.

    Of an odd number of complete periods the oldest is left out. None with fewer than two.
    """
    if data.compared is not None:
        now = data.with_selection(replace(data.selection, end=data.last_day, compare=None))
        return PeriodPair(data.compared, now, str(data.selection.compare))
    calendar = data.calendar(data.grain())
    whole = calendar[calendar["complete"]]
    half = len(whole) // 2
    if not half:
        return None
    then, now = (_days_of(data, some) for some in (whole.iloc[-2 * half : -half], whole.iloc[-half:]))
    return PeriodPair(then, now, HALVES)


def _days_of(data: Slice, periods: pd.DataFrame) -> Slice:
    start, end = periods["period"].min().date(), periods["period_end"].max().date()
    return data.with_selection(replace(data.selection, start=start, end=end, compare=None))


@analysis(TOPIC_CHANGES)
def topic_changes(data: Slice, *, top: int = 12) -> pd.DataFrame:
    """Change of each topic's share of the articles by the change test; umbrella topics are left out.

    By name the `top` (0: all): those that changed, then the largest differences; the rest pooled as one row.
    """
    pair = periods_to_compare(data)
    if pair is None:
        return TOPIC_CHANGES.empty()
    tests = share_changes(pair.now, pair.then, "topic")
    shown = shown_labels(tests["label"].tolist(), top)
    table = _shares_in_both(pair, shown, umbrella_topics(data)).merge(_tests(tests), on="topic", how="left")
    few = table[["total_then", "total_now"]].min(axis=1) < SMALL_N
    table["small"] = few | (table["n_then"] + table["n_now"] < SMALL_N)
    table = table.assign(weeks_then=tests["previous_weeks"].max(), weeks_now=tests["weeks"].max())
    table = table.assign(of_topics=tests["compared"].max())
    place = (table["topic"] == OTHER).astype("int64") + 2 * (table["topic"] == NONE).astype("int64")
    table = table.assign(place=place, topics=1 - place.clip(0, 1))
    table.loc[table["topic"] == OTHER, "topics"] = len(tests) - len(shown)
    table = table.sort_values(["place", "difference", "topic"], ascending=[True, False, True])
    days = {
        f"{name}_{end}": pd.Series(pd.Timestamp(str(day)), index=table.index)
        for name, some in (("then", pair.then), ("now", pair.now))
        for end, day in (("from", some.selection.start), ("to", some.selection.end))
    }
    return table.assign(compared=pair.compared, **days).drop(columns="place")


def _tests(tests: pd.DataFrame) -> pd.DataFrame:
    """The columns of the change test of each topic."""
    names = {"label": "topic", "low": "difference_low", "high": "difference_high", "q": "q", "outcome": "outcome"}
    return tests[list(names)].rename(columns=names)


def _shares_in_both(pair: PeriodPair, keep: list[str], left_out: list[str]) -> pd.DataFrame:
    """Counts and shares of the topics `keep`, of all others and of none in both periods, and their difference."""
    then, now = (_topic_counts(some, keep, left_out) for some in (pair.then, pair.now))
    order = pd.Index([*keep, OTHER, NONE], name="topic")
    both = then.add_suffix("_then").join(now.add_suffix("_now"), how="outer").fillna(0)
    table = both.reindex(order[order.isin(both.index)]).reset_index()
    for name, some in (("then", pair.then), ("now", pair.now)):
        table[f"total_{name}"] = pd.Series(some.n, index=table.index, dtype="Int64")
        shares = wilson(table[f"n_{name}"], table[f"total_{name}"])
        table[[f"share_{name}", f"share_{name}_low", f"share_{name}_high"]] = shares
    return table.assign(difference=table["share_now"] - table["share_then"])


def _topic_counts(data: Slice, keep: list[str], left_out: list[str]) -> pd.DataFrame:
    counts = data.tally("topic", keep_topics=[*keep, *left_out])
    return counts[~counts["topic"].isin(left_out)].set_index("topic")


@topic_changes.register_finding
def topic_changes_finding(table: pd.DataFrame) -> str:
    """The largest rise and the largest fall beyond chance, in a sentence; and which periods were compared."""
    topics = table[~table["topic"].isin([OTHER, NONE])]
    if topics.empty:
        return "Nothing to compare: it takes two complete periods or a comparison period, and topics beside umbrellas."
    first = table.iloc[0]
    now, then = (f"{_days_text(first, name)} (n = {first[f'total_{name}']:,})" for name in ("now", "then"))
    compared = f"Compared: {now} against {then}; {BASES[str(first['compared'])]}."
    n = int(first["of_topics"])
    if not n:
        totals, weeks = (first[[f"{name}_then", f"{name}_now"]].tolist() for name in ("total", "weeks"))
        return f"{too_few_text(totals, weeks)}. {compared}"
    risers, fallers = (topics[topics["outcome"] == outcome] for outcome in CHANGED)
    said = [_change_text(risers.iloc[0], "rose")] if len(risers) else []
    said += [_change_text(fallers.iloc[-1], "fell")] if len(fallers) else []
    if not said:
        return f"{no_clear_change_text(count_text(n, 'topic'))}. {compared}"
    changed = len(risers) + len(fallers)
    return f"{'; '.join(said)}; {changed} of {count_text(n, 'topic')} compared. {compared}"


def _change_text(row: pd.Series, verb: str) -> str:
    test = difference_interval_text(row, "difference_low", "difference_high")
    n = f"n = {row['total_then']:,} and {row['total_now']:,}"
    return f"{row['topic']} {verb} most, from {row['share_then']:.0%} to {row['share_now']:.0%} ({test}; {n})"


def _days_text(row: pd.Series, name: str) -> str:
    return f"{row[f'{name}_from']:%-d %b %Y} to {row[f'{name}_to']:%-d %b %Y}"
