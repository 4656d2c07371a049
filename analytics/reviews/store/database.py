"""What the errors of a database mean: which of them pass, which of them say that a file is damaged, and in words."""

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from analytics.errors import ReviewError
from analytics.settings import data_folder, review_store_url

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
TWICE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

PASSING = ("08", "40", "57P", "53300", "55P03", "23505")
"""What the states of PostgreSQL that pass begin with: a lost connection, a conflict, a restart, too many connections,
a lock, and a row that somebody else wrote in between."""


def passes(error: SQLAlchemyError) -> bool:
    """Whether the same work may succeed when it is done once more."""
    if isinstance(error, NoConnectionFree):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return is_busy(error.orig) or code in TWICE
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(PASSING)
    return error.connection_invalidated or isinstance(error, OperationalError)


def is_busy(error: BaseException | None) -> bool:
    """Whether SQLite says that somebody else holds a file."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in BUSY


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that a file is damaged, or not one of its own."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in DAMAGED


def words(error: SQLAlchemyError) -> str:
    """What happened, in one line, without statement and parameters."""
    found = error.orig if isinstance(error, DBAPIError) else error
    if is_busy(found):
        return "too many others are writing"
    lines = str(found).strip().splitlines() or [type(found).__name__]
    return lines[0].rstrip(".")


Result = TypeVar("Result")

PATIENCE = 60
"""Seconds to wait for other writers of a file, and after which nothing is tried again."""

OWN_WAIT = 0.01
"""Seconds that SQLite itself waits: it looks less and less often, so that newcomers would always go first."""

WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds before each further attempt."""

PRAGMAS = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL")

CONNECTIONS = {"pool_size": 5, "max_overflow": 30, "pool_timeout": PATIENCE}


class Database:
    """Does work in transactions. `writing` and `reading` are the engines of the two kinds."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._turn: AbstractContextManager[object] = nullcontext()
        try:
            if url.get_backend_name() == "sqlite":
                self._sqlite()
            else:
                self._postgresql()
        except ModuleNotFoundError:
            raise ReviewError(
                f"{shown(url)} needs the driver of PostgreSQL. "
                "Install it with: pip install 'article-analytics[postgresql]'"
            ) from None

    def read(self, failure: str, work: Callable[[Connection], Result]) -> Result:
        """What a work finds that sees the store as it is at one moment.

        Raises ReviewError, which begins with the failure ("the session was not read").
        """
        return self._tried(failure, self.reading, work)

    def write(self, failure: str, work: Callable[[Connection], Result]) -> Result:
        """What a work returns that is stored wholly or not at all, and that may be done several times over.

        Raises ReviewError, which begins with the failure ("the judgement was not stored").
        """
        with self._turn:
            return self._tried(failure, self.writing, work)

    def close(self) -> None:
        """Let the connections go."""
        self.writing.dispose()

    def _tried(self, failure: str, engine: Engine, work: Callable[[Connection], Result]) -> Result:
        deadline = time.monotonic() + PATIENCE
        for wait in (*WAITS, None):
            try:
                with engine.begin() as connection:
                    return work(connection)
            except OverflowError:
                raise ReviewError(f"{failure}: there is no such number. Choose from the list of sessions.") from None
            except SQLAlchemyError as error:
                if wait is None or time.monotonic() > deadline or not passes(error):
                    raise ReviewError(self._said(failure, error)) from None
            time.sleep(wait * random.uniform(0.5, 1.5))
        raise AssertionError

    def _said(self, failure: str, error: SQLAlchemyError) -> str:
        cause = words(error)
        if self.url.password:
            cause = cause.replace(str(self.url.password), "***")
        if is_damage(getattr(error, "orig", None)):
            return f"{failure}: {shown(self.url)} is damaged ({cause}). Start the program again: it is then set aside."
        advice = "Try again" if passes(error) else "Nothing that was stored is lost"
        return f"{failure}: {cause} ({shown(self.url)}). {advice}."

    def _sqlite(self) -> None:
        self._turn = Lock()
        self.writing = create_engine(self.url, connect_args={"timeout": OWN_WAIT}, **CONNECTIONS)
        self.reading = self.writing.execution_options(begin="BEGIN")

        @event.listens_for(self.writing, "connect")
        def connected(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in PRAGMAS:
                connection.execute(pragma)

        @event.listens_for(self.writing, "begin")
        def begun(connection: Connection) -> None:
            _begin(connection, connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))

    def _postgresql(self) -> None:
        query = {"connect_timeout": "10", "application_name": "article-analytics", **self.url.query}
        self.writing = create_engine(self.url.set(query=query), **CONNECTIONS)
        self.reading = self.writing.execution_options(isolation_level="REPEATABLE READ")


def _begin(connection: Connection, statement: str) -> None:
    """Begin a transaction of SQLite; all who wait for the same file have equal chances at every moment."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            connection.connection.cursor().execute(statement)
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                break
            time.sleep(random.uniform(0.001, 0.008))
        else:
            return
    connection.exec_driver_sql(statement)


def refuse_narrow(connection: Connection) -> None:
    """Raise ReviewError when a database does not keep all characters."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise ReviewError(
            f"The database keeps text as {encoding}, not all characters. Make one with the encoding UTF8."
        )


FORMS = "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE or sqlite:////PATH/TO/reviews.db"


def store_url(named: str | None = None) -> str:
    """The URL of the store: the one that is named, else that of the environment, else a file of the data folder."""
    own = URL.create("sqlite", database=str(data_folder() / "reviews.db"))
    return named or review_store_url() or own.render_as_string(hide_password=False)


def address(url: str) -> URL:
    """A URL, read, with the whole path of a file. Raises ReviewError, never with a password, for what is no store."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise ReviewError(f"What names the store of reviews is no URL. Write {FORMS}.") from None
    if found.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return found.set(drivername="postgresql+psycopg")
    if found.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ReviewError(f"A store of reviews cannot be in {found.drivername!r}. Write {FORMS}.")
    if not found.database or found.database == ":memory:" or found.query:
        raise ReviewError(f"{shown(found)} names no file to keep reviews in. Write {FORMS}.")
    return found.set(database=str(Path(found.database).expanduser().resolve()))


def shown(url: URL) -> str:
    """A URL for people: without its password and what follows its question mark."""
    return url.set(query={}).render_as_string(hide_password=True)


def database_file(url: URL) -> Path | None:
    """The file of a store; None for one that is on a server."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None
