"""Completeness by field, over time and by collection."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.data_health import (
    BANDS,
    completeness_by_collection,
    completeness_by_field,
    completeness_over_time,
    field_sources,
)
from analytics.corpus.loader import load_corpus
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import (
    FAR_AHEAD,
    article,
    articles,
    corpus_of,
    grains,
    part_of,
    real_corpus,
    real_selections,
    selections,
)
from tests.plain import OTHER, calendar, chosen, first_day, grain_for, near, records_in, records_of, rows_of, wilson

HAS = {
    "title": lambda _: True,
    "excerpt": lambda _: False,
    "published_at": lambda item: item.at is not None,
    "type": lambda item: item.kind is not None,
    "category": lambda item: item.category is not None,
    "quality": lambda item: item.quality is not None,
    "heat": lambda item: item.heat is not None,
    "published": lambda item: item.published is not None,
    "provider": lambda item: item.provider is not None,
    "domain": lambda item: item.domain is not None,
    "url": lambda _: False,
    "original_url": lambda _: False,
    "web_url": lambda _: False,
    "amp_url": lambda _: False,
    "image": lambda _: False,
    "topics": lambda item: bool(item.topics),
    "related": lambda _: False,
}
"""What the articles of `tests.corpora` can have."""


def counted(here, field):
    return row(len(here), sum(HAS[field](item) for item in here))


def row(n, present):
    share = wilson(present, n)
    missing = n - present
    if not n:
        band = None
    elif not present:
        band = "missing wholly"
    else:
        limits = {"complete": 0, "good": 0.1, "acceptable": 0.2, "poor": 0.5}
        band = next((name for name, limit in limits.items() if missing <= limit * n + 1e-12), "critical")
    return {"n": n, "present": present, **dict(zip(("share", "low", "high"), share, strict=True)), "band": band}


def fields_of(data):
    return sorted(HAS, key=lambda field: sum(HAS[field](item) for item in data)) if data else []


def by_field(records, selection):
    data = chosen(records, selection)
    return [{"field": field} | counted(data, field) for field in fields_of(data)]


def over_time(records, selection, grain):
    data = chosen(records, selection)
    grain = grain_for(records, selection, grain)
    rows = []
    for period in calendar(records, selection, grain):
        here = [item for item in data if item.day and first_day(item.day, grain) == period.first]
        dates = {"period": period.first, "period_end": period.last, "complete": period.complete}
        rows += [
            dates | {"field": field} | counted(here, field) for field in fields_of(data) if field != "published_at"
        ]
    return rows


def by_collection(records, selection, top):
    data = chosen(records, selection)
    groups = {}
    for item in data:
        folder = "/".join(name.lstrip("_") for name in item.path.split("/")[:-1])
        groups.setdefault(folder, []).append(item)
    ranked = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    named = [(name, 1, here) for name, here in ranked]
    if top and len(ranked) > top + 1:
        rest = [item for _, here in ranked[top:] for item in here]
        named = [*named[:top], (OTHER, len(ranked) - top, rest)]
    return [
        {"collection": name, "collections": pooled, "field": field} | counted(here, field)
        for name, pooled, here in named
        for field in fields_of(data)
    ]


@pytest.mark.slow
@given(listed=articles(), selection=selections())
def test_table_by_field_is_that_of_a_loop(listed, selection):
    table = completeness_by_field(Slice(corpus_of(listed), selection))
    assert rows_of(table) == near(by_field(records_of(listed), selection))


@pytest.mark.slow
@given(listed=articles(), selection=selections(), grain=grains)
def test_table_over_time_is_that_of_a_loop(listed, selection, grain):
    table = completeness_over_time(Slice(corpus_of(listed), selection), grain=grain)
    assert rows_of(table) == near(over_time(records_of(listed), selection, grain))


FOLDERS = ["_news", "_archive/_news", "_learning/videos", "_newsletters"]


@pytest.mark.slow
@given(
    listed=articles(),
    folders=st.lists(st.sampled_from(FOLDERS), min_size=12, max_size=12),
    top=st.sampled_from([0, 1, 2]),
)
def test_table_by_collection_is_that_of_a_loop(listed, folders, top):
    moved = [replace(item, folder=folder) for item, folder in zip(listed, folders, strict=False)]
    data = part_of(moved)
    assert rows_of(completeness_by_collection(data, top=top)) == near(
        by_collection(records_of(moved), data.selection, top)
    )


@pytest.mark.shared
@real_selections
def test_tables_of_a_real_site_are_those_of_a_loop(shared, selection):
    folder = shared("powerapps")
    data, records = Slice(real_corpus(folder), selection), records_in(folder)
    known = {"published_at", "type", "category", "quality", "heat", "published", "provider", "domain", "topics"}
    table = completeness_by_field(data)
    expected = {line["field"]: line for line in by_field(records, selection)}
    found = {line["field"]: line for line in rows_of(table)}
    assert {name: found[name] for name in known} == {name: near([expected[name]])[0] for name in known}


WHOLE = {
    "title": "A",
    "excerpt": "B",
    "publishedDateTime": "2024-01-03T12:00:00Z",
    "type": "article",
    "category": "news",
    "quality": 72,
    "heat": -1,
    "published": False,
    "provider": {"name": "Alpha", "domain": "alpha.example"},
    "originalUrl": "https://alpha.example/a",
    "webUrl": "https://alpha.example/b",
    "ampWebUrl": "https://alpha.example/c",
    "images": [{"url": "https://alpha.example/d.jpg"}],
    "topics": ["AI"],
    "related": [{"title": "C", "webUrl": "https://beta.example/e"}],
}


def without(*names):
    return replace(article(), fields={name: value for name, value in WHOLE.items() if name not in names})


def test_a_whole_record_has_every_field_and_an_unranked_heat_and_a_false_are_there():
    table = completeness_by_field(part_of([without()]))
    assert table["band"].tolist() == ["complete"] * len(HAS)
    assert completeness_by_field.finding(table) == "All 17 fields are complete in the 1 article."


def test_the_least_complete_field_comes_first_and_ties_in_the_order_of_the_record():
    table = completeness_by_field(part_of([without("quality", "images"), without("images", "title"), without()]))
    found = table[["field", "n", "present"]].to_numpy().tolist()
    assert found[:4] == [["image", 3, 1], ["title", 3, 2], ["quality", 3, 2], ["excerpt", 3, 3]]


def test_an_empty_list_is_as_missing_as_none_at_all():
    bare = replace(article(), fields=WHOLE | {"topics": [], "related": [], "images": []})
    table = completeness_by_field(part_of([bare])).set_index("field")
    assert table.loc[["topics", "related", "image"], "present"].tolist() == [0, 0, 0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "band"),
    [
        (0, "complete"),
        (1, "good"),
        (2, "good"),
        (3, "acceptable"),
        (4, "acceptable"),
        (5, "poor"),
        (10, "poor"),
        (11, "critical"),
        (19, "critical"),
        (20, "missing wholly"),
    ],
)
def test_bands_end_at_their_limits(missing, band):
    listed = [without("quality")] * missing + [without()] * (20 - missing)
    table = completeness_by_field(part_of(listed)).set_index("field")
    assert table.loc["quality", "band"] == band
    assert band in BANDS


def test_a_period_without_articles_has_no_share_and_no_band():
    listed = [article(at="2024-01-01", quality=70), article(at="2024-03-31")]
    table = completeness_over_time(part_of(listed), grain="month")
    found = table[table["field"] == "quality"][["period", "n", "present", "share", "band"]]
    assert [(str(line["period"])[:7], *list(line.values())[1:]) for line in rows_of(found)] == [
        ("2024-01", 1, 1, 1.0, "complete"),
        ("2024-02", 0, 0, None, None),
        ("2024-03", 1, 0, 0.0, "missing wholly"),
    ]


def test_the_date_is_not_among_the_fields_over_time():
    table = completeness_over_time(part_of([article(at="2024-01-05"), article()]))
    assert "published_at" not in set(table["field"])
    assert table["n"].max() == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No articles."),
        (
            [without("images")] * 3 + [without()],
            "16 of 17 fields are complete in all 4 articles; "
            "largest gap: Image (images), missing from 3 (present in 25% [5, 70]).",
        ),
        (
            [without("images", "quality"), without("images")],
            "15 of 17 fields are complete in all 2 articles; 1 missing wholly (Image (images)); "
            "largest gap of the rest: Quality, missing from 1 (present in 50% [9, 91]).",
        ),
        ([without("images", "related")], "15 of 17 fields are complete in the 1 article; "
         "2 missing wholly (Image (images), Related)."),
        ([without("images"), *[without()] * 299], "16 of 17 fields are complete in all 300 articles; "
         "largest gap: Image (images), missing from 1 (present in more than 99% [98, 100])."),
    ],
    ids=["nothing", "a gap", "a gap and a field wholly", "wholly", "nearly all"],
)  # fmt: skip
def test_finding_by_field(listed, said):
    assert completeness_by_field.finding(completeness_by_field(part_of(listed))) == said


def months(shares, n=40):
    """`n` articles a month from January 2024 on, of which a share has a score."""
    return [
        article(at=f"2024-{month:02}-{1 + place % 28:02}", quality=70 if place < share * n else None)
        for month, share in enumerate(shares, start=1)
        for place in range(n)
    ]


SPAN = "between the first and the last 3 complete periods (January 2024 to September 2024)"
FEW = "Fewer than three complete periods have articles: too few to say what changed."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], FEW),
        ([article()], FEW),
        (months([1, 1, 1]), FEW),
        (
            months([0.5, 0.4, 0.5, 1, 1, 1, 1, 1, 1, 1]),
            "Quality rose from 47% to 100% of the articles (difference [+29, +78] points, q = 0.02; n = 120 and 120) "
            f"{SPAN}; 1 of 2 fields compared.",
        ),
        (
            months([1] * 6 + [0] * 4),
            "Quality fell from 100% to 0% of the articles (difference [-100, -72] points, q = 0.008; n = 120 and 120) "
            f"{SPAN}; 1 of 2 fields compared.",
        ),
        (months([0.8, 0.9, 1, 1, 1, 1, 0.9, 1, 0.8, 1]), f"No clear change (2 fields compared) {SPAN}."),
        (
            months([0, 1, 1, 1], n=9),
            "Too few articles to tell (n = 9 and 9; at least 10 of a label are needed) between the first and the last "
            "complete period (January 2024 to March 2024).",
        ),
    ],
    ids=["nothing", "no date", "two complete months", "rose", "fell", "chance", "few articles"],
)
def test_finding_over_time(listed, said):
    assert completeness_over_time.finding(completeness_over_time(part_of(listed), grain="month")) == said


def folder(name, n, *, scored):
    return [article(folder=name, quality=70 if place < scored else None) for place in range(n)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No articles."),
        (folder("_news", 3, scored=1), "All 3 articles are in one collection, news."),
        (
            [*folder("_news", 30, scored=30), *folder("_newsletters", 12, scored=3)],
            "newsletters lacks most against the rest: Quality is in 25% (3 of 12), elsewhere in 100% (30 of 30).",
        ),
        (
            [*folder("_news", 30, scored=30), *folder("_newsletters", 9, scored=0)],
            "No collection lacks a field clearly more often than the rest.",
        ),
    ],
    ids=["nothing", "one collection", "a gap", "few articles"],
)
def test_finding_by_collection(listed, said):
    assert completeness_by_collection.finding(completeness_by_collection(part_of(listed))) == said


def test_the_rest_of_the_collections_is_pooled_as_sums():
    listed = [*folder("_a", 3, scored=1), *folder("_b", 2, scored=2), *folder("_c", 1, scored=0)]
    table = completeness_by_collection(part_of(listed), top=1)
    found = table[table["field"] == "quality"][["collection", "collections", "n", "present"]]
    assert found.to_numpy().tolist() == [["a", 1, 3, 1], [OTHER, 2, 3, 2]]


def test_where_fields_come_from(tmp_path):
    texts = {
        "2024-01-01-a.md": "title: A\ntags: [x]",
        "2024-01-02-b.md": "title: B\ntags: [x]\ntopics: [y]\ndate: 2024-01-02",
        "2024-01-03-c.md": "Title: C\ntags: []",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(f"---\n{text}\n---\n")
    corpus = load_corpus(tmp_path, today=FAR_AHEAD, cache=False, workers=1)
    table = field_sources(Slice(corpus))
    assert table.drop(columns="share").to_numpy().tolist() == [
        ["title", "title", "the record's own key", 3, 2],
        ["title", "Title", "another key", 3, 1],
        ["published_at", "file name", "the file's path", 3, 2],
        ["published_at", "date", "another key", 3, 1],
        ["topics", "topics", "the record's own key", 3, 1],
        ["topics", "tags", "another key", 3, 1],
    ]
    assert table["share"].tolist() == [present / 3 for present in (2, 1, 2, 1, 1, 1)]
    assert field_sources.finding(table) == (
        "3 fields came from other keys than the record's own: title from Title (1 of 3 articles), published at from "
        "file name (2), topics from tags (1)."
    )
    one = field_sources(Slice(corpus, Selection(topics=("y",))))
    assert one[["field", "key", "files"]].to_numpy().tolist() == [
        ["title", "title", 1],
        ["published_at", "date", 1],
        ["topics", "topics", 1],
    ]
    whole = field_sources(part_of([article(at="2024-01-03")]))
    assert field_sources.finding(whole) == "Each field came from the record's own key."
    assert field_sources.finding(field_sources(part_of([]))) == "No article has one of these fields."
