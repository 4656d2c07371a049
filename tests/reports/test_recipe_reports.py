"""Alerts: each threshold exactly, and nothing where nothing can be told."""

from datetime import date, timedelta
from typing import Any

import pytest

from analytics.engine.slice import Slice
from analytics.reports.report.recipe_reports import raised_alerts
from analytics.selection.selection import Selection
from analytics.userdata.recipes import AlertThresholds
from tests.corpora import Article, article, corpus_of, part_of

NEW_YEAR = date(2024, 1, 1)


def raised(data: Slice, **wanted: Any) -> list[str]:
    return [alert.sentence for alert in raised_alerts(data, AlertThresholds(**wanted))]


def decided(published: int, unpublished: int, unknown: int = 0) -> Slice:
    states = [*[True] * published, *[False] * unpublished, *[None] * unknown]
    return part_of([article(at="2024-01-03", published=state) for state in states])


def test_the_share_published_is_below() -> None:
    """The upper end of the interval is compared: 12 of 20 may well be 78 %."""
    data = decided(12, 8)
    assert raised(data, share_published_below=0.79) == ["Share published is 60.0% [39, 78] of 20, below 79%."]
    assert raised(data, share_published_below=0.78) == []


@pytest.mark.parametrize(("n", "told"), [(9, 0), (10, 1)])
def test_a_share_of_few_articles_tells_nothing(n: int, told: int) -> None:
    assert len(raised(decided(0, n, unknown=20), share_published_below=1)) == told


def scored(before: list[int], after: list[int], **chosen: Any) -> Slice:
    """Scores of four weeks of January and of the four weeks after, which are selected."""
    rows = [article(at=str(NEW_YEAR + timedelta(days=7 * (n % 4))), quality=q) for n, q in enumerate(before)]
    rows += [article(at=str(NEW_YEAR + timedelta(days=28 + 7 * (n % 4))), quality=q) for n, q in enumerate(after)]
    rows.append(article(at="2024-02-29"))
    return part_of(rows, start=NEW_YEAR + timedelta(days=28), end=NEW_YEAR + timedelta(days=55), **chosen)


def test_the_median_quality_is_down() -> None:
    data = scored([80] * 20, [70] * 20)
    (sentence,) = raised(data, median_quality_down_by=10)
    assert sentence.startswith(
        "Median quality is 70, 10 points below that of 2024-01-01 to 2024-01-28 (Cliff's delta -1.00 ["
    )
    assert sentence.endswith("; n = 20 and 20); 10 or more is reported.")
    assert raised(data, median_quality_down_by=10.5) == []


def test_a_rise_is_no_fall() -> None:
    assert raised(scored([70] * 20, [80] * 20), median_quality_down_by=1) == []


def test_no_clear_change_of_the_scores_tells_nothing() -> None:
    assert raised(scored([80] * 20, [80] * 12 + [60] * 8), median_quality_down_by=1) == []
    assert len(raised(scored([80] * 20, [80, *[60] * 19]), median_quality_down_by=1)) == 1


@pytest.mark.parametrize(("before", "after"), [(9, 10), (10, 9), (0, 10), (10, 0)])
def test_few_scores_tell_nothing(before: int, after: int) -> None:
    assert raised(scored([80] * before, [70] * after), median_quality_down_by=1) == []


def test_the_median_is_held_against_the_comparison_of_the_selection() -> None:
    """The same four weeks a year before were better; the four weeks before worse."""

    def weeks(first: date, quality: int) -> list[Article]:
        return [article(at=str(first + timedelta(days=7 * (n % 4))), quality=quality) for n in range(20)]

    rows = [*weeks(date(2023, 1, 30), 90), *weeks(date(2024, 1, 1), 60), *weeks(date(2024, 1, 29), 70)]
    chosen = Selection(start=date(2024, 1, 29), end=date(2024, 2, 25))
    corpus = corpus_of([*rows, article(at="2024-02-29")])
    assert raised(Slice(corpus, chosen), median_quality_down_by=1) == []
    told = raised(Slice(corpus, Selection(chosen.start, chosen.end, compare="year")), median_quality_down_by=20)
    assert "20 points below that of 2023-01-29 to 2023-02-25" in told[0]


def daily(provider: str, first: int, days: int, step: int = 1) -> list[Article]:
    return [article(at=str(NEW_YEAR + timedelta(days=first + step * day)), provider=provider) for day in range(days)]


def test_a_provider_is_silent() -> None:
    data = part_of([*daily("Alpha", 0, 6), *daily("Beta", 0, 20)])
    sentence = "Silent for 14 days or more, and for longer than ever: Alpha (14 days)."
    assert raised(data, provider_silent_days=14) == [sentence]
    assert raised(data, provider_silent_days=15) == []


def test_a_silence_under_a_filter_is_one_of_the_selection() -> None:
    """Alpha has articles on the last day, but none on the topic."""
    rows = [article(at=f"2024-01-{day:02}", provider="Alpha", topics=["AI"]) for day in range(1, 7)]
    rows += [article(at="2024-01-20", provider=name, topics=topics) for name, topics in (("Alpha", []), ("B", ["AI"]))]
    selected = part_of(rows, topics=("AI",))
    sentence = "No article of the selection for 14 days or more, and for longer than ever: Alpha (14 days)."
    assert raised(selected, provider_silent_days=14) == [sentence]
    assert raised(part_of(rows), provider_silent_days=1) == []


def test_a_silence_that_is_usual_tells_nothing() -> None:
    data = part_of([*daily("Few", 0, 4), *daily("Seldom", 0, 5, step=20), *daily("Beta", 0, 100)])
    assert raised(data, provider_silent_days=1) == []


def unusual(days: int = 100, **chosen: Any) -> Slice:
    """One or two articles a day from 1 January on, 30 on 1 March (day 60)."""
    counts = {day: 30 if day == 60 else 1 + day % 2 for day in range(days)}
    rows = [article(at=str(NEW_YEAR + timedelta(days=day))) for day, n in counts.items() for _ in range(n)]
    return part_of(rows, **chosen)


def test_unusual_days_are_told() -> None:
    (sentence,) = raised(unusual(), unusual_volume=True)
    assert "1 with more than usual. The newest of each: 1 March 2024 with 30" in sentence
    assert raised(unusual(), unusual_volume=False) == []


@pytest.mark.parametrize(("start", "told"), [(date(2024, 3, 1), 1), (date(2024, 3, 2), 0)])
def test_unusual_days_of_a_short_selection_are_judged_by_all_before(start: date, told: int) -> None:
    assert len(raised(unusual(start=start, end=date(2024, 3, 20)), unusual_volume=True)) == told


def test_too_few_weeks_tell_nothing() -> None:
    assert raised(unusual(days=65), unusual_volume=True) == []


def test_problems_are_told_from_a_severity_on() -> None:
    fine = article(at="2024-01-03")
    doubtful, faulty = article(), article(at="2024-01-03", quality="high")  # type: ignore[arg-type]
    data = part_of([fine, faulty, doubtful])
    counts = data.problems["severity"].value_counts()
    assert counts["error"] == 1
    assert raised(data, problems="error") == ["Problems in the files: 1 of severity error."]
    assert raised(data, problems="warning") == [
        f"Problems in the files: 1 of severity error, {counts['warning']} of severity warning."
    ]
    assert raised(data, problems="never") == []
    assert raised(part_of([fine, doubtful]), problems="error") == []


@pytest.mark.slow
def test_no_article_raises_nothing_and_alerts_keep_their_order() -> None:
    wanted = AlertThresholds(1.0, 1.0, 1, unusual_volume=True, problems="warning")
    assert [alert.name for alert in raised_alerts(part_of([]), wanted)] == ["problems"]  # that there is none
    assert raised_alerts(part_of([article(at="2024-01-03")], topics=("none",)), wanted) == []
    rows = [article(published=False), *daily("Alpha", 0, 6), *daily("Beta", 0, 20)]
    rows += [article(at="2024-01-03", published=False) for _ in range(10)]
    names = [alert.name for alert in raised_alerts(part_of(rows), wanted)]
    assert names == ["share_published_below", "provider_silent_days", "problems"]
