"""Contracts of the frames of a corpus; the columns of those that are parsed are declared in `record_fields`."""

from collections.abc import Iterable

from analytics.corpus.record_fields import (
    ARTICLE_FIELDS,
    FIELD_SOURCE_FIELDS,
    IMAGE_FIELDS,
    LINK_FIELDS,
    PROBLEM_FIELDS,
    RELATED_FIELDS,
    TOPIC_FIELDS,
    RecordField,
)
from analytics.schema import Column, Table


def _columns(fields: Iterable[RecordField]) -> tuple[Column, ...]:
    return tuple(Column(field.name, field.kind, field.meaning, field.unit) for field in fields)


ARTICLES = Table("articles", "one row per article file, sorted by path", _columns(ARTICLE_FIELDS))

TOPICS = Table("topics", "one row per topic of an article, in the articles' order", _columns(TOPIC_FIELDS))

IMAGES = Table(
    "images",
    "one row per image of an article, its provider or a related story, in the articles' order",
    _columns(IMAGE_FIELDS),
)

RELATED = Table(
    "related",
    "one row per related story of an article, in the articles' order",
    (*_columns(RELATED_FIELDS), Column("target_path", "text", "the story's own article, when it is in the corpus")),
)

LINKS = Table(
    "links",
    "one row per link in the text below an article's front matter, in the articles' order",
    (*_columns(LINK_FIELDS), Column("target_path", "text", "the article that it leads to, when that is in the corpus")),
)

FIELD_SOURCES = Table(
    "field_sources",
    "one row per field of an article that was read from another key than the record's own, in the articles' order",
    _columns(FIELD_SOURCE_FIELDS),
)

PROBLEMS = Table(
    "problems", "one row per thing found wrong or noted, sorted by path, line, field and code", _columns(PROBLEM_FIELDS)
)

TOPIC_TREE = Table(
    "topic_tree",
    "one row per topic of the taxonomy (_data/topics)",
    (
        Column("path", "text", "taxonomy file"),
        Column("name", "text", "topic"),
        Column("shortname", "text", "short name"),
        Column("parent", "text", "name of the parent topic"),
        Column("description", "text", "what the topic is about"),
        Column("keywords", "text", "words that put an article under the topic, one a line"),
        Column("hashtags", "text", "hashtags, one a line"),
    ),
)

ORGANISATIONS = Table(
    "organisations",
    "one row per organisation of the taxonomy (_data/organizations)",
    (
        Column("path", "text", "taxonomy file"),
        Column("domain", "text", "domain"),
        Column("name", "text", "name of the outlet"),
    ),
)

UNKNOWN_FIELDS = Table(
    "unknown_fields",
    "one row per field name that the program does not read, most frequent first",
    (
        Column("field", "text", "field of the record, dotted for nested ones"),
        Column("n", "whole", "articles that have it", "articles"),
    ),
)
