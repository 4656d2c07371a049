"""Articles that tell one story and of which one is published and another is not."""

import networkx as nx
import pandas as pd

from analytics.analyses.listing import shown
from analytics.analyses.near_duplicates import near_duplicates
from analytics.engine.slice import Slice
from analytics.schema import Column, Table

DECIDED = ("published", "unpublished")

LINKS = ("the same address", "the same headline", "nearly the same text", "the same story by others between them")
"""What makes two articles tell one story, the surest first."""

SPLIT_DECISIONS = Table(
    "split_decisions",
    "one row per published or unpublished article of a story in which both occur, beside an article of the story with "
    "the other decision: the one that is most surely the same, of equals the newest; stories that are most surely told "
    "twice first, of equals the newest, then by path",
    (
        Column("path", "text", "file, from the corpus root: the article's id"),
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


def split_decisions(part: Slice) -> pd.DataFrame:
    """The articles of a story of which one is published and another is not (SPLIT_DECISIONS).

    A story is what near-duplicates (`near_duplicates`) and equal addresses (`originalUrl`, `webUrl`) join. Copies of
    one story by different outlets are such a story too.
    """
    links = pd.concat([_one_address(part), _alike(part)]).drop_duplicates(["path", "other_path"])
    told = _stories(links).merge(shown(part.articles)[["path", *_SHOWN]], on="path")
    told = told[told["state"].isin(DECIDED)]
    told = told[told.groupby("story")["state"].transform("nunique") == len(DECIDED)]
    others = told.rename(columns={name: f"other_{name}" for name in ("path", *_SHOWN)})
    pairs = pd.concat([_linked(told, others, links), _in_between(told, others)], ignore_index=True)
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


_SHOWN = ("title", "provider", "published_at", "state", "quality")


def _one_address(part: Slice) -> pd.DataFrame:
    """Each article with the first one that has one of its addresses: `path`, `other_path`, `link`, `similarity`."""
    articles = part.articles
    urls = pd.concat([articles[["path"]].assign(url=articles[name]) for name in ("original_url", "web_url")])
    urls = urls.dropna().drop_duplicates().sort_values("path")
    first = urls.groupby("url")["path"].transform("first")
    links = urls.assign(other_path=first, link=LINKS[0], similarity=1.0)
    return links.loc[links["path"] != first, list(_LINK)]


_LINK = ("path", "other_path", "link", "similarity")


def _alike(part: Slice) -> pd.DataFrame:
    found = near_duplicates(part)
    same = found["similarity"] == 1
    return found.assign(link=pd.Series(LINKS[2], found.index, "str").mask(same, LINKS[1]))[list(_LINK)]


def _stories(links: pd.DataFrame) -> pd.DataFrame:
    """Number of the story of each article that is linked: `path` and `story`."""
    joined = nx.connected_components(nx.from_pandas_edgelist(links, "path", "other_path"))
    rows = [(path, number) for number, paths in enumerate(sorted(joined, key=min)) for path in paths]
    return pd.DataFrame(rows, columns=["path", "story"]).astype({"path": "str", "story": "int64"})


def _linked(told: pd.DataFrame, others: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Pairs that are linked and differ in their decision, seen from both ends."""
    turned = links.rename(columns={"path": "other_path", "other_path": "path"})
    pairs = told.merge(pd.concat([links, turned]), on="path").merge(others.drop(columns="story"), on="other_path")
    return pairs[pairs["state"] != pairs["other_state"]]


def _in_between(told: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Each article with the newest of its story that has the other decision, whether they are linked or not."""
    newest = others.sort_values(["other_published_at", "other_path"], ascending=[False, True])
    newest = newest.drop_duplicates(["story", "other_state"])
    pairs = told.merge(newest, on="story")
    pairs = pairs[pairs["state"] != pairs["other_state"]]
    return pairs.assign(link=LINKS[3], similarity=pd.Series(pd.NA, pairs.index, "Float64"))
