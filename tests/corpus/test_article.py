"""One record to its rows: every field lands in its column, and what must not leave the record does not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from analytics.corpus.parsing import front_matter
from analytics.corpus.parsing.article import Rows, collection, rows
from analytics.corpus.parsing.field_readers import MAX_ENTRIES, Problem
from analytics.corpus.parsing.files_to_tables import SCHEMAS

PATH = "_news/2024-03-05-a-lamp.md"
RECORD = """---
category: news
title: "A Lamp: that \\"thinks\\""
excerpt: "It dims&nbsp;itself..."
publishedDateTime: 2024-03-04T23:30:00-02:00
updatedDateTime: 2024-03-06T08:00:00Z
originalUrl: "https://lamp.example/a?ref=1"
webUrl: "https://lamp.example/a"
ampWebUrl: "https://lamp.example/a.amp"
cdnAmpWebUrl: "https://cdn.example/c/lamp.example/a.amp"
type: article
quality: 89
heat: 99
published: true
deleted: false
highlight: true
locale: en-us
price: 0

provider:
  name: Lamp Weekly
  domain: Lamp.Example
  founded: 1999
  publishers:
    - Lumen House
  authors:
    - name: A. Wick
      role: editor
    - B. Bulb
  images:
    - url: "https://lamp.example/logo.png"
      width: 50
      height: 51

topics:
  - Computer Vision
  - AI

images:
  - url: "https://lamp.example/a.jpg"
    width: 1050
    height: 550
    isCached: true
    title: The lamp
    alt: a lamp
  - url: "https://lamp.example/b.jpg"

related:
  - title: "Another lamp"
    excerpt: "It glows."
    publishedDateTime: 2024-03-01T00:18:00Z
    webUrl: "https://bulb.example/b"
    type: video
    provider:
      name: Bulb Post
      domain: Bulb.example
      city: Bulbville
    quality: 39
    members: 3
    images:
      - url: "https://bulb.example/b.jpg"
        width: 1200
        height: 675
        isCached: false
  - title: "A third lamp"
    originalUrl: "https://wick.example/c"
    provider: Wick Times
    quality: 45

featuredContent: '<iframe src="https://embed.example/x9y8"></iframe>'
secured: "c2VjcmV0IHdpY2s="
---

The body.
"""
FORBIDDEN = ("embed.example", "iframe", "x9y8", "c2VjcmV0")


def read(text: str, path: str = PATH) -> Rows:
    front = front_matter.read(text.encode())
    assert front is not None
    return rows(path, front)


def of(yaml: str) -> Rows:
    """The rows of a record that has a title and a time besides the fields given."""
    return read(f"---\ntitle: A\npublishedDateTime: 2024-03-05T00:00:00Z\n{yaml}\n---\n")


def codes(found: Rows) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in found.problems]


def test_every_field_lands_in_its_column() -> None:
    expected = {
        "path": PATH,
        "collection": "news",
        "category": "news",
        "type": "article",
        "title": 'A Lamp: that "thinks"',
        "excerpt": "It dims&nbsp;itself...",
        "published_at": datetime(2024, 3, 5, 1, 30, tzinfo=UTC),
        "date_only": False,
        "file_date": date(2024, 3, 5),
        "quality": 89,
        "heat": 99,
        "heat_state": "ranked",
        "published": True,
        "provider": "Lamp Weekly",
        "domain": "lamp.example",
        "provider_publishers": "Lumen House",
        "provider_authors": "A. Wick; B. Bulb",
        "url": "https://lamp.example/a",
        "original_url": "https://lamp.example/a?ref=1",
        "web_url": "https://lamp.example/a",
        "amp_url": "https://lamp.example/a.amp",
        "cdn_amp_url": "https://cdn.example/c/lamp.example/a.amp",
        "image_url": "https://lamp.example/a.jpg",
        "image_width": 1050,
        "image_height": 550,
        "image_cached": True,
        "topic_count": 2,
        "image_count": 2,
        "related_count": 2,
        "related_best_quality": 45,
        "deleted": False,
        "highlight": True,
        "locale": "en-us",
        "updated_at": datetime(2024, 3, 6, 8, tzinfo=UTC),
        "has_secured": True,
        "has_featured_content": True,
        "body_chars": 9,
    }
    found = read(RECORD)
    assert found.article == expected
    assert found.problems == []
    assert set(expected) == set(SCHEMAS["articles"].names)


def test_topics_keep_their_order() -> None:
    assert read(RECORD).topics == [
        {"path": PATH, "position": 0, "topic": "Computer Vision"},
        {"path": PATH, "position": 1, "topic": "AI"},
    ]


def test_related_stories() -> None:
    assert read(RECORD).related == [
        {
            "path": PATH,
            "position": 0,
            "title": "Another lamp",
            "excerpt": "It glows.",
            "published_at": datetime(2024, 3, 1, 0, 18, tzinfo=UTC),
            "url": "https://bulb.example/b",
            "type": "video",
            "provider": "Bulb Post",
            "domain": "bulb.example",
            "quality": 39,
            "image_count": 1,
        },
        {
            "path": PATH,
            "position": 1,
            "title": "A third lamp",
            "excerpt": None,
            "published_at": None,
            "url": "https://wick.example/c",
            "type": None,
            "provider": "Wick Times",
            "domain": None,
            "quality": 45,
            "image_count": 0,
        },
    ]


def test_images_know_their_owner() -> None:
    shown = [
        (row["owner"], row["owner_position"], row["position"], row["url"], row["width"], row["height"], row["cached"])
        for row in read(RECORD).images
    ]
    assert sorted(shown, key=str) == [
        ("article", None, 0, "https://lamp.example/a.jpg", 1050, 550, True),
        ("article", None, 1, "https://lamp.example/b.jpg", None, None, None),
        ("provider", None, 0, "https://lamp.example/logo.png", 50, 51, None),
        ("related", 0, 0, "https://bulb.example/b.jpg", 1200, 675, False),
    ]
    assert [row["title"] for row in read(RECORD).images if row["owner"] == "article"] == ["The lamp", None]


def test_unknown_fields_are_named_wherever_they_stand() -> None:
    found = read(RECORD)
    assert found.unknown == {"price", "provider.founded", "images.alt", "related.members", "related.provider.city"}


def test_what_is_secret_or_embedded_is_in_no_row() -> None:
    found = read(RECORD)
    everything = repr((found.article, found.topics, found.images, found.related, found.problems, found.unknown))
    assert "https://lamp.example/a" in everything
    assert [text for text in FORBIDDEN if text in everything] == []


@pytest.mark.parametrize("value", ["[c2VjcmV0]", "{c2VjcmV0: c2VjcmV0}", "!c2VjcmV0 c2VjcmV0", "c2VjcmV0\nsecured: x"])
def test_a_secured_field_of_any_kind_is_only_there(value: str) -> None:
    found = of(f"secured: {value}")
    assert found.article["has_secured"] is True
    assert "c2VjcmV0" not in repr(found)


@pytest.mark.parametrize("value", ["", "~", '""'])
def test_an_empty_secured_field_is_not_there(value: str) -> None:
    article = of(f"secured: {value}\nfeaturedContent: {value}").article
    assert (article["has_secured"], article["has_featured_content"]) == (False, False)


def test_a_record_without_fields_is_all_missing() -> None:
    found = read("---\n---\n", "note.md")
    there = {name: value for name, value in found.article.items() if value is not None}
    assert there == {
        "path": "note.md",
        "collection": "(root)",
        "heat_state": "missing",
        "topic_count": 0,
        "image_count": 0,
        "related_count": 0,
        "has_secured": False,
        "has_featured_content": False,
        "body_chars": 0,
    }
    assert set(found.article) == set(SCHEMAS["articles"].names)
    assert codes(found) == [("title", "missing_title"), ("publishedDateTime", "missing_date")]
    assert (found.topics, found.images, found.related, found.unknown) == ([], [], [], set())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("_news/x.md", "news"),
        ("_archive/_news/x.md", "archive/news"),
        ("_learning/videos/x.md", "learning/videos"),
        ("_samples/a/b/x.md", "samples/a/b"),
        ("__news/my_notes/x.md", "news/my_notes"),
        ("x.md", "(root)"),
        ("_x.md", "(root)"),
        ("content/posts/some-title/index.md", "content/posts"),
        ("some-title/index.md", "(root)"),
        ("_news/index.html", "news"),
        ("index.html", "(root)"),
        ("posts/2024/05/x.md", "posts"),
        ("posts/2024-05-06/x.md", "posts"),
        ("2024/x.md", "(root)"),
        ("1984-the-book/x/y.md", "1984-the-book/x"),
    ],
)
def test_collection(path: str, expected: str) -> None:
    assert collection(path) == expected


@pytest.mark.parametrize("title", ["", "~", '""', '"  "', '"\\n"'])
def test_a_blank_title_is_a_missing_one(title: str) -> None:
    found = read(f"---\ntitle: {title}\npublishedDateTime: 2024-03-05\n---\n")
    assert found.article["title"] is None
    assert codes(found) == [("publishedDateTime", "date_only"), ("title", "missing_title")]


@pytest.mark.parametrize(
    ("yaml", "heat", "state", "noted"),
    [
        ("heat: 99", 99, "ranked", []),
        ("heat: 0", 0, "ranked", []),
        ("heat: -1", -1, "unranked", []),
        ('heat: "-1"', -1, "unranked", [("heat", "number_as_text")]),
        ("heat:", None, "missing", []),
        ("", None, "missing", []),
        ("heat: -2", None, "missing", [("heat", "out_of_range")]),
        ("heat: hot", None, "missing", [("heat", "not_whole")]),
    ],
)
def test_heat_and_its_state(yaml: str, heat: int | None, state: str, noted: list[tuple[str, str]]) -> None:
    found = of(yaml)
    assert (found.article["heat"], found.article["heat_state"], codes(found)) == (heat, state, noted)


@pytest.mark.parametrize(
    ("yaml", "quality", "noted"),
    [
        ("quality: 0", 0, []),
        ("quality:", None, []),
        ("quality: -1", None, [("quality", "out_of_range")]),
        ("quality: 1\nquality: 2", None, [("quality", "duplicate_key")]),
        ("quality: !!int 1", None, [("quality", "tagged")]),
    ],
)
def test_quality_is_never_a_guess(yaml: str, quality: int | None, noted: list[tuple[str, str]]) -> None:
    found = of(yaml)
    assert (found.article["quality"], codes(found)) == (quality, noted)


@pytest.mark.parametrize(
    ("yaml", "url"),
    [
        ("webUrl: w\noriginalUrl: o", "w"),
        ("originalUrl: o", "o"),
        ('webUrl: ""\noriginalUrl: o', "o"),
        ("webUrl: w", "w"),
        ("ampWebUrl: a", None),
    ],
)
def test_url_is_the_web_address_else_the_original_one(yaml: str, url: str | None) -> None:
    assert of(yaml).article["url"] == url


@pytest.mark.parametrize(
    ("yaml", "topics", "noted"),
    [
        ("topics: [AI, Law]", [(0, "AI"), (1, "Law")], []),
        ("topics: AI", [(0, "AI")], [("topics", "topic_as_text")]),
        ('topics: "AI, Law"', [(0, "AI, Law")], [("topics", "topic_as_text")]),
        ("topics: [AI, Law, AI]", [(0, "AI"), (1, "Law")], [("topics.2", "repeated_topic")]),
        ("topics: [AI, ~, '', Law]", [(0, "AI"), (3, "Law")], []),
        ("topics: [AI, [Law], {a: b}]", [(0, "AI")], [("topics.1", "not_text"), ("topics.2", "not_text")]),
        ("topics: {a: b}", [], [("topics", "not_a_list")]),
        ("topics: []", [], []),
        ("topics:", [], []),
        ("topics: ''", [], []),
        ("topics: !x AI", [], [("topics", "tagged")]),
        ("topics: [!x AI, NO, 5]", [(1, "NO"), (2, "5")], [("topics.0", "tagged")]),
        ("topics: AI\ntopics: Law", [], [("topics", "duplicate_key")]),
        ("topics: &t [*t, AI]", [(1, "AI")], [("topics.0", "not_text")]),
    ],
)
def test_topics(yaml: str, topics: list[tuple[int, str]], noted: list[tuple[str, str]]) -> None:
    found = of(yaml)
    assert [(row["position"], row["topic"]) for row in found.topics] == topics
    assert (found.article["topic_count"], codes(found)) == (len(topics), noted)


@pytest.mark.parametrize(
    ("yaml", "provider", "domain", "noted"),
    [
        ("provider: Alpha", "Alpha", None, [("provider", "provider_as_text")]),
        ("provider: ''", None, None, []),
        ("provider: {name: Alpha}", "Alpha", None, []),
        ("provider: {domain: A.Example}", None, "a.example", []),
        ("provider: {name: a.example, domain: a.example}", "a.example", "a.example", []),
        ("provider: [Alpha]", None, None, [("provider", "not_a_record")]),
        ("provider: !x Alpha", None, None, [("provider", "tagged")]),
        ("provider: !x {name: Alpha}", None, None, [("provider", "tagged")]),
        ("provider: {name: [Alpha], domain: a}", None, "a", [("provider.name", "not_text")]),
        ("provider: {name: A, name: B, domain: a}", None, "a", [("provider.name", "duplicate_key")]),
    ],
)
def test_provider(yaml: str, provider: str | None, domain: str | None, noted: list[tuple[str, str]]) -> None:
    found = of(yaml)
    assert (found.article["provider"], found.article["domain"], codes(found)) == (provider, domain, noted)


@pytest.mark.parametrize(
    ("yaml", "names", "noted"),
    [
        ("A", "A", []),
        ("[A, B]", "A; B", []),
        ("[{name: A}, B, {role: x}]", "A; B", []),
        ("[]", None, []),
        ("[[A]]", None, [("provider.authors.0", "not_text")]),
        ("{name: A}", None, [("provider.authors", "not_a_list")]),
    ],
)
def test_authors(yaml: str, names: str | None, noted: list[tuple[str, str]]) -> None:
    found = of(f"provider:\n  authors: {yaml}")
    assert (found.article["provider_authors"], codes(found)) == (names, noted)


def test_faults_of_related_stories_name_their_place() -> None:
    yaml = """related:
- title: a
  quality: high
- just text
- provider: [x]
  publishedDateTime: soon
  images: {url: x}
- title: d
  quality: "7"
  provider: {domain: [y]}
  images: [{url: x, width: 10px, isCached: 1}]"""
    found = of(yaml)
    assert [(row["position"], row["title"], row["quality"], row["image_count"]) for row in found.related] == [
        (0, "a", None, 0),
        (2, None, None, 0),
        (3, "d", 7, 1),
    ]
    assert sorted(codes(found)) == [
        ("related.0.quality", "not_whole"),
        ("related.1", "not_a_record"),
        ("related.2.images", "not_a_list"),
        ("related.2.provider", "not_a_record"),
        ("related.2.publishedDateTime", "not_a_time"),
        ("related.3.images.0.isCached", "not_boolean"),
        ("related.3.images.0.width", "not_whole"),
        ("related.3.provider.domain", "not_text"),
        ("related.3.quality", "number_as_text"),
    ]
    assert (found.article["related_count"], found.article["related_best_quality"]) == (3, 7)


def test_related_stories_without_a_score_have_no_best() -> None:
    assert of("related: [{title: a}, {title: b}]").article["related_best_quality"] is None


def test_the_first_readable_image_is_the_image_of_the_article() -> None:
    found = of("images: [text, {url: x, width: 5}]")
    columns = ("image_url", "image_width", "image_height", "image_cached", "image_count")
    assert [found.article[column] for column in columns] == ["x", 5, None, None, 1]
    assert found.problems == [Problem("images.0", "not_a_record", "text")]


def test_a_list_is_read_up_to_its_limit() -> None:
    found = of("topics: [" + ", ".join(f"t{number}" for number in range(MAX_ENTRIES + 2)) + "]")
    assert found.article["topic_count"] == MAX_ENTRIES
    assert found.problems == [Problem("topics", "too_many_entries", f"{MAX_ENTRIES + 2} entries")]


def test_a_byte_order_mark_is_noted() -> None:
    assert codes(read("\ufeff" + RECORD)) == [("", "byte_order_mark")]


@pytest.mark.parametrize("name", ["title", "excerpt", "category", "type", "locale", "webUrl", "originalUrl"])
@pytest.mark.parametrize("value", ["[a]", "{a: b}"])
def test_a_text_field_that_is_no_text(name: str, value: str) -> None:
    fields: dict[str, Any] = {"title": "A", "publishedDateTime": "2024-03-05T00:00:00Z"} | {name: value}
    found = read("---\n" + "\n".join(f"{key}: {text}" for key, text in fields.items()) + "\n---\n")
    assert codes(found) == [(name, "not_text")]
