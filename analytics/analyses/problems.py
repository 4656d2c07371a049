"""What is wrong with the files: problems by kind and by provider, and the list of them all."""

import pandas as pd

from analytics.analyses.pools import pooled
from analytics.corpus.codes import CODES
from analytics.corpus.tables import PROBLEMS
from analytics.engine.coded import NONE, OTHER
from analytics.engine.slice import Slice
from analytics.parts import SEVERITIES
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, wilson

LEVELS = {"all": SEVERITIES, "errors and warnings": SEVERITIES[:2], "errors": SEVERITIES[:1]}
"""What the list can be narrowed to."""

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
        Column("low", "share", "lower end of the 95 % Wilson interval of share_affected"),
        Column("high", "share", "upper end of the 95 % Wilson interval of share_affected"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} articles"),
    ),
    key=("provider",),
)

PROBLEMS_LISTED = Table(
    "problems_listed",
    "one row per problem; errors first, then warnings, then notes, each by path and line",
    PROBLEMS.columns,
    key=("path", "line", "field", "code", "value"),
)


def problems_by_code(part: Slice) -> pd.DataFrame:
    """How many problems of each kind there are, and in how many files and articles."""
    found = part.problems.astype({"code": "str", "severity": "str"})
    found = found.assign(article=found["path"].where(found["path"].isin(part.articles["path"])))
    kinds = found.groupby(["code", "severity"])
    table = kinds.agg(problems=("path", "size"), files=("path", "nunique"), articles=("article", "nunique"))
    table = table.reset_index()
    known = {name: code.meaning for name, code in CODES.items()}
    table = table.assign(meaning=table["code"].map(known), place=table["severity"].map(SEVERITIES.index))
    table = table.sort_values(["place", "problems", "code"], ascending=[True, False, True])
    return PROBLEMS_BY_CODE.of(table.drop(columns="place"))


def problems_by_code_finding(table: pd.DataFrame) -> str:
    """How many problems of each severity there are, and the most frequent kind of the worst of them."""
    if table.empty:
        return "No problems."
    counts = table.groupby("severity", observed=True)["problems"].sum()
    worst = table.iloc[0]
    return (
        f"{_counted(int(table['problems'].sum()), 'problem')}: {in_words(counts)}. "
        f"The most frequent {_NOUNS[worst['severity']]} is {worst['code']}: {worst['problems']:,} "
        f"in {_counted(int(worst['files']), 'file')}."
    )


def problems_by_provider(part: Slice, *, top: int = 12) -> pd.DataFrame:
    """The problems in each provider's articles, and the share of them that have at least a warning.

    The first `top` by name (0: all), the rest pooled as one row. No rows when no article has a problem.
    """
    own = part.articles[["path", "provider"]].astype("str").fillna({"provider": NONE})
    found = part.problems[["path", "severity"]].astype("str").merge(own, on="path")
    if found.empty:
        return PROBLEMS_BY_PROVIDER.empty()
    kinds = found.groupby(["provider", "severity"]).size().unstack(fill_value=0)
    affected = found[found["severity"] != "info"].groupby("provider")["path"].nunique().rename("affected")
    counts = part.tally("provider").set_index("provider").join([kinds.reindex(columns=SEVERITIES), affected])
    counts = counts.fillna(0).reset_index().assign(providers=lambda rows: (rows["provider"] != NONE).astype("int64"))
    sums = ["affected", *SEVERITIES, "n", "providers"]
    counts = counts.sort_values([*sums[:4], "provider"], ascending=[*[False] * 4, True])
    counts = counts.assign(provider=pooled(counts["provider"], top))
    table = counts.groupby("provider", sort=False, as_index=False)[sums].sum()
    table[["share_affected", "low", "high"]] = wilson(table["affected"], table["n"])
    return PROBLEMS_BY_PROVIDER.of(table.assign(small=table["n"] < SMALL_N))


def problems_by_provider_finding(table: pd.DataFrame) -> str:
    """Whose articles are affected most, in a sentence."""
    if table.empty:
        return "No article has a problem."
    n, affected = int(table["n"].sum()), int(table["affected"].sum())
    if not affected:
        return f"None of {n:,} articles has an error or a warning, only notes."
    whole = f"{affected:,} of {n:,} articles ({affected / n:.1%}) have an error or a warning"
    named = table[~table["provider"].isin([NONE, OTHER]) & (table["affected"] > 0)]
    if named.empty:
        return f"{whole}."
    first = named.iloc[0]
    interval = interval_text(first)
    share = f"{first['affected']:,} of its {first['n']:,} ({first['share_affected']:.0%} {interval})"
    return f"{whole}; {first['provider']} has most of them: {share}."


def problems_listed(part: Slice, *, level: str = "all") -> pd.DataFrame:
    """Every problem with file and line, down to a level of `LEVELS`."""
    table = part.problems.astype({"severity": "str"})
    table = table[table["severity"].isin(LEVELS[level])]
    return PROBLEMS_LISTED.of(
        table.sort_values("severity", key=lambda names: names.map(SEVERITIES.index), kind="stable")
    )


def problems_listed_finding(table: pd.DataFrame) -> str:
    """How many problems are listed, in how many files, and the file that has most of the worst of them."""
    if table.empty:
        return "No problems."
    counts = table["severity"].astype("str").value_counts()
    files = _counted(table["path"].nunique(), "file")
    return f"{_counted(len(table), 'problem')} in {files}: {in_words(counts)}."


def in_words(counts: pd.Series) -> str:
    """Counts by severity in words, the worst first: 2 errors and 1 note."""
    parts = [_counted(int(counts[severity]), _NOUNS[severity]) for severity in SEVERITIES if counts.get(severity)]
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


_NOUNS = {"error": "error", "warning": "warning", "info": "note"}


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'s' * (n != 1)}"
