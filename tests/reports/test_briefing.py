"""The briefing: which days it is about, what it says of them, and that no sentence of it says more than the tests."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.common.changes import CHANGED, label_and_figure_changes
from analytics.analyses.common.days_of_slice import days_text
from analytics.corpus.loader import Corpus, load_corpus
from analytics.engine.history_and_reviews import SideData
from analytics.engine.periods import newest_covered_period
from analytics.engine.slice import Slice
from analytics.engine.slice_of import slice_of
from analytics.history.history_tables import History
from analytics.reports.briefing.briefing import build_briefing
from analytics.reports.briefing.html import briefing_html
from analytics.reports.briefing.period import FEWEST, briefing_period
from analytics.reports.briefing.text import briefing_text
from analytics.selection.fields import LENGTHS, Length
from analytics.selection.selection import Selection
from tests.corpora import Article, article, corpus_of, part_of, write_records

DAYS = 90
FIRST = date(2024, 1, 1)


def half_year() -> list[Article]:
    """Two quarters with two articles a day: in the first all but every fourth unpublished, in the second published."""
    articles = []
    for day in range(2 * DAYS + 2):
        at = FIRST + timedelta(days=day)
        later = at >= date(2024, 4, 1)
        for place in range(2):
            number = 2 * day + place
            articles.append(
                article(
                    title=f"Item {number} of {at}",
                    at=str(at),
                    quality=(80 if later else 50) + number % 7,
                    published=later == (number % 4 != 0),
                    provider="Steady" if place else ("Late" if later else "Early"),
                    topics=["Wind" if number % 2 else "Sun"],
                )
            )
    return articles


@pytest.mark.parametrize(
    ("length", "newest", "today", "days"),
    [
        ("week", date(2024, 5, 5), date(2024, 5, 6), ("2024-04-29", "2024-05-05")),
        ("week", date(2024, 5, 5), date(2024, 5, 5), ("2024-04-22", "2024-04-28")),
        ("week", date(2024, 5, 6), date(2026, 1, 1), ("2024-04-29", "2024-05-05")),
        ("month", date(2024, 2, 27), date(2024, 3, 1), ("2024-02-01", "2024-02-29")),
        ("month", date(2024, 2, 20), date(2024, 3, 1), ("2024-01-01", "2024-01-31")),
        ("quarter", date(2024, 1, 15), date(2024, 1, 16), ("2023-10-01", "2023-12-31")),
        ("half-year", date(2024, 12, 20), date(2025, 1, 1), ("2024-07-01", "2024-12-31")),
        ("year", date(2024, 12, 31), date(2025, 1, 1), ("2024-01-01", "2024-12-31")),
    ],
)
def test_newest_days_are_over_and_hold_the_newest_article_or_lie_before_it(
    length: Length, newest: date, today: date, days: tuple[str, str]
) -> None:
    assert tuple(map(str, newest_covered_period(length, newest, today))) == days


@given(
    st.sampled_from(LENGTHS),
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.integers(0, 500),
)
def test_newest_days_are_whole_and_past(length: Length, newest: date, later: int) -> None:
    start, end = newest_covered_period(length, newest, newest + timedelta(days=later))
    assert start <= end < newest + timedelta(days=later or 1)
    assert newest_covered_period(length, end, end + timedelta(days=1)) == (start, end)


def test_the_shortest_days_with_enough_articles_are_taken() -> None:
    data = part_of(half_year())
    selection, length = briefing_period(data)
    assert (selection.text, length) == ("from=2024-04-01&to=2024-06-30", "quarter")
    now = data.with_selection(replace(selection, compare="previous"))
    assert now.compared is not None
    assert min(now.n, now.compared.n) >= FEWEST
    assert briefing_period(data, "month")[0].text == "from=2024-06-01&to=2024-06-30"


def test_chosen_days_stay_and_too_few_articles_have_none() -> None:
    chosen = Selection(start=date(2024, 2, 1), compare="year")
    assert briefing_period(part_of(half_year(), start=date(2024, 2, 1), compare="year")) == (chosen, None)
    assert briefing_period(part_of(half_year()[:50])) == (Selection(), None)
    assert briefing_period(part_of([article()])) == (Selection(), None)


@pytest.mark.slow
def test_a_briefing_says_what_changed_surest_first_and_what_did_not() -> None:
    found = build_briefing(part_of(half_year()))
    assert (found.days, found.n, found.length) == ("April to June 2024", 182, "quarter")
    (compared,) = found.compared
    assert (compared.how, compared.days, compared.n) == ("previous", "January to March 2024", 182)
    assert {claim.text: claim.view for claim in compared.claims} == {
        "Quality is up: median 83, from 53": "quality_shift",
        "More is published: 75% of 182 decided articles, from 25% of 182": "key_figures",
        "Late is up: 50% of the articles, from 0%": "providers_over_time",
        "Early is down: 0% of the articles, from 50%": "providers_over_time",
    }
    certainties = [claim.certainty for claim in compared.claims]
    assert certainties == sorted(certainties, reverse=True)
    assert compared.unchanged == ["No clear change (2 topics compared)."]
    assert "Quality is up: median 83, from 53" in found.headline


@pytest.mark.slow
def test_without_earlier_articles_nothing_is_compared() -> None:
    found = build_briefing(part_of(half_year()[:50]))
    assert (found.days, found.compared) == ("all days", [])
    assert found.headline == (
        "No week, month, quarter, half-year or year has the 100 articles, now and before, that a comparison by itself "
        "needs."
    )
    chosen = build_briefing(part_of(half_year(), start=date(2024, 1, 1), end=date(2024, 1, 31), compare="year"))
    assert chosen.headline == "There are no earlier articles to compare these with."


@pytest.mark.slow
@pytest.mark.parametrize("length", LENGTHS)
def test_every_claim_is_a_clear_change_of_the_test(sample: Corpus, length: Length) -> None:
    data = Slice(sample)
    found = build_briefing(data, length)
    for compared in found.compared:
        now = data.with_selection(replace(found.selection, compare=compared.how))
        assert now.compared is not None
        tests = label_and_figure_changes(now, now.compared)
        clear = tests[tests["outcome"].isin(CHANGED) & tests["kind"].ne("heat")]
        assert sorted(claim.outcome for claim in compared.claims) == sorted(clear["outcome"].astype("str"))


@pytest.mark.slow
def test_the_sample_is_better_than_a_year_ago_and_as_the_quarter_before(sample: Corpus) -> None:
    found = build_briefing(Slice(sample))
    assert found.headline == (
        "Quality is up: median 80, from 59.5 (The newer article scores higher in 70% of pairs [95 %: 62% to 78%; "
        "50%: as before]); More is published: 72% of 144 decided articles, from 38% of 128 (+34 points [95 %: +21 to "
        "+47]): against April to June 2025."
    )
    assert [(each.days, len(each.claims)) for each in found.compared] == [
        ("April to June 2025", 2),
        ("January to March 2026", 0),
    ]


def test_what_waits_for_a_decision_is_counted_and_listed() -> None:
    rows = [article(title=f"Good {n}", at="2024-01-02", quality=70 + n, published=True) for n in range(20)]
    rows += [article(title=f"Bad {n}", at="2024-01-02", quality=40 + n, published=False) for n in range(20)]
    rows += [article(title="Missed it by one", at="2024-01-03", quality=69, published=False)]
    rows += [article(title="Published all the same", at="2024-01-03", quality=30, published=True)]
    rows += [
        article(title="The dam of Ellery breaks", at="2024-01-04", quality=90, published=True),
        article(title="The dam of Ellery breaks", at="2024-01-05", quality=45, published=False),
    ]
    data = part_of(rows)
    found = {each.text: each for each in build_briefing(data).to_decide}
    assert {text: (each.n, len(each.paths)) for text, each in found.items()} == {
        "unpublished just below the cut-off, with 65 to 69 points": (1, 1),
        "published below the cut-off of 70": (1, 1),
        "story with two decisions: one article published, another not": (1, 2),
    }
    assert briefing_text(build_briefing(data), "corpus").count("not looked for") == 0
    titles = data.articles.set_index("path")["title"]
    near = found["unpublished just below the cut-off, with 65 to 69 points"]
    assert [titles[path] for path in near.paths] == ["Missed it by one"]


def test_the_first_article_of_each_story_leaves_no_two_decisions_to_look_for() -> None:
    dam = "The dam of Ellery breaks"
    rows = [article(title=dam, at=f"2024-01-0{4 + n}", quality=90, published=not n) for n in range(2)]
    found = build_briefing(part_of(rows, first_of_story=True))
    said = (
        "Stories with two decisions are not looked for. Only the first article of each story is selected: there is no "
        "other to compare it with."
    )
    assert (found.n, found.to_decide, found.decisions_note) == (1, [], said)
    assert said in briefing_text(found, "corpus")
    assert said in briefing_html(found, "corpus", date(2024, 1, 6))
    assert said not in briefing_html(build_briefing(part_of(rows)), "corpus", date(2024, 1, 6))


@pytest.mark.slow
def test_what_was_taken_back_is_named_from_the_history(sample: Corpus, sample_history: History) -> None:
    data = Slice(sample, Selection(start=date(2024, 1, 1)), SideData(history=sample_history))
    taken_back = next(each for each in build_briefing(data).to_decide if each.view == "decisions_changed")
    assert taken_back.n == len(taken_back.paths) == 7
    rows = sample.articles.set_index("path").loc[taken_back.paths]
    assert not rows["published"].any()


@pytest.mark.slow
def test_hostile_texts_stay_text_on_the_page_and_one_line_in_the_terminal() -> None:
    rows = [
        article(title="<img src=x onerror=alert(1)>\x1b[31m", at="2024-01-02", quality=50, heat=90, provider="<b>")
        for _ in range(3)
    ]
    found = build_briefing(part_of(rows))
    page = briefing_html(found, "<script>", date(2024, 1, 3))
    assert "<img" not in page
    assert "<script>" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "\x1b" not in page + briefing_text(found, "a")


@pytest.mark.slow
def test_the_text_and_the_page_say_the_same() -> None:
    found = build_briefing(part_of(half_year()))
    text, page = briefing_text(found, "corpus"), briefing_html(found, "corpus", date(2024, 7, 1))
    for claim in found.compared[0].claims:
        assert claim.text in text
        assert claim.text in page
    assert "<svg" in page


def test_the_text_says_what_it_is_of_and_what_it_leaves_out(tmp_path: Path) -> None:
    day = {"title": "T", "publishedDateTime": "2024-01-05T08:00:00Z"}
    files = {f"_news/{n}.md": day | {"quality": 60} for n in range(3)} | {f"_films/{n}.md": day for n in range(2)}
    found = build_briefing(slice_of(load_corpus(write_records(tmp_path, files), cache=False)))
    lines = briefing_text(found, "corpus").splitlines()
    assert "Selection: collection news; left out: 2 others in 1 collection: films 2." in lines


def test_a_briefing_of_an_empty_selection_says_so() -> None:
    found = build_briefing(part_of(half_year(), start=date(2023, 1, 1), end=date(2023, 2, 1)))
    assert (found.n, found.compared, found.to_decide) == (0, [], [])
    assert "0 articles" in briefing_text(found, "corpus")
    assert build_briefing(Slice(corpus_of([]))).days == "all days"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (None, None, "all days"),
        ("2024-01-01", None, "from 1 January 2024 on"),
        (None, "2024-01-01", "up to 1 January 2024"),
        ("2024-02-03", "2024-02-03", "3 February 2024"),
        ("2024-02-01", "2024-02-29", "February 2024"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("2024-04-01", "2024-06-30", "April to June 2024"),
        ("2023-07-01", "2024-06-30", "July 2023 to June 2024"),
        ("2024-06-22", "2024-06-28", "22 to 28 June 2024"),
        ("2024-06-24", "2024-07-07", "24 June to 7 July 2024"),
        ("2023-12-25", "2024-01-07", "25 December 2023 to 7 January 2024"),
    ],
)
def test_days_are_written_as_people_write_them(start: str | None, end: str | None, said: str) -> None:
    days = [day and date.fromisoformat(day) for day in (start, end)]
    assert days_text(days[0] or None, days[1] or None) == said
