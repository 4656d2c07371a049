"""The minutes of a session as files: one of them, or all together with a dictionary and a manifest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import pandas as pd

import analytics
from analytics.errors import ExportError
from analytics.reports.contents import COLUMNS, dictionary
from analytics.reports.csv import to_csv
from analytics.reports.files import replacing, write
from analytics.reports.minutes import minutes
from analytics.reports.minutes_tables import (
    AGENDA,
    DECISIONS,
    JUDGEMENTS,
    PROPOSED_CHANGES,
    agenda_rows,
    decision_rows,
    judgement_rows,
    proposed_changes,
)
from analytics.reports.packing import described, make_room, pack, refuse_foreign, write_manifest
from analytics.reviewed import Reviewed
from analytics.reviews.proceedings import Proceedings
from analytics.schema import Table

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
        write(target, text_of(held, form, order).encode())
        return
    refuse_foreign(target)
    make_room(target.parent)
    with replacing(target) as (place,):
        pack(place, lambda folder: _fill(folder, held, order))


def _fill(folder: Path, held: Proceedings, order: Order) -> list[str]:
    files: dict[str, dict[str, object]] = {}

    def put(name: str, text: str, rows: int | None = None) -> None:
        (folder / name).write_text(text, encoding="utf-8", newline="")
        files[name] = described(folder / name, rows)

    made = minutes(held, order.made)
    put("minutes.md", made.markdown())
    put("minutes.html", made.html())
    for contract, rows in TABLES.values():
        table = rows(held.record)
        put(f"{contract.name}.csv", to_csv(table, raw=order.raw), len(table))
    words = dictionary([*(contract for contract, _ in TABLES.values()), COLUMNS])
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
