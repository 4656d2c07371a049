"""The views of the Compare page: they take a Comparison where those of the other pages take a Slice."""

from analytics.analyses.comparison import differences, figures_and_scores
from analytics.catalog.view import CHANGE_TEST, ComparisonView, Option
from analytics.charts import comparison as charts
from analytics.charts import intervals
from analytics.charts.bars import bars
from analytics.statistics.intervals import SMALL_N

PAGE = "Compare"

WIDTH = Option("width", "Points in a range", figures_and_scores.WIDTHS, 5)
SHOWN = Option("show", "Show", ("in each range", "this or more"), "in each range", drawn=True)
TOP = Option("top", "Largest differences", (5, 8, 15), 8)

_SPREAD = "Shares of each selection's own articles with a score, so that sizes do not matter. Dashed: fewer than "
_SHARES = f"Share of all articles of each selection, less that of the first. {CHANGE_TEST}"

_VIEWS = (
    ComparisonView(
        page=PAGE,
        title="Differences",
        question="How far does each selection lie from the first?",
        method="Shares, and Cliff's delta: how much more often an article of the one scores above one of the other "
        "than below, negligible below 0.147, small below 0.33, medium below 0.474. "
        f"{CHANGE_TEST} Hollow: too few to tell.",
        analysis=differences.compared_differences,
        draw=charts.differences({"share": "difference of shares", "Cliff's delta": "Cliff's delta"}),
    ),
    ComparisonView(
        page=PAGE,
        title="Figures side by side",
        question="How do the selections stand?",
        method="Articles a day over the days of the chosen range; share published of the articles that say so and "
        "share unranked of those with a heat, with 95 % Wilson intervals.",
        analysis=figures_and_scores.compared_figures,
        draw=charts.key_figure_bars("articles", "share_published", "median_quality"),
    ),
    ComparisonView(
        page=PAGE,
        title="Quality over one another",
        question="Do the quality scores spread alike?",
        method=f"{_SPREAD}{SMALL_N}.",
        analysis=figures_and_scores.compared_quality,
        draw=charts.score_distributions(
            title="quality",
            y_title="share of the articles",
            reached_title="share with this quality or more",
            option=SHOWN.name,
            reached="this or more",
        ),
        options=(WIDTH, SHOWN),
    ),
    ComparisonView(
        page=PAGE,
        title="Heat over one another",
        question="Does the heat spread alike?",
        method=f"{_SPREAD}{SMALL_N}. Unranked articles (-1) are left out.",
        analysis=figures_and_scores.compared_heat,
        draw=charts.score_distributions(
            title="heat",
            y_title="share of the articles",
            reached_title="share with this heat or more",
            option=SHOWN.name,
            reached="this or more",
        ),
        options=(WIDTH, SHOWN),
    ),
    ComparisonView(
        page=PAGE,
        title="Topics that differ",
        question="Which topics differ?",
        method=f"{_SHARES} An article counts under each of its topics; umbrella topics are left out.",
        analysis=differences.compared_topics,
        draw=intervals.changes(
            "topic", title="difference in share", panel_by="selection", tips=("n", "first_n", "share", "first_share")
        ),
        options=(TOP,),
    ),
    ComparisonView(
        page=PAGE,
        title="Providers that differ",
        question="Which providers differ?",
        method=_SHARES,
        analysis=differences.compared_providers,
        draw=intervals.changes(
            "provider", title="difference in share", panel_by="selection", tips=("n", "first_n", "share", "first_share")
        ),
        options=(TOP,),
    ),
    ComparisonView(
        page=PAGE,
        title="Rates or mix",
        question="Is it that providers do otherwise, or that other providers come?",
        method="Kitagawa's split: the parts of all providers add up to the whole difference exactly. It says "
        "nothing of chance, for which see Differences. Topics cannot be split so: an article has several.",
        analysis=differences.compared_by_provider,
        draw=charts.difference_parts("provider"),
        options=(Option("measure", "Difference of", tuple(differences.SPLIT_MEASURES), "share published"), TOP),
    ),
    ComparisonView(
        page=PAGE,
        title="Articles in two selections",
        question="Are the selections independent?",
        method="Articles that are in both; differences of selections that share articles are no tests.",
        analysis=figures_and_scores.compared_overlaps,
        draw=bars("pair", "n_both", title="articles in both", colour="pair"),
    ),
)

COMPARED: dict[str, ComparisonView] = {view.slug: view for view in _VIEWS}
"""Slug → view, in the order of the page; what stands first is the answer."""
