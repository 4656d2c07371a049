"""The briefing as HTML of one page: on a screen, and on one sheet of A4."""

from datetime import date
from typing import Any

import pandas as pd
from markupsafe import Markup

from analytics.analyses.common.wording import count_text
from analytics.analyses.overview import change_and_outcome_text, figure_text
from analytics.catalog import VIEWS
from analytics.engine.encoded import NONE
from analytics.reports.briefing.briefing import Briefing
from analytics.reports.escaping import html_template, printable
from analytics.reports.report.chart_images import images_or_errors
from analytics.reports.report.html import chart_in_page_colours
from analytics.schema import label_of

CLAIMS_MAX = 5
"""The most clear changes against one period that the page names."""

TITLE_MAX = 110
"""Characters of a headline on the page."""


def briefing_html(found: Briefing, corpus_name: str, made: date) -> str:
    """The briefing as one self-contained page without scripts and requests; `made` is the day written at its foot."""
    figures = found.figures[found.figures["period"].isna()]
    template = html_template("briefing.html.j2", printable=lambda text: printable(str(text)))
    return template.render(
        found=found,
        title=f"{printable(corpus_name)}: briefing, {found.days}",
        subject=f"{count_text(found.n, 'article')}; {found.selection.without('compare').in_words()}.",
        figures=[_figure(row) for _, row in figures.iterrows()],
        hot=[_hot(row) for _, row in found.hot.iterrows()],
        most=CLAIMS_MAX,
        chart=_quality_chart(found),
        made=made,
    )


def _quality_chart(found: Briefing) -> dict[str, Any] | None:
    """Finding and picture of the quality of all days; None when no period has a score."""
    view = VIEWS["quality_over_time"]
    if not found.quality["n"].sum():
        return None
    spec = chart_in_page_colours(view, found.quality, view.look({"grain": "quarter"}))
    (picture,) = images_or_errors([spec], "svg")
    drawn = Markup(picture.decode()) if isinstance(picture, bytes) else str(picture)
    return {"finding": view.finding(found.quality), "picture": drawn}


def _figure(row: pd.Series) -> dict[str, str]:
    return {
        "label": label_of(str(row["figure"])),
        "value": figure_text(row["value"], row["unit"]),
        "note": change_and_outcome_text(row["change"], row["unit"], row["outcome"]) or "",
    }


def _hot(row: pd.Series) -> dict[str, str]:
    title = str(row["path"] if pd.isna(row["title"]) else row["title"])
    outlet = "" if row["provider"] == NONE else f"{row['provider']}, "
    shown = title if len(title) <= TITLE_MAX else f"{title[: TITLE_MAX - 1]}…"
    return {"title": shown, "note": f"{row['lift']:+d} above its quality; {outlet}{row['state']}"}
