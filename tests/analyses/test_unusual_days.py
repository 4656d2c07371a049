"""Unusual days."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given

from analytics.analyses.timeline import FEWER, MORE, NONE_AT_ALL, unusual_days
from analytics.catalog import VIEWS
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
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


def tails(n, size, chance):
    """The chances of as few and of as many."""
    mean = size * (1 - chance) / chance
    below = math.fsum(pmf(k, size, chance) for k in range(n))
    here = above = last = pmf(n, size, chance)
    k = n + 1
    while k < mean or last > 1e-18 * above:
        last = pmf(k, size, chance)
        above += last
        k += 1
    return below + here, above


def quantile(share, size, chance):
    """The least count up to which at least that share lies."""
    k, below = 0, pmf(0, size, chance)
    while below < share:
        k += 1
        below += pmf(k, size, chance)
    return k


def rates(chances):
    """False discovery rates by Benjamini and Hochberg."""
    found, least = [1.0] * len(chances), 1.0
    for rank, place in reversed(list(enumerate(sorted(range(len(chances)), key=chances.__getitem__), 1))):
        least = min(least, chances[place] * len(chances) / rank)
        found[place] = least
    return found


def ratio(pairs):
    """The ratio of the sums, at least 0, and two standard errors more."""
    below = max(math.fsum(b for _, b in pairs), 1e-9)
    found = math.fsum(a for a, _ in pairs) / below
    error = math.sqrt(math.fsum((a - found * b) ** 2 for a, b in pairs)) / below
    return max(found, 0) + 2 * error


class Usual:
    """What is usual by the days (each with its count) that are not set aside."""

    def __init__(self, days, aside):
        self.kept = [(day, n, monday(day)) for place, (day, n) in enumerate(days) if place not in aside]
        self.levels, self.found = {}, {}
        mean = []
        for number in range(7):
            counts = [n for day, n, _ in self.kept if day.weekday() == number]
            mean.append((sum(counts) + 0.5) / max(len(counts), 1))
        self.share = [value * 7 / sum(mean) for value in mean]
        self.weeks = sorted({monday(day) for day, _ in days})
        self.of_weeks, self.of_days = {}, {}
        for week in self.weeks:
            level, n, shares, _ = self.level(week, week, "both")
            here = [(day.weekday(), count) for day, count, its_week in self.kept if its_week == week]
            above = [count - level * self.share[weekday] for weekday, count in here]
            mean = [level * self.share[weekday] for weekday, _ in here]
            more = 1 + 7 / max(shares, 1)
            squares, expected = sum(value**2 for value in above), sum(value**2 for value in mean)
            products, pairs = sum(above) ** 2 - squares, sum(mean) ** 2 - expected
            self.of_weeks[week] = (products - pairs / (n + 0.5), pairs * more)
            self.of_days[week] = (squares - sum(mean) - expected / (n + 0.5), expected * more)

    def level(self, first, last, where):
        """Articles a day, articles, shares and days of the six weeks before, after, or both, those of a run."""
        if (first, last, where) not in self.levels:
            start = first if where == "after" else first - timedelta(weeks=6)
            end = last if where == "before" else last + timedelta(weeks=6)
            near = [kept for kept in self.kept if start <= kept[2] < first or last < kept[2] <= end]
            n, shares = sum(n for _, n, _ in near), sum(self.share[day.weekday()] for day, *_ in near)
            self.levels[first, last, where] = (n + 0.5) / max(shares, 1), n, shares, len(near)
        return self.levels[first, last, where]

    def dispersions(self, first, last):
        """Between weeks and within weeks, by those outside of a run."""
        if (first, last) not in self.found:
            others = [week for week in self.weeks if not first <= week <= last]
            between, both = (ratio([of[week] for week in others]) for of in (self.of_weeks, self.of_days))
            self.found[first, last] = between, max(both - between, 0)
        return self.found[first, last]

    def expected(self, run, where="both"):
        """Mean, size and chance of what a run of days has, and the days that it is judged by."""
        first, last = monday(run[0]), monday(run[-1])
        level, n, shares, nearby = self.level(first, last, where)
        between, within = self.dispersions(first, last)
        mean = level * sum(self.share[day.weekday()] for day in run)
        above = (1 / (n + 0.5) + (7 * between + within) / max(shares, 1)) * mean**2
        for week in {monday(day) for day in run}:
            here = [self.share[day.weekday()] for day in run if monday(day) == week]
            above += level**2 * (between * sum(here) ** 2 + within * sum(value**2 for value in here))
        size = mean**2 / above
        return mean, size, size / (size + mean), nearby

    def chances(self, run, n):
        """The chances of so few and so many: the larger ones of those by the weeks before and after."""
        found = [(1.0, 1.0)]
        for where in ("before", "after"):
            mean, size, chance, nearby = self.expected(run, where)
            if nearby >= 28:
                lower, upper = (chance**size, 1.0) if n == 0 else tails(n, size, chance)
                found.append((lower, 1.0) if n < mean else (1.0, upper))
        return [max(chances) for chances in zip(*(found[1:] or found), strict=True)]


def monday(day):
    return day - timedelta(days=day.weekday())


def by_loop(records, selection):
    days = days_of(records, selection)
    if len(days) < 70 or not any(n for _, n in days):
        return []
    aside = far_out(days)
    for _ in range(5):
        usual = Usual(days, aside)
        runs = [run for run in judged(days, usual) if run[0] and run[3] <= 0.1]
        now = {place for _, places, *_ in runs for place in places}
        if now == aside:
            break
        aside = now
    return [row(reason, places, q, days, usual) for reason, places, _, q in runs][::-1]


def far_out(days):
    """The places of the days that are set aside at first: of runs that may hide each other."""
    aside, found = set(), set()
    for _ in range(min(10, len(days) // 70)):
        runs = judged(days, Usual(days, aside))
        left = [run for run in runs if run[0] and not {run[1][0], run[1][-1]} <= aside]
        if not left:
            break
        _, places, _, q = min(left, key=lambda run: run[2])
        first, last = (monday(days[places[end]][0]) for end in (0, -1))
        aside = aside | {place for place, (day, _) in enumerate(days) if first <= monday(day) <= last}
        found = aside if q <= 0.1 else found
    return found


def judged(days, usual):
    """All runs of days on one side: reason, places, the least chance and the false discovery rate."""
    runs, chances = [], []
    for place, (day, n) in enumerate(days):
        lower, upper = usual.chances([day], n)
        reason = NONE_AT_ALL if n == 0 else MORE if 2 * upper <= 0.05 else FEWER if 2 * lower <= 0.05 else ""
        if not runs or runs[-1][0] != reason:
            runs.append((reason, []))
        runs[-1][1].append(place)
        chances.append(min(1.0, 2 * min(lower, upper)))
    for reason, places in runs:
        if reason == NONE_AT_ALL:
            for place in places:
                chances[place] = 1.0
            chances[places[0]] = usual.chances([days[place][0] for place in places], 0)[0]
    q = rates(chances)
    return [(reason, places, min(chances[p] for p in places), min(q[p] for p in places)) for reason, places in runs]


def row(reason, places, q, days, usual):
    run = [days[place][0] for place in places]
    mean, size, chance, nearby = usual.expected(run)
    return {
        "first_day": run[0],
        "last_day": run[-1],
        "days": len(run),
        "reason": reason,
        "n": sum(days[place][1] for place in places),
        "usual": mean,
        "usual_from": quantile(0.05, size, chance),
        "usual_to": quantile(0.95, size, chance),
        "nearby": nearby,
        "q": q,
        "judged": len(days),
    }


@pytest.mark.slow
@given(listed=articles(), selection=selections())
def test_table_is_that_of_a_loop(listed, selection):
    table = unusual_days(Slice(corpus_of(listed), selection))
    assert rows_of(table) == near(by_loop(records_of(listed), selection))


@pytest.mark.slow
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
    return [
        (row["first_day"], row["last_day"], row["reason"], row["n"], round(row["usual"], 1)) for row in rows_of(table)
    ]


def test_rush_hole_and_quiet_day_are_found():
    listed = steady(m0110=40, m0111=30, m0207=1, m0226=0, m0227=0)
    table = unusual_days(part_of(listed))
    assert told(table) == [
        (date(2024, 2, 26), date(2024, 2, 27), NONE_AT_ALL, 0, 8),
        (date(2024, 1, 10), date(2024, 1, 11), MORE, 70, 7.7),
    ]
    assert rows_of(table) == near(by_loop(records_of(listed), Selection()))
    assert table["judged"].tolist() == [84, 84]
    assert told(unusual_days(part_of(steady(m0207=1)))) == []


@pytest.mark.slow
def test_far_fewer_than_many_are_found():
    listed = [item for item in steady(m0207=0) for _ in range(5)] + [article(at="2024-02-07")] * 2
    assert told(unusual_days(part_of(listed))) == [(date(2024, 2, 7), date(2024, 2, 7), FEWER, 2, 20)]


@pytest.mark.slow
def test_ten_weeks_are_needed():
    assert len(unusual_days(part_of(steady(weeks=10, m0110=40)))) == 1
    assert unusual_days(part_of(steady(weeks=9, m0110=40))).empty


@pytest.mark.slow
def test_days_after_the_corpus_are_no_hole():
    assert unusual_days(part_of(steady(), end=date(2025, 1, 1), start=date(2023, 1, 1))).empty


def test_finding():
    said = unusual_days.finding(unusual_days(part_of(steady(m0110=40, m0226=0, m0227=0))))
    assert said == (
        "Unusual days or stretches of the selection, in 84 days: 1 with more than usual, 1 with none at all. The "
        "newest of each: 10 January 2024 with 40 (usually 1 to 8); 26 February 2024 to 27 February 2024 with 0 "
        "(usually 4 to 13)."
    )


@pytest.mark.slow
def test_nothing_unusual_and_too_few_days_are_two_answers():
    view = VIEWS["unusual_days"]
    said = [
        view.full_finding(data, view.answer(data)) for data in (part_of(steady(weeks=10)), part_of(steady(weeks=9)))
    ]
    assert said == [
        "No day of the selection stands out.",
        "Too few days to tell which are unusual: 63, and at least 70 (10 weeks) are needed.",
    ]
    assert view.full_finding(part_of([]), view.answer(part_of([]))).startswith(
        "Too few days to tell which are unusual: 0"
    )
