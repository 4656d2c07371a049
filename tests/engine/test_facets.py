"""Facets against plain loops, and against the selections that their rows stand for."""

from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.corpus.loader import load_corpus
from analytics.engine.facets import FACET, FACETS, without_facet
from analytics.engine.slice import Slice
from analytics.errors import AnalyticsError
from analytics.selection.selection import Selection, from_pairs
from tests.corpora import article, articles, corpus_of, part_of, selections, write
from tests.plain import NONE, chosen, records_of

OWN = {
    "collection": ("collections",),
    "topic": ("topics",),
    "provider": ("providers",),
    "type": ("types",),
    "state": ("states",),
    "heat_state": ("heat_states",),
    "year": ("start", "end"),
}
"""Key of a facet → the fields of a selection that are its own."""

LABELS = {
    "collection": lambda item: (item.collection,),
    "topic": lambda item: item.topics or (NONE,),
    "provider": lambda item: (item.provider or NONE,),
    "type": lambda item: (item.kind or NONE,),
    "state": lambda item: (item.state,),
    "heat_state": lambda item: (item.heat_state,),
    "year": lambda item: (f"{item.day.year:04}" if item.day else NONE,),
}
LACKING = {"topic": "topics", "provider": "provider", "type": "type", "year": "published_at"}


def counted(records, selection, key):
    """Label → its articles in a loop, the selection's own part for the key left out."""
    parts = dict.fromkeys(OWN[key], None if key == "year" else ())
    values = {field: getattr(selection, field) for field in Selection.__dataclass_fields__}
    lacks = tuple(field for field in selection.lacks if field != LACKING.get(key))
    left = chosen(records, Selection(**(values | parts | {"lacks": lacks})))
    return Counter(label for item in left for label in LABELS[key](item))


def drill_down(selection, key, row):
    """The selection that a row of a facet stands for."""
    if row["start"] is not None:
        pairs = [("from", str(row["start"].date())), ("to", str(row["end"].date()))]
    else:
        pairs = [(row["parameter"], row["value"])]
    return from_pairs([*without_facet(selection, key).pairs(), *pairs])


def rows_of(table):
    return table.astype("object").where(table.notna(), None).to_dict("records")


@pytest.mark.slow
@given(listed=articles(), some=selections(), followed=st.sampled_from(list(FACETS)))
def test_a_facet_is_that_of_a_loop(listed, some, followed):
    corpus, records = corpus_of(listed), records_of(listed)
    for selection in (Selection(), some):
        for key in FACETS:
            table = Slice(corpus, selection).facet(key)
            FACET.check(table)
            expected = counted(records, selection, key)
            found = {row["label"]: row["n"] for row in rows_of(table)}
            assert {label: n for label, n in found.items() if n} == expected, key
            named = {label for field in OWN[key] if key != "year" for label in getattr(selection, field)}
            assert {row["label"] for row in rows_of(table) if row["chosen"] and row["label"] != NONE} >= named
            assert table["total"].tolist() == [len(table)] * len(table)
            for row in rows_of(table) if key == followed else ():
                assert Slice(corpus, drill_down(selection, key, row)).n == row["n"], row


def rows(data: Slice, key: str, top: int = 30) -> list[tuple[str, int, bool]]:
    table = data.facet(key, top)
    return list(table[["label", "n", "chosen"]].itertuples(index=False, name=None))


FIVE = [
    article(provider="Alpha", topics=["AI", "Law"], published=True, kind="video", at="2023-05-01", heat=5),
    article(provider="Alpha", topics=["AI"], published=False, at="2023-12-31T23:59:59Z", heat=-1),
    article(provider="Beta", topics=["Law"], published=True, at="2024-01-01T00:00:00Z"),
    article(provider="Gamma", topics=["AI"], published=True, at="2024-06-01"),
    article(),
]


def test_a_facet_leaves_out_its_own_part_and_no_other() -> None:
    data = part_of(FIVE, providers=("Beta",), states=("published",))
    assert rows(data, "provider") == [("Alpha", 1, False), ("Beta", 1, True), ("Gamma", 1, False)]
    assert rows(data, "state") == [("published", 1, True)]
    assert rows(data, "topic") == [("Law", 1, False)]
    assert rows(data, "heat_state") == [("missing", 1, False)]
    assert rows(data, "type") == [("(none)", 1, False)]


def test_what_is_named_is_shown_even_when_it_is_rare_or_nowhere() -> None:
    data = part_of(FIVE, providers=("Gamma", "Nobody"))
    assert rows(data, "provider", 1) == [("Alpha", 2, False), ("Gamma", 1, True), ("Nobody", 0, True)]
    assert data.facet("provider", 1)["total"].tolist() == [5, 5, 5]
    assert rows(part_of(FIVE, lacks=("provider",)), "provider", 1) == [("Alpha", 2, False), (NONE, 1, True)]
    assert rows(part_of(FIVE), "topic", 0) == []


def test_years_stand_in_order_and_carry_their_days() -> None:
    table = part_of(FIVE, start=date(2023, 1, 1), end=date(2023, 12, 31)).facet("year")
    assert list(table[["label", "n", "chosen"]].itertuples(index=False, name=None)) == [
        ("2024", 2, False),
        ("2023", 2, True),
        (NONE, 1, False),
    ]
    assert table["start"].dt.date.tolist()[:2] == [date(2024, 1, 1), date(2023, 1, 1)]
    assert table["end"].dt.date.tolist()[:2] == [date(2024, 12, 31), date(2023, 12, 31)]
    assert table["parameter"].fillna("-").tolist() == ["-", "-", "lacks"]


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [
        (date(2023, 1, 1), date(2023, 12, 31), {"2023"}),
        (date(2022, 1, 1), date(2024, 12, 31), {"2022", "2023", "2024"}),
        (date(2023, 1, 1), date(2024, 12, 30), set()),
        (date(2023, 1, 2), date(2023, 12, 31), set()),
        (date(2023, 1, 1), None, set()),
        (date(1, 1, 1), date(9999, 12, 31), {"0001", "2023", "2024", "9999"}),
    ],
)
def test_a_year_is_chosen_when_the_range_is_one_of_whole_years(start, end, named) -> None:
    table = part_of(FIVE, start=start, end=end).facet("year")
    assert set(table.loc[table["chosen"], "label"]) == named


def test_a_topic_counts_what_is_under_it_when_the_selection_does(tmp_path: Path) -> None:
    listed = [article(topics=["Solar", "Roofs"]), article(topics=["Roofs"]), article(topics=["Wind"])]
    taxonomy = write(tmp_path, listed) / "_data/topics"
    taxonomy.mkdir(parents=True)
    for name, parent in (("Solar", "Energy"), ("Roofs", "Solar"), ("Wind", "Energy"), ("Gone", "Lost")):
        (taxonomy / f"{name}.yaml").write_text(f"name: {name}\nparent: {parent}\n")
    corpus = load_corpus(tmp_path, cache=False)
    assert rows(Slice(corpus), "topic") == [("Roofs", 2, False), ("Solar", 1, False), ("Wind", 1, False)]
    below = Slice(corpus, Selection(topics=("Solar",), subtopics=True))
    assert rows(below, "topic") == [
        ("Energy", 3, False),
        ("Roofs", 2, False),
        ("Solar", 2, True),
        ("Wind", 1, False),
    ]
    for row in rows_of(below.facet("topic")):
        assert Slice(corpus, drill_down(below.selection, "topic", row)).n == row["n"]


@pytest.mark.parametrize("key", list(FACETS))
def test_every_row_of_the_sample_stands_for_its_articles(sample, key: str) -> None:
    selection = Selection(words="solar", states=("published",), quality_min=40)
    table = Slice(sample, selection).facet(key, 5)
    assert len(table) > 0
    for row in rows_of(table):
        assert Slice(sample, drill_down(selection, key, row)).n == row["n"]


def test_what_is_no_facet_is_refused() -> None:
    with pytest.raises(AnalyticsError, match=r"no facet 'domain'\. There are collection, topic, provider"):
        part_of([article()]).facet("domain")


def test_nothing_has_no_labels() -> None:
    for key in FACETS:
        table = part_of([]).facet(key)
        FACET.check(table)
        assert isinstance(table, pd.DataFrame)
        assert table.empty
