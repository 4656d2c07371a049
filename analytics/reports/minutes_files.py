"""The files of minutes: the document, and CSVs of judgements, decisions, agenda and proposed changes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, get_args

import pandas as pd

import analytics
from analytics.analyses.common.article_list import COLLECTION, with_collections
from analytics.errors import ExportError
from analytics.reports.bundle import COLUMNS, data_dictionary
from analytics.reports.csv import to_csv
from analytics.reports.export_files import (
    atomic_export,
    check_export_target,
    check_file_target,
    make_folder,
    manifest_entry,
    write_file_atomically,
    write_folder_or_zip,
    write_manifest,
)
from analytics.reports.minutes import minutes
from analytics.review_table_contracts import (
    ITEM,
    REVIEW_DECISIONS,
    REVIEW_ITEMS,
    REVIEW_JUDGEMENTS,
    SESSION,
    ReviewTables,
)
from analytics.reviews.session_record import SessionRecord
from analytics.schema import Column, Table
from analytics.settings import expand_home_or_file_url


def _columns(table: Table, *names: str) -> tuple[Column, ...]:
    """Columns of a table by name, with the collection before the path."""
    return tuple(each for name in names for each in ((COLLECTION, table[name]) if name == "path" else (table[name],)))


_ARTICLE = _columns(REVIEW_ITEMS, "position", "path", "url", "title")
_RECORDED = tuple(
    replace(column, name=f"recorded_{column.name}")
    for column in _columns(REVIEW_ITEMS, "provider", "quality", "heat", "published")
)

JUDGEMENTS = Table(
    "judgements",
    "one row per judgement ever given in the session, in the order in which they came",
    (
        *_columns(REVIEW_JUDGEMENTS, "judgement", "session", "item"),
        *_ARTICLE,
        *_columns(REVIEW_JUDGEMENTS, "person", "verdict", "rank", "agrees", "quality", "reasons"),
        *_columns(REVIEW_JUDGEMENTS, "note", "at", "current"),
        *_RECORDED,
    ),
    REVIEW_JUDGEMENTS.key,
)

DECISIONS = Table(
    "decisions",
    "one row per decision ever taken in the session, in the order in which they came",
    (
        *_columns(REVIEW_DECISIONS, "decision", "session", "item"),
        *_ARTICLE,
        *_columns(REVIEW_DECISIONS, "verdict", "rank", "agrees", "state", "quality", "note", "present", "by"),
        replace(REVIEW_DECISIONS["at"], name="decided_at"),
        REVIEW_DECISIONS["current"],
        *_RECORDED,
    ),
    REVIEW_DECISIONS.key,
)

AGENDA = Table(
    "agenda",
    "one row per item, in the order of the agenda",
    _columns(REVIEW_ITEMS, *(name for name in REVIEW_ITEMS.names if name != "found")),
    REVIEW_ITEMS.key,
)

PROPOSED_CHANGES = Table(
    "proposed_changes",
    "one row per field that a settled decision would change, in the order of the agenda",
    (
        COLLECTION,
        Column("path", "text", "file of the article"),
        Column("field", "label", "quality or published"),
        Column("from", "text", "what was recorded when the agenda was made; empty when nothing was"),
        Column("to", "text", "what the decision asks for"),
        SESSION,
        ITEM,
        Column("decided_at", "time", "when the decision was stored"),
        Column("by", "text", "who wrote it down"),
    ),
    ("path", "field"),
)

PUBLISHES = {"promote": True, "demote": False, "drop": False}
"""The value of `published` that a verdict asks for; other verdicts leave it as it is."""


def judgement_rows(tables: ReviewTables) -> pd.DataFrame:
    """The judgements of a session (JUDGEMENTS)."""
    return JUDGEMENTS.of(_with_articles(tables.judgements, tables)[JUDGEMENTS.names])


def decision_rows(tables: ReviewTables) -> pd.DataFrame:
    """The decisions of a session (DECISIONS)."""
    return DECISIONS.of(_with_articles(tables.decisions.rename(columns={"at": "decided_at"}), tables)[DECISIONS.names])


def agenda_rows(tables: ReviewTables) -> pd.DataFrame:
    """The agenda of a session (AGENDA)."""
    return AGENDA.of(with_collections(tables.items)[AGENDA.names])


def proposed_changes(tables: ReviewTables) -> pd.DataFrame:
    """The changes of articles that the settled decisions of a session ask for (PROPOSED_CHANGES).

    `quality` becomes the agreed one where that differs; `published` becomes true for an article to promote that is not
    published, and false for one to demote or drop that is. An article that is known to be gone is left alone.
    """
    settled = tables.decisions[tables.decisions["current"] & (tables.decisions["state"] == "settled")]
    items = tables.items[tables.items["found"].fillna(value=True)]
    joined = items.merge(settled, on=["item", "session"], suffixes=("_recorded", "")).astype("object")
    rows = [
        {name: row[name] for name in ("path", "session", "item", "by")}
        | {"field": field, "from": old, "to": new, "decided_at": row["at"]}
        for row in joined.where(joined.notna(), None).to_dict("records")
        for field, old, new in _field_changes(row)
    ]
    table = pd.DataFrame(rows, columns=PROPOSED_CHANGES.names, dtype="object")
    return PROPOSED_CHANGES.of(with_collections(table))


def _field_changes(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """Field, old value and new value of each change."""
    if row["quality"] is not None and row["quality"] != row["quality_recorded"]:
        yield "quality", _front_matter_value(row["quality_recorded"]), _front_matter_value(row["quality"])
    wanted = PUBLISHES.get(str(row["verdict"]))
    if wanted is not None and bool(row["published"]) != wanted:
        yield "published", _front_matter_value(row["published"]), _front_matter_value(wanted)


def _front_matter_value(value: object) -> str:
    """A value as front matter has it; empty for none."""
    return "" if value is None else str(value).lower()


def _with_articles(rows: pd.DataFrame, tables: ReviewTables) -> pd.DataFrame:
    recorded = {column.name.removeprefix("recorded_"): column.name for column in _RECORDED}
    items = with_collections(tables.items)
    articles = items[["item", *(column.name for column in _ARTICLE), *recorded]].rename(columns=recorded)
    return rows.merge(articles, on="item", validate="many_to_one")


MinutesFormat = Literal["md", "html", "judgements", "decisions", "agenda", "changes", "zip", "folder"]
FORMATS: tuple[MinutesFormat, ...] = get_args(MinutesFormat)

TABLES: dict[MinutesFormat, tuple[Table, Callable[[ReviewTables], pd.DataFrame]]] = {
    "judgements": (JUDGEMENTS, judgement_rows),
    "decisions": (DECISIONS, decision_rows),
    "agenda": (AGENDA, agenda_rows),
    "changes": (PROPOSED_CHANGES, proposed_changes),
}
"""The contract of each format that is a CSV, and the function that computes its rows."""


@dataclass(frozen=True)
class MinutesOptions:
    """The day of the minutes, and how CSVs are written (`to_csv`)."""

    made: date
    raw: bool = False
    excel: bool = False


def format_of(target: Path, named: str | None = None) -> MinutesFormat:
    """The format that is named, else that of the file name; a name without an ending is a folder.

    Raises ExportError for an unknown ending.
    """
    wanted = named or target.suffix.lower().removeprefix(".") or "folder"
    for format_ in FORMATS:
        if wanted == format_:
            return format_
    if wanted == "csv":
        raise ExportError(f"{target}: say which table the CSV is to hold: --format {', '.join(TABLES)}.")
    raise ExportError(f"{target}: minutes are a folder or a file that ends in .md, .html, .csv or .zip.")


def minutes_text(record: SessionRecord, format_: MinutesFormat, options: MinutesOptions) -> str:
    """The minutes in a format that is one text."""
    if format_ in TABLES:
        return to_csv(TABLES[format_][1](record.tables), raw=options.raw, excel=options.excel)
    made = minutes(record, options.made)
    return made.html() if format_ == "html" else made.markdown()


def minutes_bytes(record: SessionRecord, format_: MinutesFormat, options: MinutesOptions) -> bytes:
    """The minutes in a format that is one file."""
    if format_ != "zip":
        return minutes_text(record, format_, options).encode()
    with TemporaryDirectory() as scratch:
        target = Path(scratch) / "minutes.zip"
        write_minutes(record, target, format_, options)
        return target.read_bytes()


def write_minutes(record: SessionRecord, target: Path, format_: MinutesFormat, options: MinutesOptions) -> None:
    """Write the minutes to a file or a folder, atomically. The same input gives the same bytes.

    A folder and a zip hold `minutes.md`, `minutes.html`, a CSV each of judgements, decisions, agenda and proposed
    changes, the data dictionary `columns.csv`, and `manifest.json`. Raises ExportError, and leaves `target` as it was,
    when it is not an export of the same kind or cannot be written.
    """
    target = expand_home_or_file_url(target).absolute()
    check_minutes_target(target, format_)
    if format_ not in ("zip", "folder"):
        write_file_atomically(target, minutes_text(record, format_, options).encode())
        return
    make_folder(target.parent)
    with atomic_export(target) as (made,):
        write_folder_or_zip(made, lambda folder: _fill_folder(folder, record, options))


def check_minutes_target(target: Path, format_: MinutesFormat) -> None:
    """Raise ExportError where `write_minutes` would, as far as that is known before there are minutes."""
    if format_ in ("zip", "folder"):
        check_export_target(target)
    else:
        check_file_target(target)


def _fill_folder(folder: Path, record: SessionRecord, options: MinutesOptions) -> list[str]:
    """Write the files and the manifest; returns their names in order."""
    files: dict[str, dict[str, object]] = {}

    def add(name: str, text: str, rows: int | None = None) -> None:
        (folder / name).write_text(text, encoding="utf-8", newline="")
        files[name] = manifest_entry(folder / name, rows)

    made = minutes(record, options.made)
    add("minutes.md", made.markdown())
    add("minutes.html", made.html())
    for contract, rows in TABLES.values():
        table = rows(record.tables)
        add(f"{contract.name}.csv", to_csv(table, raw=options.raw, excel=options.excel), len(table))
    columns = data_dictionary([*(contract for contract, _ in TABLES.values()), COLUMNS])
    add("columns.csv", to_csv(columns, raw=options.raw, excel=options.excel), len(columns))
    session = record.session
    manifest = {
        "program": f"article-analytics {analytics.__version__}",
        "made": str(options.made),
        "session": {name: getattr(session, name) for name in ("number", "title", "state", "selection")},
        "corpus": {"name": session.corpus, "fingerprint": session.fingerprint, "commit": session.commit},
        "formula_safe": not options.raw,
        "files": files,
    }
    return [*files, write_manifest(folder, manifest)]
