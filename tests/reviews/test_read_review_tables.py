"""What was reviewed is looked up where there is a store, and no store is made to look."""

from analytics.reviews.article_matching import read_review_tables
from analytics.reviews.store.store import open_store, store_exists
from tests.corpora import article, corpus_of
from tests.reviews.monday import candidate, draft

CORPUS = corpus_of([article(title="Alpha", provider="Outlet")])


def test_nothing_is_made_to_look_into_it(store_address: str) -> None:
    assert not store_exists(store_address)
    assert read_review_tables(CORPUS, store_address) is None
    assert not store_exists(store_address)


def test_articles_are_called_as_they_are_now(store_address: str) -> None:
    store = open_store(store_address)
    store.create(draft([candidate("old", title="Alpha", provider="Outlet"), candidate("gone")]), "Ana")
    found = read_review_tables(CORPUS, store_address)
    assert found is not None
    assert found.items[["path", "found"]].to_numpy().tolist() == [["_news/0000.md", True], ["_news/gone.md", False]]
    assert found.stamp == store.stamp()
    store.close()
