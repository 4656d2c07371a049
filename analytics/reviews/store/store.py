"""The store of reviews: sessions, what people said in them, and what was decided. Nothing in it is ever overwritten."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import URL, Connection

from analytics.errors import ReviewError, UserDataError
from analytics.review_tables import Reviewed
from analytics.reviews.models import (
    Candidate,
    Decision,
    Draft,
    Item,
    Judgement,
    Opinion,
    Session,
    Settlement,
    Standing,
    State,
)
from analytics.reviews.store import frames, queries, writes
from analytics.reviews.store.database import Database, Result, address, database_file, refuse_narrow, shown, store_url
from analytics.reviews.store.migrations import migrate
from analytics.reviews.store.sqlite_recovery import prepare
from analytics.userdata import files


def open_store(url: str | None = None) -> "Store":
    """The store of a URL (see `store_url`), made when it is not there, its tables brought up to date.

    Raises ReviewError, also when a newer program wrote the store (it is left as it is) or its file is damaged (it is
    set aside, and the next call begins a new one).
    """
    place = address(store_url(url))
    path = database_file(place)
    if path is None:
        return _opened(place)
    try:
        with files.lock(path):
            prepare(path)
            return _opened(place)
    except UserDataError as error:
        raise ReviewError(f"The store of reviews was not opened: {error}") from None


def _opened(place: URL) -> "Store":
    database = Database(place)
    try:
        database.read("The store of reviews was not opened", refuse_narrow)
        migrate(database)
    except ReviewError:
        database.close()
        raise
    return Store(database)


class Store:
    """Reads and adds; each call is one transaction. Threads may share it. Every method raises ReviewError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def url(self) -> str:
        """Where the store is, password and all: for programs."""
        return self._database.url.render_as_string(hide_password=False)

    @property
    def shown_url(self) -> str:
        """Where the store is: for people."""
        return shown(self._database.url)

    def create(self, draft: Draft, by: str) -> int:
        """Add a session with its agenda, open for judging; its number."""
        return self._store("The session was not made", writes.create, draft, by, _token())

    def add(self, session: int, candidates: Sequence[Candidate], by: str) -> list[int]:
        """Add articles to an agenda, marked as added; the numbers of the new items.

        An article is passed over when its path or its address is on the agenda.
        """
        return self._store("Nothing was added", writes.add, session, tuple(candidates), by, _token())

    def move(self, session: int, state: State, by: str) -> None:
        """Bring a session into a state."""
        self._store("The session was not moved", writes.move, session, state, by, _token())

    def attend(self, session: int, person: str) -> None:
        """Put down that a person has joined a session; once is enough. A closed one is only looked at."""
        self._store("The name was not put down", writes.attend, session, person)

    def judge(self, item: int, person: str, opinion: Opinion) -> Judgement:
        """Add a judgement, which becomes the person's current one of the item; the same token adds nothing."""
        said = opinion if opinion.token else replace(opinion, token=_token())
        return self._store("The judgement was not stored", writes.judge, item, person, said)

    def settle(self, item: int, by: str, settlement: Settlement) -> Decision:
        """Add a decision, which becomes the current one of the item; the same token adds nothing."""
        said = settlement if settlement.token else replace(settlement, token=_token())
        return self._store("The decision was not stored", writes.settle, item, by, said)

    def sessions(self) -> list[Session]:
        """All sessions, newest first."""
        return self._read(queries.sessions)

    def session(self, number: int) -> Session:
        """One session."""
        return self._read(queries.session, number)

    def items(self, session: int) -> list[Item]:
        """The items of a session by their positions."""
        return self._read(queries.items, session)

    def people(self) -> list[str]:
        """Every name that was ever used, in alphabetical order."""
        return self._read(queries.people)

    def attendance(self, session: int) -> list[str]:
        """Who joined a session or judged in it, in alphabetical order."""
        return self._read(queries.attendance, session)

    def judgements(self, session: int, *, seen_by: str | None = None) -> list[Judgement]:
        """The latest judgement of each person and item, in the order in which they came.

        With `seen_by`, what that person may see: all once the session is settling or closed, until then their own and
        those of items on which they have given a verdict.
        """
        return self._read(queries.judgements, session, seen_by)

    def history(self, item: int) -> list[Judgement]:
        """All judgements of an item ever, oldest first."""
        return self._read(queries.history, item)

    def decisions(self, session: int) -> dict[int, Decision]:
        """Item → its latest decision."""
        return self._read(queries.decisions, session)

    def standings(self, session: int) -> list[Standing]:
        """How far everyone is who joined a session or judged in it, in alphabetical order."""
        return self._read(queries.standings, session)

    def stamp(self, session: int | None = None) -> str:
        """What changes with whatever is stored, in all or of one session; one query."""
        return self._read(queries.stamp, session)

    def snapshot(self, session: int | None = None) -> Reviewed:
        """All that is stored, or all of one session, as frames. `reviews.identity` finds the articles of a corpus."""
        return self._read(frames.snapshot, session)

    def close(self) -> None:
        """Let the connections go."""
        self._database.close()

    def _read(self, work: Callable[..., Result], *words: object) -> Result:
        return self._database.read("The store of reviews was not read", _on(work, *words))

    def _store(self, failure: str, work: Callable[..., Result], *words: object) -> Result:
        return self._database.write(failure, _on(work, *words))


def _on(work: Callable[..., Result], *words: object) -> Callable[[Connection], Result]:
    return lambda connection: work(connection, *words)


def _token() -> str:
    return uuid4().hex
