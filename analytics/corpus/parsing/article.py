"""Front matter of one file → its rows in the frames of a corpus."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from analytics.corpus.field_map import FILE_NAME, FOLDER, OWN_MAP_NAMES
from analytics.corpus.parsing import field_readers
from analytics.corpus.parsing.body_links import MAX_LINKS, MAX_MARKDOWN_CHARS, body_links
from analytics.corpus.parsing.field_readers import Problems
from analytics.corpus.parsing.front_matter import FrontMatter
from analytics.corpus.parsing.mapped_fields import with_missing_fields_filled
from analytics.corpus.record_fields import (
    ALL_COLLECTIONS,
    ARTICLE_FIELDS,
    IMAGE_FIELDS,
    PRESENCE,
    RELATED_FIELDS,
    Kind,
    RecordField,
)
from analytics.corpus.site_profile import PLAIN_READING, ReadingSettings
from analytics.corpus.sources.base import article_folder_and_name
from analytics.text_normalisation import label_form

Row = dict[str, Any]

Reader = Callable[[Any, str, Problems], object]


Readers = dict[str, tuple[str, Reader]]
"""Column → the field of the front matter that it is read from, and the reader of its kind."""


def _readers(fields: Iterable[RecordField], zone: ZoneInfo | None = None) -> Readers:
    """The readers of the columns that are read as they stand; times without a zone are of `zone`."""
    by_kind: dict[Kind, Reader] = {
        "text": field_readers.text,
        "label": field_readers.label,
        "flag": field_readers.flag,
        "time": field_readers.time if zone is None else partial(field_readers.time, zone=zone),
    }
    return {
        each.name: (
            each.read_from,
            partial(field_readers.whole, low=each.low, high=each.high) if each.kind == "whole" else by_kind[each.kind],
        )
        for each in fields
        if each.read_from
    }


def _names_read(fields: Iterable[RecordField], *others: str) -> frozenset[str]:
    """The fields of a record that are read, into a column as they stand or, as `others`, in their own way."""
    return frozenset([each.read_from for each in fields if each.read_from]).union(others)


IMAGE_READERS = _readers(IMAGE_FIELDS)

READ = _names_read(ARTICLE_FIELDS, "provider", "topics", "images", "related", "featuredContent", "secured")
READ_PROVIDER = frozenset(["name", "domain", "images", "publishers", "authors"])
READ_RELATED = _names_read(RELATED_FIELDS, "webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl", "provider", "images")
READ_RELATED_PROVIDER = frozenset(["name", "domain"])
READ_IMAGE = _names_read(IMAGE_FIELDS)


@dataclass
class Rows:
    """What one file adds to each frame."""

    article: Row
    topics: list[Row] = field(default_factory=list)
    images: list[Row] = field(default_factory=list)
    related: list[Row] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    unknown: set[str] = field(default_factory=set)
    sources: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)


def collection(path: str) -> str:
    """Folder of an article without leading underscores and without years, months and days: `_archive/_news/x.md` →
    `archive/news`, `posts/2024/05/x.md` → `posts`; else `(root)`."""
    return collection_of_folder(article_folder_and_name(path)[0])


_DATE_FOLDER = re.compile(r"\d{4}|\d{1,2}|\d{4}-\d{2}(-\d{2})?", re.ASCII)


@lru_cache(maxsize=1024)
def collection_of_folder(folder: str) -> str:
    """Collection of the articles of a folder, such as `_archive/_news` (`collection`)."""
    parts = [name.lstrip("_") for name in folder.split("/") if not _DATE_FOLDER.fullmatch(name)]
    name = label_form("/".join(parts)) or "(root)"
    return f'"{name}"' if name.casefold() == ALL_COLLECTIONS else name


class _Prepared(NamedTuple):
    """A reading as it is used for each file: readers of the article's columns and of those of related stories, old
    topic → new one, another name of a provider → its name."""

    article: Readers
    related: Readers
    renames: dict[str, str]
    aliases: dict[str, str]


@lru_cache(maxsize=8)
def _prepared(reading: ReadingSettings) -> _Prepared:
    zone = ZoneInfo(reading.time_zone) if reading.time_zone else None
    readers = _readers(ARTICLE_FIELDS, zone), _readers(RELATED_FIELDS, zone)
    return _Prepared(*readers, dict(reading.renames), dict(reading.aliases))


def rows(path: str, front: FrontMatter, reading: ReadingSettings = PLAIN_READING) -> Rows:
    """The rows of one article, and the problems of what was refused or is doubtful."""
    others, prepared = front.fields.keys() - READ, _prepared(reading)
    fields, keys = with_missing_fields_filled(front.fields, path, unknown_keys=others, own_map=reading.fields)
    out = Rows({"path": path, "collection": collection(path), "body_chars": front.body_chars})
    _note_unknown(front.fields, READ, "", out)
    for note in front.notes:
        out.problems.add("", note)
    _own_fields(fields, path, prepared.article, out)
    _provider(fields.get("provider"), path, prepared.aliases, out)
    _topics(fields.get("topics"), path, prepared.renames, out)
    _related(fields.get("related"), path, prepared, out)
    _image_columns(fields.get("images"), path, out)
    _links(front.body, path, out)
    if keys:
        _name_keys(keys, front.fields, out)
    return out


def _links(body: str, path: str, out: Rows) -> None:
    html = path.lower().endswith((".html", ".htm"))
    if len(body) > MAX_MARKDOWN_CHARS and not html:
        out.problems.add("", "long_body", f"{len(body):,} characters")
    found = body_links(body, html=html)
    if found.more:
        out.problems.add("", "too_many_links", f"more than {MAX_LINKS:,} links")
    if found.too_long:
        out.problems.add("", "long_link", f"{found.too_long:,} of {found.too_long + len(found.links):,} links")
    out.links.extend(
        {"path": path, "position": position, "url": link.url, "text_kind": link.text_kind}
        for position, link in enumerate(found.links)
    )


def _name_keys(keys: dict[str, str], fields: dict[str, Any], out: Rows) -> None:
    """Note which key stood for a field of the record, name it in the field's problems, and count it as known."""
    for key in set(keys.values()):
        first, _, inner = key.partition(".")
        if inner and first in out.unknown:
            out.unknown.remove(first)
            out.unknown.update(f"{first}.{name}" for name in fields[first])
        out.unknown.discard(key)
    named = {field: "path" if key in (FILE_NAME, FOLDER) else key for field, key in keys.items()}
    for position, problem in enumerate(out.problems):
        field, dot, entry = problem.field.partition(".")
        if field in named:
            out.problems[position] = problem._replace(field=named[field] + (dot + entry if field == "topics" else ""))
    path = out.article["path"]
    for field, name in OWN_MAP_NAMES.items():
        if keys.get(field, field) != field and _has(name, out):
            out.sources.append({"path": path, "field": name, "key": keys[field]})


def _has(name: str, out: Rows) -> bool:
    """Whether an article has something by a field that another key stood for."""
    if name in ("topics", "related"):
        return bool(out.topics if name == "topics" else out.related)
    return out.article[PRESENCE.get(name, name)] is not None


def _note_unknown(record: dict[str, Any], known: frozenset[str], prefix: str, out: Rows) -> None:
    out.unknown.update(prefix + name for name in record.keys() - known)
    if "<<" in record:
        out.problems.add(f"{prefix}<<", "merge_key")


def _values(readers: Readers, record: dict[str, Any], prefix: str, problems: Problems) -> Row:
    """The columns that hold fields of a record as they stand; `prefix` is where the record is in the front matter."""
    return {column: read(record.get(name), f"{prefix}{name}", problems) for column, (name, read) in readers.items()}


def _there(value: Any) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _own_fields(fields: dict[str, Any], path: str, readers: Readers, out: Rows) -> None:
    article, problems = out.article, out.problems
    article |= _values(readers, fields, "", problems)
    dated = any((problem.field, problem.code) == ("publishedDateTime", "date_only") for problem in problems)
    article["date_only"] = None if article["published_at"] is None else dated
    article["url"] = article["web_url"] or article["original_url"]
    article["file_date"] = field_readers.date_at_start_of_file_name(article_folder_and_name(path)[1])
    heat = article["heat"]
    article["heat_state"] = "missing" if heat is None else "unranked" if heat == -1 else "ranked"
    article["has_secured"] = _there(fields.get("secured"))
    article["has_featured_content"] = _there(fields.get("featuredContent"))
    if fields.get("title") is None or not str(fields["title"]).strip():
        problems.add("title", "missing_title")
    if fields.get("publishedDateTime") is None:
        problems.add("publishedDateTime", "missing_date")


def _provider(value: Any, path: str, aliases: dict[str, str], out: Rows) -> None:
    article, problems = out.article, out.problems
    article.update(provider=None, domain=None, provider_publishers=None, provider_authors=None)
    if isinstance(value, str):
        article["provider"] = field_readers.label(value, "provider", problems)
        if article["provider"]:
            problems.add("provider", "provider_as_text", value)
        article["provider"] = aliases.get(article["provider"], article["provider"])
        return
    provider = field_readers.record(value, "provider", problems)
    if provider is None:
        return
    _note_unknown(provider, READ_PROVIDER, "provider.", out)
    name = field_readers.label(provider.get("name"), "provider.name", problems)
    article["provider"] = None if name is None else aliases.get(name, name)
    domain = field_readers.text(provider.get("domain"), "provider.domain", problems)
    article["domain"] = domain.lower() if domain else None
    for name in ("publishers", "authors"):
        article[f"provider_{name}"] = _names(provider.get(name), f"provider.{name}", problems)
    _images(provider.get("images"), "provider.images", out, {"path": path, "owner": "provider", "owner_position": None})


def _names(value: Any, name: str, problems: Problems) -> str | None:
    """People or houses given as one text, a list of texts, or a list of records with a name."""
    if isinstance(value, str):
        return field_readers.text(value, name, problems)
    read = []
    for position, item in enumerate(field_readers.entries(value, name, problems)):
        inner = item.get("name") if isinstance(item, dict) else item
        read.append(field_readers.text(inner, f"{name}.{position}", problems))
    return "; ".join(filter(None, read)) or None


def _topics(value: Any, path: str, renames: dict[str, str], out: Rows) -> None:
    if isinstance(value, str):
        single = field_readers.label(value, "topics", out.problems)
        if single:
            out.problems.add("topics", "topic_as_text", value)
        named = [single]
    else:
        listed = enumerate(field_readers.entries(value, "topics", out.problems))
        named = [field_readers.label(item, f"topics.{position}", out.problems) for position, item in listed]
    seen: set[str] = set()
    for position, written in enumerate(named):
        topic = None if written is None else renames.get(written, written)
        if topic in seen:
            if written == topic and topic not in renames.values():
                out.problems.add(f"topics.{position}", "repeated_topic", topic)
        elif topic:
            seen.add(topic)
            out.topics.append({"path": path, "position": position, "topic": topic})
    out.article["topic_count"] = len(out.topics)


def _related(value: Any, path: str, prepared: _Prepared, out: Rows) -> None:
    problems = out.problems
    for position, story in field_readers.records(value, "related", problems):
        at = f"related.{position}"
        _note_unknown(story, READ_RELATED, "related.", out)
        provider = story.get("provider")
        if isinstance(provider, str):
            provider = {"name": provider}
        provider = field_readers.record(provider, f"{at}.provider", problems) or {}
        url = field_readers.text(story.get("webUrl"), f"{at}.webUrl", problems)
        _note_unknown(provider, READ_RELATED_PROVIDER, "related.provider.", out)
        domain = field_readers.text(provider.get("domain"), f"{at}.provider.domain", problems)
        name = field_readers.label(provider.get("name"), f"{at}.provider.name", problems)
        owner = {"path": path, "owner": "related", "owner_position": position}
        out.related.append(
            _values(prepared.related, story, f"{at}.", problems)
            | {
                "path": path,
                "position": position,
                "url": url or field_readers.text(story.get("originalUrl"), f"{at}.originalUrl", problems),
                "provider": None if name is None else prepared.aliases.get(name, name),
                "domain": domain.lower() if domain else None,
                "image_count": len(_images(story.get("images"), f"{at}.images", out, owner)),
            }
        )
    qualities = [story["quality"] for story in out.related if story["quality"] is not None]
    out.article["related_count"] = len(out.related)
    out.article["related_best_quality"] = max(qualities, default=None)


def _image_columns(value: Any, path: str, out: Rows) -> None:
    own = _images(value, "images", out, {"path": path, "owner": "article", "owner_position": None})
    first = own[0] if own else {}
    out.article["image_count"] = len(own)
    for column in ("url", "width", "height", "cached"):
        out.article[f"image_{column}"] = first.get(column)


def _images(value: Any, name: str, out: Rows, owner: Row) -> list[Row]:
    problems = out.problems
    read = []
    listed = field_readers.records(value, name, problems)
    room = field_readers.MAX_ENTRIES - len(out.images)
    if len(listed) > room:
        problems.add(name, "too_many_entries", f"more than {field_readers.MAX_ENTRIES} images in the file")
    for position, image in listed[:room]:
        _note_unknown(image, READ_IMAGE, "images.", out)
        read.append(owner | {"position": position} | _values(IMAGE_READERS, image, f"{name}.{position}.", problems))
    out.images.extend(read)
    return read
