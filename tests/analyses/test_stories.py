"""Stories: which are listed, who leads, where decisions differ, and what an outlet adds."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from scipy.stats import ttest_1samp

from analytics.analyses.stories import (
    BETTER_UNPUBLISHED,
    KINDS,
    NONE_PUBLISHED,
    SEVERAL,
    TWO_DECISIONS,
    provider_premium,
    stories_listed,
    story_articles,
)
from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import Article, article, articles, corpus_of, part_of, real_corpus

DAM = "The dam of Ellery breaks in the night"
GRID = "Northfell connects a second power line"
ROWS = [
    article(title=DAM, at="2024-03-01T08:00:00Z", provider="Courier", quality=60, published=False),
    article(title=f"Update: {DAM}", at="2024-03-01T20:00:00Z", provider="Ledger", quality=50, published=True),
    article(title=DAM, at="2024-03-03T08:00:00Z", provider="Courier", quality=40, published=True),
    article(title=GRID, at="2024-05-01", provider="Ledger", published=False),
    article(title=GRID, at="2024-05-02", published=False),
    article(title="A tower is built in Oxley", at="2024-05-02", quality=90, published=True),
]


def test_a_story_has_a_lead_a_first_teller_and_its_decisions() -> None:
    table = stories_listed(part_of(ROWS))
    rows = table[["title", "provider", "n", "providers", "published", "unpublished", "first_provider", "hours"]]
    assert rows.to_dict("split")["data"] == [
        [GRID, "Ledger", 2, 1, 0, 2, "Ledger", 24.0],
        [f"Update: {DAM}", "Ledger", 3, 2, 2, 1, "Courier", 48.0],
    ]
    assert table["quality"].tolist()[1:] == [50]
    assert table["quality_unpublished"].tolist()[1:] == [60]
    assert stories_listed.finding(table) == (
        f'2 stories; 5 of 6 articles tell a story that another tells too. The largest listed has 3 articles: "Update: '
        f'{DAM}" (Ledger). 1 listed story has two decisions.'
    )


@pytest.mark.parametrize(
    ("times", "first", "hours", "hours_after_first"),
    [
        (("2024-03-01T08:00:00Z", "2024-03-01"), None, None, [None, None]),
        (("2024-03-01T00:00:00Z", "2024-03-02"), "A", None, [0.0, None]),
        (("2024-03-02T00:00:00Z", "2024-03-01"), "B", None, [None, None]),
        (("2024-03-01", "2024-03-02"), "A", None, [None, None]),
        (("2024-03-01T08:00:00Z", "2024-03-02", "2024-03-03T08:00:00Z"), "A", 48.0, [0.0, None, 48.0]),
        (("2024-03-01T08:00:00Z", "2024-03-01T08:00:00Z"), None, 0.0, [0.0, 0.0]),
    ],
)
def test_a_date_alone_is_no_midnight_in_a_story(
    times: tuple[str, ...], first: str | None, hours: float | None, hours_after_first: list[float | None]
) -> None:
    rows = [article(title=DAM, at=time, provider=name) for name, time in zip("ABC", times, strict=False)]
    for row, time in zip(rows, times, strict=True):
        row.fields["publishedDateTime"] = time
    listed = stories_listed(part_of(rows))
    told = story_articles(part_of(rows)).sort_values("provider")
    assert [known(value) for value in (*listed["first_provider"], *listed["hours"])] == [first, hours]
    assert [known(value) for value in told["hours"]] == hours_after_first


def known(value: object) -> object:
    return None if pd.isna(value) else value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "titles"),
    [
        (SEVERAL, [GRID, f"Update: {DAM}"]),
        (TWO_DECISIONS, [f"Update: {DAM}"]),
        (BETTER_UNPUBLISHED, [f"Update: {DAM}"]),
        (NONE_PUBLISHED, [GRID]),
    ],
)
def test_stories_of_a_kind_can_be_listed(kind: str, titles: list[str]) -> None:
    assert stories_listed(part_of(ROWS), show=kind)["title"].tolist() == titles
    assert story_articles(part_of(ROWS), show=kind)["story"].nunique() == len(titles)


def test_the_articles_of_a_story_are_in_the_order_in_which_they_came() -> None:
    table = story_articles(part_of(ROWS))
    assert list(zip(table["rank"], table["provider"], table["hours"], strict=True)) == [
        (1, "Ledger", 0.0),
        (1, "(none)", 24.0),
        (2, "Courier", 0.0),
        (2, "Ledger", 12.0),
        (2, "Courier", 48.0),
    ]
    assert table["collection"].tolist() == ["news"] * 5
    assert story_articles.finding(table) == "5 articles of 2 stories."
    assert story_articles.finding(story_articles(part_of(ROWS), limit=1)) == "2 articles of the newest 1 of 2 stories."


def test_a_story_is_that_of_the_selected_articles() -> None:
    assert stories_listed(part_of(ROWS, providers=("Courier",)))["n"].tolist() == [2]
    empty = stories_listed(part_of(ROWS[-1:]))
    assert stories_listed.finding(empty) == "No two of the articles tell such a story."
    assert story_articles.finding(story_articles(part_of([]))) == "No two of the articles tell such a story."


ALONE = "Only the first article of each story is selected: there is no other to compare it with."


@pytest.mark.parametrize("slug", ["stories_listed", "story_articles", "provider_premium"])
def test_the_first_article_of_each_story_leaves_nothing_to_compare(slug: str) -> None:
    """Of the six articles three are left, of which none tells the story of another: which is no finding."""
    view, once, all_of_them = VIEWS[slug], part_of(ROWS, first_of_story=True), part_of(ROWS)
    assert once.n == 3
    assert view.answer(once).empty
    assert view.full_finding(once, view.answer(once)) == ALONE
    table = view.answer(all_of_them)
    assert view.full_finding(all_of_them, table) == view.finding(table) != ALONE


@pytest.mark.slow
@given(articles(max_size=30))
def test_lists_are_those_of_a_loop(listed: list[Article]) -> None:
    data = Slice(corpus_of(listed))
    numbers = sorted(zip(data.stories, data.articles["path"], strict=True))
    members = {story: [path for _, path in rows] for story, rows in groupby(numbers, key=lambda each: each[0])}
    several = {story: paths for story, paths in members.items() if len(paths) > 1}
    table, rows = stories_listed(data, limit=100), story_articles(data, limit=100)
    assert dict(zip(table["story"], table["n"], strict=True)) == {story: len(paths) for story, paths in several.items()}
    assert {story: sorted(found["path"]) for story, found in rows.groupby("story")} == several
    assert all(lead in several[story] for story, lead in zip(table["story"], table["path"], strict=True))
    for kind in KINDS[1:]:
        assert set(stories_listed(data, show=kind, limit=100)["story"]) <= set(several)


EVENTS = (
    *("The dam of Ellery breaks", "Northfell connects power lines", "Oxley builds tall towers"),
    *("Winter storms close harbours", "Miners strike near Ravensluis", "Lithium prices double again"),
)


def shared_stories(difference: int) -> list[Article]:
    """Six events that Tall, Other and Third tell; Tall's score is higher by about so much."""
    rows = []
    for place, title in enumerate(EVENTS):
        for provider, more in (("Tall", difference + place % 3 - 1), ("Other", 0), ("Third", 1)):
            quality = 50 + 5 * place + more
            rows.append(article(title=title, at=f"2024-0{place + 1}-03", provider=provider, quality=quality))
    return rows


def test_what_an_outlet_adds_is_the_mean_difference_in_shared_stories() -> None:
    table = provider_premium(part_of(shared_stories(12))).set_index("provider")
    tall = table.loc["Tall"]
    differences = [12 + place % 3 - 1 - 0.5 for place in range(6)]
    interval = ttest_1samp(differences, 0).confidence_interval()
    assert (tall["stories"], tall["n"], tall["difference"]) == (6, 6, pytest.approx(11.5))
    assert (tall["low"], tall["high"]) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert table["apart"].to_dict() == {"Tall": True, "Third": True, "Other": True}
    assert provider_premium.finding(table.reset_index()).startswith(
        "On the same story Tall scores 11.5 points more [+11, +12]"
    )


def test_outlets_with_the_same_scores_are_not_told_apart() -> None:
    rows = [
        article(title=title, at=f"2024-0{place + 1}-03", provider=provider, quality=50 + (place + shift) % 4)
        for place, title in enumerate(EVENTS)
        for shift, provider in ((0, "A"), (2, "B"))
    ]
    table = provider_premium(part_of(rows))
    assert not table["apart"].any()
    assert provider_premium.finding(table) == (
        "No outlet scores clearly more or less than others on the same story (2 outlets compared)."
    )


def test_few_shared_stories_say_nothing() -> None:
    assert provider_premium.finding(provider_premium(part_of(ROWS))) == "No outlet shares 5 stories with others."
    assert provider_premium(part_of([])).empty


def test_the_planted_difference_of_outlets_is_found_in_the_sample(sample: Corpus) -> None:
    table = provider_premium(Slice(sample))
    assert table.loc[table["apart"], "provider"].tolist() == ["Harrow Wire"]


@pytest.mark.shared
def test_one_story_of_a_real_site_has_many_copies(shared: Callable[[str], Path]) -> None:
    data = Slice(real_corpus(shared("powerapps")), Selection(start=date(2021, 8, 1), end=date(2021, 8, 31)))
    largest = stories_listed(data).sort_values("n").iloc[-1]
    assert (largest["n"], largest["provider"], largest["first_provider"]) == (23, "ZDNet", "ZDNet")
