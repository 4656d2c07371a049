"""Providers that appear, stay, come back and fall silent."""

import statistics
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.providers.turnover import STATUSES, provider_activity, provider_turnover
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import Article, article, articles, corpus_of, part_of, selections
from tests.plain import ONE_DAY, bounds, calendar, chosen, first_day, main_days, near, records_of, rows_of


def until(records, selection):
    """The dated records of a provider up to the end of the selection, whatever its start."""
    return [item for item in chosen(records, replace(selection, start=None)) if item.day and item.provider]


def turnover_by_loop(records, selection, grain):
    listed = until(records, selection)
    active = {}
    for item in listed:
        active.setdefault(item.provider, Counter())[first_day(item.day, grain)] += 1
    rows = []
    for period in calendar(records, selection, grain):
        before = first_day(period.first - ONE_DAY, grain) if period.first > date.min else None
        found = {status: [] for status in STATUSES}
        for name, counts in active.items():
            if period.first in counts:
                known = min(counts) < period.first
                status = "staying" if before in counts else "returning" if known else "new"
                found[status].append((-counts[period.first], name))
            elif before in counts:
                found["silent"].append((-counts[before], name))
        for status, names in found.items():
            ranked = sorted(names)
            rows.append(
                {
                    "period": period.first,
                    "period_end": period.last,
                    "complete": period.complete,
                    "status": status,
                    "providers": len(ranked),
                    "n": -sum(n for n, _ in ranked),
                    "names": "; ".join(name for _, name in ranked[:5]) or None,
                }
            )
    return rows


@pytest.mark.slow
@given(listed=articles(), selection=selections(), grain=st.sampled_from(["week", "month", "quarter", "year"]))
def test_turnover_is_that_of_a_loop(listed: list[Article], selection: Selection, grain: str) -> None:
    table = provider_turnover(Slice(corpus_of(listed), selection), grain=grain)
    assert rows_of(table) == turnover_by_loop(records_of(listed), selection, grain)


def chance_of_silence(since, gaps):
    """The chance of so long a silence by the gaps before it, with bursts allowed for."""
    mean = statistics.fmean(gaps)
    bursts = max(1.0, statistics.variance(gaps) / mean**2) if len(gaps) > 1 else 1.0
    return (1 + since / sum(gaps)) ** (-len(gaps) / bursts)


def with_rates(rows):
    """The rows with the false discovery rate of each silence among the judged, and what follows of it."""
    judged = sorted(
        (row for row in rows if row["active_days"] >= 5 and row["days_since"] >= 0), key=lambda row: -row["chance"]
    )
    least = 1.0
    for rank, row in zip(range(len(judged), 0, -1), judged, strict=True):
        least = min(least, row["chance"] * len(judged) / rank)
        late = row["days_since"] > row["longest_gap"] and least <= 0.1
        row |= {"q": least, "status": "overdue" if late else "no clear silence"}
    return [{name: value for name, value in row.items() if name != "chance"} for row in rows]


def activity_by_loop(records, selection):
    rows = []
    listed = until(records, selection)
    span = bounds(records, replace(selection, start=None))
    for name in {item.provider for item in listed}:
        days = sorted(item.day for item in listed if item.provider == name)
        active = sorted(set(days))
        gaps = [(after - day).days for day, after in pairwise(active) if day >= span[0]]
        newest = main_days(records)[-1]
        as_of = min(selection.end or newest, newest)
        since = (as_of - days[-1]).days
        rows.append(
            {
                "provider": name,
                "n": len(days),
                "first_day": days[0],
                "last_day": days[-1],
                "as_of": as_of,
                "days_since": since,
                "active_days": len(active),
                "usual_gap": float(statistics.median(gaps)) if gaps else None,
                "longest_gap": max(gaps, default=None),
                "status": "too few days",
                "q": None,
                "chance": chance_of_silence(since, gaps) if gaps else None,
            }
        )
    ranked = sorted(with_rates(rows), key=lambda row: (row["status"] != "overdue", -row["n"], row["provider"]))
    return [{"place": place, **row} for place, row in enumerate(ranked, start=1)]


@pytest.mark.slow
@given(listed=articles(max_size=30), selection=selections())
def test_activity_is_that_of_a_loop(listed: list[Article], selection: Selection) -> None:
    table = provider_activity(Slice(corpus_of(listed), selection))
    assert rows_of(table) == near(activity_by_loop(records_of(listed), selection))


LISTED = [
    *[article(at=f"2024-{month:02}-10", provider="Always") for month in range(1, 13)],
    article(at="2024-01-20", provider="Once"),
    *[article(at=f"2024-{month:02}-20", provider="Back") for month in (2, 10)],
    article(at="2024-12-31", provider="Fresh"),
    article(provider="Undated"),
]


def counted(table):
    return [tuple(row[status] for status in STATUSES) for row in _by_period(table)]


def _by_period(table):
    found = {}
    for row in rows_of(table):
        found.setdefault(row["period"], {})[row["status"]] = row["providers"]
    return list(found.values())


def test_statuses_of_four_quarters() -> None:
    assert counted(provider_turnover(part_of(LISTED))) == [(0, 0, 3, 0), (1, 0, 0, 2), (1, 0, 0, 0), (1, 1, 1, 0)]


def test_what_was_before_the_range_counts() -> None:
    data = part_of(LISTED, start=date(2024, 10, 1))
    assert counted(provider_turnover(data)) == [(1, 1, 1, 0)]
    assert provider_activity(data).set_index("provider").loc["Once", "first_day"].date() == date(2024, 1, 20)


def every(days, count, *, provider, start=date(2024, 1, 1)):
    return [article(at=str(start + timedelta(days=days * step)), provider=provider) for step in range(count)]


def test_silence_is_overdue_where_chance_does_not_explain_it() -> None:
    """Five gaps of 4 days, 20 in all: (1 + 11 / 20) ** -5 is 0.11, (1 + 12 / 20) ** -5 is 0.095."""
    late = every(4, 6, provider="Late")
    status = {
        days: provider_activity(part_of([*late, article(at=f"2024-02-{days - 10:02}", provider="Other")]))
        for days in (11, 12)
    }
    found = {days: table.set_index("provider")[["days_since", "status"]] for days, table in status.items()}
    assert {days: found[days].loc["Late"].tolist() for days in found} == {
        11: [11, "no clear silence"],
        12: [12, "overdue"],
    }
    assert found[11].loc["Other", "status"] == "too few days"


def test_who_comes_in_bursts_may_be_silent_for_longer() -> None:
    """Twelve days in three bursts: without allowing for them, 60 days would be 0.007 to chance."""
    days = [burst + step for burst in (1, 41, 81) for step in range(4)]
    listed = [article(at=str(date(2024, 1, 1) + timedelta(days=day)), provider="Bursts") for day in days]
    table = provider_activity(part_of([*listed, article(at=str(date(2024, 1, 1) + timedelta(days=144)), provider="B")]))
    row = table.set_index("provider").loc["Bursts"]
    assert (row["days_since"], row["longest_gap"], row["status"]) == (60, 37, "no clear silence")
    assert row["q"] > 0.1


@pytest.mark.slow
def test_dates_that_lie_far_off_are_not_judged_and_change_nothing_for_others() -> None:
    steady = [each for name in "DE" for each in every(1, 400, provider=name)]
    late = every(10, 38, provider="Late")
    far = [article(at=f"2090-01-0{day}", provider="Far") for day in range(1, 6)]
    alone, beside = (provider_activity(part_of(listed)) for listed in ([*steady, *late], [*steady, *late, *far]))
    found = beside.set_index("provider")
    assert found.loc["Late", "q"] == alone.set_index("provider").loc["Late", "q"]
    assert found.loc["Far", "status"] == "too few days"


def test_of_many_providers_one_is_silent_for_long_by_chance() -> None:
    """The same silence of 12 days is overdue alone, and not among ten others who came yesterday."""
    others = [each for name in "ABCDEFGHIJ" for each in every(4, 9, provider=name)]
    table = provider_activity(part_of([*every(4, 6, provider="Late"), *others])).set_index("provider")
    assert table.loc["Late", ["days_since", "longest_gap", "status"]].tolist() == [12, 4, "no clear silence"]


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([article(provider="A")], "No article with a date names a provider."),
        ([article(at="2024-02-05", provider="A")], "No period is complete."),
        (
            LISTED,
            "In quarter 4 of 2024: 1 new, 1 returning, 1 staying, and 0 of the period before silent (new: Fresh).",
        ),
        (
            [article(at="2024-01-01", provider=name) for name in "ABCDE"] + [article(at="2024-06-30", provider="E")],
            "In quarter 2 of 2024: 0 new, 0 returning, 1 staying, and 4 of the period before silent "
            "(silent: A, B, C and 1 more).",
        ),
    ],
    ids=["no date", "open", "new", "silent"],
)
def test_finding_of_the_turnover(listed: list[Article], said: str) -> None:
    assert provider_turnover.finding(provider_turnover(part_of(listed))) == said


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([article(provider="A")], "No article with a date names a provider."),
        (
            [article(at="2024-02-05", provider="A")],
            "Not even the only provider has the 5 active days that a judgement needs.",
        ),
        (every(1, 5, provider="A"), "Overdue: 0 of 1 provider with at least 5 active days."),
        (
            [*every(2, 5, provider="Late"), *every(2, 40, provider="Always")],
            "Overdue: 1 of 2 providers with at least 5 active days; the largest is Late (5 articles): without an "
            "article here for 70 days, since 9 January 2024; its usual gap is 2 days, its longest was 2.",
        ),
    ],
    ids=["no date", "too few", "none", "one"],
)
def test_finding_of_the_activity(listed: list[Article], said: str) -> None:
    assert provider_activity.finding(provider_activity(part_of(listed))) == said
