"""Agenda reasons that lie in other articles: a better related story, and one story with two decisions."""

import pandas as pd

from analytics.analyses.split_decisions import LINKS, split_decisions
from analytics.corpus.copies import matched
from analytics.engine.coded import NONE
from analytics.engine.slice import Slice
from analytics.reviews.reasoned import REASONED, points, quoted, reasoned

_BY = {
    LINKS[0]: "at the same address",
    LINKS[1]: "under the same headline",
    LINKS[2]: "{alike} alike",
    LINKS[3]: "in the same chain of near-duplicates",
}


def better_related(part: Slice) -> pd.DataFrame:
    """Articles of which a related story has a higher quality (REASONED), the largest difference first.

    The quality of a story is that of its own article now, where it is in the corpus, else as it was copied.
    """
    articles, related = part.articles[["path", "quality"]], part.corpus.related
    current = matched(related, part.corpus.articles)[["path", "position", "path_now", "quality_now"]]
    stories = related[["path", "position", "title", "provider", "quality"]].rename(columns={"quality": "copied"})
    stories = stories.merge(articles, on="path").merge(current, on=["path", "position"], how="left")
    stories = stories.assign(best=stories["quality_now"].fillna(stories["copied"]))
    better = (stories["best"] > stories["quality"]).fillna(value=False).astype("bool")
    stories = stories[better & stories["path"].ne(stories["path_now"]).fillna(value=True)]
    first = stories.sort_values(["best", "position"], ascending=[False, True]).drop_duplicates("path")
    told = zip(first["title"], first["provider"], first["best"], first["quality"], strict=True)
    why = [
        f"its related story {quoted(title, provider)} has quality {best}, {points(best - own)} above its own {own}"
        for title, provider, best, own in told
    ]
    return reasoned(part, first.assign(why=why, strength=first["best"] - first["quality"]))


def decisions_differ(part: Slice) -> pd.DataFrame:
    """Articles of a story of which one is published and another is not (`split_decisions`, looked for in the corpus).

    As REASONED, but the articles of a story come together: the most surely one story first, of equals the newest.
    """
    rows = split_decisions(part.whole)
    rows = rows[rows["path"].isin(part.articles["path"])]
    why = [_said(row) for _, row in rows.iterrows()]
    return REASONED.of(rows.assign(why=why, strength=rows["similarity"].fillna(0))[REASONED.names])


def _said(row: pd.Series) -> str:
    other = quoted(row["other_title"], None if row["other_provider"] == NONE else row["other_provider"])
    quality = "" if pd.isna(row["other_quality"]) else f" of quality {row['other_quality']}"
    alike = "" if pd.isna(row["similarity"]) else f"{row['similarity']:.0%}"
    by = _BY[row["link"]].format(alike=alike)
    return f"{row['state']}, while {other}{quality} is {row['other_state']}: {by}"
