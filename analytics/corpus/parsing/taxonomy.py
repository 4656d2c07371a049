"""The site's taxonomy: its topics (`_data/topics`) and organisations (`_data/organizations`)."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from analytics.corpus.limits import UnreadableFileError
from analytics.corpus.parsing import field_readers, files_to_tables, front_matter
from analytics.corpus.parsing.field_readers import Problem, Problems
from analytics.corpus.sources.base import Source, SourceFile
from analytics.corpus.table_contracts import ORGANISATIONS, TOPIC_TREE

Rows = list[dict[str, object]]


def load_taxonomy(source: Source, entries: Iterable[SourceFile]) -> tuple[pd.DataFrame, pd.DataFrame, Rows]:
    """The frames `topic_tree` and `organisations` (`table_contracts`), and problem rows of their files."""
    topics: Rows = []
    organisations: Rows = []
    problems: Rows = []
    for entry in entries:
        try:
            fields = _fields(source.read(entry.path), entry.path)
        except OSError as error:
            problems.append(
                files_to_tables.problem_row(entry.path, Problem("", "unreadable", error.strerror or ""), None)
            )
            continue
        except UnreadableFileError as error:
            problems.append(files_to_tables.problem_row(entry.path, Problem("", error.code, error.value), error.line))
            continue
        found = Problems()
        if entry.role == "topic":
            topics.append(_topic(fields, entry.path, found))
        else:
            organisations.append(_organisation(fields, entry.path, found))
        problems.extend(files_to_tables.problem_row(entry.path, problem, None) for problem in found)
    return (
        TOPIC_TREE.of(pd.DataFrame(topics, columns=TOPIC_TREE.names)),
        ORGANISATIONS.of(pd.DataFrame(organisations, columns=ORGANISATIONS.names)),
        problems,
    )


def _fields(data: bytes, path: str) -> dict[str, Any]:
    """Fields of a taxonomy file: front matter, or the whole file as YAML."""
    text, _ = front_matter.decode(data)
    if PurePosixPath(path).suffix.lower() in {".md", ".markdown"}:
        front = front_matter.read(data)
        return front.fields if front else {}
    try:
        node = front_matter.yaml_node(text)
        fields: Any = {} if node is None else front_matter.node_to_python(node)
    except UnreadableFileError as error:  # its lines count from a --- line that is not here
        line = None if error.line is None else error.line - 1
        raise UnreadableFileError(error.code, line=line, value=error.value) from None
    if not isinstance(fields, dict):
        raise UnreadableFileError("not_a_mapping", line=1)
    return fields


def _topic(fields: dict[str, Any], path: str, problems: Problems) -> dict[str, object]:
    row: dict[str, object] = {"path": path}
    for name in ("name", "shortname", "parent"):
        row[name] = field_readers.label(fields.get(name), name, problems)
    row["description"] = field_readers.text(fields.get("description"), "description", problems)
    for name in ("keywords", "hashtags"):
        listed = enumerate(field_readers.entries(fields.get(name), name, problems))
        words = [field_readers.text(item, f"{name}.{position}", problems) for position, item in listed]
        row[name] = "\n".join(dict.fromkeys(word for word in words if word)) or None
    return row


def _organisation(fields: dict[str, Any], path: str, problems: Problems) -> dict[str, object]:
    domain = field_readers.text(fields.get("domain"), "domain", problems)
    return {
        "path": path,
        "domain": domain.lower() if domain else None,
        "name": field_readers.label(fields.get("name"), "name", problems),
    }
