"""Quality scores: distribution, development, groups, and the shift against the comparison period."""

import numpy as np
import pandas as pd

from analytics.analyses.common.against_others import apart_text, scores_against_others, shares_against_others
from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.changes import CHANGED, OUTCOME, Q, cliffs_delta_text, figure_change, too_few_text
from analytics.analyses.common.columns import QUARTILES, quantile_columns, wilson_columns
from analytics.analyses.common.frequent_labels import groups_by_size, tally_by_group
from analytics.analyses.common.publish_cut_off import CUT_OFF, read_cut_off_column, with_cut_off
from analytics.analyses.common.tallies_by_period import (
    BAND,
    PERIOD_COLUMNS,
    on_calendar,
    sentence_start_of_period,
    tally_by_period,
)
from analytics.analyses.common.wording import count_text, share_text
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.selection.fields import STATES
from analytics.statistics.change_points import FEWEST_WEEKS, stretch_starts
from analytics.statistics.change_test import OUTCOMES, TOO_FEW, UP
from analytics.statistics.descriptive import median_intervals, quantiles
from analytics.statistics.intervals import SMALL_N, wilson

QUALITY_DISTRIBUTION = Table(
    "quality_distribution",
    "one row per range of scores and published state; articles without a score last, without a range",
    (
        Column("score_from", "whole", "lowest score of the range", "points"),
        Column("score_to", "whole", "highest score of the range", "points"),
        Column("state", "label", "published, unpublished or unknown"),
        Column("n", "whole", "articles", "articles"),
        Column("share", "share", "of all articles with a score"),
        CUT_OFF,
    ),
    key=("score_from", "state"),
)

QUALITY_OVER_TIME = Table(
    "quality_over_time",
    "one row per period",
    (
        *PERIOD_COLUMNS,
        Column("n", "whole", "articles with a score", "articles"),
        Column("unscored", "whole", "articles without a score", "articles"),
        *quantile_columns(BAND, "score that {} of the scored articles do not exceed", "points"),
        Column("stretch_from", "day", "first day of the stretch of weeks without a change of level that it lies in"),
        Column("stretch_weeks", "whole", "weeks with scored articles in the stretch", "weeks"),
        Column("stretch_n", "whole", "articles with a score in the stretch", "articles"),
        Column("stretch_median", "number", "median score of the stretch", "points"),
        CUT_OFF,
    ),
    key=("period",),
)


STRETCHES_MAX = 4
"""The sentence names at most this many stretches between changes of level, the newest."""


@analysis(QUALITY_DISTRIBUTION)
def quality_distribution(data: Slice, *, width: int = 5) -> pd.DataFrame:
    """Articles by range of quality scores and published state.

    Ranges are `width` points wide and start at multiples of it; empty ones between the lowest and the highest have n 0.
    """
    counts = data.tally("quality", "state")
    low = counts["quality"] // width * width
    counts = counts.assign(score_from=low, score_to=low + width - 1)
    known, missing = counts[low.notna()], counts[low.isna()]
    if known.empty:
        return with_cut_off(data, missing.reindex(columns=QUALITY_DISTRIBUTION.names))
    starts = np.arange(int(low.min()), int(low.max()) + 1, width)
    states = [state for state in STATES if state in set(known["state"])]
    ranges = pd.MultiIndex.from_product([starts, states], names=["score_from", "state"])
    table = known.groupby(["score_from", "state"])["n"].sum().reindex(ranges, fill_value=0).reset_index()
    table = table.assign(score_to=table["score_from"] + width - 1, share=table["n"] / known["n"].sum())
    table = pd.concat([table, missing[["score_from", "score_to", "state", "n"]]], ignore_index=True)
    return with_cut_off(data, table)


@quality_distribution.register_finding
def quality_distribution_finding(table: pd.DataFrame) -> str:
    """The most frequent range of scores in a sentence."""
    scored, missing = table[table["score_from"].notna()], int(table.loc[table["score_from"].isna(), "n"].sum())
    without = f" {count_text(missing, 'article has', 'articles have')} no score." if missing else ""
    n = int(scored["n"].sum())
    if not n:
        return f"No article has a quality score.{without}"
    ranges = scored.groupby(["score_from", "score_to"])["n"].sum().reset_index()
    low, high, most = ranges.to_numpy()[ranges["n"].argmax()]
    frequent = score_range_text(low, high)
    return f"The most frequent scores are {frequent}: {most:,} of {count_text(n, 'article')} ({most / n:.0%}).{without}"


@analysis(QUALITY_OVER_TIME)
def quality_over_time(data: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """Median and the 10, 25, 75 and 90 % quantiles of the quality scores by period, and when their level changed.

    Stretches of weeks with a level of their own are found in the ranks of the scores (`change_points.stretch_starts`);
    a period belongs to the stretch of its middle.
    """
    counts = tally_by_period(data, "quality", grain=grain)
    unscored = counts[counts["quality"].isna()].rename(columns={"n": "unscored"})[["period", "unscored"]]
    table = on_calendar(data, grain, quantiles(counts, ["period"], "quality", BAND))
    table = table.merge(unscored, on="period", how="left")
    levels = _levels(data, table["period"].min(), table["period_end"].max())
    middle = table["period"] + (table["period_end"] - table["period"]) / 2
    stretch = (np.searchsorted(levels["stretch_from"].to_numpy(), middle.to_numpy(), side="right") - 1).clip(0)
    table = table.merge(levels, left_on=stretch, right_index=True, how="left").drop(columns="key_0")
    return with_cut_off(data, table.fillna({"n": 0, "unscored": 0}))


def _levels(data: Slice, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """The stretches of weeks with a level of their own, in order, with the `stretch_` columns of the table."""
    counts = data.tally("week", "quality")
    counts = counts[counts["week"].between(first - pd.Timedelta(days=6), last) & counts["quality"].notna()]
    of_score = counts.groupby("quality")["n"].sum()
    rank = counts["quality"].map((2 * of_score.cumsum() - of_score) / of_score.sum()).astype("float64")
    weeks = counts.assign(sum=rank * counts["n"]).groupby("week")[["sum", "n"]].sum()
    starts = stretch_starts(weeks["sum"].to_numpy("float64"), weeks["n"].to_numpy("float64"))
    starts = starts[: len(weeks)]
    first_weeks = weeks.index[starts]
    stretch = np.searchsorted(first_weeks, counts["week"], side="right") - 1
    found = quantiles(counts.assign(stretch=stretch), ["stretch"], "quality", {"stretch_median": 0.5})
    lengths = np.diff([*starts, len(weeks)])
    found = found.rename(columns={"n": "stretch_n"}).drop(columns="stretch")
    return found.assign(stretch_from=first_weeks, stretch_weeks=lengths)


@quality_over_time.register_finding
def quality_over_time_finding(table: pd.DataFrame) -> str:
    """The newest stretches with a level of their own and their medians, or that the level never changed."""
    if not table["n"].sum():
        return "No article has both a date and a quality score."
    known = table[table["complete"] & (table["n"] >= SMALL_N)]
    newest = ""
    if len(known):
        last = known.iloc[-1]
        newest = f" {sentence_start_of_period(last)} it was {last['median']:g} (n = {last['n']:,})."
    levels = table.drop_duplicates("stretch_from")
    if len(levels) == 1:
        whole = levels.iloc[0]
        median = f"median is {whole['stretch_median']:g} (n = {whole['stretch_n']:,})"
        if whole["stretch_weeks"] < 2 * FEWEST_WEEKS:
            weeks = count_text(whole["stretch_weeks"], "week with scores is", "weeks with scores are")
            return f"The {median}; {weeks} too few to tell whether the level changed.{newest}"
        return f"The level did not change: the {median}.{newest}"
    shown = levels.iloc[-STRETCHES_MAX:]
    since = [f"{day:%B %Y}" for day in shown["stretch_from"]]
    texts = [f"{row['stretch_median']:g} (n = {row['stretch_n']:,})" for _, row in shown.iterrows()]
    said = [f"Since {since[-1]} the median is {texts[-1]}"]
    said += [f"from {since[place]} it was {texts[place]}" for place in range(len(shown) - 2, 0, -1)]
    first = f"from {since[0]} it was" if len(shown) < len(levels) else "before that" if len(shown) > 2 else "before,"
    return f"{'; '.join(said)}; {first} {texts[0]}."


def score_range_text(low: int, high: int) -> str:
    """A range of scores in words: `70`, or `70 to 74`."""
    return f"{low}" if low == high else f"{low} to {high}"


QUALITY_CUMULATIVE = Table(
    "quality_cumulative",
    "one row per group and score that occurs, groups with most articles first",
    (
        Column("group", "text", "topic, provider, type or published state; All others, or (none) without one"),
        Column("score", "whole", "quality score", "points"),
        Column("reached", "whole", "articles of the group with this score or more", "articles"),
        Column("total", "whole", "articles of the group with a score", "articles"),
        Column("share", "share", "with this score or more, of the group's articles with a score"),
        *wilson_columns(),
        Column("small", "flag", f"true when the group has fewer than {SMALL_N} articles with a score"),
        CUT_OFF,
    ),
    key=("group", "score"),
)


def _quartile_columns(label: str) -> tuple[Column, ...]:
    return (
        Column("rank", "whole", f"place by median among those by name with at least {SMALL_N} scored articles"),
        Column(label, "text", f"{label}, All others, or (none) for articles without one"),
        Column("n", "whole", "articles", "articles"),
        Column("scored", "whole", "articles with a quality score", "articles"),
        Column("q25", "number", "score that a quarter of the scored articles do not exceed", "points"),
        Column("median", "number", "score that half of the scored articles do not exceed", "points"),
        Column("q75", "number", "score that three quarters of the scored articles do not exceed", "points"),
        Column("median_low", "number", "lower end of the 95 % interval of median; missing below 6 scores", "points"),
        Column("median_high", "number", "upper end of the 95 % interval of median", "points"),
        Column("effect", "number", "Cliff's delta of its scores against those of all other articles, -1 to 1"),
        Q,
        Column("outcome", "label", f"its scores against all others': {', '.join(OUTCOMES)} (docs/numbers.md)"),
        Column("small", "flag", f"true when the quartiles rest on fewer than {SMALL_N} articles"),
        CUT_OFF,
    )


_GRAIN = f"one row per {{}}, highest median first; then those with fewer than {SMALL_N} scores, All others, (none)"

QUALITY_BY_TOPIC = Table("quality_by_topic", _GRAIN.format("topic"), _quartile_columns("topic"), key=("topic",))

QUALITY_BY_PROVIDER = Table(
    "quality_by_provider", _GRAIN.format("provider"), _quartile_columns("provider"), key=("provider",)
)


@analysis(QUALITY_CUMULATIVE)
def quality_cumulative(data: Slice, *, group: str = "provider", top: int = 5) -> pd.DataFrame:
    """Share of each group's scored articles with each score or more: the cumulative curve from the top.

    Groups without a scored article are left out.
    """
    counts = tally_by_group(data, group, top, "quality")
    known = counts[counts["quality"].notna()].rename(columns={"quality": "score"})
    scores = pd.DataFrame({"score": sorted(known["score"].unique())}, dtype="Int64")
    groups = pd.DataFrame(
        {"group": [name for name in groups_by_size(counts) if name in set(known["group"])]}, dtype="str"
    )
    table = groups.merge(scores, how="cross").merge(known, on=["group", "score"], how="left").fillna({"n": 0})
    sizes = table.groupby("group", sort=False)["n"]
    table["total"] = sizes.transform("sum")
    table["reached"] = table["total"] - sizes.cumsum() + table["n"]
    table[["share", "low", "high"]] = wilson(table["reached"], table["total"])
    table["small"] = table["total"] < SMALL_N
    return with_cut_off(data, table.drop(columns="n"))


@quality_cumulative.register_finding
def quality_cumulative_finding(table: pd.DataFrame) -> str:
    """The groups that reach the cut-off, or without one the median, more and less often than the others."""
    named = table[~table["group"].isin([OTHER, NONE]) & ~table["small"]]
    if named.empty:
        return f"No group by name has the {SMALL_N} scored articles that a statement needs."
    threshold = read_cut_off_column(table)
    if threshold is None:
        threshold = int(named.loc[named["share"] >= 0.5, "score"].max())
    sizes = named.drop_duplicates("group").set_index("group")["total"]
    reached = named[named["score"] >= threshold].drop_duplicates("group").set_index("group")["reached"]
    sums = pd.DataFrame({"total": sizes, "reached": reached.reindex(sizes.index).fillna(0)})
    sums = sums.join(wilson(sums["reached"], sums["total"])).sort_values("share", ascending=False, kind="stable")
    sums["said"] = [f"{name} ({share_text(row)} of {int(row['total']):,})" for name, row in sums.iterrows()]
    if len(sums) == 1:
        return f"Share that scores {threshold} or more: {sums['said'].iloc[0]}."
    sums = sums.join(shares_against_others(sums["reached"], sums["total"]))
    apart = apart_text(sums, "more often in", "less often in")
    if apart:
        return f"{threshold} or more is scored {apart}; {len(sums):,} groups by name compared."
    low, high = sums["share"].min(), sums["share"].max()
    return (
        f"No group scores {threshold} or more clearly more or less often than the others "
        f"({len(sums):,} compared); shares from {low:.0%} to {high:.0%}."
    )


@analysis(QUALITY_BY_TOPIC)
def quality_by_topic(data: Slice, *, top: int = 12) -> pd.DataFrame:
    """Median and quartiles of the scores of each topic; the `top` most frequent by name (0: all)."""
    return _quartiles_by(data, "topic", top)


@quality_by_topic.register_finding
def quality_by_topic_finding(table: pd.DataFrame) -> str:
    """The topics whose scores are higher, and lower, than those of all other articles, in a sentence."""
    return _quartiles_finding(table, "topic")


@analysis(QUALITY_BY_PROVIDER)
def quality_by_provider(data: Slice, *, top: int = 12) -> pd.DataFrame:
    """Median and quartiles of the scores of each provider; the `top` most frequent by name (0: all)."""
    return _quartiles_by(data, "provider", top)


@quality_by_provider.register_finding
def quality_by_provider_finding(table: pd.DataFrame) -> str:
    """The providers whose scores are higher, and lower, than those of all other articles, in a sentence."""
    return _quartiles_finding(table, "provider")


def _quartiles_by(data: Slice, by: str, top: int) -> pd.DataFrame:
    counts = tally_by_group(data, by, top, "quality")
    sizes = counts.groupby("group", as_index=False)["n"].sum()
    spread = quantiles(counts, ["group"], "quality", QUARTILES).rename(columns={"n": "scored"})
    table = sizes.merge(spread, on="group", how="left").fillna({"scored": 0})
    table = table.assign(small=table["scored"] < SMALL_N, last=table["group"].map({OTHER: 1, NONE: 2}).fillna(0))
    table = table.sort_values(["last", "small", "median", "n", "group"], ascending=[True, True, False, False, True])
    ranked = (table["last"] == 0) & ~table["small"]
    table["rank"] = ranked.cumsum().astype("Int64").where(ranked)
    table = table.merge(median_intervals(counts, ["group"], "quality"), on="group", how="left")
    named = table.loc[table["last"] == 0, "group"].tolist()
    tests = scores_against_others(data, by, "quality", named).rename(columns={"difference": "effect"})
    table = table.join(tests[["effect", "q", "outcome"]], on="group")
    return with_cut_off(data, table.drop(columns="last").rename(columns={"group": by}))


def _quartiles_finding(table: pd.DataFrame, by: str) -> str:
    ranked = table[table["rank"].notna()]
    if ranked.empty:
        return f"No {by} by name has the {SMALL_N} scored articles that a statement needs."
    ranked = ranked.assign(said=[_median_text(row, by) for _, row in ranked.iterrows()])
    if len(ranked) == 1:
        return f"Only {ranked['said'].iloc[0]} has a median that rests on at least {SMALL_N} scored articles."
    compared = f"{count_text(int(ranked['outcome'].ne(TOO_FEW).sum()), by)} compared with all others"
    apart = apart_text(ranked, "higher for", "lower for")
    if apart:
        return f"The scores are {apart}; {compared}."
    lowest, highest = ranked["median"].min(), ranked["median"].max()
    medians = f"medians from {lowest:g} to {highest:g}" if lowest < highest else f"each median is {lowest:g}"
    return f"No {by} scores clearly higher or lower ({compared}); {medians}."


def _median_text(row: pd.Series, by: str) -> str:
    """A label with its median: `Solar (median 70 [65, 76], n = 40)`."""
    interval = f"[{row['median_low']:.3g}, {row['median_high']:.3g}]"
    return f"{row[by]} (median {row['median']:g} {interval}, n = {row['scored']:,})"


SHIFT_QUANTILES = {"10 %": 0.10, "25 %": 0.25, "50 % (median)": 0.50, "75 %": 0.75, "90 %": 0.90}

QUALITY_SHIFT = Table(
    "quality_shift",
    "one row per quantile; none without a comparison period",
    (
        Column("quantile", "text", "share of the articles that do not exceed the score"),
        Column("period_from", "day", "first day of the selected period (UTC)"),
        Column("period_to", "day", "last day of the selected period"),
        Column("compared_from", "day", "first day of the comparison period (UTC)"),
        Column("compared_to", "day", "last day of the comparison period"),
        Column("n", "whole", "articles with a score in the selected period", "articles"),
        Column("n_compared", "whole", "articles with a score in the comparison period", "articles"),
        Column("score", "number", "quantile of the selected period", "points"),
        Column("score_compared", "number", "quantile of the comparison period", "points"),
        Column("difference", "number", "selected minus comparison period", "points"),
        Column("distance", "number", "Wasserstein distance of the two distributions: mean shift of a score", "points"),
        Column("effect", "number", "Cliff's delta of all scores against the comparison period, -1 to 1"),
        Column("effect_low", "number", "lower end of its 95 % interval, by weeks and stories"),
        Column("effect_high", "number", "upper end of its 95 % interval"),
        Q,
        OUTCOME,
        Column("weeks", "whole", "weeks of the selected period with scored articles", "weeks"),
        Column("weeks_compared", "whole", "weeks of the comparison period with scored articles", "weeks"),
        Column("small", "flag", f"true when either period has fewer than {SMALL_N} scored articles"),
        CUT_OFF,
    ),
    key=("quantile",),
)


@analysis(QUALITY_SHIFT)
def quality_shift(data: Slice) -> pd.DataFrame:
    """The quantiles of the scores in the selected and in the comparison period, and how far they lie apart.

    Empty without a comparison period (`Slice.compared`). The Wasserstein distance is the area between the two
    cumulative curves (Ramdas, Garcia, Cuturi 2017, Entropy 19(2); `scipy.stats.wasserstein_distance`).
    """
    before = data.compared
    if before is None:
        return QUALITY_SHIFT.empty()
    now_counts, before_counts = (_tally_of_scores(side) for side in (data, before))
    table = pd.DataFrame({"quantile": list(SHIFT_QUANTILES)})
    sides = (("score", "n", now_counts), ("score_compared", "n_compared", before_counts))
    for score, n, counts in sides:
        found = quantiles(counts, [], "quality", SHIFT_QUANTILES)
        values = [found[name].iloc[0] if len(found) else pd.NA for name in SHIFT_QUANTILES]
        table[score], table[n] = pd.array(values, dtype="Float64"), int(counts["n"].sum())
    for name, side in (("period", data), ("compared", before)):
        span = side.span
        assert span is not None
        table[f"{name}_from"] = pd.Timestamp(span.start)
        table[f"{name}_to"] = pd.Timestamp(min(span.end, side.last_day or span.end))
    table["difference"] = table["score"] - table["score_compared"]
    table["distance"] = pd.Series(_wasserstein_distance(now_counts, before_counts), index=table.index, dtype="Float64")
    table["small"] = (table["n"] < SMALL_N) | (table["n_compared"] < SMALL_N)
    change = figure_change(data, before, "quality")
    for name, tested in _EFFECT_COLUMNS.items():
        table[name] = pd.NA if change is None else change[tested]
    return with_cut_off(data, table.fillna({"outcome": TOO_FEW, "weeks": 0, "weeks_compared": 0}))


_EFFECT_COLUMNS = {
    "effect": "difference",
    "effect_low": "low",
    "effect_high": "high",
    "q": "q",
    "outcome": "outcome",
    "weeks": "weeks_now",
    "weeks_compared": "weeks_then",
}
"""Column → that of the change test."""


@quality_shift.register_finding
def quality_shift_finding(table: pd.DataFrame) -> str:
    """Whether the scores rose or fell by the change test, and both medians, in a sentence."""
    if table.empty:
        return "Choose a period and what to compare it with."
    row = table[table["quantile"] == "50 % (median)"].iloc[0]
    now, before = (f"{row[f'{name}_from']:%-d %b %Y} to {row[f'{name}_to']:%-d %b %Y}" for name in _PERIODS)
    if row["outcome"] == TOO_FEW:
        few = too_few_text(row[["n_compared", "n"]].tolist(), row[["weeks_compared", "weeks"]].tolist())
        return f"{few}: scores from {before} and from {now}."
    medians = f"median {row['score_compared']:g} from {before} (n = {row['n_compared']:,})"
    medians += f", {row['score']:g} from {now} (n = {row['n']:,})"
    if row["outcome"] not in CHANGED:
        return f"No clear change of quality: {medians}."
    verb = "rose" if row["outcome"] == UP else "fell"
    effect = row[["effect", "effect_low", "effect_high", "q"]].set_axis(["difference", "low", "high", "q"])
    return f"Quality {verb}: {medians}; {cliffs_delta_text(effect)}."


_PERIODS = ("period", "compared")


def _tally_of_scores(data: Slice) -> pd.DataFrame:
    counts = data.tally("quality")
    return counts[counts["quality"].notna()]


def _wasserstein_distance(one: pd.DataFrame, other: pd.DataFrame) -> float | None:
    if one.empty or other.empty:
        return None
    from scipy.stats import wasserstein_distance  # here, so that no start-up waits for it

    values, weights = ([side[name].to_numpy("float64") for side in (one, other)] for name in ("quality", "n"))
    return float(wasserstein_distance(values[0], values[1], weights[0], weights[1]))
