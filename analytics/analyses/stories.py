"""Stories: one event told by several articles. Which copy leads, where decisions differ, and what an outlet adds."""

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.article_list import (
    COLLECTION,
    FILE_COLUMNS,
    TOTAL,
    list_cut_note,
    title_with_provider,
    with_collections,
    with_state_and_provider,
)
from analytics.analyses.common.wording import count_text
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.change_test import FALSE_DISCOVERY_RATE
from analytics.statistics.intervals import CONFIDENCE, SMALL_N, cluster_robust_means
from analytics.statistics.multiple_tests import adjusted

TWO_DECISIONS, BETTER_UNPUBLISHED, NONE_PUBLISHED, SEVERAL = (
    "two decisions",
    "better copy unpublished",
    "none published",
    "all",
)
KINDS = (SEVERAL, TWO_DECISIONS, BETTER_UNPUBLISHED, NONE_PUBLISHED)
"""The stories that can be listed: all with several articles; those of which one article is published and another not;
those of which an unpublished article has a higher quality than each published one; those without a published one."""

FEWEST_STORIES = 5
"""Stories shared with other outlets that an outlet needs for a statement."""

STORIES_LISTED = Table(
    "stories_listed",
    "one row per story that several of the articles tell, the newest first, then by path",
    (
        Column("rank", "whole", "place in the list"),
        Column("title", "text", "headline of the lead: the first published article, else the first"),
        Column("provider", "text", "outlet of the lead, or (none)"),
        Column("published_at", "time", "time of the first article"),
        Column("n", "whole", "articles that tell it", "articles", own_label="Articles"),
        Column("providers", "whole", "outlets that tell it", "providers"),
        Column("published", "whole", "published articles", "articles"),
        Column("unpublished", "whole", "unpublished articles", "articles"),
        Column(
            "first_provider",
            "text",
            "outlet of the first article, or (none); missing where several may have been first",
        ),
        Column("hours", "number", "hours from the first article to the last; missing where one is only dated", "hours"),
        Column("quality", "whole", "highest quality of the published articles", "points"),
        Column("quality_unpublished", "whole", "highest quality of the unpublished articles", "points"),
        COLLECTION,
        Column("path", "text", "file of the lead, from the corpus root"),
        Column("story", "whole", "number of the story, the same in all views of the corpus"),
        Column("articles_in_stories", "whole", "articles of all stories with several articles", "articles"),
        Column("selected", "whole", "articles that were looked at", "articles"),
        TOTAL,
    ),
    key=("story",),
)

STORY_ARTICLES = Table(
    "story_articles",
    "one row per article of a listed story: the newest story first, in it the first article first, then by path",
    (
        Column("rank", "whole", "place of the story in the list"),
        Column("title", "text", "headline"),
        Column("provider", "text", "outlet, or (none)"),
        Column("published_at", "time", "time of publication"),
        Column(
            "hours",
            "number",
            "hours after the first article of the story; missing where one of the two is only dated",
            "hours",
        ),
        Column("state", "label", "published, unpublished or unknown"),
        Column("quality", "whole", "quality score", "points"),
        *FILE_COLUMNS,
        Column("story", "whole", "number of the story, the same in all views of the corpus"),
        TOTAL,
    ),
    key=("path",),
)


def one_of_each_story(data: Slice) -> str:
    """That a slice holds one article of each story, so that none can be compared, in a sentence; empty where not."""
    if not data.selection.first_of_story:
        return ""
    return "Only the first article of each story is selected: there is no other to compare it with."


@analysis(STORIES_LISTED)
def stories_listed(data: Slice, *, show: str = SEVERAL, limit: int = 50) -> pd.DataFrame:
    """The newest `limit` stories that several of the selected articles tell (`engine.stories`), of one of `KINDS`."""
    told = _told_by_several(data)
    table = _of_kind(_by_story(told), show)
    shown = table.head(limit).assign(rank=range(1, min(len(table), limit) + 1), total=len(table))
    return with_collections(shown.assign(articles_in_stories=len(told), selected=data.n))[STORIES_LISTED.names]


@stories_listed.register_finding
def stories_listed_finding(table: pd.DataFrame) -> str:
    """How many stories are listed, the largest of them, and in how many decisions differ, in a sentence."""
    if table.empty:
        return "No two of the articles tell such a story."
    total, inside = int(table["total"].iloc[0]), int(table["articles_in_stories"].iloc[0])
    largest = table.sort_values("n", ascending=False, kind="stable").iloc[0]
    both = int((table["published"].gt(0) & table["unpublished"].gt(0)).sum())
    several = f"{inside:,} of {count_text(table['selected'].iloc[0], 'article')} tell a story that another tells too"
    return (
        f"{count_text(total, 'story', 'stories')}; {several}. "
        f"The largest listed has {count_text(largest['n'], 'article')}: {title_with_provider(largest)}. "
        f"{count_text(both, 'listed story has', 'listed stories have')} two decisions.{list_cut_note(table)}"
    )


@analysis(STORY_ARTICLES)
def story_articles(data: Slice, *, show: str = SEVERAL, limit: int = 25) -> pd.DataFrame:
    """The articles of the newest `limit` stories that several tell, of one of `KINDS`."""
    told = _told_by_several(data)
    stories = _of_kind(_by_story(told), show)
    listed = stories.head(limit)
    ranks = pd.Series(range(1, len(listed) + 1), index=listed["story"])
    rows = told[told["story"].isin(ranks.index)].assign(
        rank=lambda found: found["story"].map(ranks), total=len(stories)
    )
    rows = rows.join(_known_ends(rows)["first"], on="story")
    rows = rows.assign(hours=_hours(rows["published_at"].mask(_dated(rows)) - rows["first"]))
    return rows.sort_values(["rank", "published_at", "path"])[STORY_ARTICLES.names]


@story_articles.register_finding
def story_articles_finding(table: pd.DataFrame) -> str:
    """How many articles of how many stories are listed, in a sentence."""
    if table.empty:
        return "No two of the articles tell such a story."
    stories, total = table["story"].nunique(), int(table["total"].iloc[0])
    newest = "" if stories == total else f" the newest {stories:,} of"
    return f"{count_text(len(table), 'article')} of{newest} {count_text(total, 'story', 'stories')}."


PROVIDER_PREMIUM = Table(
    "provider_premium",
    f"one row per provider that shares at least {FEWEST_STORIES} stories with others, the largest difference first",
    (
        Column("provider", "text", "outlet"),
        Column("stories", "whole", "stories that it and others have scored articles of", "stories"),
        Column("n", "whole", "its scored articles of these stories", "articles"),
        Column("difference", "number", "mean of its score less the mean of the others' in the same story", "points"),
        Column("low", "number", "lower end of the 95 % interval, by stories", "points"),
        Column("high", "number", "upper end of the 95 % interval", "points"),
        Column("q", "number", "false discovery rate at which it would be told apart, over all that were compared"),
        Column("apart", "flag", "whether it scores clearly more or less than the others of the same stories"),
        Column("small", "flag", f"true when it rests on fewer than {SMALL_N} stories"),
    ),
    key=("provider",),
)


@analysis(PROVIDER_PREMIUM)
def provider_premium(data: Slice) -> pd.DataFrame:
    """What an outlet's name adds: how its scores differ from those of other outlets on the same story.

    Each scored article less the mean of the other outlets' articles of its story; Student's t with stories as clusters
    (`intervals.cluster_robust_means`); of those told apart at most one in ten is so by chance (Benjamini, Hochberg
    1995, J. R. Statist. Soc. B 57(1), 289-300).
    """
    told = _told_by_several(data)
    rows = told[told["quality"].notna() & (told["provider"] != NONE)][["story", "provider", "quality"]]
    rows = rows.astype({"quality": "float64"})
    sums = rows.groupby("story")["quality"].agg(["sum", "size"])
    own = rows.groupby(["story", "provider"])["quality"].transform("sum")
    own_n = rows.groupby(["story", "provider"])["quality"].transform("size")
    others = rows["story"].map(sums["size"]) - own_n
    mean = (rows["story"].map(sums["sum"]) - own) / others.where(others > 0)
    rows = rows.assign(difference=rows["quality"] - mean)
    rows = rows[rows["difference"].notna()]
    if rows.empty:
        return PROVIDER_PREMIUM.empty()
    found = cluster_robust_means(rows, ["provider"], "difference", "story")
    found = found.rename(columns={"clusters": "stories", "mean": "difference"})
    found = found[found["stories"] >= FEWEST_STORIES].reset_index(drop=True)
    if found.empty:
        return PROVIDER_PREMIUM.empty()
    freedom = found["stories"].astype("float64") - 1
    error = (found["high"] - found["difference"]) / stdtrit(freedom, 0.5 + CONFIDENCE / 2)
    size = (found["difference"].abs() / error.where(error > 0)).fillna(np.inf).where(found["difference"] != 0, 0)
    found["q"] = adjusted(2 * stdtr(freedom, -size), "fdr_bh")
    found["apart"] = found["q"] <= FALSE_DISCOVERY_RATE
    order = ["difference", "provider"]
    return found.assign(small=found["stories"] < SMALL_N).sort_values(order, ascending=[False, True])[
        PROVIDER_PREMIUM.names
    ]


@provider_premium.register_finding
def provider_premium_finding(table: pd.DataFrame) -> str:
    """The outlets that score most above and below the others on the same stories, in a sentence."""
    if table.empty:
        return f"No outlet shares {FEWEST_STORIES} stories with others."
    apart = table[table["apart"]]
    compared = f"{count_text(len(table), 'outlet')} compared"
    if apart.empty:
        return f"No outlet scores clearly more or less than others on the same story ({compared})."
    said = [
        f"{row['provider']} {verb}{abs(row['difference']):.3g} points {'more' if row['difference'] > 0 else 'less'} "
        f"[{row['low']:+.0f}, {row['high']:+.0f}] in {count_text(row['stories'], 'story', 'stories')}"
        for verb, (_, row) in zip(("scores ", ""), apart.iloc[[0, -1]].drop_duplicates().iterrows(), strict=False)
    ]
    return f"On the same story {' and '.join(said)}; {len(apart):,} of {compared}."


def _told_by_several(data: Slice) -> pd.DataFrame:
    """The articles of the stories that several of the slice tell, with `story`, `state` and `provider` as text."""
    articles = with_state_and_provider(data.articles).assign(story=data.stories)
    return articles[articles["story"].duplicated(keep=False)].reset_index(drop=True)


def _by_story(told: pd.DataFrame) -> pd.DataFrame:
    """The stories, the newest first, with the columns of STORIES_LISTED that are facts of the story."""
    ordered = told.sort_values(["published_at", "path"]).assign(
        unpublished_last=lambda rows: rows["state"] != "published"
    )
    groups = ordered.groupby("story")
    lead = ordered.sort_values(["unpublished_last", "published_at", "path"]).drop_duplicates("story")
    facts = groups.agg(
        n=("path", "size"),
        providers=("provider", lambda names: names[names != NONE].nunique()),
        published=("state", lambda states: int((states == "published").sum())),
        unpublished=("state", lambda states: int((states == "unpublished").sum())),
        first=("published_at", "min"),
    )
    for name, state in (("quality", "published"), ("quality_unpublished", "unpublished")):
        facts[name] = ordered[ordered["state"] == state].groupby("story")["quality"].max().astype("Int64")
    ends = _known_ends(ordered)
    facts = facts.assign(first_provider=ends["first_provider"], hours=_hours(ends["last"] - ends["first"]))
    table = lead[["story", "title", "provider", "path"]].merge(facts, left_on="story", right_index=True)
    table = table.rename(columns={"first": "published_at"})
    return table.sort_values(["published_at", "path"], ascending=[False, True], ignore_index=True)


def _known_ends(told: pd.DataFrame) -> pd.DataFrame:
    """For each story `first` and `last`, the times of its first and last article, and `first_provider`.

    An article that is only dated may be of any time of its day: what could be of several articles is missing.
    """
    earliest, story, dated = told["published_at"], told["story"], _dated(told)
    latest = earliest.mask(dated, earliest + pd.Timedelta(days=1, microseconds=-1))
    known = told.assign(published_at=earliest.mask(dated))
    first = known[earliest <= latest.groupby(story).transform("min")]
    last = known[latest >= earliest.groupby(story).transform("max")]
    return pd.DataFrame(
        {
            "first": _only_value(first, "published_at"),
            "last": _only_value(last, "published_at"),
            "first_provider": _only_value(first, "provider"),
        }
    )


def _dated(articles: pd.DataFrame) -> pd.Series:
    """Whether only the day of each article is known."""
    return articles["date_only"].fillna(value=False).astype("bool")


def _only_value(articles: pd.DataFrame, column: str) -> pd.Series:
    """For each story the value that all of its articles have; missing where they differ."""
    values = articles.groupby("story")[column]
    return values.first().where(values.nunique(dropna=False) == 1)


def _hours(durations: pd.Series) -> pd.Series:
    hours: pd.Series = (durations.dt.total_seconds() / 3600).round(1)
    return hours


def _of_kind(stories: pd.DataFrame, kind: str) -> pd.DataFrame:
    both = stories["published"].gt(0) & stories["unpublished"].gt(0)
    inside = {
        SEVERAL: stories["n"] > 1,
        TWO_DECISIONS: both,
        BETTER_UNPUBLISHED: both & (stories["quality_unpublished"] > stories["quality"]).fillna(value=False),
        NONE_PUBLISHED: stories["published"].eq(0) & stories["unpublished"].gt(0),
    }
    return stories[inside[kind].astype("bool")]
