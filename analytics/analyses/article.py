"""One article: its fields, the percentiles of its scores, its related stories and its problems."""

from calendar import monthrange
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.wording import count_text
from analytics.corpus.checks_across_articles import compared_with_articles
from analytics.corpus.collections import collection_sizes
from analytics.corpus.table_contracts import ARTICLES, PROBLEMS
from analytics.engine.article_detail import ArticleDetail
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.selection.selection import Selection
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import SMALL_N

SCORES = ("quality", "heat", "lift")
WHOLE_CORPUS = "all articles"

ARTICLE_FIELDS = Table(
    "article_fields",
    "one row per field of the record that says something, in the order of the record",
    (
        Column("field", "text", "field"),
        Column("value", "text", "what it says; times are UTC"),
    ),
    key=("field",),
)

ARTICLE_STANDING = Table(
    "article_standing",
    "one row per score of the article and group of articles that it is in: its topics, its provider, its month, all",
    (
        Column("score", "label", "quality, heat or lift; heat and lift only where heat is ranked"),
        Column("value", "whole", "score of the article", "points"),
        Column("group", "label", "topic, provider, month (UTC, of publication) or corpus"),
        Column("label", "text", "which topic, provider or month"),
        Column("n", "whole", "articles of the group that have the score, this one among them", "articles"),
        Column("below", "whole", "of these, articles with a lower score", "articles"),
        Column("same", "whole", "of these, articles with the same score, this one among them", "articles"),
        Column("median", "number", "median score of the group", "points"),
        Column(
            "percentile",
            "number",
            f"lower ones and half of the equal ones, of n, in per cent; missing for n below {SMALL_N}",
            "%",
        ),
    ),
    key=("score", "group", "label"),
)

ARTICLE_RELATED = Table(
    "article_related",
    "one row per related story of the article, in the order of the record",
    (
        Column("position", "whole", "place in the list, from 0"),
        Column("title", "text", "headline as copied"),
        Column("provider", "text", "outlet as copied"),
        Column("published_at", "time", "time of publication as copied"),
        Column("quality", "whole", "quality as copied", "points"),
        Column("url", "text", "web address as copied"),
        Column("path", "text", "the story's own article; missing when it is not in the corpus"),
        Column("title_now", "text", "headline of that article now"),
        Column("provider_now", "text", "its outlet now"),
        Column("published_at_now", "time", "its time of publication now"),
        Column("quality_now", "whole", "its quality now", "points"),
        Column("heat_now", "whole", "its heat now; -1 marks an unranked article", "points"),
        Column("state_now", "text", "published, unpublished or unknown"),
        Column("title_differs", "flag", "the copied headline is stale"),
        Column("quality_differs", "flag", "the copied quality is stale"),
        Column("one_way", "flag", "that article does not list this one among its related stories"),
    ),
    key=("position",),
)

_CURRENT_NAMES = {"title": "title_now", "provider": "provider_now", "published_at": "published_at_now"}
_CURRENT_NAMES |= {"quality": "quality_now", "heat": "heat_now", "state": "state_now"}


def article_fields(found: ArticleDetail) -> pd.DataFrame:
    """The fields of an article as text, with its topics; flags as yes and no."""
    if found.article.empty:
        return ARTICLE_FIELDS.empty()
    row = found.article.iloc[0]
    values = {column.name: _value_text(row[column.name]) for column in ARTICLES.columns}
    values["topic_count"] = f"{values['topic_count']}: {', '.join(found.topics['topic'])}" if len(found.topics) else "0"
    table = pd.DataFrame(values.items(), columns=ARTICLE_FIELDS.names)
    return ARTICLE_FIELDS.of(table[table["value"].notna()])


@analysis(ARTICLE_STANDING)
def article_standing(data: Slice, path: str) -> pd.DataFrame:
    """Percentile of each score of an article in each of its groups: topics, provider, month and whole corpus.

    Of a corpus with several collections, only articles of its own collection are in the groups.
    The percentile is the mean of the share below and the share at or below (the mid-rank), the article itself counted.
    It describes the articles that there are and estimates nothing, so it has no interval. Unranked heat is never
    compared.
    """
    found, corpus = data.single(path), data.corpus.whole or data.corpus
    one_collection = len(collection_sizes(corpus)) < 2
    rows = [
        {"score": score, "value": value, "group": group, "label": label}
        | _standing_in_group(Slice(corpus, replace(selection, as_of=corpus.as_of)), score, value)
        for score, value in _comparable_scores(found).items()
        for group, label, selection in article_groups(found, within_collection=not one_collection)
    ]
    return pd.DataFrame(rows, columns=ARTICLE_STANDING.names)


@article_standing.register_finding
def article_standing_finding(table: pd.DataFrame) -> str:
    """Where each score stands in the whole corpus, in a sentence, and in how many groups nothing can be said."""
    if table.empty:
        return "The article has no score to compare."
    whole = table[table["group"] == "corpus"]
    said = [_standing_text(row) for _, row in whole.iterrows()]
    few = table.loc[table["percentile"].isna() & (table["group"] != "corpus"), "label"].nunique()
    word = f" Of {few} of its groups nothing can be said: fewer than {SMALL_N} articles have the score." if few else ""
    return f"{'. '.join(said)}.{word}"


def related_stories_as_copied(found: ArticleDetail) -> pd.DataFrame:
    """The related stories of an article as copied, with the current values of their own articles."""
    pairs = compared_with_articles(found.related, found.linked).set_index("position")
    differs = pairs[["title_differs", "quality_differs"]].astype("boolean")
    now = found.linked.assign(state=_state_texts(found.linked["published"])).set_index("path")[list(_CURRENT_NAMES)]
    stories = found.related.set_index("position")
    stories = stories.assign(path=pairs["path_now"].reindex(stories.index)).join(differs)
    stories = stories.join(now.rename(columns=_CURRENT_NAMES), on="path")
    back = stories["path"].isin(_linking_back(found))
    table = stories.assign(one_way=(~back).astype("boolean").mask(stories["path"].isna())).reset_index()
    return ARTICLE_RELATED.of(table[ARTICLE_RELATED.names])


def article_problems(found: ArticleDetail) -> pd.DataFrame:
    """The problems of the article's file (PROBLEMS)."""
    return PROBLEMS.of(found.problems)


def _value_text(value: Any) -> str | None:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}" if value == value.normalize() else f"{value:%Y-%m-%d %H:%M UTC}"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return str(value)


def _comparable_scores(found: ArticleDetail) -> dict[str, int]:
    """The scores of an article that can be compared: not missing, heat only when ranked."""
    if found.article.empty:
        return {}
    row = found.article.iloc[0]
    there = [name for name in SCORES if pd.notna(row[name]) and (name != "heat" or row["heat_state"] == "ranked")]
    return {name: int(row[name]) for name in there}


def article_groups(found: ArticleDetail, *, within_collection: bool = False) -> list[tuple[str, str, Selection]]:
    """The groups of an article as kind, name and selection: its topics, its provider, its month, the corpus.

    With `within_collection` each group holds articles of its own collection only.
    """
    if found.article.empty:
        return []
    row = found.article.iloc[0]
    if within_collection:
        own, groups = str(row["collection"]), article_groups(found)
        named = [(kind, f"{name} of {own}" if kind == "corpus" else name) for kind, name, _ in groups]
        inside = [replace(selection, collections=(own,)) for _, _, selection in groups]
        return [(kind, name, selection) for (kind, name), selection in zip(named, inside, strict=True)]
    groups = [("topic", str(topic), Selection(topics=(str(topic),))) for topic in found.topics["topic"]]
    if pd.notna(row["provider"]):
        groups.append(("provider", row["provider"], Selection(providers=(row["provider"],))))
    if pd.notna(row["published_at"]):
        first = row["published_at"].date().replace(day=1)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        groups.append(("month", f"{first:%B %Y}", Selection(start=first, end=last)))
    return [*groups, ("corpus", WHOLE_CORPUS, Selection())]


def _standing_in_group(articles: Slice, score: str, value: int) -> dict[str, object]:
    counts = articles.tally(score)
    counts = counts[counts[score].notna() & (counts[score] >= 0 if score == "heat" else True)]
    n, below = int(counts["n"].sum()), int(counts.loc[counts[score] < value, "n"].sum())
    same = int(counts.loc[counts[score] == value, "n"].sum())
    median = quantiles(counts, [], score, {"median": 0.5})["median"].iloc[0]
    percentile = 100 * (below + same / 2) / n if n >= SMALL_N else pd.NA
    return {"n": n, "below": below, "same": same, "median": median, "percentile": percentile}


def _standing_text(row: pd.Series) -> str:
    score = f"{row['score'].capitalize()} {row['value']}"
    if pd.isna(row["percentile"]):
        few = count_text(row["n"], "article has", "articles have")
        return f"{score}: only {few} the score, of which nothing can be said"
    higher = row["n"] - row["below"] - row["same"]
    return f"{score} is above {row['below']:,} and below {higher:,} of {count_text(row['n'], 'article')}"


def _state_texts(published: pd.Series) -> pd.Series:
    named = published.map({True: "published", False: "unpublished"})
    return named.astype("object").fillna("unknown").astype("str")


def _linking_back(found: ArticleDetail) -> set[str]:
    """Paths of the linked articles that list this one, by its path or one of its addresses."""
    own = pd.concat([found.article["web_url"], found.article["original_url"]]).dropna()
    stories = found.of_linked
    return set(stories.loc[(stories["target_path"] == found.path) | stories["url"].isin(own), "path"])
