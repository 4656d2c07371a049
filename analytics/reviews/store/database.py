"""A database of reviews: its URL, its transactions with retries, and what its errors mean."""

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from analytics.errors import ReviewError
from analytics.reviews.store.sqlite_files import HOW_TO_GO_ON, OpenFile, connect
from analytics.settings import data_folder, expand_home_or_file_url, review_store_url

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
DUPLICATE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

TRANSIENT_STATES = ("08", "40", "57P", "53300", "55P03", "23505")
"""First characters of the error codes of PostgreSQL after which a retry may succeed: a lost connection, a conflict, a
restart, too many connections, a lock, and a row that somebody else wrote in between."""


def is_transient(error: SQLAlchemyError) -> bool:
    """Whether a retry of the same work may succeed."""
    if isinstance(error, NoConnectionFree):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return is_busy(error.orig) or code in DUPLICATE
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(TRANSIENT_STATES)
    return error.connection_invalidated or isinstance(error, OperationalError)


def is_connection_failure(error: SQLAlchemyError) -> bool:
    """Whether a server could not be reached."""
    return (
        isinstance(error, OperationalError)
        and getattr(error.orig, "sqlstate", None) is None
        and not (hasattr(error.orig, "sqlite_errorcode"))
    )


def is_busy(sqlite_error: BaseException | None) -> bool:
    """Whether SQLite reports that another program has locked the file."""
    code = getattr(sqlite_error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in BUSY


def is_damage(sqlite_error: BaseException | None) -> bool:
    """Whether SQLite reports that the file is damaged, or no SQLite file."""
    code = getattr(sqlite_error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in DAMAGED


def error_line(error: SQLAlchemyError) -> str:
    """The message of an error in one line, without statement and parameters."""
    found = error.orig if isinstance(error, DBAPIError) else error
    if is_busy(found):
        return "too many others are writing"
    lines = str(found).strip().splitlines() or [type(found).__name__]
    return lines[0].rstrip(".")


Result = TypeVar("Result")

TIMEOUT = 60
"""Seconds to wait for other writers of a file, and after which there is no further retry."""

SQLITE_TIMEOUT = 0.01
"""Seconds that SQLite itself waits for a lock. Short, as its growing pauses would let newcomers go first."""

RETRY_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds before each retry."""

AWAY_SECONDS = 5.0
"""Seconds after which a server that could not be reached is waited for again; until then each call tries once."""

_unreached: dict[URL, float] = {}
"""When each server could not be reached last (`time.monotonic`)."""

PRAGMAS = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL")

POOL = {"pool_size": 5, "max_overflow": 30, "pool_timeout": TIMEOUT}


class Database:
    """Runs work in transactions with retries. `writing` and `reading` are the engines of the two kinds.

    `reopen_reason` says why it must be opened again: its file is damaged, gone, or not the one that is open.
    It refuses all work then.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.reopen_reason = ""
        self._file: OpenFile | None = None
        self._write_lock: AbstractContextManager[object] = nullcontext()
        try:
            path = sqlite_path(url)
            if path is None:
                self._use_postgresql()
            else:
                self._use_sqlite(path)
        except sqlite3.Error as error:
            raise ReviewError(f"The store of reviews was not opened: {error} ({printable_url(url)}).") from None
        except ModuleNotFoundError:
            raise _no_driver(url) from None

    def read(self, failure: str, work: Callable[[Connection], Result]) -> Result:
        """Run work that reads, all of it seeing one moment of the store, and return what it returns.

        Raises ReviewError that begins with `failure` ("the session was not read").
        """
        return self._with_retries(failure, self.reading, work)

    def write(self, failure: str, work: Callable[[Connection], Result]) -> Result:
        """Run idempotent work that writes, atomically, and return what it returns.

        Raises ReviewError that begins with `failure` ("the judgement was not stored").
        """
        with self._write_lock:
            result = self._with_retries(failure, self.writing, work)
            self._require_own_file(failure)
            return result

    def close(self) -> None:
        """Close the connections."""
        self.writing.dispose()
        if self._file is not None:
            self._file.close()

    def _with_retries(self, failure: str, engine: Engine, work: Callable[[Connection], Result]) -> Result:
        deadline = time.monotonic() + TIMEOUT
        lately = time.monotonic() < _unreached.get(self.url, 0.0) + AWAY_SECONDS
        for wait in (None,) if lately else (*RETRY_WAITS, None):
            self._require_own_file(failure)
            try:
                with engine.begin() as connection:
                    return work(connection)
            except OverflowError:
                raise ReviewError(f"{failure}: there is no such number. Choose from the list of sessions.") from None
            except SQLAlchemyError as error:
                if wait is None or time.monotonic() > deadline or not is_transient(error):
                    if is_connection_failure(error):
                        _unreached[self.url] = time.monotonic()
                    raise ReviewError(self._message(failure, error)) from None
            time.sleep(wait * random.uniform(0.5, 1.5))
        raise AssertionError

    def _require_own_file(self, failure: str) -> None:
        """Raise ReviewError when the file of the store is damaged, gone or another one, where nothing would be kept."""
        if self._file is not None and not self.reopen_reason and not self._file.is_in_place():
            self.reopen_reason = _saved_elsewhere(self._file, failure)
        if self.reopen_reason:
            raise ReviewError(f"{failure}: {self.reopen_reason}")

    def _message(self, failure: str, error: SQLAlchemyError) -> str:
        cause = error_line(error)
        if self.url.password:
            cause = cause.replace(str(self.url.password), "***")
        if is_damage(getattr(error, "orig", None)):
            self.reopen_reason = f"{printable_url(self.url)} is damaged ({cause}). The next start sets it aside."
            return f"{failure}: {self.reopen_reason}"
        advice = "Try again" if is_transient(error) else "Nothing that was stored is lost"
        return f"{failure}: {cause} ({printable_url(self.url)}). {advice}."

    def _use_sqlite(self, path: Path) -> None:
        self._write_lock = Lock()
        self._file = OpenFile(path)
        self.writing = create_engine(self.url, creator=lambda: connect(path, SQLITE_TIMEOUT), **POOL)
        self.reading = self.writing.execution_options(begin="BEGIN")

        @event.listens_for(self.writing, "connect")
        def set_pragmas(connection: Any, _record: Any) -> None:
            for pragma in PRAGMAS:
                connection.execute(pragma)

        @event.listens_for(self.writing, "begin")
        def begin(connection: Connection) -> None:
            _begin_sqlite(connection, connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))

    def _use_postgresql(self) -> None:
        query = {"connect_timeout": "10", "application_name": "article-analytics", **self.url.query}
        self.writing = create_engine(self.url.set(query=query), pool_pre_ping=True, **POOL)
        self.reading = self.writing.execution_options(isolation_level="REPEATABLE READ")


def _saved_elsewhere(file: OpenFile, failure: str) -> str:
    """Save a copy of what an open file held that was deleted or replaced; returns what happened and what to do.

    Raises ReviewError when no copy can be written: the open file then still holds it.
    """
    fault = "replaced by another file" if file.path.exists() else "deleted or moved away"
    found = f"{file.path} or its log was {fault} while it was in use"
    try:
        copy = file.save_copy()
    except (OSError, sqlite3.Error) as error:
        raise ReviewError(
            f"{failure}: {found}, and no copy of what it held can be written ({error}). Bring it back, or make a copy "
            "possible, before this program ends: until then nothing is lost."
        ) from None
    advice = "Try again: the file that is there now is used." if file.path.exists() else HOW_TO_GO_ON
    return f"{found}. What it held was saved as {copy.name} beside it. {advice}"


def _begin_sqlite(connection: Connection, statement: str) -> None:
    """Begin a transaction of SQLite by polling, so that all who wait for the file have equal chances."""
    deadline = time.monotonic() + TIMEOUT
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


def require_utf8(connection: Connection) -> None:
    """Raise ReviewError when the database is not encoded in UTF-8."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise ReviewError(
            f"The database keeps text as {encoding}, not all characters. Make one with the encoding UTF8."
        )


URL_FORMS = "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE or sqlite:////PATH/TO/reviews.db"


def store_url(named: str | None = None) -> str:
    """The URL of the store: `named`, else that of the environment, else of a file in the data folder."""
    own = URL.create("sqlite", database=str(data_folder() / "reviews.db"))
    return named or review_store_url() or own.render_as_string(hide_password=False)


def parse_store_url(url: str) -> URL:
    """Parse the URL of a store; the path of a file becomes absolute. Raises ReviewError, without the password."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise ReviewError(f"What names the store of reviews is no URL. Write {URL_FORMS}.") from None
    if found.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return found.set(drivername="postgresql+psycopg")
    if found.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ReviewError(f"A store of reviews cannot be in {found.drivername!r}. Write {URL_FORMS}.")
    if not found.database or found.database == ":memory:" or found.query:
        raise ReviewError(f"{printable_url(found)} names no file to keep reviews in. Write {URL_FORMS}.")
    return found.set(database=str(expand_home_or_file_url(found.database).resolve()))


def check_store_url(url: str) -> None:
    """Raise ReviewError for a URL that can never be opened: one of another kind, or whose driver is not installed."""
    parsed = parse_store_url(url)
    if sqlite_path(parsed) is None and find_spec("psycopg") is None:
        raise _no_driver(parsed)


def _no_driver(url: URL) -> ReviewError:
    return ReviewError(
        f"{printable_url(url)} needs the driver of PostgreSQL. "
        "Install it with: pip install 'article-analytics[postgresql]'"
    )


def printable_url(url: URL) -> str:
    """A URL for people: without password and query."""
    return url.set(query={}).render_as_string(hide_password=True)


def sqlite_path(url: URL) -> Path | None:
    """The file of a SQLite store; None for a store on a server."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None
