"""A chunk of files → Arrow tables: the work that worker processes do.

Imports no pandas and no engine, so that a worker starts fast and any executor can run it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from operator import itemgetter

import pyarrow as pa

from analytics.corpus.limits import FrontMatterError
from analytics.corpus.parsing import article, front_matter
from analytics.corpus.parsing.field_readers import Problem
from analytics.corpus.parsing.front_matter import FrontMatter
from analytics.corpus.problem_codes import CODES
from analytics.corpus.sources.base import Entry, Source

_TEXT, _WHOLE, _FLAG = pa.large_string(), pa.int64(), pa.bool_()
_TIME, _DAY = pa.timestamp("us", "UTC"), pa.date32()


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


SCHEMAS: dict[str, pa.Schema] = {
    "articles": _schema(
        path=_TEXT, collection=_TEXT, category=_TEXT, type=_TEXT, title=_TEXT, excerpt=_TEXT, published_at=_TIME,
        file_date=_DAY, quality=_WHOLE, heat=_WHOLE, heat_state=_TEXT, published=_FLAG, provider=_TEXT, domain=_TEXT,
        provider_publishers=_TEXT, provider_authors=_TEXT, url=_TEXT, original_url=_TEXT, web_url=_TEXT, amp_url=_TEXT,
        cdn_amp_url=_TEXT, image_url=_TEXT, image_width=_WHOLE, image_height=_WHOLE, image_cached=_FLAG,
        topic_count=_WHOLE, image_count=_WHOLE, related_count=_WHOLE, related_best_quality=_WHOLE, deleted=_FLAG,
        highlight=_FLAG, locale=_TEXT, updated_at=_TIME, has_secured=_FLAG, has_featured_content=_FLAG,
        body_chars=_WHOLE,
    ),
    "topics": _schema(path=_TEXT, position=_WHOLE, topic=_TEXT),
    "images": _schema(
        path=_TEXT, owner=_TEXT, owner_position=_WHOLE, position=_WHOLE, url=_TEXT, width=_WHOLE, height=_WHOLE,
        cached=_FLAG, title=_TEXT,
    ),
    "related": _schema(
        path=_TEXT, position=_WHOLE, title=_TEXT, excerpt=_TEXT, published_at=_TIME, url=_TEXT, type=_TEXT,
        provider=_TEXT, domain=_TEXT, quality=_WHOLE, image_count=_WHOLE,
    ),
    "problems": _schema(path=_TEXT, line=_WHOLE, field=_TEXT, severity=_TEXT, code=_TEXT, value=_TEXT, message=_TEXT),
    "unknown_fields": _schema(path=_TEXT, field=_TEXT),
    "files": _schema(
        path=_TEXT, size=_WHOLE, modified_ns=_WHOLE, changed_ns=_WHOLE, number=_WHOLE, digest=pa.binary(16), state=_TEXT
    ),
}  # fmt: skip
"""Arrow schemas of what was parsed: the frames, the fields that are not read, and for each file how it was found, its
digest and its fate (article, skipped, lost, unreadable)."""

Tables = dict[str, pa.Table]
Rows = dict[str, list[dict[str, object]]]


def parse(source: Source, entries: Iterable[Entry]) -> Tables:
    """Read and convert files. Whatever a file holds, it ends as rows or as a row in `problems`; nothing is raised."""
    rows: Rows = {name: [] for name in SCHEMAS}
    for entry in entries:
        digest, state = b"\0" * 16, "lost"
        try:
            data = source.read(entry.path)
            digest = hashlib.blake2b(data, digest_size=16).digest()
            state = "article" if _add_article(entry.path, data, rows) else "skipped"
        except OSError as error:
            state = "unreadable"
            found = Problem("", "unreadable", error.strerror or type(error).__name__)
            rows["problems"].append(problem_row(entry.path, found, None))
        except FrontMatterError as error:
            rows["problems"].append(problem_row(entry.path, Problem("", error.code, error.value), error.line))
        rows["files"].append(entry._asdict() | {"digest": digest, "state": state})
    return {name: _table(rows[name], schema) for name, schema in SCHEMAS.items()}


def _table(rows: Sequence[dict[str, object]], schema: pa.Schema) -> pa.Table:
    """The rows as a table, column by column: five times faster than `pa.Table.from_pylist`."""
    columns = zip(*map(itemgetter(*schema.names), rows), strict=True) if rows else ((),) * len(schema)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)


def _add_article(path: str, data: bytes, rows: Rows) -> bool:
    """Add the rows of one file; False for a text without front matter. Raises FrontMatterError."""
    found = read(path, data)
    if found is None:
        return False
    added, front = found
    rows["articles"].append(added.article)
    rows["topics"].extend(added.topics)
    rows["images"].extend(added.images)
    rows["related"].extend(added.related)
    rows["unknown_fields"].extend({"path": path, "field": name} for name in sorted(added.unknown))
    rows["problems"].extend(problem_row(path, problem, front.line(problem.field)) for problem in added.problems)
    return True


def read(path: str, data: bytes) -> tuple[article.Rows, FrontMatter] | None:
    """The rows of one file and its front matter; None for a text without front matter. Raises FrontMatterError."""
    front = front_matter.read(data)
    return None if front is None else (article.rows(path, front), front)


def problem_row(path: str, problem: Problem, line: int | None) -> dict[str, object]:
    """A row of `problems`."""
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
