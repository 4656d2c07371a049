"""Which groups differ from all the others: scores and shares published by the change test, counted shares by Fisher's.

Of many groups one is always the highest. Only those told apart from the others are called higher or lower.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.analyses.common.changes import (
    published_by_week_and_story,
    ranks_of_scores,
    scores_by_week_and_story,
    with_values,
)
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.statistics.change_test import (
    DOWN,
    FALSE_DISCOVERY_RATE,
    NO_CLEAR_CHANGE,
    TOO_FEW,
    UP,
    change_from_rest,
    with_q_and_outcome,
)
from analytics.statistics.intervals import SMALL_N
from analytics.statistics.multiple_tests import adjusted


def shares_against_others(
    hits: pd.Series, n: pd.Series, all_hits: pd.Series | None = None, total: pd.Series | None = None
) -> pd.DataFrame:
    """Tests the share of each group, `hits` of `n`, against that of all the others.

    `all_hits` of `total` are those of all groups: the sums, unless they are given, where other groups are not listed or
    the rows are of several wholes. Columns `share_others`, `q` and `outcome` (one of `change_test.OUTCOMES`), with the
    index of `hits`; too few to tell where the group or the others have fewer than SMALL_N cases. Fisher's exact test
    (twice the smaller tail) of each group; of those told apart at most one in ten is so by chance.
    Source: Benjamini, Hochberg 1995, Journal of the Royal Statistical Society B 57(1), 289-300.
    """
    all_hits = pd.Series(hits.sum(), hits.index) if all_hits is None else all_hits
    total = pd.Series(n.sum(), n.index) if total is None else total
    others = total - n
    table = pd.DataFrame({"share_others": ((all_hits - hits) / others.where(others > 0)).astype("Float64")})
    table["q"] = pd.Series(pd.NA, index=table.index, dtype="Float64")
    compared = ((n >= SMALL_N) & (others >= SMALL_N)).to_numpy("bool")
    if compared.any():
        from scipy.stats import hypergeom  # here, so that no start-up waits for it

        own, size, every, whole = (column.to_numpy("int64")[compared] for column in (hits, n, all_hits, total))
        tails = hypergeom.cdf(own, whole, every, size), hypergeom.sf(own - 1, whole, every, size)
        table.loc[compared, "q"] = adjusted(np.minimum(2 * np.minimum(*tails), 1), "fdr_bh")
    apart = (table["q"] <= FALSE_DISCOVERY_RATE).fillna(value=False).to_numpy("bool")
    above = (hits / n.where(n > 0) > table["share_others"]).fillna(value=False).to_numpy("bool")
    outcome = np.select([~compared, apart & above, apart], [TOO_FEW, UP, DOWN], NO_CLEAR_CHANGE)
    return table.assign(outcome=pd.Series(outcome, table.index, "str"))


def scores_against_others(data: Slice, by: str, score: str, labels: Sequence[str]) -> pd.DataFrame:
    """Tests the scores of the articles with each of the labels against those of all other articles of the slice.

    Index `label`; columns as `change_from_rest` gives them, with `q` and `outcome`. The
    difference is Cliff's delta; the labels are one family.
    """
    every, own = scores_by_week_and_story(data, score), scores_by_week_and_story(data, score, by)
    ranks = ranks_of_scores(every, score)
    every, own = (with_values(rows, ranks, score) for rows in (every, own[own[by].isin(labels)]))
    table = change_from_rest(own.rename(columns={by: "label"}), every)
    limited = table.assign(low=table["low"].clip(-1), high=table["high"].clip(upper=1))
    tests = with_q_and_outcome(limited, pd.Series(data=True, index=table.index)).reindex(list(labels))
    return tests.fillna({"outcome": TOO_FEW})


def published_against_others(data: Slice, by: str) -> pd.DataFrame:
    """Tests the share published of the articles with each label of `by` against that of those with any other label.

    Index `label`; columns as `change_from_rest` gives them, with `q` and `outcome`: `mean_then` is the share of the
    others. Articles that do not say whether they were published, or have no label, are left out; the labels, each
    article having one, are one family.
    """
    own = published_by_week_and_story(data, by).rename(columns={by: "label"})
    own = own[(own["label"] != NONE) & (own["n"] > 0)]
    every = own.groupby(["week", "story"], as_index=False)[["n", "sum", "squares"]].sum()
    table = change_from_rest(own, every)
    limited = table.assign(low=table["low"].clip(-1), high=table["high"].clip(upper=1))
    return with_q_and_outcome(limited, pd.Series(data=True, index=table.index))


def apart_text(rows: pd.DataFrame, more: str, less: str) -> str:
    """The groups told apart, in words; empty when there is none.

    `rows` are those of a test with `outcome`, and `said`: what is said of a group, such as `Solar (9 of 20)`. They come
    from the highest to the lowest, and the one furthest out on each side is named:
    `more often in Solar (9 of 20) and 2 more, less often in Wind (1 of 30)`.
    """
    parts = []
    for words, outcome in ((more, UP), (less, DOWN)):
        found = rows.loc[rows["outcome"] == outcome, "said"]
        if len(found):
            others = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
            parts.append(f"{words} {found.iloc[0 if outcome == UP else -1]}{others}")
    return ", ".join(parts)
