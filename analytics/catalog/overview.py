"""The views of the Briefing, the first page."""

from analytics.analyses import overview
from analytics.catalog.drill_down import (
    PUBLISHED,
    articles,
    comparison_period,
    figure_articles,
    if_known,
    label,
    only_if,
    period,
    published_count_of_share_row,
)
from analytics.catalog.view import GRAIN, View
from analytics.charts import comparison, over_time

PAGE = "Briefing"

TABS: tuple[str, ...] = ()
"""The page is short, and has no tabs."""

VIEWS = (
    View(
        page=PAGE,
        title="Key figures",
        question="How does the corpus stand, and how does that compare?",
        method="Counts and medians over the selection; heat lift is heat minus quality, unranked articles left out. "
        "The change is against the comparison period; share and medians are coloured where the change test finds one "
        "(docs/numbers.md), counts are not tested; articles of periods of unequal lengths are compared by the day. "
        "Lines: the same by period.",
        analysis=overview.key_figures,
        shown="period",
        pivot="value",
        draw=comparison.line_panel_per_figure("figure", "value"),
        options=(GRAIN,),
        tiles=True,
        drill_downs=(
            articles(if_known("period", period()), figure_articles),
            articles(
                if_known("period", period()),
                only_if("figure", "share_published"),
                PUBLISHED,
                count=published_count_of_share_row,
                name="published",
            ),
            articles(
                only_if("previous_n"),
                figure_articles,
                count="previous_n",
                name="comparison period",
                within=comparison_period,
            ),
        ),
    ),
    View(
        page=PAGE,
        half=True,
        title="Articles over time",
        question="How many articles do we gather, and how many of them are published?",
        method="Counts by UTC period of publishedDateTime; empty periods count 0. Paler: an incomplete period.",
        analysis=overview.articles_over_time,
        shown="period",
        pivot="n",
        draw=over_time.stacked_bars("n", "state", title="articles"),
        options=(GRAIN,),
        drill_downs=(articles(period(), label("state")),),
    ),
)
