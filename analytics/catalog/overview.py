"""The views of the Overview page."""

from analytics.analyses import changes, key_figures, overview
from analytics.catalog import behind, behind_rows
from analytics.catalog.options import GRAIN
from analytics.charts import changes as change_charts
from analytics.charts import tiles, timeline
from analytics.view import Option, View

PAGE = "Overview"

VIEWS = (
    View(
        page=PAGE,
        title="Key figures",
        question="How does the corpus stand, and how does that compare?",
        method="Counts and medians over the selection; heat lift is heat minus quality, unranked articles left out. "
        "The change is against the comparison period, over as many days. Lines: the same by period.",
        table=key_figures.KEY_FIGURES,
        compute=key_figures.key_figures,
        finding=key_figures.key_figures_finding,
        pivot="value",
        draw=tiles.figures("figure", "value"),
        options=(GRAIN,),
        tiles=True,
        behind=(
            behind.articles(behind.having("period", behind.period()), behind_rows.figure),
            behind.articles(
                behind.having("period", behind.period()),
                behind.only("figure", "share_published"),
                behind.PUBLISHED,
                count=behind_rows.published_of_figure,
                name="published",
            ),
            behind.articles(
                behind.only("previous_n"),
                behind_rows.figure,
                count="previous_n",
                name="comparison period",
                within=behind.compared,
            ),
        ),
    ),
    View(
        page=PAGE,
        title="Articles over time",
        question="How many articles do we gather, and how many of them are published?",
        method="Counts by UTC period of publishedDateTime; empty periods count 0. Paler: a period that is not over.",
        table=overview.ARTICLES_OVER_TIME,
        compute=overview.articles_over_time,
        finding=overview.articles_over_time_finding,
        pivot="n",
        draw=timeline.stacked_bars("n", "state", title="articles"),
        options=(GRAIN,),
        behind=(behind.articles(behind.period(), behind.label("state")),),
    ),
    View(
        page=PAGE,
        title="Biggest changes",
        question="Which topics and providers changed most against the comparison period?",
        method="Share of all articles of each period, the chosen less the compared one, with Newcombe's 95 % interval; "
        "coloured where that is apart from zero. Umbrella topics are left out.",
        table=changes.BIGGEST_CHANGES,
        compute=changes.biggest_changes,
        finding=changes.biggest_changes_finding,
        draw=change_charts.changes(
            "label",
            title="change in share",
            by="kind",
            tips=("n", "previous_n", "share", "previous_share"),
        ),
        options=(Option("top", "Of each kind", (5, 8, 15), 8),),
        behind=(
            behind.articles(behind_rows.changed, name="now"),
            behind.articles(behind_rows.changed, count="previous_n", name="comparison period", within=behind.compared),
        ),
    ),
)
