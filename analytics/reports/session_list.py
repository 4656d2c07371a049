"""The list of review sessions with their progress, as text, JSON or CSV."""

import json
from typing import Any, Literal

import pandas as pd

from analytics.reports.csv import cells, to_csv
from analytics.reports.escaping import printable
from analytics.review_table_contracts import REVIEW_SESSIONS
from analytics.reviews.session_record import SessionRecord, read_session_record
from analytics.reviews.store.store import Store
from analytics.schema import Column, Table

SessionListFormat = Literal["text", "json", "csv"]

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


def session_list(store: Store) -> pd.DataFrame:
    """The sessions of a store and their progress (SESSIONS)."""
    rows = [_session_row(read_session_record(store, session.number)) for session in store.sessions()]
    return SESSIONS.of(pd.DataFrame(rows, columns=SESSIONS.names, dtype="object"))


def session_list_text(store: Store | None, format_: SessionListFormat, *, excel: bool = False) -> str:
    """The sessions of a store in a format, ending with a line break; none where there is no store yet."""
    table = SESSIONS.empty() if store is None else session_list(store)
    if format_ == "csv":
        return to_csv(table, excel=excel)
    if format_ == "json":
        plain = pd.DataFrame({name: cells(table[name], raw=True) for name in table.columns})
        return json.dumps(json.loads(plain.to_json(orient="records")), indent=2, ensure_ascii=False) + "\n"
    lines = [_session_line(row) for row in table.to_dict("records")]
    return "".join(f"{printable(line)}\n" for line in lines or ["No sessions yet."])


def _session_row(record: SessionRecord) -> dict[str, Any]:
    same = ("title", "state", "selection", "corpus", "made_at", "made_by")
    judged = [len(each.judgements) for each in record.reviewed_items if each.judgements]
    return {
        "session": record.session.number,
        **{name: getattr(record.session, name) for name in same},
        "items": len(record.items),
        "judged": len(judged),
        "judged_by_all": judged.count(len(record.participants)),
        "settled": record.status_counts["settled"],
        "people": len(record.participants),
        "names": "; ".join(each.person for each in record.participants),
    }


def _session_line(row: dict[Any, Any]) -> str:
    people = (
        f"{row['people']} {'person' if row['people'] == 1 else 'people'}{': ' if row['names'] else ''}{row['names']}"
    )
    return (
        f"{row['session']:>4}  {row['made_at']:%Y-%m-%d}  {row['state']:<8}  {row['title']}  "
        f"({row['judged']:,} of {row['items']:,} judged, {row['judged_by_all']:,} by all, {row['settled']:,} settled; "
        f"{people})"
    )
