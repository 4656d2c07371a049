"""What was reviewed, for tests: `ReviewTables` out of short lists.

    reviewed([Said(1, 1, "Ann", "keep"), Said(1, 1, "Ben", "drop", 40)], recorded={1: 70})

Items, people and sessions are those that are named; `rank` and `agrees` of a verdict are those of the verdicts that
come with the program. A later line of the same person and item takes the place of the earlier one.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd

from analytics.corpus.loader import Corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.review_table_contracts import (
    REVIEW_DECISIONS,
    REVIEW_ITEMS,
    REVIEW_JUDGEMENTS,
    REVIEW_SESSIONS,
    ReviewTables,
)
from analytics.reviews.models import Rules
from analytics.schema import Table
from analytics.selection.selection import Selection
from tests.corpora import Article, corpus_of

RULES = Rules()
DAY = pd.Timestamp("2026-03-02T09:00:00Z")


class Said(NamedTuple):
    """A judgement; no verdict: a skip."""

    session: int
    item: int
    person: str
    verdict: str | None
    quality: int | None = None


class Settled(NamedTuple):
    """A decision of a group."""

    session: int
    item: int
    verdict: str | None
    quality: int | None = None
    state: str = "settled"


class Listed(NamedTuple):
    """What the agenda knows of an item; items that have no such line are `Listed()`."""

    recorded: int | None = 70
    control: bool = False
    reasons: str = "near miss"
    provider: str | None = "Alpha"
    topics: str = ""
    path: str = ""


def reviewed(
    said: Sequence[Said] = (),
    settled: Sequence[Settled] = (),
    listed: Mapping[tuple[int, int], Listed] | None = None,
    judging: Sequence[int] = (),
) -> ReviewTables:
    """The frames of a store that holds just this. Items are numbered within their session; `listed` is by both.

    The sessions are closed, but for those that are still in `judging`.
    """
    places = sorted({(line.session, line.item) for line in (*said, *settled)} | set(listed or {}))
    number = {place: row for row, place in enumerate(places, start=1)}
    sessions = [_session(session, session in judging) for session in sorted({session for session, _ in places})]
    items = [_item(place, number[place], (listed or {}).get(place, Listed())) for place in places]
    judgements = [
        _of(line, row, number) | {"judgement": row, "person": line.person, "reasons": ""}
        for row, line in enumerate(said, start=1)
    ]
    decisions = [
        _of(line, row, number) | {"decision": row, "state": line.state, "present": "Ann; Ben", "by": "Ann"}
        for row, line in enumerate(settled, start=1)
    ]
    return ReviewTables(
        "made",
        _frame(REVIEW_SESSIONS, sessions),
        _frame(REVIEW_ITEMS, items),
        _latest(_frame(REVIEW_JUDGEMENTS, judgements), ["item", "person"]),
        _latest(_frame(REVIEW_DECISIONS, decisions), ["item"]),
    )


def _session(number: int, judging: bool) -> dict[str, object]:
    state = "judging" if judging else "closed"
    known = {"session": number, "title": f"Week {number}", "state": state, "selection": "", "corpus": "news"}
    return known | {"budget": 60, "seed": 7, "eligible": 100, "made_at": DAY + pd.Timedelta(weeks=number)}


def _item(place: tuple[int, int], number: int, listed: Listed) -> dict[str, object]:
    session, position = place
    name = f"{session}-{position}"
    return {
        "item": number,
        "session": session,
        "position": position,
        "path": listed.path or f"_news/{name}.md",
        "title": f"Title {name}",
        "provider": listed.provider,
        "quality": listed.recorded,
        "topics": listed.topics,
        "reasons": listed.reasons,
        "control": listed.control,
        "added": False,
        "found": True,
    }


def _of(line: Said | Settled, row: int, number: Mapping[tuple[int, int], int]) -> dict[str, object]:
    verdict = RULES.verdict(line.verdict) if line.verdict else None
    return {
        "item": number[line.session, line.item],
        "session": line.session,
        "verdict": line.verdict,
        "rank": verdict.rank if verdict else None,
        "agrees": verdict.agrees if verdict else None,
        "quality": line.quality,
        "note": "",
        "at": DAY + pd.Timedelta(weeks=line.session, minutes=row),
        "current": True,
    }


def _frame(table: Table, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    columns = {
        column.name: pd.Series([row.get(column.name) for row in rows], dtype="object").astype(column.dtype)
        for column in table.columns
    }
    return table.of(pd.DataFrame(columns))


def _latest(rows: pd.DataFrame, of: list[str]) -> pd.DataFrame:
    return rows.assign(current=(~rows.duplicated(of, keep="last")).astype("boolean"))


VERDICTS = tuple(verdict.name for verdict in RULES.verdicts)


def some_sessions(paths: Sequence[str]) -> ReviewTables:
    """Three sessions about the articles at `paths`, with all that can be said of an item, settled and open."""
    places = {(1 + n % 3, n): path for n, path in enumerate(paths)}
    listed = {
        (session, n): Listed(
            recorded=None if n % 11 == 3 else 37 * n % 100,
            control=n % 4 == 0,
            reasons=("near miss", "near miss; missing scores", "", "hand-picked")[n % 4],
            provider=None if n % 9 == 8 else f"Outlet {n % 5}",
            topics="; ".join(f"Topic {n % k}" for k in (2, 3) if n % 5),
            path=path,
        )
        for (session, n), path in places.items()
    }
    said = [
        Said(
            session,
            n,
            person,
            None if n % 13 == place else VERDICTS[(n // 3 + (n // 3 * (place + 2) % 5 < 2)) % len(VERDICTS)],
            None if n % 3 == place else 30 + 31 * (n + place) % 70,
        )
        for session, n in places
        if n % 17
        for place, person in enumerate(("Ann", "Ben", "Cem") if session < 3 else ("Ann", "Dee"))
    ]
    states = ("settled", "another look", "reopened")
    settled = [
        Settled(session, n, None if n % 15 == 10 else VERDICTS[n % 6], None, states[n // 5 % 3])
        for session, n in places
        if n % 5 == 0
    ]
    return reviewed(said, settled, listed)


def part_with(known: ReviewTables, articles: Sequence[Article] = (), selection: Selection | None = None) -> Slice:
    """A corpus of the articles, and what was reviewed beside it."""
    return Slice(corpus_of(articles) if articles else _no_article(), selection, SideData(reviewed=known))


@cache
def _no_article() -> Corpus:
    return corpus_of([])
