"""How heat stands to quality: by state, by lift, both at once, unranked over time, and the lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.analyses.heat import (
    HEAT_KINDS,
    heat_by_state,
    heat_lift_distribution,
    hottest_articles,
    most_lifted_articles,
    quality_and_heat,
    unranked_over_time,
)
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection
from tests.corpora import article, articles, corpus_of, grains, part_of, real_corpus, selections
from tests.plain import NONE, calendar, chosen, first_day, grain_for, near, records_in, records_of, rows_of, wilson


def kind_of(item):
    if item.heat is None:
        return "no heat"
    if item.heat == -1:
        return "unranked (-1)"
    if item.quality is None:
        return "ranked, no quality"
    return "above quality" if item.lift > 0 else "at quality" if item.lift == 0 else "below quality"


def shares(n, total, names=("share", "low", "high")):
    return dict(zip(names, wilson(n, total), strict=True))


def states_by_loop(data):
    rows = []
    for kind in HEAT_KINDS if data else ():
        n = sum(kind_of(item) == kind for item in data)
        rows.append({"kind": kind, "n": n, "total": len(data)} | shares(n, len(data)))
    return rows


def lifts_by_loop(data):
    lifts = [item.lift for item in data if item.lift is not None]
    rows = []
    for lift in range(min(lifts), max(lifts) + 1) if lifts else ():
        kind = "above quality" if lift > 0 else "at quality" if lift == 0 else "below quality"
        n = lifts.count(lift)
        rows.append({"lift": lift, "kind": kind, "n": n, "compared": len(lifts)} | shares(n, len(lifts)))
    for kind in HEAT_KINDS[3:]:
        n = sum(kind_of(item) == kind for item in data)
        if n:
            rows.append({"lift": None, "kind": kind, "n": n, "compared": len(lifts)} | shares(0, 0))
    return rows


def floor(value, width):
    return None if value is None else value // width * width


def cells_by_loop(data, width):
    cells = {}
    for item in data:
        heat = item.heat if item.heat_state == "ranked" else None
        cells.setdefault((floor(item.quality, width), floor(heat, width), item.heat_state), []).append(item)
    compared = sum(item.lift is not None for item in data)
    rows = []
    for quality, heat, state in sorted(
        cells, key=lambda key: [(data is None, data or 0) for data in key[:2]] + [key[2]]
    ):
        found = cells[quality, heat, state]
        both = quality is not None and heat is not None
        rows.append(
            {"quality_from": quality, "quality_to": None if quality is None else quality + width - 1}
            | {"heat_from": heat, "heat_to": None if heat is None else heat + width - 1}
            | {"heat_state": state, "n": len(found), "equal": sum(item.lift == 0 for item in found)}
            | {"compared": compared}
            | shares(len(found) if both else 0, compared if both else 0)
        )
    return rows


def unranked_by_loop(records, selection, wanted):
    data, grain = chosen(records, selection), grain_for(records, selection, wanted)
    rows = []
    for period in calendar(records, selection, grain):
        here = [item for item in data if item.day and first_day(item.day, grain) == period.first]
        unranked, missing = sum(item.heat == -1 for item in here), sum(item.heat is None for item in here)
        n = len(here) - missing
        rows.append(
            {"period": period.first, "period_end": period.last, "complete": period.complete}
            | {"n": n, "unranked": unranked, "missing": missing}
            | shares(unranked, n, ("share_unranked", "low", "high"))
            | {"small": n < 10}
        )
    return rows


def listing(found, limit):
    return [
        {"rank": rank, "title": "A title", "provider": item.provider or NONE}
        | {
            "state": item.state,
            "quality": item.quality,
            "heat": item.heat,
            "lift": item.lift,
            "collection": item.collection,
        }
        | {"path": item.path, "total": len(found)}
        for rank, item in enumerate(found[:limit], start=1)
    ]


def hottest_by_loop(data):
    return sorted((item for item in data if item.heat_state == "ranked"), key=lambda item: (-item.heat, item.path))


def lifted_by_loop(data):
    found = [item for item in data if item.lift is not None and item.lift > 0]
    return sorted(found, key=lambda item: (-item.lift, item.path))


def without_time(table):
    return rows_of(table.drop(columns=["published_at", "url"]))


@pytest.mark.slow
@given(
    listed=articles(max_size=14),
    selection=selections() | st.just(Selection()),
    width=st.sampled_from([5, 10, 20]),
    limit=st.sampled_from([1, 3, 25]),
    grain=grains,
)
def test_tables_are_those_of_a_loop(listed, selection, width, limit, grain):
    data, records = Slice(corpus_of(listed), selection), records_of(listed)
    here = chosen(records, selection)
    assert rows_of(heat_by_state(data)) == near(states_by_loop(here))
    assert rows_of(heat_lift_distribution(data)) == near(lifts_by_loop(here))
    assert rows_of(quality_and_heat(data, width=width)) == near(cells_by_loop(here, width))
    assert rows_of(unranked_over_time(data, grain=grain)) == near(unranked_by_loop(records, selection, grain))
    assert without_time(hottest_articles(data, limit=limit)) == listing(hottest_by_loop(here), limit)
    assert without_time(most_lifted_articles(data, limit=limit)) == listing(lifted_by_loop(here), limit)


def test_every_article_is_counted_once():
    listed = [article(quality=70, heat=heat) for heat in (None, -1, 69, 70, 71)] + [article(heat=5), article()]
    data = part_of(listed)
    for compute in (heat_by_state, heat_lift_distribution, quality_and_heat):
        assert compute(data)["n"].sum() == len(listed)
    assert heat_by_state(data)["n"].tolist() == [1, 1, 1, 1, 1, 2]


@pytest.mark.shared
def test_heat_of_a_real_site_equals_its_quality(shared):
    folder = shared("powerapps")
    data, records = Slice(real_corpus(folder)), records_in(folder)
    assert heat_by_state.finding(heat_by_state(data)) == "Heat equals quality for all 497 compared articles."
    assert heat_lift_distribution.finding(heat_lift_distribution(data)) == (
        "Heat equals quality for all 497 compared articles: every lift is 0."
    )
    assert quality_and_heat.finding(quality_and_heat(data)) == (
        "Heat equals quality for all 497 compared articles: all lie on the diagonal."
    )
    assert unranked_over_time.finding(unranked_over_time(data)) == (
        "All 497 articles with a date and a heat field are ranked; none has a heat of -1."
    )
    assert (
        most_lifted_articles.finding(most_lifted_articles(data))
        == "No article with both scores has a heat above its quality."
    )
    table = hottest_articles(data, limit=50)
    assert table["path"].tolist() == [item.path for item in hottest_by_loop(records)][:50]
    assert "heat equals quality for all 50 listed articles" in hottest_articles.finding(table)


EQUAL = article(at="2024-01-06", quality=70, heat=70)
HOT = article(at="2024-02-06", quality=70, heat=78)
COLD = article(at="2024-03-06", quality=70, heat=60)
UNRANKED = article(at="2024-01-01", quality=70, heat=-1)
BARE = article(at="2024-01-05", quality=70)
NO_QUALITY = article(heat=70)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No articles."),
        (
            [UNRANKED, BARE],
            "No article has both a heat and a quality score. Not compared: 1 unranked (-1), 1 without heat.",
        ),
        ([EQUAL], "Heat equals quality for the 1 compared article."),
        (
            [EQUAL, HOT, HOT, COLD, NO_QUALITY],
            "Heat is above quality for 2 of 4 compared articles (50% [15, 85]), equal for 1 and below for 1. "
            "Not compared: 1 without quality.",
        ),
    ],
    ids=["nothing", "none compared", "equal", "all kinds"],
)
def test_finding_by_state(listed, said):
    assert heat_by_state.finding(heat_by_state(part_of(listed))) == said


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No article has both a heat and a quality score."),
        ([BARE], "No article has both a heat and a quality score. Not compared: 1 without heat."),
        (
            [EQUAL, UNRANKED],
            "Heat equals quality for the 1 compared article: every lift is 0. Not compared: 1 unranked (-1).",
        ),
        (
            [EQUAL, HOT, COLD],
            "Heat differs from quality for 2 of 3 compared articles (67% [21, 94]), by -10 to +8 points.",
        ),
    ],
    ids=["nothing", "no heat", "equal", "moved"],
)
def test_finding_of_the_lift(listed, said):
    assert heat_lift_distribution.finding(heat_lift_distribution(part_of(listed))) == said


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([UNRANKED, NO_QUALITY], "No article has both a heat and a quality score."),
        ([EQUAL], "Heat equals quality for the 1 compared article: all lie on the diagonal."),
        (
            [EQUAL, HOT, COLD],
            "Heat equals quality for 1 of 3 compared articles (33% [6, 79]); most lie at quality 70 to 79 and heat "
            "70 to 79: 2.",
        ),
    ],
    ids=["none compared", "equal", "moved"],
)
def test_finding_of_both(listed, said):
    assert quality_and_heat.finding(quality_and_heat(part_of(listed))) == said


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No article with a date has a heat field."),
        ([BARE], "No article with a date has a heat field. 1 has no heat field."),
        (
            [EQUAL, BARE],
            "The 1 article with a date and a heat field is ranked; none has a heat of -1. 1 has no heat field.",
        ),
        ([EQUAL, UNRANKED], "1 of 2 articles with a heat field is unranked (50% [9, 91])."),
        (
            [*[EQUAL] * 8, *[UNRANKED] * 2, HOT, COLD],
            "2 of 12 articles with a heat field are unranked (17% [5, 45]).",
        ),
        (
            [
                article(at=f"2024-{month:02}-{day:02}", quality=50, heat=-1 if day <= unranked else 50)
                for month, unranked in ((1, 0), (2, 3), (3, 0))
                for day in range(1, 32 if month != 2 else 30)
            ],
            "3 of 91 articles with a heat field are unranked (3% [1, 9]); from 0% to 10% in the 3 complete periods.",
        ),
    ],
    ids=["nothing", "no heat", "all ranked", "too few", "one period", "three periods"],
)
def test_finding_of_the_unranked(listed, said):
    assert unranked_over_time.finding(unranked_over_time(part_of(listed), grain="month")) == said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "limit", "said"),
    [
        ([UNRANKED, BARE], 25, "No article has a heat score."),
        (
            [EQUAL, EQUAL],
            1,
            'The hottest of 2 ranked articles is "A title" with a heat of 70; heat equals quality for the 1 listed '
            "article. The list shows the first 1.",
        ),
        (
            [HOT, COLD],
            25,
            'The hottest of 2 ranked articles is "A title" with a heat of 78, +8 against its quality.',
        ),
        ([NO_QUALITY], 25, 'The hottest of 1 ranked article is "A title" with a heat of 70.'),
        (
            [EQUAL, COLD],
            25,
            'The hottest of 2 ranked articles is "A title" with a heat of 70, the same as its quality.',
        ),
    ],
    ids=["none", "equal", "hot", "no quality", "hottest equal"],
)
def test_finding_of_the_hottest(listed, limit, said):
    assert hottest_articles.finding(hottest_articles(part_of(listed), limit=limit)) == said


def test_finding_of_the_most_lifted():
    hot = article(quality=46, heat=86, provider="Alpha")
    assert most_lifted_articles.finding(most_lifted_articles(part_of([EQUAL, COLD]))) == (
        "No article with both scores has a heat above its quality."
    )
    assert most_lifted_articles.finding(most_lifted_articles(part_of([HOT, hot]), limit=1)) == (
        '2 articles are hotter than the quality; most of all "A title" (Alpha): +40 points, heat 86 at quality 46. '
        "The list shows the first 1."
    )
