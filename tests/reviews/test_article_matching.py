"""Which article of now an item stands for."""

import time
from dataclasses import replace

import pandas as pd
import pytest

from analytics.corpus.loader import Corpus
from analytics.corpus.table_contracts import ARTICLES
from analytics.review_table_contracts import REVIEW_ITEMS, ReviewTables
from analytics.reviews.article_matching import match_articles
from analytics.reviews.store.store import Store
from tests.corpora import article, corpus_of
from tests.reviews.made import candidate, draft

Line = tuple[str | None, ...]

COLUMNS = ["path", "url", "title", "provider"]


def corpus(*lines: Line) -> Corpus:
    """A corpus of which only these columns matter."""
    frame = pd.DataFrame(list(lines), columns=COLUMNS, dtype="str")
    return replace(corpus_of([]), articles=ARTICLES.of(ARTICLES.empty().reindex(range(len(lines))).assign(**frame)))


def reviewed(*lines: Line) -> ReviewTables:
    """Items of a session with these columns."""
    items = REVIEW_ITEMS.empty().reindex(range(len(lines)))
    items[COLUMNS] = pd.DataFrame(list(lines), columns=COLUMNS, dtype="object")
    items["item"] = items["position"] = range(1, len(lines) + 1)
    return ReviewTables.nothing().of_items(REVIEW_ITEMS.of(items.assign(session=1)))


ONE = ("a.md", "https://a", "A", "Alpha")
TWO = ("b.md", "https://b", "B", "Beta")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("item", "articles", "path"),
    [
        pytest.param(ONE, [ONE, TWO], "a.md", id="nothing changed"),
        pytest.param(ONE, [("new.md", *ONE[1:]), TWO], "new.md", id="renamed"),
        pytest.param(ONE, [("a.md", "https://new", "A", "Alpha"), TWO], "a.md", id="address changed"),
        pytest.param(ONE, [("a.md", "https://a", "New", "Alpha"), TWO], "a.md", id="title changed"),
        pytest.param(ONE, [("new.md", "https://new", "A", "Alpha"), TWO], "new.md", id="renamed, address changed"),
        pytest.param(ONE, [("a.md", *TWO[1:]), ("new.md", *ONE[1:])], "new.md", id="path taken over"),
        pytest.param(ONE, [("a.md", *TWO[1:])], None, id="path taken over, article gone"),
        pytest.param(ONE, [TWO], None, id="gone"),
        pytest.param(ONE, [("new.md", "https://new", "A", "Beta")], None, id="same title elsewhere"),
        pytest.param(ONE, [("x.md", "https://a", "X", "X"), ("y.md", "https://a", "Y", "X")], None, id="ambiguous"),
        pytest.param(
            ONE,
            [("x.md", "https://a", "X", "X"), ("y.md", "https://a", "A", "Alpha")],
            "y.md",
            id="address ambiguous, title not",
        ),
        pytest.param(ONE, [ONE, ("y.md", *ONE[1:])], "a.md", id="a copy beside it"),
        pytest.param(("a.md", None, "A", "Alpha"), [("a.md", None, "A", "Alpha")], "a.md", id="no address"),
        pytest.param(("a.md", None, "A", "Alpha"), [("b.md", None, "B", "Alpha")], None, id="no address is none"),
        pytest.param(("a.md", None, None, None), [("a.md", None, None, None)], "a.md", id="a path only"),
        pytest.param(("a.md", None, None, None), [("b.md", None, None, None)], None, id="a path only, gone"),
    ],
)
def test_an_item_finds_its_article(item: Line, articles: list[Line], path: str | None) -> None:
    before = reviewed(item)
    found = match_articles(before, corpus(*articles)).items
    REVIEW_ITEMS.check(found)
    assert (found["path"][0], found["found"][0]) == (path or item[0], path is not None)
    assert before.items["path"][0] == item[0]
    assert before.items["found"].isna().all()


@pytest.mark.slow
def test_what_a_store_holds_survives_a_clone_elsewhere(store: Store) -> None:
    articles = [article(title=f"Story {n}", provider="Alpha") for n in range(4)]
    first, again = corpus_of(articles), corpus_of([*articles, article(title="New", provider="Alpha")])
    rows = first.articles.itertuples()
    store.create(draft(candidates=tuple(candidate(path=row.path, url=None, title=row.title) for row in rows)), "Ann")
    found = match_articles(store.snapshot(), again).items
    assert list(found["path"]) == list(first.articles["path"])
    assert found["found"].all()


def test_a_hundred_thousand_articles_take_no_time() -> None:
    count = 100_000
    there = corpus(*((f"{n}.md", f"https://{n}", f"Story {n}", "Alpha") for n in range(count)))
    asked = reviewed(*((f"old-{n}.md", f"https://{n}", f"Story {n}", "Alpha") for n in range(500)))
    begun = time.process_time()
    found = match_articles(asked, there).items
    assert time.process_time() - begun < 1
    assert list(found["path"]) == [f"{n}.md" for n in range(500)]
