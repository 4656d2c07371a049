"""Charts of a share with its interval, over a strip of the counts that it rests on."""

import math
from typing import Any

import altair as alt
import pandas as pd

from analytics.charts.cut_off import cut_off
from analytics.charts.theme import AXIS_WIDTH, GREY, HEIGHT, MAIN, STRIP, Draw, Look, Panels, plain
from analytics.charts.timeline import X_TITLE, time_x, timed, tip, tooltip


def by_range(share: str, count: str, *, title: str, share_title: str, count_title: str, mark: str = "") -> Draw:
    """A share by range of scores, `score_from` to `score_to`; hollow points rest on few articles."""

    def draw(table: pd.DataFrame, _: Look) -> Panels:
        known = table[table["score_from"].notna()]
        rows = plain(known.assign(edge=known["score_to"] + 1, middle=(known["score_from"] + known["score_to"] + 1) / 2))
        ends = [float(rows["score_from"].min()), float(rows["edge"].max())] if len(rows) else [0, 100]
        scale = alt.Scale(domain=ends, nice=False)
        told = [tip(rows, name) for name in ("score_from", "score_to", share, "low", "high", count)]
        told += [tip(rows, name) for name in rows.columns if name in ("published", "exceptions")]
        x = alt.X("middle", type="quantitative", title=None, scale=scale, axis=alt.Axis(labels=False, grid=False))
        points = _points(rows, share, share_title, x, told, most=1)
        upper = alt.layer(*points, *cut_off(rows, mark, "x"))
        binned = alt.X("score_from", type="quantitative", bin="binned", title=title, scale=scale)
        bars = (
            alt.Chart(rows)
            .mark_bar(color=GREY)
            .encode(x=binned, x2="edge", y=_counts(count, count_title), tooltip=told)
        )
        return Panels((upper.properties(height=HEIGHT - 80), bars.properties(height=STRIP)))

    return draw


def by_period(share: str, count: str, *, share_title: str, count_title: str) -> Draw:
    """A share by period; hollow points rest on few articles, paler ones are of a period that is not over."""

    def draw(table: pd.DataFrame, _: Look) -> Panels:
        rows = timed(table)
        told = tooltip(rows, share, "low", "high", *(name for name in ("unranked", "missing") if name in rows), count)
        ends = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in _ends(rows)]
        middle = time_x("middle", labels=False, scale=alt.Scale(domain=ends) if ends else alt.Undefined)
        upper = alt.layer(*_points(rows, share, share_title, middle, told, most=float(rows["high"].max())))
        x = time_x("period", title=X_TITLE, binned=True)
        bars = alt.Chart(rows).mark_bar(color=GREY)
        lower = bars.encode(x=x, x2="next", y=_counts(count, count_title), opacity=_apart(), tooltip=told)
        return Panels((upper.properties(height=HEIGHT - 80), lower.properties(height=STRIP)))

    return draw


def _ends(rows: pd.DataFrame) -> list[pd.Timestamp]:
    return [rows["period"].min(), rows["next"].max()] if len(rows) else []


def _points(
    rows: pd.DataFrame, share: str, title: str, x: alt.X, told: list[alt.Tooltip], *, most: float
) -> list[alt.Chart]:
    """Points with their intervals; the axis goes from 0 to the next 10 % that holds `most`."""
    axis = alt.Axis(format="%", tickCount=4, minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH)
    y = alt.Y("low", type="quantitative", title=title, axis=axis, scale=alt.Scale(domain=[0, _top(most)]))
    fill = alt.condition("datum.small === true", alt.value("transparent"), alt.value(MAIN))
    paler = {"opacity": _apart()} if "complete" in rows else {}
    base = alt.Chart(rows)
    return [
        base.mark_rule(color=GREY, strokeWidth=2).encode(x=x, y=y, y2="high", tooltip=told, **paler),
        base.mark_point(size=55, color=MAIN, opacity=1).encode(
            x=x, y=alt.Y(share, type="quantitative"), fill=fill, tooltip=told, **paler
        ),
    ]


def _top(most: float) -> float:
    return min(max(math.ceil(most * 10), 1), 10) / 10 if math.isfinite(most) else 1.0


def _counts(count: str, title: str) -> alt.Y:
    axis = alt.Axis(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH, tickCount=3, tickMinStep=1)
    return alt.Y(count, type="quantitative", title=title, axis=axis)


def _apart() -> Any:
    return alt.condition("datum.complete === true", alt.value(1), alt.value(0.4))
