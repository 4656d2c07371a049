"""The views of the Quality page."""

from analytics.analyses.common.frequent_labels import GROUPS
from analytics.analyses.history import history_lists
from analytics.analyses.quality import publish_rule, scores
from analytics.catalog.drill_down import (
    DECIDED,
    PUBLISHED,
    SCORED,
    UNSCORED,
    articles,
    between,
    difference,
    fixed,
    group,
    label,
    period,
    provider,
    publish_exception,
    topic,
    unless_equal,
)
from analytics.catalog.view import GRAIN, LIMIT, Clause, DrillDown, Option, View
from analytics.charts import bars, distribution, dots, intervals, over_time
from analytics.corpus.record_fields import ALL_ARTICLES

PAGE = "Quality"

TABS = ("Level and trend", "Who and what", "The cut-off", "To decide")
"""The tabs of the page, in their order."""

_CUT_OFF = "The dashed line is the cut-off that corpus.yml gives or the whole corpus shows, where it has one."
_BY_THE_CUT_OFF = ("provider", "published_at", "quality", "beyond", "heat", "state")
_TOP = Option("top", "By name (0: all)", (6, 12, 24, 0), 12)
_RANGE = between("quality", "score_from", "score_to")
_GROUP = unless_equal("group", ALL_ARTICLES, group("by"))


def _by_score(clause: Clause) -> tuple[DrillDown, DrillDown]:
    """The articles with a label that have a score, and those that have none."""
    return (
        articles(clause, SCORED, count="scored", name="with a score"),
        articles(clause, UNSCORED, count=difference("n", "scored"), name="without a score"),
    )


VIEWS = (
    View(
        page=PAGE,
        tab=TABS[0],
        title="Quality distribution",
        question="How do the quality scores spread?",
        method=f"Counts by range of whole scores; ranges start at multiples of their width. {_CUT_OFF}",
        analysis=scores.quality_distribution,
        shown="score_from",
        draw=distribution.histogram(
            "score_from", "score_to", "state", title="quality (points)", y_title="articles", cut_off="cut_off"
        ),
        options=(Option("width", "Points a bar", (1, 5, 10), 5),),
        drill_downs=(articles(between("quality", "score_from", "score_to"), label("state")),),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        half=True,
        title="Quality over time",
        question="Does the quality of what we gather rise or fall?",
        method="Exact quantiles of the scores of each period: median (line), 25 to 75 % and 10 to 90 % (bands), "
        "articles with a score below. Dashed: the median of each stretch of weeks between changes of level (weekly "
        f"ranks, binary segmentation, 1 % by shuffles). Hollow: an incomplete period. {_CUT_OFF}",
        analysis=scores.quality_over_time,
        shown="median",
        draw=over_time.quantile_bands(
            "n", title="quality (points)", strip_title="scored", mean="stretch_median", cut_off="cut_off"
        ),
        options=(GRAIN,),
        drill_downs=(
            articles(period(), SCORED, name="with a score"),
            articles(period(), UNSCORED, count="unscored", name="without a score"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Quality against the comparison period",
        question="Did the scores shift against the comparison period?",
        method="Scores that 10, 25, 50, 75 and 90 % of the scored articles of each period do not exceed. The distance "
        "is Wasserstein's: how far the scores lie apart on average over the whole distribution.",
        analysis=scores.quality_shift,
        draw=dots.dumbbells(
            "quantile",
            "score_compared",
            "score",
            names=("comparison period", "selected period"),
            title="quality (points)",
            y_title="articles at or below",
            tips=("difference", "n", "n_compared", "distance"),
            cut_off="cut_off",
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Quality by topic",
        half=True,
        question="Which topics have the best articles?",
        method="Median (point) and middle half (bar) of the scores; hollow: n < 10, not ranked. An article counts "
        f"under each of its topics; umbrella topics are left out. {_CUT_OFF}",
        analysis=scores.quality_by_topic,
        shown="median",
        draw=dots.quartiles("topic", title="quality (points)", cut_off="cut_off"),
        options=(_TOP,),
        drill_downs=_by_score(topic(umbrella_left_out=True)),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Quality by provider",
        half=True,
        question="Which providers have the best articles?",
        method=f"Median (point) and middle half (bar) of the scores; hollow: n < 10, not ranked. {_CUT_OFF}",
        analysis=scores.quality_by_provider,
        shown="median",
        draw=dots.quartiles("provider", title="quality (points)", cut_off="cut_off"),
        options=(_TOP,),
        drill_downs=_by_score(provider()),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Quality, cumulative",
        question="Which groups reach which scores?",
        method="Share of each group's scored articles with this score or more. An article counts under each of its "
        f"topics; umbrella topics are left out. Dashed curve: n < 10. {_CUT_OFF}",
        analysis=scores.quality_cumulative,
        draw=distribution.shares_reaching_score(
            "group", title="quality (points)", y_title="share that reaches it", cut_off="cut_off"
        ),
        options=(Option("group", "Group", GROUPS, "provider"), Option("top", "Groups by name", (3, 5, 7, 12), 5)),
        drill_downs=(
            articles(
                group("group"), between("quality", "score", None), count="reached", name="with this score or more"
            ),
            articles(group("group"), SCORED, count="total", name="with a score"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Publish rule",
        question="Does the quality score alone decide what is published?",
        method="Share published of the scored articles that say so, by range of scores, with 95 % Wilson interval; "
        "hollow: n < 10. The cut-off is the score with the fewest exceptions in the whole corpus.",
        analysis=publish_rule.publish_rule,
        shown="score_from",
        draw=intervals.by_score_range(
            "share_published",
            "decided",
            title="quality (points)",
            share_title="share published",
            count_title="decided",
            cut_off="cut_off",
        ),
        options=(Option("width", "Points a range", (1, 5, 10), 5),),
        drill_downs=(
            articles(_RANGE, DECIDED, count="decided", name="decided"),
            articles(_RANGE, PUBLISHED, count="published", name="published"),
            articles(_RANGE, publish_exception, count="exceptions", name="exceptions"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Another cut-off",
        question="What would change with another cut-off?",
        method="Articles as recorded against the rule that all from the other cut-off on are published. An article "
        "counts under each of its topics and once under All others; umbrella topics are left out, and articles without "
        "another topic are a row of their own.",
        analysis=publish_rule.cut_off_what_if,
        draw=bars.diverging_bars(
            "group",
            "gained",
            "lost",
            names=("newly published", "no longer published"),
            title="articles that would change",
            tips=("n", "published", "would_be", "share_changed", "low", "high"),
        ),
        options=(
            Option("to", "Other cut-off", (50, 55, 60, 65, 68, 70, 72, 75, 80, 85, 90, 95, 100), 65),
            Option("by", "By", ("topic", "provider"), "topic"),
            _TOP,
        ),
        drill_downs=(
            articles(
                _GROUP,
                between("quality", "other_cut_off", None),
                fixed("state", "unpublished"),
                count="gained",
                name="newly published",
            ),
            articles(
                _GROUP,
                between("quality", None, "other_cut_off", add_to_high=-1),
                PUBLISHED,
                count="lost",
                name="no longer published",
            ),
            articles(_GROUP, SCORED, DECIDED, name="all of them"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[3],
        title="Exceptions to the publish rule",
        question="Which articles were published below the cut-off, or left unpublished above it?",
        method="Articles on the wrong side of the cut-off of the whole corpus, the newest first.",
        analysis=publish_rule.publish_exceptions,
        columns=_BY_THE_CUT_OFF,
        options=(LIMIT,),
    ),
    View(
        page=PAGE,
        tab=TABS[3],
        title="Near misses",
        question="Which articles only just missed the cut-off, or only just made it?",
        method="Articles within so many points of the cut-off of the whole corpus, the newest first.",
        analysis=publish_rule.near_misses,
        columns=_BY_THE_CUT_OFF,
        options=(
            Option("side", "Side of the cut-off", publish_rule.SIDES, publish_rule.BOTH),
            Option("width", "Points", (3, 5, 10), 5),
            LIMIT,
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[3],
        title="Decisions changed",
        question="Which decisions were changed after publication?",
        method="Changes of the published flag of a life after a version in which it was published; from, to, and the "
        "quality before and then.",
        analysis=history_lists.decisions_changed,
        columns=("provider", "changed_at", "quality", "from_state", "to_state"),
        requires="history",
    ),
)
