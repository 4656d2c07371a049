"""The views of the Providers page."""

from analytics.analyses import overview
from analytics.analyses.providers import article_counts, concentration, share_published, turnover
from analytics.catalog.drill_down import (
    PUBLISHED,
    any_provider_but_left_out,
    articles,
    comparison_period,
    fixed,
    if_known,
    only_if,
    period,
    provider,
    providers_with_status,
    selection_without_start,
    topic,
    topic_or_provider,
)
from analytics.catalog.view import CHANGE_TEST, GRAIN, Option, View
from analytics.charts import bars, distribution, dots, draw_wrappers, heatmap, intervals, over_time, scatter
from analytics.charts.theme import ACCENT, COLOURS, GREY, MAIN
from analytics.engine.periods import GRAINS
from analytics.statistics.intervals import SMALL_N

PAGE = "Providers"

TABS = ("State", "Moves", "Concentration")
"""The tabs of the page, in their order."""

QUARTERS = Option("grain", "Period", GRAINS, "quarter")
"""Periods long enough that most providers have an article in each."""

SCOPES = dict(zip(concentration.SCOPES, (MAIN, ACCENT), strict=True))
STATUSES = dict(zip(turnover.STATUSES, (GREY, COLOURS[0], COLOURS[2], COLOURS[1]), strict=True))
PUNCTUALITY = {"overdue": ACCENT, "no clear silence": MAIN, "too few days": GREY}
MEASURES = {
    "effective": "effective number of providers (1 / HHI)",
    "hhi": "HHI (chance of the same provider)",
    "gini": "Gini coefficient",
    "top_share": "share of the period's largest provider",
}
SHARES = {"share": "share of the period's articles", "count": "articles"}

_ANY_PERIOD = if_known("period", period())


def _cells(value: str, title: str) -> heatmap.Cells:
    tips = ("n", "total", "share", "low", "high", "share_of_all", "small")
    return heatmap.Cells("provider", value, title, tips=tuple(name for name in tips if name != value))


STANDINGS = dict(zip(share_published.STANDINGS, (ACCENT, MAIN, GREY, GREY), strict=True))

VIEWS = (
    View(
        page=PAGE,
        tab=TABS[0],
        title="Provider triage",
        question="Whose articles do we publish less than the others', and whose more?",
        method="The change test of the share published of each provider with 10 decided articles or more against all "
        "others: copies of one story count as one decision. Bars: 95 % Wilson intervals; dashed: the share of all. "
        "Expected: the share of a provider's next articles, pulled towards the others' where it has few.",
        analysis=share_published.provider_triage,
        draw=scatter.shares_by_size(
            "provider",
            "decided",
            "share_published",
            rule="share_all",
            colour="standing",
            colours=STANDINGS,
            size_title="decided articles (logarithmic)",
            share_title="share published",
            tips=(
                "published",
                "decided",
                "share_published",
                "low",
                "high",
                "share_others",
                "expected_share",
                "median_quality",
                "last_day",
            ),
        ),
        drill_downs=(
            articles(provider(), count="n"),
            articles(provider(), PUBLISHED, count="published", name="published"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Providers ranked",
        question="Who do the articles come from, and whose are published?",
        method="Bars: articles. Points: published, of those that say so, with 95 % Wilson interval; hollow: n < 10.",
        analysis=article_counts.providers_ranked,
        shown="provider",
        draw=bars.counts_beside_shares(
            "provider", count_title="articles", share="share_published", share_title="share published"
        ),
        options=(Option("top", "Providers by name (0: all)", (6, 12, 24, 0), 12),),
        drill_downs=(articles(provider()), articles(provider(), PUBLISHED, count="published", name="published")),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Biggest changes",
        question="Which topics and providers changed most against the comparison period?",
        method=f"Share of all articles of each period, the chosen less the compared one. {CHANGE_TEST} Umbrella topics "
        "are left out.",
        analysis=overview.biggest_changes,
        draw=intervals.changes(
            "label", title="change in share", panel_by="kind", tips=("n", "previous_n", "share", "previous_share")
        ),
        options=(Option("top", "Of each kind", (5, 8, 15), 8),),
        drill_downs=(
            articles(topic_or_provider, name="now"),
            articles(topic_or_provider, count="previous_n", name="comparison period", within=comparison_period),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Providers over time",
        question="Whose part of the articles grows, and whose shrinks?",
        method="Articles of the provider, of all articles of the period; each article has one provider. "
        "Paler: an incomplete period.",
        analysis=article_counts.providers_over_time,
        shown="provider",
        pivot="n",
        draw=draw_wrappers.by_option(
            "form",
            {
                "stacked": draw_wrappers.by_option(
                    "measure",
                    {
                        "share": over_time.stacked_bars("share", "provider", title=SHARES["share"]),
                        "count": over_time.stacked_bars("n", "provider", title=SHARES["count"]),
                    },
                ),
                "lines": over_time.lines("provider", titles=SHARES),
            },
        ),
        options=(
            GRAIN,
            Option("measure", "Show", ("share", "count"), "share", drawn=True),
            Option("form", "As", ("stacked", "lines"), "stacked", drawn=True),
            Option("top", "Providers by name", (3, 5, 7, 12), 5),
        ),
        drill_downs=(articles(period(), provider()),),
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Concentration over time",
        question="Do we depend on a few providers, and more so than before?",
        method="HHI (Herfindahl-Hirschman): the chance that two of the articles are of one provider; 1 / HHI: how many "
        "equal providers would give the same. With all providers, and without the largest of the whole selection. "
        f"Hollow: n < {SMALL_N}; below, articles. 95 % intervals in the table and in the sentence.",
        analysis=concentration.concentration_over_time,
        shown="effective",
        pivot="hhi",
        draw=over_time.lines_with_count_strip("scope", titles=MEASURES, colours=SCOPES, strip_title="articles"),
        options=(QUARTERS, Option("measure", "Show", tuple(MEASURES), "effective", drawn=True)),
        drill_downs=(
            articles(_ANY_PERIOD, any_provider_but_left_out),
            articles(
                _ANY_PERIOD,
                only_if("top_provider"),
                provider("top_provider"),
                count="top",
                name="of the largest provider",
            ),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Lorenz curve of the providers",
        question="How unequally are the articles spread over the providers?",
        method="Providers from the smallest to the largest; the farther a curve hangs below the dotted line of "
        "equality, the more lies with a few. Gini: twice the area between. Articles without a provider are left out.",
        analysis=concentration.providers_lorenz,
        draw=distribution.lorenz_curves(
            "share_of_providers",
            "share_of_articles",
            "scope",
            titles=("share of the providers, smallest first", "share of the articles"),
            colours=SCOPES,
            tips=("provider", "n", "total", "place"),
        ),
        drill_downs=(articles(only_if("provider"), provider()),),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Providers by topic",
        question="Which provider writes about what?",
        method="Articles with the topic, of all articles of the provider; an article counts under each of its topics. "
        "Umbrella topics (on at least 90 % of the corpus) are left out unless shown.",
        analysis=article_counts.providers_by_topic,
        shown="topic",
        draw=draw_wrappers.by_option(
            "measure",
            {
                "share": heatmap.by_label("topic", _cells("share", "share of the provider's articles")),
                "count": heatmap.by_label("topic", _cells("n", "articles")),
            },
        ),
        options=(
            Option("measure", "Show", ("share", "count"), "share", drawn=True),
            Option("top", "Providers by name", (6, 10, 20), 10),
            Option("topics", "Topics by name", (4, 6, 12, 20), 6),
            Option("umbrella", "Umbrella topics", ("left out", "shown"), "left out"),
        ),
        drill_downs=(
            articles(provider(), topic(umbrella_left_out="umbrella")),
            articles(provider(), count="total", name="of the provider"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="New, returning and silent providers",
        half=True,
        question="Who joins us, and who do we lose?",
        method="New: first article ever. Staying: also had articles in the period before. Returning: had articles "
        "earlier, none in the period before. Silent (below the line): had articles in the period before, none in this "
        "one. In the first period of a corpus all are new. Paler: an incomplete period.",
        analysis=turnover.provider_turnover,
        shown="names",
        pivot="providers",
        draw=bars.diverging_bars_by_period(
            "providers", "status", title="providers", colours=STATUSES, below=("silent",), tips=("n", "names")
        ),
        options=(QUARTERS,),
        drill_downs=(articles(providers_with_status, within=selection_without_start),),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Providers that went silent",
        half=True,
        question="Which provider has been silent for longer than ever?",
        method="From first to last article (dot); the dashed line is the last day of corpus and range. Overdue: silent "
        "for longer than ever, which its gaps before make improbable at a false discovery rate of 10 % among those "
        f"judged (by how often and how irregularly each had articles; from {turnover.MIN_DAYS} active days). Articles "
        "before the chosen range count too. Silent is who has no article of the selection: under a filter it may have "
        "others.",
        analysis=turnover.provider_activity,
        draw=draw_wrappers.first_rows_only(
            dots.day_spans(
                "provider",
                "first_day",
                "last_day",
                colour="status",
                colours=PUNCTUALITY,
                tips=("n", "days_since", "active_days", "usual_gap", "longest_gap"),
            ),
            what="providers",
        ),
        options=(Option("top", "Providers drawn (0: all)", (15, 30, 0), 15, drawn=True),),
        drill_downs=(articles(provider(), fixed("has", "published_at"), within=selection_without_start),),
    ),
)
