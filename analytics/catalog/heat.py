"""The views of the Heat page."""

from analytics.analyses import heat, heat_lists, heat_states
from analytics.catalog import behind, behind_rows, heat_history
from analytics.catalog.options import GRAIN, LIMIT
from analytics.charts import distribution, dots, ranking, rates, timeline
from analytics.charts.theme import FIXED
from analytics.view import Option, View

PAGE = "Heat"

_RANGES = (
    behind.between("quality", "quality_from", "quality_to"),
    behind.having("heat_from", behind.between("heat", "heat_from", "heat_to"), behind.label("heat_state")),
)

VIEWS = (
    View(
        page=PAGE,
        title="Heat by state",
        question="How many articles run hotter than their quality, and how many have no heat at all?",
        method="Articles by where their heat stands to their quality. A heat of -1 means unranked: counted, never "
        "averaged.",
        table=heat_states.HEAT_BY_STATE,
        compute=heat_states.heat_by_state,
        finding=heat_states.heat_by_state_finding,
        draw=ranking.bars(
            "kind",
            "n",
            title="articles",
            colour="kind",
            colours={kind: FIXED.get(kind, FIXED["(none)"]) for kind in heat_states.HEAT_KINDS},
            tips=("total", "share", "low", "high"),
        ),
        behind=(behind.articles(behind_rows.heat_kind),),
    ),
    View(
        page=PAGE,
        title="Heat lift",
        question="How far does heat move away from quality?",
        method="Heat minus quality in whole points, of the articles that have both; unranked ones (-1) and those "
        "without heat are counted apart. The articles whose heat is their quality are left out of the chart unless "
        "shown, for they can dwarf the rest.",
        table=heat_states.HEAT_LIFT_DISTRIBUTION,
        compute=heat_states.heat_lift_distribution,
        finding=heat_states.heat_lift_distribution_finding,
        draw=distribution.peaks(
            "lift",
            "kind",
            title="heat minus quality (points)",
            y_title="articles",
            option="zero",
            label=heat_states.PLACES[1],
        ),
        options=(Option("zero", "Articles at quality", ("left out", "shown"), "left out", drawn=True),),
        behind=(behind.articles(behind.having("lift", behind.between("lift", "lift", "lift"), behind_rows.heat_kind)),),
    ),
    View(
        page=PAGE,
        title="Heat lift over time",
        question="When do stories run hotter than their quality?",
        method="Heat minus quality of the articles that have both, unranked ones (-1) left out: median (line), mean "
        "(dashed), 25 to 75 % and 10 to 90 % (bands); below, how many articles that is.",
        table=heat.HEAT_LIFT_OVER_TIME,
        compute=heat.heat_lift_over_time,
        finding=heat.heat_lift_over_time_finding,
        draw=timeline.band(
            "compared", title="heat minus quality (points)", strip_title="articles", mean="mean_lift", rule=0
        ),
        options=(GRAIN,),
        behind=(
            behind.articles(behind.period(), behind.always("has", "lift"), count="compared", name="with both scores"),
            behind.articles(
                behind.period(), behind.always("lift_min", "1"), count="lifted", name="hotter than their quality"
            ),
        ),
    ),
    View(
        page=PAGE,
        title="Unranked over time",
        question="How many articles are left unranked, and when?",
        method="Unranked (heat of -1), of the articles of the period that have a heat field, with 95 % Wilson "
        "interval; hollow: n < 10; paler: a period that is not over.",
        table=heat.UNRANKED_OVER_TIME,
        compute=heat.unranked_over_time,
        finding=heat.unranked_over_time_finding,
        draw=rates.by_period("share_unranked", "n", share_title="share unranked", count_title="with heat"),
        options=(GRAIN,),
        behind=(
            behind.articles(
                behind.period(), behind.always("heat_state", "unranked"), count="unranked", name="unranked"
            ),
            behind.articles(behind.period(), behind.always("has", "heat"), name="with heat"),
            behind.articles(behind.period(), behind.always("lacks", "heat"), count="missing", name="without heat"),
        ),
    ),
    View(
        page=PAGE,
        title="Quality and heat",
        question="Does heat follow quality?",
        method="Articles by range of quality and of heat, ranges starting at multiples of their width. On the dashed "
        "line heat equals quality. Unranked articles (-1) and those without a score are in the table only.",
        table=heat_states.QUALITY_AND_HEAT,
        compute=heat_states.quality_and_heat,
        finding=heat_states.quality_and_heat_finding,
        draw=distribution.joint(
            "quality",
            "heat",
            x_title="quality (points)",
            y_title="heat (points)",
            tips=("n", "equal", "compared", "share", "low", "high"),
        ),
        options=(Option("width", "Points a range", (5, 10, 20), 10),),
        behind=(
            behind.articles(*_RANGES),
            behind.articles(
                *_RANGES,
                behind.always("lift_min", "0"),
                behind.always("lift_max", "0"),
                count="equal",
                name="heat equals quality",
            ),
        ),
    ),
    View(
        page=PAGE,
        title="Hottest articles",
        question="Which articles are the hottest?",
        method="Articles with the highest heat, unranked ones (-1) left out; ties by path.",
        table=heat_lists.HOTTEST_ARTICLES,
        compute=heat_lists.hottest_articles,
        finding=heat_lists.hottest_articles_finding,
        draw=dots.articles(title="points"),
        options=(LIMIT,),
        table_open=True,
    ),
    View(
        page=PAGE,
        title="Most lifted articles",
        question="Which articles run hottest for their quality?",
        method="Articles whose heat is above their quality, the farthest first; ties by path.",
        table=heat_lists.MOST_LIFTED_ARTICLES,
        compute=heat_lists.most_lifted_articles,
        finding=heat_lists.most_lifted_articles_finding,
        draw=dots.articles(title="points"),
        options=(LIMIT,),
        table_open=True,
    ),
    *heat_history.VIEWS,
)
