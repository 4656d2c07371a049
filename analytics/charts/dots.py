"""Charts of values by label: quartiles, one value against another, the scores of a list of articles."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from analytics.charts.cut_off import cut_off
from analytics.charts.theme import ACCENT, GREY, LABEL, MAIN, Chart, Draw, Look, legend, plain
from analytics.charts.timeline import tip

ROW = 24
AXIS = 60
LEGEND = 40
LABELS, EACH_LABEL = 30, 16
"""Further height for a legend of labels, and for each of them."""

TITLE_LENGTH = 70
NEAR = alt.Scale(zero=False, padding=12)
WHOLE = alt.Axis(tickMinStep=1)


def quartiles(label: str, *, title: str, mark: str = "") -> Draw:
    """Median (point) and the middle half (bar) by label, n at the right; hollow points rest on few articles."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        known = table[table["median"].notna()]
        says = known["scored"].map("n = {:,}".format) if len(known) else known[label]
        rows = plain(known.assign(says=says.astype("str")))
        y = _names(label, list(rows[label]), 130)
        told = [tip(rows, name) for name in (label, "rank", "n", "scored", "q25", "median", "q75")]
        base = alt.Chart(rows)
        scale = alt.Scale(domain=_with_room(rows, mark), nice=False)
        x = alt.X("q25", type="quantitative", title=title, scale=scale)
        fill = alt.condition("datum.small === true", alt.value("transparent"), alt.value(MAIN))
        text = base.mark_text(align="right", fontSize=11, color=LABEL, dx=-2)
        return alt.layer(
            base.mark_bar(color=MAIN, opacity=0.35, height=9).encode(x=x, x2="q75", y=y, tooltip=told),
            base.mark_point(color=MAIN, size=70, opacity=1).encode(
                x=alt.X("median", type="quantitative"), y=y, fill=fill, tooltip=told
            ),
            text.encode(x=alt.value("width"), y=y, text=alt.Text("says", type="nominal"), tooltip=told),
            *cut_off(rows, mark, "x"),
        ).properties(height=(ROW + 4) * len(rows) + AXIS)

    return draw


def pairs(
    label: str,
    before: str,
    now: str,
    *,
    names: tuple[str, str],
    title: str,
    y_title: str,
    tips: tuple[str, ...],
    mark: str,
) -> Draw:
    """Two values by label, joined by a line: `before` as a ring, `now` as a dot."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = plain(table[table[before].notna() | table[now].notna()])
        y = _names(label, list(rows[label]), 130, y_title)
        told = [tip(rows, name) for name in (label, now, before, *tips)]
        scale = alt.Scale(domain=list(names), range=[GREY, MAIN])
        x = alt.X("value", type="quantitative", title=title, scale=NEAR, axis=WHOLE)
        both = rows[rows[before].notna() & rows[now].notna()]
        lines = alt.Chart(both).mark_rule(color=GREY, strokeWidth=2)
        layers = [
            lines.encode(x=alt.X(before, type="quantitative", title=title), x2=now, y=y, tooltip=told),
            *(
                alt.Chart(rows[rows[column].notna()].assign(value=rows[column], which=which))
                .mark_point(size=90, opacity=1, filled=filled, strokeWidth=2)
                .encode(
                    x=x,
                    y=y,
                    color=alt.Color("which", type="nominal", title=None, scale=scale, legend=legend(columns=1)),
                    tooltip=told,
                )
                for column, which, filled in ((before, names[0], False), (now, names[1], True))
            ),
        ]
        return alt.layer(*layers, *cut_off(rows, mark, "x")).properties(height=ROW * 1.5 * len(rows) + AXIS + LEGEND)

    return draw


def scores(*, title: str, mark: str) -> Draw:
    """The quality of a list of articles, by headline in the table's order, in the colour of their published state."""

    def draw(table: pd.DataFrame, look: Look) -> Chart:
        rows = plain(table.assign(headline=_headlines(table)))
        told = [tip(rows, name) for name in ("title", "provider", "state", "quality", "heat", "beyond", "path")]
        told[2:2] = [alt.Tooltip("published_at", type="temporal", title="published at")]
        scale = look.scale(list(dict.fromkeys(rows["state"])))
        points = alt.Chart(rows).mark_point(filled=True, size=90, opacity=1)
        drawn = points.encode(
            x=alt.X("quality", type="quantitative", title=title, scale=NEAR, axis=WHOLE),
            y=_names("headline", list(rows["headline"]), 165),
            color=alt.Color("state", type="nominal", title=None, scale=scale, legend=legend(columns=1)),
            tooltip=told,
        )
        return alt.layer(drawn, *cut_off(rows, mark, "x")).properties(height=ROW * len(rows) + AXIS + LEGEND)

    return draw


def articles(*, title: str) -> Draw:
    """The scores of a list of articles, by headline in the table's order: quality as a ring, heat as a dot."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = plain(table.assign(headline=_headlines(table)))
        y = _names("headline", list(rows["headline"]), 165)
        told = [tip(rows, name) for name in ("title", "provider", "state", "quality", "heat", "lift", "path")]
        told[2:2] = [alt.Tooltip("published_at", type="temporal", title="published at")]
        names = ["quality", "heat"]
        by = alt.Color(
            "which",
            type="nominal",
            title=None,
            scale=alt.Scale(domain=names, range=[MAIN, ACCENT]),
            legend=legend(columns=1),
        )
        x = alt.X("value", type="quantitative", title=title, scale=NEAR, axis=WHOLE)
        compared = rows[rows["lift"].notna() & rows["lift"].ne(0)]
        lines = alt.Chart(compared).mark_rule(color=GREY, strokeWidth=2)
        layers = [lines.encode(x=alt.X("quality", type="quantitative", title=title), x2="heat", y=y, tooltip=told)]
        layers = layers if len(compared) else []
        for name, filled, size in (("heat", True, 60), ("quality", False, 110)):
            known = rows[rows[name].notna() & (rows[name] >= 0)]
            if len(known) or name == "quality":
                points = alt.Chart(known.assign(value=known[name], which=name))
                layers.append(
                    points.mark_point(filled=filled, size=size, opacity=1, strokeWidth=2).encode(
                        x=x, y=y, color=by, tooltip=told
                    )
                )
        return alt.layer(*layers).properties(height=ROW * len(rows) + AXIS + LEGEND)

    return draw


def ranked(value: str, *, title: str, colour: str = "", colours: Mapping[str, str] | None = None) -> Draw:
    """A value of a list of articles as a bar, by headline in the table's order; `colour` is a column of labels, which
    have `colours`."""

    def draw(table: pd.DataFrame, _: Look) -> Chart:
        rows = plain(table.assign(headline=_headlines(table)))
        rows = rows[rows[value].notna()]
        hidden = {"headline", "rank", "total", "life", "published_lives"}
        told = [_told(rows, name) for name in rows.columns if name not in hidden]
        labels = [name for name in colours or {} if name in set(rows[colour])]
        by = {"color": _among(colour, labels, colours)} if colours else {}
        above = LABELS + EACH_LABEL * len(labels) if labels else 0
        chart: alt.Chart = (
            alt.Chart(rows)
            .mark_bar(height=11, color=MAIN)
            .encode(
                x=alt.X(value, type="quantitative", title=title, axis=WHOLE),
                y=_names("headline", list(rows["headline"]), 165),
                tooltip=told,
                **by,
            )
        )
        return chart.properties(height=ROW * len(rows) + AXIS + LEGEND + above)

    return draw


def _among(column: str, labels: Sequence[str], colours: Mapping[str, str]) -> alt.Color:
    """The colours of the labels that there are."""
    scale = alt.Scale(domain=list(labels), range=[colours[name] for name in labels])
    return alt.Color(column, type="nominal", title=None, scale=scale, legend=legend(columns=1))


def _told(rows: pd.DataFrame, name: str) -> alt.Tooltip:
    if isinstance(rows[name].dtype, pd.DatetimeTZDtype):
        return alt.Tooltip(name, type="temporal", title=name.replace("_", " "), format="%-d %b %Y %H:%M")
    return tip(rows, name)


def _with_room(rows: pd.DataFrame, mark: str) -> list[float]:
    """A scale on which the counts have their place beside the longest bar."""
    if rows.empty:
        return [0, 100]
    known = [*rows["q25"], *rows["q75"], *(rows[mark].dropna() if mark else [])]
    span = max(max(known) - min(known), 10)
    return [max(min(known) - span * 0.05, 0), max(known) + span * 0.22]


def _headlines(table: pd.DataFrame) -> pd.Series:
    """Place and headline, which tells rows apart that have the same one."""
    titles = table["title"].where(table["title"].notna(), table["path"]).str.slice(0, TITLE_LENGTH)
    return table["rank"].astype("str") + ". " + titles


def _names(label: str, order: list[str], limit: int, title: str | None = None) -> alt.Y:
    axis = alt.Axis(labelLimit=limit, labelOverlap=False, labelFlush=False, ticks=False, grid=True)
    return alt.Y(label, type="nominal", sort=order, title=title, axis=axis, scale=alt.Scale(type="band"))
