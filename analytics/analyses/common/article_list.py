"""Lists of articles: their common columns, ranking, and how an article and a cut list are named in sentences."""

from typing import Any

import pandas as pd

from analytics.corpus.parsing.article import collection
from analytics.engine.encoded import NONE
from analytics.schema import Column, Table

COLLECTION = Column("collection", "text", "folder without leading underscores")
PATH = Column("path", "text", "file, from the corpus root: the article's id")

FILE_COLUMNS = (COLLECTION, PATH)
"""What names the file of an article in a list."""

LISTED_COLUMNS = (
    Column("rank", "whole", "place in the list"),
    Column("title", "text", "headline"),
    Column("provider", "text", "outlet, or (none)"),
    Column("published_at", "time", "time of publication"),
    Column("state", "label", "published, unpublished or unknown"),
    Column("quality", "whole", "quality score", "points"),
    Column("heat", "whole", "heat score; -1 marks an unranked article", "points"),
    Column("lift", "whole", "heat minus quality; missing for unranked articles", "points"),
    Column("url", "text", "web address"),
    *FILE_COLUMNS,
)

TOTAL = Column("total", "whole", "articles that belong on the list, shown or not", "articles")


def ranked_article_list(table: Table, rows: pd.DataFrame, total: int, **more: Any) -> pd.DataFrame:
    """Rows of `Slice.rows` as a table with `rank` in their order, the `total`, and `more` columns."""
    rank = pd.RangeIndex(1, len(rows) + 1)
    return table.of(with_state_and_provider(rows).assign(rank=rank, total=total, **more)[table.names])


def with_collections(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the `collection` of each `path`, and the `other_collection` of each `other_path`."""
    paths = {"collection": "path", "other_collection": "other_path"}
    found = {name: rows[path].map(collection, na_action="ignore") for name, path in paths.items() if path in rows}
    return rows.assign(**{name: names.astype("str") for name, names in found.items()})


def with_state_and_provider(rows: pd.DataFrame) -> pd.DataFrame:
    """Articles with `state` as text (published, unpublished, unknown) and (none) for a missing provider."""
    state = rows["published"].map({True: "published", False: "unpublished"}).astype("object").fillna("unknown")
    return rows.assign(state=state, provider=rows["provider"].astype("object").fillna(NONE))


def list_cut_note(table: pd.DataFrame) -> str:
    """Sentence on how many articles a list shows when it is cut; else empty."""
    total = int(table["total"].iloc[0])
    return f" The list shows the first {len(table):,}." if len(table) < total else ""


def title_with_provider(row: pd.Series) -> str:
    """An article in words: its title (its path without one) and its outlet."""
    title = row["path"] if pd.isna(row["title"]) else row["title"]
    return f'"{title}"' + (f" ({row['provider']})" if row["provider"] != NONE else "")
