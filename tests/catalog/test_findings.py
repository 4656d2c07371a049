"""Every number of a finding is one of its table's, every share with an interval that of its counts, and no finding of a
change test says up or down where no row of its table does."""

import re
from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analytics.catalog import VIEWS
from analytics.catalog.view import View
from analytics.statistics.change_test import DOWN, UP
from analytics.statistics.intervals import SMALL_N, wilson
from tests.catalog.cases import answered

CASES = (
    ("mid-sized", "all"),
    ("mid-sized", "against the period before"),
    ("around a cut-off", "all"),
    ("stories", "all"),
    ("no scores", "all"),
    ("one bare article", "all"),
)
"""Cases with something to say, each with the numbers of another table."""

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
SHARE = re.compile(
    r"(\d[\d,]*) of (?:its )?(\d[\d,]*)[^();:.]{0,60}\((\d+(?:\.\d)?)% \[(\d+(?:\.\d)?), (\d+(?:\.\d)?)\]"
)
SHARE_OF = re.compile(r"(\d[\d,]*) [a-z]+ \((\d+(?:\.\d)?)% \[(\d+(?:\.\d)?), (\d+(?:\.\d)?)\] of (\d[\d,]*)[^()]*\)")
"""The same with the whole within the brackets: `120 published (50% [44, 56] of 240 decided)`."""
ALWAYS = {95.0, float(SMALL_N), 100.0}
"""The confidence level, the fewest articles, and the whole."""

LIMITS = {"provider_premium": {5.0}, "first_commit_lag": {7.0}, "unusual_days": {10.0}}
"""Limits that a view's sentence names, and its table does not hold."""

WORKED_OUT = {"providers_lorenz", "providers_by_topic", "verdicts_by_reason"}
"""Views whose sentence works out a number anew: a Gini coefficient, how many pairs are enough, shares from and to."""

MOVES = {UP: r"\b(rose|rising|has more|up from|is up)\b", DOWN: r"\b(fell|falling|has less|down from|is down)\b"}


def forms(value: float) -> Iterator[float]:
    """A number as it may be written: rounded, as a percentage, without its sign."""
    for number in (abs(value), 100 * abs(value)):
        yield from (round(number, digits) for digits in range(4))
        yield from (float(f"{number:.{digits}g}") for digits in (2, 3))


def sums_of(table: pd.DataFrame) -> set[float]:
    """What a sentence may count: rows, and sums over all rows, those of a label, those of two."""
    texts = [name for name in table if not is_numeric_dtype(table[name]) or is_bool_dtype(table[name])]
    numbers = table[[name for name in table if name not in texts]].astype("float64").fillna(0)
    found = {float(len(table)), *numbers.sum(), *(numbers != 0).sum()}
    for one, other in combinations(numbers, 2):
        both = numbers[one] - numbers[other], numbers[one] + numbers[other]
        found |= {number for values in both for number in (values.sum(), *values)}
    keys = {name: table[name].astype("str").fillna("(none)") for name in texts if table[name].nunique() < len(table)}
    groups = [[one] for one in keys.values()] + [[a, b] for a, b in product(keys.values(), repeat=2) if a.name < b.name]
    for by in groups:
        grouped = numbers.groupby(by)
        found |= {*grouped.sum().to_numpy().ravel(), *grouped.max().to_numpy().ravel(), *map(float, grouped.size())}
        found |= {*((numbers != 0).groupby(by).sum().to_numpy().ravel()), float(grouped.ngroups)}
    for name in texts:
        found |= {float(table[name].nunique()), float(table[name].notna().sum())}
    return {float(number) for number in found}


def unknown_numbers(told: str, view: View, table: pd.DataFrame) -> Iterator[str]:
    """The numbers of a sentence that the table of a view does not hold, and that cannot be counted from it."""
    counts = sums_of(table)
    known = ALWAYS | LIMITS.get(view.slug, set())
    for name in table:
        if is_numeric_dtype(table[name]) and not is_bool_dtype(table[name]):
            known |= {form for value in set(table[name].dropna().astype("float64")) for form in forms(value)}
    known |= {form for value in counts for form in forms(value)}
    written = " ".join(str(value) for name in table if not is_numeric_dtype(table[name]) for value in set(table[name]))
    said = [float(found.group().rstrip(",").replace(",", "")) for found in NUMBER.finditer(told)]
    whole = sorted({number for number in (*said, *counts) if 0 < number <= 1e6 and number == int(number)})[:400]
    for found, number in zip(NUMBER.finditer(told), said, strict=True):
        if number in known or found.group() in written:
            continue
        digits = 1 if "." in found.group() else 0
        others = [other for other in said if other != number]
        rests = any(number in (a - b, a + b) for a in others for b in (*others, *counts) if b)
        rests = rests or any(number == sum(some) for some in combinations(others, 3))
        shares = any(np.isclose(number, round(100 * k / n, digits)) for k in whole for n in said if n)
        if not rests and not shares and not _is_interval_end(told, found):
            yield f"{found.group()} in {told!r}"


def _is_interval_end(told: str, found: re.Match[str]) -> bool:
    """Whether a number stands in the brackets of a share, which `wrong_shares` recomputes."""
    inside = [(each.start(4), each.end(5)) for each in SHARE.finditer(told)]
    inside += [(each.start(3), each.end(4)) for each in SHARE_OF.finditer(told)]
    return any(start <= found.start() < end for start, end in inside)


def wrong_shares(told: str) -> Iterator[str]:
    """The shares of a sentence, such as `21 of 112 published (19% [13, 27]`, that are not those of their counts."""
    places = [(found, (1, 2), (3, 4, 5)) for found in SHARE.finditer(told)]
    places += [(found, (1, 5), (2, 3, 4)) for found in SHARE_OF.finditer(told)]
    for found, counts, numbers in places:
        hits, n = (int(found[place].replace(",", "")) for place in counts)
        row = wilson(pd.Series([hits]), pd.Series([n])).iloc[0]
        for said, right in zip(found.group(*numbers), (row["share"], row["low"], row["high"]), strict=True):
            if abs(float(said) - 100 * right) > (0.051 if "." in said else 0.51):
                yield f"{found.group()}: {right:.3f}"


def untested_moves(told: str, view: View, table: pd.DataFrame) -> Iterator[str]:
    """The directions in which a sentence says that something moved, and no row of its table does."""
    if not any(column.name == "outcome" and UP in column.meaning for column in view.table.columns):
        return
    for way, words in MOVES.items():
        if re.search(words, told) and way not in set(table["outcome"].dropna().astype("str")):
            yield f"{way} in {told!r}"


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS.values(), ids=lambda view: view.slug)
def test_a_finding_says_only_what_its_table_holds(view: View) -> None:
    for case in CASES:
        table = answered(view.slug, *case)
        told = view.finding(table)
        faults = [*wrong_shares(told), *untested_moves(told, view, table)]
        faults += [] if view.slug in WORKED_OUT else unknown_numbers(told, view, table)
        assert not faults, (case, faults)


def test_what_a_table_does_not_hold_is_found() -> None:
    view, table = VIEWS["topic_changes"], answered("topic_changes", "mid-sized", "against the period before")
    told = view.finding(table)
    assert [*unknown_numbers(told, view, table)] == []
    assert [*unknown_numbers("Topic 1: 7,777 articles.", view, table)] == ["7,777 in 'Topic 1: 7,777 articles.'"]
    assert [*untested_moves("Energy rose.", view, table.assign(outcome=DOWN))] == ["up in 'Energy rose.'"]
    assert [*untested_moves("Energy rose.", view, table.assign(outcome=UP))] == []
    assert [*wrong_shares("9 of 20 (45% [26, 66])")] == [*wrong_shares("9 published (45% [26, 66] of 20)")] == []
    assert [*wrong_shares("9 published (45% [26, 67] of 20)")] == ["9 published (45% [26, 67] of 20): 0.658"]
    assert [*wrong_shares("9 of 20 published (46% [26, 66])")] == ["9 of 20 published (46% [26, 66]: 0.450"]
