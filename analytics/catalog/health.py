"""The views of the Data health page."""

from analytics.analyses import data_health, duplicate_stories
from analytics.analyses.history import history_lists
from analytics.catalog.drill_down import articles, difference, field_presence, fixed, label, period, provider
from analytics.catalog.view import GRAIN, Clause, DrillDown, Option, View
from analytics.charts import bars, draw_wrappers, heatmap
from analytics.charts.theme import ACCENT, GREY, MAIN, STEPS

PAGE = "Data health"

TABS = ("To mend", "Completeness", "Repeated and unstable", "Sources")
"""The tabs of the page, in their order."""

BAND_COLOURS = dict(zip(data_health.BANDS, STEPS, strict=True))

BANDS = (
    "Missing from none: complete; from at most "
    + ", ".join(f"{limit} %: {band}" for band, limit in data_health.BAND_LIMITS.items() if limit)
    + "; from more: critical; from all: missing wholly."
)

CELLS = heatmap.Cells(
    "field",
    "share",
    "share of the articles that have the field",
    tips=("present", "n", "low", "high"),
    step="band",
    steps=BAND_COLOURS,
)


def _with_and_without(*clauses: Clause) -> tuple[DrillDown, DrillDown]:
    """The articles that lack the row's field, and those that have it."""
    return (
        articles(*clauses, field_presence("lacks"), count=difference("n", "present"), name="without it"),
        articles(*clauses, field_presence("has"), count="present", name="with it"),
    )


VIEWS = (
    View(
        page=PAGE,
        tab=TABS[1],
        title="Completeness by field",
        half=True,
        question="Which fields of the record are missing, and how often?",
        method=f"Articles that have the field, of all; a heat of -1 counts as there. {BANDS}",
        analysis=data_health.completeness_by_field,
        draw=draw_wrappers.with_labelled_names(
            bars.bars(
                "field",
                "share",
                title="share of all articles that have the field",
                colour="band",
                colours=BAND_COLOURS,
                tips=("present", "n", "low", "high"),
            ),
            "field",
        ),
        drill_downs=_with_and_without(),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Completeness by collection",
        half=True,
        question="Which collections lack which fields?",
        method=f"Articles of the collection that have the field, of all of the collection. {BANDS}",
        analysis=data_health.completeness_by_collection,
        draw=draw_wrappers.with_labelled_names(heatmap.by_label("collection", CELLS), "field"),
        options=(Option("top", "Collections by name (0: all)", (3, 6, 12, 0), 6),),
        drill_downs=_with_and_without(label("collection")),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Completeness over time",
        question="Since when are fields missing, and are the gaps closing?",
        method="Articles of the UTC period that have the field, of all of the period; the date is left out, which "
        f"all of them have. Empty: no articles. Half as high: an incomplete period. {BANDS}",
        analysis=data_health.completeness_over_time,
        pivot="share",
        draw=draw_wrappers.with_labelled_names(heatmap.by_period(CELLS), "field"),
        options=(GRAIN,),
        drill_downs=_with_and_without(period()),
    ),
    View(
        page=PAGE,
        tab=TABS[3],
        title="Where fields come from",
        question="Which keys of the front matter were taken for which fields?",
        method="Articles that have the field, by the key that it came from: the record's own wherever it is, else the "
        "first of those that stand for it at other kinds of sites. Of several authors the first is the provider; an "
        "outlet without a name is called by the domain of the address.",
        analysis=data_health.field_sources,
        draw=draw_wrappers.with_labelled_names(
            draw_wrappers.with_columns_joined_by_arrow(
                bars.bars(
                    "source",
                    "files",
                    title="articles",
                    colour="origin",
                    colours=dict(zip(data_health.ORIGINS, (GREY, MAIN, ACCENT), strict=True)),
                    tips=("n", "share"),
                ),
                "source",
                "field",
                "key",
            ),
            "field",
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Problems by kind",
        question="What is wrong with the files?",
        method="Problems that were met while reading, counted by kind. Error: a value or an article is lost. Warning: "
        "what is there is doubtful. Info: it was read, and noted. With filters, those of the selected articles only.",
        analysis=data_health.problems_by_code,
        draw=bars.bars("code", "problems", title="problems", colour="severity", tips=("files", "meaning")),
        drill_downs=(articles(label("problem", "code"), count="articles"),),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Problems listed",
        question="Which files have to be mended, and where?",
        method="Every problem with file and line. With filters, those of the selected articles only.",
        analysis=data_health.problems_listed,
        columns=("line", "field", "severity", "code", "value", "message"),
        options=(Option("level", "Show", tuple(data_health.LEVELS), "all"),),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Problems by provider",
        question="Whose articles have problems?",
        method="Bars: articles with at least a warning. Points: their share of the provider's articles, with 95 % "
        "Wilson interval; hollow: n < 10. Files that are no articles have no provider and are not counted.",
        analysis=data_health.problems_by_provider,
        draw=bars.counts_beside_shares(
            "provider",
            count="affected",
            count_title="articles affected",
            share="share_affected",
            share_title="share affected",
            tips=("error", "warning", "info"),
        ),
        options=(Option("top", "Providers by name (0: all)", (6, 12, 24, 0), 6),),
        drill_downs=(
            articles(provider(), fixed("severity", "error", "warning"), count="affected", name="affected"),
            articles(provider()),
        ),
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Near-duplicates",
        question="Which articles tell a story again that is already there?",
        method="Indel similarity of the headlines, case and accents aside, from 96 % on; below, its mean with that of "
        "the excerpts. Headlines less than 80 % alike or with other numbers are other stories. Of more than "
        f"{duplicate_stories.MOST_ARTICLES:,} articles only the same headlines are found.",
        analysis=duplicate_stories.near_duplicates,
        caveat=duplicate_stories.repeats_left_out,
        columns=("similarity", "decisions", "provider", "published_at"),
        options=(Option("least", "Similarity from (%)", (80, 85, 90, 95), duplicate_stories.LEAST),),
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Unstable scores",
        question="Which files have a score that does not hold still?",
        method="Changes of the score that a file shows, over all articles that had the file: flips are changes in the "
        "other direction than the one before, by swap those that came with another article. Unranked heat and missing "
        "scores are passed over.",
        analysis=history_lists.unstable_scores,
        columns=("provider", "newest", "changes", "flips", "by_swap", "lowest", "highest"),
        options=(Option("score", "Score", ("quality", "heat"), "quality"),),
        requires="history",
    ),
    View(
        page=PAGE,
        tab=TABS[2],
        title="Slug takeovers",
        question="Which files go from one article to another, and what does that do to their score?",
        method="Files that held different articles, told apart by domain and address, after one another; a takeover is "
        "each time that the one in the file changes. It is no event of the heat of any of them.",
        analysis=history_lists.slug_takeovers,
        columns=("takeovers", "sides", "decisions", "last_at"),
        requires="history",
    ),
)
