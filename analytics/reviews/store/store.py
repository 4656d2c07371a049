"""The store of reviews: sessions, judgements and decisions. Nothing in it is ever overwritten."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import uuid4

from sqlalchemy import URL, Connection, inspect

from analytics.errors import ReviewError, UserDataError
from analytics.reviews.store import queries, writes
from analytics.reviews.store.database import Database, Result, parse_store_url, require_utf8, sqlite_path, store_url
from analytics.reviews.store.migrations import MIGRATION_LOG, migrate
from analytics.reviews.store.sqlite_file_check import create_or_check_file
from analytics.reviews.store.sqlite_files import refuse_lost_store
from analytics.userdata import files

Parameters = ParamSpec("Parameters")


def store_exists(url: str | None = None) -> bool:
    """Whether there is a store at a URL (see `store_url`); none is made.

    Raises ReviewError, also when the store is gone and a copy of it waits for a decision.
    """
    parsed = parse_store_url(store_url(url))
    path = sqlite_path(parsed)
    if path is not None:
        refuse_lost_store(path)
        return path.exists()
    database = Database(parsed)
    try:
        return database.read(
            "The store of reviews was not looked for",
            lambda connection: inspect(connection).has_table(MIGRATION_LOG.name),
        )
    finally:
        database.close()


def open_store(url: str | None = None, *, ignore_copies: bool = False) -> "Store":
    """Open the store of a URL (see `store_url`), make it when there is none, and migrate it.

    Where a copy of a damaged or deleted store lies, a new one is made with `ignore_copies` only. Raises ReviewError,
    also when a newer program wrote the store (it is left as it is) or its file is damaged (it is set aside).
    """
    parsed = parse_store_url(store_url(url))
    path = sqlite_path(parsed)
    if path is None:
        return _migrated_store(parsed)
    try:
        with files.lock(path):
            create_or_check_file(path, ignore_copies=ignore_copies)
            return _migrated_store(parsed)
    except UserDataError as error:
        raise ReviewError(f"The store of reviews was not opened: {error}") from None


def _migrated_store(url: URL) -> "Store":
    database = Database(url)
    try:
        database.read("The store of reviews was not opened", require_utf8)
        migrate(database)
    except ReviewError:
        database.close()
        raise
    return Store(database)


def _reads(
    query: Callable[Concatenate[Connection, Parameters], Result],
) -> "Callable[Concatenate[Store, Parameters], Result]":
    """A method of the store that makes a query in a transaction of its own."""

    @wraps(query)
    def method(store: "Store", /, *args: Parameters.args, **options: Parameters.kwargs) -> Result:
        failure = "The store of reviews was not read"
        return store.database.read(failure, lambda connection: query(connection, *args, **options))

    return method


def _writes(
    failure: str, act: Callable[Concatenate[Connection, str, Parameters], Result]
) -> "Callable[Concatenate[Store, Parameters], Result]":
    """A method of the store that does an act in a transaction of its own, with one token for all of its retries."""

    @wraps(act)
    def method(store: "Store", /, *args: Parameters.args, **options: Parameters.kwargs) -> Result:
        token = uuid4().hex
        return store.database.write(failure, lambda connection: act(connection, token, *args, **options))

    return method


class Store:
    """The queries and writes of a database as methods, each in one transaction. All of them raise ReviewError.

    Threads may share a store.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    create = _writes("The session was not made", writes.create)
    add = _writes("Nothing was added", writes.add)
    move = _writes("The session was not moved", writes.move)
    attend = _writes("The name was not put down", writes.attend)
    judge = _writes("The judgement was not stored", writes.judge)
    settle = _writes("The decision was not stored", writes.settle)

    sessions = _reads(queries.sessions)
    session = _reads(queries.session_by_number)
    items = _reads(queries.items)
    people = _reads(queries.people)
    shown_name = _reads(queries.shown_name)
    items_with_verdict_of = _reads(queries.items_with_verdict_of)
    reveal_refusal = _reads(queries.reveal_refusal)
    participants = _reads(queries.participants)
    judgements = _reads(queries.latest_judgements)
    history = _reads(queries.judgement_history)
    decisions = _reads(queries.latest_decisions)
    stamp = _reads(queries.stamp)
    snapshot = _reads(queries.snapshot)

    @property
    def url(self) -> str:
        """The URL of the store with its password, for programs."""
        return self.database.url.render_as_string(hide_password=False)

    @property
    def must_reopen(self) -> bool:
        """Whether the store must be opened again: its file is damaged, gone or another one than that which is open."""
        return bool(self.database.reopen_reason)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()
