"""Which article of a corpus an item of a review stands for, after files were renamed or addresses changed."""

from dataclasses import replace

import pandas as pd

from analytics.corpus.loader import Corpus
from analytics.reviewed import REVIEW_ITEMS, Reviewed


def reviewed_in(reviewed: Reviewed, corpus: Corpus) -> Reviewed:
    """What was reviewed, with the `path` of each item as it is in a corpus, and `found` for those that are there.

    It is the article of the same path when its address or title is the same too (a path alone can be taken over by
    another story; it counts only for an item that has neither); else the only one of the same address; else the only
    one of the same title and provider. An item whose article is gone, or could be several, keeps its path.
    """
    items, articles = reviewed.items, corpus.articles[["path", "url", "title", "provider"]]
    there = items[["path"]].merge(_among(articles, items, "path"), on="path", how="left", indicator="known")
    same = (there["url"] == items["url"]) | (there["title"] == items["title"])
    nameless = items["url"].isna() & items["title"].isna()
    path = items["path"].where((there["known"] == "both") & (same | nameless))
    for columns in (["url"], ["title", "provider"]):
        path = path.fillna(_only(items, articles, columns))
    placed = items.assign(path=path.fillna(items["path"]), found=path.notna())
    return replace(reviewed, items=REVIEW_ITEMS.of(placed))


def _only(items: pd.DataFrame, articles: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Path of the only article that is the same in some columns; missing where there is none or more than one."""
    whole = _among(articles, items, columns[0]).dropna(subset=columns)
    single = whole[~whole.duplicated(columns, keep=False)]
    return items[columns].merge(single, on=columns, how="left")["path"]


def _among(articles: pd.DataFrame, items: pd.DataFrame, column: str) -> pd.DataFrame:
    """The few articles that have one of the items' values in a column, as plain text."""
    return articles[articles[column].isin(items[column].dropna())].astype("str")
