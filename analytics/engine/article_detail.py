"""One file of a corpus and all that hangs on it, whatever is selected."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.engine.encoded import MISSING, EncodedCorpus


@dataclass(frozen=True, eq=False)
class ArticleDetail:
    """What a corpus holds of one file.

    `article` (tables.ARTICLES and `lift`) has one row, or none when the file is no article. `topics`, `images`,
    `related` and `problems` are its rows of the corpus's tables. `linked` are the articles with the address of one of
    its related stories, `of_linked` their related stories.
    """

    path: str
    article: pd.DataFrame
    topics: pd.DataFrame
    images: pd.DataFrame
    related: pd.DataFrame
    problems: pd.DataFrame
    linked: pd.DataFrame
    of_linked: pd.DataFrame


def article_detail(known: EncodedCorpus, path: str) -> ArticleDetail:
    """One file by its path; empty frames for an unknown one."""
    corpus = known.corpus
    own = {name: _of(getattr(corpus, name), [path]) for name in ("topics", "images", "related", "problems")}
    urls = own["related"].loc[own["related"]["target_path"].notna(), "url"]
    articles = corpus.articles
    addressed = articles["web_url"].isin(urls) | articles["original_url"].isin(urls)
    linked = _rows(known, addressed if len(urls) else pd.Series(data=False, index=articles.index))
    return ArticleDetail(
        path=path,
        article=_rows(known, articles["path"] == path),
        linked=linked,
        of_linked=_of(corpus.related, list(linked["path"])),
        **own,
    )


def _of(rows: pd.DataFrame, paths: list[str]) -> pd.DataFrame:
    return rows[rows["path"].isin(paths)].reset_index(drop=True)


def _rows(known: EncodedCorpus, which: pd.Series) -> pd.DataFrame:
    places = np.flatnonzero(which.to_numpy(dtype="bool", na_value=False))
    lift = known.articles["lift"].iloc[places].reset_index(drop=True)
    found = known.corpus.articles.iloc[places].reset_index(drop=True)
    return found.assign(lift=lift.astype("Int64").mask(lift == MISSING))
