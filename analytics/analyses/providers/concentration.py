"""Concentration of the articles on a few providers: HHI, Gini and Lorenz curve."""

import numpy as np
import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.tallies_by_period import PERIOD_COLUMNS, in_period_text, tally_by_period
from analytics.analyses.common.wording import all_text, count_text, share_text
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.descriptive import concentration
from analytics.statistics.intervals import SMALL_N, wilson

ALL = "all providers"
REST = "without the largest"
SCOPES = (ALL, REST)

_SCOPE = Column("scope", "label", f"{ALL}, or {REST}: the provider with most articles of all periods left out")

CONCENTRATION_OVER_TIME = Table(
    "concentration_over_time",
    "one row per period and scope; the whole selection last, without a period",
    (
        *PERIOD_COLUMNS,
        _SCOPE,
        Column("left_out", "text", "the provider that is left out"),
        Column("n", "whole", "articles that name a provider", "articles"),
        Column("providers", "whole", "providers with an article", "providers"),
        Column("hhi", "number", "Herfindahl-Hirschman index: chance that two of the articles are of one provider"),
        Column("hhi_low", "number", "lower end of its 95 % interval"),
        Column("hhi_high", "number", "upper end of its 95 % interval"),
        Column("effective", "number", "effective number of providers: 1 / HHI; missing where HHI is 0", "providers"),
        Column("effective_low", "number", "lower end of its 95 % interval", "providers"),
        Column("effective_high", "number", "upper end of its 95 % interval; missing when open", "providers"),
        Column("gini", "number", "Gini coefficient of the articles per provider: 0 when all have the same"),
        Column("top_provider", "text", "the largest provider of the row, ties in alphabetical order"),
        Column("top", "whole", "its articles", "articles"),
        Column("top_share", "share", "its articles, of n"),
        Column("low", "share", "lower end of the 95 % Wilson interval of top_share"),
        Column("high", "share", "upper end of the 95 % Wilson interval of top_share"),
        Column("small", "flag", f"true when the row rests on fewer than {SMALL_N} articles"),
    ),
    key=("period", "scope"),
)

PROVIDERS_LORENZ = Table(
    "providers_lorenz",
    "one row per scope and provider, from the smallest to the largest; each scope starts at 0",
    (
        _SCOPE,
        Column("place", "whole", "providers so far, from the smallest; 0 is the start of the curve", "providers"),
        Column("provider", "text", "the provider that is added; none at the start"),
        Column("n", "whole", "its articles", "articles"),
        Column("total", "whole", "all articles of the scope that name a provider", "articles"),
        Column("share_of_providers", "share", "providers so far, of all of the scope"),
        Column("share_of_articles", "share", "their articles, of all of the scope"),
    ),
    key=("scope", "place"),
)


@analysis(CONCENTRATION_OVER_TIME)
def concentration_over_time(data: Slice, *, grain: str = "quarter") -> pd.DataFrame:
    """Concentration of the articles of each period, with and without the largest provider of the whole selection.

    Articles without a provider are left out. HHI is that of all possible pairs of articles, which does not depend on
    their number; rows below 10 articles are marked. 1 / HHI as a number of equivalents: Adelman 1969, Review of
    Economics and Statistics 51(1).
    Source: see `descriptive.concentration`.
    """
    counts, whole = tally_by_period(data, "provider", grain=grain), data.tally("provider")
    counts, whole = (rows[rows["provider"] != NONE] for rows in (counts, whole))
    largest = largest_provider(whole)
    calendar = data.calendar(data.grain(grain))
    of_period = dict(list(counts.groupby("period")))
    rows = [
        {**period, **_concentration_row(of_period.get(period["period"], counts.iloc[:0]), scope, largest)}
        for period in calendar.to_dict("records")
        for scope in SCOPES
    ]
    rows += [_concentration_row(whole, scope, largest) for scope in SCOPES] if data.n else []
    table = pd.DataFrame(rows, columns=[name for name in CONCENTRATION_OVER_TIME.names if name not in _INTERVAL])
    table = table.astype({"n": "Int64", "top": "Int64"})
    table[["top_share", "low", "high"]] = wilson(table["top"], table["n"])
    return table.assign(small=table["n"] < SMALL_N)


_INTERVAL = ("top_share", "low", "high", "small")


def largest_provider(counts: pd.DataFrame) -> str | None:
    """The provider with most articles, ties in alphabetical order."""
    ranked = counts.sort_values(["n", "provider"], ascending=[False, True])
    return None if ranked.empty else str(ranked["provider"].iloc[0])


def _concentration_row(counts: pd.DataFrame, scope: str, largest: str | None) -> dict[str, object]:
    """The measures of one row; without articles they are missing."""
    left = counts if scope == ALL else counts[counts["provider"] != largest]
    head: dict[str, object] = {"scope": scope, "left_out": None if scope == ALL else largest}
    found = concentration(left["n"])
    if found is None:
        return head | {"n": 0, "providers": 0, "top": 0}
    counted: dict[str, object] = {"n": found.n, "providers": found.groups, "top": found.top}
    measures = {"hhi": found.hhi, "hhi_low": found.low, "hhi_high": found.high, "gini": found.gini}
    ends = {"effective": found.hhi, "effective_low": found.high, "effective_high": found.low}
    effective = {name: 1 / value if value else np.nan for name, value in ends.items()}
    return head | counted | measures | effective | {"top_provider": largest_provider(left)}


@concentration_over_time.register_finding
def concentration_over_time_finding(table: pd.DataFrame) -> str:
    """How many equal providers there would be, with and without the largest, in all and in two periods."""
    in_all = table[table["period"].isna()]
    if not in_all["n"].sum():
        return "No article names a provider."
    every, rest = in_all.iloc[0], in_all.iloc[1]
    text = f"{every['top_provider']} has {every['top']:,} of {count_text(every['n'], 'article')}"
    text += f" ({share_text(every, 'top_share')})."
    if every["providers"] == 1:
        return f"{text} It is the only provider."
    if pd.isna(every["effective"]):
        return f"{text} No provider has two."
    text += f" The {every['providers']:,} providers are as concentrated as {_effective_number_text(every)}"
    if rest["providers"] > 1 and pd.notna(rest["effective"]):
        text += f", the {count_text(rest['providers'], 'other')} without it as {_effective_number_text(rest)}"
    known = table[table["complete"].fillna(value=False) & ~table["small"] & (table["scope"] == ALL)]
    known = known[known["effective"].notna()]
    if len(known) < 2:
        return f"{text}."
    then, now = (row for _, row in known.iloc[[0, -1]].iterrows())
    was, is_now = (f"{_with_interval_text(row)} {in_period_text(row)} (n = {row['n']:,})" for row in (then, now))
    overlap = then["hhi_low"] <= now["hhi_high"] and now["hhi_low"] <= then["hhi_high"]
    unclear = ": no clear difference" if overlap else ""
    return f"{text}. The effective number of all was {was} and {is_now}{unclear}."


def _effective_number_text(row: pd.Series) -> str:
    """How many equal providers a row comes to: `7.1 [6.5, 7.9] equal ones (HHI 0.14)`."""
    return f"{_with_interval_text(row)} equal ones (HHI {row['hhi']:.2f})"


def _with_interval_text(row: pd.Series) -> str:
    """The effective number of a row: `7.1 [6.5, 7.9]`, or `40 [12, open]`."""
    high = "open" if pd.isna(row["effective_high"]) else f"{row['effective_high']:.1f}"
    return f"{row['effective']:.1f} [{row['effective_low']:.1f}, {high}]"


@analysis(PROVIDERS_LORENZ)
def providers_lorenz(data: Slice) -> pd.DataFrame:
    """Lorenz curve: share of the articles that the smallest providers have, with and without the largest.

    Articles without a provider are left out. Source: Lorenz 1905, Publications of the American Statistical Association
    9(70); the Gini coefficient is twice the area between the curve and the diagonal.
    """
    counts = data.tally("provider")
    counts = counts[counts["provider"] != NONE].sort_values(["n", "provider"], ascending=[True, False])
    rest = counts.iloc[:-1]
    curves = [_lorenz_curve(rows, scope) for rows, scope in ((counts, ALL), (rest, REST)) if len(rows)]
    return PROVIDERS_LORENZ.of(pd.concat(curves)) if curves else PROVIDERS_LORENZ.empty()


def _lorenz_curve(counts: pd.DataFrame, scope: str) -> pd.DataFrame:
    start = pd.DataFrame({"provider": pd.Series([None], dtype="str"), "n": pd.Series([0], dtype="Int64")})
    rows = pd.concat([start, counts[["provider", "n"]]], ignore_index=True)
    total, places = int(rows["n"].sum()), pd.Series(range(len(rows)))
    return rows.assign(
        scope=scope,
        place=places,
        total=total,
        share_of_providers=places / len(counts),
        share_of_articles=rows["n"].cumsum() / total,
    )


@providers_lorenz.register_finding
def providers_lorenz_finding(table: pd.DataFrame) -> str:
    """How few providers make up half of the articles, with and without the largest."""
    if table.empty:
        return "No article names a provider."
    every, rest = (table[(table["scope"] == scope) & (table["place"] > 0)] for scope in SCOPES)
    if len(every) == 1:
        articles = all_text(int(every["n"].sum()), "article")
        return f"{every['provider'].iloc[0]}, the only provider, has {articles}."
    articles = count_text(int(every["n"].sum()), "article comes", "articles come")
    head = f"Half of the {articles} from {_providers_of_half_text(every)}"
    return (
        f"{head}; without {every['provider'].iloc[-1]}, from {_providers_of_half_text(rest)}."
        if len(rest)
        else f"{head}."
    )


def _providers_of_half_text(rows: pd.DataFrame) -> str:
    """How many of the largest providers it takes to reach half, and the Gini coefficient."""
    shares = rows["n"][::-1].cumsum() / rows["n"].sum()
    measured = concentration(rows["n"])
    gini = measured.gini if measured else 0.0
    return f"{int((shares < 0.5).sum()) + 1:,} of {count_text(len(rows), 'provider')} (Gini {gini:.2f})"
