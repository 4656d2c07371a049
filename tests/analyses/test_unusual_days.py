"""Unusual days."""

import math
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


def pmf(k, size, chance):
    """Chance of exactly k by a negative binomial."""
    logs = math.lgamma(k + size) - math.lgamma(k + 1) - math.lgamma(size)
    return math.exp(logs + size * math.log(chance) + k * math.log1p(-chance))


def tails(days, usual):
    """The chances of as few and as many as each day has, by the usual days of its weekday."""
    whole = {number: [0, 0] for number in range(7)}
    for (day, n), counts in zip(days, usual, strict=True):
        whole[day.weekday()][0] += n * counts
        whole[day.weekday()][1] += counts
    expected = []
    for (day, n), counts in zip(days, usual, strict=True):
        total, number = whole[day.weekday()]
        others = max(number - counts, 1)
        expected.append(((total - n * counts + 0.5) / others, others))
    above, squares = 0.0, 0.0
    for (_, n), (mean, others), counts in zip(days, expected, usual, strict=True):
        if counts:
            above += (n - mean) ** 2 * others / (others + 1) - mean
            squares += mean**2
    dispersion = max(0.0, above / squares) if squares else 0.0
    found = []
    for (_, n), (mean, others) in zip(days, expected, strict=True):
        variance = (mean + dispersion * mean**2) * (others + 1) / others
        size, chance = mean**2 / (variance - mean), mean / variance
        below = math.fsum(pmf(k, size, chance) for k in range(n))
        here = above = pmf(n, size, chance)
        k, last = n + 1, here
        while k < mean or last > 1e-18 * above:
            last = pmf(k, size, chance)
            above += last
            k += 1
        found.append((below + here, above))
    return found


def rates(chances):
    """False discovery rates by Benjamini and Hochberg."""
    found, least = [1.0] * len(chances), 1.0
    for rank, place in reversed(list(enumerate(sorted(range(len(chances)), key=chances.__getitem__), 1))):
        least = min(least, chances[place] * len(chances) / rank)
        found[place] = least
    return found


def by_loop(records, selection):
    days = days_of(records, selection)
    if len(days) < 70 or not any(n for _, n in days):
        return []
    usual = [True] * len(days)
    for _ in range(3):
        chances = tails(days, usual)
        now = [rate > 0.1 for rate in rates([min(1, 2 * min(pair)) for pair in chances])]
        if now == usual:
            break
        usual = now
    stretches = []
    for (day, n), (lower, upper) in zip(days, chances, strict=True):
        side = NONE_AT_ALL if n == 0 else MORE if 2 * upper <= 0.05 else FEWER if 2 * lower <= 0.05 else None
        if not stretches or stretches[-1][0] != side:
            stretches.append((side, []))
        stretches[-1][1].append((day, n, lower, upper))
    chances = []
    for side, members in stretches:
        if side == NONE_AT_ALL:
            chances += [math.prod(lower for *_, lower, _ in members)] + [1.0] * (len(members) - 1)
        else:
            chances += [min(1.0, 2 * min(lower, upper)) for *_, lower, upper in members]
    left, rows = rates(chances), []
    for side, members in stretches:
        mine, left = left[: len(members)], left[len(members) :]
        if side and min(mine) <= 0.1:
            found = row(side, members, min(mine), days)
            rows += [found] * (not found["usual_from"] <= found["n"] <= found["usual_to"])
    return rows[::-1]


def row(side, members, q, days):
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
        "n": sum(n for _, n, *_ in members),
        "usual": float(middle),
        "usual_from": float(low),
        "usual_to": float(high),
        "stretches": len(alike),
        "q": q,
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
