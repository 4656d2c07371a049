"""Heat lift over time: heat minus quality, and the unranked."""

from datetime import date

import pytest
from hypothesis import given

from analytics.analyses.heat import heat_lift_over_time
from analytics.engine.slice import Slice
from tests.corpora import article, articles, corpus_of, grains, part_of, real_corpus, real_selections, selections
from tests.plain import calendar, chosen, first_day, grain_for, near, quantile, records_in, records_of, rows_of, wilson

BAND = {"q10": 0.1, "q25": 0.25, "median": 0.5, "q75": 0.75, "q90": 0.9}


def by_loop(records, selection, wanted):
    data, grain = chosen(records, selection), grain_for(records, selection, wanted)
    rows = []
    for period in calendar(records, selection, grain):
        here = [item for item in data if item.day and first_day(item.day, grain) == period.first]
        lifts = [item.heat - item.quality for item in here if item.heat not in (None, -1) and item.quality is not None]
        unranked, missing = sum(item.heat == -1 for item in here), sum(item.heat is None for item in here)
        interval = wilson(unranked, len(here) - missing)
        rows.append(
            {"period": period.first, "period_end": period.last, "complete": period.complete}
            | {"n": len(here), "compared": len(lifts), "unranked": unranked, "missing": missing}
            | {"mean_lift": sum(lifts) / len(lifts) if lifts else None}
            | {name: quantile(lifts, at) for name, at in BAND.items()}
            | {"lifted": sum(lift > 0 for lift in lifts)}
            | dict(zip(("share_unranked", "low", "high"), interval, strict=True))
        )
    return rows


@pytest.mark.slow
@given(listed=articles(), selection=selections(), grain=grains)
def test_table_is_that_of_a_loop(listed, selection, grain):
    table = heat_lift_over_time(Slice(corpus_of(listed), selection), grain=grain)
    assert rows_of(table) == near(by_loop(records_of(listed), selection, grain))


@pytest.mark.shared
@real_selections
def test_table_of_a_real_site_is_that_of_a_loop(shared, selection):
    folder = shared("powerapps")
    table = heat_lift_over_time(Slice(real_corpus(folder), selection))
    assert rows_of(table) == near(by_loop(records_in(folder), selection, "auto"))
    assert table["compared"].sum() > 50


def test_unranked_heat_is_counted_and_never_averaged():
    listed = [
        article(at="2024-01-05", quality=70, heat=78),
        article(at="2024-01-05", quality=70, heat=70),
        article(at="2024-01-05", quality=70, heat=69),
        article(at="2024-01-05", quality=70, heat=-1),
        article(at="2024-01-01", heat=50),
        article(at="2024-01-31", quality=70),
    ]
    low, high = wilson(1, 5)[1:]
    expected = {
        "period": date(2024, 1, 1),
        "period_end": date(2024, 1, 31),
        "complete": True,
        "n": 6,
        "compared": 3,
        "unranked": 1,
        "missing": 1,
        "mean_lift": 7 / 3,
        "q10": -0.8,
        "q25": -0.5,
        "median": 0.0,
        "q75": 4.0,
        "q90": 6.4,
        "lifted": 1,
        "share_unranked": 0.2,
        "low": low,
        "high": high,
    }
    assert rows_of(heat_lift_over_time(part_of(listed), grain="month")) == near([expected])


UNRANKED = article(at="2024-01-05", quality=70, heat=-1)
EQUAL = article(at="2024-01-06", quality=70, heat=70)
HOT = article(at="2024-02-06", quality=70, heat=78)
COLD = article(at="2024-03-06", quality=70, heat=60)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "No article has both a heat and a quality score."),
        ([article(at="2024-01-05")], "No article has both a heat and a quality score."),
        (
            [UNRANKED],
            "No article has both a heat and a quality score. 1 of 1 article with a heat field is unranked (-1).",
        ),
        (
            [EQUAL, EQUAL],
            "Heat equals quality for all 2 compared articles. 0 of 2 articles with a heat field are unranked (-1).",
        ),
        (
            [UNRANKED, EQUAL, HOT, HOT, COLD],
            "Heat is above quality for 2 of 4 compared articles (50% [15, 85]). "
            "1 of 5 articles with a heat field is unranked (-1).",
        ),
        (
            [COLD],
            "Heat is above quality for 0 of 1 compared article (0% [0, 79]). "
            "0 of 1 article with a heat field is unranked (-1).",
        ),
        (
            [
                article(at=f"2024-{month:02}-{day:02}", quality=50, heat=50 + lift)
                for month, lift in ((1, 0), (2, 4), (3, -2))
                for day in range(1, 32 if month != 2 else 30)
            ],
            "Heat is above quality for 29 of 91 compared articles (32% [23, 42]); the mean lift of the 3 complete "
            "periods is from -2.0 to +4.0. 0 of 91 articles with a heat field are unranked (-1).",
        ),
    ],
    ids=["nothing", "no scores", "unranked only", "equal", "some lifted", "below quality", "three months"],
)
def test_finding(listed, said):
    assert heat_lift_over_time.finding(heat_lift_over_time(part_of(listed), grain="month")) == said
