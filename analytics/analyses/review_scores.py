"""How often the recorded score is right: by the control sample of each session, and from session to session."""

import pandas as pd

from analytics.analyses.clustered import clustered_means
from analytics.analyses.review_verdicts import (
    NUMBER,
    SESSION_COLUMNS,
    counted,
    named,
    verdicts_given,
    verdicts_of_items,
)
from analytics.engine.slice import Slice
from analytics.schema import Column, Table
from analytics.stats import SMALL_N, interval_text, newcombe, wilson

CONTROL, TARGETED = SAMPLES = ("control sample (random)", "targeted (biased)")
"""The random items, which speak for the selection of their session, and those chosen because something is doubtful."""

CONTROL_SAMPLE = Table(
    "control_sample",
    "one row per session and sample, newest session first; samples without an item are left out",
    (
        *SESSION_COLUMNS,
        Column("sample", "text", "control sample (random), or targeted (biased): items chosen for a reason"),
        Column("items", "whole", "items of the sample", "items"),
        Column("undecided", "whole", "items without a verdict: judged by nobody, or tied", "items"),
        Column("silent", "whole", "items whose verdict does not say whether the score is right", "items"),
        Column("n", "whole", "items whose verdict says it", "items"),
        Column("right", "whole", "items whose verdict says that the score is right", "items"),
        Column("share", "share", "right, of the items whose verdict says it"),
        Column("low", "share", "lower end of the 95 % Wilson interval"),
        Column("high", "share", "upper end of the 95 % Wilson interval"),
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


def control_sample(part: Slice) -> pd.DataFrame:
    """How often the score is right by the verdicts of the items, of the random sample and of the others apart."""
    rows = verdicts_of_items(part)
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
    table = table.join(wilson(table["right"], table["n"])).assign(small=table["n"] < SMALL_N)
    return CONTROL_SAMPLE.of(table.sort_values(["session", "sample"], ascending=[False, True]))


def control_sample_finding(table: pd.DataFrame) -> str:
    """How often the score is right by the control items of all sessions, and of the targeted ones, in a sentence."""
    sums = table.groupby("sample")[["n", "right"]].sum().reindex(list(SAMPLES)).fillna(0)
    sums = sums.join(wilson(sums["right"], sums["n"]))
    control, targeted = sums.iloc[0], sums.iloc[1]
    if not control["n"]:
        return "No item of a control sample has a verdict that says whether its score is right."
    said = f"{control['share']:.0%} {interval_text(control)} of {counted(int(control['n']), 'item')}"
    text = f"By the control sample the score is right for {said}"
    if control["n"] < SMALL_N:
        text += f", fewer than the {SMALL_N} that a firm statement needs"
    if not targeted["n"]:
        return f"{text}."
    others = f"{targeted['share']:.0%} of {counted(int(targeted['n']), 'item')}"
    return f"{text}; of those on the agenda because something is doubtful, for {others}."


def review_drift(part: Slice) -> pd.DataFrame:
    """How the share of verdicts that agree with the score, and the mean suggested change, move between sessions.

    Several people judge the same item, so that verdicts are fewer pieces of evidence than they are many. The interval
    of the share takes each item as one case, as if all its verdicts were the same: it is too wide rather than too
    narrow. That of the mean knows what belongs together (`clustered.clustered_means`).
    """
    given = verdicts_given(part)
    titled = given[["session", "session_title"]].drop_duplicates()
    saying = given[given["agrees"].notna()]
    said = saying.groupby("session").agg(n=("agrees", "size"), agreeing=("agrees", "sum"), n_items=("item", "nunique"))
    table = titled.merge(said.reset_index(), on="session", how="left").fillna({"n": 0, "agreeing": 0, "n_items": 0})
    effective = table["agreeing"] / table["n"].where(table["n"] > 0) * table["n_items"]
    table = table.join(wilson(effective.fillna(0), table["n_items"])).assign(small=table["n_items"] < SMALL_N)
    differences = given.assign(difference=given["suggested"] - given["recorded"])
    means = clustered_means(differences, ["session"], "difference", "item").drop(columns="sd")
    table = table.merge(means.rename(columns=_MEANS), on="session", how="left")
    table = table.fillna({"suggestions": 0, "suggested_items": 0})
    made = part.reviewed.sessions[["session", "made_at"]]
    return REVIEW_DRIFT.of(table.merge(made, on="session", how="left").sort_values("session", ascending=False))


_MEANS = {
    "n": "suggestions",
    "clusters": "suggested_items",
    "mean": "difference",
    "low": "difference_low",
    "high": "difference_high",
}


def review_drift_finding(table: pd.DataFrame) -> str:
    """How far the agreement with the score moved from the first session to the newest, in a sentence."""
    known = table[table[NUMBER.name].notna() & ~table["small"]]
    if known.empty:
        return f"No session has the {SMALL_N} items with a verdict on the score that a statement needs."
    newest, first = known.iloc[[0]], known.iloc[[-1]]
    now = newest.iloc[0]
    text = f"In {named(newest)} {now['share']:.0%} {interval_text(now)} of {counted(now['n'], 'verdict')} agree"
    if len(known) == 1:
        return f"{text} with the score ({counted(now['n_items'], 'item')})."
    moved = newcombe(newest.reset_index(drop=True), first.reset_index(drop=True)).iloc[0]
    beyond = "more than chance" if moved["low"] * moved["high"] > 0 else "no more than chance would do"
    points = f"{moved['difference'] * 100:+.0f} points"
    return f"{text} with the score; against {named(first)} that is {points}, {beyond}."
