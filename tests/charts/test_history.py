"""The chart of one article's heat, and outages as notes on charts over time."""

import pandas as pd

from analytics.analyses.history.commits_and_outages import long_outage_notes
from analytics.analyses.history.history_lists import HEAT_LIFE, heat_life
from analytics.catalog import VIEWS
from analytics.charts import history
from analytics.charts.dated_notes import add_notes
from analytics.charts.theme import Look
from tests.charts.specs import check_fields
from tests.corpora import article, corpus_of
from tests.histories import life, told


def test_the_life_of_an_article_is_drawn_with_its_resets_and_to_its_end():
    corpus = corpus_of([article()])
    path = corpus.articles["path"].iloc[0]
    steps = life(path, (5, 72, 72), (10, 72, 75), (30, 72, 72), (40, 72, -1), (50, 72, 73))
    table = heat_life(told(steps, corpus=corpus, until=105), path)
    spec = history.article_heat_since_first_seen(title="points")(table, Look()).to_dict()
    assert check_fields(spec) == 4
    quality, heat, points, resets = (
        spec["datasets"][layer["data"]["name"]] for layer in [*reversed(spec["layer"][:2]), *spec["layer"][2:]]
    )
    assert [row["hours"] for row in heat] == [0, 5, 25, 35, 45, 100]
    assert [row["value"] for row in heat] == [72, 75, 72, None, 73, 73]
    assert {row["value"] for row in quality} == {72}
    assert [row["hours"] for row in points] == [0, 5, 25, 45]
    assert [row["hours"] for row in resets] == [25]


def test_an_article_without_versions_has_an_empty_chart():
    assert history.article_heat_since_first_seen(title="points")(HEAT_LIFE.empty(), Look()).to_dict()["layer"]


def test_outages_lie_on_charts_over_time():
    data = told(commits=[*range(0, 100, 2), *range(190, 400, 2)])
    notes = long_outage_notes(data.history)
    for slug, options in (("pipeline_pulse", {"grain": "day"}), ("pipeline_gaps", {})):
        drawn = add_notes(VIEWS[slug].draw(VIEWS[slug].answer(data, options), Look()), notes)
        assert (len(notes), drawn.shown, drawn.outside) == (1, 1, 0)
    assert pd.Timestamp("2024-01-05") == notes["day"].iloc[0]
