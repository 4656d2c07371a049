"""What the errors of a database mean: which of them pass, which of them say that a file is damaged, and in words."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

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
