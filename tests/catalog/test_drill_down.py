"""From every row of every view to exactly the articles that it counts."""

from collections.abc import Iterator
from functools import cache

import pandas as pd
import pytest

from analytics.catalog import VIEWS
from analytics.catalog.view import Value, View, ViewRow
from analytics.corpus.loader import Corpus
from analytics.engine.encoded import OTHER
from analytics.engine.slice import Slice
from analytics.selection.selection import Selection, parse
from tests.corpora import article, part_of

SELECTIONS = ("", "from=2025-01-01&to=2025-12-31&compare=previous", "topic=Storage&state=published&quality_min=40")
"""Everything, a range with a comparison, and filters that the rows have to be narrowed within."""

NO_SETS = {
    "field_sources": "which key a field came from no selection can say; each article names its own in its front matter",
    "provider_premium": "which articles tell a story with others no selection can say; `story_articles` lists them",
    "quality_shift": "its rows are quantiles of the whole selection",
    "review_agreement": "which articles a session judged no selection can say; `reviewed_items` lists them",
    "review_pairs": "which articles two people judged no selection can say",
    "suggested_quality_by": "which articles people judged no selection can say; `suggested_quality` lists them",
    "control_sample": "which articles a sample has no selection can say; `reviewed_items` lists them",
    "review_drift": "which articles a session judged no selection can say; `reviewed_items` lists them",
    "verdicts_by_reason": "which articles a verdict is of no selection can say; `reviewed_items` lists them",
    **dict.fromkeys(
        ("heat_curve", "heat_life_distribution", "time_to_cool", "life_classes", "first_commit_lag"),
        "its rows count lives of the history, articles that are gone among them: heat_lives lists them",
    ),
    **dict.fromkeys(("pipeline_pulse", "pipeline_gaps"), "its rows are commits of the history"),
}
"""Views whose rows stand for no set of articles, and why."""

UNSAID = {
    ("publish_rule", "exceptions"): "a range on both sides of the cut-off has two kinds of them",
}
"""Sets that no selection can say for some rows, and why."""

ROWS_TRIED = 20
"""The most rows of a table that are tried, evenly spread, where not all are."""

WITH_SETS = [view for view in VIEWS.values() if view.drill_downs]


@pytest.mark.parametrize("view", VIEWS.values(), ids=lambda view: view.slug)
def test_every_view_leads_to_its_articles_or_says_why_not(view: View) -> None:
    assert bool(view.drill_downs) + view.lists_articles + (view.slug in NO_SETS) == 1


@pytest.mark.parametrize("view", WITH_SETS, ids=lambda view: view.slug)
def test_the_sets_of_a_view_can_be_told_apart(view: View) -> None:
    names = [drill_down.name for drill_down in view.drill_downs]
    assert len(set(names)) == len(names)


@cache
def slice_of(corpus: Corpus, text: str) -> Slice:
    """A corpus seen through a selection; what views share of it is computed once."""
    return Slice(corpus, parse(text))


@pytest.mark.slow
@pytest.mark.parametrize("text", SELECTIONS)
@pytest.mark.parametrize("view", WITH_SETS, ids=lambda view: view.slug)
def test_behind_every_row_are_as_many_articles_as_it_says(view: View, text: str, sample: Corpus, rounds: int) -> None:
    """All choices are tried with the range and its comparison alone, and of a long table `ROWS_TRIED` rows; the long
    runs try all of everything."""
    data = slice_of(sample, text)
    whole = rounds > 1
    for options in option_values(view) if whole or text == SELECTIONS[1] else [view.defaults()]:
        table = view.answer(data, options)
        step = 1 if whole else len(table) // ROWS_TRIED + 1
        for _, values in table.iloc[::step].iterrows():
            assert_same(view, ViewRow(values, table, data, options))


def option_values(view: View) -> Iterator[dict[str, Value]]:
    """The options as they start, and with each other choice of each one that changes the table."""
    yield view.defaults()
    for option in view.options:
        if not option.drawn:
            yield from (view.defaults() | {option.name: each} for each in option.choices if each != option.default)


def assert_same(view: View, row: ViewRow) -> None:
    for drill_down in view.drill_downs:
        pairs, within = drill_down.pairs(row), drill_down.within(row)
        found = None if pairs is None or within is None else n_of(row.data.corpus, within, tuple(pairs))
        if found is not None:
            assert found == drill_down.n(row), (drill_down.name, pairs)
        else:
            assert drill_down.n(row) == 0 or (view.slug, drill_down.name) in UNSAID, (drill_down.name, dict(row.values))


@cache
def n_of(corpus: Corpus, within: Selection, pairs: tuple[tuple[str, str], ...]) -> int | None:
    """How many articles `Behind.selection` leaves; many rows lead to the same."""
    selection = within.narrowed(pairs)
    return None if selection is None else Slice(corpus, selection).n


@pytest.mark.parametrize("view", WITH_SETS, ids=lambda view: view.slug)
def test_most_rows_lead_somewhere(view: View, sample: Corpus) -> None:
    data = slice_of(sample, SELECTIONS[1])
    table = view.answer(data)
    some = table.iloc[:: len(table) // ROWS_TRIED + 1]
    rows = [ViewRow(values, table, data, view.defaults()) for _, values in some.iterrows()]
    led = pd.Series([view.drill_downs[0].selection(row) is not None for row in rows])
    assert led.mean() > 0.9


@pytest.mark.parametrize(
    ("slug", "expected", "n"),
    [
        ("providers_ranked", "provider_none=Alpha", 3),
        ("quality_by_provider", "provider_none=Alpha&has=provider&lacks=quality", 2),
    ],
)
def test_all_others_hold_those_without_a_provider_unless_these_have_a_row(slug: str, expected: str, n: int) -> None:
    data = part_of([*(article(provider=name) for name in ("Alpha", "Alpha", "Beta", "Gamma")), article()])
    view, options = VIEWS[slug], {"top": 1}
    table = view.answer(data, options)
    row = ViewRow(table[table["provider"] == OTHER].iloc[0], table, data, options)
    drill_down = {"providers_ranked": view.drill_downs[0], "quality_by_provider": view.drill_downs[1]}[slug]
    selection = drill_down.selection(row)
    assert selection is not None
    assert (selection.text, drill_down.n(row), Slice(data.corpus, selection).n) == (expected, n, n)
