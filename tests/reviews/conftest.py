"""Stores of both databases: SQLite in a folder of the test, PostgreSQL in a schema of the test on a real server."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from analytics.reviews.store.store import Store, open_store
from tests.reviews.postgres import Server

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server."""
    running = Server()
    yield running
    running.stop()


@pytest.fixture(params=BOTH)
def store_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a store that nobody has opened yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/reviews.db"
    return schema_on(request.getfixturevalue("server"))


@pytest.fixture
def store(store_address: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(store_address)
    yield opened
    opened.close()


def schema_on(server: Server) -> str:
    """URL of a store in a new schema."""
    schema = f"store_{uuid4().hex}"
    with psycopg.connect(f"host={server.folder} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return server.url(schema)
