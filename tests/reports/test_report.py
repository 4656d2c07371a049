"""What a report says before it takes a form."""

from datetime import date

import pandas as pd
import pytest

from analytics.catalog import VIEWS
from analytics.reports.report.html import to_html
from analytics.reports.report.report import build_report
from analytics.selection.selection import Selection
from analytics.userdata.dated_notes import NOTES
from tests.corpora import article, corpus_of
from tests.reports.made import MADE, sample_beside, sample_corpus

SOME = NOTES.of(
    pd.DataFrame(
        {
            "day": pd.to_datetime(["2025-03-01", "2025-05-10"]),
            "last_day": pd.to_datetime(["2025-03-01", "2025-05-24"]),
            "text": ["<b>New</b> rules", "Strike"],
            "file": ["notes.yml", "team.yml"],
        }
    )
)
CORPUS = corpus_of([article(at="2025-02-03"), article(at="2025-06-03"), article()])


def test_the_cover_says_how_it_was_made() -> None:
    report = build_report(CORPUS, Selection(start=date(2025, 3, 1), compare="previous"), made=MADE, views=[])
    assert report.cover == {
        "Selection": "from 2025-03-01; against the period before",
        "Selection as link": "from=2025-03-01&compare=previous",
        "Articles": "1 of 3",
        "Days": "2025-03-01 to 2025-06-03 (UTC); articles from 2025-06-03 to 2025-06-03",
        "Today": "2025-06-04",
        "Corpus": CORPUS.name,
        "Fingerprint": CORPUS.fingerprint,
        "Commit": "not in git",
        "Made": "2026-11-02 by article-analytics 0.1.0",
        "Compared with": "2024-11-26 to 2025-02-28, where the corpus begins only on 2025-02-03 "
        "(26 days against 95: counts are compared a day), n = 1",
    }


def test_the_cover_of_what_has_no_days() -> None:
    cover = build_report(corpus_of([article()]), Selection(compare="year"), made=MADE, views=[]).cover
    assert cover["Selection as link"] == "compare=year"
    assert cover["Days"] == "no article has a date"
    assert cover["Compared with"].startswith("nothing")


def test_days_that_the_corpus_does_not_reach_are_told() -> None:
    cover = build_report(CORPUS, Selection(end=date(2025, 12, 31)), made=MADE, views=[]).cover
    assert cover["Days"] == "2025-02-03 to 2025-12-31 (UTC); articles from 2025-02-03 to 2025-06-03"
    assert "Compared with" not in cover


@pytest.mark.slow
def test_the_views_that_are_named_in_their_order_with_their_options() -> None:
    seen: list[tuple[int, int, str]] = []
    views = [VIEWS["topics_ranked"], VIEWS["articles_over_time"]]
    chosen = {"articles_over_time": {"grain": "month"}}
    report = build_report(
        CORPUS, Selection(), made=MADE, views=views, options=chosen, progress=lambda *step: seen.append(step)
    )
    assert [answer.view for answer in report.answers] == views
    assert seen == [(1, 2, "topics_ranked"), (2, 2, "articles_over_time")]
    assert report.answers[1].options == {"grain": "month"}
    assert report.answers[1].table["period"].nunique() == 5
    assert report.problems.view.slug == "problems_by_code"


@pytest.mark.slow
def test_notes_stand_in_a_list_and_on_the_axes_of_time() -> None:
    views = [VIEWS["articles_over_time"]]
    report = build_report(CORPUS, Selection(), made=MADE, views=views, notes=SOME)
    assert report.notes == [("2025-03-01", "<b>New</b> rules"), ("2025-05-10 to 2025-05-24", "Strike")]
    page = to_html(report)
    assert "<dt>2025-03-01</dt><dd>&lt;b&gt;New&lt;/b&gt; rules</dd>" in page
    assert "Strike" in page.partition("<svg")[2]
    assert 'id="notes"' not in to_html(build_report(CORPUS, Selection(), made=MADE, views=[]))


@pytest.mark.slow
def test_a_report_without_names_has_every_view() -> None:
    report = build_report(sample_corpus(), Selection(topics=("Hydrogen",)), made=MADE, side_data=sample_beside())
    assert [answer.view for answer in report.answers] == list(VIEWS.values())
