"""Lists of articles: the columns they share, and how to say that a list is cut."""

from typing import Any

import pandas as pd

from analytics.engine.encoded import NONE
from analytics.schema import Column, Table

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
    Column("path", "text", "file, from the corpus root: the article's id"),
)

TOTAL = Column("total", "whole", "articles that belong on the list, shown or not", "articles")


def listed(table: Table, rows: pd.DataFrame, total: int, **more: Any) -> pd.DataFrame:
    """Rows of `Slice.rows` as a list of articles, ranked in the order that they come in."""
    rank = pd.RangeIndex(1, len(rows) + 1)
    return table.of(shown(rows).assign(rank=rank, total=total, **more)[table.names])


def shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Articles with their `state` in words and (none) for a missing provider."""
    state = rows["published"].map({True: "published", False: "unpublished"}).astype("object").fillna("unknown")
    return rows.assign(state=state, provider=rows["provider"].astype("object").fillna(NONE))


def cut_note(table: pd.DataFrame) -> str:
    """Says how many of the articles that belong on a list it shows, when it is cut; else nothing."""
    total = int(table["total"].iloc[0])
    return f" The list shows the first {len(table):,}." if len(table) < total else ""


def named(row: pd.Series) -> str:
    """An article in words: its title, or its path without one, and its outlet."""
    title = row["path"] if pd.isna(row["title"]) else row["title"]
    return f'"{title}"' + (f" ({row['provider']})" if row["provider"] != NONE else "")


def counted(n: int, one: str, many: str) -> str:
    """A number with the noun that goes with it."""
    return f"{n:,} {one if n == 1 else many}"
