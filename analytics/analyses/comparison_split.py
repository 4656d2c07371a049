"""How much of a difference comes from the providers' own rates, and how much from another mix of providers."""

import pandas as pd

from analytics.engine.coded import OTHER
from analytics.engine.comparison import Comparison
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N

MEASURES = {"share published": ("published", "decided"), "mean quality": ("quality", "scored")}
"""Measure → what a tally sums for it, and over how many articles."""

COMPARED_BY_PROVIDER = Table(
    "compared_by_provider",
    "one row per selection after the first and provider, largest part of the difference first, All others last",
    (
        Column("selection", "text", "name of the selection"),
        Column("first", "text", "name of the first selection, which it is held against"),
        Column("measure", "text", ", ".join(MEASURES)),
        Column("provider", "text", "provider, (none) for articles without one, or All others"),
        Column("providers", "whole", "providers in the row: 1, or how many are pooled", "providers"),
        Column("n", "whole", "articles of the selection that the measure rests on", "articles"),
        Column("n_first", "whole", "articles of the first that the measure rests on", "articles"),
        Column("weight", "share", "the provider's share of those articles of the selection"),
        Column("weight_first", "share", "the provider's share of those articles of the first"),
        Column("rate", "number", "the measure among the provider's articles of the selection"),
        Column("rate_first", "number", "the measure among the provider's articles of the first"),
        Column("rate_part", "number", "what the difference of the rates adds to the whole difference"),
        Column("mix_part", "number", "what the difference of the weights adds to the whole difference"),
        Column("part", "number", "rate_part and mix_part; over all providers, the whole difference"),
        Column("total", "whole", "articles of the selection that the measure rests on, of all providers", "articles"),
        Column("total_first", "whole", "articles of the first that the measure rests on", "articles"),
    ),
    key=("selection", "provider"),
)


def compared_by_provider(comparison: Comparison, *, measure: str = "share published", top: int = 8) -> pd.DataFrame:
    """The difference from the first, split exactly over the providers, each into a part of its rate and of its weight.

    rate_part = (rate - rate_first) · mean weight; mix_part = (weight - weight_first) · (mean rate - mean of the two
    whole rates), so that more of a provider with a rate below the whole counts against. Where a provider is in one
    selection only its rate there stands for both. The `top` providers by the size of their part; the rest is pooled.
    Empty for a selection without such articles. Source: Kitagawa 1955, Journal of the American Statistical Association
    50(272), 1168-1194.
    """
    name, first = comparison.sides[0]
    rows = [_split(first, part, measure, top).assign(selection=other) for other, part in comparison.sides[1:]]
    return COMPARED_BY_PROVIDER.of(pd.concat(rows).assign(first=name, measure=measure))


def compared_by_provider_finding(table: pd.DataFrame) -> str:
    """How the difference divides into rates and mix, and the provider with the largest part, in a sentence each."""
    if table.empty:
        return "No article to hold against another."
    return " ".join(_said(rows) for _, rows in table.groupby("selection", sort=False))


def _split(first: Slice, part: Slice, measure: str, top: int) -> pd.DataFrame:
    now, then = (_sums(each, measure) for each in (part, first))
    table = now.merge(then, on="provider", how="outer", suffixes=("", "_first"))
    table = table.fillna(dict.fromkeys(("hits", "n", "hits_first", "n_first"), 0))
    table = table[(table["n"] > 0) | (table["n_first"] > 0)]
    totals = table[["n", "n_first"]].sum()
    if not totals.all():
        return pd.DataFrame(columns=COMPARED_BY_PROVIDER.names)
    table = table.assign(providers=1, total=totals["n"], total_first=totals["n_first"]).astype({"hits": "Float64"})
    table = _with_parts(_with_rates(table))
    shown = table["part"].abs().sort_values(ascending=False, kind="stable").index[:top]
    rest = table.drop(shown)
    table = table.loc[shown]
    table = table if rest.empty else pd.concat([table, _pooled(rest)])
    return table.drop(columns=["hits", "hits_first"])


def _sums(part: Slice, measure: str) -> pd.DataFrame:
    hits, n = MEASURES[measure]
    return part.tally("provider", hits=hits, of=n)[["provider", "hits", "of"]].rename(columns={"of": "n"})


def _with_rates(table: pd.DataFrame) -> pd.DataFrame:
    for side in ("", "_first"):
        n = table[f"n{side}"]
        table[f"weight{side}"] = n / table[f"total{side}"]
        table[f"rate{side}"] = table[f"hits{side}"] / n.where(n > 0)
    return table


def _with_parts(table: pd.DataFrame) -> pd.DataFrame:
    rate, rate_first = table["rate"].fillna(table["rate_first"]), table["rate_first"].fillna(table["rate"])
    whole = (table["hits"].sum() / table["total"] + table["hits_first"].sum() / table["total_first"]) / 2
    table["rate_part"] = (rate - rate_first) * (table["weight"] + table["weight_first"]) / 2
    table["mix_part"] = (table["weight"] - table["weight_first"]) * ((rate + rate_first) / 2 - whole)
    return table.assign(part=table["rate_part"] + table["mix_part"])


def _pooled(rest: pd.DataFrame) -> pd.DataFrame:
    added = ["hits", "hits_first", "n", "n_first", "providers", "rate_part", "mix_part", "part"]
    row = rest[added].sum().to_frame().T.assign(provider=OTHER)
    return _with_rates(row.assign(total=rest["total"].iloc[0], total_first=rest["total_first"].iloc[0]))


def _said(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    head = f"{row['selection']} against {row['first']}"
    if min(row["total"], row["total_first"]) < SMALL_N:
        few = f"{row['total']:,} and {row['total_first']:,} articles"
        return f"{head}: {few} are too few to say where a difference comes from; it takes {SMALL_N} each."
    say = _points if row["measure"] == "share published" else _scored
    whole, rates, mix = (say(rows[name].sum()) for name in ("part", "rate_part", "mix_part"))
    return (
        f"{head}: {row['measure']} differs by {whole}, of which {rates} comes from the rates within providers and "
        f"{mix} from another mix of providers; the largest part is that of {row['provider']} ({say(row['part'])})."
    )


def _points(part: float) -> str:
    return f"{part * 100:+.1f} points of 100"


def _scored(part: float) -> str:
    return f"{part:+.1f} points"
