"""Places shared out by weight, and draws that only chance decides."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from analytics.reviews.agenda import SEED_MAX, allocate_places, random_sample

LONG = {name: [f"{name}{number}" for number in range(50)] for name in "abc"}


@pytest.mark.parametrize(
    ("weights", "places", "expected"),
    [
        ({"a": 5, "b": 3, "c": 2}, 10, {"a": 5, "b": 3, "c": 2}),
        ({"a": 5, "b": 3, "c": 2}, 20, {"a": 10, "b": 6, "c": 4}),
        ({"a": 1, "b": 1, "c": 1}, 4, {"a": 2, "b": 1, "c": 1}),
        ({"a": 5, "b": 0}, 3, {"a": 3}),
        ({"a": 0}, 3, {}),
        ({"a": 5}, 0, {}),
    ],
)
def test_each_list_gets_its_share(weights: dict[str, int], places: int, expected: dict[str, int]) -> None:
    assert Counter(allocate_places(LONG, weights, places).values()) == expected


def test_the_first_of_each_list_come_first_and_none_comes_twice() -> None:
    lists = {"a": ["x", "y", "z"], "b": ["x", "y", "w"]}
    assert allocate_places(lists, {"a": 1, "b": 1}, 3) == {"x": "a", "y": "b", "z": "a"}
    assert allocate_places(lists, {"a": 1, "b": 1}, 3, frozenset("xw")) == {"y": "a", "z": "a"}


def test_a_list_that_runs_short_leaves_its_places_to_the_others() -> None:
    lists = LONG | {"a": ["a0"]}
    assert Counter(allocate_places(lists, {"a": 5, "b": 2, "c": 1}, 10).values()) == {"a": 1, "b": 6, "c": 3}


@given(
    st.dictionaries(st.sampled_from("abcd"), st.lists(st.integers(0, 30).map(str), unique=True, max_size=20)),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 5)),
    st.integers(0, 40),
    st.frozensets(st.integers(0, 30).map(str), max_size=5),
)
def test_as_many_as_there_are_and_no_more(
    lists: dict[str, list[str]], weights: dict[str, int], places: int, taken: frozenset[str]
) -> None:
    called = allocate_places(lists, weights, places, taken)
    weighed = {path for name, paths in lists.items() if weights.get(name) for path in paths}
    assert len(called) == min(places, len(weighed - taken))
    for path, name in called.items():
        assert weights[name] > 0
        earlier = lists[name][: lists[name].index(path)]
        assert set(earlier) <= {*called, *taken}


NAMES = [f"_news/{number:04}.md" for number in range(20)]


def test_a_draw_depends_on_the_seed_and_on_nothing_else() -> None:
    assert random_sample(NAMES, 4, 7) == random_sample(NAMES[::-1], 4, 7)
    assert random_sample(NAMES, 3, 7) == random_sample(NAMES, 4, 7)[:3]
    assert random_sample(NAMES, 4, 7) != random_sample(NAMES, 4, 8)
    without = [name for name in NAMES if name != random_sample(NAMES, 20, 7)[-1]]
    assert random_sample(without, 4, 7) == random_sample(NAMES, 4, 7)
    assert sorted(random_sample(NAMES, 50, SEED_MAX)) == NAMES
    assert random_sample([], 3, 0) == []


def test_a_draw_is_the_same_on_every_system() -> None:
    assert random_sample(NAMES, 3, 1) == ["_news/0013.md", "_news/0012.md", "_news/0018.md"]


def test_each_name_is_drawn_as_often_as_any_other() -> None:
    seeds, n, k = 2000, len(NAMES), 5
    counts = Counter(name for seed in range(seeds) for name in random_sample(NAMES, k, seed))
    share = k / n
    away = sum((counts[name] - seeds * share) ** 2 for name in NAMES)
    statistic = away / (seeds * share * (1 - share)) * (n - 1) / n  # without return: counts of one draw exclude others
    assert chi2.sf(statistic, n - 1) > 0.01


def test_draws_of_neighbouring_seeds_have_no_more_in_common_than_by_chance() -> None:
    n, k = len(NAMES), 5
    samples = [set(random_sample(NAMES, k, seed)) for seed in range(2001)]
    common = [len(one & other) for one, other in pairwise(samples)]
    expected = k * k / n
    deviation = np.sqrt(k * (k / n) * (1 - k / n) * (n - k) / (n - 1) / len(common))
    assert abs(np.mean(common) - expected) < 3 * deviation
