"""The database behind a store: connections, transactions, and work that is tried again when an error passes."""

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from analytics.errors import ReviewError
from analytics.reviews.address import shown
from analytics.reviews.faults import is_busy, is_damage, passes, words

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
