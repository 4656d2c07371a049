"""The views of the Stories page."""

from analytics.analyses import stories
from analytics.catalog.view import LIMIT, Option, View
from analytics.charts import intervals
from analytics.charts.intervals import EstimateColumns

PAGE = "Stories"

TABS = ("Listed", "What an outlet adds")
"""The tabs of the page, in their order."""

_SHOW = Option("show", "Show", stories.KINDS, stories.SEVERAL)
_METHOD = (
    "A story: articles whose headlines share most of their words (token-set similarity of 80 % or more) within 7 days, "
    "over 28 days at most, and not only numbers that differ."
)

VIEWS = (
    View(
        page=PAGE,
        tab=TABS[0],
        title="Stories",
        question="Which events do several articles tell, who told them first, and what was decided?",
        method=f"{_METHOD} The lead is the first published article, else the first.",
        analysis=stories.stories_listed,
        too_few=stories.one_of_each_story,
        columns=("provider", "published_at", "n", "published", "unpublished", "first_provider", "quality"),
        options=(_SHOW, LIMIT),
    ),
    View(
        page=PAGE,
        tab=TABS[0],
        title="Articles of the stories",
        question="Which articles tell the newest of these stories?",
        method=_METHOD,
        analysis=stories.story_articles,
        too_few=stories.one_of_each_story,
        columns=("rank", "provider", "published_at", "hours", "state", "quality"),
        options=(_SHOW, Option("limit", "Stories", (10, 25, 50, 100), 25)),
    ),
    View(
        page=PAGE,
        tab=TABS[1],
        title="The same story, another outlet",
        question="Whose articles score more than others on the same story, and whose less?",
        method="Each scored article less the mean of the other outlets' of its story; 95 % intervals by stories; told "
        f"apart: at most one in ten by chance. Outlets with at least {stories.FEWEST_STORIES} shared stories.",
        analysis=stories.provider_premium,
        too_few=stories.one_of_each_story,
        draw=intervals.by_label(
            ("provider",),
            EstimateColumns("difference", "low", "high", "points above the others on the same story", rule=0),
            tips=("stories", "n", "q"),
        ),
    ),
)
