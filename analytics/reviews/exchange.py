"""Decisions from elsewhere brought into a store, each once, however often a file is imported."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from analytics.engine.slice import Slice
from analytics.errors import ReviewError
from analytics.reviews.accepted import session_title
from analytics.reviews.agenda import drafted, handpicked
from analytics.reviews.exchange_rows import BadRow, Row, read_sheet, row_of
from analytics.reviews.models import Candidate, Item, Reason, Rules, Session
from analytics.reviews.rules import rules
from analytics.reviews.store import Store

IMPORTED = "imported"
"""The agenda reason of articles that an import has put there."""

TITLE = "Imported decisions"

LISTED = 20
"""How many bad rows a refusal names."""


@dataclass(frozen=True)
class Target:
    """Where decisions go: a session by its number, else the imported one of a title, which is made when it lacks.

    `by` is who decided where a row does not say it; with `skip_bad` rows that make no sense are left out.
    """

    session: int | None = None
    title: str = TITLE
    by: str = ""
    skip_bad: bool = False


@dataclass(frozen=True)
class Imported:
    """What an import has done: decisions that are new and those that were there, articles added, rows left out."""

    session: int
    new: int
    known: int
    added: int
    bad: tuple[BadRow, ...]
    passed_over: tuple[str, ...]

    def told(self) -> list[str]:
        """The same, a sentence each."""
        said = [
            f"Session {self.session}: {self.new:,} decisions imported, {self.known:,} were there already, "
            f"{self.added:,} articles added to the agenda."
        ]
        if self.passed_over:
            said.append(f"Columns passed over: {', '.join(self.passed_over)}.")
        return [*said, *(f"Left out, {row}" for row in self.bad)]


def import_decisions(store: Store, source: Path, part: Slice, target: Target) -> Imported:
    """Bring the decisions of a CSV into a session, in the order of its rows; what is there already is not added again.

    An article is found by its path, else by its address, on the agenda first and then in the corpus of the slice. The
    columns are those of `exchange_rows.COLUMNS`. Raises ReviewError, before anything is stored, when the file is no
    such CSV, or when a row makes no sense and bad ones are not to be left out.
    """
    sheet = read_sheet(source)
    session = _session(store, part, target)
    known = session.rules if session else rules()
    articles = _Articles(store.items(session.number) if session else [], part)
    good: list[tuple[str, Row]] = []
    bad: list[BadRow] = []
    for line, cells in sheet.rows:
        try:
            row = row_of(line, cells, known, target.by)
            good.append((articles.path(row), row))
        except ReviewError as error:
            bad.append(BadRow(line, str(error)))
    if bad and not target.skip_bad:
        raise ReviewError("\n".join([f"{source}: nothing was imported, for what makes no sense:", *_few(bad)]))
    if not good:
        raise ReviewError("\n".join([f"{source} holds no decision to import.", *_few(bad)]))
    number, added = _on_agenda(store, part, session, good, target, known)
    placed = articles.items([path for path, _ in good], store.items(number))
    new = _settled(store, number, [(item, row) for item, (_, row) in zip(placed, good, strict=True)])
    return Imported(number, new, len(good) - new, added, tuple(bad), sheet.passed_over)


class _Articles:
    """Where an article is found: on the agenda of a session, else in a corpus."""

    def __init__(self, items: Sequence[Item], part: Slice) -> None:
        rows = part.corpus.articles[["path", "url"]].astype("str")
        single = rows.dropna(subset="url").drop_duplicates("url", keep=False)
        self._corpus = part.corpus.name
        self._several = set(rows["url"].dropna()) - set(single["url"])
        self._url_of: dict[str, str] = dict(zip(rows["path"], rows["url"].fillna(""), strict=True))
        self._path_of: dict[str, str] = dict(zip(single["url"], single["path"], strict=True))
        for each in (item.candidate for item in items):
            self._url_of.setdefault(each.path, each.url or "")
            self._path_of |= {each.url: each.path} if each.url else {}

    def path(self, row: Row) -> str:
        """The path of a row's article. Raises ReviewError when there is none, or when it could be several."""
        if row.path in self._url_of:
            return row.path
        if row.url in self._path_of:
            return self._path_of[row.url]
        if row.url in self._several:
            raise ReviewError(f"several articles of {self._corpus} have the address {row.url}. Give the path.")
        raise ReviewError(f"there is no article {' or '.join(filter(None, (row.path, row.url)))} in {self._corpus}.")

    def items(self, paths: Sequence[str], items: Sequence[Item]) -> list[int]:
        """The item of each article: one that was passed over because of its address is the item of that address."""
        by_path = {each.candidate.path: each.number for each in items}
        by_url = {each.candidate.url: each.number for each in items}
        return [by_path[path] if path in by_path else by_url[self._url_of[path]] for path in paths]


def _session(store: Store, part: Slice, target: Target) -> Session | None:
    """The session to import into; None when one is to be made."""
    if target.session is not None:
        return store.session(target.session)
    title = session_title(target.title)
    for session in store.sessions():
        same = session.title == title and session.corpus == part.corpus.name
        if same and all(_imported(item) for item in store.items(session.number) if not item.added):
            return session
    return None


def _imported(item: Item) -> bool:
    return any(reason.name == IMPORTED for reason in item.candidate.reasons)


def _on_agenda(
    store: Store, part: Slice, session: Session | None, good: Sequence[tuple[str, Row]], target: Target, known: Rules
) -> tuple[int, int]:
    """Put the articles that are not there yet on the agenda; the session's number, and how many they were."""
    there = {item.candidate.path for item in store.items(session.number)} if session else set()
    paths = [path for path in dict.fromkeys(path for path, _ in good) if path not in there]
    why = (Reason(IMPORTED, "decided elsewhere"),)
    candidates: list[Candidate] = [replace(each, reasons=why) for each in handpicked(part, paths)]
    by = good[0][1].by
    if session is None:
        draft = drafted(part, title=target.title, candidates=candidates, budget=0, rules=known)
        number = store.create(draft, by)
        store.move(number, "settling", by)
        return number, len(candidates)
    return session.number, len(store.add(session.number, candidates, by)) if candidates else 0


def _settled(store: Store, session: int, good: Sequence[tuple[int, Row]]) -> int:
    """Store the decisions, each on its item; how many of them are new."""
    last = max((decision.number for decision in store.decisions(session).values()), default=0)
    stored = {
        store.settle(item, row.by, replace(row.settlement, token=_token(session, item, row))).number
        for item, row in good
    }
    return sum(number > last for number in stored)


def _token(session: int, item: int, row: Row) -> str:
    """The same for the same decision on the same item of a session."""
    said = json.dumps([session, item, row.by, astuple(replace(row.settlement, token=""))], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _few(bad: Sequence[BadRow]) -> list[str]:
    more = [f"and {len(bad) - LISTED:,} more"] if len(bad) > LISTED else []
    return [*map(str, bad[:LISTED]), *more]
