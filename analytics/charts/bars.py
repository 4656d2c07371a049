"""Bar charts by label: values, counts with shares, and diverging bars."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from analytics.analyses.common.wording import share_text
from analytics.charts import theme
from analytics.charts.layers import layered
from analytics.charts.over_time import X_TITLE, period_chart_rows, time_x
from analytics.charts.theme import (
    ACCENT,
    GREY,
    HEIGHT,
    LABEL,
    MAIN,
    Chart,
    Draw,
    Look,
    Panels,
    conditional,
    legend,
    per_cent_text,
    with_chart_dtypes,
)

ROW = 22
AXIS = 60
LEGEND = 70
LABELS = alt.Axis(labelLimit=170, labelOverlap=False, labelFlush=False, ticks=False)
NARROW = alt.Axis(labelLimit=130, labelFlush=False)


def bars(
    label: str,
    value: str,
    *,
    title: str,
    colour: str,
    colours: Mapping[str, str] | None = None,
    tips: tuple[str, ...] = (),
) -> Draw:
    """A bar for each label in the table's order, with its number at the end; `colour` is the column for its colour.

    A value whose name starts with share is a share, and its axis goes to 100 %.
    """
    share = value.startswith("share")

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table)
        names = list(colours or dict.fromkeys(rows[colour]))
        scale = alt.Scale(domain=names, range=list(colours.values())) if colours else look.scale(names)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=LABELS)
        axis = alt.Axis(format="%", tickCount=4) if share else alt.Axis(tickMinStep=1, tickCount=4, format=",d")
        x = alt.X(value, type="quantitative", title=title, axis=axis, scale=_with_room(rows[value], share=share))
        told = look.tips(rows, label, value, *tips, colour)
        base = alt.Chart(rows.assign(says=rows[value].map(per_cent_text if share else "{:,.0f}".format).astype("str")))
        by = alt.Color(colour, type="nominal", title=None, scale=scale, legend=None if colour == label else legend())
        filled = base.mark_bar().encode(x=x, y=y, color=by, tooltip=told)
        text = base.mark_text(align="left", dx=4, style=LABEL)
        said = text.encode(x=x, y=y, text=alt.Text("says", type="nominal"), tooltip=told)
        return layered(filled, said, height=ROW * len(rows) + AXIS + (0 if colour == label else LEGEND))

    return draw


def _with_room(values: pd.Series, *, share: bool) -> alt.Scale:
    """A scale from 0 on which the number at the end of the longest bar has its place."""
    most = 1.0 if share else float(values.max()) if len(values) else 1.0
    return alt.Scale(domain=[0, most * 1.15 or 1.0], nice=False)


def counts_beside_shares(
    label: str,
    *,
    count_title: str,
    share: str,
    share_title: str,
    count: str = "n",
    tips: tuple[str, ...] = ("share", "median_quality"),
    grey_flag: str = "",
) -> Draw:
    """Bars of counts beside points of a share with its interval; hollow points rest on few articles.

    `tips` are further columns that the tooltip tells; rows whose flag `grey_flag` is set have a grey bar. Where no row
    has a share, there are only the bars.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart | Panels:
        rows = with_chart_dtypes(table)
        band = alt.Scale(type="band")
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, scale=band, axis=NARROW)
        told = look.tips(rows, label, "n", count, share, "low", "high", *tips)
        height = ROW * len(rows) + AXIS
        filled = alt.Chart(rows, height=height).mark_bar(color=MAIN)
        whole = alt.Axis(tickMinStep=1, tickCount=5, format=",d")
        across = alt.X(count, type="quantitative", title=count_title, axis=whole)
        counts: alt.Chart = filled.encode(x=across, y=y, tooltip=told)
        if grey_flag:
            counts = counts.encode(color=conditional(alt.ColorValue, f"datum.{grey_flag} === true", GREY, MAIN))
        if rows[share].isna().all():
            return counts
        base = alt.Chart(rows, height=height)
        axis = alt.Axis(format="%", tickCount=3)
        x = alt.X("low", type="quantitative", title=share_title, axis=axis, scale=alt.Scale(domain=[0, 1]))
        spans = base.mark_rule(color=GREY, strokeWidth=2).encode(x=x, x2=alt.X2("high"), y=y, tooltip=told)
        fill = conditional(alt.FillValue, "datum.small === true", "transparent", MAIN)
        points = base.mark_point(size=55, color=MAIN, opacity=1).encode(
            x=alt.X(share, type="quantitative"), y=y, fill=fill, tooltip=told
        )
        return Panels((counts, layered(spans, points)), across=True)

    return draw


def counts_with_share_texts(label: str, *, title: str, tips: tuple[str, ...]) -> Draw:
    """A bar for each label in the table's order, with count, share and the interval of the share as text at its end.

    Columns: `n`, `share`, `low`, `high`; a row of none, or without a share, says its count. `tips` are told as well.
    """

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        known = table["share"].notna() & table["n"].gt(0)
        shares = [
            f" · {share_text(row)}" if told else "" for told, (_, row) in zip(known, table.iterrows(), strict=True)
        ]
        says = [f"{n:,}{share}" for n, share in zip(table["n"], shares, strict=True)]
        rows = with_chart_dtypes(table.assign(says=pd.Series(says, index=table.index, dtype="str")))
        told = look.tips(rows, label, "n", "share", "low", "high", *tips)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=NARROW)
        scale = alt.Scale(domain=[0, (float(rows["n"].max()) if len(rows) else 0.0) * 2.4 or 1.0], nice=False)
        axis = alt.Axis(tickMinStep=1, tickCount=4, format=",d")
        x = alt.X("n", type="quantitative", title=title, axis=axis, scale=scale)
        base = alt.Chart(rows)
        text = base.mark_text(align="left", dx=4, style=LABEL)
        return layered(
            base.mark_bar(color=MAIN).encode(x=x, y=y, tooltip=told),
            text.encode(x=x, y=y, text=alt.Text("says", type="nominal"), tooltip=told),
            height=ROW * len(rows) + AXIS,
        )

    return draw


FLIPS_ROW = 24
FLIPS_AXIS = 60
FLIPS_LEGEND = 40


def diverging_bars(
    label: str, more: str, less: str, *, names: tuple[str, str], title: str, tips: tuple[str, ...]
) -> Draw:
    """Bars of two counts by label, `more` to the right and `less` to the left, with their numbers."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = with_chart_dtypes(table)
        told = look.tips(rows, label, more, less, *tips)
        most = max([1.0, *rows[more], *rows[less]])
        scale = alt.Scale(domain=[-most * 1.25, most * 1.25], nice=False)
        axis = alt.Axis(labelExpr="format(abs(datum.value), ',d')", tickMinStep=1, tickCount=5)
        x = alt.X("value", type="quantitative", title=title, scale=scale, axis=axis)
        names_axis = alt.Axis(labelLimit=130, labelOverlap=False, labelFlush=False, ticks=False)
        y = alt.Y(label, type="nominal", sort=list(rows[label]), title=None, axis=names_axis)
        colours = alt.Scale(domain=list(names), range=[MAIN, ACCENT])
        by = alt.Color("which", type="nominal", title=None, scale=colours, legend=legend(columns=1))
        layers = []
        for column, which, sign in ((more, names[0], 1), (less, names[1], -1)):
            some = rows.assign(value=sign * rows[column], which=which)
            numbers = some[column].map("{:,.0f}".format).where(some[column] > 0, "")
            said = alt.Chart(some.assign(says=numbers.astype("str")))
            text = said.mark_text(align="left" if sign > 0 else "right", dx=4 * sign, style=LABEL)
            layers.append(alt.Chart(some).mark_bar().encode(x=x, y=y, color=by, tooltip=told))
            layers.append(text.encode(x=x, y=y, text=alt.Text("says", type="nominal"), tooltip=told))
        zero = [theme.rule(x=0)] if len(rows) else []
        return layered(*layers, *zero, height=FLIPS_ROW * len(rows) + FLIPS_AXIS + FLIPS_LEGEND)

    return draw


def diverging_bars_by_period(
    value: str, label: str, *, title: str, colours: Mapping[str, str], below: tuple[str, ...], tips: tuple[str, ...]
) -> Draw:
    """Bars by period, stacked by label in the order of `colours`; labels in `below` go down. Paler: not over yet."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = period_chart_rows(table)
        sign = 1 - 2 * rows[label].isin(below).astype("float64")
        places = {name: float(place) for place, name in enumerate(colours)}
        rows = rows.assign(signed=rows[value] * sign, place=rows[label].map(places).astype("float64"))
        axis = alt.Axis(labelExpr="format(abs(datum.value), ',d')", tickMinStep=1)
        scale = alt.Scale(domain=list(colours), range=list(colours.values()))
        bars = alt.Chart(rows).mark_bar()
        drawn = bars.encode(
            x=time_x("period", title=X_TITLE, binned=True),
            x2=alt.X2("next"),
            y=alt.Y("signed", type="quantitative", title=title, stack="zero", axis=axis),
            color=alt.Color(label, type="nominal", title=None, scale=scale, legend=legend()),
            order=alt.Order("place", type="quantitative"),
            opacity=conditional(alt.OpacityValue, "datum.complete === true", 0.95, 0.4),
            tooltip=look.period_tips(rows, label, value, *tips),
        )
        layers = [drawn, *([theme.rule(y=0)] if len(rows) else [])]
        return layered(*layers, height=HEIGHT)

    return draw
