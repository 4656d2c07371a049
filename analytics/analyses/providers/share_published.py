"""Which providers publish more or less than the others, each tested against the rest."""

import pandas as pd

from analytics.analyses.common.against_others import published_against_others
from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.columns import wilson_columns
from analytics.analyses.common.wording import count_text, share_text
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.change_test import DOWN, NO_CLEAR_CHANGE, TOO_FEW, UP
from analytics.statistics.descriptive import quantiles
from analytics.statistics.intervals import SMALL_N, wilson
from analytics.statistics.shrinkage import expected_shares

LESS, MORE, ALIKE, _ = STANDINGS = ("less than the others", "more than the others", "no clear difference", TOO_FEW)
"""How much of its articles is published; the order of the table."""

_STANDING = {DOWN: LESS, UP: MORE, NO_CLEAR_CHANGE: ALIKE, TOO_FEW: TOO_FEW}

PROVIDER_TRIAGE = Table(
    "provider_triage",
    "one row per provider with decided articles: those published less than the others, then more, then the rest; of "
    "these first those with most decided articles, then by name",
    (
        Column("provider", "text", "outlet"),
        Column("standing", "label", f"share published: {', '.join(STANDINGS)}"),
        Column("n", "whole", "articles", "articles"),
        Column("decided", "whole", "articles that say whether they were published", "articles"),
        Column("published", "whole", "published articles", "articles"),
        Column("share_published", "share", "published, of the decided articles"),
        *wilson_columns(),
        Column("expected_share", "share", "published, as to expect of the provider's further articles"),
        Column("expected_low", "share", "lower end of the 95 % interval of the share to expect"),
        Column("expected_high", "share", "upper end of the 95 % interval of the share to expect"),
        Column("share_others", "share", "published, of the decided articles of all other providers"),
        Column("share_all", "share", "published, of the decided articles of all providers together"),
        Column("q", "number", "false discovery rate at which it would be told apart, over all that were compared"),
        Column("scored", "whole", "articles with a quality score", "articles"),
        Column("median_quality", "number", "median quality score", "points"),
        Column("last_day", "day", "day of the newest article (UTC)"),
        Column("small", "flag", f"true when fewer than {SMALL_N} articles are decided"),
    ),
    key=("provider",),
)


@analysis(PROVIDER_TRIAGE)
def provider_triage(data: Slice) -> pd.DataFrame:
    """The share published of each provider against that of all others, and the share to expect of its next articles.

    The change test of each provider with at least SMALL_N decided articles in two weeks: ten copies of one story count
    as the one decision that they are. Expected shares are pulled towards the others' the more, the fewer articles a
    provider has (`expected_shares`).
    """
    table = data.tally("provider", published="published", decided="decided", scored="scored")
    table = table[(table["provider"] != NONE) & (table["decided"] > 0)].reset_index(drop=True)
    if table.empty:
        return PROVIDER_TRIAGE.empty()
    medians = quantiles(data.tally("provider", "quality"), ["provider"], "quality", {"median_quality": 0.5})
    days = data.tally("provider", "day").groupby("provider")["day"].max().rename("last_day").reset_index()
    table = table.merge(medians.drop(columns="n"), on="provider", how="left").merge(days, on="provider", how="left")
    table[["share_published", "low", "high"]] = wilson(table["published"], table["decided"])
    table = table.join(expected_shares(table["published"], table["decided"]).add_prefix("expected_"))
    tests = published_against_others(data, "provider").reindex(table["provider"].astype("str")).set_axis(table.index)
    table = table.assign(share_others=tests["mean_then"], q=tests["q"], standing=tests["outcome"].map(_STANDING))
    table["share_all"] = table["published"].sum() / table["decided"].sum()
    table["small"] = table["decided"] < SMALL_N
    place = table["standing"].map(STANDINGS.index)
    order = table.assign(place=place).sort_values(["place", "decided", "provider"], ascending=[True, False, True])
    return order.drop(columns="place")


@provider_triage.register_finding
def provider_triage_finding(table: pd.DataFrame) -> str:
    """The largest providers that are published less, and more, than the others, in a sentence."""
    if table.empty:
        return "No article with a provider says whether it was published."
    compared = table[table["standing"] != TOO_FEW]
    if len(table) == 1:
        only = table["provider"].iloc[0]
        return f"{only} is the only provider with decided articles: there is no other to compare it with."
    if compared.empty:
        return f"Too few to compare: a provider, and all others together, need {SMALL_N} decided articles in two weeks."
    sides = [(word, compared[compared["standing"] == standing]) for word, standing in (("less", LESS), ("more", MORE))]
    said = [
        f"{len(rows):,} published {word} than the others, first {_standing_text(rows.iloc[0])}"
        for word, rows in sides
        if len(rows)
    ]
    among = f"{count_text(len(compared), 'provider')} compared"
    if not said:
        return f"No provider is clearly published less or more than the others ({among})."
    return f"Of {among}: {'; '.join(said)}."


def _standing_text(row: pd.Series) -> str:
    """A provider with its share published: `Harrow Wire (21 of 112 published: 19% [13, 27])`."""
    share = f"{share_text(row, 'share_published')}"
    return f"{row['provider']} ({row['published']:,} of {row['decided']:,} published: {share})"
