"""The review sessions of a store as text for a terminal, as JSON, or as CSV."""

import json
from collections import Counter
from typing import Any, Literal

import pandas as pd

from analytics.reports.check import printable
from analytics.reports.csv import cells, to_csv
from analytics.reviewed import REVIEW_SESSIONS
from analytics.reviews.models import Session
from analytics.reviews.store import Store
from analytics.schema import Column, Table

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
