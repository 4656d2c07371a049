"""Turnover of providers: new, staying, returning and silent ones, and those that are overdue."""

from dataclasses import replace

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.tallies_by_period import PERIOD_COLUMNS, sentence_start_of_period
from analytics.analyses.common.wording import count_text, none_text
from analytics.engine.caching import cached_with_owner
from analytics.engine.encoded import NONE
from analytics.engine.periods import CODES, Grain, period_starts
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.change_test import FALSE_DISCOVERY_RATE
from analytics.statistics.multiple_tests import adjusted

STATUSES = ("staying", "returning", "new", "silent")
NAMED = 5

PROVIDER_TURNOVER = Table(
    "provider_turnover",
    "one row per period and status",
    (
        *PERIOD_COLUMNS,
        Column(
            "status",
            "label",
            "new: first article ever in the period; staying: articles in it and in the one before; returning: had "
            "articles, but none in the period before; silent: articles in the period before, none in this one",
        ),
        Column("providers", "whole", "providers of the status", "providers"),
        Column("n", "whole", "their articles in the period; of the silent ones in the period before", "articles"),
        Column("names", "text", f"the first {NAMED} of them by articles"),
    ),
    key=("period", "status"),
)

MIN_DAYS = 5
"""Active days from which a gap can be called usual."""

PROVIDER_ACTIVITY = Table(
    "provider_activity",
    "one row per provider: overdue ones first, then by articles",
    (
        Column("place", "whole", "place in the ranking"),
        Column("provider", "text", "provider"),
        Column("n", "whole", "articles with a date up to the end of the chosen range", "articles"),
        Column("first_day", "day", "day of its first article (UTC)"),
        Column("last_day", "day", "day of its last article (UTC)"),
        Column("as_of", "day", "the day up to which its silence is counted: the last that corpus and range reach"),
        Column("days_since", "whole", "days from its last article to as_of", "days"),
        Column("active_days", "whole", "days with an article", "days"),
        Column("usual_gap", "number", "median of the days from one active day to the next", "days"),
        Column("longest_gap", "whole", "the most days from one active day to the next", "days"),
        Column(
            "status",
            "label",
            "overdue: silent for longer than ever, which its gaps before make improbable; no clear silence; "
            f"too few days: fewer than {MIN_DAYS} active days to judge by",
        ),
        Column(
            "q",
            "share",
            "the smallest false discovery rate at which its silence is called improbable; missing with too few days",
        ),
    ),
    key=("provider",),
)


def _with_earlier_articles(data: Slice) -> Slice:
    """The slice with everything before its first day: what a provider did earlier counts."""
    return data.with_selection(replace(data.selection, start=None, compare=None))


@analysis(PROVIDER_TURNOVER)
def provider_turnover(data: Slice, *, grain: str = "quarter") -> pd.DataFrame:
    """How many providers are new, returning, staying and silent in each period.

    What they did before the chosen range counts as well; the other filters hold throughout. Periods count in full, also
    where the range begins inside one.
    """
    table = data.calendar(data.grain(grain)).merge(pd.DataFrame({"status": pd.Series(STATUSES, dtype="str")}), "cross")
    rows = _provider_counts(provider_statuses(data, grain))
    table = table.merge(rows, on=["period", "status"], how="left").fillna({"providers": 0, "n": 0})
    return table[PROVIDER_TURNOVER.names]


@cached_with_owner
def provider_statuses(data: Slice, grain: str) -> pd.DataFrame:
    """One row per `period` and `provider` that is new, returning, staying or silent in it (`status`).

    `n` counts its articles in the period `active`, which is the same one, for silent ones the one before. Cached with
    the slice, because drill-downs ask for the providers of one row after the other.
    """
    found = data.grain(grain)
    counts = _with_earlier_articles(data).tally(found, "provider").rename(columns={found: "active"})
    counts = counts[counts["active"].notna() & (counts["provider"] != NONE)].sort_values(["provider", "active"])
    counts["number"] = _period_numbers(counts["active"], found)
    before, after = (counts.groupby("provider")["number"].shift(step) for step in (1, -1))
    gap = counts["number"] - before
    present = counts.assign(status=gap.map(lambda step: "staying" if step == 1 else "returning").where(gap > 0, "new"))
    left = counts[~(after - counts["number"]).eq(1)].assign(status="silent", number=lambda rows: rows["number"] + 1)
    rows = pd.concat([present, left], ignore_index=True)
    return rows.assign(period=period_starts(rows["number"], found)).drop(columns="number")


def _period_numbers(firsts: pd.Series, grain: Grain) -> pd.Series:
    """Running number of each period by its first day."""
    days = pd.Series(firsts.to_numpy().astype("datetime64[D]").astype("int64"), index=firsts.index)
    return CODES[grain](days)


def _provider_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """Providers, articles and the names of the largest, by period and status."""
    ranked = rows.sort_values(["n", "provider"], ascending=[False, True])
    groups = ranked.groupby(["period", "status"])
    sums = groups.agg(providers=("provider", "size"), n=("n", "sum"))
    names = ranked[groups.cumcount() < NAMED].groupby(["period", "status"])["provider"].agg("; ".join)
    return sums.assign(names=names).reset_index()


@provider_turnover.register_finding
def provider_turnover_finding(table: pd.DataFrame) -> str:
    """The newest complete period in a sentence; the corpus's first period, in which all are new, is passed over."""
    if not table["providers"].sum():
        return "No article with a date names a provider."
    known = table[table["complete"]]
    if known.empty:
        return "No period is complete."
    here = known[known["period"] == known["period"].iloc[-1]].set_index(known["status"].astype("str").iloc[-4:])
    counts = [f"{here.loc[status, 'providers']:,} {status}" for status in ("new", "returning", "staying")]
    silent = here.loc["silent"]
    text = f"{sentence_start_of_period(silent)}: {', '.join(counts)}, and {silent['providers']:,} of the period before"
    said = [_status_names(here.loc[status]) for status in ("new", "silent") if here.loc[status, "providers"]]
    return f"{text} silent ({'; '.join(said)})." if said else f"{text} silent."


def _status_names(row: pd.Series) -> str:
    names = row["names"].split("; ")[:3]
    more = f" and {row['providers'] - len(names)} more" if row["providers"] > len(names) else ""
    return f"{row.name}: {', '.join(names)}{more}"


@analysis(PROVIDER_ACTIVITY)
def provider_activity(data: Slice) -> pd.DataFrame:
    """When each provider first and last had an article, and whether its gaps before explain how long it is silent.

    All articles up to the end of the chosen range count, also those before its start; the other filters hold.
    Overdue providers are silent for longer than ever, with a false discovery rate among all judged of at most
    10 % (Benjamini, Hochberg 1995). The chance of a gap of d days after k of m days in the mean is (1 + d / (k m)) to
    the power of -k (exponential gaps; Lawless, Fredette 2005, Biometrika 92(3), 529-542, whose pivot is F), with k
    divided by the gaps' squared coefficient of variation where that is above 1: they come in bursts.
    """
    earlier = _with_earlier_articles(data)
    days = earlier.tally("provider", "day")
    days = days[days["day"].notna() & (days["provider"] != NONE)].sort_values(["provider", "day"])
    last, newest, span = data.last_day, data.whole.last_day, earlier.span
    if days.empty or last is None or newest is None or span is None:
        return PROVIDER_ACTIVITY.empty()
    before = days.groupby("provider")["day"].shift()
    days["gap"] = (days["day"] - before).dt.days.where(before >= pd.Timestamp(span.start))
    table = days.groupby("provider", as_index=False).agg(
        n=("n", "sum"),
        first_day=("day", "min"),
        last_day=("day", "max"),
        active_days=("day", "size"),
        usual_gap=("gap", "median"),
        longest_gap=("gap", "max"),
        mean_gap=("gap", "mean"),
        gaps=("gap", "count"),
        spread=("gap", "std"),
    )
    as_of = pd.Timestamp(min(last, newest))
    table = table.assign(as_of=as_of, days_since=(as_of - table["last_day"]).dt.days)
    judged = (table["gaps"] >= MIN_DAYS - 1) & (table["days_since"] >= 0)
    bursts = ((table["spread"] / table["mean_gap"]) ** 2).fillna(1.0).clip(lower=1.0)
    chance = (1 + table["days_since"] / (table["gaps"] * table["mean_gap"])) ** (-table["gaps"] / bursts)
    table["q"] = pd.Series(adjusted(chance[judged].fillna(1.0), "fdr_bh"), index=table.index[judged], dtype="float64")
    late = (table["days_since"] > table["longest_gap"]) & (table["q"] <= FALSE_DISCOVERY_RATE)
    status = late.map({True: "overdue", False: "no clear silence"}).where(judged, "too few days")
    table = table.assign(status=status, late=status == "overdue")
    table = table.sort_values(["late", "n", "provider"], ascending=[False, False, True], ignore_index=True)
    return table.assign(place=table.index + 1)[PROVIDER_ACTIVITY.names]


def silent_or_no_article_text(data: Slice) -> str:
    """`Silent`, or `No article of the selection` where a filter may leave out other articles of the provider."""
    asked = data.selection
    beside = replace(asked, start=None, end=None, providers=(), compare=None)
    return "Silent" if data.with_selection(beside).takes_all else "No article of the selection"


@provider_activity.register_finding
def provider_activity_finding(table: pd.DataFrame) -> str:
    """The largest provider that is overdue, in a sentence."""
    if table.empty:
        return "No article with a date names a provider."
    judged, late = table[table["status"] != "too few days"], table[table["status"] == "overdue"]
    if judged.empty:
        return f"{none_text(len(table), 'provider')} has the {MIN_DAYS} active days that a judgement needs."
    head = f"Overdue: {len(late):,} of {count_text(len(judged), 'provider')} with at least {MIN_DAYS} active days"
    if late.empty:
        return f"{head}."
    first = late.iloc[0]
    return (
        f"{head}; the largest is {first['provider']} ({count_text(first['n'], 'article')}): without an article here "
        f"for {count_text(first['days_since'], 'day')}, since {first['last_day']:%-d %B %Y}; its usual gap is "
        f"{first['usual_gap']:g} {'day' if first['usual_gap'] == 1 else 'days'}, its longest was "
        f"{first['longest_gap']:,}."
    )
