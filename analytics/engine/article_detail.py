"""One file of a corpus with all its rows, whatever is selected."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.engine.encoded import MISSING, EncodedCorpus


@dataclass(frozen=True, eq=False)
class ArticleDetail:
    """What a corpus holds of one file.

    `article` (`table_contracts.ARTICLES` and `lift`) has one row, or none when the file is no article. `topics`,
    `images`, `related` and `problems` are its rows of the corpus's tables. `linked` are the articles with
    the address of one of its related stories, `of_linked` the related stories of these articles.
    """

    path: str
    article: pd.DataFrame
    topics: pd.DataFrame
    images: pd.DataFrame
    related: pd.DataFrame
    problems: pd.DataFrame
    linked: pd.DataFrame
    of_linked: pd.DataFrame


def article_detail(encoded: EncodedCorpus, path: str) -> ArticleDetail:
    """One file by its path; empty frames for an unknown one."""
    corpus = encoded.corpus
    related = _rows_of_paths(corpus.related, [path])
    urls = related.loc[related["target_path"].notna(), "url"]
    articles = corpus.articles
    addressed = articles["web_url"].isin(urls) | articles["original_url"].isin(urls)
    linked = _articles_at(encoded, addressed if len(urls) else pd.Series(data=False, index=articles.index))
    return ArticleDetail(
        path=path,
        article=_articles_at(encoded, articles["path"] == path),
        topics=_rows_of_paths(corpus.topics, [path]),
        images=_rows_of_paths(corpus.images, [path]),
        related=related,
        problems=_rows_of_paths(corpus.problems, [path]),
        linked=linked,
        of_linked=_rows_of_paths(corpus.related, list(linked["path"])),
    )


def _rows_of_paths(rows: pd.DataFrame, paths: list[str]) -> pd.DataFrame:
    return rows[rows["path"].isin(paths)].reset_index(drop=True)


def _articles_at(encoded: EncodedCorpus, which: pd.Series) -> pd.DataFrame:
    rows = np.flatnonzero(which.to_numpy(dtype="bool", na_value=False))
    lift = encoded.articles["lift"].iloc[rows].reset_index(drop=True)
    found = encoded.corpus.articles.iloc[rows].reset_index(drop=True)
    return found.assign(lift=lift.astype("Int64").mask(lift == MISSING))
