"""A review session as tables: every judgement, every decision, the agenda, and what the decisions would change."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import pandas as pd

import analytics
from analytics.errors import ExportError
from analytics.reports.bundle import COLUMNS, data_dictionary
from analytics.reports.csv import cells, to_csv
from analytics.reports.escaping import printable
from analytics.reports.minutes.minutes import minutes
from analytics.reports.packaging import (
    atomic_export,
    check_replaceable,
    file_facts,
    make_folder,
    write_file,
    write_folder_or_zip,
    write_manifest,
)
from analytics.review_tables import (
    ITEM,
    REVIEW_DECISIONS,
    REVIEW_ITEMS,
    REVIEW_JUDGEMENTS,
    REVIEW_SESSIONS,
    SESSION,
    Reviewed,
)
from analytics.reviews.models import Session
from analytics.reviews.session_record import Proceedings
from analytics.reviews.store.store import Store
from analytics.schema import Column, Table

_ARTICLE = tuple(REVIEW_ITEMS[name] for name in ("position", "path", "url", "title"))
_RECORDED = tuple(
    replace(REVIEW_ITEMS[name], name=f"recorded_{name}") for name in ("provider", "quality", "heat", "published")
)


def _of(table: Table, *names: str) -> tuple[Column, ...]:
    return tuple(table[name] for name in names)


JUDGEMENTS = Table(
    "judgements",
    "one row per judgement ever given in the session, in the order in which they came",
    (
        *_of(REVIEW_JUDGEMENTS, "judgement", "session", "item"),
        *_ARTICLE,
        *_of(REVIEW_JUDGEMENTS, "person", "verdict", "rank", "agrees", "quality", "reasons", "note", "at", "current"),
        *_RECORDED,
    ),
    REVIEW_JUDGEMENTS.key,
)

DECISIONS = Table(
    "decisions",
    "one row per decision ever taken in the session, in the order in which they came",
    (
        *_of(REVIEW_DECISIONS, "decision", "session", "item"),
        *_ARTICLE,
        *_of(REVIEW_DECISIONS, "verdict", "rank", "agrees", "state", "quality", "note", "present", "by"),
        replace(REVIEW_DECISIONS["at"], name="decided_at"),
        REVIEW_DECISIONS["current"],
        *_RECORDED,
    ),
    REVIEW_DECISIONS.key,
)

AGENDA = Table(
    "agenda",
    "one row per item, in the order of the agenda",
    tuple(column for column in REVIEW_ITEMS.columns if column.name != "found"),
    REVIEW_ITEMS.key,
)

PROPOSED_CHANGES = Table(
    "proposed_changes",
    "one row per field that a settled decision would change, in the order of the agenda",
    (
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
"""Verdict → what it asks of `published`; other verdicts leave it as it is."""


def judgement_rows(record: Reviewed) -> pd.DataFrame:
    """The judgements of a session (JUDGEMENTS)."""
    return JUDGEMENTS.of(_beside_articles(record.judgements, record)[JUDGEMENTS.names])


def decision_rows(record: Reviewed) -> pd.DataFrame:
    """The decisions of a session (DECISIONS)."""
    return DECISIONS.of(
        _beside_articles(record.decisions.rename(columns={"at": "decided_at"}), record)[DECISIONS.names]
    )


def agenda_rows(record: Reviewed) -> pd.DataFrame:
    """The agenda of a session (AGENDA)."""
    return AGENDA.of(record.items[AGENDA.names])


def proposed_changes(record: Reviewed) -> pd.DataFrame:
    """What the settled decisions of a session would change in its articles (PROPOSED_CHANGES).

    `quality` becomes the agreed one where that differs; `published` becomes true for an article to promote that is not
    published, and false for one to demote or drop that is. An article that is known to be gone is left alone.
    """
    settled = record.decisions[record.decisions["current"] & (record.decisions["state"] == "settled")]
    items = record.items[record.items["found"].fillna(value=True)]
    joined = items.merge(settled, on=["item", "session"], suffixes=("_recorded", "")).astype("object")
    rows = [
        {name: row[name] for name in ("path", "session", "item", "by")}
        | {"field": field, "from": old, "to": new, "decided_at": row["at"]}
        for row in joined.where(joined.notna(), None).to_dict("records")
        for field, old, new in _changed(row)
    ]
    return PROPOSED_CHANGES.of(pd.DataFrame(rows, columns=PROPOSED_CHANGES.names, dtype="object"))


def _changed(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    if row["quality"] is not None and row["quality"] != row["quality_recorded"]:
        yield "quality", _written(row["quality_recorded"]), _written(row["quality"])
    wanted = PUBLISHES.get(str(row["verdict"]))
    if wanted is not None and bool(row["published"]) != wanted:
        yield "published", _written(row["published"]), _written(wanted)


def _written(value: object) -> str:
    """A value as front matter has it; empty for none."""
    return "" if value is None else str(value).lower()


def _beside_articles(rows: pd.DataFrame, record: Reviewed) -> pd.DataFrame:
    recorded = {column.name.removeprefix("recorded_"): column.name for column in _RECORDED}
    articles = record.items[["item", *_names(_ARTICLE), *recorded]].rename(columns=recorded)
    return rows.merge(articles, on="item", validate="many_to_one")


def _names(columns: Iterable[Column]) -> list[str]:
    return [column.name for column in columns]


Form = Literal["md", "html", "judgements", "decisions", "agenda", "changes", "zip", "folder"]
FORMS: tuple[Form, ...] = get_args(Form)

TABLES: dict[Form, tuple[Table, Callable[[Reviewed], pd.DataFrame]]] = {
    "judgements": (JUDGEMENTS, judgement_rows),
    "decisions": (DECISIONS, decision_rows),
    "agenda": (AGENDA, agenda_rows),
    "changes": (PROPOSED_CHANGES, proposed_changes),
}
"""Form that is a CSV → its contract, and what makes it."""


@dataclass(frozen=True)
class Order:
    """What is wanted: the day that the minutes bear, and text as it is (`raw`) in the CSVs."""

    made: date
    raw: bool = False


def form_of(target: Path, named: str | None = None) -> Form:
    """The form that is named, else the one that the name of a file says; without an ending it is a folder.

    Raises ExportError on an ending that says nothing.
    """
    ending = target.suffix.lower().removeprefix(".")
    found = named or ending or "folder"
    for form in FORMS:
        if found == form:
            return form
    if found == "csv":
        raise ExportError(f"{target}: say which table the CSV is to hold: --format {', '.join(TABLES)}.")
    raise ExportError(f"{target}: minutes are a folder or a file that ends in .md, .html, .csv or .zip.")


def text_of(held: Proceedings, form: Form, order: Order) -> str:
    """The minutes in a form that is one text."""
    if form in TABLES:
        return to_csv(TABLES[form][1](held.record), raw=order.raw)
    made = minutes(held, order.made)
    return made.html() if form == "html" else made.markdown()


def write_minutes(held: Proceedings, target: Path, form: Form, order: Order) -> None:
    """Put the minutes in place of a file or a folder: all of it, or nothing. The same input gives the same bytes.

    A folder and a zip hold `minutes.md`, `minutes.html`, a CSV each of judgements, decisions, agenda and proposed
    changes, `columns.csv` with what each column means, and `manifest.json`. Raises ExportError when what stands at
    `target` is not ours to replace or it cannot be written: it stays as it was.
    """
    target = target.expanduser().absolute()
    if form not in ("zip", "folder"):
        write_file(target, text_of(held, form, order).encode())
        return
    check_replaceable(target)
    make_folder(target.parent)
    with atomic_export(target) as (place,):
        write_folder_or_zip(place, lambda folder: _fill(folder, held, order))


def _fill(folder: Path, held: Proceedings, order: Order) -> list[str]:
    files: dict[str, dict[str, object]] = {}

    def put(name: str, text: str, rows: int | None = None) -> None:
        (folder / name).write_text(text, encoding="utf-8", newline="")
        files[name] = file_facts(folder / name, rows)

    made = minutes(held, order.made)
    put("minutes.md", made.markdown())
    put("minutes.html", made.html())
    for contract, rows in TABLES.values():
        table = rows(held.record)
        put(f"{contract.name}.csv", to_csv(table, raw=order.raw), len(table))
    words = data_dictionary([*(contract for contract, _ in TABLES.values()), COLUMNS])
    put("columns.csv", to_csv(words, raw=order.raw), len(words))
    return [*files, write_manifest(folder, _manifest(held, order) | {"files": files})]


def _manifest(held: Proceedings, order: Order) -> dict[str, object]:
    session = held.session
    return {
        "program": f"article-analytics {analytics.__version__}",
        "made": str(order.made),
        "session": {name: getattr(session, name) for name in ("number", "title", "state", "selection")},
        "corpus": {"name": session.corpus, "fingerprint": session.fingerprint, "commit": session.commit},
        "formula_safe": not order.raw,
    }


Format = Literal["text", "json", "csv"]

SESSIONS = Table(
    "sessions",
    "one row per session, the newest first",
    (
        *(REVIEW_SESSIONS[name] for name in ("session", "title", "state", "selection", "corpus", "made_at", "made_by")),
        Column("items", "whole", "articles on the agenda", "articles"),
        Column("judged", "whole", "articles on which somebody has given a verdict", "articles"),
        Column("judged_by_all", "whole", "articles on which everybody who takes part has given one", "articles"),
        Column("settled", "whole", "articles with a decision that stands", "articles"),
        Column("people", "whole", "people who joined or judged", "people"),
        Column("names", "text", "their names, joined by '; '"),
    ),
    ("session",),
)


def listed(store: Store) -> pd.DataFrame:
    """The sessions and how far each is (SESSIONS)."""
    rows = [_row(store, session) for session in store.sessions()]
    return SESSIONS.of(pd.DataFrame(rows, columns=SESSIONS.names, dtype="object"))


def written(store: Store, form: Format) -> str:
    """The sessions in one of their forms, ending with a line break."""
    table = listed(store)
    if form == "csv":
        return to_csv(table)
    if form == "json":
        plain = pd.DataFrame({name: cells(table[name], raw=True) for name in table.columns})
        return json.dumps(json.loads(plain.to_json(orient="records")), indent=2, ensure_ascii=False) + "\n"
    lines = [_line(row) for row in table.to_dict("records")]
    return "".join(f"{printable(line)}\n" for line in lines or ["There is no session."])


def _row(store: Store, session: Session) -> dict[str, Any]:
    people = store.standings(session.number)
    judged = Counter(each.item for each in store.judgements(session.number) if each.opinion.verdict is not None)
    outcomes = [decision.settlement.outcome for decision in store.decisions(session.number).values()]
    same = ("title", "state", "selection", "corpus", "made_at", "made_by")
    return {
        "session": session.number,
        **{name: getattr(session, name) for name in same},
        "items": len(store.items(session.number)),
        "judged": len(judged),
        "judged_by_all": sum(n == len(people) for n in judged.values()),
        "settled": outcomes.count("settled"),
        "people": len(people),
        "names": "; ".join(each.person for each in people),
    }


def _line(row: dict[Any, Any]) -> str:
    people = (
        f"{row['people']} {'person' if row['people'] == 1 else 'people'}{': ' if row['names'] else ''}{row['names']}"
    )
    return (
        f"{row['session']:>4}  {row['made_at']:%Y-%m-%d}  {row['state']:<8}  {row['title']}  "
        f"({row['judged']:,} of {row['items']:,} judged, {row['judged_by_all']:,} by all, {row['settled']:,} settled; "
        f"{people})"
    )
