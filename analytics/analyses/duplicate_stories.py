"""Near-duplicates (same or similar headline and excerpt), and decisions that conflict within a story."""

import numpy as np
import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.article_list import COLLECTION, PATH, with_collections, with_state_and_provider
from analytics.analyses.common.text_similarity import (
    Texts,
    comparable_texts,
    reworded_pairs,
    similar_title_candidates,
    similarity,
)
from analytics.analyses.common.wording import count_text
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.graph_components import component_numbers

LEAST = 85
"""Similarity in per cent from which two articles are near-duplicates: docs/near-duplicates.md gives the reasons."""

MOST_ARTICLES = 100_000
"""In more articles than this only the same headlines are found."""

BOTH, DIFFER, NEITHER, UNKNOWN = DECISIONS = "both published", "decisions differ", "both unpublished", "unknown"

SIDE = ("title", "provider", "published_at", "state", "quality")

NEAR_DUPLICATES = Table(
    "near_duplicates",
    "one row per article that repeats an earlier one, beside the earlier one that is most like it (of equals the "
    "earliest); the most similar first, of equals the newest; an article without a date counts as the latest",
    (
        Column("similarity", "share", "how much the two are alike: 1 is the same headline but for case and accents"),
        Column("decisions", "label", f"{', '.join(DECISIONS)} (at least one of the two is neither)"),
        Column("title", "text", "headline"),
        Column("other_title", "text", "headline of the earlier article"),
        Column("provider", "text", "outlet, or (none)"),
        Column("other_provider", "text", "outlet of the earlier article, or (none)"),
        Column("published_at", "time", "time of publication"),
        Column("other_published_at", "time", "time of publication of the earlier article"),
        Column("state", "label", "published, unpublished or unknown"),
        Column("other_state", "label", "state of the earlier article"),
        Column("quality", "whole", "quality score", "points"),
        Column("other_quality", "whole", "quality score of the earlier article", "points"),
        Column("group", "whole", "number of the group that is joined by such pairs, in the order of the table"),
        Column("group_size", "whole", "articles in the group", "articles"),
        COLLECTION,
        Column("other_collection", "text", "that of the earlier article"),
        PATH,
        Column("other_path", "text", "file of the earlier article"),
        Column("n", "whole", "articles that were looked at", "articles"),
        Column("limited", "whole", "of them, not compared with all that may be like them (see the method)", "articles"),
    ),
    key=("path",),
)

NEAR_DUPLICATES_OF = Table(
    "near_duplicates_of",
    "one row per article that tells the story of a given one, the most similar first, of equals by path",
    (
        PATH,
        Column("title", "text", "headline"),
        Column("provider", "text", "outlet, or (none)"),
        Column("published_at", "time", "time of publication"),
        Column("state", "label", "published, unpublished or unknown"),
        Column("quality", "whole", "quality score", "points"),
        Column("similarity", "share", "how much the two are alike: 1 is the same headline but for case and accents"),
    ),
    key=("path",),
)


@analysis(NEAR_DUPLICATES)
def near_duplicates(data: Slice, *, least: int = LEAST) -> pd.DataFrame:
    """Articles that repeat an earlier one of the slice, from a similarity of `least` per cent on (`text_similarity`).

    Beyond `MOST_ARTICLES` only the same headlines are found, and `limited` is all of them.
    """
    articles = data.articles.sort_values(["published_at", "path"], ignore_index=True)
    known = comparable_texts(articles)
    every, limited = _same_headline(known), len(articles)
    if len(articles) <= MOST_ARTICLES:
        others, cut = reworded_pairs(known, least / 100)
        every, limited = pd.concat([every, others], ignore_index=True), len(cut)
    pairs = every.sort_values(["later", "similarity", "earlier"], ascending=[True, False, True])
    pairs = pairs.drop_duplicates("later").sort_values(["similarity", "later"], ascending=False, ignore_index=True)
    sides = with_state_and_provider(articles)[["path", *SIDE]]
    here = sides.loc[pairs["later"]].reset_index(drop=True)
    other = sides.loc[pairs["earlier"]].reset_index(drop=True).add_prefix("other_")
    table = pd.concat([pairs["similarity"], here, other, _group_numbers(every, len(articles), pairs["later"])], axis=1)
    table = table.assign(decisions=_decisions(table["state"], table["other_state"]), n=len(articles), limited=limited)
    return with_collections(table)


@near_duplicates.register_finding
def near_duplicates_finding(table: pd.DataFrame) -> str:
    """How many articles repeat an earlier one, what was decided on them, and what was not compared, in a sentence."""
    if table.empty:
        return "No article repeats an earlier one."
    n, limited = int(table["n"].iloc[0]), int(table["limited"].iloc[0])
    again = f"{len(table):,} of {n:,} articles {'repeats' if len(table) == 1 else 'repeat'} an earlier one"
    counts = table["decisions"].astype("str").value_counts()
    said = ", ".join(f"{counts[name]:,} {_DECISION_WORDS[name]}" for name in DECISIONS if name in counts)
    largest = int(table["group_size"].max())
    most = f"; the largest group tells one story {largest:,} times" if largest > 2 else ""
    if not limited:
        return f"{again}: {said}{most}."
    how = "by their headline only" if limited == n else "with the nearest of their kind only"
    compared = count_text(limited, "was", "were")
    return f"{again}: {said}{most}. {compared} compared {how}: narrow the selection to compare all."


def repeats_left_out(data: Slice) -> str:
    """That a slice holds one article of each story, and not those that repeat it, in a sentence; empty where not."""
    if not data.selection.first_of_story:
        return ""
    return "Only the first article of each story is selected: those that repeat it within the story are not looked at."


def near_duplicates_of(data: Slice, path: str) -> pd.DataFrame:
    """The articles of the slice that are near-duplicates of the one at `path`; none when it is not in the slice."""
    articles = data.articles
    here = articles[articles["path"] == path]
    if here["title"].isna().all():
        return NEAR_DUPLICATES_OF.empty()
    near = articles.iloc[similar_title_candidates(here["title"].iloc[0], articles["title"])]
    near = near[near["path"] != path]
    known = comparable_texts(pd.concat([here, near]))
    alike = similarity(known, np.zeros(len(near), dtype="int64"), np.arange(1, len(near) + 1))
    found = with_state_and_provider(near).assign(similarity=alike)
    found = found[found["similarity"] >= LEAST / 100].sort_values(["similarity", "path"], ascending=[False, True])
    return NEAR_DUPLICATES_OF.of(found[NEAR_DUPLICATES_OF.names])


_DECISION_WORDS = {
    BOTH: "published as the earlier one was",
    DIFFER: "with another decision than the earlier one",
    NEITHER: "unpublished as the earlier one is",
    UNKNOWN: "where one of the two is undecided",
}


def _same_headline(known: Texts) -> pd.DataFrame:
    """Each article with the first of its headline, when that is another: `earlier`, `later`, `similarity` of 1."""
    titles = pd.Series(known.titles)
    first = titles.drop_duplicates()
    earlier = titles.map(pd.Series(first.index, index=first))
    later = titles.index[(titles != "") & titles.duplicated()]
    return pd.DataFrame({"earlier": earlier[later], "later": later, "similarity": 1.0})


def _group_numbers(pairs: pd.DataFrame, n: int, places: pd.Series) -> pd.DataFrame:
    """For the article at each place the number and the size of the group that the pairs join it to."""
    labels = component_numbers(pairs["later"].to_numpy("int64"), pairs["earlier"].to_numpy("int64"), n)
    own = labels[places.to_numpy(dtype="int64")]
    return pd.DataFrame({"group": pd.factorize(own)[0] + 1, "group_size": np.bincount(labels, minlength=1)[own]})


def _decisions(state: pd.Series, other: pd.Series) -> pd.Series:
    both = np.select(
        [(state == "unknown") | (other == "unknown"), state != other, state == "published"],
        [UNKNOWN, DIFFER, BOTH],
        NEITHER,
    )
    return pd.Series(both, index=state.index, dtype="str")


DECIDED = ("published", "unpublished")

LINKS = ("the same address", "the same headline", "nearly the same text", "the same story by others between them")
"""What makes two articles tell one story, the surest first."""

SPLIT_DECISIONS = Table(
    "split_decisions",
    "one row per published or unpublished article of a story in which both occur, beside an article of the story with "
    "the other decision: the one that is most surely the same, of equals the newest; stories that are most surely told "
    "twice first, of equals the newest, then by path",
    (
        PATH,
        Column("state", "label", "published or unpublished"),
        Column("link", "label", ", ".join(LINKS)),
        Column(
            "similarity", "share", "how much the two are alike (near_duplicates); 1 at one address, missing if unknown"
        ),
        Column("other_path", "text", "file of the other article"),
        Column("other_title", "text", "its headline"),
        Column("other_provider", "text", "its outlet, or (none)"),
        Column("other_quality", "whole", "its quality score", "points"),
        Column("other_state", "label", "published or unpublished"),
        Column("story", "whole", "number of the story, in the order of the table"),
    ),
    key=("path",),
)


def split_decisions(data: Slice) -> pd.DataFrame:
    """The articles of a story of which one is published and another is not (SPLIT_DECISIONS).

    A story is what near-duplicates (`near_duplicates`) and equal addresses (`originalUrl`, `webUrl`) join. Copies of
    one story by different outlets are such a story too.
    """
    links = pd.concat([_links_by_address(data), _links_by_text(data)]).drop_duplicates(["path", "other_path"])
    articles = _story_numbers(links).merge(
        with_state_and_provider(data.articles)[["path", *_ARTICLE_COLUMNS]], on="path"
    )
    articles = articles[articles["state"].isin(DECIDED)]
    articles = articles[articles.groupby("story")["state"].transform("nunique") == len(DECIDED)]
    others = articles.rename(columns={name: f"other_{name}" for name in ("path", *_ARTICLE_COLUMNS)})
    pairs = pd.concat(
        [_linked_pairs(articles, others, links), _pairs_within_story(articles, others)], ignore_index=True
    )
    pairs = pairs.assign(sure=pairs["link"].map(LINKS.index), unlike=-pairs["similarity"].fillna(0))
    pairs = pairs.sort_values(
        ["sure", "unlike", "other_published_at", "other_path"], ascending=[True, True, False, True]
    )
    found = pairs.drop_duplicates("path")
    of_story = found.groupby("story")
    found = found.assign(
        surest=of_story["sure"].transform("min"),
        nearest=of_story["unlike"].transform("min"),
        newest=of_story["published_at"].transform("max"),
    )
    order = ["surest", "nearest", "newest", "story", "path"]
    found = found.sort_values(order, ascending=[True, True, False, True, True])
    return SPLIT_DECISIONS.of(found.assign(story=pd.factorize(found["story"])[0] + 1)[SPLIT_DECISIONS.names])


_ARTICLE_COLUMNS = ("title", "provider", "published_at", "state", "quality")


def _links_by_address(data: Slice) -> pd.DataFrame:
    """Each article with the first one that has one of its addresses: `path`, `other_path`, `link`, `similarity`."""
    articles = data.articles
    urls = pd.concat([articles[["path"]].assign(url=articles[name]) for name in ("original_url", "web_url")])
    urls = urls.dropna().drop_duplicates().sort_values("path")
    first = urls.groupby("url")["path"].transform("first")
    links = urls.assign(other_path=first, link=LINKS[0], similarity=1.0)
    return links.loc[links["path"] != first, list(_LINK_COLUMNS)]


_LINK_COLUMNS = ("path", "other_path", "link", "similarity")


def _links_by_text(data: Slice) -> pd.DataFrame:
    found = near_duplicates(data)
    same = found["similarity"] == 1
    return found.assign(link=pd.Series(LINKS[2], found.index, "str").mask(same, LINKS[1]))[list(_LINK_COLUMNS)]


def _story_numbers(links: pd.DataFrame) -> pd.DataFrame:
    """Number of the story of each article that is linked: `path` and `story`."""
    ends, paths = pd.factorize(pd.concat([links["path"], links["other_path"]]), sort=True)
    stories = component_numbers(ends[: len(links)], ends[len(links) :], len(paths))
    return pd.DataFrame({"path": pd.Series(paths, dtype="str"), "story": pd.factorize(stories)[0].astype("int64")})


def _linked_pairs(articles: pd.DataFrame, others: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Pairs that are linked and differ in their decision, seen from both ends."""
    turned = links.rename(columns={"path": "other_path", "other_path": "path"})
    pairs = articles.merge(pd.concat([links, turned]), on="path").merge(others.drop(columns="story"), on="other_path")
    return pairs[pairs["state"] != pairs["other_state"]]


def _pairs_within_story(articles: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Each article with the newest of its story that has the other decision, whether they are linked or not."""
    newest = others.sort_values(["other_published_at", "other_path"], ascending=[False, True])
    newest = newest.drop_duplicates(["story", "other_state"])
    pairs = articles.merge(newest, on="story")
    pairs = pairs[pairs["state"] != pairs["other_state"]]
    return pairs.assign(link=LINKS[3], similarity=pd.Series(pd.NA, pairs.index, "Float64"))
