"""Decisions from elsewhere brought into a store, each once, however often a file is imported."""

import csv
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pandas as pd

from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.errors import ReviewError
from analytics.review_tables import REVIEW_ITEMS, Reviewed
from analytics.reviews.agenda.agenda import drafted, handpicked
from analytics.reviews.models import OUTCOMES, Candidate, Item, Outcome, Reason, Rules, Session, Settlement
from analytics.reviews.rules import rules
from analytics.reviews.store.store import Store
from analytics.reviews.store.validation import person_name, session_title, settlement_of


def reviewed_in(reviewed: Reviewed, corpus: Corpus) -> Reviewed:
    """What was reviewed, with the `path` of each item as it is in a corpus, and `found` for those that are there.

    It is the article of the same path when its address or title is the same too (a path alone can be taken over by
    another story; it counts only for an item that has neither); else the only one of the same address; else the only
    one of the same title and provider. An item whose article is gone, or could be several, keeps its path.
    """
    items, articles = reviewed.items, corpus.articles[["path", "url", "title", "provider"]]
    there = items[["path"]].merge(_among(articles, items, "path"), on="path", how="left", indicator="known")
    same = (there["url"] == items["url"]) | (there["title"] == items["title"])
    nameless = items["url"].isna() & items["title"].isna()
    path = items["path"].where((there["known"] == "both") & (same | nameless))
    for columns in (["url"], ["title", "provider"]):
        path = path.fillna(_only(items, articles, columns))
    placed = items.assign(path=path.fillna(items["path"]), found=path.notna())
    return replace(reviewed, items=REVIEW_ITEMS.of(placed))


def _only(items: pd.DataFrame, articles: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Path of the only article that is the same in some columns; missing where there is none or more than one."""
    whole = _among(articles, items, columns[0]).dropna(subset=columns)
    single = whole[~whole.duplicated(columns, keep=False)]
    return items[columns].merge(single, on=columns, how="left")["path"]


def _among(articles: pd.DataFrame, items: pd.DataFrame, column: str) -> pd.DataFrame:
    """The few articles that have one of the items' values in a column, as plain text."""
    return articles[articles[column].isin(items[column].dropna())].astype("str")


COLUMNS = ("path", "url", "verdict", "state", "quality", "note", "present", "by", "decided_at")
"""The columns that are read; others are passed over."""

BYTES_MAX = 50_000_000
"""The largest file that is read."""

SHIELDED = re.compile(r"^'(?=[=+\-@\t\r])")
"""The sign that exports put before text which a spreadsheet would run as a formula."""

DECIDED = "Decided elsewhere:"
"""What the last line of a note begins with that tells when the decision was taken."""

Cells = dict[str, str]


@dataclass(frozen=True)
class BadRow:
    """A row that makes no sense: the line that it begins on, and why."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


@dataclass(frozen=True)
class Row:
    """A decision from elsewhere: its line, how the article is named, and what was decided by whom."""

    line: int
    path: str
    url: str
    by: str
    settlement: Settlement


@dataclass(frozen=True)
class Sheet:
    """The rows of a file with their lines, and the names of the columns that nothing is done with."""

    rows: tuple[tuple[int, Cells], ...]
    passed_over: tuple[str, ...]


def read_sheet(source: Path) -> Sheet:
    """The rows of a CSV (UTF-8, a header row, commas or semicolons). Raises ReviewError when it is none."""
    text = _text(source)
    first = text.partition("\n")[0]
    lines = csv.reader(StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        head = [name.strip().lower() for name in next(lines, [])]
        _check_head(source, head)
        rows, start = [], lines.line_num + 1
        for values in lines:
            if any(value.strip() for value in values):
                rows.append((start, _cells(head, values)))
            start = lines.line_num + 1
    except csv.Error as error:
        raise ReviewError(f"{source}, line {lines.line_num}: this is no CSV ({error}). Nothing was imported.") from None
    return Sheet(tuple(rows), tuple(name for name in head if name and name not in COLUMNS))


def row_of(line: int, cells: Cells, rules: Rules, by: str) -> Row:
    """What a row says, in the words of a session's rules; `by` is who decided where the row does not say it.

    Raises ReviewError.
    """
    if not cells["path"] and not cells["url"]:
        raise ReviewError("no article is named. Give its path or its url.")
    if not cells["by"] and not by:
        raise ReviewError("it is not said who decided. Fill in the column by, or name somebody for all rows.")
    said = Settlement(
        _outcome(cells["state"]),
        _verdict(cells["verdict"], rules),
        _quality(cells["quality"]),
        _note(cells["note"], cells["decided_at"]),
        tuple(name.strip() for name in cells["present"].split(";") if name.strip()),
    )
    return Row(line, cells["path"], cells["url"], person_name(cells["by"] or by), settlement_of(rules, said))


def _text(source: Path) -> str:
    try:
        if source.stat().st_size > BYTES_MAX:
            raise ReviewError(f"{source} is larger than {BYTES_MAX // 1_000_000} MB. Split it.")
        return source.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ReviewError(f"{source} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise ReviewError(f"{source} is not UTF-8 (byte {error.start}). Save it as CSV UTF-8.") from None


def _check_head(source: Path, head: Sequence[str]) -> None:
    if "verdict" not in head or not {"path", "url"} & set(head):
        raise ReviewError(
            f"{source}: the first line must name the columns, verdict and path or url among them; it has "
            f"{', '.join(filter(None, head)) or 'nothing'}. Columns that are read: {', '.join(COLUMNS)}."
        )
    if twice := [name for name in COLUMNS if head.count(name) > 1]:
        raise ReviewError(f"{source}: the column {twice[0]} is there twice. Take one of them away.")


def _cells(head: Sequence[str], values: Sequence[str]) -> Cells:
    """The cells of a row by name, empty where it has none."""
    given = {name: SHIELDED.sub("", value) for name, value in zip(head, values, strict=False)}
    return {name: given.get(name, "") if name == "note" else given.get(name, "").strip() for name in COLUMNS}


def _outcome(found: str) -> Outcome:
    for outcome in OUTCOMES:
        if (found or "settled").casefold() == outcome:
            return outcome
    raise ReviewError(f"there is no state {found!r}. Use {', '.join(OUTCOMES)}, or leave it empty for settled.")


def _verdict(found: str, rules: Rules) -> str | None:
    named = {verdict.name.casefold(): verdict.name for verdict in rules.verdicts}
    return named.get(found.casefold(), found) or None


def _quality(found: str) -> int | None:
    if found and not re.fullmatch(r"[0-9]{1,9}", found):
        raise ReviewError(f"quality {found!r} is not a whole number of 0 or more.")
    return int(found) if found else None


def _note(note: str, decided_at: str) -> str:
    """A note with the time of the decision below it, unless it tells one: the store says when it was stored."""
    if note.rpartition("\n")[2].startswith(DECIDED):
        return note
    return "\n".join(part for part in (note, decided_at and f"{DECIDED} {_moment(decided_at)}") if part)


def _moment(found: str) -> str:
    try:
        if len(found) == len("2026-03-31"):
            return date.fromisoformat(found).isoformat()
        at = datetime.fromisoformat(found)
    except ValueError:
        raise ReviewError(f"decided_at {found!r} is no time. Write 2026-03-31 or 2026-03-31T14:00:00Z.") from None
    return f"{at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


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
