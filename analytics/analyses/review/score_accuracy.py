"""Suggested against recorded quality (Bland, Altman), right scores by sample, and drift between sessions."""

import pandas as pd

from analytics.analyses.common.analysis import analysis
from analytics.analyses.common.frequent_labels import umbrella_topics
from analytics.analyses.common.wording import count_text, share_text
from analytics.analyses.review.verdicts import (
    ALL,
    ITEM_COLUMNS,
    NUMBER,
    SESSION_COLUMNS,
    first_verdict_per_item,
    first_verdicts,
    session_of_first_row_text,
    verdicts_given,
)
from analytics.engine.encoded import NONE
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.statistics.intervals import SMALL_N, cluster_robust_means, effective_n, newcombe, wilson

LIMIT_SDS = 1.96
"""Standard deviations from the mean difference to the limits of agreement (Bland, Altman 1986)."""

BY = ("provider", "topic", "session", "person")
"""Keys that suggestions can be grouped by."""

_LIMITS = (
    Column("bias", "number", "mean of the differences", "points"),
    Column("low_limit", "number", "lower limit of agreement: mean less 1.96 standard deviations", "points"),
    Column("high_limit", "number", "upper limit of agreement: mean and 1.96 standard deviations", "points"),
)

SUGGESTED_QUALITY = Table(
    "suggested_quality",
    "one row per suggested quality, newest session first, in the order of the agenda, then by person",
    (
        *ITEM_COLUMNS,
        Column("person", "text", "who suggests it"),
        Column("suggested", "whole", "suggested quality", "points"),
        Column("mean", "number", "mean of suggested and recorded quality; missing when nothing is recorded", "points"),
        Column("difference", "whole", "suggested minus recorded quality; missing when nothing is recorded", "points"),
        *(Column(each.name, each.kind, f"{each.meaning}; of all rows", each.unit) for each in _LIMITS),
        Column("n", "whole", "differences that these rest on", "suggestions"),
        Column("n_items", "whole", "items that the differences are of", "items"),
    ),
    key=("item", "person"),
)

SUGGESTED_QUALITY_BY = Table(
    "suggested_quality_by",
    "one row per provider, topic, session or person with a suggestion, most suggestions first",
    (
        Column("group", "text", "provider, topic, number and title of the session, or person; (none) without one"),
        Column("n", "whole", "suggestions for articles with a recorded quality", "suggestions"),
        Column("n_items", "whole", "items that they are of", "items"),
        _LIMITS[0],
        Column("bias_low", "number", "lower end of the 95 % interval of bias", "points"),
        Column("bias_high", "number", "upper end of the 95 % interval of bias", "points"),
        Column("sd", "number", "standard deviation of the differences", "points"),
        *_LIMITS[1:],
        Column("small", "flag", f"true when it rests on fewer than {SMALL_N} items"),
    ),
    key=("group",),
)


@analysis(SUGGESTED_QUALITY)
def suggested_quality(data: Slice, *, sessions: str = ALL) -> pd.DataFrame:
    """Every suggested quality against the recorded one, with bias and limits of agreement of them all.

    Source: Bland, Altman 1986, The Lancet 327(8476), 307-310.
    """
    rows = _suggestions(data, sessions)
    known = rows[rows["difference"].notna()]
    whole = cluster_robust_means(known.assign(all="all"), ["all"], "difference", "item")
    said = (
        bias_and_limits_of_agreement(whole).iloc[0].to_dict()
        if len(whole)
        else {"bias": None, "low_limit": None, "high_limit": None}
    )
    constant = {name: said[name] for name in ("bias", "low_limit", "high_limit")}
    rows = rows.assign(mean=(rows["suggested"] + rows["recorded"]) / 2, n=len(known), n_items=known["item"].nunique())
    rows = rows.assign(**{name: pd.Series(value, rows.index, "Float64") for name, value in constant.items()})
    rows = rows.sort_values(["session", "position", "person"], ascending=[False, True, True])
    return rows[SUGGESTED_QUALITY.names]


@suggested_quality.register_finding
def suggested_quality_finding(table: pd.DataFrame) -> str:
    """How far the suggestions lie from the recorded quality, in a sentence."""
    known = table[table["difference"].notna()]
    if known.empty:
        return "Nobody suggested a quality for an article that has one."
    first = known.iloc[0]
    away = "the recorded one"
    if first["bias"]:
        away = f"{abs(first['bias']):.1f} points {'above' if first['bias'] > 0 else 'below'} {away}"
    text = f"Suggested quality is on average {away}"
    basis = f"{count_text(first['n'], 'suggestion')} for {count_text(first['n_items'], 'item')}"
    if pd.isna(first["low_limit"]):
        return f"{text} ({basis})."
    limits = f"95 % of the differences are expected between {first['low_limit']:+.1f} and {first['high_limit']:+.1f}"
    few = f"; fewer than {SMALL_N} items, so all of this is rough" if first["n_items"] < SMALL_N else ""
    return f"{text}; {limits} ({basis}{few})."


@analysis(SUGGESTED_QUALITY_BY)
def suggested_quality_by(data: Slice, *, by: str = "provider", sessions: str = ALL) -> pd.DataFrame:
    """Bias and limits of agreement of each group; an item counts under each of its topics, umbrella topics left out."""
    rows = _suggestions(data, sessions)
    rows = _grouped(data, rows[rows["difference"].notna()], by)
    table = bias_and_limits_of_agreement(cluster_robust_means(rows, ["group"], "difference", "item"))
    table = table.rename(columns={"clusters": "n_items", "low": "bias_low", "high": "bias_high"})
    table = table.sort_values(["n", "group"], ascending=[False, True])
    return table.assign(small=table["n_items"] < SMALL_N)


@suggested_quality_by.register_finding
def suggested_quality_by_finding(table: pd.DataFrame) -> str:
    """The group whose recorded quality people find farthest off, in a sentence."""
    if table.empty:
        return "Nobody suggested a quality for an article that has one."
    enough = table[~table["small"]]
    if enough.empty:
        return f"No group has the {SMALL_N} items with a suggestion that a statement needs."
    row = enough.loc[enough["bias"].abs().sort_values(ascending=False, kind="stable").index[0]]
    way = "too low" if row["bias"] > 0 else "too high"
    interval = f"[{row['bias_low']:+.1f}, {row['bias_high']:+.1f}]"
    clear = "" if row["bias_low"] * row["bias_high"] > 0 else ", which may be chance"
    basis = f"{count_text(row['n'], 'suggestion')} for {count_text(row['n_items'], 'item')}"
    said = f"by {abs(row['bias']):.1f} points {interval} of suggested minus recorded ({basis}){clear}"
    return f"People find the recorded quality farthest off for {row['group']}: {way} {said}."


def bias_and_limits_of_agreement(means: pd.DataFrame) -> pd.DataFrame:
    """Adds `low_limit` and `high_limit` (limits of agreement) to `cluster_robust_means`; `mean` becomes `bias`."""
    half = LIMIT_SDS * means["sd"]
    return means.rename(columns={"mean": "bias"}).assign(
        low_limit=means["mean"] - half, high_limit=means["mean"] + half
    )


def _suggestions(data: Slice, sessions: str) -> pd.DataFrame:
    rows = verdicts_given(data, sessions)
    rows = rows[rows["suggested"].notna()]
    return rows.assign(difference=rows["suggested"] - rows["recorded"])


def _grouped(data: Slice, rows: pd.DataFrame, by: str) -> pd.DataFrame:
    if by == "session":
        return rows.assign(group=rows["session"].astype("str") + ". " + rows["session_title"])
    if by != "topic":
        return rows.assign(group=rows[by].fillna(NONE))
    rows = rows.assign(group=rows["topics"].fillna("").str.split("; ")).explode("group")
    rows = rows[~rows["group"].isin(umbrella_topics(data))]
    return rows.assign(group=rows["group"].mask(rows["group"] == "", NONE).astype("str"))


CONTROL, TARGETED = SAMPLES = ("control sample (random)", "targeted (biased)")
"""The random items, which speak for the selection of their session, and those chosen because something is doubtful."""

CONTROL_SAMPLE = Table(
    "control_sample",
    "one row per session and sample, newest session first; samples without an item are left out",
    (
        *SESSION_COLUMNS,
        Column("sample", "text", "control sample (random), or targeted (biased): items chosen for a reason"),
        Column("items", "whole", "items of the sample", "items"),
        Column(
            "eligible", "whole", "articles that the control sample was drawn from; missing for targeted", "articles"
        ),
        Column("undecided", "whole", "items without a verdict: judged by nobody, or tied at first", "items"),
        Column("silent", "whole", "items whose verdict does not say whether the score is right", "items"),
        Column("n", "whole", "items whose verdict says it", "items"),
        Column("right", "whole", "items whose verdict says that the score is right", "items"),
        Column("share", "share", "right, of the items whose verdict says it"),
        Column("low", "share", "lower end of the 95 % Wilson interval, for the sample of n out of eligible"),
        Column("high", "share", "upper end of the 95 % Wilson interval, for the sample of n out of eligible"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} items"),
    ),
    key=("session", "sample"),
)

REVIEW_DRIFT = Table(
    "review_drift",
    "one row per session, newest first; sessions in which nobody gave a verdict are left out",
    (
        *SESSION_COLUMNS,
        Column("made_at", "time", "when the agenda was fixed"),
        Column("n", "whole", "verdicts that say whether the score is right", "verdicts"),
        Column("n_items", "whole", "items that they are of", "items"),
        Column("agreeing", "whole", "verdicts that say that the score is right", "verdicts"),
        Column("share", "share", "agreeing, of the verdicts that say it"),
        Column("low", "share", "lower end of the 95 % Wilson interval, of as many cases as items"),
        Column("high", "share", "upper end of the 95 % Wilson interval, of as many cases as items"),
        Column("small", "flag", f"true when the share rests on fewer than {SMALL_N} items"),
        Column("suggestions", "whole", "suggested qualities for articles with a recorded one", "suggestions"),
        Column("suggested_items", "whole", "items that they are of", "items"),
        Column("difference", "number", "mean of suggested minus recorded quality", "points"),
        Column("difference_low", "number", "lower end of its 95 % interval", "points"),
        Column("difference_high", "number", "upper end of its 95 % interval", "points"),
    ),
    key=("session",),
)


@analysis(CONTROL_SAMPLE)
def control_sample(data: Slice) -> pd.DataFrame:
    """How often the recorded score is right by the first verdicts: of the random control sample, and of the others.

    The verdict of an item is the one that most people gave first; what a group decided later does not count. The
    interval of the control sample has the finite-population correction (`effective_n`) for n of the eligible articles.
    Items that say nothing are taken as if they had not been drawn, which makes it wider rather than narrower.
    """
    rows = first_verdict_per_item(data)
    rows = rows.assign(
        sample=rows["control"].fillna(value=False).map({True: CONTROL, False: TARGETED}).astype("str"),
        undecided=rows["verdict"].isna(),
        silent=rows["verdict"].notna() & rows["agrees"].isna(),
        n=rows["agrees"].notna(),
        right=rows["agrees"].fillna(value=False),
    )
    sums = {name: (name, "sum") for name in ("undecided", "silent", "n", "right")}
    keys = ["session", "session_title", "sample"]
    table = rows.groupby(keys, sort=True).agg(items=("item", "size"), **sums).reset_index()
    eligible = table["session"].map(data.reviewed.sessions.set_index("session")["eligible"])
    table = table.assign(eligible=eligible.where(table["sample"] == CONTROL), small=table["n"] < SMALL_N)
    table = table.join(wilson(table["right"], table["n"], effective_n(table["n"], table["eligible"])))
    return table.sort_values(["session", "sample"], ascending=[False, True])


@control_sample.register_finding
def control_sample_finding(table: pd.DataFrame) -> str:
    """How often the score is right by the control items of all sessions, and of the targeted ones, in a sentence.

    The samples of the sessions are independent, so that the variances of their numbers of right items add up: the
    effective number of all is (sum of n)² / sum of (n² / effective number of the session).
    """
    rows = table.assign(spread=table["n"] ** 2 / effective_n(table["n"], table["eligible"]))
    sums = rows.groupby("sample")[["n", "right", "spread"]].sum().reindex(list(SAMPLES)).fillna(0)
    sums = sums.join(wilson(sums["right"], sums["n"], sums["n"] ** 2 / sums["spread"]))
    control, targeted = sums.iloc[0], sums.iloc[1]
    if not control["n"]:
        return "No item of a control sample has a verdict that says whether its score is right."
    said = f"{share_text(control)} of {count_text(int(control['n']), 'item')}"
    text = f"By the control sample the score is right for {said}"
    if control["n"] < SMALL_N:
        text += f", fewer than the {SMALL_N} that a firm statement needs"
    if not targeted["n"]:
        return f"{text}."
    others = f"{targeted['share']:.0%} of {count_text(int(targeted['n']), 'item')}"
    return f"{text}; of those on the agenda because something is doubtful, for {others}."


@analysis(REVIEW_DRIFT)
def review_drift(data: Slice) -> pd.DataFrame:
    """How the share of first verdicts that agree with the score, and the mean change they suggest, move by session.

    Several people judge the same item, so that verdicts are not independent. The interval of the share takes each item
    as one case, as if all its verdicts were the same: it is too wide rather than too narrow. That of the mean is robust
    by item (`cluster_robust_means`).
    """
    given = verdicts_given(data, chosen=first_verdicts)
    titled = given[["session", "session_title"]].drop_duplicates()
    saying = given[given["agrees"].notna()]
    said = saying.groupby("session").agg(n=("agrees", "size"), agreeing=("agrees", "sum"), n_items=("item", "nunique"))
    table = titled.merge(said.reset_index(), on="session", how="left").fillna({"n": 0, "agreeing": 0, "n_items": 0})
    effective = table["agreeing"] / table["n"].where(table["n"] > 0) * table["n_items"]
    table = table.join(wilson(effective.fillna(0), table["n_items"])).assign(small=table["n_items"] < SMALL_N)
    differences = given.assign(difference=given["suggested"] - given["recorded"])
    means = cluster_robust_means(differences, ["session"], "difference", "item").drop(columns="sd")
    table = table.merge(means.rename(columns=_DIFFERENCE_COLUMNS), on="session", how="left")
    table = table.fillna({"suggestions": 0, "suggested_items": 0})
    made = data.reviewed.sessions[["session", "made_at"]]
    return table.merge(made, on="session", how="left").sort_values("session", ascending=False)


_DIFFERENCE_COLUMNS = {
    "n": "suggestions",
    "clusters": "suggested_items",
    "mean": "difference",
    "low": "difference_low",
    "high": "difference_high",
}


@review_drift.register_finding
def review_drift_finding(table: pd.DataFrame) -> str:
    """How far the agreement with the score moved from the first session to the newest, in a sentence."""
    known = table[table[NUMBER.name].notna() & ~table["small"]]
    if known.empty:
        return f"No session has the {SMALL_N} items with a verdict on the score that a statement needs."
    newest, first = known.iloc[[0]], known.iloc[[-1]]
    now = newest.iloc[0]
    text = f"In {session_of_first_row_text(newest)} {share_text(now)} of {count_text(now['n'], 'verdict')} agree"
    if len(known) == 1:
        return f"{text} with the score ({count_text(now['n_items'], 'item')})."
    moved = newcombe(newest.reset_index(drop=True), first.reset_index(drop=True)).iloc[0]
    beyond = "more than chance" if moved["low"] * moved["high"] > 0 else "no more than chance would do"
    points = f"{moved['difference'] * 100:+.0f} points"
    return f"{text} with the score; against {session_of_first_row_text(first)} that is {points}, {beyond}."
