"""Key figures, articles over time, and the biggest changes against the comparison period."""

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.changes import (
    CHANGED,
    OUTCOME,
    Q,
    changes_of_kind,
    difference_interval_text,
    no_clear_change_text,
    noun_counts_text,
    too_few_text,
)
from analytics.analyses.common.days_of_slice import (
    age_of_newest,
    dated_articles_and_mean_per_day,
    equally_long,
    ratio_of_articles_per_day,
)
from analytics.analyses.common.tallies_by_period import (
    PERIOD_COLUMNS,
    count_undated,
    on_calendar,
    period_label_grid,
    tally_by_period,
)
from analytics.analyses.common.wording import count_text, share_interval_text
from analytics.engine.encoded import NONE
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import SHARE, UNIT_OF_ROW, Column, Table
from analytics.selection.fields import STATES
from analytics.statistics.change_test import TOO_FEW, UP
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import wilson

ARTICLES_OVER_TIME = Table(
    "articles_over_time",
    "one row per period and published state; articles without a date last, without a period",
    (
        *PERIOD_COLUMNS,
        Column("state", "label", "published, unpublished or unknown"),
        Column("n", "whole", "articles", "articles"),
        Column("total", "whole", "all articles of the period", "articles"),
        Column("share", "share", "of all articles of the period"),
    ),
    key=("period", "state"),
)


@analysis(ARTICLES_OVER_TIME)
def articles_over_time(data: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """Articles by period and published state."""
    counts = tally_by_period(data, "state", grain=grain)
    table = period_label_grid(data, grain, "state", _states_present(data)).merge(
        counts, on=["period", "state"], how="left"
    )
    if count_undated(data):
        years = data.tally("year", "state")
        table = pd.concat([table, years.loc[years["year"].isna(), ["state", "n"]]])
    table = table.fillna({"n": 0})
    table["total"] = table.groupby("period", dropna=False)["n"].transform("sum")
    table["share"] = table["n"] / table["total"].where(table["total"] > 0)
    return table


@articles_over_time.register_finding
def articles_over_time_finding(table: pd.DataFrame) -> str:
    """Number of articles and share published in a sentence."""
    n = int(table["n"].sum())
    if not n:
        return "No articles."
    counts = table.groupby("state", observed=True)["n"].sum()
    published, unpublished = (int(counts.get(state, 0)) for state in ("published", "unpublished"))
    undecided, without_date = n - published - unpublished, int(table.loc[table["period"].isna(), "n"].sum())
    share = wilson(pd.Series([published]), pd.Series([published + unpublished])).iloc[0]
    text = count_text(n, "article")
    if published + unpublished:
        interval = share_interval_text(share)
        text += f", of which {published:,} published ({share['share']:.0%} {interval}"
        text += f" of {published + unpublished:,} decided)"
    extra = [
        count_text(undecided, "does not say", "do not say") * bool(undecided),
        count_text(without_date, "has no date", "have no date") * bool(without_date),
    ]
    return "; ".join(filter(None, [text, *extra])) + "."


def _states_present(data: Slice) -> list[str]:
    present = set(data.tally("state")["state"])
    return [state for state in STATES if state in present]


FIGURES = {
    "articles": "articles",
    "articles_per_day": "articles a day",
    "share_published": "share",
    "median_quality": "points",
    "median_heat_lift": "points",
    "providers": "providers",
    "topics": "topics",
    "newest_article": "days ago",
}
"""Figure → its unit."""

KEY_FIGURES = Table(
    "key_figures",
    "one row per figure for the whole selection, without a period, and then one per figure and period",
    (
        Column("figure", "name", ", ".join(FIGURES)),
        Column("unit", "text", "unit of the value"),
        *PERIOD_COLUMNS,
        Column("value", "number", "the figure; missing where nothing can be said", UNIT_OF_ROW),
        Column("n", "whole", "articles that the figure rests on", "articles"),
        Column("low", "number", "lower end of the 95 % Wilson interval, for shares", UNIT_OF_ROW),
        Column("high", "number", "upper end of the 95 % Wilson interval, for shares", UNIT_OF_ROW),
        Column("previous", "number", "the figure in the comparison period", UNIT_OF_ROW),
        Column("previous_n", "whole", "articles that the comparison rests on", "articles"),
        Column("change", "number", "value less previous", UNIT_OF_ROW),
        Column("change_low", "number", "lower end of the 95 % interval of the change, for shares", UNIT_OF_ROW),
        Column("change_high", "number", "upper end of the 95 % interval of the change, for shares", UNIT_OF_ROW),
        Column("ratio", "number", "value as a multiple of previous, with weekday levels; of articles a day"),
        Column("ratio_low", "number", "lower end of the 95 % interval of the ratio"),
        Column("ratio_high", "number", "upper end of the 95 % interval of the ratio"),
        Q,
        OUTCOME,
    ),
    key=("figure", "period"),
)

_MEDIAN = {"value": 0.5}
_RATIO = ["ratio", "ratio_low", "ratio_high"]

_PRESENCE_MEASURES = {"provider": "has_provider", "topic": "has_topics", "day": "has_published_at"}
"""Key that a figure counts → tally measure for the articles that have it."""


@analysis(KEY_FIGURES)
def key_figures(data: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """The key figures (`FIGURES`) of the whole selection and of each period.

    The whole selection is compared with the comparison period, where there is one: the share published and the scores
    of the two medians by the change test. Numbers of articles are compared only when both are equally long; articles a
    day have their ratio with its interval (`rate_ratio`), and are not called more or fewer. The figures by period are
    the small lines of the tiles. `newest_article` is its age in days today.
    """
    whole = _figures_of_selection(data)
    if data.compared is not None:
        before = _figures_of_selection(data.compared)[["figure", "value", "n"]]
        whole = whole.merge(before.rename(columns={"value": "previous", "n": "previous_n"}), on="figure")
        comparable = ~whole["figure"].isin([] if equally_long(data, data.compared) else ["articles"])
        whole["change"] = (whole["value"] - whole["previous"]).where(comparable & (whole["figure"] != "newest_article"))
        whole = whole.merge(_outcomes_of_figures(data, data.compared), on="figure", how="left")
        ratio = ratio_of_articles_per_day(data, data.compared)
        if ratio is not None:
            a_day = whole["figure"] == "articles_per_day"
            whole.loc[a_day, _RATIO] = list(ratio)
    table = pd.concat([whole, _figures_by_period(data, grain)])
    table["unit"] = table["figure"].map(FIGURES)
    return table.reindex(columns=KEY_FIGURES.names)


@key_figures.register_finding
def key_figures_finding(table: pd.DataFrame) -> str:
    """Articles and share published, and their change, in a sentence."""
    figures = {str(row["figure"]): row for _, row in table[table["period"].isna()].iterrows()}
    if not figures:
        return "No articles."
    articles, share = figures["articles"], figures["share_published"]
    if not articles["value"]:
        return "No articles."
    text = count_text(int(articles["value"]), "article")
    rate = figures["articles_per_day"]
    ratio = ratio_to_comparison_text(rate)
    if pd.notna(articles["change"]):
        text += f" (against {articles['previous']:,.0f}{ratio})"
    elif pd.notna(rate["change"]):
        text += f" ({rate['value']:.3g} a day, against {rate['previous']:.3g} in a period of another length{ratio})"
    if pd.notna(share["value"]):
        text += f", {share['value']:.0%} {share_interval_text(share)} published"
        text += f" of the {count_text(share['n'], 'that says', 'that say')} so"
    if pd.notna(share["change"]):
        text += f" ({_share_change_text(share)})"
    return f"{text}."


def ratio_to_comparison_text(row: pd.Series) -> str:
    """The ratio of articles a day, beginning with a colon; empty where it has none.

    `: 1.12 times as many a day [0.98, 1.28], weekday by weekday`: Mondays beside Mondays, so that it need not be the
    ratio of the two numbers.
    """
    if pd.isna(row["ratio"]):
        return ""
    interval = f"[{row['ratio_low']:.2f}, {row['ratio_high']:.2f}]"
    return f": {row['ratio']:.2f} times as many a day {interval}, weekday by weekday"


def _share_change_text(row: pd.Series) -> str:
    """How the share published changed, with its test; or that it did not clearly, or that too little is known."""
    then = f"{row['previous']:.0%} (n = {row['previous_n']:,})"
    if row["outcome"] in CHANGED:
        verb = "up" if row["outcome"] == UP else "down"
        return f"{verb} from {then}: {difference_interval_text(row, 'change_low', 'change_high')}"
    return f"{then} in the comparison period: {row['outcome']}"


_TESTED = {"share_published": "share_published", "median_quality": "quality", "median_heat_lift": "lift"}
"""Key figure → the figure of the change test (`common.changes.FIGURES`)."""


def _outcomes_of_figures(data: Slice, before: Slice) -> pd.DataFrame:
    """Outcome of the change test of each figure that is tested, and the interval of the change of a share."""
    tests = changes_of_kind(data, before, "figure").set_index("label").reindex(list(_TESTED.values()))
    found = tests[["low", "high", "q", "outcome"]].set_axis(list(_TESTED)).rename_axis("figure").reset_index()
    found[["low", "high"]] = found[["low", "high"]].where(found["figure"] == "share_published")
    return found.fillna({"outcome": TOO_FEW}).rename(columns={"low": "change_low", "high": "change_high"})


def _figures_of_selection(data: Slice) -> pd.DataFrame:
    """The key figures of the whole selection, one row each."""
    sums = data.tally(published="published", decided="decided", **_PRESENCE_MEASURES).iloc[0]
    share = wilson(pd.Series([sums["published"]]), pd.Series([sums["decided"]])).iloc[0]
    (dated, rate), age = dated_articles_and_mean_per_day(data), age_of_newest(data)
    rows = [
        {"figure": "articles", "value": data.n, "n": data.n},
        {"figure": "articles_per_day", "value": pd.NA if rate is None else rate, "n": dated},
        {
            "figure": "share_published",
            "value": share["share"],
            "n": sums["decided"],
            "low": share["low"],
            "high": share["high"],
        },
        _median_figure(data, "median_quality", "quality"),
        _median_figure(data, "median_heat_lift", "lift"),
        {"figure": "providers", "value": _count_distinct(data, "provider"), "n": sums["provider"]},
        {"figure": "topics", "value": _count_distinct(data, "topic"), "n": sums["topic"]},
        {"figure": "newest_article", "value": pd.NA if age is None else age, "n": sums["day"]},
    ]
    kinds = dict.fromkeys(["value", "low", "high"], "Float64") | {"n": "Int64"}
    return pd.DataFrame(rows).astype(kinds)


def figure_text(value: object, unit: str) -> str:
    """A figure as people write it; a dash where it is missing. Of days ago only the days."""
    if pd.isna(value):  # type: ignore[call-overload]
        return "–"
    if unit == "days ago":
        return count_text(int(value), "day")  # type: ignore[call-overload]
    return f"{value:.0%}" if unit == "share" else f"{value:,.1f}".removesuffix(".0")


def change_and_outcome_text(change: object, unit: str, outcome: object) -> str | None:
    """A change with its sign, shares in percentage points; and the outcome of its test, unless that is up or down.

    For days ago, which have no change, the word "ago"; None without a change.
    """
    if unit == "days ago":
        return "ago"
    if pd.isna(change):  # type: ignore[call-overload]
        return None
    text = f"{change * 100:+.0f} points" if unit == "share" else f"{change:+,.1f}".removesuffix(".0")  # type: ignore[operator]
    return text if pd.isna(outcome) or outcome in CHANGED else f"{text}: {outcome}"  # type: ignore[call-overload]


def _figures_by_period(data: Slice, grain: str) -> pd.DataFrame:
    """The key figures by period, one row per figure and period."""
    sums = tally_by_period(data, "state", grain=grain)
    decided = sums[sums["state"] != "unknown"].groupby("period")["n"].sum().rename("n").reset_index()
    published = sums[sums["state"] == "published"][["period", "n"]].rename(columns={"n": "published"})
    shares = decided.merge(published, on="period", how="left").fillna({"published": 0})
    shares["value"] = shares["published"] / shares["n"]
    series: dict[str, pd.DataFrame] = {
        "articles": tally_by_period(data, grain=grain).assign(value=lambda rows: rows["n"]),
        "share_published": shares[["period", "n", "value"]],
        "median_quality": quantiles(tally_by_period(data, "quality", grain=grain), ["period"], "quality", _MEDIAN),
        "median_heat_lift": quantiles(tally_by_period(data, "lift", grain=grain), ["period"], "lift", _MEDIAN),
        "providers": _distinct_by_period(data, "provider", grain),
        "topics": _distinct_by_period(data, "topic", grain),
    }
    laid = []
    for figure, values in series.items():
        frame = on_calendar(data, grain, values).assign(figure=figure)
        counted = figure not in ("share_published", "median_quality", "median_heat_lift")
        laid.append(frame.fillna({"n": 0, "value": 0} if counted else {"n": 0}))
    return pd.concat(laid).astype({"value": "Float64", "n": "Int64"})


def _median_figure(data: Slice, figure: str, score: str) -> dict[str, object]:
    found = quantiles(data.tally(score), [], score, _MEDIAN)
    row: dict[str, object] = {"value": pd.NA, "n": 0}
    if not found.empty:
        row = {"value": found["value"].iloc[0], "n": found["n"].iloc[0]}
    return {"figure": figure} | row


def _count_distinct(data: Slice, key: str) -> int:
    return int((data.tally(key)[key] != NONE).sum())


def _distinct_by_period(data: Slice, key: str, grain: str) -> pd.DataFrame:
    counts = tally_by_period(data, key, grain=grain)
    counts = counts[counts[key] != NONE]
    values = counts.groupby("period")[key].size().rename("value").reset_index()
    return (
        tally_by_period(data, grain=grain, sums={"having": _PRESENCE_MEASURES[key]})
        .assign(n=lambda rows: rows["having"])
        .merge(values, on="period", how="left")
    )


BIGGEST_CHANGES = Table(
    "biggest_changes",
    "one row per topic or provider, within its kind those that changed first and then the largest difference; none "
    "without a comparison period",
    (
        Column("kind", "label", "topic or provider"),
        Column("label", "text", "topic or provider"),
        Column("n", "whole", "articles in the chosen period", "articles"),
        Column("total", "whole", "all articles of the chosen period", "articles"),
        Column("weeks", "whole", "weeks of the chosen period with articles", "weeks"),
        Column("share", "share", "of all articles of the chosen period"),
        Column("previous_n", "whole", "articles in the comparison period", "articles"),
        Column("previous_total", "whole", "all articles of the comparison period", "articles"),
        Column("previous_weeks", "whole", "weeks of the comparison period with articles", "weeks"),
        Column("previous_share", "share", "of all articles of the comparison period"),
        Column("change", "number", "share less previous share, -1 to 1", SHARE),
        Column("low", "number", "lower end of the 95 % interval of the change, by weeks and stories", SHARE),
        Column("high", "number", "upper end of the 95 % interval of the change", SHARE),
        Q,
        OUTCOME,
        Column("compared", "whole", "topics or providers with enough articles to be compared, shown or not"),
        Column("changed", "whole", "of them, how many changed"),
    ),
    key=("kind", "label"),
)

NOTHING_TO_COMPARE = "Choose a period (From) and what to compare it with to see what changed."


@analysis(BIGGEST_CHANGES)
def biggest_changes(data: Slice, *, top: int = 8) -> pd.DataFrame:
    """The `top` topics and providers whose share of the articles changed most, by the change test.

    Umbrella topics are left out; so are articles without the label. Shares are of all articles of their period.
    """
    before = data.compared
    if before is None:
        return BIGGEST_CHANGES.empty()
    found = [share_changes(data, before, key).head(top) for key in ("topic", "provider")]
    return pd.concat(found)


@biggest_changes.register_finding
def biggest_changes_finding(table: pd.DataFrame) -> str:
    """The largest clear rise and fall in a sentence, of how many that were compared."""
    if table.empty:
        return NOTHING_TO_COMPARE
    kinds = table.drop_duplicates("kind").set_index("kind")
    compared = {kind: int(kinds["compared"][kind]) for kind in ("topic", "provider") if kind in kinds.index}
    if not sum(compared.values()):
        row = table.iloc[0]
        return f"{too_few_text(row[['previous_total', 'total']].tolist(), row[['previous_weeks', 'weeks']].tolist())}."
    rows = table[table["outcome"].isin(CHANGED)].sort_values("change")
    if rows.empty:
        return f"{no_clear_change_text(noun_counts_text(compared))}."
    said = [clear_share_change_text(row) for _, row in rows.iloc[[0, -1]].drop_duplicates().iterrows()]
    family = [f"{int(kinds['changed'][kind])} of {count_text(n, kind)}" for kind, n in compared.items() if n]
    return f"{'; '.join(said)}; {' and '.join(family)} compared."


def share_changes(data: Slice, before: Slice, key: str) -> pd.DataFrame:
    """Change test of each topic's or provider's share between two slices (columns and order of BIGGEST_CHANGES)."""
    tests = changes_of_kind(data, before, key)
    changed = tests["outcome"].isin(CHANGED)
    table = tests.assign(
        size=tests["difference"].abs(),
        unchanged=~changed,
        compared=int((tests["outcome"] != TOO_FEW).sum()),
        changed=int(changed.sum()),
    )
    table = table.sort_values(["unchanged", "size", "label"], ascending=[True, False, True], kind="stable")
    return table.rename(columns=_NAMES)[BIGGEST_CHANGES.names]


_NAMES = {
    "sum_now": "n",
    "n_now": "total",
    "weeks_now": "weeks",
    "mean_now": "share",
    "sum_then": "previous_n",
    "n_then": "previous_total",
    "weeks_then": "previous_weeks",
    "mean_then": "previous_share",
    "difference": "change",
}


def clear_share_change_text(row: pd.Series) -> str:
    """A clear change of a row of BIGGEST_CHANGES in words, with its test and the articles of both sides."""
    verb = "rose" if row["outcome"] == UP else "fell"
    n = f"n = {row['previous_total']:,} and {row['total']:,}"
    shares = f"from {row['previous_share']:.0%} to {row['share']:.0%} of the articles"
    return f"{row['label']} {verb} {shares} ({difference_interval_text(row)}; {n})"
