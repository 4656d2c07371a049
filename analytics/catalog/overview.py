"""The views of the Briefing, the first page."""

from analytics.analyses import overview
from analytics.catalog.drill_down import (
    PUBLISHED,
    articles,
    changed_label,
    comparison_period,
    figure_articles,
    if_known,
    label,
    only_if,
    period,
    published_count,
)
from analytics.catalog.view import CHANGE_TEST, GRAIN, Option, View
from analytics.charts import comparison, over_time
from analytics.charts import intervals as change_charts

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
        pivot="value",
        draw=comparison.figure_lines("figure", "value"),
        options=(GRAIN,),
        tiles=True,
        drill_downs=(
            articles(if_known("period", period()), figure_articles),
            articles(
                if_known("period", period()),
                only_if("figure", "share_published"),
                PUBLISHED,
                count=published_count,
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
        title="Articles over time",
        question="How many articles do we gather, and how many of them are published?",
        method="Counts by UTC period of publishedDateTime; empty periods count 0. Paler: an incomplete period.",
        analysis=overview.articles_over_time,
        pivot="n",
        draw=over_time.stacked_bars("n", "state", title="articles"),
        options=(GRAIN,),
        drill_downs=(articles(period(), label("state")),),
    ),
    View(
        page=PAGE,
        title="Biggest changes",
        question="Which topics and providers changed most against the comparison period?",
        method=f"Share of all articles of each period, the chosen less the compared one. {CHANGE_TEST} Umbrella topics "
        "are left out.",
        analysis=overview.biggest_changes,
        draw=change_charts.changes(
            "label", title="change in share", by="kind", tips=("n", "previous_n", "share", "previous_share")
        ),
        options=(Option("top", "Of each kind", (5, 8, 15), 8),),
        drill_downs=(
            articles(changed_label, name="now"),
            articles(changed_label, count="previous_n", name="comparison period", within=comparison_period),
        ),
    ),
)
