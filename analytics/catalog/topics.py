"""The views of the Topics page."""

from analytics.analyses.common import frequent_labels
from analytics.analyses.topics import changes, pairs, ranked
from analytics.analyses.topics import over_time as topics_over_time
from analytics.catalog.drill_down import SCORED, UNSCORED, articles, fixed, period, selection_without_days, topic
from analytics.catalog.view import CHANGE_TEST, GRAIN, Option, View
from analytics.charts import bars, dots, heatmap, intervals, network, over_time
from analytics.charts.theme import ACCENT, GREY, MAIN
from analytics.statistics.intervals import SMALL_N

PAGE = "Topics"

TABS = ("State", "Moves", "Together")
"""The tabs of the page, in their order."""

UMBRELLA = f"Umbrella topics (on at least {frequent_labels.UMBRELLA_SHARE:.0%} of the corpus) are left out"
MINIMUM = Option("minimum", "Articles together, at least", (1, 2, 5, 10, 20), 5)
PAIR_TIPS = ("n_a", "n_b", "share_both", "low", "high", "npmi")

_TOPIC = topic(umbrella_left_out=True)
_FIRST, _SECOND = topic("topic_a"), topic("topic_b")
_PAIR = (
    articles(_FIRST, _SECOND, name="with both"),
    articles(_FIRST, count="n_a", name="with the first topic"),
    articles(_SECOND, count="n_b", name="with the second topic"),
)

VIEWS = (
    View(
        page=PAGE,
        tab=TABS[0],
        title="Topics ranked",
        question="What are the articles about, and which topics get published?",
        method="Bars: articles; an article counts under each of its topics. Points: published, of those that say so, "
        f"with 95 % Wilson interval; hollow: n < {SMALL_N}. Grey: umbrella topics, on at least "
        f"{frequent_labels.UMBRELLA_SHARE:.0%} of the corpus or named in corpus.yml.",
        analysis=ranked.topics_ranked,
        shown="topic",
        draw=bars.counts_beside_shares(
            "topic",
            count_title="articles",
            share="share_published",
            share_title="share published",
            tips=("share", "share_low", "share_high", "median_quality", "scored", "umbrella"),
            grey_flag="umbrella",
        ),
        options=(Option("top", "Topics by name (0: all)", (6, 12, 24, 0), 12),),
        drill_downs=(
            articles(topic()),
            articles(topic(), fixed("state", "published"), count="published", name="published"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Topic quality over time",
        half=True,
        question="On which topics do we find good articles, and does that change?",
        method="Median quality of the articles with the topic in each period; empty without a score, n in the tooltip. "
        f"Half as high: an incomplete period. {UMBRELLA}.",
        analysis=topics_over_time.topic_quality_over_time,
        shown="median_quality",
        pivot="median_quality",
        draw=heatmap.by_period(
            heatmap.Cells("topic", "median_quality", "median quality (points)", ("n", "unscored", "small"), zero=False)
        ),
        options=(GRAIN, Option("top", "Topics by name (0: all)", (6, 12, 24, 0), 12)),
        drill_downs=(
            articles(period(), _TOPIC, SCORED, name="with a score"),
            articles(period(), _TOPIC, UNSCORED, count="unscored", name="without a score"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="First and last seen",
        half=True,
        question="Which topics are new, and which have gone quiet?",
        method="From the first article of a topic to its last (dot). Quiet: longer without an article, up to the last "
        f"day of corpus or range (dashed), than ever before; few: n < {SMALL_N}. Articles without a date are left out.",
        analysis=topics_over_time.topic_lifespans,
        shown="last",
        draw=dots.day_spans(
            "topic",
            "first",
            "last",
            colour="state",
            colours={"active": MAIN, "quiet": ACCENT, "few": GREY},
            tips=("days_since", "longest_gap", "n"),
        ),
        options=(Option("top", "Topics by name (0: all)", (6, 12, 24, 0), 24),),
        drill_downs=(
            articles(topic(), fixed("has", "published_at")),
            articles(topic(), fixed("lacks", "published_at"), count="undated", name="without a date"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Topics over time",
        question="How does the share of each topic move?",
        method="Articles with the topic, of all articles of the period; an article counts under each of its topics. "
        f"{UMBRELLA} unless shown.",
        analysis=ranked.topics_over_time,
        shown="topic",
        pivot="n",
        draw=over_time.lines("topic", titles={"share": "share of the period's articles", "count": "articles"}),
        options=(
            GRAIN,
            Option("measure", "Show", ("share", "count"), "share", drawn=True),
            Option("top", "Topics by name", (3, 5, 7, 12), 5),
            Option("umbrella", "Umbrella topics", ("left out", "shown"), "left out"),
        ),
        drill_downs=(articles(period(), topic(umbrella_left_out="umbrella")),),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Risers and fallers",
        question="Which topics rise and which fall?",
        method="Share of the articles in the earlier period (ring) and in the later one (dot); beside it the "
        f"difference. {CHANGE_TEST} Hollow: n < {SMALL_N}. {UMBRELLA}.",
        analysis=changes.topic_changes,
        shown="topic",
        draw=intervals.then_and_now(
            "topic", "share", title="share of the period's articles", difference_title="difference of the shares"
        ),
        options=(Option("top", "Largest moves by name (0: all)", (6, 12, 24, 0), 12),),
        drill_downs=(
            articles(_TOPIC, period("now_from", "now_to"), count="n_now", name="now", within=selection_without_days),
            articles(
                _TOPIC, period("then_from", "then_to"), count="n_then", name="then", within=selection_without_days
            ),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Topic ranks over time",
        question="Which topics lead, and who overtakes whom?",
        method="Place by articles among all topics of the period, for the topics that got highest; ties go to the "
        f"topic with more articles in all. Paler: an incomplete period. {UMBRELLA}.",
        analysis=topics_over_time.topic_ranks_over_time,
        pivot="rank",
        draw=over_time.bump("topic", "rank", title="place by articles"),
        options=(GRAIN, Option("top", "Topics", (3, 5, 7, 12), 7)),
        drill_downs=(articles(period(), topic()),),
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Topic pairs",
        question="Which topics meet in one article, and more often than by chance?",
        method="Jaccard: articles with both, of those with either. NPMI (Bouma 2009): 0 as by chance, 1 only together. "
        f"Empty: fewer articles together than asked for. {UMBRELLA}.",
        analysis=pairs.topic_pairs,
        draw=heatmap.pair_matrix(
            "topic_a",
            "topic_b",
            order_by="n",
            measure_titles={"npmi": "NPMI", "share_both": "Jaccard", "n": "articles with both"},
            tips=("n", *PAIR_TIPS),
            diverging_measures=("npmi",),
        ),
        options=(
            MINIMUM,
            Option("measure", "Show", ("npmi", "share_both", "n"), "npmi", drawn=True),
            Option("top", "Topics drawn (0: all)", (8, 16, 32, 0), 16, drawn=True),
        ),
        drill_downs=_PAIR,
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Topic network",
        question="What groups do the topics form?",
        method="Dots: topics, larger for more articles. Lines: pairs on enough articles together, thicker for more. "
        "Colours: Louvain groups, fixed seed. Distance is a drawing, not a measure; topics without a pair are not "
        f"drawn. {UMBRELLA}.",
        analysis=pairs.topic_network,
        draw=network.network("topic", size_title="articles", tips=PAIR_TIPS),
        options=(MINIMUM,),
        drill_downs=_PAIR,
    ),
)
