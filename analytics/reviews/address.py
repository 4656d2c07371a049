"""Where a store of reviews is: a file of SQLite, or a database of PostgreSQL by its URL."""

import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from analytics.errors import ReviewError
from analytics.kept import files

ENVIRONMENT = "ARTICLE_ANALYTICS_REVIEWS"
"""Environment variable that names the store."""

FORMS = "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE or sqlite:////PATH/TO/reviews.db"


def store_url(named: str | None = None) -> str:
    """The URL of the store: the one that is named, else that of the environment, else a file of the data folder."""
    own = URL.create("sqlite", database=str(files.folder() / "reviews.db"))
    return named or os.environ.get(ENVIRONMENT) or own.render_as_string(hide_password=False)


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
