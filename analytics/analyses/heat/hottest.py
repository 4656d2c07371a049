"""The hottest articles, and those whose heat lies farthest above their quality."""

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.article_list import LISTED_COLUMNS, TOTAL, article_text, cut_note, ranked_article_list
from analytics.engine.slice import Slice
from analytics.schema import Table

HOTTEST_ARTICLES = Table(
    "hottest_articles",
    "one row per article with a heat score, the highest heat first, then by path",
    (*LISTED_COLUMNS, TOTAL),
    key=("path",),
)

MOST_LIFTED_ARTICLES = Table(
    "most_lifted_articles",
    "one row per article whose heat is above its quality, the highest lift first, then by path",
    (*LISTED_COLUMNS, TOTAL),
    key=("path",),
)


@analysis(HOTTEST_ARTICLES)
def hottest_articles(data: Slice, *, limit: int = 25) -> pd.DataFrame:
    """The articles with the highest heat, at most `limit`; unranked ones (-1) and those without heat never."""
    counts = data.tally("heat_state")
    total = int(counts.loc[counts["heat_state"] == "ranked", "n"].sum())
    return ranked_article_list(HOTTEST_ARTICLES, data.rows("heat", limit=min(limit, total)), total)


@hottest_articles.register_finding
def hottest_articles_finding(table: pd.DataFrame) -> str:
    """The hottest article in a sentence."""
    if table.empty:
        return "No article has a heat score."
    first, total = table.iloc[0], int(table["total"].iloc[0])
    text = f"The hottest of {total:,} ranked articles is {article_text(first)} with a heat of {first['heat']}"
    if table["lift"].eq(0).fillna(value=False).all():
        return f"{text}; heat equals quality for all {len(table):,} listed.{cut_note(table)}"
    lift = "" if pd.isna(first["lift"]) else f", {first['lift']:+d} against its quality"
    lift = ", the same as its quality" if pd.notna(first["lift"]) and not first["lift"] else lift
    return f"{text}{lift}.{cut_note(table)}"


@analysis(MOST_LIFTED_ARTICLES)
def most_lifted_articles(data: Slice, *, limit: int = 25) -> pd.DataFrame:
    """The articles whose heat lies farthest above their quality, at most `limit`."""
    counts = data.tally("lift")
    total = int(counts.loc[(counts["lift"] > 0).fillna(value=False), "n"].sum())
    return ranked_article_list(MOST_LIFTED_ARTICLES, data.rows("lift", lifted=True, limit=limit), total)


@most_lifted_articles.register_finding
def most_lifted_articles_finding(table: pd.DataFrame) -> str:
    """The most lifted article in a sentence."""
    if table.empty:
        return "No article's heat is above its quality."
    first, total = table.iloc[0], int(table["total"].iloc[0])
    noun = "article is" if total == 1 else "articles are"
    scores = f"{first['lift']:+d} points, heat {first['heat']} at quality {first['quality']}"
    return f"{total:,} {noun} hotter than the quality; most of all {article_text(first)}: {scores}.{cut_note(table)}"
