"""Checks across articles: what is found wrong when all records are seen together, as rows of `problems`."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html.entities import html5
from itertools import chain, groupby
from operator import attrgetter
from typing import Any, NamedTuple

import pandas as pd

from analytics.corpus.problem_codes import CODES
from analytics.corpus.table_contracts import PROBLEMS
from analytics.statistics.descriptive import cut_off
from analytics.text_normalisation import spelling_key

LONGEST_VALUE = 80
LONGEST_ADDRESS = 200


class FoundProblem(NamedTuple):
    """A problem without its severity and meaning: code of `CODES`, path of the article, field, and what was found."""

    code: str
    path: str
    field: str
    value: str


def problem_rows(found: Iterable[FoundProblem]) -> pd.DataFrame:
    """Rows of `problems`, each with the severity and meaning of its code; `line` is missing."""
    rows = [(path, None, field, value, code, *CODES[code]) for code, path, field, value in found]
    names = ["path", "line", "field", "value", "code", "severity", "message"]
    return PROBLEMS.of(pd.DataFrame(rows, columns=names)) if rows else PROBLEMS.empty()


def shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    """A text of at most so many characters; what is cut ends with an ellipsis."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def row_tuples(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame as named tuples; None for what is missing."""
    if frame.empty:
        return iter(())
    return frame.astype("object").where(frame.notna(), None).itertuples(index=False, name="Row")


def spelling_keys(texts: pd.Series) -> pd.Series:
    """The key of each text, equal where only case, blanks, punctuation signs or encoding differ (`spelling_key`)."""
    different = texts.dropna().unique()
    keys = pd.Series([spelling_key(str(each)) for each in different], index=different, dtype="str")
    return pd.Series(texts.map(keys), index=texts.index, dtype="str")


_REPEATED = (
    ("duplicate_original_url", "originalUrl", "original_url", "original_url"),
    ("duplicate_web_url", "webUrl", "web_url", "web_url"),
    ("duplicate_title", "title", "headline", "title"),
)
"""Code, field, the column that articles share and the one that is shown; the first says it for those after it."""


def duplicate_articles(articles: pd.DataFrame) -> Iterator[FoundProblem]:
    """A problem for each article that shares its originalUrl, webUrl or title with others.

    Articles that all have one originalUrl are reported for that alone, not for the same webUrl and title as well. The
    value names the first other article and how many more there are.
    """
    rows = articles[["path", "original_url", "web_url", "title"]].assign(headline=spelling_keys(articles["title"]))
    earlier: list[str] = []
    for code, field, key, shown in _REPEATED:
        for same in _sharing(rows, key):
            if any(_one_value(same, column) for column in earlier):
                continue
            more = f" and {len(same) - 2} more" if len(same) > 2 else ""
            for number, row in enumerate(same):
                other = same[0 if number else 1].path
                text = shortened(getattr(row, shown), LONGEST_ADDRESS)
                yield FoundProblem(code, row.path, field, f"{text} (also {other}{more})")
        earlier.append(key)


def _sharing(rows: pd.DataFrame, key: str) -> Iterator[list[Any]]:
    """The rows of each value of `key` that is on several, sorted by path."""
    several = rows[rows[key].notna() & rows[key].duplicated(keep=False)]
    if len(several):
        several = several.sort_values([key, "path"])
    return (list(same) for _, same in groupby(row_tuples(several), key=attrgetter(key)))


def _one_value(rows: Sequence[Any], column: str) -> bool:
    """Whether all rows have the same value of a column, and have one."""
    values = {getattr(row, column) for row in rows}
    return len(values) == 1 and None not in values


def outdated_related_copies(related: pd.DataFrame, articles: pd.DataFrame) -> Iterator[FoundProblem]:
    """A problem for each related story whose copied quality or title differs from its article now."""
    if related["target_path"].isna().all():
        return
    rows = compared_with_articles(related, articles)
    for row in row_tuples(rows[rows["title_differs"] | rows["quality_differs"]]):
        different = []
        if row.quality_differs:
            different.append(f"quality {row.quality}, now {row.quality_now}")
        if row.title_differs:
            different.append(f"title {shortened(row.title)}, now {shortened(row.title_now)}")
        value = f"{'; '.join(different)} ({row.path_now})"
        yield FoundProblem("stale_related", row.path, f"related.{row.position}", value)


def compared_with_articles(related: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """One row per related story that is in the corpus, with its article: `path_now`, `title_now`, `quality_now`.

    Where several articles have the story's address, it is the one most like the copy. `title_differs` and
    `quality_differs` say what the copy has otherwise.
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
    old, new = spelling_keys(pairs["title"]), spelling_keys(pairs["title_now"])
    scored = pairs["quality"].notna() & pairs["quality_now"].notna()
    return pairs.assign(
        title_differs=old.notna() & new.notna() & (old != new),
        quality_differs=scored & pairs["quality"].ne(pairs["quality_now"]).fillna(value=False).astype("bool"),
    )


def related_without_address(related: pd.DataFrame) -> Iterator[FoundProblem]:
    """A problem for each related story without an address. An address outside the corpus is no problem."""
    for row in row_tuples(related[related["url"].isna()]):
        yield FoundProblem("dangling_related", row.path, f"related.{row.position}", shortened(row.title or ""))


FEWEST_DECIDED = 50
MOST_EXCEPTIONS = 0.1
STAND_INS = ["", "placeholder", "n/a", "n.a", "na", "none", "null", "nan", "tba", "tbc", "tbd", "todo", "xxx"]
LOREM = "lorem ipsum"
SHORT = 40
PUNCTUATION = " .…!?,;:-–—_*#[](){}<>\"'"
ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")


def crosscheck(
    articles: pd.DataFrame,
    topics: pd.DataFrame,
    related: pd.DataFrame,
    topic_tree: pd.DataFrame,
    organisations: pd.DataFrame,
    known_cut_off: int | None = None,
) -> pd.DataFrame:
    """Problems found by comparing articles, as rows of `problems`, grouped by code; `line` is missing.

    One row a thing to mend: an article, a related story, or for `unknown_topic` and `unknown_provider` the topic or
    outlet, on the first of its articles. `known_cut_off` is the score from which articles are published, where the
    corpus's profile gives it. The frames keep the contracts of `table_contracts` and are not changed.
    """
    outlets = _outlets(articles)
    return problem_rows(
        chain(
            duplicate_articles(articles),
            _dates(articles),
            _topics(topics, topic_tree),
            _providers(outlets, organisations),
            _names(articles, outlets),
            _spellings(articles, topics),
            _decisions(articles, known_cut_off),
            outdated_related_copies(related, articles),
            related_without_address(related),
            _stand_ins(articles),
            _entities(articles, "title"),
            _entities(articles, "excerpt"),
        )
    )


SLACK = pd.Timedelta(days=1)
"""How far after today (UTC) a day may lie: somewhere it is tomorrow already."""

_DATE_FIELDS = {"published_at": "publishedDateTime", "file_date": "path"}


def clear_future_dates(articles: pd.DataFrame, today: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All articles, with dates in the future set to missing; and these dates as `date_in_future` rows of `problems`.

    In the future is what lies more than a day after `today`.
    """
    columns: dict[str, pd.Series] = {}
    found: list[FoundProblem] = []
    for column, field in _DATE_FIELDS.items():
        days = articles[column]
        late = days.dt.tz_localize(None).dt.normalize() > pd.Timestamp(today) + SLACK
        if late.any():
            columns[column] = days.mask(late)
            paths = articles["path"][late]
            found += [
                FoundProblem("date_in_future", path, field, f"{day:%Y-%m-%d}")
                for path, day in zip(paths, days[late], strict=True)
            ]
    return (articles.assign(**columns), problem_rows(found)) if found else (articles, PROBLEMS.empty())


def _dates(articles: pd.DataFrame) -> Iterator[FoundProblem]:
    published, named = articles["published_at"].dt.tz_localize(None).dt.normalize(), articles["file_date"]
    differ = (published != named) & published.notna() & named.notna()
    for path, in_name, day in zip(articles["path"][differ], named[differ], published[differ], strict=True):
        value = f"named {in_name:%Y-%m-%d}, published {day:%Y-%m-%d}"
        yield FoundProblem("name_date_differs", path, "publishedDateTime", value)


def _topics(topics: pd.DataFrame, topic_tree: pd.DataFrame) -> Iterator[FoundProblem]:
    """Topics that are neither a name nor a short name of the taxonomy, where it has any."""
    known = {*topic_tree["name"].dropna(), *topic_tree["shortname"].dropna()}
    unknown = topics[~topics["topic"].isin(known)] if known else topics.iloc[:0]
    n = Counter(unknown["topic"])
    for row in row_tuples(unknown.drop_duplicates("topic")):
        yield FoundProblem("unknown_topic", row.path, f"topics.{row.position}", _with_count(row.topic, n[row.topic]))


class Outlet(NamedTuple):
    """A pair of domain and provider that occurs: on `n` articles, of which `path` is the first."""

    domain: str | None
    provider: str | None
    n: int
    path: str


def _outlets(articles: pd.DataFrame) -> list[Outlet]:
    """Each pair of domain and provider that occurs, in the order of their first articles."""
    pairs = articles.groupby(["domain", "provider"], observed=True, dropna=False)["path"].agg(["size", "first"])
    return sorted((Outlet(*row) for row in row_tuples(pairs.reset_index())), key=attrgetter("path"))


def _providers(outlets: Sequence[Outlet], organisations: pd.DataFrame) -> Iterator[FoundProblem]:
    """Outlets of several articles of which the taxonomy, where it has any, knows neither domain nor name."""
    domains, names = set(organisations["domain"].dropna()), set(map(spelling_key, organisations["name"].dropna()))
    if not domains and not names:
        return
    unknown: defaultdict[str, list[Outlet]] = defaultdict(list)
    for outlet in outlets:
        known = outlet.domain in domains or (outlet.provider is not None and spelling_key(outlet.provider) in names)
        if not known and (key := outlet.domain or outlet.provider):
            unknown[key].append(outlet)
    for same in unknown.values():
        n = sum(outlet.n for outlet in same)
        if n > 1:
            named = f"{same[0].provider or ''}, {same[0].domain or ''}".strip(", ")
            yield FoundProblem("unknown_provider", same[0].path, "provider", _with_count(named, n))


def _with_count(text: str, n: int) -> str:
    return f"{shortened(text)} (articles: {n})"


def _names(articles: pd.DataFrame, outlets: Sequence[Outlet]) -> Iterator[FoundProblem]:
    """Articles whose outlet has another name on more articles of its domain; of equally frequent names the first."""
    named: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for outlet in outlets:
        if outlet.domain is not None and outlet.provider is not None:
            named[outlet.domain][outlet.provider] = outlet.n
    usual = {domain: _most_frequent(n) for domain, n in named.items() if len(n) > 1}
    if not usual:
        return
    rows = articles.loc[articles["domain"].isin(usual) & articles["provider"].notna(), ["path", "domain", "provider"]]
    for row in row_tuples(rows):
        if row.provider != usual[row.domain]:
            value = _with_usual_form(row.provider, usual[row.domain], named[row.domain])
            yield FoundProblem("domain_under_several_names", row.path, "provider.name", value)


def _most_frequent(n: Mapping[str, int]) -> str:
    """The label that is counted most often; of equally frequent ones the first in the order of code points."""
    return min(n, key=lambda label: (-n[label], label))


def _with_usual_form(label: str, usual: str, n: Mapping[str, int]) -> str:
    """A label with its usual form, and whether that is counted more often or as often."""
    return f"{shortened(label)} ({'more' if n[usual] > n[label] else 'as'} often {shortened(usual)})"


def _spellings(articles: pd.DataFrame, topics: pd.DataFrame) -> Iterator[FoundProblem]:
    """Topics, outlets, types and collections that several spellings make two; one row an article and rarer spelling.

    Of equally frequent spellings the first in the order of code points counts as the usual one.
    """
    labelled = {"topics": (topics, "topic"), "provider.name": (articles, "provider")}
    labelled |= {"type": (articles, "type"), "": (articles, "collection")}
    for field, (rows, column) in labelled.items():
        n = {str(label): int(count) for label, count in rows[column].value_counts().items() if count}
        usual = _usual_spellings(n)
        if not usual:
            continue
        rarer = rows.loc[rows[column].isin(usual), ["path", column]]
        for path, label in zip(rarer["path"], rarer[column], strict=True):
            yield FoundProblem("label_in_several_ways", path, field, _with_usual_form(label, usual[label], n))


def _usual_spellings(n: Mapping[str, int]) -> dict[str, str]:
    """The usual spelling of each label that is a rarer one; `n` counts the labels."""
    spellings: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for label, count in n.items():
        spellings[spelling_key(label)][label] = count
    several = ((_most_frequent(same), same) for same in spellings.values() if len(same) > 1)
    return {label: usual for usual, same in several for label in same if label != usual}


def _decisions(articles: pd.DataFrame, known_cut_off: int | None) -> Iterator[FoundProblem]:
    """Exceptions from the known cut-off, else from the one that the corpus shows; nothing where it shows none.

    It shows one when at least `FEWEST_DECIDED` articles are scored and decided, at most `MOST_EXCEPTIONS` of them are
    exceptions, and it halves the exceptions that the same answer for all would have (Goodman and Kruskal's lambda of
    0.5; Goodman, Kruskal 1954, Journal of the American Statistical Association 49(268)).
    """
    rows = articles.loc[articles["quality"].notna() & articles["published"].notna(), ["path", "quality", "published"]]
    threshold = _shown_cut_off(rows) if known_cut_off is None else known_cut_off
    if threshold is None:
        return
    for row in row_tuples(rows[rows["published"] != (rows["quality"] >= threshold)]):
        state = "published" if row.published else "not published"
        value = f"{state} with quality {row.quality}, cut-off {threshold}"
        yield FoundProblem("published_against_score", row.path, "published", value)


def _shown_cut_off(rows: pd.DataFrame) -> int | None:
    if len(rows) < FEWEST_DECIDED:
        return None
    rule = cut_off(rows["quality"], rows["published"].astype("Int64"), pd.Series(1, index=rows.index))
    if rule is None or rule.exceptions > min(MOST_EXCEPTIONS * rule.n, rule.minority / 2):
        return None
    return rule.threshold


def _stand_ins(articles: pd.DataFrame) -> Iterator[FoundProblem]:
    """Excerpts that say nothing: one of `STAND_INS` whatever its punctuation, filler text, or the title again."""
    length = articles["excerpt"].str.len()
    filler = articles["excerpt"].str.slice(0, len(LOREM)).str.lower() == LOREM
    brief = (length <= SHORT) | (length <= articles["title"].str.len() + SHORT) | filler
    for row in row_tuples(articles.loc[brief & articles["excerpt"].notna(), ["path", "title", "excerpt"]]):
        excerpt = spelling_key(row.excerpt)
        if (
            excerpt.strip(PUNCTUATION) in STAND_INS
            or row.excerpt[: len(LOREM)].lower() == LOREM
            or (row.title is not None and excerpt == spelling_key(row.title))
        ):
            yield FoundProblem("placeholder_excerpt", row.path, "excerpt", shortened(row.excerpt))


def _entities(articles: pd.DataFrame, field: str) -> Iterator[FoundProblem]:
    """The first HTML entity of each text that has one, and how many more there are."""
    rows = articles.loc[articles[field].str.contains("&", regex=False, na=False), ["path", field]]
    for path, text in zip(rows["path"], rows[field], strict=True):
        found = [entity for entity in ENTITY.findall(text) if entity[1] == "#" or entity[1:] in html5]
        if found:
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            yield FoundProblem("entity_in_excerpt", path, field, f"{found[0]}{more}")
