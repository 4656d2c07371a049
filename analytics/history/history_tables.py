"""The tables of a corpus's git history."""

from dataclasses import dataclass, replace

import pandas as pd

from analytics.schema import Column, Table

KINDS = ("appeared", "changed", "removed", "returned")
"""What a version is to its life: its first, one in which something tracked moved, the file's deletion (or takeover by
another life), or the first after a deletion or takeover."""

TRACKED = ("quality", "heat", "published", "title", "provider", "topics")
"""The fields whose changes are told, in this order."""

CHANGES = Table(
    "changes",
    "one row per version of an article that changes something tracked, in the order of the history, then by path",
    (
        Column("life", "whole", "number of the life: an article over time, known by path, domain and address together"),
        Column("path", "text", "file, from the corpus root"),
        Column("domain", "label", "domain of the outlet"),
        Column("url", "text", "web address: webUrl, else originalUrl"),
        Column("commit", "text", "git commit"),
        Column("place", "whole", "place of the commit in the history, from 0"),
        Column("committed_at", "time", "when it was committed, as recorded"),
        Column("kind", "label", "appeared, changed, removed or returned"),
        Column("fields", "text", "which tracked fields moved against the life's version before, joined by '; '"),
        Column("quality", "whole", "quality score", "points"),
        Column("heat", "whole", "heat score; -1 marks an unranked article", "points"),
        Column("published", "flag", "whether it is published"),
        Column("title", "text", "headline"),
        Column("provider", "label", "name of the outlet"),
        Column("topics", "text", "topics in the order of the record, joined by '; '"),
        Column("type", "label", "type"),
        Column("published_at", "time", "time of publication"),
        Column("date_only", "flag", "whether only the day of publication is known"),
    ),
    key=("life", "place", "kind"),
)

COMMITS = Table(
    "commits",
    "one row per commit of the history, in its order",
    (
        Column("commit", "text", "git commit"),
        Column("place", "whole", "place in the history, from 0"),
        Column("committed_at", "time", "when it was committed, as recorded"),
        Column(
            "seen_at",
            "time",
            "the latest time recorded up to here, without times in the future or far before all others",
        ),
        Column("files", "whole", "article files that it touched", "files"),
        Column("appeared", "whole", "articles that appeared or returned", "articles"),
        Column("removed", "whole", "article files that it deleted, or that another life took over", "files"),
        Column("quality", "whole", "articles whose quality it changed", "articles"),
        Column("heat", "whole", "articles whose heat it changed", "articles"),
        Column("published", "whole", "articles whose published flag it changed", "articles"),
        Column("title", "whole", "articles whose title it changed", "articles"),
        Column("provider", "whole", "articles whose provider name it changed", "articles"),
        Column("topics", "whole", "articles whose topics it changed", "articles"),
        Column("other", "whole", "article files in which it changed only what is not tracked", "files"),
        Column("noise", "whole", "article files in which it changed nothing but `secured`", "files"),
        Column("unreadable", "whole", "article files that it left in a form that could not be read", "files"),
    ),
    key=("commit",),
)


@dataclass(frozen=True, eq=False)
class History:
    """The changes and commits of a corpus, read from its git history. Treat the frames as read-only.

    `stamp` identifies this history. `complete` is False for a shallow clone, whose beginning is missing, and where
    there is no history at all; `missing` then says why. Where it holds only some lives, `whole` is the history of all.
    """

    stamp: str
    changes: pd.DataFrame
    commits: pd.DataFrame
    complete: bool = True
    missing: str = ""
    whole: "History | None" = None

    @classmethod
    def nothing(cls, missing: str) -> "History":
        """An empty history, for a corpus that has none; `missing` says why."""
        return cls("", CHANGES.empty(), COMMITS.empty(), complete=False, missing=missing)

    def until(self, commit: str | None) -> "History":
        """The history up to one of its commits; all of it when that is none of them, or its last."""
        place = self.commits.loc[self.commits["commit"] == commit, "place"]
        if place.empty or place.iloc[0] == self.commits["place"].max():
            return self
        changes, commits = (rows[rows["place"] <= place.iloc[0]] for rows in (self.changes, self.commits))
        return replace(self, stamp=f"{self.stamp} {commit}", changes=changes, commits=commits)
