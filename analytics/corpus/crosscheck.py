"""What only a look across the corpus shows: each article against the others, the taxonomy and the corpus's habits."""

from html.entities import html5

import pandas as pd

from analytics.corpus.copies import dangling, repeated, stale
from analytics.corpus.findings import comparable, explained, findings, shortened
from analytics.stats import cut_off

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
    """Findings across articles, as rows of `problems` (tables.PROBLEMS), grouped by code; the line is missing.

    One row a thing to mend: an article, a related story, or for `unknown_topic` and `unknown_provider` the topic or
    outlet, on the first of its articles. The frames keep the contracts of `tables` and are not changed.
    """
    outlets = _outlets(articles)
    found = [
        *repeated(articles),
        _dates(articles),
        _topics(topics, topic_tree),
        _providers(outlets, organisations),
        _names(articles, outlets),
        *_decisions(articles),
        stale(related, articles),
        dangling(related),
        _stand_ins(articles),
        _entities(articles, "title"),
        _entities(articles, "excerpt"),
    ]
    return explained(found)


def _dates(articles: pd.DataFrame) -> pd.DataFrame:
    published = articles["published_at"].dt.tz_localize(None).dt.normalize()
    rows = (published != articles["file_date"]) & published.notna() & articles["file_date"].notna()
    value = "named " + _day(articles["file_date"][rows]) + ", published " + _day(published[rows])
    return findings("name_date_differs", articles["path"][rows], "publishedDateTime", value)


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
    return findings("unknown_topic", first["path"], field, _with_count(first["topic"].astype("str"), n))


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
    return findings("unknown_provider", first["path"], "provider", _with_count(outlet.str.strip(", "), n))


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
    return findings("domain_under_several_names", rows["path"], "provider.name", value)


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
    return [findings("published_against_score", rows["path"], "published", value)]


def _stand_ins(articles: pd.DataFrame) -> pd.DataFrame:
    """Excerpts that say nothing: one of `STAND_INS` whatever its punctuation, filler text, or the title again."""
    length = articles["excerpt"].str.len()
    filler = articles["excerpt"].str.slice(0, len(LOREM)).str.lower() == LOREM
    brief = (length <= SHORT) | (length <= articles["title"].str.len() + SHORT) | filler
    rows = articles[brief & articles["excerpt"].notna()]
    excerpt = comparable(rows["excerpt"])
    empty = excerpt.str.strip(PUNCTUATION).isin(STAND_INS) | (excerpt == comparable(rows["title"])) | filler[rows.index]
    rows = rows[empty]
    return findings("placeholder_excerpt", rows["path"], "excerpt", shortened(rows["excerpt"]))


def _entities(articles: pd.DataFrame, field: str) -> pd.DataFrame:
    """The first HTML entity of each text that has one, and how many more there are."""
    texts = articles[field][articles[field].str.contains("&", regex=False, na=False)]
    found = texts.str.extractall(ENTITY)[0]
    entities = found[[text[1] == "#" or text[1:] in html5 for text in found]].groupby(level=0)
    first, more = entities.first(), entities.size() - 1
    value = first + (" and " + more.astype("str") + " more").where(more > 0, "")
    return findings("entity_in_excerpt", articles["path"][first.index], field, value)
