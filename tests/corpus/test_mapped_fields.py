"""Front matter of other kinds of sites as fields of the record: each kind as its own pages have it, and any key."""

import json
import time
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.corpus.field_map import AUTHORS, FIELD_MAP, FIELD_NAMES
from analytics.corpus.loader import Corpus, load_corpus
from analytics.corpus.parsing import article, files_to_tables, front_matter
from analytics.corpus.parsing.field_readers import Problem
from analytics.corpus.record_fields import PRESENCE
from analytics.corpus.sources.base import SourceFile

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
MIDNIGHT = datetime(2024, 3, 5, tzinfo=UTC)


def rows(text: str, path: str = "posts/some-title.md") -> article.Rows:
    front = front_matter.read(text.encode(), expected=True)
    assert front is not None
    return article.rows(path, front)


def of(yaml: str, path: str = "posts/some-title.md") -> article.Rows:
    return rows(f"---\n{yaml}\n---\n", path)


class OneFile(NamedTuple):
    """A source of one file that is not on the disk."""

    data: bytes
    name: str = "one"
    key: str = "one"
    version: str | None = None

    def entries(self) -> list[SourceFile]:
        return [SourceFile("a.md", "article", len(self.data), 0, 0)]

    def read(self, path: str) -> bytes:
        assert path == "a.md"
        return self.data


def read(found: article.Rows) -> dict[str, Any]:
    """What an article has of the fields that other keys can stand for."""
    columns = [*(PRESENCE[name] for name in FIELD_NAMES.values() if name != "topics"), "provider_authors"]
    values = {column: found.article[column] for column in columns if found.article[column] is not None}
    return values | {"topics": [row["topic"] for row in found.topics]}


def sources(found: article.Rows) -> dict[str, str]:
    return {row["field"]: row["key"] for row in found.sources}


SITES = {
    "Jekyll": (
        "_posts/2024-03-05-some-title.md",
        """---
layout: post
title:  "Welcome"
date:   2024-03-05 13:00:00 +0100
categories: [jekyll, update]
author: Jane Doe
published: false
image: /assets/a.png
---
""",
        {
            "title": "Welcome",
            "published_at": NOON,
            "published": False,
            "provider": "Jane Doe",
            "provider_authors": "Jane Doe",
            "image_url": "/assets/a.png",
            "topics": ["jekyll", "update"],
        },
        {"published_at": "date", "topics": "categories", "provider": "author", "image": "image"},
        {"layout"},
    ),
    "Hugo": (
        "content/posts/some-title/index.md",
        """+++
title = 'Welcome'
date = 2024-03-05T12:00:00Z
draft = true
summary = 'In short.'
tags = ['a', 'b']
categories = ['c']
externalUrl = 'https://www.wick.example/a'
[cover]
image = 'a.png'
alt = 'A lamp'
+++
""",
        {
            "title": "Welcome",
            "excerpt": "In short.",
            "published_at": NOON,
            "published": False,
            "provider": "wick.example",
            "domain": "wick.example",
            "url": "https://www.wick.example/a",
            "image_url": "a.png",
            "topics": ["a", "b"],
        },
        {
            "excerpt": "summary",
            "published_at": "date",
            "published": "draft",
            "topics": "tags",
            "url": "externalUrl",
            "provider": "externalUrl",
            "domain": "externalUrl",
            "image": "cover",
        },
        {"categories"},
    ),
    "Eleventy": (
        "blog/2024-03-05-some-title.md",
        """---json
{"title": "Welcome", "description": "In short.", "tags": ["a"], "authors": [{"name": "Jane"}, "Joe"]}
---
""",
        {
            "title": "Welcome",
            "excerpt": "In short.",
            "published_at": MIDNIGHT,
            "provider": "Jane",
            "provider_authors": "Jane; Joe",
            "topics": ["a"],
        },
        {"excerpt": "description", "published_at": "file name", "topics": "tags", "provider": "authors"},
        set(),
    ),
    "Astro": (
        "src/content/blog/some-title.mdx",
        """---
title: 'Welcome'
description: 'In short.'
pubDate: 'Mar 05 2024'
heroImage: '../a.jpg'
---
""",
        {
            "title": "Welcome",
            "excerpt": "In short.",
            "published_at": MIDNIGHT,
            "image_url": "../a.jpg",
            "topics": [],
        },
        {"excerpt": "description", "published_at": "pubDate", "image": "heroImage"},
        set(),
    ),
    "Zola": (
        "content/some-title.md",
        """+++
title = "Welcome"
path = "2024/03/05/some-title"
authors = ["Jane", "Joe"]
[taxonomies]
tags = ["a", "b"]
[extra]
source = "The Wick"
link = "https://wick.example/a"
+++
""",
        {
            "title": "Welcome",
            "published_at": MIDNIGHT,
            "provider": "The Wick",
            "provider_authors": "Jane; Joe",
            "domain": "wick.example",
            "url": "https://wick.example/a",
            "topics": ["a", "b"],
        },
        {
            "published_at": "path",
            "topics": "taxonomies.tags",
            "url": "extra.link",
            "provider": "extra.source",
            "domain": "extra.link",
        },
        {"authors"},
    ),
    "Pelican": (
        "content/some-title.md",
        "Title: Welcome\nDate: 2024-03-05 12:00\nCategory: c\nTags: a, b\nAuthors: Jane; Joe; Jane\n"
        "Summary: In short.\n"
        "Status: draft\n\nThe body.",
        {
            "title": "Welcome",
            "excerpt": "In short.",
            "published_at": NOON,
            "published": False,
            "provider": "Jane",
            "provider_authors": "Jane; Joe",
            "topics": ["a", "b"],
        },
        {
            "title": "Title",
            "excerpt": "Summary",
            "published_at": "Date",
            "published": "Status",
            "topics": "Tags",
            "provider": "Authors",
            "category": "Category",
        },
        set(),
    ),
}


@pytest.mark.parametrize("kind", SITES)
def test_a_page_of_each_kind_of_site_is_read_as_it_is(kind: str) -> None:
    path, text, values, keys, unknown = SITES[kind]
    found = rows(text, path)
    assert read(found) == values
    assert sources(found) == keys
    assert found.unknown == unknown
    assert {problem.code for problem in found.problems} <= {"date_only", "naive_time", "odd_opening"}


RECORD = """title: A
excerpt: B
publishedDateTime: 2024-03-05T12:00:00Z
published: true
topics: [x]
originalUrl: https://a.example/1
provider: {name: P, domain: a.example}
images: [{url: /a.png}]"""
OTHERS = """headline: Z
description: Z
date: 2020-01-01
draft: true
tags: [z]
link: https://z.example/1
source: Z
authors: [Z]
image: /z.png"""


def test_what_the_record_has_itself_always_wins() -> None:
    plain, mixed = of(RECORD), of(f"{OTHERS}\n{RECORD}")
    assert (mixed.article, mixed.topics, mixed.images) == (plain.article, plain.topics, plain.images)
    assert (mixed.sources, mixed.problems) == ([], [])
    assert mixed.unknown == {line.partition(":")[0] for line in OTHERS.splitlines()}


VALUES = {
    "title": "A",
    "excerpt": "B",
    "publishedDateTime": "2024-03-05T12:00:00Z",
    "topics": "[x, y]",
    "originalUrl": "https://a.example/1",
    "images": "[{url: /a.png}]",
}


@given(st.data())
def test_any_key_of_the_map_in_any_spelling_gives_what_the_record_gives(data: st.DataObject) -> None:
    expected = read(of("\n".join(f"{name}: {value}" for name, value in VALUES.items())))
    lines, taken = [], set[str]()
    for name, value in VALUES.items():
        free = [key for key in (name, *FIELD_MAP[name]) if key.partition(".")[0] not in taken and key != "published"]
        first, dot, inner = data.draw(st.sampled_from(free)).partition(".")
        taken.add(first)
        spelling = data.draw(st.sampled_from([str, str.upper, str.lower, lambda key: f"{key[:2]}_{key[2:]}"]))
        lines.append(f"{spelling(first)}: {{{spelling(inner)}: {value}}}" if dot else f"{spelling(first)}: {value}")
    found = read(of("\n".join(data.draw(st.permutations(lines)))))
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-03-05", MIDNIGHT),
        ("2024/3/5", MIDNIGHT),
        ("Mar 5, 2024", MIDNIGHT),
        ("Tue Mar 05 2024", MIDNIGHT),
        ("5th March 2024", MIDNIGHT),
        ("Tue, 05 Mar 2024 12:00:00 GMT", NOON),
        ("Tue, 5 Mar 2024 7:00 EST", NOON),
        ("2024-03-05 8:00:00 -4", NOON),
        ("2024-03-05T12:00:00.000Z", NOON),
        ("2024-03-05 13:00:00 +0100", NOON),
    ],
)
def test_dates_as_other_sites_write_them(written: str, moment: datetime) -> None:
    assert of(f"date: '{written}'").article["published_at"] == moment


@pytest.mark.parametrize("written", ["03/05/2024", "5.3.2024", "soon", "2024", "2024-13-05", "Mai 5, 2024"])
def test_a_date_that_could_be_misread_is_a_problem_under_its_own_key(written: str) -> None:
    found = of(f"title: A\ndate: {written}")
    assert found.article["published_at"] is None
    assert [(problem.field, problem.code) for problem in found.problems] == [("date", "not_a_time")]
    assert found.sources == []


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("posts/2024-03-05-a.md", "file name"),
        ("posts/2024-03-05.md", "file name"),
        ("posts/2024-03-05-a/index.md", "file name"),
        ("posts/2024/03/05/a.md", "folder"),
        ("posts/2024/03/05-a.md", "folder"),
        ("posts/2024-13-05-a.md", None),
        ("posts/2024/03/a.md", None),
    ],
)
def test_a_date_of_the_path_is_the_last_resort_and_named_as_such(path: str, key: str | None) -> None:
    found = of("title: A", path)
    assert found.article["published_at"] == (MIDNIGHT if key else None)
    assert found.article["date_only"] is (True if key else None)
    assert sources(found) == ({"published_at": key} if key else {})
    assert found.problems == [
        Problem("path", "date_only", "2024-03-05") if key else Problem("publishedDateTime", "missing_date", "")
    ]
    assert of("title: A\nquality: 5", path).article["published_at"] is None


@pytest.mark.parametrize(
    ("yaml", "published", "problems"),
    [
        ("draft: false", True, []),
        ("draft: yes", False, []),
        ('draft: "true"', False, ["boolean_as_text"]),
        ("draft: maybe", None, ["not_boolean"]),
        ("status: published", True, []),
        ("status: new", None, []),
        ("published: 2024-03-05", None, ["date_only"]),
        ("published: 2024-03-05\ndraft: true", False, ["date_only"]),
        ("published: 2024-03-05\ndate: 2024-03-05", None, ["date_only"]),
        ("published: maybe", None, ["not_boolean"]),
    ],
)
def test_whether_an_article_is_published(yaml: str, published: bool | None, problems: list[str]) -> None:
    found = of(f"title: A\n{yaml}")
    assert found.article["published"] is published
    assert [problem.code for problem in found.problems if problem.code != "missing_date"] == problems


@pytest.mark.parametrize(
    ("yaml", "provider", "domain", "authors"),
    [
        ("source: The Wick\nauthor: J", "The Wick", None, "J"),
        ("source: https://www.wick.example/a\nauthor: J", "wick.example", "wick.example", "J"),
        ("source: {name: The Wick, url: 'https://wick.example/a'}", "The Wick", "wick.example", None),
        ("author: {name: J, url: x}", "J", None, "J"),
        ("author: 'Doe, Jane'", "Doe, Jane", None, "Doe, Jane"),
        ("authors: [J, K]", "J", None, "J; K"),
        ("author: {twitter: x}", None, None, None),
        ("link: /a/relative/one", None, None, None),
        ("link: 'https://[bad/a'", None, None, None),
        ("provider: The Wick\nauthor: J", "The Wick", None, None),
    ],
)
def test_the_provider_is_an_outlet_else_a_domain_else_an_author(
    yaml: str, provider: str | None, domain: str | None, authors: str | None
) -> None:
    row = of(yaml).article
    assert (row["provider"], row["domain"], row["provider_authors"]) == (provider, domain, authors)


@pytest.mark.parametrize(
    ("yaml", "topics", "problems"),
    [
        ("tags: one two", ["one two"], [("tags", "topic_as_text")]),
        ("tags: one; two, three", ["one", "two, three"], []),
        ("tags: [one, one]", ["one"], [("tags.1", "repeated_topic")]),
        ("tags: [{name: one}, {slug: x}]", ["one"], []),
        ("tags: []\ncategories: [c]", ["c"], []),
        ("tags: {a: 1}\nkeywords: a, b", ["a", "b"], []),
        ("tags: [!x one]", [], [("tags.0", "tagged")]),
        ("topics: a, b\ntags: [c]", ["a, b"], [("topics", "topic_as_text")]),
    ],
)
def test_topics(yaml: str, topics: list[str], problems: list[tuple[str, str]]) -> None:
    found = of(f"title: A\ndate: 2024-03-05T12:00:00Z\n{yaml}")
    assert read(found)["topics"] == topics
    assert [(problem.field, problem.code) for problem in found.problems] == problems


@pytest.mark.parametrize(
    ("yaml", "urls"),
    [
        ("images: [/a.png, /b.png]", ["/a.png", "/b.png"]),
        ("images: /a.png", ["/a.png"]),
        ("cover: {src: /a.png}", ["/a.png"]),
        ("image: [{url: /a.png}, /b.png, 5, {}]", ["/a.png", "/b.png"]),
        ("image: {alt: nothing}", []),
    ],
)
def test_images(yaml: str, urls: list[str]) -> None:
    assert [row["url"] for row in of(yaml).images] == urls


def test_a_long_text_that_is_no_address_costs_no_more_than_its_length() -> None:
    start = time.process_time()
    assert of(f"link: 'http://{'a' * 300_000} x'\ndate: '2024-03-05{' ' * 300_000}x'").article["url"] is None
    assert time.process_time() - start < 1


def test_what_a_table_holds_besides_is_not_read() -> None:
    found = of("extra: {tags: [a], team: b, release: true}\nparams: {x: 1}\nkeywords: z")
    assert found.unknown == {"extra.team", "extra.release", "params", "keywords"}


def test_problems_across_articles_are_named_by_the_key_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "2024-03-05-a.md").write_text("---\ntitle: A\ndate: 2024-03-08T12:00:00Z\n---\n")
    (tmp_path / "2024-03-05-b.md").write_text(
        "---\ntitle: B\npubDate: 2050-01-01T12:00:00Z\nlink: https://a.b/c\n---\n"
    )
    (tmp_path / "2024-03-05-c.md").write_text("---\nTitle: B\nwebUrl: https://a.b/c\n---\n")
    corpus = load_corpus(tmp_path, today=date(2024, 3, 9), cache=False, workers=1)
    assert corpus.problems[["path", "field", "code"]].to_numpy().tolist() == [
        ["2024-03-05-a.md", "date", "name_date_differs"],
        ["2024-03-05-b.md", "pubDate", "date_in_future"],
        ["2024-03-05-b.md", "title", "duplicate_title"],
        ["2024-03-05-c.md", "Title", "duplicate_title"],
        ["2024-03-05-c.md", "publishedDateTime", "missing_date"],
    ]


ODD_TEXTS = st.text() | st.sampled_from(["2024-03-05", "Feb 31, 2024", "https://[x/", "a;b"])
JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ODD_TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "url", "src", "link", "tags", "secured"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([key for keys in FIELD_MAP.values() for key in keys]), JSON_LIKE, max_size=8))
def test_whatever_stands_under_a_key_a_file_ends_as_rows(fields: dict[str, Any]) -> None:
    source = OneFile(json.dumps(fields).encode())
    tables = files_to_tables.parse_files(source, source.entries())
    assert tables["articles"].num_rows + (tables["files"]["state"][0].as_py() != "article") == 1


SAMPLE_AS_BEFORE_THE_MAP = {
    "articles": "e3494fb84bd18f5a",
    "topics": "86955054a60cd446",
    "images": "2fc353b3151b841a",
    "related": "699367180dd3b90b",
    "unknown_fields": "134ea42f00457d6f",
}
"""Digests of the sample's frames, made by the program that had no map of keys."""

ARTICLE_COLUMNS = (
    "path collection category type title excerpt published_at file_date quality heat heat_state published "
    "provider domain provider_publishers provider_authors url original_url web_url amp_url cdn_amp_url image_url "
    "image_width image_height image_cached topic_count image_count related_count related_best_quality deleted "
    "highlight locale updated_at has_secured has_featured_content body_chars"
)
"""The columns that articles had then; what came later is not compared."""


def test_the_record_is_read_as_it_was_before_there_was_a_map(sample: Corpus) -> None:
    frames = {name: getattr(sample, name) for name in SAMPLE_AS_BEFORE_THE_MAP}
    frames["articles"] = frames["articles"][ARTICLE_COLUMNS.split()]
    digests = {name: sha256(frame.to_csv().encode()).hexdigest()[:16] for name, frame in frames.items()}
    assert digests == SAMPLE_AS_BEFORE_THE_MAP
    assert sample.field_sources.empty


def test_every_key_of_the_map_stands_for_one_field_only() -> None:
    """But for those whose value tells what it is."""
    keys = [key for keys in (*FIELD_MAP.values(), AUTHORS) for key in keys]
    assert {key for key in keys if keys.count(key) > 1} == {"source", "extra.source"}
