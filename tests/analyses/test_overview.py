"""Articles over time."""

from datetime import date

import pytest
from hypothesis import given

from analytics.analyses.overview import articles_over_time
from analytics.engine.slice import Slice
from analytics.selection.fields import STATES
from tests.corpora import article, articles, corpus_of, grains, part_of, real_corpus, real_selections, selections
from tests.plain import calendar, chosen, first_day, grain_for, near, records_in, records_of, rows_of

LISTED = [
    article(at="2024-01-01", published=True),
    article(at="2024-01-20", published=True),
    article(at="2024-01-31", published=False),
    article(at="2024-03-31", published=False),
    article(published=True),
    article(),
]


def by_loop(records, selection, wanted):
    data, grain = chosen(records, selection), grain_for(records, selection, wanted)
    rows = []
    for period in calendar(records, selection, grain):
        here = [item for item in data if item.day and first_day(item.day, grain) == period.first]
        for state in STATES:
            if any(item.state == state for item in data):
                rows.append(row(*period, state, sum(item.state == state for item in here), len(here)))
    undated = [item for item in data if not item.day]
    counts = {state: sum(item.state == state for item in undated) for state in STATES}
    return rows + [row(None, None, None, state, n, len(undated)) for state, n in counts.items() if n]


def row(first, last, complete, state, n, total):
    share = n / total if total else None
    return {
        "period": first,
        "period_end": last,
        "complete": complete,
        "state": state,
        "n": n,
        "total": total,
        "share": share,
    }


@pytest.mark.slow
@given(listed=articles(), selection=selections(), grain=grains)
def test_table_is_that_of_a_loop(listed, selection, grain):
    table = articles_over_time(Slice(corpus_of(listed), selection), grain=grain)
    assert rows_of(table) == near(by_loop(records_of(listed), selection, grain))
    data = Slice(corpus_of(listed), selection)
    assert table["n"].sum() == data.n - len(data.days_outside)


@pytest.mark.shared
@real_selections
def test_table_of_a_real_site_is_that_of_a_loop(shared, selection):
    folder = shared("powerapps")
    table = articles_over_time(Slice(real_corpus(folder), selection))
    assert rows_of(table) == near(by_loop(records_in(folder), selection, "auto"))
    assert table["n"].sum() > 50


def test_empty_months_count_0_and_undated_articles_come_last():
    january, february = (date(2024, 1, 1), date(2024, 1, 31)), (date(2024, 2, 1), date(2024, 2, 29))
    march = (date(2024, 3, 1), date(2024, 3, 31))
    assert rows_of(articles_over_time(part_of(LISTED), grain="month")) == near(
        [
            row(*january, True, "published", 2, 3),
            row(*january, True, "unpublished", 1, 3),
            row(*january, True, "unknown", 0, 3),
            row(*february, True, "published", 0, 0),
            row(*february, True, "unpublished", 0, 0),
            row(*february, True, "unknown", 0, 0),
            row(*march, True, "published", 0, 1),
            row(*march, True, "unpublished", 1, 1),
            row(*march, True, "unknown", 0, 1),
            row(None, None, None, "published", 1, 2),
            row(None, None, None, "unknown", 1, 2),
        ]
    )


def test_nothing_chosen_is_an_empty_table():
    assert articles_over_time(part_of(LISTED, providers=("Nobody",))).empty


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No articles."),
        (LISTED, "6 articles, of which 3 published (60% [23, 88] of 5 decided); 1 does not say; 2 have no date."),
        (LISTED[:4], "4 articles, of which 2 published (50% [15, 85] of 4 decided)."),
        (LISTED[:1] * 12, "12 articles, of which 12 published (100% [76, 100] of 12 decided)."),
        ([article(at="2024-01-05")] * 1200, "1,200 articles; 1,200 do not say."),
    ],
    ids=["nothing", "all kinds", "decided", "all published", "none decided"],
)
def test_finding(listed, said):
    assert articles_over_time.finding(articles_over_time(part_of(listed))) == said
