"""Clauses for the rows of one view each: what a figure, a state of heat, an exception or a status stands for."""

import pandas as pd

from analytics.analyses.heat_states import HEAT_KINDS
from analytics.analyses.key_figures import FIGURES
from analytics.analyses.provider_life import provider_statuses
from analytics.selection import Pairs
from analytics.view import Row

_KINDS: tuple[Pairs, ...] = (
    [("lift_min", "1")],
    [("lift_min", "0"), ("lift_max", "0")],
    [("lift_max", "-1")],
    [("heat_state", "ranked"), ("lacks", "quality")],
    [("heat_state", "unranked")],
    [("heat_state", "missing")],
)
_OF_KIND = dict(zip(HEAT_KINDS, _KINDS, strict=True))

_RESTS_ON: tuple[Pairs, ...] = (
    [],
    [("state", "published"), ("state", "unpublished")],
    [("has", "quality")],
    [("has", "lift")],
    [("has", "provider")],
    [("has", "topics")],
    [("has", "published_at")],
)
_OF_FIGURE = dict(zip(FIGURES, _RESTS_ON, strict=True))


def heat_kind(row: Row) -> Pairs:
    """Where the heat of the articles stands to their quality, or why that cannot be said."""
    return _OF_KIND[row["kind"]]


def figure(row: Row) -> Pairs:
    """The articles that a key figure rests on."""
    return _OF_FIGURE[row["figure"]]


def published_of_figure(row: Row) -> int:
    """How many articles of a share are published."""
    known = row["figure"] == "share_published" and pd.notna(row["value"])
    return round(row["value"] * row["n"]) if known else 0


def exception(row: Row) -> Pairs | None:
    """The wrong state on the row's side of the cut-off; None for a range on both sides, or without a cut-off."""
    if pd.isna(row["score_from"]) or pd.isna(row["cut_off"]):
        return None
    if row["score_to"] < row["cut_off"]:
        return [("state", "published")]
    return [("state", "unpublished")] if row["score_from"] >= row["cut_off"] else None


def window(row: Row) -> Pairs | None:
    """The days of all periods that a rolling mean is taken over; None where it has none."""
    if pd.isna(row["window_n"]):
        return None
    periods = row.table.loc[row.table["period"] <= row["period"], "period"]
    first = periods.iloc[-int(row["window"])]
    return [("from", f"{first:%Y-%m-%d}"), ("to", f"{row['period_end']:%Y-%m-%d}")]


def scope(row: Row) -> Pairs:
    """The articles that name a provider, without the one that is left out."""
    left_out = [] if pd.isna(row["left_out"]) else [("provider_none", row["left_out"])]
    return [("has", "provider"), *left_out]


def changed(row: Row) -> Pairs:
    """The topic or provider of a change."""
    return [("topic_all" if row["kind"] == "topic" else "provider", row["label"])]


def status(row: Row) -> Pairs | None:
    """The providers of a status, in the period or, when they fell silent, in the one before; None without one."""
    if not row["providers"]:
        return None
    rows = provider_statuses(row.part, str(row.options["grain"]))
    here = rows[(rows["period"] == row["period"]) & (rows["status"] == row["status"])]
    active = here["active"].iloc[0]
    last = row["period_end"] if active == row["period"] else row["period"] - pd.Timedelta(days=1)
    days = [("from", f"{active:%Y-%m-%d}"), ("to", f"{last:%Y-%m-%d}")]
    return [*days, *(("provider", name) for name in here["provider"])]
