"""What every agenda reason returns, and the words that the reasons share."""

import pandas as pd

from analytics.engine.slice import Slice
from analytics.schema import Column, Table

REASONED = Table(
    "reasoned",
    "one row per article that a reason applies to, the strongest first, of equals the newest, then by path",
    (
        Column("path", "text", "file, from the corpus root: the article's id"),
        Column("why", "text", "what the reason says of the article, for an editor; holds untrusted text of articles"),
        Column("strength", "number", "how much it speaks for the article; comparable within a reason only"),
    ),
    key=("path",),
)

LONGEST_TITLE = 80


def reasoned(part: Slice, rows: pd.DataFrame) -> pd.DataFrame:
    """Articles of the slice with `path`, `why` and `strength` as REASONED, in its order; others are left out."""
    articles = part.articles[["path", "published_at"]]
    known = rows[["path", "why", "strength"]].astype({"path": "str"}).merge(articles, on="path")
    return REASONED.of(
        known.sort_values(["strength", "published_at", "path"], ascending=[False, False, True])[REASONED.names]
    )


def points(n: int) -> str:
    """A difference of scores in words."""
    return f"{n:,} point{'' if n == 1 else 's'}"


def quoted(title: str | None, provider: str | None) -> str:
    """A story in words: its headline in one line, cut when it is long, and its outlet, if it has one."""
    text = "without a headline" if pd.isna(title) else " ".join(str(title).split())
    text = text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"
    outlet = "" if pd.isna(provider) else f" ({provider})"
    return f'"{text}"{outlet}'
