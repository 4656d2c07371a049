"""What is said of days: the clock, dates far from all others, and periods that are compared; exact texts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from analytics.analyses.common.days_of_slice import (
    articles_outside_calendar,
    compared_with_text,
    corpus_is_old_text,
)
from analytics.analyses.overview import key_figures
from analytics.catalog import VIEWS
from analytics.corpus.loader import Corpus
from analytics.engine.slice import Slice
from analytics.reports.report.recipe_reports import raised_alerts, recipe_selection
from analytics.reports.report.report import build_report
from analytics.selection.selection import Selection
from analytics.userdata.recipes import AlertThresholds, Recipe
from tests.corpora import Article, article, corpus_of, part_of

TIME_VIEWS = [slug for slug, view in VIEWS.items() if not view.requires and view.page in ("Briefing", "Timeline")]
TIME_VIEWS += ["provider_activity", "provider_turnover", "topics_over_time", "topic_lifespans"]
LATE = date(2026, 11, 28)


def steady(first: date, days: int, *, step: int = 1, **fields: Any) -> list[Article]:
    return [article(at=str(first + timedelta(days=step * day)), **fields) for day in range(days)]


SPRING = steady(date(2026, 3, 1), 92, provider="A", topics=["AI"], quality=70, published=True)
"""An article a day from March to May 2026."""


def figures(data: Slice) -> dict[str, tuple[object, object]]:
    table = key_figures(data)
    whole = table[table["period"].isna()]
    return dict(zip(whole["figure"], zip(whole["value"], whole["change"], strict=True), strict=True))


@pytest.mark.slow
def test_one_date_in_2062_changes_no_view_and_is_a_problem() -> None:
    fields = {"provider": "A", "named": "2026-05-09"}
    typo, without = (
        Slice(corpus_of([*SPRING, last], LATE)) for last in (article(at="2062-05-09", **fields), article(**fields))
    )
    for slug in TIME_VIEWS:
        pd.testing.assert_frame_equal(VIEWS[slug].answer(typo), VIEWS[slug].answer(without))
    (row,) = typo.problems[typo.problems["code"] == "date_in_future"].to_dict("records")
    assert (row["field"], row["value"][:5], row["severity"]) == ("publishedDateTime", "2062-", "error")
    assert len(typo.articles) == len(without.articles)
    assert typo.articles.set_index("path").loc[row["path"], "published_at"] is pd.NaT
    recipe = Recipe("weekly", days=7, views=("key_figures",))
    assert recipe.file_name(recipe_selection(recipe, typo.corpus), LATE) == "weekly_2026-11-28"
    every = AlertThresholds(provider_silent_days=7, unusual_volume=True)
    assert raised_alerts(typo, every) == raised_alerts(without, every)


def test_a_day_of_slack_for_those_whose_tomorrow_has_begun() -> None:
    for at, ahead in (("2026-11-28", 0), ("2026-11-29", 0), ("2026-11-30", 1), ("2062-11-28", 1)):
        data = Slice(corpus_of([article(at=at)], LATE))
        assert len(data.problems[data.problems["code"] == "date_in_future"]) == ahead, at
        assert data.articles["published_at"].isna().sum() == ahead, at


def test_a_date_in_the_future_in_the_name_alone_is_a_problem_and_gives_no_lag() -> None:
    data = Slice(corpus_of([article(at="2026-05-01", named="2062-05-01")], LATE))
    rows = data.problems[["field", "code", "value"]].values.tolist()
    assert ["path", "date_in_future", "2062-05-01"] in rows
    assert data.with_selection(Selection(has=("lag",))).n == 0


def test_few_dates_far_from_all_others_are_not_drawn_and_said_to_be_so() -> None:
    data = part_of([*SPRING, article(at="2013-05-01")])
    (left_out,) = articles_outside_calendar(data)
    sentence = "1 article before 1 March 2026 is not drawn: 2013-05-01 (to=2013-05-01 selects)."
    assert left_out.sentence == sentence
    view = VIEWS["articles_over_time"]
    table = view.answer(data)
    assert (table["period"].min(), table["n"].sum()) == (pd.Timestamp("2026-02-23"), 92)
    assert view.full_finding(data, table).endswith(f". {sentence}")
    assert sentence not in VIEWS["providers_ranked"].full_finding(data, VIEWS["providers_ranked"].answer(data))
    chosen = data.with_selection(Selection(end=left_out.day))
    assert (chosen.n, articles_outside_calendar(chosen), chosen.span and chosen.span.start) == (1, [], date(2013, 5, 1))
    both = part_of([*steady(date(2013, 5, 1), 2), *steady(date(2019, 1, 1), 240), article(at="2026-03-01")])
    assert [each.sentence for each in articles_outside_calendar(both)] == [
        "2 articles before 1 January 2019 are not drawn: 2013-05-01 to 2013-05-02 (to=2013-05-02 selects).",
        "1 article after 28 August 2019 is not drawn: 2026-03-01 (from=2026-03-01 selects).",
    ]


def test_what_is_near_or_not_few_is_drawn() -> None:
    for rows in (
        [*SPRING, article(at="2024-03-01")],
        [*SPRING, *steady(date(2013, 5, 1), 2)],
        [article(at="2013-05-01"), article(at="2026-03-01")],
    ):
        assert articles_outside_calendar(part_of(rows)) == []


def test_one_date_far_before_says_nothing_of_a_silent_provider() -> None:
    rows = [*steady(date(2026, 1, 1), 10, provider="A"), *steady(date(2026, 1, 1), 60, provider="B")]
    expected = VIEWS["provider_activity"].answer(part_of(rows))[["provider", "longest_gap", "status"]]
    found = VIEWS["provider_activity"].answer(part_of([*rows, article(at="2013-05-01", provider="A")]))
    assert found[["provider", "longest_gap", "status"]].values.tolist() == expected.values.tolist()
    assert expected.values.tolist()[0] == ["A", 1, "overdue"]


@pytest.mark.slow
def test_the_sample_on_the_28th_of_november_2026(sample: Corpus) -> None:
    corpus = replace(sample, today=LATE)
    assert figures(Slice(corpus))["newest_article"][0] == 151
    recipe = Recipe("weekly", days=7, views=("key_figures",))
    selection = recipe_selection(recipe, corpus)
    assert selection.text == "from=2026-11-22&to=2026-11-28"
    past = "The newest article of the corpus is of 30 June 2026, 151 days before 28 November 2026: long past."
    empty = "No data: no article that matches the selection is dated from 2026-11-22 to 2026-11-28."
    week = Slice(corpus, selection)
    report = build_report(corpus, selection, made=LATE, views=[VIEWS["key_figures"]])
    assert report.summary == [f"{empty} {past}"]
    assert (report.cover["Days"], report.cover["Today"]) == (
        "2026-11-22 to 2026-11-28 (UTC): no article has a date",
        "2026-11-28",
    )
    assert build_report(corpus, Selection(), made=LATE, views=[]).summary[0] == past
    wanted = AlertThresholds(provider_silent_days=14, unusual_volume=True, newest_article_older_than=30)
    assert [(alert.name, alert.sentence) for alert in raised_alerts(week, wanted)] == [
        (
            "newest_article_older_than",
            "The newest article is of 2026-06-30, 151 days before 2026-11-28; more than 30 is reported.",
        )
    ]
    assert raised_alerts(week, AlertThresholds(newest_article_older_than=151)) == []
    assert corpus_is_old_text(Slice(replace(sample, today=date(2026, 7, 30)))) == ""
    june = Slice(corpus).calendar("month").iloc[-1]
    assert (june["period"], june["complete"]) == (pd.Timestamp("2026-06-01"), True)


@pytest.mark.slow
def test_february_against_january() -> None:
    january = steady(date(2026, 1, 1), 31, published=True)
    data = part_of(
        [*january, *steady(date(2026, 2, 1), 28, published=True), article(at="2026-02-28")],
        start=date(2026, 2, 1), end=date(2026, 2, 28), compare="previous",
    )  # fmt: skip
    said = "2026-01-01 to 2026-01-31 (31 days against 28: counts are compared a day)"
    assert compared_with_text(data) == said
    found = figures(data)
    assert (found["articles"][0], found["articles"][1] is pd.NA) == (29, True)
    assert found["articles_per_day"] == (pytest.approx(29 / 28), pytest.approx(29 / 28 - 1))
    assert key_figures.finding(key_figures(data)).startswith(
        "29 articles (1.04 a day, against 1 in a period of another length: 1.04 times as many a day [0.57, 1.88], "
        "weekday by weekday), "
        "100% [88, 100] published of the 28"
    )
    report = build_report(data.corpus, data.selection, made=LATE, views=[])
    assert report.cover["Compared with"] == f"{said}, n = 31"
    assert report.summary[0] == (
        "29 articles, 1 a day; 31, 1 a day, in the month before (2026-01-01 to 2026-01-31): 1.04 times as many a day "
        "[0.57, 1.88], weekday by weekday."
    )


def test_a_comparison_with_days_before_the_corpus_began() -> None:
    corpus = corpus_of(SPRING)
    for start, end, said, n in (
        ("2026-03-01", "2026-03-31", "nothing: 2026-02-01 to 2026-02-28 lies before the corpus, which begins on", None),
        ("2026-03-10", "2026-03-29", "2026-02-18 to 2026-03-09, where the corpus begins only on", 9),
        ("2026-04-01", "2026-04-30", "2026-03-01 to 2026-03-31 (31 days against 30: counts are compared a day)", 31),
        ("2026-03-11", "2026-03-20", "2026-03-01 to 2026-03-10", 10),
    ):
        data = Slice(corpus, Selection(date.fromisoformat(start), date.fromisoformat(end), compare="previous"))
        found = compared_with_text(data)
        assert found == said or found.startswith(f"{said} 2026-03-01"), found
        assert (data.compared.n if data.compared else None) == n
    partly = Slice(corpus, Selection(date(2026, 3, 10), date(2026, 3, 29), compare="previous"))
    assert compared_with_text(partly).endswith("on 2026-03-01 (9 days against 20: counts are compared a day)")
    assert figures(partly)["articles_per_day"][1] == 0
    open_start = Slice(corpus, Selection(compare="previous"))
    assert compared_with_text(open_start) == "nothing: a comparison needs a selection with a first day"


def test_calendars_run_over_the_days_of_the_selected_articles() -> None:
    videos = [article(at=f"{year}-01-15", kind="video") for year in range(2017, 2027)]
    data = part_of([*videos, *steady(date(2026, 3, 1), 60, kind="article")])
    news = data.with_selection(Selection(types=("article",)))
    assert news.calendar("month")["period"].dt.strftime("%Y-%m").tolist() == ["2026-03", "2026-04"]
    assert (
        build_report(data.corpus, news.selection, made=LATE, views=[]).cover["Days"] == "2026-03-01 to 2026-04-29 (UTC)"
    )


def test_articles_a_day_are_those_of_its_days() -> None:
    data = part_of([*steady(date(2025, 1, 1), 20), article(at="1900-01-01")])
    table = VIEWS["key_figures"].answer(data)
    rate = table[(table["figure"] == "articles_per_day") & table["period"].isna()].iloc[0]
    assert (rate["value"], rate["n"]) == (1, 20)
