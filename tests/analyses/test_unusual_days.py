"""Unusual days."""

import math
import statistics
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given

from analytics.analyses.timeline import FEWER, MORE, NONE_AT_ALL, unusual_days
from analytics.engine.slice import Slice
from tests.corpora import article, articles, corpus_of, part_of, real_corpus, real_selections, selections
from tests.plain import ONE_DAY, bounds, chosen, near, records_in, records_of, rows_of


def days_of(records, selection):
    """Each day that range and corpus have in common with its count."""
    span, known = bounds(records, selection), [item.day for item in records if item.day]
    if span is None:
        return []
    dated = [item.day for item in chosen(records, selection) if item.day]
    counts = {day: dated.count(day) for day in set(dated)}
    day, last, found = max(span[0], min(known)), min(span[1], max(known)), []
    while day <= last:
        found.append((day, counts.get(day, 0)))
        day += ONE_DAY
    return found


def score(n, alike):
    """Robust z of a count among those of the same weekday."""
    sizes = [math.log1p(other) for other in alike]
    centre, mean = statistics.median(sizes), statistics.fmean(alike)
    away = [abs(size - centre) for size in sizes]
    spread = 1.4826 * statistics.median(away) or 1.253314 * statistics.fmean(away)
    spread = max(spread, math.sqrt(mean) / (1 + mean))
    return (math.log1p(n) - centre) / spread if spread else 0.0


def by_loop(records, selection):
    days = days_of(records, selection)
    if len(days) < 70 or not any(n for _, n in days):
        return []
    same = {number: [n for day, n in days if day.weekday() == number] for number in range(7)}
    stretches = []
    for day, n in days:
        alike = same[day.weekday()]
        z, chance = score(n, alike), alike.count(0) / (len(alike) + 1)
        side = NONE_AT_ALL if n == 0 else MORE if z >= 1.5 else FEWER if z <= -1.5 else None
        if stretches and stretches[-1][0] == side:
            stretches[-1][1].append((day, n, z, chance))
        else:
            stretches.append((side, [(day, n, z, chance)]))
    rows = []
    for side, members in stretches:
        z = max((z for _, _, z, _ in members), key=abs)
        chance = math.prod(chance for *_, chance in members)
        if side and (abs(z) >= 3.5 or (side == NONE_AT_ALL and chance < 1 / 365)):
            rows.append(row(side, members, z, chance, days))
    return rows[::-1]


def row(side, members, z, chance, days):
    first, length = members[0][0], len(members)
    alike = [
        sum(n for _, n in days[place : place + length])
        for place in range(len(days) - length + 1)
        if days[place][0].weekday() == first.weekday()
    ]
    low, middle, high = np.quantile(alike, [0.05, 0.5, 0.95])
    return {
        "first_day": first,
        "last_day": members[-1][0],
        "days": length,
        "reason": side,
        "n": sum(n for _, n, _, _ in members),
        "usual": float(middle),
        "usual_from": float(low),
        "usual_to": float(high),
        "stretches": len(alike),
        "z": z,
        "chance": chance if side == NONE_AT_ALL else None,
        "judged": len(days),
    }


@pytest.mark.slow
@given(listed=articles(), selection=selections())
def test_table_is_that_of_a_loop(listed, selection):
    table = unusual_days(Slice(corpus_of(listed), selection))
    assert rows_of(table) == near(by_loop(records_of(listed), selection))


@pytest.mark.shared
@real_selections
def test_table_of_a_real_site_is_that_of_a_loop(shared, selection):
    folder = shared("powerapps")
    table = unusual_days(Slice(real_corpus(folder), selection))
    assert rows_of(table) == near(by_loop(records_in(folder), selection))


def steady(*, weeks=12, **other):
    """Four articles a day, or as many as `other` says (m0226=0: none on the 26th of February)."""
    days = [date(2024, 1, 1) + timedelta(days=step) for step in range(7 * weeks)]
    return [article(at=str(day)) for day in days for _ in range(other.get(f"m{day:%m%d}", 4))]


def told(table):
    return [(row["first_day"], row["last_day"], row["reason"], row["n"], row["usual"]) for row in rows_of(table)]


@pytest.mark.slow
def test_rush_hole_and_quiet_day_are_found():
    table = unusual_days(part_of(steady(m0110=40, m0111=30, m0207=1, m0226=0, m0227=0)))
    assert told(table) == [
        (date(2024, 2, 26), date(2024, 2, 27), NONE_AT_ALL, 0, 8),
        (date(2024, 1, 10), date(2024, 1, 11), MORE, 70, 8),
    ]
    assert table["judged"].tolist() == [84, 84]
    assert told(unusual_days(part_of(steady(m0207=1)))) == []


@pytest.mark.slow
def test_far_fewer_than_many_are_found():
    listed = [item for item in steady(m0207=0) for _ in range(5)] + [article(at="2024-02-07")] * 2
    assert told(unusual_days(part_of(listed))) == [(date(2024, 2, 7), date(2024, 2, 7), FEWER, 2, 20)]


def test_ten_weeks_are_needed():
    assert len(unusual_days(part_of(steady(weeks=10, m0110=40)))) == 1
    assert unusual_days(part_of(steady(weeks=9, m0110=40))).empty


def test_days_after_the_corpus_are_no_hole():
    assert unusual_days(part_of(steady(), end=date(2025, 1, 1), start=date(2023, 1, 1))).empty


def test_finding():
    said = unusual_days.finding(unusual_days(part_of(steady(m0110=40, m0226=0, m0227=0))))
    assert said == (
        "Unusual days or stretches in 84 days: 1 with more than usual, 1 with none at all. The newest of each: "
        "10 January 2024 with 40 (usually 4 to 20); 26 February 2024 to 27 February 2024 with 0 (usually 4 to 8)."
    )
    assert unusual_days.finding(unusual_days(part_of([]))) == (
        "No day stands out, or there are fewer than 10 weeks to judge by."
    )
