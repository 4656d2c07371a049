"""The views of the Review page: what the verdicts of review sessions teach."""

from analytics.analyses.review import agreement, score_accuracy, verdicts
from analytics.catalog.view import Option, View
from analytics.charts import draw_wrappers, heatmap, intervals
from analytics.charts.intervals import EstimateColumns, bland_altman

PAGE = "Review"

TABS: tuple[str, ...] = ()
"""The page is short, and has no tabs."""

_SESSIONS = Option("sessions", "Sessions", verdicts.SESSIONS, verdicts.ALL)
_OF_ITEMS = "The verdict of an item is the group's where it settled it, else what most people said; a tie is none."

VIEWS = (
    View(
        page=PAGE,
        title="Agreement",
        question="How far do people agree with each other, beyond chance?",
        method="Each person's first verdict of an item: what was changed later does not count; skips are none. Raw: "
        "pairs of verdicts on the same item that agree. Cohen's kappa is the mean over pairs of people; Fleiss' is on "
        "items judged by equally many; alpha takes all, ordinal only ranked verdicts. 95 % percentile bootstrap over "
        "items; hollow: n < 10. Dashed: the alpha of 0.667 from which Krippendorff allows tentative conclusions (firm "
        "ones from 0.8).",
        analysis=agreement.review_agreement,
        draw=intervals.by_label(
            ("session", "session_title"),
            EstimateColumns("value", "low", "high", "agreement (0: by chance, but for raw agreement)", rule=0.667),
            colour="measure",
            tips=("n_items", "n_people", "note"),
        ),
        options=(_SESSIONS,),
        requires="reviewed",
    ),
    View(
        page=PAGE,
        title="Agreement of two",
        question="Which two people see things differently?",
        method="Items on which both gave a verdict, the first of each, and those with the same one, with 95 % Wilson "
        "interval; hollow: n < 10. Cohen's kappa of all verdicts, and of the ranked ones weighted linearly by rank.",
        analysis=agreement.review_pairs,
        draw=intervals.by_label(
            ("session", "person", "other"),
            EstimateColumns("share", "low", "high", "share of items with the same verdict"),
            tips=("n_items", "kappa", "n_ranked", "kappa_weighted"),
        ),
        options=(_SESSIONS,),
        requires="reviewed",
    ),
    View(
        page=PAGE,
        title="Suggested against recorded quality",
        question="How far do people's qualities lie from the recorded ones?",
        method="Suggested minus recorded quality (of when the agenda was made) against the mean of both (Bland, Altman "
        "1986). Rule: mean difference; dashed: 1.96 standard deviations from it. Suggestions of several people for one "
        "item are not independent, so n is shown of both.",
        analysis=score_accuracy.suggested_quality,
        draw=bland_altman(
            "mean",
            "difference",
            titles=("mean of suggested and recorded quality (points)", "suggested minus recorded"),
            tips=("title", "provider", "session", "person", "recorded", "suggested", "path"),
        ),
        options=(_SESSIONS,),
        requires="reviewed",
    ),
    View(
        page=PAGE,
        title="Suggested quality by group",
        question="Whose recorded quality do people find too high or too low?",
        method="Mean of suggested minus recorded quality with 95 % t interval, and limits of agreement; hollow: n < 10 "
        "items. Suggestions for one item are not independent: the interval is cluster-robust by item. An item counts "
        "under each of its topics; umbrella topics are left out.",
        analysis=score_accuracy.suggested_quality_by,
        draw=draw_wrappers.first_rows_only(
            intervals.by_label(
                ("group",),
                EstimateColumns("bias", "bias_low", "bias_high", "suggested minus recorded quality (points)", rule=0),
                tips=("n", "n_items", "sd", "low_limit", "high_limit"),
            ),
            what="groups",
        ),
        options=(
            Option("by", "By", score_accuracy.BY, "provider"),
            _SESSIONS,
            Option("top", "Shown (0: all)", (12, 24, 0), 12, drawn=True),
        ),
        requires="reviewed",
    ),
    View(
        page=PAGE,
        title="Control sample",
        question="How often is the recorded score right?",
        method="The verdict of an item is what most people said first, before discussion and, in the control sample, "
        "before they saw the score; a tie is none. Share of the items whose verdict says that the score is right, of "
        "those whose verdict says anything of it, with 95 % Wilson interval, for the control sample with "
        "finite-population correction (n out of the eligible articles); hollow: n < 10. Only the random control sample "
        "speaks for the selection; targeted items are on the agenda because something is doubtful.",
        analysis=score_accuracy.control_sample,
        draw=intervals.by_label(
            ("session", "session_title"),
            EstimateColumns("share", "low", "high", "share of items whose score is right"),
            colour="sample",
            tips=("right", "n", "eligible", "items", "silent", "undecided"),
        ),
        requires="reviewed",
    ),
    View(
        page=PAGE,
        title="Drift between sessions",
        question="Do people's standards move from session to session?",
        method="First verdicts: share of those that say the score is right, of those that say anything of it; 95 % "
        "Wilson interval of as many cases as items; hollow: n < 10. Mean of suggested minus recorded quality with 95 % "
        "t interval, cluster-robust by item. Agendas differ: a change can be theirs.",
        analysis=score_accuracy.review_drift,
        draw=intervals.by_session(
            EstimateColumns("share", "low", "high", "agree with the score"),
            EstimateColumns("difference", "difference_low", "difference_high", "suggested − recorded", rule=0),
            tips=("n", "n_items", "suggestions", "suggested_items"),
        ),
        requires="reviewed",
    ),
    View(
        page=PAGE,
        title="Verdicts by agenda reason",
        question="Which agenda reasons are worth the time?",
        method=f"{_OF_ITEMS} Share of the items of a reason that have a verdict; an item counts under each of its "
        "reasons. Undecided items are counted apart.",
        analysis=verdicts.verdicts_by_reason,
        draw=heatmap.by_label(
            "verdict",
            heatmap.Cells(
                "reason",
                "share",
                "share of the reason's items that have a verdict",
                tips=("n", "decided", "undecided", "low", "high", "wrong"),
            ),
        ),
        options=(_SESSIONS,),
        requires="reviewed",
    ),
    View(
        page=PAGE,
        title="Verdicts of the items",
        question="What became of each item of the agendas?",
        method=_OF_ITEMS,
        analysis=verdicts.reviewed_items,
        columns=("provider", "session_title", "recorded", "verdict", "basis", "verdicts"),
        options=(_SESSIONS,),
        requires="reviewed",
    ),
    View(
        page=PAGE,
        title="Decisions",
        question="What did groups decide, and what is still open?",
        method="The latest decision of each item; open points (to be looked at again, reopened) first.",
        analysis=verdicts.review_decisions_listed,
        columns=("provider", "session_title", "at", "quality", "outcome", "verdict", "by", "note"),
        options=(_SESSIONS,),
        requires="reviewed",
    ),
)
