"""A chunk of files → Arrow tables: the work that worker processes do.

Imports no pandas and no engine, so that a worker starts fast and any executor can run it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from analytics.corpus import article, front_matter
from analytics.corpus.codes import CODES
from analytics.corpus.front_matter import FrontMatter, FrontMatterError
from analytics.corpus.readers import Finding
from analytics.corpus.sources import Source

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
    "files": _schema(path=_TEXT, digest=pa.binary(16), state=_TEXT),
}  # fmt: skip
"""Arrow schemas of a parsed chunk: the frames, and `files` with digest and fate (article, skipped, lost)."""


@dataclass
class Chunk:
    """What a chunk of files gave: a table a frame, and how many articles have each unknown field."""

    tables: dict[str, pa.Table]
    unknown: Counter[str] = field(default_factory=Counter)


def parse(source: Source, paths: Iterable[str]) -> Chunk:
    """Read and convert files. Whatever a file holds, it ends as rows or as a row in `problems`; nothing is raised."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in SCHEMAS}
    unknown: Counter[str] = Counter()
    for path in paths:
        digest, state = b"\0" * 16, "lost"
        try:
            data = source.read(path)
            digest = hashlib.blake2b(data, digest_size=16).digest()
            front = front_matter.read(data)
            state = "skipped" if front is None else "article"
        except OSError as error:
            rows["problems"].append(
                problem(path, Finding("", "unreadable", error.strerror or type(error).__name__), None)
            )
            front = None
        except FrontMatterError as error:
            rows["problems"].append(problem(path, Finding("", error.code, error.value), error.line))
            front = None
        if front is not None:
            unknown.update(_add(path, front, rows))
        rows["files"].append({"path": path, "digest": digest, "state": state})
    return Chunk({name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in SCHEMAS.items()}, unknown)


def problem(path: str, finding: Finding, line: int | None) -> dict[str, object]:
    """A row of `problems`."""
    code = CODES[finding.code]
    return {
        "path": path,
        "line": line,
        "field": finding.field,
        "severity": code.severity,
        "code": finding.code,
        "value": finding.value,
        "message": code.meaning,
    }


def _add(path: str, front: FrontMatter, rows: dict[str, list[dict[str, object]]]) -> set[str]:
    read = article.rows(path, front)
    rows["articles"].append(read.article)
    rows["topics"].extend(read.topics)
    rows["images"].extend(read.images)
    rows["related"].extend(read.related)
    rows["problems"].extend(problem(path, finding, front.line(finding.field)) for finding in read.findings)
    return read.unknown
