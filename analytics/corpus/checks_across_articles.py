"""What the checks across articles share: rows of `problems`, and texts made comparable."""

from collections.abc import Sequence
from datetime import date
from html.entities import html5

import pandas as pd

from analytics.corpus.problem_codes import CODES
from analytics.corpus.table_contracts import PROBLEMS
from analytics.statistics.descriptive import cut_off
from analytics.text_forms import spelling_key

LONGEST_VALUE = 80
LONGEST_ADDRESS = 200


def problem_frame(code: str, path: pd.Series, field: str | pd.Series, value: pd.Series) -> pd.DataFrame:
    """Findings of one kind, one row each, yet without their meaning: path, field, value, code."""
    return pd.DataFrame({"path": path, "field": field, "value": value, "code": code}).astype("str")


def with_meanings(found: list[pd.DataFrame]) -> pd.DataFrame:
    """Findings as rows of `problems`, each with the severity and meaning of its code; no line."""
    rows = pd.concat(found, ignore_index=True)
    codes = pd.DataFrame.from_dict(CODES, orient="index", columns=["severity", "message"]).loc[rows["code"]]
    line = pd.array([pd.NA] * len(rows), dtype="Int64")
    return PROBLEMS.of(rows.assign(line=line, severity=codes["severity"].array, message=codes["message"].array))


def shortened(texts: pd.Series, longest: int = LONGEST_VALUE) -> pd.Series:
    """Texts of at most so many characters; what is cut ends with an ellipsis."""
    return texts.where(texts.str.len() <= longest, texts.str.slice(0, longest - 1) + "…")


def comparable(texts: pd.Series) -> pd.Series:
    """Texts that are equal when only case, blanks, typographic punctuation or the encoding of accents differ."""
    different = texts.dropna().unique()
    keys = pd.Series([spelling_key(str(each)) for each in different], index=different, dtype="str")
    return pd.Series(texts.map(keys), index=texts.index, dtype="str")


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
        problem_frame(
            "duplicate_original_url", original["path"], "originalUrl", _with_others(original, "original_url")
        ),
        problem_frame("duplicate_web_url", web["path"], "webUrl", _with_others(web, "web_url")),
        problem_frame("duplicate_title", title["path"], "title", _with_others(title, "title")),
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


def _with_others(rows: pd.DataFrame, shown: str) -> pd.Series:
    more = (" and " + rows["more"].astype("str") + " more").where(rows["more"] > 0, "")
    return shortened(rows[shown], LONGEST_ADDRESS) + " (also " + rows["other"] + more + ")"


def stale(related: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Related stories whose copied quality or title is not that of their article now (`findings`)."""
    rows = matched(related, articles)
    rows = rows[rows["title_differs"] | rows["quality_differs"]]
    return problem_frame("stale_related", rows["path"], _related_field(rows), _difference(rows))


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


def _related_field(related: pd.DataFrame) -> pd.Series:
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
    return problem_frame("dangling_related", rows["path"], _related_field(rows), shortened(rows["title"]).fillna(""))


FEWEST_DECIDED = 50
MOST_EXCEPTIONS = 0.1
STAND_INS = ["", "placeholder", "n/a", "n.a", "na", "none", "null", "nan", "tba", "tbc", "tbd", "todo", "xxx"]
LOREM = "lorem ipsum"
SHORT = 40
PUNCTUATION = " .…!?,;:-–—_*#[](){}<>\"'"
ENTITY = r"(&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)"


def crosscheck(
    articles: pd.DataFrame,
    topics: pd.DataFrame,
    related: pd.DataFrame,
    topic_tree: pd.DataFrame,
    organisations: pd.DataFrame,
) -> pd.DataFrame:
    """Findings across articles, as rows of `problems`, grouped by code; the line is missing.

    One row a thing to mend: an article, a related story, or for `unknown_topic` and `unknown_provider` the topic or
    outlet, on the first of its articles. The frames keep the contracts of `table_contracts` and are not changed.
    """
    outlets = _outlets(articles)
    found = [
        *repeated(articles),
        _dates(articles),
        _topics(topics, topic_tree),
        _providers(outlets, organisations),
        _names(articles, outlets),
        *_spellings(articles, topics),
        *_decisions(articles),
        stale(related, articles),
        dangling(related),
        _stand_ins(articles),
        _entities(articles, "title"),
        _entities(articles, "excerpt"),
    ]
    return with_meanings(found)


SLACK = pd.Timedelta(days=1)
"""How far after today (UTC) a day may lie: somewhere it is tomorrow already."""

_DATE_FIELDS = {"published_at": "publishedDateTime", "file_date": "path"}


def without_future_dates(articles: pd.DataFrame, today: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The articles, whose dates in the future are missing, and those dates as rows of `problems` (`date_in_future`).

    In the future is what lies more than a day after `today`.
    """
    columns, found = {}, []
    for column, field in _DATE_FIELDS.items():
        days = articles[column]
        late = days.dt.tz_localize(None).dt.normalize() > pd.Timestamp(today) + SLACK
        if late.any():
            columns[column] = days.mask(late)
            found.append(problem_frame("date_in_future", articles["path"][late], field, _day(days[late])))
    return (articles.assign(**columns), with_meanings(found)) if found else (articles, PROBLEMS.empty())


def _dates(articles: pd.DataFrame) -> pd.DataFrame:
    published = articles["published_at"].dt.tz_localize(None).dt.normalize()
    rows = (published != articles["file_date"]) & published.notna() & articles["file_date"].notna()
    value = "named " + _day(articles["file_date"][rows]) + ", published " + _day(published[rows])
    return problem_frame("name_date_differs", articles["path"][rows], "publishedDateTime", value)


def _day(days: pd.Series) -> pd.Series:
    text: pd.Series = days.dt.strftime("%Y-%m-%d").astype("str")
    return text


def _topics(topics: pd.DataFrame, topic_tree: pd.DataFrame) -> pd.DataFrame:
    """Topics that are neither a name nor a short name of the taxonomy, where it has any."""
    known = pd.concat([topic_tree["name"], topic_tree["shortname"]]).dropna()
    unknown = topics[~topics["topic"].isin(known)] if len(known) else topics.iloc[:0]
    first = unknown.drop_duplicates("topic")
    n = first["topic"].map(unknown["topic"].value_counts()).astype("Int64")
    field = "topics." + first["position"].astype("str")
    return problem_frame("unknown_topic", first["path"], field, _with_count(first["topic"].astype("str"), n))


def _outlets(articles: pd.DataFrame) -> pd.DataFrame:
    """One row for each pair of domain and provider that occurs: `n` articles and the `path` of the first of them."""
    pairs = articles.groupby(["domain", "provider"], observed=True, dropna=False)["path"].agg(["size", "first"])
    outlets = pairs.reset_index().rename(columns={"size": "n", "first": "path"})
    return outlets.astype({"domain": "str", "provider": "str", "path": "str"}).sort_values("path")


def _providers(outlets: pd.DataFrame, organisations: pd.DataFrame) -> pd.DataFrame:
    """Outlets of several articles of which the taxonomy, where it has any, knows neither domain nor name."""
    domains, names = organisations["domain"].dropna(), comparable(organisations["name"]).dropna()
    known = outlets["domain"].isin(domains) | comparable(outlets["provider"]).isin(names)
    outlets = outlets.assign(key=outlets["domain"].fillna(outlets["provider"]))
    unknown = outlets[~known & outlets["key"].notna() & bool(len(domains) + len(names))]
    first = unknown.drop_duplicates("key")
    n = first["key"].map(unknown.groupby("key")["n"].sum())
    first, n = first[n > 1], n[n > 1]
    outlet = first["provider"].fillna("") + ", " + first["domain"].fillna("")
    return problem_frame("unknown_provider", first["path"], "provider", _with_count(outlet.str.strip(", "), n))


def _with_count(texts: pd.Series, n: pd.Series) -> pd.Series:
    return shortened(texts) + " (articles: " + n.astype("str") + ")"


def _names(articles: pd.DataFrame, outlets: pd.DataFrame) -> pd.DataFrame:
    """Articles whose outlet has another name on more articles of its domain; of equally frequent names the first."""
    ranked = outlets.dropna().sort_values(["domain", "n", "provider"], ascending=[True, False, True])
    ranked["usual"] = ranked.groupby("domain")["provider"].transform("first")
    other = ranked.loc[ranked["provider"] != ranked["usual"], ["domain", "provider", "usual"]]
    rows = articles.loc[articles["domain"].isin(other["domain"]), ["path", "domain", "provider"]].astype("str")
    rows = rows.merge(other, on=["domain", "provider"])
    value = shortened(rows["provider"]) + " (more often " + shortened(rows["usual"]) + ")"
    return problem_frame("domain_under_several_names", rows["path"], "provider.name", value)


def _spellings(articles: pd.DataFrame, topics: pd.DataFrame) -> list[pd.DataFrame]:
    """Topics, outlets, types and collections that several spellings make two; one row an article and rarer spelling.

    Of equally frequent spellings the first in the order of code points counts as the usual one.
    """
    labels = {"topics": topics[["path", "topic"]].set_axis(["path", "label"], axis=1)}
    for field, column in (("provider.name", "provider"), ("type", "type"), ("", "collection")):
        labels[field] = articles[["path", column]].set_axis(["path", "label"], axis=1).dropna()
    found = []
    for field, rows in labels.items():
        n = rows["label"].astype("str").value_counts().rename("n").rename_axis("label").reset_index()
        n["key"] = comparable(n["label"])
        n = n.sort_values(["key", "n", "label"], ascending=[True, False, True])
        n["usual"] = n.groupby("key")["label"].transform("first")
        rarer = n.loc[n["label"] != n["usual"], ["label", "usual"]]
        named = rows.astype("str").merge(rarer, on="label")
        value = shortened(named["label"]) + " (more often " + shortened(named["usual"]) + ")"
        found.append(problem_frame("label_in_several_ways", named["path"], field, value))
    return found


def _decisions(articles: pd.DataFrame) -> list[pd.DataFrame]:
    """Exceptions from the corpus's own cut-off; no frame where it has none.

    It has one when at least `FEWEST_DECIDED` articles are scored and decided, at most `MOST_EXCEPTIONS` of them are
    exceptions, and it halves the exceptions that the same answer for all would have (Goodman and Kruskal's lambda of
    0.5; Goodman, Kruskal 1954, Journal of the American Statistical Association 49(268)).
    """
    rows = articles.loc[articles["quality"].notna() & articles["published"].notna(), ["path", "quality", "published"]]
    published = rows["published"].astype("Int64")
    rule = cut_off(rows["quality"], published, pd.Series(1, index=rows.index))
    if rule is None or rule.n < FEWEST_DECIDED or rule.exceptions > min(MOST_EXCEPTIONS * rule.n, rule.minority / 2):
        return []
    rows = rows[rows["published"] != (rows["quality"] >= rule.threshold)]
    state = pd.Series("published", index=rows.index).where(rows["published"], "not published")
    value = state + " with quality " + rows["quality"].astype("str") + f", cut-off {rule.threshold}"
    return [problem_frame("published_against_score", rows["path"], "published", value)]


def _stand_ins(articles: pd.DataFrame) -> pd.DataFrame:
    """Excerpts that say nothing: one of `STAND_INS` whatever its punctuation, filler text, or the title again."""
    length = articles["excerpt"].str.len()
    filler = articles["excerpt"].str.slice(0, len(LOREM)).str.lower() == LOREM
    brief = (length <= SHORT) | (length <= articles["title"].str.len() + SHORT) | filler
    rows = articles[brief & articles["excerpt"].notna()]
    excerpt = comparable(rows["excerpt"])
    empty = excerpt.str.strip(PUNCTUATION).isin(STAND_INS) | (excerpt == comparable(rows["title"])) | filler[rows.index]
    rows = rows[empty]
    return problem_frame("placeholder_excerpt", rows["path"], "excerpt", shortened(rows["excerpt"]))


def _entities(articles: pd.DataFrame, field: str) -> pd.DataFrame:
    """The first HTML entity of each text that has one, and how many more there are."""
    texts = articles[field][articles[field].str.contains("&", regex=False, na=False)]
    found = texts.str.extractall(ENTITY)[0]
    entities = found[[text[1] == "#" or text[1:] in html5 for text in found]].groupby(level=0)
    first, more = entities.first(), entities.size() - 1
    value = first + (" and " + more.astype("str") + " more").where(more > 0, "")
    return problem_frame("entity_in_excerpt", articles["path"][first.index], field, value)
