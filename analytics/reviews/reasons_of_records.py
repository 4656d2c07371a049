"""Agenda reasons that lie in the record: missing scores, problems."""

from collections.abc import Iterable

import pandas as pd

from analytics.analyses.problems import in_words
from analytics.engine.slice import Slice
from analytics.parts import SEVERITIES
from analytics.reviews.reasoned import reasoned

SCORES = ("quality", "heat")

GRAVE = SEVERITIES[:2]
"""Errors and warnings."""

MOSTLY = 0.5
"""Share of a folder's articles from which on a score belongs to its articles."""

PUBLISHED = ", and yet it is published"

TOLD = ("published_against_score",)
"""Problems that have a reason of their own."""


def missing_score(part: Slice) -> pd.DataFrame:
    """Articles without a score that at least half of the articles of their folder have (REASONED).

    Published ones without a quality first, then those that lack one of two scores, then the others.
    """
    whole = part.whole.articles
    usual = whole[list(SCORES)].notna().groupby(whole["collection"].astype("str")).transform("mean")
    usual = usual[whole["path"].isin(part.articles["path"])].reset_index(drop=True)
    articles = part.articles
    lacks = articles[list(SCORES)].isna() & (usual >= MOSTLY)
    rows = articles[lacks.any(axis=1)]
    lacks, usual = lacks.loc[rows.index], usual.loc[rows.index]
    published = rows["published"].fillna(value=False).astype("bool")
    told = zip(lacks.to_numpy(), usual.to_numpy(), rows["collection"], published, strict=True)
    why = [f"{_lacking(missing, usually, folder)}{PUBLISHED * so}" for missing, usually, folder, so in told]
    strength = 2 * (published & lacks["quality"]).astype("int64") + (lacks.sum(axis=1) == 1).astype("int64")
    return reasoned(part, rows.assign(why=why, strength=strength))


def _lacking(missing: Iterable[bool], usually: Iterable[float], folder: str) -> str:
    names = [name for name, lacks in zip(SCORES, missing, strict=True) if lacks]
    shares = dict.fromkeys(f"{share:.0%}" for share, lacks in zip(usually, missing, strict=True) if lacks)
    have = f"{' and '.join(shares)} of the articles in {folder} have {'it' if len(names) == 1 else 'them'}"
    return f"no {' and no '.join(names)}, while {have}"


def problems(part: Slice) -> pd.DataFrame:
    """Articles with errors or warnings (REASONED), the most errors first, then the most warnings.

    Those of `TOLD` are left out: they have a reason of their own.
    """
    found = part.problems.astype({"severity": "str", "code": "str"})
    found = found[found["severity"].isin(GRAVE) & ~found["code"].isin(TOLD)]
    found = found[found["path"].isin(part.articles["path"])]
    found = found.sort_values("severity", key=lambda names: names.map(GRAVE.index), kind="stable")
    counts = found.groupby(["path", "severity"]).size().unstack(fill_value=0).reindex(columns=GRAVE, fill_value=0)
    first = found.drop_duplicates("path").set_index("path").loc[counts.index]
    why = [_said(row, problem) for (_, row), (_, problem) in zip(counts.iterrows(), first.iterrows(), strict=True)]
    strength = counts["error"] + counts["warning"] / (1 + counts["warning"])
    return reasoned(part, pd.DataFrame({"path": counts.index, "why": why, "strength": strength.to_numpy()}))


def _said(counts: pd.Series, gravest: pd.Series) -> str:
    where = f" in {gravest['field']}" if pd.notna(gravest["field"]) and gravest["field"] else ""
    found = f" ({gravest['value']})" if pd.notna(gravest["value"]) and gravest["value"] else ""
    more = ", the gravest" if counts.sum() > 1 else ""
    return f"{in_words(counts)}{more}{where}: {gravest['message'].rstrip('.')}{found}"
