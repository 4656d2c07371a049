"""What decides publishing: whether a cut-off in quality is a rule, a tendency or neither."""

import numpy as np
import pandas as pd

from analytics.analyses.cut_off import CUT_OFF, cut_off_in, publish_cut_off, with_cut_off
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, wilson

PUBLISH_RULE = Table(
    "publish_rule",
    "one row per range of scores; decided articles without a score last, without a range",
    (
        Column("score_from", "whole", "lowest score of the range", "points"),
        Column("score_to", "whole", "highest score of the range", "points"),
        Column("decided", "whole", "articles that say whether they were published", "articles"),
        Column("published", "whole", "published articles", "articles"),
        Column("share_published", "share", "published, of the decided articles"),
        Column("low", "share", "lower end of the 95 % Wilson interval of share_published"),
        Column("high", "share", "upper end of the 95 % Wilson interval of share_published"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} articles"),
        Column("exceptions", "whole", "unpublished at or above the cut-off, or published below it", "articles"),
        CUT_OFF,
    ),
    key=("score_from",),
)


def publish_rule(part: Slice, *, width: int = 5) -> pd.DataFrame:
    """Which share of the articles of each range of scores is published, and which are exceptions to the cut-off.

    Ranges start at multiples of `width`; those without a decided article are left out.
    """
    counts = part.tally("quality", published="published", decided="decided")
    counts = counts[counts["decided"] > 0]
    threshold, low = publish_cut_off(part), counts["quality"] // width * width
    above = counts["quality"] >= (np.inf if threshold is None else threshold)
    wrong = counts["published"].where(~above.fillna(value=False), counts["decided"] - counts["published"])
    known = counts["quality"].notna() & (threshold is not None)
    counts = counts.assign(score_from=low, exceptions=wrong.where(known, pd.NA))
    sums = counts.groupby("score_from", dropna=False)[["decided", "published", "exceptions"]].sum(min_count=1)
    table = sums.reset_index().sort_values("score_from", na_position="last")
    table[["share_published", "low", "high"]] = wilson(table["published"], table["decided"])
    table = table.assign(score_to=table["score_from"] + width - 1, small=table["decided"] < SMALL_N)
    return PUBLISH_RULE.of(with_cut_off(part, table))


def publish_rule_finding(table: pd.DataFrame) -> str:
    """Whether published is a rule without exceptions, a tendency, or neither, in a sentence."""
    scored, threshold = table[table["score_from"].notna()], cut_off_in(table)
    decided, published = int(scored["decided"].sum()), int(scored["published"].sum())
    left = int(table["decided"].sum()) - decided
    tail = f" {left:,} more say whether they were published but have no score." if left else ""
    if not decided:
        return f"No article has both a quality score and a published state.{tail}"
    if threshold is None:
        share = wilson(pd.Series([published]), pd.Series([decided])).iloc[0]
        interval = interval_text(share)
        whole = f"{published:,} of {decided:,} scored articles that say so are published"
        return f"No cut-off in quality tells who is published; {whole} ({share['share']:.0%} {interval}).{tail}"
    exceptions = int(scored["exceptions"].sum())
    follow = f"{decided - exceptions:,} of {decided:,}"
    if not exceptions:
        return f"Published is exactly quality >= {threshold}: {follow}, no exceptions.{tail}"
    share = wilson(pd.Series([decided - exceptions]), pd.Series([decided])).iloc[0]
    interval = f"[{share['low'] * 100:.1f}, {share['high'] * 100:.1f}]"
    return (
        f"Published is mostly quality >= {threshold}: {follow} decided articles follow it "
        f"({share['share']:.1%} {interval}), {exceptions:,} do not.{tail}"
    )
