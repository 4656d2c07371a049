"""What changed between two slices: the tests from which every card, tile and report takes its verdicts.

They are made once for two slices, whatever a card shows of them, so that no two sentences on the same slices contradict
each other. Topics are one family, providers another, figures a third: the false discovery rate is that of a family.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.analyses.common.frequent_labels import umbrella_topics
from analytics.analyses.common.wording import count_text
from analytics.engine.caching import cached_with_owner
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column
from analytics.statistics.change_test import (
    DOWN,
    FEWEST_CLUSTERS,
    OUTCOMES,
    UP,
    Group,
    change_test,
    with_q_and_outcome,
)
from analytics.statistics.intervals import SMALL_N

FIGURES = ("share_published", "quality", "lift")
"""What is tested of all articles: a share, and the ranks of two scores, whose difference is Cliff's delta."""

HEAT_FIGURES = ("share_unranked", "heat")
"""Figures tested in addition where heat is compared: a family of their own."""

KINDS = ("topic", "provider", "figure", "heat")
"""The families of tests; the false discovery rate holds within each of them."""

CHANGED = (UP, DOWN)

OUTCOME = Column("outcome", "label", f"{', '.join(OUTCOMES)}: the change test (docs/numbers.md)")
Q = Column("q", "number", "false discovery rate at which it would be called a change, over all that was compared")
_CLUSTERS = ("week", "story")
_UNDATED = 10**9
"""Plus the number of its story, this is the week of an article without a date: a cluster for each story."""


def label_and_figure_changes(now: Slice, then: Slice) -> pd.DataFrame:
    """The change test of each topic, provider and figure (`FIGURES`, `HEAT_FIGURES`) from one slice to another.

    Columns `kind` (one of `KINDS`: the family) and `label`, those of `change_test`, `q` and `outcome`.
    """
    return pd.concat([changes_of_kind(now, then, kind) for kind in KINDS], ignore_index=True)


@cached_with_owner
def changes_of_kind(now: Slice, then: Slice, kind: str) -> pd.DataFrame:
    """The rows of `label_and_figure_changes` of one of `KINDS`. Read-only.

    Umbrella topics and articles without a label are left out; a topic or provider needs SMALL_N articles in both slices
    together. The values of a score are twice the ranks among both slices, from 0 to 2, so that their difference is
    Cliff's delta: how much more often an article of the one scores above one of the other than below it.
    Source of delta: Cliff 1993, Psychological Bulletin 114(3), 494-509.
    """
    if kind in ("topic", "provider"):
        left_out = [NONE, *umbrella_topics(now)] if kind == "topic" else [NONE]
        tests = change_test(_labelled(then, kind, left_out), _labelled(now, kind, left_out))
    else:
        share, scores = (_share_published, FIGURES[1:]) if kind == "figure" else (_share_unranked, HEAT_FIGURES[1:])
        ranks = [change_test(*_ranked(then, now, score)) for score in scores]
        tests = pd.concat([change_test(share(then), share(now)), *ranks])
    enough = (tests["sum_then"] + tests["sum_now"] >= SMALL_N) | (kind not in ("topic", "provider"))
    limited = tests.assign(kind=kind, low=tests["low"].clip(-1), high=tests["high"].clip(upper=1))
    return with_q_and_outcome(limited, enough).reset_index()


def figure_change(now: Slice, then: Slice, figure: str) -> pd.Series | None:
    """The row of a figure in `label_and_figure_changes`; None when neither slice has an article for it."""
    table = changes_of_kind(now, then, "figure" if figure in FIGURES else "heat")
    rows = table[table["label"] == figure]
    return None if rows.empty else rows.iloc[0]


def _labelled(data: Slice, key: str, left_out: Sequence[str]) -> Group:
    counts = _with_week_numbers(data.tally(*_CLUSTERS, key)).rename(columns={key: "label", "n": "sum"})
    counts = counts[~counts["label"].isin(left_out)]
    return Group(counts.assign(squares=counts["sum"]), _with_week_numbers(data.tally(*_CLUSTERS)))


def _share_published(data: Slice) -> Group:
    return _as_group(published_by_week_and_story(data), "share_published")


def published_by_week_and_story(data: Slice, *keys: str) -> pd.DataFrame:
    """The tally by week, story and `keys` of the articles that say whether they were published; weeks are numbers.

    `n` such articles, with the `sum` and `squares` of their values: 1 for a published one, 0 for another.
    """
    counts = _with_week_numbers(data.tally(*_CLUSTERS, *keys, sum="published", of="decided"))
    return counts.assign(squares=counts["sum"], n=counts["of"])


def _share_unranked(data: Slice) -> Group:
    counts = _with_week_numbers(data.tally(*_CLUSTERS, "heat_state"))
    counts = counts[counts["heat_state"].isin(["ranked", "unranked"])]
    hits = counts["n"].where(counts["heat_state"] == "unranked", 0)
    return _as_group(counts.assign(sum=hits, squares=hits), "share_unranked")


def _ranked(then: Slice, now: Slice, score: str) -> tuple[Group, Group]:
    """The groups of a score by the ranks among both, ties sharing theirs; without missing scores and unranked heat."""
    sides = [scores_by_week_and_story(each, score) for each in (then, now)]
    ranks = ranks_of_scores(pd.concat(sides), score)
    earlier, later = (_as_group(with_values(side, ranks, score), score) for side in sides)
    return earlier, later


def scores_by_week_and_story(data: Slice, score: str, *keys: str) -> pd.DataFrame:
    """The tally of a score by week, story and `keys`, without missing scores and unranked heat; weeks are numbers."""
    counts = _with_week_numbers(data.tally(*_CLUSTERS, *keys, score))
    return counts[counts[score].notna() & ~(counts[score].eq(-1) & (score == "heat"))]


def ranks_of_scores(counts: pd.DataFrame, score: str) -> pd.Series:
    """Score → twice its rank among all of a tally, from 0 to 2; ties share theirs."""
    n = counts.groupby(score)["n"].sum()
    ranks: pd.Series = (2 * n.cumsum() - n) / n.sum()
    return ranks


def with_values(counts: pd.DataFrame, ranks: pd.Series, score: str) -> pd.DataFrame:
    """A tally of `scores_by_week_and_story` with the `sum` and `squares` of the ranks of each row's articles."""
    value = counts[score].map(ranks).astype("float64")
    return counts.assign(sum=counts["n"] * value, squares=counts["n"] * value**2)


def _as_group(counts: pd.DataFrame, label: str) -> Group:
    return Group(counts.assign(label=pd.Series(label, counts.index, "str")), counts[[*_CLUSTERS, "n"]])


def _with_week_numbers(counts: pd.DataFrame) -> pd.DataFrame:
    """A tally by week and story with whole numbers for weeks."""
    days = counts["week"].to_numpy().astype("datetime64[D]").astype("int64")
    story = counts["story"].to_numpy("int64")
    return counts.assign(week=np.where(counts["week"].isna(), _UNDATED + story, days), story=story)


def too_few_text(n: Sequence[int], weeks: Sequence[int], unit: str = "weeks") -> str:
    """Says that two groups are too few to compare, with the number of their articles or else of their weeks."""
    if min(n) >= SMALL_N and min(weeks) < FEWEST_CLUSTERS:
        return f"Too few {unit} to tell ({weeks[0]} and {weeks[1]}; at least {FEWEST_CLUSTERS} on each side are needed)"
    return f"Too few articles to tell (n = {n[0]:,} and {n[1]:,}; at least {SMALL_N} of a label are needed)"


def no_clear_change_text(compared: str) -> str:
    """Says that nothing changed clearly among what was `compared`: `No clear change (14 topics compared)`."""
    return f"No clear change ({compared} compared)"


def noun_counts_text(count_by_noun: dict[str, int]) -> str:
    """Numbers of labels by kind: `14 topics and 1 provider`."""
    return " and ".join(count_text(n, kind) for kind, n in count_by_noun.items() if n)


def difference_interval_text(row: pd.Series, low: str = "low", high: str = "high", q: str = "q") -> str:
    """Interval and q of the difference of two shares: `difference [+2, +10] points, q = 0.01`."""
    return f"difference [{_signed(100 * row[low])}, {_signed(100 * row[high])}] points, {q_text(row[q])}"


def cliffs_delta_text(row: pd.Series) -> str:
    """Cliff's delta with its interval and q: `Cliff's delta -0.21 [-0.33, -0.08], q = 0.01`."""
    return f"Cliff's delta {row['difference']:+.2f} [{row['low']:+.2f}, {row['high']:+.2f}], {q_text(row['q'])}"


def q_text(q: float) -> str:
    """A false discovery rate: `q = 0.04`, `q = 0.004`, `q < 0.001`."""
    return "q < 0.001" if q < 0.001 else f"q = {q:.3f}" if q < 0.01 else f"q = {q:.2f}"


def _signed(points: float) -> str:
    """A number of points with its sign, in whole points unless that would be 0."""
    return f"{points:+.0f}" if abs(points) >= 0.5 or not points else f"{points:+.1g}"
