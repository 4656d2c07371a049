"""Differences of each selection from the first: shares, Cliff's delta, and their split by provider."""

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.changes import (
    CHANGED,
    OUTCOME,
    Q,
    cliffs_delta_text,
    difference_interval_text,
    label_and_figure_changes,
    too_few_text,
)
from analytics.analyses.common.wording import count_text
from analytics.analyses.comparison.figures_and_scores import SCORES, figures_of
from analytics.analyses.overview import share_changes
from analytics.engine.comparison import Comparison
from analytics.engine.encoded import OTHER
from analytics.engine.slice import Slice
from analytics.schema import SHARE, UNIT_OF_ROW, Column, Table
from analytics.statistics import change_test
from analytics.statistics.change_test import FEWEST_CLUSTERS
from analytics.statistics.effect_size import SIZES, cliffs_delta_size_word
from analytics.statistics.intervals import SMALL_N

SHARES = ("share_published", "share_unranked")
EFFECTS = {"quality_effect": "quality", "heat_effect": "heat", "heat_lift_effect": "lift"}
"""Measure → the score whose Cliff's delta it is."""

MEASURES = dict.fromkeys(SHARES, "share") | dict.fromkeys(EFFECTS, "Cliff's delta")
"""Measure → its unit."""

_FIGURES = {name: name for name in SHARES} | dict(zip(EFFECTS, SCORES, strict=True))
"""Measure → the figure with its value and n."""

_TESTED = {name: name for name in SHARES} | EFFECTS
"""Measure → the figure of the change test."""

HIGHER, LOWER, UNCLEAR, TOO_FEW = "higher", "lower", "no clear difference", "too few to tell"
VERDICTS = dict(zip(change_test.OUTCOMES, (HIGHER, LOWER, UNCLEAR, TOO_FEW), strict=True))
"""Outcome of the change test → verdict on two selections."""

_SIZE_WORDS = {"negligible": "hardly ", "small": "a little ", "medium": "", "large": "far "}

COMPARED_DIFFERENCES = Table(
    "compared_differences",
    "one row per measure and selection after the first",
    (
        Column("measure", "name", ", ".join(MEASURES)),
        Column("selection", "text", "name of the selection"),
        Column("first", "text", "name of the first selection, which it is held against"),
        Column("unit", "text", "unit of values and difference"),
        Column("n", "whole", "articles of the selection that the value rests on", "articles"),
        Column("n_first", "whole", "articles of the first that its value rests on", "articles"),
        Column("value", "number", "the measure in the selection; for Cliff's delta the median score", UNIT_OF_ROW),
        Column("value_first", "number", "the measure in the first; for Cliff's delta the median score", UNIT_OF_ROW),
        Column("difference", "number", "value less value of the first; or Cliff's delta, -1 to 1", UNIT_OF_ROW),
        Column("low", "number", "lower end of the 95 % interval of the difference", UNIT_OF_ROW),
        Column("high", "number", "upper end of the 95 % interval of the difference", UNIT_OF_ROW),
        Q,
        Column("size", "text", f"conventional word for a Cliff's delta: {', '.join(SIZES)}"),
        Column("verdict", "text", f"{', '.join(VERDICTS.values())}: the change test (docs/numbers.md)"),
    ),
    key=("measure", "selection"),
)


@analysis(COMPARED_DIFFERENCES)
def compared_differences(comparison: Comparison) -> pd.DataFrame:
    """Each selection against the first, by the change test: shares, and Cliff's delta of scores."""
    name, first = comparison.sides[0]
    then, *figures = [figures_of(data).set_index("figure").astype("Float64") for _, data in comparison.sides]
    rows = [
        _measure_rows(now, then, label_and_figure_changes(data, first)).assign(selection=other, first=name)
        for (other, data), now in zip(comparison.sides[1:], figures, strict=True)
    ]
    table = pd.concat(rows)
    order = {measure: place for place, measure in enumerate(MEASURES)}
    table = table.sort_values("measure", key=lambda names: names.map(order), kind="stable")
    return table.assign(unit=table["measure"].map(MEASURES))


@compared_differences.register_finding
def compared_differences_finding(table: pd.DataFrame) -> str:
    """Quality and share published of each selection against the first, in a sentence each."""
    return " ".join(_selection_text(rows) for _, rows in table.groupby("selection", sort=False))


def _measure_rows(now: pd.DataFrame, then: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """All measures of one slice against the first, from the figures of both and their change test."""
    figures = [_FIGURES[measure] for measure in MEASURES]
    tests = (
        changes[changes["kind"].isin(["figure", "heat"])]
        .set_index("label")
        .reindex([_TESTED[measure] for measure in MEASURES])
    )
    table = pd.DataFrame(
        {
            "measure": list(MEASURES),
            "value": now["value"].reindex(figures).array,
            "n": now["n"].reindex(figures).array,
            "value_first": then["value"].reindex(figures).array,
            "n_first": then["n"].reindex(figures).array,
        }
    )
    table = table.join(tests[["difference", "low", "high", "q"]].reset_index(drop=True))
    words = [
        "" if measure not in EFFECTS or pd.isna(difference) else cliffs_delta_size_word(difference)
        for measure, difference in zip(table["measure"], table["difference"], strict=True)
    ]
    verdicts = tests["outcome"].map(VERDICTS).fillna(TOO_FEW).array
    return table.assign(size=words, verdict=verdicts)


def _selection_text(rows: pd.DataFrame) -> str:
    by_measure = {str(row["measure"]): row for _, row in rows.iterrows()}
    share, effect = by_measure["share_published"], by_measure["quality_effect"]
    return f"{share['selection']} against {share['first']}: {_quality_text(effect)}; {_published_text(share)}."


def _quality_text(effect: pd.Series) -> str:
    if effect["verdict"] == TOO_FEW:
        return f"too few to tell of quality ({_too_few_text(effect, 'articles with a score')})"
    medians = (
        f"median {effect['value']:g} against {effect['value_first']:g}, n = {effect['n']:,} and {effect['n_first']:,}"
    )
    if effect["verdict"] == UNCLEAR:
        return f"no clear difference of quality ({medians})"
    verdict = f"quality is {_SIZE_WORDS[effect['size']]}{effect['verdict']}"
    return f"{verdict} ({medians}; {effect['size']} effect, {cliffs_delta_text(effect)})"


def _published_text(share: pd.Series) -> str:
    if share["verdict"] == TOO_FEW:
        return f"too few to tell of the share published ({_too_few_text(share, 'decided articles')})"
    shares = f"{share['value']:.0%} against {share['value_first']:.0%}, n = {share['n']:,} and {share['n_first']:,}"
    if share["verdict"] == UNCLEAR:
        return f"no clear difference of the share published ({shares})"
    return f"the share published is {share['verdict']} ({shares}; {difference_interval_text(share)})"


def _too_few_text(row: pd.Series, what: str) -> str:
    return f"{what}: {row['n']:,} and {row['n_first']:,}; it takes {SMALL_N} in at least {FEWEST_CLUSTERS} weeks each"


def _share_table(key: str) -> Table:
    return Table(
        f"compared_{key}s",
        f"one row per selection after the first and {key}, largest difference first",
        (
            Column("selection", "text", "name of the selection"),
            Column("first", "text", "name of the first selection, which it is held against"),
            Column(key, "text", key),
            Column("n", "whole", f"articles of the selection with the {key}", "articles"),
            Column("total", "whole", "all articles of the selection", "articles"),
            Column("share", "share", "of all articles of the selection"),
            Column("first_n", "whole", f"articles of the first with the {key}", "articles"),
            Column("first_total", "whole", "all articles of the first", "articles"),
            Column("first_share", "share", "of all articles of the first"),
            Column("change", "number", "share less share in the first, -1 to 1", SHARE),
            Column("low", "number", "lower end of the 95 % interval of the difference, by weeks and stories", SHARE),
            Column("high", "number", "upper end of the 95 % interval of the difference", SHARE),
            Q,
            OUTCOME,
            Column("compared", "whole", f"{key}s with enough articles to be compared, shown or not"),
            Column("changed", "whole", "of them, how many differ"),
            Column("weeks", "whole", "weeks of the selection with articles", "weeks"),
            Column("first_weeks", "whole", "weeks of the first with articles", "weeks"),
        ),
        key=("selection", key),
    )


COMPARED_TOPICS = _share_table("topic")
COMPARED_PROVIDERS = _share_table("provider")


@analysis(COMPARED_TOPICS)
def compared_topics(comparison: Comparison, *, top: int = 8) -> pd.DataFrame:
    """The `top` topics (0: all) whose share differs most from the first; an article counts under each of its topics."""
    return _largest_share_changes(comparison, "topic", top)


@analysis(COMPARED_PROVIDERS)
def compared_providers(comparison: Comparison, *, top: int = 8) -> pd.DataFrame:
    """The `top` providers (0: all) whose share of the articles differs most from the first."""
    return _largest_share_changes(comparison, "provider", top)


@compared_topics.register_finding
@compared_providers.register_finding
def compared_shares_finding(table: pd.DataFrame) -> str:
    """The largest differences to either side of each selection, in a sentence each."""
    if table.empty:
        return "Nothing to hold against each other."
    return " ".join(_share_changes_text(rows) for _, rows in table.groupby("selection", sort=False))


def _largest_share_changes(comparison: Comparison, key: str, top: int) -> pd.DataFrame:
    first_name, first = comparison.sides[0]
    found = []
    for name, data in comparison.sides[1:]:
        rows = share_changes(data, first, key)
        found.append(rows.assign(selection=name).head(top or len(rows)))
    named = {"label": key} | {f"previous_{column}": f"first_{column}" for column in ("n", "total", "share", "weeks")}
    return pd.concat(found).assign(first=first_name).drop(columns="kind").rename(columns=named)


def _share_changes_text(rows: pd.DataFrame) -> str:
    first, key = rows.iloc[0], rows.columns[2]
    head = f"{first['selection']} against {first['first']}"
    compared = int(first["compared"])
    if not compared:
        few = too_few_text(first[["first_total", "total"]].tolist(), first[["first_weeks", "weeks"]].tolist())
        return f"{head}: {few[0].lower()}{few[1:]}."
    changed = rows[rows["outcome"].isin(CHANGED)].sort_values("change", ascending=False, kind="stable")
    if changed.empty:
        return f"{head}: no clear difference ({count_text(compared, key)} compared)."
    moved = [
        f"{row[key]} has {'more' if row['outcome'] == change_test.UP else 'less'}, {row['share']:.0%} against "
        f"{row['first_share']:.0%} ({difference_interval_text(row)}; n = {row['total']:,} and {row['first_total']:,})"
        for _, row in changed.iloc[[0, -1]].drop_duplicates(key).iterrows()
    ]
    return f"{head}: {'; '.join(moved)}; {int(first['changed'])} of {count_text(compared, key)} compared."


SPLIT_MEASURES = {"share published": ("published", "decided"), "mean quality": ("quality", "scored")}
"""Measure → the tally's sums that are its numerator and denominator."""

COMPARED_BY_PROVIDER = Table(
    "compared_by_provider",
    "one row per selection after the first and provider, largest part of the difference first, All others last",
    (
        Column("selection", "text", "name of the selection"),
        Column("first", "text", "name of the first selection, which it is held against"),
        Column("measure", "text", ", ".join(SPLIT_MEASURES)),
        Column("provider", "text", "provider, (none) for articles without one, or All others"),
        Column("providers", "whole", "providers in the row: 1, or how many are pooled", "providers"),
        Column("n", "whole", "articles of the selection that the measure rests on", "articles"),
        Column("n_first", "whole", "articles of the first that the measure rests on", "articles"),
        Column("weight", "share", "the provider's share of those articles of the selection"),
        Column("weight_first", "share", "the provider's share of those articles of the first"),
        Column("rate", "number", "the measure among the provider's articles of the selection", UNIT_OF_ROW),
        Column("rate_first", "number", "the measure among the provider's articles of the first", UNIT_OF_ROW),
        Column("rate_part", "number", "what the difference of the rates adds to the whole difference", UNIT_OF_ROW),
        Column("mix_part", "number", "what the difference of the weights adds to the whole difference", UNIT_OF_ROW),
        Column("part", "number", "rate_part and mix_part; over all providers, the whole difference", UNIT_OF_ROW),
        Column("total", "whole", "articles of the selection that the measure rests on, of all providers", "articles"),
        Column("total_first", "whole", "articles of the first that the measure rests on", "articles"),
    ),
    key=("selection", "provider"),
)


@analysis(COMPARED_BY_PROVIDER)
def compared_by_provider(comparison: Comparison, *, measure: str = "share published", top: int = 8) -> pd.DataFrame:
    """What each provider adds to the difference from the first selection: one part by its rate, one by its weight.

    rate_part = (rate - rate_first) · mean weight; mix_part = (weight - weight_first) · (mean rate - mean of the two
    whole rates), so that more of a provider with a rate below the whole counts against. Where a provider is in one
    selection only its rate there stands for both. The `top` providers by the size of their part; the rest is pooled.
    Empty for a selection without such articles. Source: Kitagawa 1955, Journal of the American Statistical Association
    50(272), 1168-1194.
    """
    name, first = comparison.sides[0]
    rows = [
        _split_by_provider(first, data, measure, top).assign(selection=other) for other, data in comparison.sides[1:]
    ]
    return pd.concat(rows).assign(first=name, measure=measure)


@compared_by_provider.register_finding
def compared_by_provider_finding(table: pd.DataFrame) -> str:
    """How the difference divides into rates and mix, and the provider with the largest part, in a sentence each."""
    if table.empty:
        return "No article to hold against another."
    return " ".join(_split_text(rows) for _, rows in table.groupby("selection", sort=False))


def _split_by_provider(first: Slice, data: Slice, measure: str, top: int) -> pd.DataFrame:
    now, then = (_measure_sums(each, measure) for each in (data, first))
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
    table = table if rest.empty else pd.concat([table, _pooled_row(rest)])
    return table.drop(columns=["hits", "hits_first"])


def _measure_sums(data: Slice, measure: str) -> pd.DataFrame:
    hits, n = SPLIT_MEASURES[measure]
    return data.tally("provider", hits=hits, of=n)[["provider", "hits", "of"]].rename(columns={"of": "n"})


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


def _pooled_row(rest: pd.DataFrame) -> pd.DataFrame:
    added = ["hits", "hits_first", "n", "n_first", "providers", "rate_part", "mix_part", "part"]
    row = rest[added].sum().to_frame().T.assign(provider=OTHER)
    return _with_rates(row.assign(total=rest["total"].iloc[0], total_first=rest["total_first"].iloc[0]))


def _split_text(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    head = f"{row['selection']} against {row['first']}"
    if min(row["total"], row["total_first"]) < SMALL_N:
        few = f"{row['total']:,} and {row['total_first']:,} articles"
        return f"{head}: {few} are too few to split a difference; it takes {SMALL_N} each."
    say = _percentage_points_text if row["measure"] == "share published" else _points_text
    whole, rates, mix = (say(rows[name].sum()) for name in ("part", "rate_part", "mix_part"))
    return (
        f"{head}: {row['measure']} differs by {whole} (n = {row['total_first']:,} and {row['total']:,}): {rates} by "
        f"the rates within providers, {mix} by another mix of providers; the largest part is that of {row['provider']} "
        f"({say(row['part'])})."
    )


def _percentage_points_text(data: float) -> str:
    return f"{data * 100:+.1f} points"


def _points_text(data: float) -> str:
    return f"{data:+.1f} points"
