"""The views of the Topics page."""

from analytics.analyses import topic_changes, topic_history, topic_life, topic_pairs, topics
from analytics.catalog import behind
from analytics.catalog.options import GRAIN
from analytics.charts import bump, heatmap, matrix, network, ranking, spans, then_now, timeline
from analytics.charts.theme import ACCENT, GREY, MAIN
from analytics.stats import SMALL_N
from analytics.view import Option, View

PAGE = "Topics"

UMBRELLA = f"Umbrella topics (on at least {topics.UMBRELLA_SHARE:.0%} of the corpus) are left out"
MINIMUM = Option("minimum", "Articles together, at least", (1, 2, 5, 10, 20), 5)
PAIR_TIPS = ("n_a", "n_b", "share_both", "low", "high", "npmi")

_TOPIC = behind.topic(umbrella=True)
_FIRST, _SECOND = behind.topic("topic_a"), behind.topic("topic_b")
_PAIR = (
    behind.articles(_FIRST, _SECOND, name="with both"),
    behind.articles(_FIRST, count="n_a", name="with the first topic"),
    behind.articles(_SECOND, count="n_b", name="with the second topic"),
)

VIEWS = (
    View(
        page=PAGE,
        title="Topics ranked",
        question="What are the articles about, and which topics get published?",
        method="Bars: articles; an article counts under each of its topics. Points: published, of those that say so, "
        f"with 95 % Wilson interval; hollow: n < {SMALL_N}. Grey: umbrella topics, on at least "
        f"{topics.UMBRELLA_SHARE:.0%} of the corpus.",
        table=topics.TOPICS_RANKED,
        compute=topics.topics_ranked,
        finding=topics.topics_ranked_finding,
        draw=ranking.ranked_shares(
            "topic",
            count_title="articles",
            share="share_published",
            share_title="share published",
            tips=("share", "share_low", "share_high", "median_quality", "scored", "umbrella"),
            grey="umbrella",
        ),
        options=(Option("top", "Topics by name (0: all)", (6, 12, 24, 0), 12),),
        behind=(
            behind.articles(behind.topic()),
            behind.articles(behind.topic(), behind.always("state", "published"), count="published", name="published"),
        ),
    ),
    View(
        page=PAGE,
        title="Topics over time",
        question="How does the share of each topic move?",
        method="Articles with the topic, of all articles of the period; an article counts under each of its topics. "
        f"{UMBRELLA} unless shown.",
        table=topics.TOPICS_OVER_TIME,
        compute=topics.topics_over_time,
        finding=topics.topics_over_time_finding,
        pivot="n",
        draw=timeline.lines("topic", titles={"share": "share of the period's articles", "count": "articles"}),
        options=(
            GRAIN,
            Option("measure", "Show", ("share", "count"), "share", drawn=True),
            Option("top", "Topics by name", (3, 5, 7, 12), 5),
            Option("umbrella", "Umbrella topics", ("left out", "shown"), "left out"),
        ),
        behind=(behind.articles(behind.period(), behind.topic(umbrella="umbrella")),),
    ),
    View(
        page=PAGE,
        title="Risers and fallers",
        question="Which topics rise and which fall?",
        method="Share of the articles in the earlier period (ring) and in the later one (dot); beside it the "
        "difference with its 95 % Newcombe interval, coloured when that leaves out 0; one topic in twenty does so by "
        f"chance alone. Hollow: n < {SMALL_N}. {UMBRELLA}.",
        table=topic_changes.TOPIC_CHANGES,
        compute=topic_changes.topic_changes,
        finding=topic_changes.topic_changes_finding,
        draw=then_now.then_and_now(
            "topic", "share", title="share of the period's articles", difference_title="difference of the shares"
        ),
        options=(Option("top", "Largest moves by name (0: all)", (6, 12, 24, 0), 12),),
        behind=(
            behind.articles(
                _TOPIC, behind.period("now_from", "now_to"), count="n_now", name="now", within=behind.any_day
            ),
            behind.articles(
                _TOPIC, behind.period("then_from", "then_to"), count="n_then", name="then", within=behind.any_day
            ),
        ),
    ),
    View(
        page=PAGE,
        title="Topic ranks over time",
        question="Which topics lead, and who overtakes whom?",
        method="Place by articles among all topics of the period, for the topics that got highest; ties go to the "
        f"topic with more articles in all. Paler: a period that is not over. {UMBRELLA}.",
        table=topic_history.TOPIC_RANKS_OVER_TIME,
        compute=topic_history.topic_ranks_over_time,
        finding=topic_history.topic_ranks_over_time_finding,
        pivot="rank",
        draw=bump.bump("topic", "rank", title="place by articles"),
        options=(GRAIN, Option("top", "Topics", (3, 5, 7, 12), 7)),
        behind=(behind.articles(behind.period(), behind.topic()),),
    ),
    View(
        page=PAGE,
        title="Topic quality over time",
        question="On which topics do we find good articles, and does that change?",
        method="Median quality of the articles with the topic in each period; empty without a score, n in the tooltip. "
        f"Half as high: a period that is not over. {UMBRELLA}.",
        table=topic_history.TOPIC_QUALITY_OVER_TIME,
        compute=topic_history.topic_quality_over_time,
        finding=topic_history.topic_quality_over_time_finding,
        pivot="median_quality",
        draw=heatmap.by_period(
            heatmap.Cells("topic", "median_quality", "median quality (points)", ("n", "unscored", "small"), zero=False)
        ),
        options=(GRAIN, Option("top", "Topics by name (0: all)", (6, 12, 24, 0), 12)),
        behind=(
            behind.articles(behind.period(), _TOPIC, behind.SCORED, name="with a score"),
            behind.articles(behind.period(), _TOPIC, behind.UNSCORED, count="unscored", name="without a score"),
        ),
    ),
    View(
        page=PAGE,
        title="First and last seen",
        question="Which topics are new, and which have gone quiet?",
        method="From the first article of a topic to its last (dot). Quiet: longer without an article, up to the last "
        f"day of corpus or range (dashed), than ever before; few: n < {SMALL_N}. Articles without a date are left out.",
        table=topic_life.TOPIC_LIFESPANS,
        compute=topic_life.topic_lifespans,
        finding=topic_life.topic_lifespans_finding,
        draw=spans.spans(
            "topic",
            "first",
            "last",
            colour="state",
            colours={"active": MAIN, "quiet": ACCENT, "few": GREY},
            tips=("days_since", "longest_gap", "n"),
        ),
        options=(Option("top", "Topics by name (0: all)", (6, 12, 24, 0), 24),),
        behind=(
            behind.articles(behind.topic(), behind.always("has", "published_at")),
            behind.articles(
                behind.topic(), behind.always("lacks", "published_at"), count="undated", name="without a date"
            ),
        ),
    ),
    View(
        page=PAGE,
        title="Topic pairs",
        question="Which topics meet in one article, and more often than by chance?",
        method="Jaccard: articles with both, of those with either. NPMI (Bouma 2009): 0 as by chance, 1 only together. "
        f"Empty: fewer articles together than asked for. {UMBRELLA}.",
        table=topic_pairs.TOPIC_PAIRS,
        compute=topic_pairs.topic_pairs,
        finding=topic_pairs.topic_pairs_finding,
        draw=matrix.matrix(
            "topic_a",
            "topic_b",
            weight="n",
            titles={"npmi": "NPMI", "share_both": "Jaccard", "n": "articles with both"},
            tips=("n", *PAIR_TIPS),
        ),
        options=(
            MINIMUM,
            Option("measure", "Show", ("npmi", "share_both", "n"), "npmi", drawn=True),
            Option("top", "Topics drawn (0: all)", (8, 16, 32, 0), 16, drawn=True),
        ),
        behind=(*_PAIR,),
    ),
    View(
        page=PAGE,
        title="Topic network",
        question="What groups do the topics form?",
        method="Dots: topics, larger for more articles. Lines: pairs on enough articles together, thicker for more. "
        "Colours: Louvain groups, fixed seed. Distance is a drawing, not a measure; topics without a pair are not "
        f"drawn. {UMBRELLA}.",
        table=topic_pairs.TOPIC_NETWORK,
        compute=topic_pairs.topic_network,
        finding=topic_pairs.topic_network_finding,
        draw=network.network("topic", title="articles", tips=PAIR_TIPS),
        options=(MINIMUM,),
        behind=(*_PAIR,),
    ),
)
