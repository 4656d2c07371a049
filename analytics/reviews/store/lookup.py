"""What was reviewed of a corpus, where there is a store; none is made to look into it."""

from sqlalchemy import inspect

from analytics.corpus.loader import Corpus
from analytics.review_tables import Reviewed
from analytics.reviews.exchange import reviewed_in
from analytics.reviews.store.database import Database, address, database_file, store_url
from analytics.reviews.store.migrations import RECORDS
from analytics.reviews.store.store import open_store


def reviewed_of(corpus: Corpus, url: str | None = None) -> Reviewed | None:
    """What the store of a URL (see `store_url`) holds, as it lies in a corpus; None when there is no store.

    Raises ReviewError when it cannot be read.
    """
    if not is_there(url):
        return None
    store = open_store(url)
    try:
        return reviewed_in(store.snapshot(), corpus)
    finally:
        store.close()


def is_there(url: str | None = None) -> bool:
    """Whether anybody has made the store of a URL. Raises ReviewError when it cannot be looked for."""
    place = address(store_url(url))
    path = database_file(place)
    if path is not None:
        return path.exists()
    database = Database(place)
    try:
        return database.read(
            "The store of reviews was not looked for",
            lambda connection: inspect(connection).has_table(RECORDS.name),
        )
    finally:
        database.close()
