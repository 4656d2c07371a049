"""Import of decisions from a CSV file. Idempotent: a decision that was imported before is not stored again."""

import csv
import hashlib
import json
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

from analytics.analyses.common.wording import count_text
from analytics.engine.slice import Slice
from analytics.errors import ReviewError
from analytics.formula_safety import without_guards
from analytics.reviews.agenda import handpicked, new_session
from analytics.reviews.agenda_reasons import IMPORTED
from analytics.reviews.models import OUTCOMES, Candidate, Item, Outcome, Reason, Rules, Session, Settlement
from analytics.reviews.review_rules import read_rules
from analytics.reviews.store.store import Store, open_store, store_exists
from analytics.reviews.store.validation import person_key, person_name, session_title, validated_settlement

COLUMNS = ("path", "url", "verdict", "state", "quality", "note", "present", "by", "decided_at")
"""The columns that are read; others are ignored."""

BYTES_MAX = 50_000_000
"""The size of the largest file that is read."""

DECIDED_PREFIX = "Decided elsewhere:"
"""The start of the last line of a note, which has the time of the decision."""

Cells = dict[str, str]


@dataclass(frozen=True)
class BadRow:
    """An invalid row: the line that it begins on, and why it is invalid."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


@dataclass(frozen=True)
class ImportedDecision:
    """A decision of a row: its line, the path or address of the article, who decided, and what."""

    line: int
    path: str
    url: str
    by: str
    settlement: Settlement


@dataclass(frozen=True)
class DecisionSheet:
    """The rows of a file with their lines, and the names of the columns that are ignored."""

    rows: tuple[tuple[int, Cells], ...]
    ignored: tuple[str, ...]


def read_decision_csv(source: Path) -> DecisionSheet:
    """The rows of a CSV (UTF-8, a header row, commas or semicolons). Raises ReviewError when it is none."""
    text = _read_text(source)
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
    return DecisionSheet(tuple(rows), tuple(name for name in head if name and name not in COLUMNS))


def parse_row(line: int, cells: Cells, rules: Rules, default_by: str) -> ImportedDecision:
    """The decision of a row, valid by the rules of a session; `default_by` is who decided where the row has no name.

    Raises ReviewError for an invalid row.
    """
    if not cells["path"] and not cells["url"]:
        raise ReviewError("no article is named. Give its path or its url.")
    if not cells["by"] and not default_by:
        raise ReviewError("it is not said who decided. Fill in the column by, or name somebody for all rows.")
    settlement = Settlement(
        _parse_outcome(cells["state"]),
        _parse_verdict(cells["verdict"], rules),
        _parse_quality(cells["quality"]),
        _note_with_time(cells["note"], cells["decided_at"]),
        tuple(name.strip() for name in cells["present"].split(";") if name.strip()),
    )
    return ImportedDecision(
        line,
        cells["path"],
        cells["url"],
        person_name(cells["by"] or default_by),
        validated_settlement(rules, settlement),
    )


def _read_text(source: Path) -> str:
    try:
        with source.open("rb") as opened:  # a device says that it holds nothing, and has no end
            data = opened.read(BYTES_MAX + 1)
        if len(data) > BYTES_MAX:
            raise ReviewError(f"{source} is larger than {BYTES_MAX // 1_000_000} MB. Split it.")
        return data.decode("utf-8-sig")
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
    """The cells of a row by column; empty where it has none."""
    given = {name: without_guards(value) for name, value in zip(head, values, strict=False)}
    return {name: given.get(name, "") if name == "note" else given.get(name, "").strip() for name in COLUMNS}


def _parse_outcome(found: str) -> Outcome:
    for outcome in OUTCOMES:
        if (found or "settled").casefold() == outcome:
            return outcome
    raise ReviewError(f"there is no state {found!r}. Use {', '.join(OUTCOMES)}, or leave it empty for settled.")


def _parse_verdict(found: str, rules: Rules) -> str | None:
    named = {verdict.name.casefold(): verdict.name for verdict in rules.verdicts}
    return named.get(found.casefold(), found) or None


def _parse_quality(found: str) -> int | None:
    if found and not re.fullmatch(r"[0-9]{1,9}", found):
        raise ReviewError(f"quality {found!r} is not a whole number of 0 or more.")
    return int(found) if found else None


def _note_with_time(note: str, decided_at: str) -> str:
    """A note with the time of the decision in its last line, unless it has one; the store adds the time of storing."""
    if note.rpartition("\n")[2].startswith(DECIDED_PREFIX):
        return note
    return "\n".join(part for part in (note, decided_at and f"{DECIDED_PREFIX} {_iso_time(decided_at)}") if part)


_DAY = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d", re.ASCII)
_DAY_AND_TIME = re.compile(rf"(?:{_DAY.pattern})[T ]\d.*", re.ASCII)


def _iso_time(found: str) -> str:
    """A day as `2026-03-31`, a time as `2026-03-31T14:00:00Z`; one without a zone is taken as UTC."""
    try:
        if _DAY.fullmatch(found):
            return date.fromisoformat(found).isoformat()
        at = datetime.fromisoformat(found) if _DAY_AND_TIME.fullmatch(found) else None
    except ValueError:
        at = None
    if at is None:
        raise ReviewError(f"decided_at {found!r} is no time. Write 2026-03-31 or 2026-03-31T14:00:00Z.")
    return f"{at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


DEFAULT_TITLE = "Imported decisions"

BAD_ROWS_SHOWN = 20
"""The number of bad rows that an error names."""


@dataclass(frozen=True)
class ImportTarget:
    """Where to import to: a session by its number, else the imported session of a title, made when there is none.

    `by` is who decided where a row has no name; with `skip_bad` invalid rows are left out.
    """

    session: int | None = None
    title: str = DEFAULT_TITLE
    by: str = ""
    skip_bad: bool = False


@dataclass(frozen=True)
class ImportResult:
    """The result of an import: counts of new and of known decisions and of articles added, and the rows left out."""

    session: int
    new: int
    known: int
    added: int
    bad: tuple[BadRow, ...]
    ignored: tuple[str, ...]

    def summary(self) -> list[str]:
        """The result in sentences."""
        sentences = [
            f"Session {self.session}: {count_text(self.new, 'decision')} imported, "
            f"{count_text(self.known, 'was', 'were')} there already, "
            f"{count_text(self.added, 'article')} added to the agenda."
        ]
        if self.ignored:
            sentences.append(f"Columns passed over: {', '.join(self.ignored)}.")
        return [*sentences, *(f"Left out, {row}" for row in self.bad)]


def check_import(store: str | None, source: Path, target: ImportTarget) -> None:
    """Raise ReviewError where `import_decisions` into the store of a URL would, as far as that is known before the
    corpus is loaded; no store is made."""
    read_decision_csv(source)
    session_title(target.title)
    if store_exists(store):
        with closing(open_store(store)) as opened:
            if target.session is not None:
                opened.session(target.session)
    elif target.session is not None:
        raise ReviewError(f"There is no store of reviews yet, and so no session {target.session}.")


def import_decisions(store: Store, source: Path, data: Slice, target: ImportTarget) -> ImportResult:
    """Import the decisions of a CSV file with COLUMNS into a session, in the order of its rows.

    An article is found by its path, else by its address, on the agenda first and then in the corpus. Raises
    ReviewError, before anything is stored, for an invalid file, and for an invalid row unless `skip_bad`.
    """
    sheet = read_decision_csv(source)
    session = _target_session(store, data, target)
    known = session.rules if session else read_rules()
    articles = _ArticleFinder(store.items(session.number) if session else [], data)
    good: list[tuple[str, ImportedDecision]] = []
    bad: list[BadRow] = []
    for line, cells in sheet.rows:
        try:
            row = parse_row(line, cells, known, target.by)
            good.append((articles.path(row), row))
        except ReviewError as error:
            bad.append(BadRow(line, str(error)))
    if bad and not target.skip_bad:
        raise ReviewError(
            "\n".join([f"{source}: nothing was imported, for what makes no sense:", *_bad_row_lines(bad)])
        )
    if not good:
        raise ReviewError("\n".join([f"{source} holds no decision to import.", *_bad_row_lines(bad)]))
    number, added = _add_to_agenda(store, data, session, good, target, known)
    placed = articles.items([path for path, _ in good], store.items(number))
    new = _store_decisions(store, number, [(item, row) for item, (_, row) in zip(placed, good, strict=True)])
    return ImportResult(number, new, len(good) - new, added, tuple(bad), sheet.ignored)


class _ArticleFinder:
    """Finds articles on the agenda of a session, else in a corpus."""

    def __init__(self, items: Sequence[Item], data: Slice) -> None:
        rows = data.corpus.articles[["path", "url"]].astype("str")
        single = rows.dropna(subset="url").drop_duplicates("url", keep=False)
        self._corpus = data.corpus.name
        self._several = set(rows["url"].dropna()) - set(single["url"])
        self._url_of: dict[str, str] = dict(zip(rows["path"], rows["url"].fillna(""), strict=True))
        self._path_of: dict[str, str] = dict(zip(single["url"], single["path"], strict=True))
        for each in (item.candidate for item in items):
            self._url_of.setdefault(each.path, each.url or "")
            self._path_of |= {each.url: each.path} if each.url else {}

    def path(self, row: ImportedDecision) -> str:
        """The path of the article of a row. Raises ReviewError when there is none, or when it could be several."""
        if row.path in self._url_of:
            return row.path
        if row.url in self._path_of:
            return self._path_of[row.url]
        if row.url in self._several:
            raise ReviewError(f"several articles of {self._corpus} have the address {row.url}. Give the path.")
        raise ReviewError(f"there is no article {' or '.join(filter(None, (row.path, row.url)))} in {self._corpus}.")

    def items(self, paths: Sequence[str], items: Sequence[Item]) -> list[int]:
        """The number of the item of each path, which may be an item with the same address under another path."""
        by_path = {each.candidate.path: each.number for each in items}
        by_url = {each.candidate.url: each.number for each in items}
        return [by_path[path] if path in by_path else by_url[self._url_of[path]] for path in paths]


def _target_session(store: Store, data: Slice, target: ImportTarget) -> Session | None:
    """The session to import into; None when it is to be made."""
    if target.session is not None:
        return store.session(target.session)
    title = session_title(target.title)
    for session in store.sessions():
        same = session.title == title and session.corpus == data.corpus.name
        if same and all(_is_imported(item) for item in store.items(session.number) if not item.added):
            return session
    return None


def _is_imported(item: Item) -> bool:
    return any(reason.name == IMPORTED for reason in item.candidate.reasons)


def _add_to_agenda(
    store: Store,
    data: Slice,
    session: Session | None,
    good: Sequence[tuple[str, ImportedDecision]],
    target: ImportTarget,
    known: Rules,
) -> tuple[int, int]:
    """Add the articles that are not on the agenda; the number of the session, and how many were added."""
    listed = {item.candidate.path for item in store.items(session.number)} if session else set()
    paths = [path for path in dict.fromkeys(path for path, _ in good) if path not in listed]
    why = (Reason(IMPORTED, "decided elsewhere"),)
    candidates: list[Candidate] = [replace(each, reasons=why) for each in handpicked(data, paths)]
    by = good[0][1].by
    if session is None:
        opened = new_session(data, title=target.title, chosen_candidates=candidates, budget_minutes=0, rules=known)
        number = store.create(opened, by)
        store.move(number, "settling", by)
        return number, len(candidates)
    return session.number, len(store.add(session.number, candidates, by)) if candidates else 0


def _store_decisions(store: Store, session: int, good: Sequence[tuple[int, ImportedDecision]]) -> int:
    """Store the decisions, each on its item; returns how many of them are new."""
    last = max((decision.number for decision in store.decisions(session).values()), default=0)
    names = {person_key(name): name for name in store.people()}
    stored = set()
    for item, row in good:
        by, *present = (names.setdefault(person_key(name), name) for name in (row.by, *row.settlement.present))
        same = replace(row, by=by, settlement=replace(row.settlement, present=tuple(present)))
        stored.add(store.settle(item, by, replace(same.settlement, token=_token(session, item, same))).number)
    return sum(number > last for number in stored)


def _token(session: int, item: int, row: ImportedDecision) -> str:
    """The idempotency key of a decision on an item of a session."""
    decision = json.dumps([session, item, row.by, astuple(replace(row.settlement, token=""))], ensure_ascii=False)
    return hashlib.sha256(decision.encode("utf-8", "surrogatepass")).hexdigest()


def _bad_row_lines(bad: Sequence[BadRow]) -> list[str]:
    more = [f"and {len(bad) - BAD_ROWS_SHOWN:,} more"] if len(bad) > BAD_ROWS_SHOWN else []
    return [*map(str, bad[:BAD_ROWS_SHOWN]), *more]
