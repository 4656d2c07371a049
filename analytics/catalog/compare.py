"""The views of the Compare page: they take a Comparison where those of the other pages take a Slice."""

from analytics.analyses import (
    comparison,
    comparison_differences,
    comparison_scores,
    comparison_shares,
    comparison_split,
)
from analytics.charts import changes
from analytics.charts import comparison as charts
from analytics.charts.ranking import bars
from analytics.stats import SMALL_N
from analytics.view import Option, View

PAGE = "Compare"

WIDTH = Option("width", "Points in a range", comparison_scores.WIDTHS, 5)
SHOWN = Option("show", "Show", ("in each range", "this or more"), "in each range", drawn=True)
TOP = Option("top", "Largest differences", (5, 8, 15), 8)

_SPREAD = "Shares of each selection's own articles with a score, so that sizes do not matter. Dashed: fewer than "
_SHARES = (
    "Share of all articles of each selection, less that of the first, with Newcombe's 95 % interval; coloured where "
    "that is apart from zero, which chance alone does with one label in twenty."
)

_VIEWS = (
    View(
        page=PAGE,
        title="Differences",
        question="How far does each selection lie from the first?",
        method="Shares with Newcombe's 95 % interval; medians with a percentile bootstrap interval; Cliff's delta: how "
        "much more often an article of the one scores above one of the other than below (Feng, Cliff 2004), negligible "
        f"below 0.147, small below 0.33, medium below 0.474. Hollow: fewer than {SMALL_N} articles on a side.",
        table=comparison_differences.COMPARED_DIFFERENCES,
        compute=comparison_differences.compared_differences,
        finding=comparison_differences.compared_differences_finding,
        draw=charts.differences(
            {
                "share": "difference of shares",
                "points": "difference of medians, points",
                "Cliff's delta": "Cliff's delta",
            }
        ),
    ),
    View(
        page=PAGE,
        title="Figures side by side",
        question="How do the selections stand?",
        method="Articles a day over the days of the chosen range; share published of the articles that say so and "
        "share unranked of those with a heat, with 95 % Wilson intervals.",
        table=comparison.COMPARED_FIGURES,
        compute=comparison.compared_figures,
        finding=comparison.compared_figures_finding,
        draw=charts.figures("articles", "share_published", "median_quality"),
    ),
    View(
        page=PAGE,
        title="Quality over one another",
        question="Do the quality scores spread alike?",
        method=f"{_SPREAD}{SMALL_N}.",
        table=comparison_scores.COMPARED_QUALITY,
        compute=comparison_scores.compared_quality,
        finding=comparison_scores.compared_scores_finding,
        draw=charts.spread(
            title="quality",
            y_title="share of the articles",
            reached_title="share with this quality or more",
            option=SHOWN.name,
            reached="this or more",
        ),
        options=(WIDTH, SHOWN),
    ),
    View(
        page=PAGE,
        title="Heat over one another",
        question="Does the heat spread alike?",
        method=f"{_SPREAD}{SMALL_N}. Unranked articles (-1) are left out.",
        table=comparison_scores.COMPARED_HEAT,
        compute=comparison_scores.compared_heat,
        finding=comparison_scores.compared_scores_finding,
        draw=charts.spread(
            title="heat",
            y_title="share of the articles",
            reached_title="share with this heat or more",
            option=SHOWN.name,
            reached="this or more",
        ),
        options=(WIDTH, SHOWN),
    ),
    View(
        page=PAGE,
        title="Topics that differ",
        question="Which topics account for the difference?",
        method=f"{_SHARES} An article counts under each of its topics; umbrella topics are left out.",
        table=comparison_shares.COMPARED_TOPICS,
        compute=comparison_shares.compared_topics,
        finding=comparison_shares.compared_shares_finding,
        draw=changes.changes(
            "topic", title="difference in share", by="selection", tips=("n", "first_n", "share", "first_share")
        ),
        options=(TOP,),
    ),
    View(
        page=PAGE,
        title="Providers that differ",
        question="Which providers account for the difference?",
        method=_SHARES,
        table=comparison_shares.COMPARED_PROVIDERS,
        compute=comparison_shares.compared_providers,
        finding=comparison_shares.compared_shares_finding,
        draw=changes.changes(
            "provider", title="difference in share", by="selection", tips=("n", "first_n", "share", "first_share")
        ),
        options=(TOP,),
    ),
    View(
        page=PAGE,
        title="Rates or mix",
        question="Is it that providers do otherwise, or that other providers come?",
        method="Kitagawa's split: the parts of all providers add up to the whole difference exactly. It says "
        "nothing of chance, for which see Differences. Topics cannot be split so: an article has several.",
        table=comparison_split.COMPARED_BY_PROVIDER,
        compute=comparison_split.compared_by_provider,
        finding=comparison_split.compared_by_provider_finding,
        draw=charts.split("provider"),
        options=(Option("measure", "Difference of", tuple(comparison_split.MEASURES), "share published"), TOP),
    ),
    View(
        page=PAGE,
        title="Articles in two selections",
        question="Are the selections independent?",
        method="Articles that are in both; differences of selections that share articles are no tests.",
        table=comparison.COMPARED_OVERLAPS,
        compute=comparison.compared_overlaps,
        finding=comparison.compared_overlaps_finding,
        draw=bars("pair", "n_both", title="articles in both", colour="pair"),
    ),
)

COMPARED: dict[str, View] = {view.slug: view for view in _VIEWS}
"""Slug → view, in the order of the page; what stands first is the answer."""
