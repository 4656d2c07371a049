"""The items of reviews matched with the articles of a corpus."""

from contextlib import closing
from dataclasses import replace

import pandas as pd

from analytics.corpus.loader import Corpus
from analytics.review_table_contracts import REVIEW_ITEMS, ReviewTables
from analytics.reviews.store.store import open_store, store_exists


def match_articles(tables: ReviewTables, corpus: Corpus) -> ReviewTables:
    """The same tables with the `path` that each item has in a corpus; `found` is whether its article is there.

    The article of an item is that of the same path, if its address or title is the same too, or the item has neither
    (another story can take over a path); else the only one of the same address; else the only one of the same title
    and provider. An item whose article is gone, or could be several, keeps its path.
    """
    items, articles = tables.items, corpus.articles[["path", "url", "title", "provider"]]
    there = items[["path"]].merge(
        _articles_with_values(articles, items, "path"), on="path", how="left", indicator="known"
    )
    same = (there["url"] == items["url"]) | (there["title"] == items["title"])
    nameless = items["url"].isna() & items["title"].isna()
    path = items["path"].where((there["known"] == "both") & (same | nameless))
    for columns in (["url"], ["title", "provider"]):
        path = path.fillna(_single_match(items, articles, columns))
    placed = items.assign(path=path.fillna(items["path"]), found=path.notna())
    return replace(tables, items=REVIEW_ITEMS.of(placed))


def _single_match(items: pd.DataFrame, articles: pd.DataFrame, columns: list[str]) -> pd.Series:
    """The path of the only article with the same values in some columns; missing for none and for several."""
    whole = _articles_with_values(articles, items, columns[0]).dropna(subset=columns)
    single = whole[~whole.duplicated(columns, keep=False)]
    return items[columns].merge(single, on=columns, how="left")["path"]


def _articles_with_values(articles: pd.DataFrame, items: pd.DataFrame, column: str) -> pd.DataFrame:
    """The articles that have one of the values of the items in a column, as plain text."""
    return articles[articles[column].isin(items[column].dropna())].astype("str")


def read_review_tables(corpus: Corpus, url: str | None = None) -> ReviewTables | None:
    """Everything that the store of a URL (see `store_url`) holds, matched with a corpus; None when there is no store.

    Raises ReviewError when it cannot be read.
    """
    if not store_exists(url):
        return None
    with closing(open_store(url)) as store:
        return match_articles(store.snapshot(), corpus)
