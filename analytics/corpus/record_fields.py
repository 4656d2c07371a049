"""The columns of every parsed table: declared here once, for reading, storing in Arrow and the `table_contracts`.

Imports no pandas, because worker processes read it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

SCORE_MAX = 1000
PIXELS_MAX = 1_000_000

NONE = "(none)"
"""The label of articles that have no value for a key."""

OTHER = "All others"
"""The label of all that a ranking does not show by name."""

ALL_ARTICLES = "All articles"
"""The label of all articles where groups of them have rows too."""

ONLY_UMBRELLA = "(umbrella topics only)"
"""The label of articles whose topics are all umbrella topics, where these have no row."""

ALL_COLLECTIONS = "all"
"""What a selection names in place of a collection when it wants them all."""

RESERVED_LABELS = (NONE, OTHER, ALL_ARTICLES, ONLY_UMBRELLA)
"""Labels of the program's own; one of a corpus that is written the same is put in quotation marks."""

Kind = Literal["text", "label", "whole", "flag", "time", "day"]

ARROW_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.large_string(),
    "label": pa.large_string(),
    "whole": pa.int64(),
    "flag": pa.bool_(),
    "time": pa.timestamp("us", "UTC"),
    "day": pa.date32(),
}


@dataclass(frozen=True)
class RecordField:
    """One column of a parsed table, with kind, meaning and unit as in `schema.Column`.

    `read_from` names the field of the front matter that is read into the column as it stands; it is empty for what
    `parsing.article` works out. A whole number that is read must lie between `low` and `high`.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    read_from: str = ""
    low: int = 0
    high: int = SCORE_MAX


PATH = RecordField("path", "text", "article")
POSITION = RecordField("position", "whole", "place in the article's list, from 0")

ARTICLE_FIELDS = (
    RecordField("path", "text", "file, from the corpus root, with forward slashes: the article's id"),
    RecordField("collection", "label", "folder without leading underscores: news, archive/news, learning/videos"),
    RecordField("category", "label", "category as recorded", read_from="category"),
    RecordField("type", "label", "article, video, collection, …", read_from="type"),
    RecordField("title", "text", "headline", read_from="title"),
    RecordField("excerpt", "text", "summary as recorded, untrusted text", read_from="excerpt"),
    RecordField("published_at", "time", "time of publication", read_from="publishedDateTime"),
    RecordField("date_only", "flag", "whether only the day of publication is known: its time is then midnight UTC"),
    RecordField("file_date", "day", "date in the file's name"),
    RecordField(
        "quality", "whole", "quality score, 0 to about 190; missing stays missing", "points", read_from="quality"
    ),
    RecordField(
        "heat", "whole", "heat score, 0 to about 190; -1 marks an unranked article", "points", read_from="heat", low=-1
    ),
    RecordField("heat_state", "label", "ranked, unranked (heat is -1) or missing"),
    RecordField(
        "published", "flag", "whether the article was published; missing is a third state", read_from="published"
    ),
    RecordField("provider", "label", "name of the outlet"),
    RecordField("domain", "label", "domain of the outlet"),
    RecordField("provider_publishers", "text", "publishers recorded with the provider, joined by '; '"),
    RecordField("provider_authors", "text", "authors recorded with the provider, joined by '; '"),
    RecordField("url", "text", "web address: web_url, else original_url"),
    RecordField("original_url", "text", "address the article was found at", read_from="originalUrl"),
    RecordField("web_url", "text", "address readers are sent to", read_from="webUrl"),
    RecordField("amp_url", "text", "AMP address", read_from="ampWebUrl"),
    RecordField("cdn_amp_url", "text", "AMP address on a cache", read_from="cdnAmpWebUrl"),
    RecordField("image_url", "text", "first image"),
    RecordField("image_width", "whole", "width of the first image", "pixels"),
    RecordField("image_height", "whole", "height of the first image", "pixels"),
    RecordField("image_cached", "flag", "whether the site keeps a copy of the first image"),
    RecordField("topic_count", "whole", "topics of the article"),
    RecordField("image_count", "whole", "images of the article itself"),
    RecordField("related_count", "whole", "related stories"),
    RecordField("related_best_quality", "whole", "highest quality among the related stories", "points"),
    RecordField("deleted", "flag", "whether the record is marked as deleted", read_from="deleted"),
    RecordField("highlight", "flag", "whether the record is marked as a highlight", read_from="highlight"),
    RecordField("locale", "label", "language and region as recorded", read_from="locale"),
    RecordField("updated_at", "time", "time of the last update as recorded", read_from="updatedDateTime"),
    RecordField("has_secured", "flag", "whether the record holds a secured text (the text itself is never read in)"),
    RecordField("has_featured_content", "flag", "whether the record holds embedded content (never read in)"),
    RecordField("body_chars", "whole", "length of the text below the front matter", "characters"),
)

PRESENCE = {
    "title": "title",
    "excerpt": "excerpt",
    "published_at": "published_at",
    "type": "type",
    "category": "category",
    "quality": "quality",
    "heat": "heat",
    "published": "published",
    "provider": "provider",
    "domain": "domain",
    "url": "url",
    "original_url": "original_url",
    "web_url": "web_url",
    "amp_url": "amp_url",
    "image": "image_url",
    "topics": "topic_count",
    "related": "related_count",
}
"""What an article can have or lack → the column that tells it: by a value, or by a count above 0."""

_READ_FROM = {field.name: field.read_from for field in ARTICLE_FIELDS}

FRONT_MATTER_KEYS = {name: _READ_FROM[column] or name for name, column in PRESENCE.items()} | {
    "provider": "provider.name",
    "domain": "provider.domain",
    "url": "webUrl or originalUrl",
    "image": "images",
}
"""What an article can have or lack → what it is called in the front matter of a file."""

TOPIC_FIELDS = (PATH, POSITION, RecordField("topic", "label", "topic"))

IMAGE_FIELDS = (
    PATH,
    RecordField("owner", "label", "article, provider or related"),
    RecordField("owner_position", "whole", "for a related story: its place in the list, from 0"),
    RecordField("position", "whole", "place in the owner's list, from 0"),
    RecordField("url", "text", "address of the image", read_from="url"),
    RecordField("width", "whole", "width", "pixels", read_from="width", high=PIXELS_MAX),
    RecordField("height", "whole", "height", "pixels", read_from="height", high=PIXELS_MAX),
    RecordField("cached", "flag", "whether the site keeps a copy", read_from="isCached"),
    RecordField("title", "text", "title of the image", read_from="title"),
)

RELATED_FIELDS = (
    PATH,
    POSITION,
    RecordField("title", "text", "headline as copied into the record", read_from="title"),
    RecordField("excerpt", "text", "summary as copied", read_from="excerpt"),
    RecordField("published_at", "time", "time of publication as copied", read_from="publishedDateTime"),
    RecordField("url", "text", "web address as copied"),
    RecordField("type", "label", "type as copied", read_from="type"),
    RecordField("provider", "label", "name of the outlet as copied"),
    RecordField("domain", "label", "domain of the outlet as copied"),
    RecordField("quality", "whole", "quality as copied: may be stale", "points", read_from="quality"),
    RecordField("image_count", "whole", "images of the related story"),
)

LINK_FIELDS = (
    PATH,
    RecordField("position", "whole", "place among the links of the text below the front matter, from 0"),
    RecordField("url", "text", "where it leads, as it is written"),
    RecordField("text_kind", "label", "what a reader sees of it: words, image, address (its own), or none"),
)

PROBLEM_FIELDS = (
    RecordField("path", "text", "file"),
    RecordField("line", "whole", "line in the file, from 1"),
    RecordField("field", "text", "field of the record, dotted for nested ones"),
    RecordField("severity", "label", "error (a value or an article is lost), warning (doubtful) or info (noted)"),
    RecordField("code", "label", "kind of problem"),
    RecordField("value", "text", "what was found, shortened"),
    RecordField("message", "text", "what it means"),
)


FIELD_SOURCE_FIELDS = (
    PATH,
    RecordField("field", "label", "field of the record"),
    RecordField("key", "label", "key in the front matter that it was read from, or file name, or folder"),
)


def arrow_schema(fields: Iterable[RecordField]) -> pa.Schema:
    """The Arrow schema of a table with some columns."""
    return pa.schema([(field.name, ARROW_TYPES[field.kind]) for field in fields])
