"""Data health: how complete the records are, and the problems met while reading them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.analyses.common.against_others import apart_text, shares_against_others
from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.article_list import COLLECTION, with_collections
from analytics.analyses.common.columns import small_n_column, wilson_columns
from analytics.analyses.common.frequent_labels import pool_rare
from analytics.analyses.common.tallies_by_period import (
    PERIOD_COLUMNS,
    largest_share_shift_text,
    period_label_grid,
    tally_by_period,
)
from analytics.analyses.common.wording import all_text, count_text, none_text, share_interval_text, share_text
from analytics.corpus.field_map import FIELD_NAMES, FILE_NAME, FOLDER, OWN_MAP_NAMES
from analytics.corpus.problem_codes import CODES, SEVERITIES
from analytics.corpus.record_fields import FRONT_MATTER_KEYS, PRESENCE
from analytics.corpus.table_contracts import PROBLEMS
from analytics.engine.encoded import NONE, OTHER
from analytics.engine.periods import AUTO
from analytics.engine.slice import Slice
from analytics.schema import Column, Table, label_of
from analytics.statistics.change_test import DOWN, TOO_FEW, UP
from analytics.statistics.intervals import SMALL_N, wilson

COMPLETE, CRITICAL, MISSING_WHOLLY = "complete", "critical", "missing wholly"
BAND_LIMITS = {COMPLETE: 0, "good": 10, "acceptable": 20, "poor": 50}
"""Band → percentage of articles that may lack the field at most; above the last it is critical."""

BANDS = (*BAND_LIMITS, CRITICAL, MISSING_WHOLLY)

_SHARE = (
    Column("n", "whole", "articles", "articles"),
    Column("present", "whole", "articles that have the field", "articles"),
    Column("share", "share", "articles that have the field, of all in the row; none where there are none"),
    *wilson_columns("share"),
    Column("band", "label", f"{', '.join(BANDS)}; none without articles"),
)
FIELD = Column(
    "field",
    "name",
    "field of the record; in brackets, where another, its name in the file",
    labels=tuple(
        (name, label_of(name) if key == name else f"{label_of(name)} ({key})")
        for name, key in FRONT_MATTER_KEYS.items()
    ),
)

READ_BY_MAP = tuple(FIELD_NAMES.values())
"""Fields that can be read from other keys than the record's own even without a profile."""

COMPLETENESS_BY_FIELD = Table(
    "completeness_by_field",
    "one row per field, the least complete first",
    (FIELD, *_SHARE),
    key=("field",),
)

OWN_KEY, OTHER_KEY, PATH_OF_FILE = "the record's own key", "another key", "the file's path"
ORIGINS = (OWN_KEY, OTHER_KEY, PATH_OF_FILE)
"""Where a field can come from."""

FIELD_SOURCES = Table(
    "field_sources",
    "one row per field that other keys can stand for and key that it came from, the record's own key first",
    (
        FIELD,
        Column("key", "text", "key in the front matter; file name or folder for a date that they tell"),
        Column("origin", "label", ", ".join(ORIGINS)),
        Column("n", "whole", "articles", "articles"),
        Column("files", "whole", "articles whose field came from the key", "articles"),
        Column("share", "share", "files, of all articles in the selection"),
    ),
    key=("field", "key"),
)

COMPLETENESS_OVER_TIME = Table(
    "completeness_over_time",
    "one row per period and field, the least complete field first",
    (*PERIOD_COLUMNS, FIELD, *_SHARE),
    key=("period", "field"),
)

COMPLETENESS_BY_COLLECTION = Table(
    "completeness_by_collection",
    "one row per collection and field; the collections that are not shown by name are pooled as All others",
    (
        Column("collection", "text", "collection, or All others"),
        Column("collections", "whole", "collections in the row: 1, or how many are pooled", "collections"),
        FIELD,
        *_SHARE,
    ),
    key=("collection", "field"),
)


@analysis(COMPLETENESS_BY_FIELD)
def completeness_by_field(data: Slice) -> pd.DataFrame:
    """How many articles have each field of the record."""
    table = _rows_by_field(data.tally(**_presence_measures()), [])
    return _with_share_and_band(table.set_index("field").loc[_fields_by_gaps(data)].reset_index())


@analysis(FIELD_SOURCES)
def field_sources(data: Slice) -> pd.DataFrame:
    """From which key of the front matter each field came, in how many articles."""
    others = data.field_sources.astype("str").groupby(["field", "key"]).size().rename("files").reset_index()
    present = data.tally(**_presence_measures()).iloc[0]
    by_field = others.groupby("field")["files"].sum()
    fields = (*READ_BY_MAP, *(name for name in OWN_MAP_NAMES.values() if name in set(by_field.index) - {*READ_BY_MAP}))
    own = [
        (name, FRONT_MATTER_KEYS[name], present[f"has_{name}"] - by_field.get(name, 0))
        for name in fields
        if name in PRESENCE
    ]
    others["origin"] = np.where(others["key"].isin([FILE_NAME, FOLDER]), PATH_OF_FILE, OTHER_KEY)
    table = pd.concat([pd.DataFrame(own, columns=["field", "key", "files"]).assign(origin=OWN_KEY), others])
    table = table[table["files"] > 0].assign(n=present["n"])
    table["place"], table["other"] = table["field"].map(fields.index), table["origin"] != OWN_KEY
    table = table.sort_values(["place", "other", "files", "key"], ascending=[True, True, False, True])
    return table.drop(columns=["place", "other"]).assign(share=table["files"] / table["n"])


@field_sources.register_finding
def field_sources_finding(table: pd.DataFrame) -> str:
    """Which fields came from other keys than the record's own, each with its most frequent one, in a sentence."""
    others = table[table["origin"] != OWN_KEY]
    if others.empty:
        return "Each field came from the record's own key." if len(table) else "No article has one of these fields."
    counts = others.groupby("field", sort=False)["files"].sum()
    most = others.sort_values("files", ascending=False, kind="stable").groupby("field", sort=False).head(1)
    parts = [
        f"{label_of(str(field)).lower()} from {row['key']} ({row['files']:,})"
        for field, row in most.set_index("field").loc[counts.index].iterrows()
    ]
    parts[0] = f"{parts[0][:-1]} of {count_text(int(table['n'].iloc[0]), 'article')})"
    return f"{count_text(len(counts), 'field')} came from other keys than the record's own: {', '.join(parts)}."


@completeness_by_field.register_finding
def completeness_by_field_finding(table: pd.DataFrame) -> str:
    """How many fields are complete, which are missing wholly, and the largest gap of the rest, in a sentence."""
    if table.empty:
        return "No articles."
    n, complete = int(table["n"].iloc[0]), int((table["band"] == COMPLETE).sum())
    if complete == len(table):
        return f"All {complete} fields are complete in {all_text(n, 'article')}."
    parts = [
        f"{complete} of {len(table)} fields {'is' if complete == 1 else 'are'} complete in {all_text(n, 'article')}"
    ]
    wholly = table.loc[table["band"] == MISSING_WHOLLY, "field"].map(FIELD.label_of_name).tolist()
    if wholly:
        parts.append(f"{len(wholly)} missing wholly ({', '.join(wholly)})")
    rest = table[~table["band"].isin([COMPLETE, MISSING_WHOLLY])]
    if len(rest):
        worst = rest.iloc[0]
        interval = share_interval_text(worst)
        gap = f"largest gap{' of the rest' * bool(wholly)}: {FIELD.label_of_name(worst['field'])}"
        parts.append(f"{gap}, missing from {n - worst['present']:,} (present in {_rounded_share(worst)} {interval})")
    return "; ".join(parts) + "."


@analysis(COMPLETENESS_OVER_TIME)
def completeness_over_time(data: Slice, *, grain: str = AUTO) -> pd.DataFrame:
    """How many articles of each period have each field; the date is left out, because all of them have one.

    Periods without articles have no share.
    """
    fields = [field for field in _fields_by_gaps(data) if field != "published_at"]
    counts = _rows_by_field(tally_by_period(data, grain=grain, sums=_presence_measures()), ["period"])
    table = period_label_grid(data, grain, "field", fields).merge(counts, on=["period", "field"], how="left")
    return _with_share_and_band(table.fillna({"n": 0, "present": 0}))


@completeness_over_time.register_finding
def completeness_over_time_finding(table: pd.DataFrame) -> str:
    """The field whose completeness moved most between the first and the last third of the complete periods."""
    known = table[table["complete"] & (table["n"] > 0)]
    periods = known["period"].unique()
    if len(periods) < 3:
        return "Fewer than three complete periods have articles: too few to say what changed."
    return largest_share_shift_text(known, "field", "present", "n", FIELD.label_of_name)


@analysis(COMPLETENESS_BY_COLLECTION)
def completeness_by_collection(data: Slice, *, top: int = 6) -> pd.DataFrame:
    """How many articles of each collection have each field, the collections with most articles first.

    The first `top` by name (0: all), the rest pooled as one.
    """
    counts = data.tally("collection", **_presence_measures()).sort_values(["n", "collection"], ascending=[False, True])
    counts = counts.assign(collection=pool_rare(counts["collection"], top), collections=1)
    counts = counts.groupby("collection", sort=False, as_index=False)[["collections", "n", *_presence_measures()]].sum()
    order = pd.DataFrame({"field": pd.Series(_fields_by_gaps(data), dtype="str")})
    table = counts[["collection", "collections"]].merge(order, how="cross")
    table = table.merge(_rows_by_field(counts, ["collection"]), on=["collection", "field"], how="left")
    return _with_share_and_band(table)


@completeness_by_collection.register_finding
def completeness_by_collection_finding(table: pd.DataFrame) -> str:
    """The collection and field that lie furthest below the rest of the articles, in a sentence."""
    if table.empty:
        return "No articles."
    if table["collection"].nunique() == 1:
        first = table.iloc[0]
        articles = count_text(first["n"], "article is", "articles are")
        return f"{'The' if first['n'] == 1 else 'All'} {articles} in one collection, {first['collection']}."
    rest = table.groupby("field")[["n", "present"]].transform("sum") - table[["n", "present"]]
    rest = rest.join(wilson(rest["present"], rest["n"]))
    whole = (table[name] + rest[name] for name in ("present", "n"))
    tests = shares_against_others(table["present"], table["n"], *whole)
    lacking = table[tests["outcome"] == DOWN]
    if lacking.empty:
        return "No collection lacks a field clearly more often than the rest."
    rest = rest.loc[lacking.index]
    place = int((rest["share"] - lacking["share"]).to_numpy("float64").argmax())
    worst = lacking.iloc[place]
    field, elsewhere = FIELD.label_of_name(worst["field"]), _share_with_counts(rest.iloc[place])
    is_in = f"{field} is in {_share_with_counts(worst)}, elsewhere in {elsewhere}"
    return f"{worst['collection']} lacks most against the rest: {is_in}."


def _presence_measures() -> dict[str, str]:
    return {f"has_{field}": f"has_{field}" for field in PRESENCE}


def _fields_by_gaps(data: Slice) -> list[str]:
    """The fields, least complete first, ties in the order of the record; none without articles."""
    counts = data.tally(**_presence_measures()).iloc[0]
    return sorted(PRESENCE, key=lambda field: int(counts[f"has_{field}"])) if counts["n"] else []


def _rows_by_field(counts: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """A tally with a column for each field as one row per keys and field: `n`, `present`."""
    names = {f"has_{field}": field for field in PRESENCE}
    table = counts.rename(columns=names)[[*keys, "n", *PRESENCE]]
    return table.melt([*keys, "n"], var_name="field", value_name="present").astype({"field": "str"})


def _with_share_and_band(table: pd.DataFrame) -> pd.DataFrame:
    """The table with share, interval and band of each row."""
    n, missing = table["n"].astype("int64"), (table["n"] - table["present"]).astype("int64")
    limits = [missing * 100 <= limit * n for limit in BAND_LIMITS.values()]
    band = np.select([n == 0, (missing == n), *limits], ["", MISSING_WHOLLY, *BAND_LIMITS], CRITICAL)
    rates = wilson(table["present"], table["n"])
    return table.assign(**rates, band=pd.Series(band, index=table.index, dtype="str").replace("", pd.NA))


def _position_of_largest_gap(one: pd.DataFrame, other: pd.DataFrame) -> int | None:
    """Position of the largest difference of two shares whose intervals lie apart and that rest on enough articles."""
    enough = (one["n"] >= SMALL_N) & (other["n"] >= SMALL_N)
    apart = enough & ((one["low"] > other["high"]) | (other["low"] > one["high"]))
    gaps = (one["share"] - other["share"]).abs().where(apart).astype("float64").fillna(0.0)
    return int(gaps.to_numpy().argmax()) if apart.any() else None


def _share_with_counts(row: pd.Series) -> str:
    return f"{_rounded_share(row)} ({row['present']:,.0f} of {row['n']:,.0f})"


def _rounded_share(row: pd.Series) -> str:
    """A share in whole percent; 100 % and 0 % only when it is exactly that."""
    if 0.995 <= row["share"] < 1:
        return "more than 99%"
    return "less than 1%" if 0 < row["share"] < 0.005 else f"{row['share']:.0%}"


LEVELS = {"all": SEVERITIES, "errors and warnings": SEVERITIES[:2], "errors": SEVERITIES[:1]}
"""Choice of the list of problems → the severities it shows."""

PROBLEMS_BY_CODE = Table(
    "problems_by_code",
    "one row per kind of problem; errors first, then warnings, then notes, the most frequent first",
    (
        Column("code", "text", "kind of problem"),
        Column("severity", "label", "error (a value or an article is lost), warning (doubtful) or info (noted)"),
        Column("meaning", "text", "what it means and what to do"),
        Column("problems", "whole", "problems of the kind", "problems"),
        Column("files", "whole", "files that have one", "files"),
        Column("articles", "whole", "of these files, those that are articles", "articles"),
    ),
    key=("code", "severity"),
)

PROBLEMS_BY_PROVIDER = Table(
    "problems_by_provider",
    "one row per provider, most affected articles first; the providers that are not shown by name are pooled as All "
    "others; files that are no articles have no provider and are not counted",
    (
        Column("provider", "text", "provider, All others, or (none) for articles without one"),
        Column("providers", "whole", "providers in the row: 1, how many are pooled, or 0 for (none)", "providers"),
        Column("n", "whole", "articles", "articles"),
        Column("error", "whole", "errors in these articles", "problems"),
        Column("warning", "whole", "warnings in these articles", "problems"),
        Column("info", "whole", "notes in these articles", "problems"),
        Column("affected", "whole", "articles with at least a warning", "articles"),
        Column("share_affected", "share", "affected, of the articles"),
        *wilson_columns("share_affected"),
        small_n_column(),
    ),
    key=("provider",),
)

PROBLEMS_LISTED = Table(
    "problems_listed",
    "one row per problem; errors first, then warnings, then notes, each by path and line",
    (COLLECTION, *PROBLEMS.columns),
    key=("path", "line", "field", "code", "value"),
)


@analysis(PROBLEMS_BY_CODE)
def problems_by_code(data: Slice) -> pd.DataFrame:
    """Problems by kind, with the number of files and articles that have them."""
    found = data.problems.astype({"code": "str", "severity": "str"})
    found = found.assign(article=found["path"].where(found["path"].isin(data.articles["path"])))
    kinds = found.groupby(["code", "severity"])
    table = kinds.agg(problems=("path", "size"), files=("path", "nunique"), articles=("article", "nunique"))
    table = table.reset_index()
    known = {name: code.meaning for name, code in CODES.items()}
    table = table.assign(meaning=table["code"].map(known), place=table["severity"].map(SEVERITIES.index))
    table = table.sort_values(["place", "problems", "code"], ascending=[True, False, True])
    return table.drop(columns="place")


@problems_by_code.register_finding
def problems_by_code_finding(table: pd.DataFrame) -> str:
    """How many problems of each severity there are, and the most frequent kind of the worst of them."""
    if table.empty:
        return "No problems."
    counts = table.groupby("severity", observed=True)["problems"].sum()
    worst = table.iloc[0]
    return (
        f"{count_text(int(table['problems'].sum()), 'problem')}: {severity_counts_text(counts)}. "
        f"The most frequent {_SEVERITY_NOUNS[worst['severity']]} is {worst['code']}: {worst['problems']:,} "
        f"in {count_text(int(worst['files']), 'file')}."
    )


@analysis(PROBLEMS_BY_PROVIDER)
def problems_by_provider(data: Slice, *, top: int = 12) -> pd.DataFrame:
    """Problems by provider, with the share of its articles that have at least a warning.

    The first `top` by name (0: all), the rest pooled as one row. No rows when no article has a problem.
    """
    own = data.articles[["path", "provider"]].astype("str").fillna({"provider": NONE})
    found = data.problems[["path", "severity"]].astype("str").merge(own, on="path")
    if found.empty:
        return PROBLEMS_BY_PROVIDER.empty()
    kinds = found.groupby(["provider", "severity"]).size().unstack(fill_value=0)
    affected = found[found["severity"] != "info"].groupby("provider")["path"].nunique().rename("affected")
    counts = data.tally("provider").set_index("provider").join([kinds.reindex(columns=SEVERITIES), affected])
    counts = counts.fillna(0).reset_index().assign(providers=lambda rows: (rows["provider"] != NONE).astype("int64"))
    sums = ["affected", *SEVERITIES, "n", "providers"]
    counts = counts.sort_values([*sums[:4], "provider"], ascending=[*[False] * 4, True])
    counts = counts.assign(provider=pool_rare(counts["provider"], top))
    table = counts.groupby("provider", sort=False, as_index=False)[sums].sum()
    table[["share_affected", "low", "high"]] = wilson(table["affected"], table["n"])
    return table.assign(small=table["n"] < SMALL_N)


@problems_by_provider.register_finding
def problems_by_provider_finding(table: pd.DataFrame) -> str:
    """How many articles are affected, and whose more often than those of all others, in a sentence."""
    if table.empty:
        return "No article has a problem."
    n, affected = int(table["n"].sum()), int(table["affected"].sum())
    if not affected:
        return f"{none_text(n, 'article')} has an error or a warning, only notes."
    verb = "has" if affected == 1 else "have"
    whole = f"{affected:,} of {count_text(n, 'article')} ({affected / n:.1%}) {verb} an error or a warning"
    tests = table.join(shares_against_others(table["affected"], table["n"])[["outcome"]])
    tests["said"] = [
        f"{row['provider']} ({row['affected']:,} of {row['n']:,}: {share_text(row, 'share_affected')})"
        for _, row in table.iterrows()
    ]
    named = tests[~tests["provider"].isin([NONE, OTHER]) & (tests["outcome"] != TOO_FEW)]
    named = named.sort_values(["share_affected", "n", "provider"], ascending=[False, False, True])
    if named.empty:
        return f"{whole}."
    compared = f"{count_text(len(named), 'provider')} compared with all others"
    more = apart_text(named[named["outcome"] == UP], "more often those of", "")
    return f"{whole}; {more or 'those of no provider clearly more often'} ({compared})."


@analysis(PROBLEMS_LISTED)
def problems_listed(data: Slice, *, level: str = "all") -> pd.DataFrame:
    """Every problem with file and line, of the severities that `level` names."""
    table = data.problems.astype({"severity": "str"})
    table = table[table["severity"].isin(LEVELS[level])]
    table = table.sort_values("severity", key=lambda names: names.map(SEVERITIES.index), kind="stable")
    return with_collections(table)


@problems_listed.register_finding
def problems_listed_finding(table: pd.DataFrame) -> str:
    """How many problems are listed, in how many files, and the file that has most of the worst of them."""
    if table.empty:
        return "No problems."
    counts = table["severity"].astype("str").value_counts()
    files = count_text(table["path"].nunique(), "file")
    return f"{count_text(len(table), 'problem')} in {files}: {severity_counts_text(counts)}."


def severity_counts_text(counts: pd.Series) -> str:
    """Counts by severity in words, worst first: `2 errors and 1 note`."""
    parts = [
        count_text(int(counts[severity]), _SEVERITY_NOUNS[severity]) for severity in SEVERITIES if counts.get(severity)
    ]
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


_SEVERITY_NOUNS = {"error": "error", "warning": "warning", "info": "note"}
