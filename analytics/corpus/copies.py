"""The same story more than once: repeated addresses and titles, and related stories that went stale."""

from collections.abc import Sequence

import pandas as pd

from analytics.corpus.findings import LONGEST_ADDRESS, comparable, findings, shortened


def repeated(articles: pd.DataFrame) -> list[pd.DataFrame]:
    """Articles that share their originalUrl, webUrl or title with others (`findings`, one frame a code).

    Articles that all have one originalUrl are reported for that alone, not for the same webUrl and title as well. The
    value names the first other article and how many more there are.
    """
    rows = articles[["path", "original_url", "web_url", "title"]].assign(headline=comparable(articles["title"]))
    original, web, title = (
        _sharing(rows, "original_url"),
        _sharing(rows, "web_url", told=["original_url"]),
        _sharing(rows, "headline", told=["original_url", "web_url"]),
    )
    return [
        findings("duplicate_original_url", original["path"], "originalUrl", _also(original, "original_url")),
        findings("duplicate_web_url", web["path"], "webUrl", _also(web, "web_url")),
        findings("duplicate_title", title["path"], "title", _also(title, "title")),
    ]


def _sharing(rows: pd.DataFrame, key: str, told: Sequence[str] = ()) -> pd.DataFrame:
    """The rows whose `key` is on several, with `other` and `more`; not where all have one value of a `told` column."""
    rows = rows[rows[key].notna() & rows[key].duplicated(keep=False)].sort_values([key, "path"])
    for column in told:
        shared = rows.groupby(key)[column].transform("nunique", dropna=False) == 1
        rows = rows[~shared | rows[column].isna()]
    paths = rows.groupby(key)["path"]
    first, following, n = paths.transform("first"), paths.shift(-1), paths.transform("size")
    return rows.assign(other=first.where(paths.cumcount() > 0, following), more=n - 2)


def _also(rows: pd.DataFrame, shown: str) -> pd.Series:
    more = (" and " + rows["more"].astype("str") + " more").where(rows["more"] > 0, "")
    return shortened(rows[shown], LONGEST_ADDRESS) + " (also " + rows["other"] + more + ")"


def stale(related: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Related stories whose copied quality or title is not that of their article now (`findings`)."""
    rows = matched(related, articles)
    rows = rows[rows["title_differs"] | rows["quality_differs"]]
    return findings("stale_related", rows["path"], _place(rows), _difference(rows))


def matched(related: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Each related story that is in the corpus, with its article now: `path_now`, `title_now`, `quality_now`.

    Where several articles have the story's address, it is the one most like the copy. `title_differs` and
    `quality_differs` tell what is stale.
    """
    linked = related.loc[related["target_path"].notna(), ["path", "position", "url", "title", "quality", "target_path"]]
    targets = articles[["path", "title", "quality"]].assign(target_path=articles["path"])
    copies = _compared(linked.reset_index(names="story"), targets, on="target_path")
    differ = copies["title_differs"] | copies["quality_differs"]
    odd = copies.loc[differ, ["story", *linked.columns]]
    urls = odd["url"].unique()
    twins = [articles[articles[name].isin(urls)].assign(url=articles[name]) for name in ("web_url", "original_url")]
    pairs = _compared(odd, pd.concat(twins), on="url")
    pairs = pairs[pairs["path"] != pairs["path_now"]]
    pairs = pairs.sort_values(["story", "title_differs", "quality_differs", "path_now"]).drop_duplicates("story")
    return pd.concat([copies[~differ], pairs], ignore_index=True)


def _compared(copies: pd.DataFrame, articles: pd.DataFrame, on: str) -> pd.DataFrame:
    """Each copy with `path_now`, `title_now` and `quality_now` of its article, and whether title and quality differ."""
    pairs = copies.merge(articles[["path", "title", "quality", on]], on=on, suffixes=("", "_now"))
    old, new = comparable(pairs["title"]), comparable(pairs["title_now"])
    scored = pairs["quality"].notna() & pairs["quality_now"].notna()
    return pairs.assign(
        title_differs=old.notna() & new.notna() & (old != new),
        quality_differs=scored & pairs["quality"].ne(pairs["quality_now"]).fillna(value=False).astype("bool"),
    )


def _place(related: pd.DataFrame) -> pd.Series:
    return "related." + related["position"].astype("str")


def _difference(pairs: pd.DataFrame) -> pd.Series:
    """What differs between copy and article, and where the article is."""
    scores = "quality " + pairs["quality"].astype("str") + ", now " + pairs["quality_now"].astype("str")
    titles = "title " + shortened(pairs["title"]) + ", now " + shortened(pairs["title_now"])
    both = (scores + "; " + titles).where(pairs["title_differs"], scores)
    return both.where(pairs["quality_differs"], titles) + " (" + pairs["path_now"] + ")"


def dangling(related: pd.DataFrame) -> pd.DataFrame:
    """Related stories without any address (`findings`); one outside the corpus is none."""
    rows = related[related["url"].isna()]
    return findings("dangling_related", rows["path"], _place(rows), shortened(rows["title"]).fillna(""))
