"""The views of the Timeline page."""

from analytics.analyses import timeline
from analytics.analyses.history import commits_and_outages
from analytics.catalog.drill_down import articles, between, hour, label, period, rolling_window
from analytics.catalog.view import DRAWN, GRAIN, Option, View
from analytics.charts import bars, dots, draw_wrappers, heatmap, history, over_time
from analytics.charts.theme import ACCENT, COLOURS, MAIN
from analytics.selection.fields import WEEKDAYS

PAGE = "Timeline"

TABS = ("Volume", "Pipeline")
"""The tabs of the page, in their order."""

REASONS = dict(zip(timeline.REASONS, (MAIN, COLOURS[4], ACCENT), strict=True))

VIEWS = (
    View(
        page=PAGE,
        tab=TABS[0],
        title="Articles with rolling mean",
        question="Do we gather more or fewer articles than before?",
        method="Bars: articles by UTC period; empty periods count 0. Line: mean of the period and those before it, as "
        "many as the window says; it begins where the window is full and leaves out incomplete periods (paler).",
        analysis=timeline.articles_smoothed,
        draw=over_time.bars_with_mean_line(
            "n", "rolling_mean", title="articles", names=("articles", "rolling mean"), tips=("window", "window_n")
        ),
        options=(GRAIN, Option("window", "Window (periods)", (3, 6, 12, 24), 6)),
        drill_downs=(articles(period()), articles(rolling_window, count="window_n", name="of the rolling mean")),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Calendar",
        question="On which days do articles come, and where are the holes?",
        method="A cell a day (UTC), weeks from Monday; outlined: no article. The newest calendar years only, as many "
        "as chosen. Darker in steps of the square root, so that one rush does not pale the rest.",
        analysis=timeline.articles_by_day,
        draw=heatmap.calendar(WEEKDAYS, title="articles of the day"),
        options=(Option("years", "Years", (1, 2, 3, 5), 2),),
        drill_downs=(articles(period("day", "day")),),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Weekdays and hours",
        half=True,
        question="At what time of the week are articles published?",
        method="Articles by weekday and hour of publishedDateTime in UTC, whatever the time zone of the outlet; "
        "those with a date alone have no hour and are left out.",
        analysis=timeline.articles_by_hour,
        draw=heatmap.by_label(
            "hour", heatmap.Cells("weekday", "n", "articles", tips=("total", "share", "low", "high"))
        ),
        drill_downs=(articles(label("weekday"), hour()),),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Unusual days",
        half=True,
        question="On which days was something out of the ordinary?",
        method="Expected is the level of the weeks nearby (6 before and after, without the stretch's own) times the "
        "share of the weekday. Chance is negative binomial, with how much the weeks and the days of this corpus differ "
        "by themselves; days beside it with a chance up to 5 % join, and an empty stretch counts as one. Named is what "
        "the weeks before make improbable, and those after too, at a false discovery rate of at most 10 % of all days "
        "(Benjamini-Hochberg). Grey: the middle 90 % of chance; tick: the expected number.",
        analysis=timeline.unusual_days,
        too_few=timeline.too_few_for_unusual_days,
        draw=draw_wrappers.first_rows_only(
            dots.runs_against_usual_range(
                "first_day",
                "last_day",
                "n",
                title="articles in the stretch",
                colour="reason",
                colours=REASONS,
                tips=("days", "nearby", "q"),
            ),
            what="unusual days or stretches, the newest",
        ),
        options=(DRAWN,),
        drill_downs=(articles(period("first_day", "last_day")),),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Publish date and file date",
        half=True,
        question="How long after their publish date are articles filed?",
        method="Days from the publish day (UTC) to the date in the file name. A day either way can be the time zone. "
        "Shares of the articles that have both dates, with 95 % Wilson interval.",
        analysis=timeline.publish_lag,
        draw=bars.counts_with_share_texts("lag", title="articles", tips=("total",)),
        drill_downs=(articles(between("lag", "days_from", "days_to")),),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Time to first commit",
        half=True,
        question="How long after its publish time does an article come into the corpus?",
        method="Hours from publishedDateTime to the first commit that holds the article, of lives that were not there "
        "at the first commit of the history; a date without a time is left out. Shares with 95 % Wilson interval.",
        analysis=commits_and_outages.first_commit_lag,
        draw=bars.counts_with_share_texts("lag", title="articles", tips=("total", "median")),
        requires="history",
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Pipeline pulse",
        question="How often is the corpus written, and how much of that is noise?",
        method="Hours between two commits by UTC period of the later one: median (line), 25 to 75 % and 10 to 90 % "
        "(bands). Below: commits, or the share of touches of an article file that change nothing but `secured`. All "
        "commits, whatever is selected.",
        analysis=commits_and_outages.pipeline_pulse,
        draw=draw_wrappers.by_option(
            "below",
            {
                "commits": over_time.quantile_bands("commits", title="hours between commits", strip_title="commits"),
                "noise": over_time.quantile_bands(
                    "share_noise", title="hours between commits", strip_title="share noise"
                ),
            },
        ),
        options=(GRAIN, Option("below", "Below", ("commits", "noise"), "commits", drawn=True)),
        requires="history",
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="Pipeline outages",
        question="When did the pipeline stand still?",
        method=f"Gaps between two commits of at least {commits_and_outages.OUTAGE_HOURS} hours and "
        f"{commits_and_outages.OUTAGE_TIMES_USUAL} times the usual one: the median of the "
        f"{commits_and_outages.USUAL_GAPS} gaps around it. All commits, whatever is selected. Outages of "
        f"{commits_and_outages.NOTED_HOURS} hours or more can be drawn on all charts over time.",
        analysis=commits_and_outages.pipeline_gaps,
        draw=history.gap_lengths_over_time(title="hours without a commit"),
        requires="history",
    ),
)
