"""Every view of the product, declared once: its card, CSV, command-line name and README row come from here."""

from analytics.analyses import heat, overview, providers, quality, topics
from analytics.charts import distribution, ranking, timeline
from analytics.engine.periods import AUTO, GRAINS
from analytics.view import Option, View

CUT_OFF = 70
"""The score from which on articles are published at the sites we know: the edge that quality charts mark."""

PAGES = ("Overview", "Quality", "Heat", "Topics", "Providers")

GRAIN = Option("grain", "Period", (AUTO, *GRAINS), AUTO)

_VIEWS = (
    View(
        page="Overview",
        title="Articles over time",
        question="How many articles do we gather, and how many of them are published?",
        method="Counts by UTC period of publishedDateTime; empty periods count 0. Paler: a period that is not over.",
        table=overview.ARTICLES_OVER_TIME,
        compute=overview.articles_over_time,
        finding=overview.articles_over_time_finding,
        draw=timeline.stacked_bars("n", "state", title="articles"),
        options=(GRAIN,),
    ),
    View(
        page="Quality",
        title="Quality distribution",
        question="How do the quality scores spread?",
        method=f"Counts by range of whole scores. The dashed line is the cut-off at {CUT_OFF}, an edge of a range.",
        table=quality.QUALITY_DISTRIBUTION,
        compute=quality.quality_distribution,
        finding=quality.quality_distribution_finding,
        draw=distribution.histogram(
            "score_from", "score_to", "state", title="quality (points)", y_title="articles", rule=CUT_OFF
        ),
        options=(Option("width", "Points a bar", (1, 5, 10), 5),),
    ),
    View(
        page="Quality",
        title="Quality over time",
        question="Does the quality of what we gather rise or fall?",
        method="Exact quantiles of the scores of each period: median (line), 25 to 75 % and 10 to 90 % (bands), "
        "articles with a score below. Hollow: a period that is not over.",
        table=quality.QUALITY_OVER_TIME,
        compute=quality.quality_over_time,
        finding=quality.quality_over_time_finding,
        draw=timeline.band("n", title="quality (points)", strip_title="scored", rule=CUT_OFF),
        options=(GRAIN,),
    ),
    View(
        page="Heat",
        title="Heat lift over time",
        question="When do stories run hotter than their quality?",
        method="Heat minus quality of the articles that have both, unranked ones (-1) left out: median (line), mean "
        "(dashed), 25 to 75 % and 10 to 90 % (bands); below, the share unranked of all with a heat field.",
        table=heat.HEAT_LIFT_OVER_TIME,
        compute=heat.heat_lift_over_time,
        finding=heat.heat_lift_over_time_finding,
        draw=timeline.band(
            "share_unranked", title="heat minus quality (points)", strip_title="unranked", mean="mean_lift", rule=0
        ),
        options=(GRAIN,),
    ),
    View(
        page="Topics",
        title="Topics over time",
        question="Which topics rise and which fade?",
        method="Articles with the topic, of all articles of the period; an article counts under each of its topics. "
        f"Umbrella topics (on at least {topics.UMBRELLA_SHARE:.0%} of the corpus) are left out unless shown.",
        table=topics.TOPICS_OVER_TIME,
        compute=topics.topics_over_time,
        finding=topics.topics_over_time_finding,
        draw=timeline.lines("topic", titles={"share": "share of the period's articles", "count": "articles"}),
        options=(
            GRAIN,
            Option("measure", "Show", ("share", "count"), "share", drawn=True),
            Option("top", "Topics by name", (3, 5, 7, 12), 5),
            Option("umbrella", "Umbrella topics", ("left out", "shown"), "left out"),
        ),
    ),
    View(
        page="Providers",
        title="Providers ranked",
        question="Who do the articles come from, and whose are published?",
        method="Bars: articles. Points: published, of those that say so, with 95 % Wilson interval; hollow: n < 10.",
        table=providers.PROVIDERS_RANKED,
        compute=providers.providers_ranked,
        finding=providers.providers_ranked_finding,
        draw=ranking.ranked_shares(
            "provider", count_title="articles", share="share_published", share_title="share published"
        ),
        options=(Option("top", "Providers by name (0: all)", (6, 12, 24, 0), 12),),
    ),
)

VIEWS: dict[str, View] = {view.slug: view for view in _VIEWS}
"""Slug → view, in the order of pages and cards."""
