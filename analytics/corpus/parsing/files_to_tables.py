"""A chunk of files → Arrow tables: the work that worker processes do.

Imports no pandas and no engine, so that a worker starts fast and any executor can run it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from operator import itemgetter

import pyarrow as pa

from analytics.corpus.limits import UnreadableFileError
from analytics.corpus.parsing import article, front_matter
from analytics.corpus.parsing.field_readers import Problem, begins_with_date
from analytics.corpus.parsing.front_matter import FrontMatter
from analytics.corpus.problem_codes import CODES
from analytics.corpus.record_fields import (
    ARTICLE_FIELDS,
    FIELD_SOURCE_FIELDS,
    IMAGE_FIELDS,
    LINK_FIELDS,
    PROBLEM_FIELDS,
    RELATED_FIELDS,
    TOPIC_FIELDS,
    arrow_schema,
)
from analytics.corpus.site_profile import PLAIN_READING, ReadingSettings
from analytics.corpus.sources.base import Source, SourceFile, article_folder_and_name

SCHEMAS: dict[str, pa.Schema] = {
    "articles": arrow_schema(ARTICLE_FIELDS),
    "topics": arrow_schema(TOPIC_FIELDS),
    "images": arrow_schema(IMAGE_FIELDS),
    "related": arrow_schema(RELATED_FIELDS),
    "links": arrow_schema(LINK_FIELDS),
    "problems": arrow_schema(PROBLEM_FIELDS),
    "unknown_fields": pa.schema({"path": pa.large_string(), "field": pa.large_string()}),
    "field_sources": arrow_schema(FIELD_SOURCE_FIELDS),
    "files": pa.schema(
        {
            "path": pa.large_string(),
            "size": pa.int64(),
            "modified_ns": pa.int64(),
            "changed_ns": pa.int64(),
            "number": pa.int64(),
            "digest": pa.binary(16),
            "state": pa.large_string(),
        }
    ),
}
"""Arrow schemas of the parsed tables: the frames of a corpus, the fields that are not read, the keys that stand for
fields, and for each file its listing, its digest and its state (article, skipped, lost, unreadable)."""

NO_DIGEST = b"\0" * 16
"""The digest of a file whose content was not read."""

Tables = dict[str, pa.Table]
Rows = dict[str, list[dict[str, object]]]


def parse_files(source: Source, entries: Iterable[SourceFile], reading: ReadingSettings = PLAIN_READING) -> Tables:
    """Read and parse files to the tables of SCHEMAS. A bad file is a row in `problems`; nothing is raised."""
    rows: Rows = {name: [] for name in SCHEMAS}
    for entry in entries:
        digest, state = NO_DIGEST, "lost"
        try:
            data = source.read(entry.path)
            digest = hashlib.blake2b(data, digest_size=16).digest()
            state = "article" if _add_article(entry.path, data, reading, rows) else "skipped"
        except OSError as error:
            state = "unreadable"
            found = Problem("", "unreadable", error.strerror or type(error).__name__)
            rows["problems"].append(problem_row(entry.path, found, None))
        except UnreadableFileError as error:
            rows["problems"].append(problem_row(entry.path, Problem("", error.code, error.value), error.line))
        rows["files"].append(entry._asdict() | {"digest": digest, "state": state})
    return {name: _table(rows[name], schema) for name, schema in SCHEMAS.items()}


def tables_of_unparsable_file(entry: SourceFile) -> Tables:
    """The tables of a file at which worker processes die: no article, but a problem."""
    rows: Rows = {name: [] for name in SCHEMAS}
    rows["problems"].append(problem_row(entry.path, Problem("", "ends_the_reader", ""), None))
    rows["files"].append(entry._asdict() | {"digest": NO_DIGEST, "state": "lost"})
    return {name: _table(rows[name], schema) for name, schema in SCHEMAS.items()}


def _table(rows: Sequence[dict[str, object]], schema: pa.Schema) -> pa.Table:
    """The rows as a table, column by column: five times faster than `pa.Table.from_pylist`."""
    columns = zip(*map(itemgetter(*schema.names), rows), strict=True) if rows else ((),) * len(schema)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)


def _add_article(path: str, data: bytes, reading: ReadingSettings, rows: Rows) -> bool:
    """Add the rows of one file; False for a text without front matter and without a date in its name.

    Raises UnreadableFileError.
    """
    found = parse_file(path, data, reading)
    if found is None:
        return False
    added, front = found
    rows["articles"].append(added.article)
    rows["topics"].extend(added.topics)
    rows["images"].extend(added.images)
    rows["related"].extend(added.related)
    rows["field_sources"].extend(added.sources)
    rows["links"].extend(added.links)
    rows["unknown_fields"].extend({"path": path, "field": name} for name in sorted(added.unknown))
    rows["problems"].extend(problem_row(path, problem, front.line(problem.field)) for problem in added.problems)
    return True


def parse_file(
    path: str, data: bytes, reading: ReadingSettings = PLAIN_READING
) -> tuple[article.Rows, FrontMatter] | None:
    """The rows of one file and its front matter; None for a text without front matter and without a date in its name,
    as instructions and drafts are. Raises UnreadableFileError."""
    dated = begins_with_date(article_folder_and_name(path)[1])
    front = front_matter.read(data, expected=dated)
    return None if front is None else (article.rows(path, front, reading), front)


def problem_row(path: str, problem: Problem, line: int | None) -> dict[str, object]:
    """A row of `problems`, with the severity and meaning of the problem's code."""
    code = CODES[problem.code]
    return {
        "path": path,
        "line": line,
        "field": problem.field,
        "severity": code.severity,
        "code": problem.code,
        "value": problem.value,
        "message": code.meaning,
    }
