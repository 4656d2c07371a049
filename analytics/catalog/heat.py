"""The views of the Heat page."""

from analytics.analyses import heat
from analytics.analyses.history import heat_over_life, history_lists
from analytics.analyses.history.lives import GROUPS, RULES, TOP
from analytics.catalog.drill_down import articles, between, fixed, heat_kind, if_known, label, period
from analytics.catalog.view import GRAIN, LIMIT, Option, View
from analytics.charts import bars, distribution, history, intervals, over_time
from analytics.charts.theme import FIXED
from analytics.statistics.intervals import SMALL_N

PAGE = "Heat"

TABS = ("Hot now", "How it behaves", "Lives", "Against quality")
"""The tabs of the page, in their order."""

BY = Option("by", "Compare by", GROUPS, GROUPS[0])

_RANGES = (
    between("quality", "quality_from", "quality_to"),
    if_known("heat_from", between("heat", "heat_from", "heat_to"), label("heat_state")),
)

VIEWS = (
    View(
        page=PAGE,
        tab=TABS[3],
        title="Heat by state",
        half=True,
        question="How many articles run hotter than their quality, and how many have no heat at all?",
        method="Articles by where their heat stands to their quality. A heat of -1 means unranked: counted, never "
        "averaged.",
        analysis=heat.heat_by_state,
        draw=bars.bars(
            "kind",
            "n",
            title="articles",
            colour="kind",
            colours={kind: FIXED.get(kind, FIXED["(none)"]) for kind in heat.HEAT_KINDS},
            tips=("total", "share", "low", "high"),
        ),
        drill_downs=(articles(heat_kind),),
    ),
    View(
        page=PAGE,
        tab=TABS[3],
        title="Heat lift",
        half=True,
        question="How far does heat move away from quality?",
        method="Heat minus quality in whole points, of the articles that have both; unranked ones (-1) and those "
        "without heat are counted apart. The articles whose heat is their quality are left out of the chart unless "
        "shown, for they can dwarf the rest.",
        analysis=heat.heat_lift_distribution,
        shown="lift",
        draw=distribution.counts_by_value(
            "lift",
            "kind",
            title="heat minus quality (points)",
            y_title="articles",
            left_out_option="zero",
            left_out_label=heat.LIFT_KINDS[1],
        ),
        options=(Option("zero", "Articles at quality", ("left out", "shown"), "left out", drawn=True),),
        drill_downs=(articles(if_known("lift", between("lift", "lift", "lift"), heat_kind)),),
    ),
    View(
        page=PAGE,
        tab=TABS[3],
        title="Heat lift over time",
        question="When do stories run hotter than their quality?",
        method="Heat minus quality of the articles that have both, unranked ones (-1) left out: median (line), mean "
        "(dashed), 25 to 75 % and 10 to 90 % (bands); below, how many articles that is.",
        analysis=heat.heat_lift_over_time,
        shown="median",
        draw=over_time.quantile_bands(
            "compared", title="heat minus quality (points)", strip_title="articles", mean="mean_lift", rule=0
        ),
        options=(GRAIN,),
        drill_downs=(
            articles(period(), fixed("has", "lift"), count="compared", name="with both scores"),
            articles(period(), fixed("lift_min", "1"), count="lifted", name="hotter than their quality"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[3],
        title="Quality and heat",
        half=True,
        question="Does heat follow quality?",
        method="Articles by range of quality and of heat, ranges starting at multiples of their width. On the dashed "
        "line heat equals quality. Unranked articles (-1) and those without a score are in the table only.",
        analysis=heat.quality_and_heat,
        shown="share",
        draw=distribution.joint_histogram(
            "quality",
            "heat",
            x_title="quality (points)",
            y_title="heat (points)",
            tips=("n", "equal", "compared", "share", "low", "high"),
        ),
        options=(Option("width", "Points a range", (5, 10, 20), 10),),
        drill_downs=(
            articles(*_RANGES),
            articles(
                *_RANGES, fixed("lift_min", "0"), fixed("lift_max", "0"), count="equal", name="heat equals quality"
            ),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[3],
        title="Unranked over time",
        half=True,
        question="How many articles are left unranked, and when?",
        method="Unranked (heat of -1), of the articles of the period that have a heat field, with 95 % Wilson "
        "interval; hollow: n < 10; paler: an incomplete period.",
        analysis=heat.unranked_over_time,
        shown="share_unranked",
        draw=intervals.by_period("share_unranked", "n", share_title="share unranked", count_title="with heat"),
        options=(GRAIN,),
        drill_downs=(
            articles(period(), fixed("heat_state", "unranked"), count="unranked", name="unranked"),
            articles(period(), fixed("has", "heat"), name="with heat"),
            articles(period(), fixed("lacks", "heat"), count="missing", name="without heat"),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Warm now",
        question="What is warming, and what has just cooled?",
        method="At the newest commit, whatever today is. Warming, cooling: heat above quality, last moved up or down "
        "within the window. Just cooled: back at quality, or below, within it. Standing: above quality, without a move "
        "in it; last on the list.",
        analysis=history_lists.warm_now,
        columns=("provider", "moved_at", "lift", "status", "heat", "state"),
        options=(Option("within", "Moved within", tuple(history_lists.WINDOWS), "7 days"),),
        requires="history",
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Hottest articles",
        question="Which articles are the hottest?",
        method="Articles with the highest heat, unranked ones (-1) left out; ties by path.",
        analysis=heat.hottest_articles,
        columns=("provider", "published_at", "heat", "quality", "state"),
        options=(LIMIT,),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Most lifted articles",
        question="Which articles run hottest for their quality?",
        method="Articles whose heat is above their quality, the farthest first; ties by path.",
        analysis=heat.most_lifted_articles,
        columns=("provider", "published_at", "lift", "heat", "quality", "state"),
        options=(LIMIT,),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Heat curve",
        question="How does heat move away from quality in the hours after a story is first seen?",
        method="Median (line) and middle half (band) of heat minus quality by hours since the first commit, of the "
        "lives whose beginning was seen; below, how many are at risk: still seen, there and ranked. Lives that never "
        f"rose are left out unless all are asked for. Steps with n < {SMALL_N} are in the table only; the {TOP} groups "
        "with most lives go by name.",
        analysis=heat_over_life.heat_curve,
        draw=history.quartiles_since_first_seen("group", title="heat minus quality (points)", strip_title="at risk"),
        options=(
            BY,
            Option("reach", "Days", tuple(heat_over_life.HOURS_A_STEP), 7),
            Option("which", "Lives", heat_over_life.LIVES_SHOWN, heat_over_life.LIVES_THAT_ROSE),
        ),
        requires="history",
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Time to cool",
        question="How long does a story stay warm, and does that depend on what it is?",
        method="Kaplan-Meier share of lives still above quality by hours since their first rise, with 95 % interval "
        "(log-log). Only lives whose beginning was seen; those last seen warm, unranked or gone are right-censored "
        "(ticks). Log-rank p of each group by name against all other lives, by Holm's method; groups with n < "
        f"{SMALL_N} are in the table only.",
        analysis=heat_over_life.time_to_cool,
        draw=history.survival(
            "group",
            x_title="hours since heat rose above quality",
            y_title="share of lives still warm",
            tips=("cooled", "censored", "median", "n", "p"),
        ),
        options=(BY,),
        requires="history",
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Heat lives",
        question="Which stories ran hottest, longest or again and again?",
        method="Lives (path, domain and address together) whose heat rose above quality. Peak: highest heat minus "
        "quality. Reset: heat comes back from above quality to it or below. Unranked times and takeovers are no moves.",
        analysis=history_lists.heat_lives,
        columns=("provider", *history_lists.SORTS.values(), "class"),
        options=(Option("sort", "Rank by", tuple(history_lists.SORTS), "peak lift"), LIMIT),
        requires="history",
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Heat lives, spread",
        half=True,
        question="How far, how late and how long does heat usually run above quality?",
        method="Lives whose beginning was seen and whose heat rose above quality, by range of the measure; shares of "
        "all of them with 95 % Wilson interval.",
        analysis=heat_over_life.heat_life_distribution,
        draw=bars.counts_with_share_texts("range", title="lives", tips=("total",)),
        options=(Option("measure", "Measure", tuple(heat_over_life.RANGE_STARTS), "peak lift"),),
        requires="history",
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Classes of life",
        half=True,
        question="How many stories never move, flare up once, come late or come back?",
        method=f"{RULES} Shares of the lives that have a class, with 95 % Wilson interval.",
        analysis=heat_over_life.life_classes,
        draw=bars.counts_with_share_texts("class", title="lives", tips=("total", "median_quality")),
        requires="history",
    ),
)
