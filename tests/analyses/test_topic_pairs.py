"""Topics that meet in one article: pairs, and the network of them."""

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.topics.pairs import topic_network, topic_pairs
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.analyses.test_topics_ranked import umbrellas_by_loop
from tests.corpora import Article, article, articles, corpus_of, part_of, real_corpus, real_selections, selections
from tests.plain import chosen, near, records_in, records_of, rows_of, wilson


def pairs_by_loop(records, selection, minimum):
    data, left_out = chosen(records, selection), sorted(umbrellas_by_loop(records))
    names = sorted({topic for item in data for topic in item.topics} - set(left_out))
    rows = []
    for place, a in enumerate(names):
        for b in names[place + 1 :]:
            both = sum(a in item.topics and b in item.topics for item in data)
            if both >= minimum:
                rows.append(row(a, b, both, data) | {"topics": len(names), "left_out": "; ".join(left_out) or None})
    return sorted(rows, key=lambda found: (-found["n"], found["topic_a"], found["topic_b"]))


def row(a, b, both, data):
    n_a, n_b = (sum(name in item.topics for item in data) for name in (a, b))
    either, total = n_a + n_b - both, len(data)
    measure = 1.0 if both == total else math.log(both * total / (n_a * n_b)) / -math.log(both / total)
    counts = {"n": both, "n_a": n_a, "n_b": n_b, "either": either, "total": total}
    shares = dict(zip(("share_both", "low", "high"), wilson(both, either), strict=True))
    return {"topic_a": a, "topic_b": b} | counts | shares | {"npmi": measure}


@pytest.mark.slow
@given(listed=articles(max_size=20), selection=selections(), minimum=st.sampled_from([1, 2, 5]))
def test_pairs_are_those_of_a_loop(listed: list[Article], selection: Selection, minimum: int) -> None:
    data = Slice(corpus_of(listed), selection)
    expected = pairs_by_loop(records_of(listed), selection, minimum)
    assert rows_of(topic_pairs(data, minimum=minimum)) == near(expected)
    edges = topic_network(data, minimum=minimum)
    assert rows_of(edges[list(topic_pairs(data, minimum=minimum).columns)]) == near(expected)
    ends = edges[["x_a", "y_a", "x_b", "y_b"]]
    assert ends.notna().all(axis=None)
    assert ends.abs().le(1.5).all(axis=None)


@pytest.mark.shared
@real_selections
def test_pairs_of_a_real_site_are_those_of_a_loop(shared: Callable[[str], Path], selection: Selection) -> None:
    folder = shared("powerapps")
    table = topic_pairs(Slice(real_corpus(folder), selection), minimum=1)
    assert rows_of(table) == near(pairs_by_loop(records_in(folder), selection, 1))


def with_topics(**counts):
    """So many articles with the topics that each name spells, a letter a topic, and all under News."""
    return [article(topics=["News", *name]) for name, n in counts.items() for _ in range(n)]


def test_a_pair_without_other_ties_does_not_press_the_others_together() -> None:
    """Each of A to L meets the next two; Y and Z meet only each other."""
    ring = "ABCDEFGHIJKL"
    tied = [*(f"{a}{ring[(n + step) % 12]}" for n, a in enumerate(ring) for step in (1, 2)), "YZ"]
    edges = topic_network(part_of(with_topics(**dict.fromkeys(tied, 2))), minimum=2)
    ends = [edges[[f"topic_{side}", f"x_{side}", f"y_{side}"]].set_axis(["topic", "x", "y"], axis=1) for side in "ab"]
    places = pd.concat(ends).drop_duplicates("topic").set_index("topic").astype("float64")
    assert [tuple(places[axis].agg(["min", "max"])) for axis in "xy"] == [(-1.0, 1.0)] * 2
    for topic, place in places.iterrows():
        others = places.drop(topic)
        assert (((others - place) ** 2).sum(axis=1) ** 0.5).min() > 0.2, topic
    of_ring = places.drop(["Y", "Z"])
    assert (of_ring.max() - of_ring.min()).min() > 1


def test_measures_by_hand() -> None:
    """A on 4 of 8 articles, B on 4, both on 3: 3 of 5 with either, log2(3/8 / (1/2 · 1/2)) / log2(8/3)."""
    table = topic_pairs(part_of(with_topics(AB=3, A=1, B=1, C=3)), minimum=3)
    (found,) = rows_of(table)
    assert (
        found
        == near(
            [
                {"topic_a": "A", "topic_b": "B", "n": 3, "n_a": 4, "n_b": 4, "either": 5, "total": 8}
                | dict(zip(("share_both", "low", "high"), wilson(3, 5), strict=True))
                | {"npmi": math.log2(1.5) / math.log2(8 / 3), "topics": 3, "left_out": "News"}
            ]
        )[0]
    )


def test_two_clusters_are_two_groups_named_by_their_most_frequent_topic() -> None:
    listed = with_topics(AB=6, AC=6, BC=6, A=3, XY=6, YZ=6, XZ=6, Z=9, CX=5)
    table = topic_network(part_of(listed))
    groups = dict(zip(table["topic_a"], table["group_a"], strict=True)) | dict(
        zip(table["topic_b"], table["group_b"], strict=True)
    )
    assert groups == dict.fromkeys("ABC", "C") | dict.fromkeys("XYZ", "Z")
    assert topic_network.finding(table) == (
        "6 of 6 topics are tied by 7 pairs, in 2 groups around C (3), Z (3). Left out as umbrella: News."
    )


def test_a_topic_has_one_place_in_all_its_edges_and_the_same_in_each_drawing() -> None:
    data = part_of(with_topics(AB=6, AC=6, BC=6, CX=5))
    table = topic_network(data)
    places = {
        (end[f"topic_{side}"], end[f"x_{side}"], end[f"y_{side}"], end[f"group_{side}"])
        for end in rows_of(table)
        for side in "ab"
    }
    assert len(places) == 4
    assert topic_network(data).equals(table)


NOTHING = "No two topics beside the umbrella topics share enough articles."


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], NOTHING),
        (with_topics(**{"": 20}), NOTHING),
        (with_topics(AB=4, C=9), NOTHING),
        (
            [article(topics=["A", "B"])] * 5 + [article(topics=["C"])] * 9 + [article()],
            "A and B meet most often: on 5 of 15 articles. No pair meets clearly more often than by chance (0 pairs "
            "compared).",
        ),
        (
            with_topics(AB=6, A=10, B=10, CD=5, C=1, E=9),
            "A and B meet most often: on 6 of 41 articles. No pair meets clearly more often than by chance "
            "(1 pair compared). Left out as umbrella: News.",
        ),
        (
            with_topics(AB=8, A=3, B=3, CD=5, C=1, E=29),
            "A and B meet most often: on 8 of 49 articles. 1 of 1 pair compared meets more often than by chance; the "
            "largest NPMI (0.65) is that of A and B, 57% [33, 79] of the 14 with either. Left out as umbrella: News.",
        ),
    ],
    ids=["nothing", "umbrella only", "too few", "one pair", "two pairs", "one clear"],
)
def test_pairs_finding(listed: list[Article], said: str) -> None:
    assert topic_pairs.finding(topic_pairs(part_of(listed))) == said


def test_network_finding_without_edges() -> None:
    assert topic_network.finding(topic_network(part_of(with_topics(A=9)))) == NOTHING
