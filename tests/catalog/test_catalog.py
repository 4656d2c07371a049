"""What every view of the catalog keeps, whatever the corpus."""

import inspect
import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import fields, replace
from typing import Any

import pandas as pd
import pytest

from analytics import catalog
from analytics.catalog import PAGES, VIEWS
from analytics.catalog.view import Option, Value, View
from analytics.charts.theme import Look, Panels
from analytics.corpus.loader import Corpus
from analytics.corpus.parsing.article import collection
from analytics.engine.history_and_reviews import SideData
from analytics.engine.slice import Slice
from analytics.errors import ChartError, SchemaError, ViewError
from analytics.review_table_contracts import ReviewTables
from analytics.selection.selection import Selection
from tests.catalog.cases import CASES, FULL, ONE_BEFORE_MANY, REVIEWED, TELLING, answered, full, loaded, side_data
from tests.charts.specs import check_fields, parts
from tests.corpora import article, part_of
from tests.house_style import FINDINGS, broken_rules

DRAWN = (("one bare article", "all"), ("no dates", "all"), ("300 topics", "all"))
"""The cases whose charts are made as well: beside the full ones, those most likely to lack what a chart wants."""

every_view = pytest.mark.parametrize("view", VIEWS.values(), ids=list(VIEWS))


def choices(option: Option) -> list[Value]:
    """The choices of an option that are tried: the one it starts with, the first and the last."""
    return list(dict.fromkeys((option.default, option.choices[0], option.choices[-1])))


def frames(known: Corpus | ReviewTables) -> dict[str, pd.DataFrame]:
    values = {field.name: getattr(known, field.name) for field in fields(known)}
    return {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}


def test_slugs_are_those_of_the_declarations() -> None:
    declared = [view.slug for page in catalog._PAGES for view in page.VIEWS]
    assert declared == list(VIEWS)
    assert len(set(declared)) == len(declared)


def test_each_page_has_a_view_and_each_view_a_page() -> None:
    assert {view.page for view in VIEWS.values()} == set(PAGES)
    assert len(set(PAGES)) == len(PAGES)


@every_view
def test_the_declaration_fits_the_analysis(view: View) -> None:
    assert (view.table.name, view.analysis.__name__) == (view.slug, view.slug)
    parameters = list(inspect.signature(view.analysis).parameters)[1:]
    assert [option.name for option in view.options if not option.drawn] == parameters
    for option in view.options:
        assert option.default in option.choices
        assert [option.read(str(choice)) for choice in option.choices] == list(option.choices)
        with pytest.raises(ViewError, match=f"{option.name}=huge: .* Use {option.choices[0]}"):
            view.read_options({option.name: "huge"})
    with pytest.raises(ViewError, match=f"{view.slug} has no option 'colour'"):
        view.read_options({"colour": "red"})


@every_view
def test_an_answer_keeps_its_contract_and_is_told_in_a_sentence(view: View, rounds: int) -> None:
    cases = CASES if rounds > 1 else TELLING
    assert [(case, fault) for case in cases for fault in faults(view, answered(view.slug, *case))] == []


def faults(view: View, table: pd.DataFrame) -> Iterator[str]:
    """What is wrong with an answer."""
    try:
        view.table.check(table)
    except SchemaError as error:
        yield str(error)
    if not table.index.equals(pd.RangeIndex(len(table))):
        yield f"its index is {table.index}"
    for name, path in (("collection", "path"), ("other_collection", "other_path")):
        if path in table and table[name].tolist() != list(map(collection, table[path])):
            yield f"{name} is not that of {path}"
    if table.duplicated(list(view.table.key)).any():
        yield f"several rows have one key: {table[table.duplicated(list(view.table.key), keep=False)]}"
    told = view.finding(table)
    if not told.endswith("."):
        yield f"the finding is {told!r}"
    yield from broken_rules(view.slug, told, FINDINGS)
    if one := ONE_BEFORE_MANY.search(told):
        yield f"{one.group()!r} in {told!r}"


every_chart = pytest.mark.parametrize(
    "view", [view for view in VIEWS.values() if not view.is_list], ids=lambda view: view.slug
)


@every_view
def test_a_list_names_the_columns_of_its_card_and_no_other_view_does(view: View) -> None:
    assert view.is_list == bool(view.columns)
    assert not view.is_list or view.lists_articles
    assert set(view.columns) <= set(view.table.names)
    with pytest.raises(ChartError, match="its table is its answer") if view.is_list else nullcontext():
        view.chart(view.table.empty())


@every_view
def test_the_collection_stands_right_before_the_path_and_on_no_card(view: View) -> None:
    names = [name for name in view.table.names if not name.startswith("other_")]
    assert not view.lists_articles or names[names.index("path") - 1] == "collection"
    assert "collection" not in view.columns


@every_chart
def test_every_mark_of_a_full_chart_is_drawn_from_columns_that_are_there(view: View) -> None:
    """Altair checks the whole specification here, and that of each choice below."""
    spec = chart_of(view, full(view.slug), valid=True)
    assert check_fields(spec) == len(list(parts(spec))) > 0


def test_where_nothing_can_be_shown_there_is_no_chart() -> None:
    """28 articles with nothing but a day and a title."""
    data = part_of([article(at=f"2024-01-{day:02}") for day in range(1, 29)])
    plain = [view for view in VIEWS.values() if not (view.requires or view.is_list)]
    tables = [(view, table) for view in plain if len(table := view.answer(data))]
    assert {view.slug for view, table in tables if not view.has_chart(table)} == {
        "concentration_over_time", "heat_lift_distribution", "heat_lift_over_time", "provider_turnover",
        "providers_by_topic", "providers_over_time", "providers_ranked", "quality_and_heat", "quality_by_provider",
        "quality_by_topic", "quality_distribution", "quality_over_time", "topic_changes", "topic_quality_over_time",
        "topics_over_time", "topics_ranked", "unranked_over_time",
    }  # fmt: skip


@pytest.mark.slow
@every_chart
def test_charts_of_tables_that_lack_much_are_drawn(view: View) -> None:
    assert re.fullmatch(r"[A-Z].+\.", view.finding(view.table.empty()))
    tables = [view.table.empty(), *(answered(view.slug, *case) for case in DRAWN)]
    for table in [tables[0], *(table for table in tables if len(table))]:
        check_fields(chart_of(view, table, valid=table.empty))


def chart_of(view: View, table: pd.DataFrame, *, valid: bool) -> dict[str, Any]:
    """The specification of a view's chart; drawing leaves the table as it was."""
    before = table.copy(deep=True)
    spec: dict[str, Any] = view.chart(table).to_dict(validate=valid)
    pd.testing.assert_frame_equal(table, before)
    assert spec["description"].endswith(".")
    return spec


@pytest.mark.slow
@pytest.mark.parametrize("view", [view for view in VIEWS.values() if view.requires], ids=lambda view: view.slug)
def test_a_view_of_what_nobody_looked_for_has_no_row_and_says_so(view: View) -> None:
    table = view.answer(Slice(loaded("mid-sized")))
    assert table.empty
    assert view.finding(table) == view.finding(view.table.empty())


def test_nothing_is_told_of_a_session_that_is_still_being_judged() -> None:
    sessions = REVIEWED.sessions
    judging = replace(REVIEWED, sessions=sessions.assign(state=pd.Categorical(["judging"] * len(sessions))))
    data = Slice(loaded("mid-sized"), side_data=SideData(reviewed=judging))
    told = [view.slug for view in VIEWS.values() if view.requires == "reviewed" and not view.answer(data).empty]
    assert told == []


@pytest.mark.slow
@every_view
def test_every_choice_gives_a_table_and_a_chart(view: View) -> None:
    for option in view.options:
        for choice in choices(option)[1:]:
            table = full(view.slug, ((option.name, choice),))
            assert list(faults(view, table)) == []
            if view.is_list:
                continue
            drawn = view.draw(table, Look(view.defaults() | {option.name: choice}))
            for chart in drawn.charts if isinstance(drawn, Panels) else (drawn,):
                check_fields(chart.to_dict())


COSTLY = ("concentration_over_time", "near_duplicates", "stories_listed", "story_articles", "time_to_cool")


@pytest.mark.parametrize(
    "view",
    [pytest.param(view, marks=pytest.mark.slow) if slug in COSTLY else view for slug, view in VIEWS.items()],
    ids=list(VIEWS),
)
def test_every_choice_but_a_drawn_one_can_change_the_table(view: View) -> None:
    """A drawn option does not reach the computation, so that one case tells."""
    for option in view.options:
        for choice in choices(option):
            changes = (
                not answered(view.slug, *case, ((option.name, choice),)).equals(
                    answered(view.slug, *case, ((option.name, other),))
                )
                for case in (FULL[:1] if option.drawn else FULL)
                for other in option.choices
                if other != choice
            )
            assert any(changes) != option.drawn, (option.name, choice)


@pytest.mark.slow
def test_computing_leaves_the_corpus_as_it_was_and_shares_no_frame() -> None:
    corpus = loaded("mid-sized")
    known = frames(corpus) | frames(REVIEWED)
    before = {name: frame.copy(deep=True) for name, frame in known.items()}
    assert before.keys() >= {"articles", "topics", "problems", "items", "judgements"}
    for selection in (Selection(), Selection(topics=("Topic 1", "Topic 2"), quality_min=20)):
        data = Slice(corpus, selection, side_data("mid-sized"))
        for view in VIEWS.values():
            first = view.answer(data)
            answer = first.copy(deep=True)
            first["n"] = 0
            pd.testing.assert_frame_equal(view.answer(data), answer, obj=view.slug)
            changed = [name for name, frame in known.items() if not frame.equals(before[name])]
            assert changed == [], view.slug


@pytest.mark.slow
def test_order_of_the_files_does_not_matter() -> None:
    """Other paths for the same articles: nothing but what the records hold may decide."""
    for view in VIEWS.values():
        if not view.lists_articles:
            pd.testing.assert_frame_equal(
                answered(view.slug, "turned", "all"), answered(view.slug, "mid-sized", "all"), obj=view.slug
            )
