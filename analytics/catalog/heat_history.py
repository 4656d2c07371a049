"""The views of the Heat page that read the history."""

from analytics.analyses import history_cooling, history_curve, history_decisions, history_lists, history_spread
from analytics.analyses.history_groups import GROUPS, TOP
from analytics.analyses.history_rules import CLASSES, RULES, UNCLASSED
from analytics.catalog.options import DRAWN, LIMIT
from analytics.charts import choice, dots, history, ranking
from analytics.charts.theme import COLOURS, GREY
from analytics.stats import SMALL_N
from analytics.view import Option, View

PAGE = "Heat"

BY = Option("by", "Compare by", GROUPS, GROUPS[0])

COLOUR_OF_CLASS = dict(zip(CLASSES, (GREY, *COLOURS), strict=False)) | dict.fromkeys(UNCLASSED, GREY)
COLOUR_OF_STATUS = dict(zip(history_lists.STATUSES, (COLOURS[1], COLOURS[3], COLOURS[0]), strict=True))

VIEWS = (
    View(
        page=PAGE,
        title="Heat curve",
        question="How does heat move away from quality in the hours after a story is first seen?",
        method="Median (line) and middle half (band) of heat minus quality by hours since the first commit, of the "
        "lives whose beginning was seen; below, how many are at risk: still seen, there and ranked. Lives that never "
        f"rose are left out unless all are asked for. Steps with n < {SMALL_N} are in the table only; the {TOP} groups "
        "with most lives go by name.",
        table=history_curve.HEAT_CURVE,
        compute=history_curve.heat_curve,
        finding=history_curve.heat_curve_finding,
        draw=history.curves("group", title="heat minus quality (points)", strip_title="at risk"),
        options=(
            BY,
            Option("reach", "Days", tuple(history_curve.STEPS), 7),
            Option("which", "Lives", history_curve.LIVES_SHOWN, history_curve.ROSE),
        ),
        needs="history",
    ),
    View(
        page=PAGE,
        title="Heat lives",
        question="Which stories ran hottest, longest or again and again?",
        method="Lives (path, domain and address together) whose heat rose above quality. Peak: highest heat minus "
        "quality. Reset: heat comes back from above quality to it or below. Unranked times and takeovers are no moves.",
        table=history_lists.HEAT_LIVES,
        compute=history_lists.heat_lives,
        finding=history_lists.heat_lives_finding,
        draw=choice.by_option(
            "sort",
            {
                name: dots.ranked(column, title=title, colour="class", colours=COLOUR_OF_CLASS)
                for (name, column), title in zip(
                    history_lists.SORTS.items(), ("points", "hours", "hours", "resets"), strict=True
                )
            },
        ),
        options=(Option("sort", "Rank by", tuple(history_lists.SORTS), "peak lift"), LIMIT),
        table_open=True,
        needs="history",
    ),
    View(
        page=PAGE,
        title="Heat lives, spread",
        question="How far, how late and how long does heat usually run above quality?",
        method="Lives whose beginning was seen and whose heat rose above quality, by range of the measure; shares of "
        f"all of them with 95 % Wilson interval; hollow: n < {SMALL_N}.",
        table=history_spread.HEAT_LIFE_DISTRIBUTION,
        compute=history_spread.heat_life_distribution,
        finding=history_spread.heat_life_distribution_finding,
        draw=ranking.ranked_shares(
            "range", count_title="lives", share="share", share_title="share of the lives that rose", tips=("total",)
        ),
        options=(Option("measure", "Measure", tuple(history_spread.EDGES), "peak lift"),),
        needs="history",
    ),
    View(
        page=PAGE,
        title="Time to cool",
        question="How long does a story stay warm, and does that depend on what it is?",
        method="Kaplan-Meier share of lives still above quality by hours since their first rise, with 95 % interval "
        "(log-log). Only lives whose beginning was seen; those last seen warm, unranked or gone are right-censored "
        "(ticks). Log-rank p of each group by name against all other lives, by Holm's method; groups with n < "
        f"{SMALL_N} are in the table only.",
        table=history_cooling.TIME_TO_COOL,
        compute=history_cooling.time_to_cool,
        finding=history_cooling.time_to_cool_finding,
        draw=history.survival(
            "group",
            title="hours since heat rose above quality",
            y_title="share of lives still warm",
            tips=("cooled", "censored", "median", "n", "p"),
        ),
        options=(BY,),
        needs="history",
    ),
    View(
        page=PAGE,
        title="Classes of life",
        question="How many stories never move, flare up once, come late or come back?",
        method=f"{RULES} Shares of the lives that have a class, with 95 % Wilson interval.",
        table=history_spread.LIFE_CLASSES,
        compute=history_spread.life_classes,
        finding=history_spread.life_classes_finding,
        draw=ranking.ranked_shares(
            "class",
            count_title="lives",
            share="share",
            share_title="share of the lives with a class",
            tips=("total", "median_quality"),
        ),
        needs="history",
    ),
    View(
        page=PAGE,
        title="Warm now",
        question="What is warming, and what has just cooled?",
        method="At the newest commit, whatever today is: heat above quality with the last move up or down; or back at "
        "quality, or below, within the chosen hours before.",
        table=history_lists.WARM_NOW,
        compute=history_lists.warm_now,
        finding=history_lists.warm_now_finding,
        draw=choice.first(
            dots.ranked("peak_lift", title="highest lift (points)", colour="status", colours=COLOUR_OF_STATUS),
            what="articles, the warming ones first",
        ),
        options=(Option("within", "Cooled within (hours)", (24, 48, 168, 720), 48), DRAWN),
        table_open=True,
        needs="history",
    ),
    View(
        page=PAGE,
        title="Decisions changed",
        question="Which decisions were changed after publication?",
        method="Changes of the published flag of a life after a version in which it was published; from, to, and the "
        "quality before and then.",
        table=history_decisions.DECISIONS_CHANGED,
        compute=history_decisions.decisions_changed,
        finding=history_decisions.decisions_changed_finding,
        draw=ranking.counted("to_state", title="changes of a decision"),
        table_open=True,
        needs="history",
    ),
)
