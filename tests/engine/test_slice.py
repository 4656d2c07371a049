"""Filters and tallies against a plain loop over the articles."""

import gc
import weakref
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.corpus import table_contracts
from analytics.corpus.loader import load_corpus
from analytics.engine import tally
from analytics.engine.periods import GRAINS
from analytics.engine.slice import Slice
from analytics.engine.slice_of import slice_of
from analytics.engine.tally import MEASURES
from analytics.errors import AnalyticsError
from analytics.selection.fields import STATES, WEEKDAYS
from analytics.selection.selection import Selection, parse
from tests.corpora import TOPICS, article, articles, corpus_of, part_of, selections, write_records
from tests.plain import NONE, OTHER, Record, chosen, first_day, records_of, rows_of

ADDENDS = {
    "published": lambda item: item.state == "published",
    "decided": lambda item: item.state != "unknown",
    "scored": lambda item: item.quality is not None,
    "ranked": lambda item: item.lift is not None,
    "quality": lambda item: item.quality or 0,
    "lift": lambda item: item.lift or 0,
}

SUMS = {f"sum_{name}": name for name in ADDENDS}

VALUES = {
    "provider": lambda item: item.provider or NONE,
    "domain": lambda item: item.domain or NONE,
    "type": lambda item: item.kind or NONE,
    "category": lambda item: item.category or NONE,
    "collection": lambda item: item.collection,
    "heat_state": lambda item: item.heat_state,
    "state": lambda item: item.state,
    "quality": lambda item: item.quality,
    "heat": lambda item: item.heat,
    "lift": lambda item: item.lift,
    "lag": lambda item: item.lag,
    "weekday": lambda item: item.day.strftime("%A") if item.day else NONE,
    "hour": lambda item: item.at.hour if item.at else None,
}


def labels_of(item: Record, keep: list[str] | None) -> set[str]:
    """The topics that an article counts under."""
    return {topic if keep is None or topic in keep else OTHER for topic in item.topics} or {NONE}


def value(item: Record, key: str, topic: str) -> object:
    if key == "topic":
        return topic
    if key in GRAINS:
        return first_day(item.day, key) if item.day else None
    return VALUES[key](item)


def place(key: str, found: object) -> tuple:
    """Where a value stands among its like: what is missing first, states and weekdays in their own order."""
    if found is None or found in (OTHER, NONE):
        return (0, found == NONE)
    own = {"state": STATES, "weekday": WEEKDAYS}.get(key)
    return (1, own.index(found) if own else found)


def by_loop(records: list[Record], keys: list[str], keep: list[str] | None) -> list[dict]:
    """What a tally answers."""
    totals: dict[tuple, Counter] = {}
    for item in records:
        for topic in labels_of(item, keep) if "topic" in keys else {""}:
            group = tuple(value(item, key, topic) for key in keys)
            totals.setdefault(group, Counter())["n"] += 1
            for name, measure in SUMS.items():
                totals[group][name] += int(ADDENDS[measure](item))
    if not keys:
        totals.setdefault((), Counter())
    ordered = sorted(totals, key=lambda group: [place(key, found) for key, found in zip(keys, group, strict=True)])
    return [
        dict(zip(keys, group, strict=True)) | {name: totals[group][name] for name in ("n", *SUMS)} for group in ordered
    ]


KEYS = [key for key in tally.KEYS if key != "story"]
"""The keys whose value an article has by itself; stories are tried in test_stories."""

key_lists = st.lists(st.sampled_from(KEYS), max_size=3, unique=True)


@pytest.mark.slow
@given(
    listed=articles(),
    cases=st.lists(st.tuples(selections(), key_lists), min_size=3, max_size=3),
    keep=st.none() | st.lists(st.sampled_from([*TOPICS, "Nothing"]), max_size=3),
)
def test_tally_is_that_of_a_loop(listed, cases, keep):
    corpus, records = corpus_of(listed), records_of(listed)
    for selection, keys in [(Selection(), ["topic"]), *cases]:
        table = Slice(corpus, selection).tally(*keys, keep_topics=keep, **SUMS)
        assert rows_of(table) == by_loop(chosen(records, selection), keys, keep)


def test_every_key_and_measure_has_its_loop():
    """Fields that an article has are counted by name and are left to the tests of completeness."""
    assert set(KEYS) == {*VALUES, *GRAINS, "topic"}
    assert {name for name in MEASURES if not name.startswith("has_")} == set(ADDENDS)


@pytest.mark.parametrize("key", KEYS)
def test_tally_by_each_key_is_that_of_a_loop(key):
    listed = [
        article(),
        article(at="2023-12-31T23:30:00Z", quality=72, heat=80, published=True, provider="A", topics=["AI", "Law"]),
        article(at="2024-01-01T05:00:00+05:30", quality=37, heat=-1, published=False, domain="a.example", kind="video"),
        article(
            at="1969-12-31T23:59:59Z",
            named="1970-01-02",
            quality=72,
            heat=72,
            category="news",
            topics=["AI"],
            folder="_old/_news",
        ),
    ]
    assert rows_of(part_of(listed).tally(key, **SUMS)) == by_loop(records_of(listed), [key], None)


def test_tally_has_plain_text_whole_numbers_and_days():
    data = part_of([article(at="2024-01-03", quality=72, provider="A")])
    table = data.tally("provider", "quality", "week", "hour", "topic", "weekday")
    assert rows_of(table) == [
        {
            "provider": "A",
            "quality": 72,
            "week": date(2024, 1, 1),
            "hour": 12,
            "topic": NONE,
            "weekday": "Wednesday",
            "n": 1,
        }
    ]
    kinds = ["str", "Int64", "datetime64[us]", "Int64", "str", "str", "Int64"]
    assert table.dtypes.astype(str).tolist() == kinds


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
def test_dtypes_are_the_same_when_nothing_is_chosen(key):
    listed = [article(at="2024-01-03", quality=72, heat=73, provider="A", topics=["AI"])]
    corpus = corpus_of(listed)
    full, empty = (Slice(corpus, Selection(providers=(name,))).tally(key, **SUMS) for name in ("A", "Nobody"))
    assert (len(full), len(empty)) == (1, 0)
    assert full.dtypes.to_dict() == empty.dtypes.to_dict()


def test_articles_without_a_label_are_none():
    listed = [article(), article(provider="A"), article()]
    assert rows_of(part_of(listed).tally("provider")) == [{"provider": NONE, "n": 2}, {"provider": "A", "n": 1}]


def test_article_counts_under_each_of_its_topics():
    listed = [article(topics=["AI", "Law", "AI"]), article(topics=["AI"]), article(topics=[])]
    data = part_of(listed)
    assert data.tally("topic").to_numpy().tolist() == [[NONE, 1], ["AI", 2], ["Law", 1]]
    assert data.tally("topic", keep_topics=["Law"]).to_numpy().tolist() == [[OTHER, 2], [NONE, 1], ["Law", 1]]
    assert data.tally("topic", keep_topics=[]).to_numpy().tolist() == [[OTHER, 2], [NONE, 1]]


def test_tally_without_keys_is_one_row():
    listed = [article(quality=40), article(quality=70, published=True), article(quality=80, published=False)]
    expected = [{"n": 2, "published": 1, "points": 150}]
    assert rows_of(part_of(listed, quality_min=50).tally(published="published", points="quality")) == expected
    assert rows_of(part_of([]).tally(published="published")) == [{"n": 0, "published": 0}]


def test_unranked_heat_is_a_heat_of_its_own_and_no_lift():
    listed = [article(quality=50, heat=-1), article(quality=50, heat=58), article(quality=50), article(heat=58)]
    data = part_of(listed)
    assert rows_of(data.tally("heat")) == [{"heat": None, "n": 1}, {"heat": -1, "n": 1}, {"heat": 58, "n": 2}]
    assert rows_of(data.tally("lift")) == [{"lift": None, "n": 3}, {"lift": 8, "n": 1}]
    assert rows_of(data.tally(lift="lift", ranked="ranked")) == [{"n": 4, "lift": 8, "ranked": 1}]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keys", "sums", "message"),
    [
        (["colour"], {}, "knows no 'colour'"),
        (["published"], {}, "knows no 'published'"),
        (["provider"], {"outlets": "provider"}, "knows no 'provider'"),
        (["quality"], {"quality": "quality"}, "has a column 'quality' already"),
        (["quality"], {"n": "published"}, "has a column 'n' already"),
    ],
)
def test_tally_of_what_there_is_not_is_refused(keys, sums, message):
    with pytest.raises(AnalyticsError, match=message):
        part_of([article()]).tally(*keys, **sums)


@pytest.mark.slow
@given(listed=articles(), some=st.lists(selections(), min_size=3, max_size=3))
def test_articles_are_those_of_a_loop(listed, some):
    corpus, records = corpus_of(listed), records_of(listed)
    for selection in some:
        data, expected = Slice(corpus, selection), chosen(records, selection)
        found = data.articles
        table_contracts.ARTICLES.check(found)
        assert (found["path"].tolist(), data.n) == ([item.path for item in expected], len(expected))
        joined = ["; ".join(item.topics) or None for item in expected]
        assert [None if pd.isna(text) else text for text in data.topics_of(found)] == joined


def paths(listed, **parts):
    return [int(path[-7:-3]) for path in part_of(listed, **parts).articles["path"]]


@pytest.mark.slow
def test_any_of_several_topics_providers_or_states_will_do():
    listed = [
        article(topics=["AI", "Law"], provider="A", published=True),
        article(topics=["Law"], provider="B", published=False),
        article(topics=["Chips"], provider="A"),
        article(),
    ]
    assert paths(listed, topics=("AI", "Chips")) == [0, 2]
    assert paths(listed, providers=("A", "B")) == [0, 1, 2]
    assert paths(listed, states=("published", "unknown")) == [0, 2, 3]
    assert paths(listed, topics=("Law",), providers=("A",)) == [0]
    assert paths(listed, topics=("AI", "No such topic")) == [0]
    assert paths(listed, providers=("No such provider",)) == []
    assert paths(listed, providers=(NONE,)) == []


@pytest.mark.slow
def test_both_days_of_a_range_are_included_in_utc():
    listed = [
        article(at="2023-12-31T23:59:59Z"),
        article(at="2024-01-01T00:00:00Z"),
        article(at="2024-01-31T23:59:59Z"),
        article(at="2024-02-01T00:00:00Z"),
        article(at="2024-02-01T00:30:00+01:00"),
        article(),
    ]
    assert paths(listed, start=date(2024, 1, 1), end=date(2024, 1, 31)) == [1, 2, 4]
    assert paths(listed, start=date(2024, 1, 1)) == [1, 2, 3, 4]
    assert paths(listed, end=date(2024, 1, 31)) == [0, 1, 2, 4]
    assert paths(listed) == [0, 1, 2, 3, 4, 5]


def test_quality_bounds_are_included_and_drop_the_unscored():
    listed = [article(quality=0), article(quality=69), article(quality=70), article()]
    assert paths(listed, quality_min=0) == [0, 1, 2]
    assert paths(listed, quality_max=69) == [0, 1]
    assert paths(listed, quality_min=69, quality_max=69) == [1]


def test_nothing_has_a_date():
    data = part_of([article(quality=70)], start=date(2024, 1, 1))
    assert (data.n, data.span, data.grain(), len(data.calendar("month"))) == (0, None, "day", 0)


@pytest.mark.slow
def test_span_is_that_of_the_selected_articles_unless_chosen_and_known_are_the_days_of_the_corpus_that_are_over():
    listed = [article(at="2024-01-05", provider="A"), article(at="2024-03-07", provider="B")]
    january, march, may = date(2024, 1, 5), date(2024, 3, 7), date(2024, 5, 1)
    assert part_of(listed).span == (january, march, january, march)
    assert part_of(listed, providers=("A",)).span == (january, january, january, march)
    assert part_of(listed, providers=("B",)).span == (march, march, january, march)
    assert part_of(listed, providers=("C",)).span == (january, march, january, march)
    assert part_of(listed, start=may).span == (may, may, may, march)
    assert part_of(listed, end=date(2023, 1, 1)).span == (date(2023, 1, 1), date(2023, 1, 1), january, date(2023, 1, 1))
    assert part_of(listed, start=march, end=may).span == (march, may, march, march)
    assert part_of(listed, start=march, end=date(2027, 1, 1)).span == (march, date(2027, 1, 1), march, march)


def test_what_is_computed_once_per_corpus_is_freed_with_it():
    corpus = replace(corpus_of([article()]))
    assert Slice(corpus).n == 1
    freed = weakref.ref(corpus)
    del corpus
    gc.collect()
    assert freed() is None


def test_a_label_typed_otherwise_finds_those_spelled_so_and_an_exact_one_only_itself() -> None:
    corpus = corpus_of(
        [
            article(topics=["What’s up"]),
            article(topics=["WHAT'S UP"]),
            article(topics=["(None)"]),
            article(provider="O’Reilly – Media"),
        ]
    )

    def found(**chosen: tuple[str, ...]) -> int:
        return Slice(corpus, Selection(**chosen)).n  # type: ignore[arg-type]

    assert (found(topics=("What's up",)), found(topics=("What’s up",))) == (2, 1)
    assert (found(topics_none=("what's up",)), found(providers=("o'reilly - media",))) == (2, 1)
    assert (found(topics=("(none)",)), found(topics=("(None)",)), found(topics=("What",))) == (0, 1, 0)


def test_the_names_that_a_profile_replaces_find_what_is_counted_under_the_new_ones(tmp_path: Path) -> None:
    articles = {
        "a.md": {"title": "A", "topics": ["Flow"], "provider": {"name": "Example Inc."}},
        "b.md": {"title": "B", "topics": ["Flows"], "provider": {"name": "Other"}},
    }
    site = write_records(tmp_path, articles)
    (site / "corpus.yml").write_text(
        "topics: {renames: {Flow: Automate}, groups: {Automate: [Flows]}}\n"
        "providers: {aliases: {Example: [Example Inc.]}}\n"
    )
    corpus = load_corpus(site)

    def found(link: str) -> list[str]:
        return sorted(slice_of(corpus, parse(link)).articles["title"])

    assert found("topic=Flow") == found("topic=Automate") == found("topic=automate") == ["A"]
    assert found("topic_none=Flow") == ["B"]
    assert found("topic=Flow&subtopics=true") == found("topic=automate&subtopics=true") == ["A", "B"]
    assert found("provider=Example+Inc.") == found("provider=Example") == ["A"]


@pytest.mark.parametrize("name", ["news", "_news", "news/", "./_news", "NEWS"])
def test_a_collection_is_found_by_its_folder(tmp_path: Path, name: str) -> None:
    people = {f"_people/{n}.md": {"title": f"P{n}"} for n in range(2)}
    corpus = load_corpus(write_records(tmp_path, {"_news/a.md": {"title": "A", "quality": 50}} | people))
    assert slice_of(corpus, Selection(collections=(name,))).n == 1
